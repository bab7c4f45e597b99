"""Pictures of counts, as SVG: legible in grey, and told in words for those who cannot see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

WIDTH, HEIGHT = 420, 16
# Lightness falls from outcome to outcome, so that the order survives a grey printer.
OUTCOMES = {
    "accepted": "#1f6f54", "unchanged": "#c2ccc7", "duplicate": "#b3bcc4", "superseded": "#97a3ad",
    "echo": "#7d8fb3", "held": "#d9822b", "halted": "#a61b1b",
}  # fmt: skip
ANSWERS = {"acknowledged": "#1f6f54", "pending_after": "#c2ccc7", "expired": "#97a3ad", "refused": "#a61b1b"}
AGE_BANDS = ((0, 0), (1, 2), (3, 6), (7, 13), (14, 29), (30, None))
AGE_COLOURS = ("#e7ecea", "#c9dccf", "#e8d9a8", "#e5b567", "#d9822b", "#a61b1b")


def stacked(
    counts: Mapping[str, int], colours: Mapping[str, str], label: str, called: Callable[[str], str]
) -> Markup:
    """One bar of the whole width: each part as wide as its share, and never narrower than can be seen."""
    parts = [(name, counts.get(name, 0), colour) for name, colour in colours.items() if counts.get(name, 0)]
    total = sum(count for _, count, _ in parts)
    if not total:
        return Markup("")
    widths = [max(3.0, WIDTH * count / total) for _, count, _ in parts]
    scale = WIDTH / sum(widths)
    cells, left = [], 0.0
    for (_, _, colour), width in zip(parts, widths, strict=True):
        cell = Markup('<rect x="{:.0f}" width="{:.0f}" height="{}" fill="{}"/>')
        cells.append(cell.format(left, width * scale, HEIGHT, colour))
        left += width * scale
    told = ", ".join(f"{called(name)} {count}" for name, count, _ in parts)
    opening = Markup(
        '<svg class="bar" role="img" aria-label="{}: {}" viewBox="0 0 {} {}" preserveAspectRatio="none">'
    )
    return opening.format(label, told, WIDTH, HEIGHT) + Markup("").join(cells) + Markup("</svg>")


def age_bands(ages: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """The open ones by age in nights: label, count, colour."""
    bands = []
    for (low, high), colour in zip(AGE_BANDS, AGE_COLOURS, strict=True):
        label = f"{low}" if low == high else f"{low}–{high}" if high is not None else f"{low}+"
        inside = sum(
            count for age, count in ages.items() if low <= int(age) and (high is None or int(age) <= high)
        )
        bands.append((label, inside, colour))
    return bands
