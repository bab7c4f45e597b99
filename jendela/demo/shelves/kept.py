"""Books that an office's program keeps in its own way, and gives out in the form it has: XLSX, Parquet …"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jendela.demo.house import House, Work
from jendela.demo.served import servers
from jendela.demo.shelves.files import changed, put
from jendela.demo.tables import Row

Render = Callable[[str, Sequence[Row]], bytes]
"""A table's rows in the form in which the office gives them out."""


@dataclass(frozen=True)
class Kept:
    """The program's own books are lines of JSON in `buku/`; in `keluar/` lies what it gave out last."""

    agency: str
    render: Render
    server: Literal["", "sftp"] = ""

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """Every book, also one without a row."""
        for book in house.books:
            self._save(folder, book.table, list(work.added.get(book.table, [])))

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """The books with news, given out anew."""
        for book in house.books:
            if work.touches(book.table):
                self._save(folder, book.table, changed(self.books(folder, book.table), book.table, work))

    def url(self, folder: Path) -> str:
        """The out-folder."""
        if self.server:
            return servers(folder).sftp("keluar")
        return (folder.resolve() / self.agency / "keluar").as_uri()

    def books(self, folder: Path, table: str) -> list[Row]:
        """A book as the office's program has it."""
        return read_lines(folder / self.agency / "buku" / f"{table}.jsonl")

    def _save(self, folder: Path, table: str, rows: list[Row]) -> None:
        put(folder / self.agency / "buku" / f"{table}.jsonl", lines_of(rows))
        put(folder / self.agency / "keluar" / table, self.render(table, rows))


@dataclass(frozen=True)
class Daily:
    """A file for each day with news, never changed; every file stays, so all of them are the book.

    Now and then a clerk sends the day's file again, under another name.
    """

    agency: str
    render: Render
    again_every: int = 3

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """All that came before the first night, in one file for each book."""
        for book in house.books:
            rows = list(work.added.get(book.table, []))
            self._save(folder, book.table, rows, rows, work)

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """A file for each book with news: the new rows, and the changed ones once more."""
        for book in house.books:
            if work.touches(book.table):
                before = {book.key_of(row): dict(row) for row in self.books(folder, book.table)}
                rows = changed(self.books(folder, book.table), book.table, work)
                news = [row for row in rows if before.get(book.key_of(row)) != row]
                self._save(folder, book.table, rows, news, work)

    def url(self, folder: Path) -> str:
        """The out-folder."""
        return (folder.resolve() / self.agency / "keluar").as_uri()

    def books(self, folder: Path, table: str) -> list[Row]:
        """A book as the office's program has it."""
        return read_lines(folder / self.agency / "buku" / f"{table}.jsonl")

    def _save(self, folder: Path, table: str, rows: list[Row], news: list[Row], work: Work) -> None:
        put(folder / self.agency / "buku" / f"{table}.jsonl", lines_of(rows))
        stem, _, ending = table.rpartition(".")
        content = self.render(table, news)
        names = [f"{stem}_{work.day:%Y%m%d}.{ending}"]
        if work.workday % self.again_every == 1:
            names.append(f"{stem}_{work.day:%Y%m%d}_kirim_ulang.{ending}")
        for name in names:
            put(folder / self.agency / "keluar" / name, content)


def lines_of(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows as lines of JSON."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def read_lines(file: Path) -> list[Row]:
    """The rows of `lines_of`."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
