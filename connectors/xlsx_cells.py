"""The sheets of an XLSX file: its names, what is hidden and merged, and its rows as they stream.

Read here and not by a spreadsheet library: a cell that claims to be the last of a million rows makes those
reserve the rows between, and they tell neither a number from its text nor a hidden row from a shown one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from connectors.xlsx_parts import MAX_SHARED, Hostile, Parts
from connectors.xlsx_values import PLAIN, date_text, iso_text, kind_of, number_text, unescaped
from connectors.xlsx_xml import attribute, feed, parse, parser_of

MAX_COLUMNS = 1_000
MAX_CELL = 32_767  # characters, what a spreadsheet itself allows
MAX_TOP = 200  # rows in which a header can be
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9]{2,10}):([A-Z0-9]{2,10})[\"']")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


Merged = tuple[int, int, int, int]  # first and last row from 1, first and last column from 0


@dataclass
class SheetRow:
    """A row with something in it: its number from 1, its cells from the left.

    `uncalculated`: a formula in it has no stored value, since no program has calculated it yet.
    """

    number: int
    cells: list[str | None]
    uncalculated: bool = False


@dataclass
class Hidden:
    """What a sheet hides: how many rows, and which columns (from 0). Known once its rows were read."""

    rows: int = 0
    columns: set[int] = field(default_factory=set)


class Workbook:
    """An XLSX file, opened. Every method raises `Hostile` for what cannot be read."""

    def __init__(self, content: bytes) -> None:
        self._parts = Parts(content)
        self.sheets: dict[str, str] = {}  # visible ones: name and part, in order
        self.hidden: list[str] = []
        self.epoch_1904 = False
        self._list()
        self._kinds = self._formats() if "xl/styles.xml" in self._parts else []
        self._shared = self._texts() if "xl/sharedStrings.xml" in self._parts else []

    def rows(self, name: str, hidden: Hidden) -> Iterator[SheetRow]:
        """The rows that have a cell with something in it; `hidden` is filled on the way."""
        reader = _Reader(self._shared, self._kinds, self.epoch_1904, hidden)
        return reader.rows_of(self._parts.stream(self.sheets[name]))

    def merged(self, name: str) -> list[Merged]:
        """The merged cells near the top of the sheet. They stand behind its rows: all of it is unpacked."""
        found: list[Merged] = []
        rest = b""
        for piece in self._parts.stream(self.sheets[name]):
            text = rest + piece
            for ref in _MERGED.finditer(text):
                first, last = _CELL.fullmatch(ref[1].decode()), _CELL.fullmatch(ref[2].decode())
                if first and last and int(first[2]) <= MAX_TOP:
                    right = min(_column(last[1]), MAX_COLUMNS)
                    found.append((int(first[2]), int(last[2]), _column(first[1]), right))
            rest = text[text.rfind(b"<") :][:200]  # an element that the next piece completes
        return found

    def _list(self) -> None:
        targets: dict[str, str] = {}

        def relation(name: str, found: dict[str, str]) -> None:
            if name == "Relationship":
                targets[found.get("Id", "")] = found.get("Target", "")

        def sheet(name: str, found: dict[str, str]) -> None:
            if name == "workbookPr":
                self.epoch_1904 = found.get("date1904") in ("1", "true")
            if name == "sheet":
                title, target = found.get("name", ""), targets.get(attribute(found, "id") or "", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                if found.get("state", "visible") != "visible":
                    self.hidden.append(title)
                elif path in self._parts:
                    self.sheets[title] = path

        if "xl/_rels/workbook.xml.rels" in self._parts:
            _elements(self._parts.whole("xl/_rels/workbook.xml.rels"), relation)
        _elements(self._parts.whole("xl/workbook.xml"), sheet)

    def _formats(self) -> list[str]:
        codes: dict[int, str] = {}
        kinds: list[str] = []
        inside: list[str] = []

        def start(name: str, found: dict[str, str]) -> None:
            inside.append(name)
            if name == "numFmt":
                codes[_whole(found.get("numFmtId"))] = found.get("formatCode", "")
            elif name == "xf" and "cellXfs" in inside:
                number = _whole(found.get("numFmtId"))
                kinds.append(kind_of(number, codes.get(number, "")))

        parse([self._parts.whole("xl/styles.xml")], start, lambda _: inside.__delitem__(-1), _ignore)
        return kinds

    def _texts(self) -> list[str]:
        texts: list[str] = []
        parts: list[str] = []
        state = {"text": False, "phonetic": False}

        def start(name: str, _: dict[str, str]) -> None:
            if name == "si":
                parts.clear()
            state["phonetic"] = state["phonetic"] or name == "rPh"
            state["text"] = name == "t" and not state["phonetic"]

        def end(name: str) -> None:
            state["text"] = False
            if name == "rPh":
                state["phonetic"] = False
            if name == "si":
                texts.append(unescaped("".join(parts)))

        def text(piece: str) -> None:
            if state["text"]:
                parts.append(piece)

        parse(self._parts.stream("xl/sharedStrings.xml", MAX_SHARED), start, end, text)
        return texts


def _elements(part: bytes, start: Any) -> None:
    parse([part], start, lambda _: None, _ignore)


def _ignore(_: str) -> None:
    return


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


class _Reader:
    """The state between two elements of a sheet."""

    def __init__(self, shared: list[str], kinds: list[str], epoch_1904: bool, hidden: Hidden) -> None:
        self._shared, self._kinds, self._epoch = shared, kinds, epoch_1904
        self._hidden = hidden
        self._done: list[SheetRow] = []
        self._row = SheetRow(0, [])
        self._cell: dict[str, str] = {}
        self._parts: list[str] = []
        self._inside = ""
        self._formula = False

    def rows_of(self, pieces: Iterable[bytes]) -> Iterator[SheetRow]:
        """The rows, each piece's before the next one is unpacked."""
        parser = parser_of(self._start, self._end, self._text)
        for piece in chain(pieces, (None,)):
            feed(parser, piece)
            yield from self._done
            self._done.clear()

    def _start(self, name: str, found: dict[str, str]) -> None:
        if name == "c":
            self._cell, self._parts, self._formula = found, [], False
        elif name in ("v", "t"):
            self._inside = name
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = _whole(found.get("r")) or self._row.number + 1
            self._row = SheetRow(number, [])
            self._hidden.rows += found.get("hidden") in ("1", "true")
        elif name == "col" and found.get("hidden") in ("1", "true"):
            last = min(_whole(found.get("max")), MAX_COLUMNS)
            self._hidden.columns.update(range(max(_whole(found.get("min")) - 1, 0), last))

    def _text(self, piece: str) -> None:
        if self._inside:
            self._parts.append(piece)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = ""
        elif name == "c":
            self._put()
        elif name == "row" and (any(self._row.cells) or self._row.uncalculated):
            self._done.append(self._row)

    def _put(self) -> None:
        found = _CELL.fullmatch(self._cell.get("r", ""))
        cells = self._row.cells
        column = _column(found[1]) if found else len(cells)
        raw = "".join(self._parts)
        if not raw:
            self._row.uncalculated |= self._formula and self._cell.get("t") != "str"
            return
        if column >= MAX_COLUMNS:
            raise Hostile(f"has more than {MAX_COLUMNS:,} columns in row {self._row.number:,}")
        text = self._value(raw)
        if text and len(text) > MAX_CELL:
            raise Hostile(f"has a cell of more than {MAX_CELL:,} characters in row {self._row.number:,}")
        if text:
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text

    def _value(self, raw: str) -> str | None:
        kind = self._cell.get("t", "n")
        if kind == "s":
            at = int(raw) if raw.isdecimal() and len(raw) < 10 else len(self._shared)
            if at >= len(self._shared):
                raise Hostile(f"is damaged: row {self._row.number:,} has a text that is not in the file")
            return self._shared[at]
        if kind in ("inlineStr", "str"):
            return unescaped(raw)
        if kind in ("b", "e"):
            return raw
        if kind == "d":
            return iso_text(raw)
        style = _whole(self._cell.get("s"))
        shown = self._kinds[style] if style < len(self._kinds) else PLAIN
        return number_text(raw) if shown == PLAIN else date_text(raw, shown, self._epoch)


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
