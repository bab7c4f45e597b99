"""The sheets of an OpenDocument spreadsheet (.ods, LibreOffice): what is hidden and merged, rows that stream.

All sheets stand in one part, so each look reads it from its beginning. Rows and cells may be written once and
repeated: a few bytes could stand for a million rows, so what is repeated is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from connectors.xlsx_cells import MAX_CELL, MAX_COLUMNS, MAX_TOP, Hidden, Merged, SheetRow
from connectors.xlsx_parts import Hostile, Parts
from connectors.xlsx_values import iso_text, number_text
from connectors.xlsx_xml import feed, parser_of

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MAX_ROWS = 1_048_576
MAX_REPEATED = 100_000  # filled cells that are not written, only repeated
_MAGIC = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OURS = "urn:oasis:"
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_NUMBERS = ("float", "percentage", "currency")


def is_open_document(content: bytes) -> bool:
    """Whether a file says that it is one: its first part, unpacked, is its type."""
    return content[30:].startswith(_MAGIC)


class OpenDocument:
    """An ODS file, opened. Every method raises `Hostile` for what cannot be read."""

    def __init__(self, content: bytes) -> None:
        self._parts = Parts(content)
        if MANIFEST in self._parts and b"encryption-data" in self._parts.whole(MANIFEST):
            raise Hostile("is protected by a password", "Ask the agency to save it without a password.")
        self.sheets: dict[str, str] = {}
        self.hidden: list[str] = []
        unshown: set[str] = set()
        style = ""

        def start(name: str, found: dict[str, str]) -> None:
            nonlocal style
            if name == "style":
                style = found.get("name", "")
            elif name == "table-properties" and found.get("display") == "false":
                unshown.add(style)
            elif name == "table":
                title = found.get("name", "")
                if found.get("style-name", "") in unshown:
                    self.hidden.append(title)
                else:
                    self.sheets[title] = title

        for _ in self._parsed(start, lambda _: None, lambda _: None):
            pass

    def merged(self, name: str) -> list[Merged]:
        """The merged cells near the top of the sheet."""
        reader = _Reader(name, Hidden())
        for _ in self._read(reader):
            if reader.number > MAX_TOP:
                break
        return reader.merged

    def rows(self, name: str, hidden: Hidden) -> Iterator[SheetRow]:
        """The rows that have a cell with something in it; `hidden` is filled on the way."""
        return self._read(_Reader(name, hidden))

    def _read(self, reader: _Reader) -> Iterator[SheetRow]:
        for _ in self._parsed(reader.start, reader.end, reader.text):
            for row, times in reader.done:
                yield from (SheetRow(row.number + at, row.cells, row.uncalculated) for at in range(times))
            reader.done.clear()
            if reader.over:
                return

    def _parsed(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> Iterator[None]:
        """Nothing, after each piece of the part; attributes by their local names, of the standard alone."""

        def local(name: str, found: dict[str, str]) -> None:
            start(name, {key.rpartition("\n")[2]: one for key, one in found.items() if key.startswith(_OURS)})

        parser = parser_of(local, end, text)
        for piece in chain(self._parts.stream(CONTENT), (None,)):
            feed(parser, piece)
            yield


class _Reader:
    """The state between two elements of one sheet. `done` has rows and how often each stands there."""

    def __init__(self, sheet: str, hidden: Hidden) -> None:
        self._sheet, self._hidden = sheet, hidden
        self.done: list[tuple[SheetRow, int]] = []
        self.merged: list[Merged] = []
        self.number, self.over = 0, False
        self._inside: list[str] = []
        self._mine = False
        self._row, self._times, self._column, self._repeated, self._columns = SheetRow(0, []), 1, 0, 0, 0
        self._cell: dict[str, str] = {}
        self._lines: list[str] = []

    def start(self, name: str, found: dict[str, str]) -> None:
        """An element begins."""
        self._inside.append(name)
        if name == "table" and found.get("name") == self._sheet:
            self._mine = True
        if not self._mine:
            return
        if name == "table-row":
            self._times = _times(found, "number-rows-repeated")
            self._row, self._column = SheetRow(self.number + 1, []), 0
            if found.get("visibility", "visible") != "visible" and self._times < MAX_TOP:
                self._hidden.rows += self._times
        elif name == "table-column":
            last = min(self._columns + _times(found, "number-columns-repeated"), MAX_COLUMNS)
            if found.get("visibility", "visible") != "visible":
                self._hidden.columns.update(range(self._columns, last))
            self._columns = last
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._lines = found, []
        elif self._inside[-2:] in (["table-cell", "p"], ["covered-table-cell", "p"]):
            self._lines.append("")
        elif name in ("s", "tab", "line-break") and self._in_text():
            self.text(
                " " * min(_times(found, "c"), MAX_CELL) if name == "s" else "\t" if name == "tab" else "\n"
            )

    def text(self, piece: str) -> None:
        """Letters."""
        if self._mine and self._lines and self._in_text():
            self._lines[-1] += piece

    def end(self, name: str) -> None:
        """An element ends."""
        self._inside.pop()
        if not self._mine:
            return
        if name == "table":
            self._mine, self.over = False, True
        elif name in ("table-cell", "covered-table-cell"):
            self._put()
        elif name == "table-row":
            self._end_row()

    def _in_text(self) -> bool:
        """Whether this is a paragraph of the cell itself: a comment has paragraphs of its own."""
        cells = [at for at, name in enumerate(self._inside) if name in ("table-cell", "covered-table-cell")]
        return bool(cells) and self._inside[cells[-1] + 1 : cells[-1] + 2] == ["p"]

    def _end_row(self) -> None:
        if any(self._row.cells) or self._row.uncalculated:
            self._count((self._times - 1) * max(len(self._row.cells), 1))
            if self.number + self._times > MAX_ROWS:
                raise Hostile(f"has more than {MAX_ROWS:,} rows")
            self.done.append((self._row, self._times))
        self.number += self._times

    def _put(self) -> None:
        times, text = _times(self._cell, "number-columns-repeated"), self._value()
        spans = (_times(self._cell, f"number-{what}-spanned") for what in ("rows", "columns"))
        rows, columns = spans
        if (rows, columns) != (1, 1) and self.number < MAX_TOP:
            right = min(self._column + columns - 1, MAX_COLUMNS)
            self.merged.append((self.number + 1, self.number + rows, self._column, right))
        if text:
            if self._column + times > MAX_COLUMNS:
                raise Hostile(f"has more than {MAX_COLUMNS:,} columns in row {self._row.number:,}")
            if len(text) > MAX_CELL:
                raise Hostile(f"has a cell of more than {MAX_CELL:,} characters in row {self._row.number:,}")
            self._count(times - 1)
            cells = self._row.cells
            cells += [None] * (self._column - len(cells))
            cells += [text] * times
        elif "formula" in self._cell and "value-type" not in self._cell:
            self._row.uncalculated = True
        self._column += times

    def _count(self, repeated: int) -> None:
        self._repeated += repeated
        if self._repeated > MAX_REPEATED:
            raise Hostile("repeats its cells more often than any list does")

    def _value(self) -> str | None:
        kind, said = self._cell.get("value-type", ""), "\n".join(self._lines)
        if kind in _NUMBERS:
            return number_text(self._cell.get("value", said))
        if kind == "date":
            return iso_text(self._cell.get("date-value", said))
        if kind == "boolean":
            return {"true": "1", "false": "0"}.get(self._cell.get("boolean-value", ""), said)
        if kind == "time" and (clock := _CLOCK.fullmatch(self._cell.get("time-value", ""))):
            return ":".join(part.zfill(2) for part in clock.groups())
        # Where a formula failed, only what is shown says so: `#N/A`.
        return self._cell.get("string-value") or said or None


def _times(found: dict[str, str], name: str) -> int:
    text = found.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 10 else 1
