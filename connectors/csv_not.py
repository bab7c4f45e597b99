"""What stands in place of a CSV file, or around its rows, that offices' programs write there."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading import FAILED

_BEGINS = (
    (b"PK\x03\x04", "a ZIP archive or an XLSX workbook"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or a Word document"),
    (b"{\\rtf", "a text of a word processor"),
)
_PAGE = re.compile(rb"\s*<(!doctype\s+html|html|head|body|table|\?xml)[\s>]", re.IGNORECASE)
# For Excel alone: by what the columns below are parted.
_TOLD = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=[^\r\n"]"?[;,\t|]*(?:\r\n|\n|\r)', re.IGNORECASE)


def kind_of(content: bytes) -> str | None:
    """What a file is that is no text of columns; None of one that may be."""
    found = next((what for begins, what in _BEGINS if content.startswith(begins)), None)
    if found is None and _PAGE.match(content[:200].removeprefix(b"\xef\xbb\xbf")):
        return "a web page or XML, perhaps of a portal whose session was over"
    return found


def without_hint(content: bytes) -> bytes:
    """The text without the line `sep=;` that tells Excel the delimiter."""
    found = _TOLD.match(content[:32])
    return content[found.end() :] if found else content


def headers_again(table: pa.Table, names: list[str]) -> pa.Array | None:
    """Which rows say the header again, as of files that were put together; None where none does."""
    if len(names) < 2:  # of one column alone it may be a value
        return None
    again = None
    for at, name in enumerate(names):
        said = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(table.column(at), "")))
        same = pc.equal(said, name.lower())
        again = same if again is None else pc.and_(again, same)
        if not pc.any(again).as_py():
            return None
    return again


def failed_cells(table: pa.Table, names: Sequence[str]) -> pa.Array | None:
    """Which rows have a formula that failed (`#N/A`) in one of these columns; None where none has."""
    failed = None
    for name in names:
        begins = pc.starts_with(column := table.column(name), "#")  # cheap, and nearly always all
        if pc.any(begins).as_py():
            found = pc.is_in(pc.utf8_trim_whitespace(column), pa.array(sorted(FAILED)))
            failed = found if failed is None else pc.or_(failed, found)
    return failed if failed is not None and pc.any(failed).as_py() else None


def blank_rows(table: pa.Table) -> pa.Array | None:
    """Which rows have nothing in any column (`;;;`, thousands of them below a list); None where none has."""
    blank = None
    for column in table.columns:
        nothing = pc.is_null(column)
        if column.null_count < len(column):  # of what is there, blanks alone are nothing too
            begins = pc.fill_null(pc.starts_with(column, " "), fill_value=False)
            if pc.any(begins).as_py():
                trimmed = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
                nothing = pc.equal(trimmed, "")
        blank = nothing if blank is None else pc.and_(blank, nothing)
        if not pc.any(blank).as_py():
            return None
    return blank


def swallowed_rows(table: pa.Table, delimiter: str) -> pa.Array | None:
    """Which rows have others in one of their texts; None where none has.

    A quotation mark that nobody closed goes on to the next one, rows further down: the text between has the
    lines of a file, each with the delimiters that it must have there. An address of three lines has not.
    """
    width, found = table.num_columns, None
    if width < 2:
        return None
    for at, column in enumerate(table.columns):
        lines = pc.fill_null(pc.match_substring(column, "\n"), fill_value=False)
        if not pc.any(lines).as_py():
            continue
        told = [
            bool(several) and _are_rows(text.as_py(), at, width, delimiter)
            for text, several in zip(column, lines.to_pylist(), strict=True)
        ]
        if any(told):
            found = pa.array(told) if found is None else pc.or_(found, pa.array(told))
    return found


def _are_rows(text: str, at: int, width: int, delimiter: str) -> bool:
    first, *middle, last = (line.count(delimiter) for line in text.split("\n"))
    return (first, last) == (width - 1 - at, at) and all(count == width - 1 for count in middle)
