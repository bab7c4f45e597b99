"""What training changed, level by level, in words; and where a person should look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from jendela.identity.compare.reasons import CODES
from jendela.identity.judge.model import LEVELS
from jendela.identity.train.train import Trained

WIDTH = 70  # of a finding in words
MARK = "▲"


@dataclass(frozen=True)
class Level:
    """One grade: m before and now, of how many certain pairs, and Splink's own estimate if there is one."""

    comparison: str
    code: str
    old: float
    new: float
    pairs: int
    estimated: float | None
    doubtful: bool

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        return asdict(self)


def rows(trained: Trained) -> list[Level]:
    """Every grade of every comparison, in the model's order."""
    return [
        Level(
            name,
            f"{name}_{CODES[name][grade]}",
            trained.old[name][grade][0],
            trained.new[name][grade][0],
            trained.seen[name][grade],
            trained.estimated[name].get(grade),
            trained.doubtful(name, grade),
        )
        for name, (_, grades) in LEVELS.items()
        for grade in grades
    ]


def lines(table: list[Level], trained: Trained, text: Callable[[str], str]) -> list[str]:
    """The table for a terminal; `text` gives a key of the catalogue in one language."""
    heads = "".join(f"{text(f'train.{name}'):>10}" for name in ("old", "new", "pairs", "estimated"))
    told = [text("train.title"), ""]
    last = ""
    for row in table:
        if row.comparison != last:
            last = row.comparison
            told.append(f"{text(f'explain.field.{last}'):<{WIDTH + 2}}{heads}")
        told.append(_line(row, text))
    told.append("")
    if any(row.doubtful for row in table):
        told.append(f"{MARK} {text('train.doubtful')}")
    old = {rival.name: rival.rate for rival in trained.old_rivals}
    for rival in trained.rivals:
        if rival.rate != old[rival.name]:
            called, before, now = (
                text(f"explain.short.{rival.name}"),
                f"{old[rival.name]:.2g}",
                f"{rival.rate:.2g}",
            )
            told.append(text("train.rate").format(rival=called, old=before, new=now))
    return told


def _line(row: Level, text: Callable[[str], str]) -> str:
    words = text(f"reason.{row.code}")
    if len(words) > WIDTH:
        words = words[: WIDTH - 1].rstrip() + "…"
    estimated = "" if row.estimated is None else f"{row.estimated:.4f}"
    mark = f" {MARK}" if row.doubtful else ""
    return f"  {words:<{WIDTH}}{row.old:>10.4f}{row.new:>10.4f}{row.pairs:>10,}{estimated:>10}{mark}"
