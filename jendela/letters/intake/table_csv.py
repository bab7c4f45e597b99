"""A CSV file as cells: which encoding and which delimiter it has is found out, and said."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_A_TABLE, TOO_MUCH, Refused, place
from jendela.letters.intake.table_grid import Cells, Sheet
from jendela.letters.intake.table_shape import known_names

DELIMITERS = (";", ",", "\t", "|")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LOOKED_AT = 50  # lines from which the delimiter is told


@dataclass(frozen=True)
class CsvText:
    """The one sheet of the file, and the habits found: `encoding` and `delimiter` as people call them."""

    sheet: Sheet
    encoding: str
    delimiter: str


def read_csv(content: bytes) -> CsvText:
    """The cells of a CSV file.

    Raises:
        Refused: it is no text, a quotation mark is never closed, or it has more rows, columns or text in a
            cell than any letter.
    """
    text, encoding = _text(content)
    lines = text.splitlines()
    if len(lines) > limits.MAX_ROWS:
        raise Refused(TOO_MUCH, "table.rows", limit=limits.MAX_ROWS)
    delimiter = _delimiter(lines)
    numbers: list[int] = []
    rows: list[Cells] = []
    reader = csv.reader(_checked(lines, delimiter), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            # A quotation mark that is never closed swallows the rest of the file.
            if reader.line_num - start > limits.MAX_CELL // 80:
                raise Refused(NOT_A_TABLE, "table.quote", place=place(line=start))
            if any(cell and not cell.isspace() for cell in cells):
                numbers.append(start)
                rows.append(list(cells))
                if max(map(len, cells)) > limits.MAX_CELL:
                    raise Refused(TOO_MUCH, "table.cell", limit=limits.MAX_CELL, place=place(line=start))
            start = reader.line_num + 1
    except csv.Error:
        raise Refused(NOT_A_TABLE, "table.quote", place=place(line=start)) from None
    return CsvText(Sheet(numbers, rows), encoding, {"\t": "TAB"}.get(delimiter, delimiter))


def _text(content: bytes) -> tuple[str, str]:
    for mark, name in _WIDE.items():
        if content.startswith(mark):
            try:
                return content.decode(name), "UTF-16"
            except UnicodeDecodeError:
                raise Refused(NOT_A_TABLE, "table.encoding") from None
    if b"\0" in content:
        raise Refused(NOT_A_TABLE, "nul", place=place(line=content[: content.index(b"\0")].count(b"\n") + 1))
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("windows-1252"), "windows-1252"
    except UnicodeDecodeError:
        raise Refused(NOT_A_TABLE, "table.encoding") from None


def _delimiter(lines: list[str]) -> str:
    """That which divides most known names of columns; without any, the one that most lines have alike."""
    top = [line[: limits.MAX_LINE] for line in lines[: 4 * _LOOKED_AT] if line.strip()][:_LOOKED_AT]
    return max(DELIMITERS, key=lambda one: (_known(top, one), _alike([line.count(one) for line in top])))


def _known(lines: list[str], delimiter: str) -> int:
    return max((known_names(line.split(delimiter)) for line in lines), default=0)


def _alike(counts: list[int]) -> int:
    found = [count for count in counts if count]
    return max((count * found.count(count) for count in set(found)), default=0)


def _checked(lines: list[str], delimiter: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > limits.MAX_LINE or line.count(delimiter) > limits.MAX_COLUMNS:
            raise Refused(TOO_MUCH, "table.wide", limit=limits.MAX_COLUMNS, place=place(line=number))
        yield line + "\n"
