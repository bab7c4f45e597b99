"""Where the table of a sheet begins: the header below its title, of one line or several, merged or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.agreed_columns import require
from connectors.reading import unusable, wanted_of
from connectors.xlsx_cells import MAX_TOP, Merged, SheetRow
from jendela.model.ports import FeedSource

JOIN = " / "
LINES = (1, 2, 3)


@dataclass(frozen=True)
class Head:
    """The header: its first and last row (from 1), and the name of each column from the left, maybe empty.

    `lines` are its rows as they stand there: what a program says again on each page.
    """

    first: int
    last: int
    names: list[str]
    lines: tuple[tuple[str, ...], ...] = ()


def plain(cells: Sequence[str | None]) -> tuple[str, ...]:
    """The cells of a row without capitals, needless blanks and what is empty at its right."""
    texts = [" ".join((cell or "").split()).casefold() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def head_of(source: FeedSource, name: str, top: Sequence[SheetRow], merged: Sequence[Merged]) -> Head:
    """The header of the sheet whose first rows are `top`.

    It is the first place where all agreed columns stand, in as few lines as needed; `options.header_row` and
    `options.header_rows` say it where that is not so. A merged cell stands for all it covers, and lines are
    joined with ` / `.

    Raises:
        UnusableFeedError: an agreed column is nowhere, or is there twice.
    """
    wanted = set(wanted_of(source))
    start, lines = source.options.get("header_row"), source.options.get("header_rows")
    cells = {row.number: row.cells for row in top}
    starts = [int(start)] if start else [row.number for row in top]
    best: tuple[int, Head | None] = (0, None)
    for count in [int(lines)] if lines else LINES:
        for first in starts:
            head = Head(first, first + count - 1, names_of(cells, first, count, merged))
            there = len(wanted & set(head.names))
            if there == len(wanted):
                _once(source, name, head, wanted)
                lines = [plain(cells.get(number, [])) for number in range(head.first, head.last + 1)]
                return replace(head, lines=tuple(line for line in lines if line))
            if there > best[0]:
                best = (there, head)
    found = [column for column in (best[1].names if best[1] else []) if column]
    require(
        source,
        [column for column in wanted_of(source) if column not in found],
        [column for column in found if column not in wanted],
    )
    raise unusable(source, f"{name} has no header.", "Name its row in options.header_row of the mapping.")


def names_of(
    cells: dict[int, list[str | None]], first: int, count: int, merged: Sequence[Merged]
) -> list[str]:
    """The name of each column from the left, maybe empty, of a header of `count` lines from `first` on."""
    lines = []
    for number in range(first, first + count):
        line = dict(enumerate(cells.get(number, [])))
        for top, bottom, left, right in merged:
            if top <= number <= bottom and left < right:
                whole = cells.get(top, [])
                text = whole[left] if left < len(whole) else None
                # What is merged downwards only is said once, in its first line.
                line |= dict.fromkeys(range(left, right + 1), text if number == top else None)
        lines.append(line)
    width = max((max(line, default=-1) + 1 for line in lines), default=0)
    names = []
    for column in range(width):
        parts = [" ".join(part.split()) for line in lines if (part := line.get(column))]
        names.append(JOIN.join(part for at, part in enumerate(parts) if part and part not in parts[:at]))
    return names


def _once(source: FeedSource, name: str, head: Head, wanted: set[str]) -> None:
    if twice := sorted(column for column in wanted if head.names.count(column) > 1):
        raise unusable(
            source,
            f"{name} has the column {', '.join(twice)} twice.",
            "Ask the agency which of them is meant, and to export one.",
        )


def top_of(options: dict[str, object]) -> int:
    """The last row in which the header can begin."""
    return min(int(str(options.get("header_row") or MAX_TOP)) + len(LINES), MAX_TOP + len(LINES))
