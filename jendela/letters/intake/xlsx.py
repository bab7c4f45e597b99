"""The sheets of an XLSX file as cells. Numbers say that they were numbers; dates are ISO dates.

Read here and not by a spreadsheet library: a cell that claims to be the last of a million rows makes those
reserve the rows between, and they do not tell a number from its text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_A_TABLE, TOO_MUCH, Refused, place
from jendela.letters.intake.table_grid import Cells, Number, Sheet
from jendela.letters.intake.xlsx_zip import unpack

_PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/",
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Built-in formats of dates (ECMA-376 part 1, 18.8.30); others say it with d, m or y outside quotes.
_DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_EXACT = 15  # digits that a number of a spreadsheet has


def read_xlsx(content: bytes) -> list[Sheet]:
    """The visible sheets, in order.

    Raises:
        Refused: it is no workbook, or it holds more than any letter.
    """
    parts = unpack(content, _PARTS)
    if "xl/workbook.xml" not in parts:
        raise Refused(NOT_A_TABLE, "xlsx.broken")
    workbook = _parse(parts["xl/workbook.xml"])
    epoch = date(1904, 1, 1) if _is_1904(workbook) else date(1899, 12, 30)
    shared = _shared(parts["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in parts else []
    dates = _date_styles(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else frozenset()
    return [
        _sheet(parts[name], shared, dates, epoch) for name in _sheet_names(workbook, parts) if name in parts
    ]


_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def _check(part: bytes) -> None:
    if b"<!DOCTYPE" in part or b"\0" in part:
        raise Refused(NOT_A_TABLE, "xlsx.broken")
    if part.count(b"<") > limits.MAX_CELL_TAGS:
        raise Refused(TOO_MUCH, "xml.tags")


def _parse(part: bytes) -> Any:
    from lxml import etree

    _check(part)
    try:
        return etree.fromstring(part, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        raise Refused(NOT_A_TABLE, "xlsx.broken") from None


def _rows_of(part: bytes) -> Iterator[Any]:
    """The rows of a sheet, each gone when the next one comes."""
    from lxml import etree

    _check(part)
    try:
        for _, row in etree.iterparse(io.BytesIO(part), events=("end",), tag="{*}row", **_SAFE):
            yield row
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]
    except etree.XMLSyntaxError:
        raise Refused(NOT_A_TABLE, "xlsx.broken") from None


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_1904(workbook: Any) -> bool:
    found = [one for one in workbook if _local(one) == "workbookPr"]
    return bool(found) and found[0].get("date1904") in ("1", "true")


def _sheet_names(workbook: Any, parts: dict[str, bytes]) -> Iterator[str]:
    rels = _parse(parts["xl/_rels/workbook.xml.rels"]) if "xl/_rels/workbook.xml.rels" in parts else []
    targets = {one.get("Id"): one.get("Target") or "" for one in rels}
    for sheet in workbook.iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id"), None)
        target = targets.get(key, "")
        if sheet.get("state") in (None, "visible") and target:
            yield target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared(part: bytes) -> list[str]:
    return [
        "".join(one.text or "" for one in item.iter("{*}t")) for item in _parse(part) if _local(item) == "si"
    ]


def _date_styles(part: bytes) -> frozenset[str]:
    styles = _parse(part)
    formats = {one.get("numFmtId"): one.get("formatCode") or "" for one in styles.iter("{*}numFmt")}
    found = set()
    for cells in styles.iter("{*}cellXfs"):
        for place_, style in enumerate(cells):
            number = style.get("numFmtId") or "0"
            code = _QUOTED.sub("", formats.get(number, "")).lower()
            if (number.isdecimal() and int(number) in _DATES) or ("y" in code or "d" in code):
                found.add(str(place_))
    return frozenset(found)


def _sheet(part: bytes, shared: list[str], dates: frozenset[str], epoch: date) -> Sheet:
    numbers: list[int] = []
    rows: list[Cells] = []
    last = 0
    for row in _rows_of(part):
        at = row.get("r") or ""
        last = int(at) if at.isdecimal() and len(at) < 8 else last + 1
        cells = _cells(row, shared, dates, epoch, last)
        if any(cells):
            numbers.append(last)
            rows.append(cells)
            if len(rows) > limits.MAX_ROWS:
                raise Refused(TOO_MUCH, "table.rows", limit=limits.MAX_ROWS)
    return Sheet(numbers, rows)


def _cells(row: Any, shared: list[str], dates: frozenset[str], epoch: date, number: int) -> Cells:
    cells: Cells = []
    for cell in row:
        found = _CELL.fullmatch(cell.get("r") or "")
        column = _column(found[1]) if found else len(cells)
        if column >= limits.MAX_COLUMNS:
            raise Refused(TOO_MUCH, "table.wide", limit=limits.MAX_COLUMNS, place=place(line=number))
        text = _value(cell, shared, dates, epoch)
        if text is not None and len(text) > limits.MAX_CELL:
            raise Refused(TOO_MUCH, "table.cell", limit=limits.MAX_CELL, place=place(line=number))
        if text:
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text
    return cells


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Any, shared: list[str], dates: frozenset[str], epoch: date) -> str | None:
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(one.text or "" for one in cell.iter("{*}t"))
    text: str | None = next((one.text for one in cell if _local(one) == "v"), None)
    if text is None:
        return None
    if kind == "s":
        at = int(text) if text.isdecimal() and len(text) < 10 else len(shared)
        return shared[at] if at < len(shared) else None
    if kind == "b":
        return "true" if text == "1" else "false"
    if kind in ("str", "e", "d"):
        return text[:10] if kind == "d" else text
    return _day(text, epoch) if cell.get("s") in dates else _number(text)


def _day(text: str, epoch: date) -> str:
    try:
        return (epoch + timedelta(days=int(float(text)))).isoformat()
    except (ValueError, OverflowError):
        return text


def _number(text: str) -> str:
    """The number without exponent and without what binary fractions add to it."""
    try:
        if len(text) > _EXACT or "e" in text or "E" in text:
            number = Decimal(f"{float(text):.{_EXACT}g}")
            if not number.is_finite() or abs(number) >= Decimal(10) ** limits.MAX_DIGITS:
                return text
            text = f"{number:f}"
    except (ValueError, InvalidOperation, OverflowError):
        return text
    return Number(text.rstrip("0").rstrip(".") if "." in text else text)
