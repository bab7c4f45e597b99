"""Letters as text, before they are typed: what every form of a letter is first read into.

One row a worker: `file`, `index`, `line` (the row or line in its file, null where it has none), and the
columns of `LETTERS` as text. Dates are ISO, amounts plain decimals, yes and no are `true` and `false`; a list
is its items with `MANY` between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jendela.letters.frame import LETTERS, PLACE

MANY = "\x1f"
TEXT_COLUMNS = tuple(name for name in LETTERS if name not in PLACE)
LISTS = tuple(name for name, kind in LETTERS.items() if isinstance(kind, pl.List))
AT = {name: place for place, name in enumerate(TEXT_COLUMNS)}
RAW: dict[str, pl.DataType] = {
    "file": pl.String(),
    "index": pl.Int64(),
    "line": pl.Int64(),
    **dict.fromkeys(TEXT_COLUMNS, pl.String()),
}
Row = list[str | None]


class RawRows:
    """Rows on their way into a frame; a row is its values in the order of `TEXT_COLUMNS`."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.indices: list[int] = []
        self.lines: list[int | None] = []
        self.rows: list[Row] = []

    def add(self, file: str, index: int, row: Row, line: int | None = None) -> None:
        """One worker."""
        self.files.append(file)
        self.indices.append(index)
        self.lines.append(line)
        self.rows.append(row)

    def frame(self) -> pl.DataFrame:
        """All rows, as `RAW`."""
        # Column by column: a frame made of rows takes several times as long.
        columns: Sequence[Sequence[str | None]] = (
            list(zip(*self.rows, strict=True)) if self.rows else [()] * len(TEXT_COLUMNS)
        )
        place = [
            pl.Series("file", self.files, pl.String()),
            pl.Series("index", self.indices, pl.Int64()),
            pl.Series("line", self.lines, pl.Int64()),
        ]
        text = [
            pl.Series(name, values, pl.String(), strict=False)
            for name, values in zip(TEXT_COLUMNS, columns, strict=True)
        ]
        return pl.DataFrame([*place, *text])


def empty_row() -> Row:
    """A row that says nothing."""
    return [None] * len(TEXT_COLUMNS)


def primary(codes: Sequence[str], marked: Sequence[str]) -> str | None:
    """The primary of several reasons: the only one, or the only one that is marked; null if that is open."""
    if len(codes) == 1:
        return codes[0]
    return marked[0] if len(marked) == 1 else None
