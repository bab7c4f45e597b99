"""The tables of a night's report as one workbook, for whoever filters and sorts: a sheet each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from jendela.model.errors import WrongUseError

NUMBERS = frozenset(
    {"rows", "late_days", "repeated_files", "withheld", "received", "number", "age"}
)  # of the columns; a digest may be all digits and stays text
WIDEST = 60  # characters of a column
ROWS, TEXT = 1_048_576, 32_767  # what a sheet and a cell can hold
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # told in the file: the same tables are the same bytes


def workbook(tables: Mapping[str, str]) -> bytes:
    """A workbook of tables of text (RFC 4180, first line the names), by file name; nothing in it is run.

    Raises:
        WrongUseError: a table has more rows, or a text more characters, than a workbook can hold.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True})
        for name, text in tables.items():
            names, *rows = csv.reader(io.StringIO(text, newline=""))
            if len(rows) >= ROWS or any(len(value) > TEXT for row in rows for value in row):
                raise WrongUseError(f"{name} does not fit into a workbook: take the table itself.")
            sheet = book.add_worksheet(PurePath(name).stem)
            sheet.write_row(0, 0, names, bold)
            for line, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    _write(sheet, line, place, value, number=names[place] in NUMBERS)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(rows), len(names) - 1)
            for place, longest in enumerate(map(_longest, zip(names, *rows, strict=True))):
                sheet.set_column(place, place, min(longest, WIDEST) + 2)
    return out.getvalue()


def _write(sheet: Any, line: int, place: int, value: str, *, number: bool) -> None:
    if number and value:
        sheet.write_number(line, place, int(value))
    elif value:
        sheet.write_string(line, place, value)


def _longest(column: tuple[str, ...]) -> int:
    return max(map(len, column))
