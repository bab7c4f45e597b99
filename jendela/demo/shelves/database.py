"""Books that are the tables of a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from jendela.demo.house import House, Work
from jendela.demo.served import servers
from jendela.demo.tables import Row, metadata, typed


@dataclass(frozen=True)
class Database:
    """A database in one file, its tables made from the office's own dictionary; maybe behind an interface."""

    agency: str
    file: str
    server: Literal["", "rest"] = ""

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """Every table of the dictionary, with its rows."""
        (folder / self.agency).mkdir(parents=True, exist_ok=True)
        self._write(house, folder, work, create=True)

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """The day in one transaction."""
        self._write(house, folder, work, create=False)

    def url(self, folder: Path) -> str:
        """The database."""
        return servers(folder).rest() if self.server else self.place(folder)

    def place(self, folder: Path) -> str:
        """The database on this machine."""
        return f"sqlite:///{folder.resolve() / self.agency / self.file}"

    def _write(self, house: House, folder: Path, work: Work, *, create: bool) -> None:
        found = metadata(self.agency, tuple((book.table, book.key) for book in house.books))
        engine = sa.create_engine(self.place(folder))
        with engine.begin() as connection:
            if create:
                found.create_all(connection)
            for name, rows in work.added.items():
                table = found.tables[name]
                if rows:
                    connection.execute(table.insert(), [_typed(table, row) for row in rows])
            for name, where, values in work.updated:
                table = found.tables[name]
                connection.execute(table.update().where(_same(table, where)).values(_typed(table, values)))
            for name, where in work.removed:
                table = found.tables[name]
                connection.execute(table.delete().where(_same(table, where)))
        engine.dispose()


def _typed(table: sa.Table, row: Mapping[str, object]) -> Row:
    return {name: typed(table.c[name].type, value) for name, value in row.items()}


def _same(table: sa.Table, where: Mapping[str, object]) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in _typed(table, where).items()))
