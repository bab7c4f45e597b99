"""What every table is read into first: sheets of cells as they were written."""

from __future__ import annotations

from dataclasses import dataclass


class Number(str):
    """The text of a cell that the spreadsheet held as a number: of 15 digits, without a leading nought."""

    __slots__ = ()


Cells = list[str | None]


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet that have anything in them, each with its number in the file, from 1."""

    numbers: list[int]
    rows: list[Cells]


def letters_of(column: int) -> str:
    """The name of a column as spreadsheets have it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
