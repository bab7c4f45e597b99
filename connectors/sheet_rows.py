"""The rows of a spreadsheet (XLSX, ODS, or an old XLS) as agreed; every other row is accounted for.

Above the header is the title. A row without anything is blank. A row whose first words are one of
`options.footer` is a total or a signature: it is left out and told in the manifest, with the rows below it
that have no key. If such a row has all that a row of data has, it breaks F-ROW and is held: nobody here
decides that it is none. A formula that no program has calculated has no value, nor has
one that failed (`#N/A`) in an agreed column: the row breaks F-CELL.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol

import pyarrow as pa

from connectors.found import Found
from connectors.ods_cells import OpenDocument, is_open_document
from connectors.reading import (
    CELL_RULE,
    FAILED,
    SLICE,
    Broken,
    Reading,
    agreed,
    broken,
    unusable,
    wanted_of,
    whole,
)
from connectors.sheet_footer import TOLD, Footer, Skipped
from connectors.sheet_head import Head, head_of, top_of
from connectors.xls_cells import OLE, OldWorkbook
from connectors.xlsx_cells import Hidden, Merged, SheetRow, Workbook
from connectors.xlsx_parts import Hostile
from jendela.model.ports import FeedSource

ROW_RULE = "F-ROW"


class Book(Protocol):
    """An opened workbook: visible sheets in order, the names of hidden ones, rows as they stream."""

    @property
    def sheets(self) -> dict[str, str]: ...
    @property
    def hidden(self) -> list[str]: ...
    def merged(self, name: str) -> list[Merged]: ...
    def rows(self, name: str, hidden: Hidden) -> Iterator[SheetRow]: ...


def read(source: FeedSource, file: Found) -> Reading:
    """The file's rows. Memory is bounded by the file, its texts and one part of its rows.

    Raises:
        UnusableFeedError: it is no workbook, protected, damaged or out of bounds; which sheet is meant is not
            said; an agreed column is not there.
    """
    hidden = Hidden()
    try:
        book = opened(file.content)
        sheet = _sheet(source, file.name, book)
        merged = book.merged(sheet)
        rows = book.rows(sheet, hidden)
        top: list[SheetRow] = []
        beyond: list[SheetRow] = []
        for row in rows:
            if row.number > top_of(source.options):
                beyond.append(row)
                break
            top.append(row)
    except Hostile as error:
        raise unusable(source, f"{file.name} {error.reason}.", error.remedy) from None
    head = head_of(source, file.name, top, merged)
    others = agreed(source, file.name, [name for name in head.names if name])
    stated: dict[str, Any] = {
        "dialect": {
            "format": "ods" if isinstance(book, OpenDocument) else "xlsx",
            "sheet": sheet,
            "header_rows": [head.first, head.last],
            "title_rows": sum(row.number < head.first for row in top),
        }
    }
    if book.hidden:
        stated["dialect"]["hidden_sheets"] = book.hidden
    # Of a cell that is merged over several rows only the first has its value: whether it is meant for all of
    # them, nobody here decides; that it is so, is told.
    if over := [one for one in merged if one[0] > head.last and one[1] > one[0]]:
        stated["merged"] = {"cells": len(over), "rows": sorted({top for top, *_ in over})[:TOLD]}
    below = [row for row in (*top, *beyond) if row.number > head.last]
    tables = _tables(source, file.name, head, below, rows, hidden, stated)
    return Reading(tables, others, stated)


def opened(content: bytes) -> Book:
    """By what the file itself is, whatever its name says."""
    if is_open_document(content):
        return OpenDocument(content)
    return OldWorkbook(content) if content.startswith(OLE) else Workbook(content)


def _sheet(source: FeedSource, name: str, book: Book) -> str:
    asked = source.options.get("sheet")
    names = list(book.sheets)
    if isinstance(asked, int) and 0 < asked <= len(names):
        return names[asked - 1]
    if asked is not None and str(asked) in names:
        return str(asked)
    if asked is not None:
        raise unusable(
            source,
            f"{name} has no visible sheet {asked}; it has {', '.join(names) or 'none'}.",
            "Ask the agency whether it was renamed; then correct options.sheet of the mapping.",
        )
    filled = [sheet for sheet in names if next(book.rows(sheet, Hidden()), None) is not None]
    if len(filled) != 1:
        raise unusable(
            source,
            f"{name} has {len(filled)} sheets with something in them, and the mapping does not say which"
            f" is meant: {', '.join(filled) or 'none'}.",
            "Write the sheet's name in options.sheet of the mapping.",
        )
    return filled[0]


def _tables(
    source: FeedSource,
    name: str,
    head: Head,
    first: list[SheetRow],
    rest: Iterator[SheetRow],
    hidden: Hidden,
    stated: dict[str, Any],
) -> Iterator[pa.Table]:
    wanted = wanted_of(source)
    places = [head.names.index(column) for column in wanted]
    skipped = Skipped()
    footer = Footer(source, head, dict(zip(wanted, places, strict=True)), skipped)
    rows = footer.left(first, rest)
    try:
        while part := list(islice(rows, SLICE)):
            yield _table(source, wanted, places, part)
    except Hostile as error:
        raise unusable(source, f"{name} {error.reason}.", error.remedy) from None
    stated["skipped"] = skipped.stated()
    if hidden.rows or hidden.columns:
        stated["hidden"] = {
            "rows": hidden.rows,
            "columns": [head.names[at] for at in sorted(hidden.columns) if at < len(head.names)],
        }
    # What is said of the file goes with its last table, and is complete only now.
    yield _table(source, wanted, places, [])


def _table(
    source: FeedSource, wanted: list[str], places: list[int], part: list[tuple[SheetRow, str | None]]
) -> pa.Table:
    sound: list[list[str | None]] = []
    numbers: list[int] = []
    bad: list[Broken] = []
    for row, rule in part:
        values = [row.cells[at] if at < len(row.cells) else None for at in places]
        rule = rule or (CELL_RULE if row.uncalculated or not FAILED.isdisjoint(values) else None)
        if rule is None:
            sound.append(values)
            numbers.append(row.number)
        else:
            key = [values[wanted.index(column)] for column in source.key]
            keys = [[str(one) for one in key]] if all(key) else []
            bad.append(Broken(row.number, rule, row.cells, keys, values))
    columns = [pa.array(column, pa.string()) for column in zip(*sound, strict=True)] if sound else None
    table = pa.table(columns or [pa.array([], pa.string())] * len(wanted), names=wanted)
    return pa.concat_tables([whole(table, pa.array(numbers, pa.int64())), broken(wanted, bad)])
