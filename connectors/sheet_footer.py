"""Which rows below a header are none of the table: blank ones, totals, signatures, headers said again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from connectors.sheet_head import Head, plain
from connectors.xlsx_cells import SheetRow
from jendela.model.ports import FeedSource

ROW_RULE = "F-ROW"
TOLD = 20  # row numbers that the manifest names for one reason


class Skipped:
    """The rows that were left out, by reason."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, reason: str, row: int, count: int = 1) -> None:
        """Note that the row (or `count` rows from it on) was left out."""
        self._counts[reason] = self._counts.get(reason, 0) + count
        rows = self._rows.setdefault(reason, [])
        if len(rows) < TOLD:
            rows.append(row)

    def add_all(self, reason: str, rows: list[int]) -> None:
        """Note that these rows were left out."""
        if rows:
            self._counts[reason] = self._counts.get(reason, 0) + len(rows)
            known = self._rows.setdefault(reason, [])
            known += rows[: TOLD - len(known)]

    def stated(self) -> list[dict[str, Any]]:
        """Each reason, how many rows, and the first of their numbers."""
        return [
            {"reason": reason, "count": count, "rows": self._rows[reason]}
            for reason, count in self._counts.items()
        ]


class Footer:
    """Tells the rows of the table from the others; what it leaves out is noted in `skipped`."""

    def __init__(self, source: FeedSource, head: Head, places: dict[str, int], skipped: Skipped) -> None:
        self._words = [str(word).casefold() for word in source.options.get("footer", ())]
        self._numbered = bool(source.options.get("column_numbers"))
        self._head, self._places, self._skipped = head, places, skipped
        self._said = {plain(head.names), *head.lines}
        self._keys = [places[name] for name in source.key]

    def left(
        self, first: Iterable[SheetRow], rest: Iterable[SheetRow]
    ) -> Iterator[tuple[SheetRow, str | None]]:
        """The rows of the table, each with the rule it breaks or None."""
        over = False
        last = self._head.last
        for row in chain(first, rest):
            if row.number > last + 1:
                self._skipped.add("blank", last + 1, row.number - last - 1)
            at_once, last = row.number == self._head.last + 1, row.number
            if not any(cell and cell.strip() for cell in row.cells) and not row.uncalculated:
                self._skipped.add("blank", row.number)
            elif self._is_header(row):
                self._skipped.add("header again", row.number)
            elif at_once and self._numbered and self._is_numbers(row):
                self._skipped.add("column numbers", row.number)
            elif (word := self._word(row)) is not None:
                over = True
                if self._is_data(row, word[1]):
                    yield row, ROW_RULE
                else:
                    self._skipped.add(word[0], row.number)
            elif over and not self._has_key(row) and not self._is_half(row):
                self._skipped.add("below the footer", row.number)
            else:
                yield row, None

    def _is_header(self, row: SheetRow) -> bool:
        return plain(row.cells) in self._said

    def _is_numbers(self, row: SheetRow) -> bool:
        texts = [cell.strip().strip("()") for cell in row.cells if cell]
        return all(text.isdecimal() for text in texts) and len(set(texts)) == len(texts)

    def _word(self, row: SheetRow) -> tuple[str, int] | None:
        """The agreed word that the row's first cell begins with, and the cell's place."""
        at, text = next(
            (at, cell.strip().casefold()) for at, cell in enumerate(row.cells) if cell and cell.strip()
        )
        for word in self._words:
            if text.startswith(word) and not text[len(word) : len(word) + 1].isalpha():
                return word.upper(), at
        return None

    def _is_data(self, row: SheetRow, word_at: int) -> bool:
        others = [at for at in self._keys if at != word_at]
        if others:
            return all(self._filled(row, at) for at in others)
        return self._is_half(row, word_at)

    def _has_key(self, row: SheetRow) -> bool:
        return any(self._filled(row, at) for at in self._keys)

    def _is_half(self, row: SheetRow, but: int = -1) -> bool:
        places = [at for at in self._places.values() if at != but]
        return bool(places) and 2 * sum(self._filled(row, at) for at in places) >= len(places)

    def _filled(self, row: SheetRow, at: int) -> bool:
        return at < len(row.cells) and bool((row.cells[at] or "").strip())
