"""A frame of text as a file in the agency's own format."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

EXTENSIONS = {"csv": ".csv", "xlsx": ".xlsx", "fixed": ".txt", "parquet": ".parquet"}
MOST_ROWS = 1_048_575  # of a sheet, below its header
MOST_LETTERS = 32_767  # of a cell


class Unwritable(Exception):  # noqa: N818  a finding about a delivery, turned into an error by the inbox
    """The frame does not fit the agreed format. Args: reason, what to do; neither has a value."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(reason)


def write(frame: pl.DataFrame, options: Mapping[str, Any]) -> bytes:
    """The file's bytes; an empty value is an empty field, a blank cell, a null.

    Raises:
        Unwritable: a value is longer than its place, or there are more rows than a sheet takes.
    """
    return WRITERS[str(options.get("format", "csv"))](frame, options)


def csv(frame: pl.DataFrame, options: Mapping[str, Any]) -> bytes:
    """CSV in the agreed delimiter, encoding and line end; which has all letters (`letters_lacking`)."""
    text = io.StringIO()
    end = "\r\n" if options.get("line_end") == "CRLF" else "\n"
    text.write(
        frame.write_csv(
            separator=str(options.get("delimiter") or ","),
            quote_char=str(options.get("quote") or '"'),
            line_terminator=end,
        )
    )
    return text.getvalue().encode(str(options.get("encoding") or "utf-8"))


def _xlsx(frame: pl.DataFrame, options: Mapping[str, Any]) -> bytes:
    import xlsxwriter

    if frame.height > MOST_ROWS:
        raise Unwritable(f"A sheet takes {MOST_ROWS:,} rows.", "Agree on another format for this delivery.")
    content = io.BytesIO()
    # Everything is text: a NIK as a number loses its last digit, and a text that begins with = is no formula.
    book = xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": False})
    book.set_properties({"created": _NO_TIME})
    sheet = book.add_worksheet(str(options.get("sheet") or "Data"))
    text = book.add_format({"num_format": "@"})
    for at, name in enumerate(frame.columns):
        sheet.write_string(0, at, name)
        for row, value in enumerate(frame[name], 1):
            if value is None:
                continue
            if len(value) > MOST_LETTERS:
                raise Unwritable(
                    f"A cell takes {MOST_LETTERS:,} letters; {name} has more.", "Give it a `max`."
                )
            sheet.write_string(row, at, value, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _fixed(frame: pl.DataFrame, options: Mapping[str, Any]) -> bytes:
    encoding = str(options.get("encoding") or "utf-8")
    in_bytes = options.get("count") == "bytes"
    places = {name: (int(at) - 1, int(size)) for name, (at, size) in options["widths"].items()}
    length = int(options.get("length") or max(at + size for at, size in places.values()))
    lines = []
    columns = {name: frame[name].to_list() for name in frame.columns}
    for row in range(frame.height):
        line: list[Any] = [b" " if in_bytes else " "] * length
        for name, values in columns.items():
            at, size = places[name]
            text = " ".join((values[row] or "").splitlines())
            cell: Any = text.encode(encoding) if in_bytes else text
            if len(cell) > size:
                raise Unwritable(
                    f"A value of {name} is longer than its {size} places.",
                    "Widen the column, or give the field a `max`: a value is never cut.",
                )
            line[at : at + len(cell)] = [cell[one : one + 1] for one in range(len(cell))]
        whole = (b"" if in_bytes else "").join(line)
        lines.append(whole if isinstance(whole, bytes) else whole.encode(encoding))
    end = ("\r\n" if options.get("line_end") == "CRLF" else "\n").encode(encoding)
    lines = [*_record(options.get("header"), frame.height, encoding), *lines]
    lines += _record(options.get("trailer"), frame.height, encoding)
    return b"".join(line + end for line in lines)


def _record(record: Mapping[str, Any] | None, rows: int, encoding: str) -> list[bytes]:
    if record is None:
        return []
    text = str(record["starts"])
    if record.get("count") is not None:
        at, size = (int(one) for one in record["count"])
        text = text.ljust(at - 1)[: at - 1] + str(rows).rjust(size, "0")
    return [text.encode(encoding)]


def _parquet(frame: pl.DataFrame, options: Mapping[str, Any]) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def _no_time() -> Any:
    from datetime import datetime

    return datetime(2000, 1, 1)  # noqa: DTZ001  the same rows are the same bytes, whenever they are written


_NO_TIME = _no_time()
WRITERS: dict[str, Callable[[pl.DataFrame, Mapping[str, Any]], bytes]] = {
    "csv": csv,
    "xlsx": _xlsx,
    "fixed": _fixed,
    "parquet": _parquet,
}
