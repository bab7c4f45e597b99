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
        same = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(table.column(at), "")), name)
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
