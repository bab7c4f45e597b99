"""What one day does to the agencies' books: rows added, changed and removed, files dropped; applied at the
end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from jendela.demo import balikpapan, karawang
from jendela.demo.connections import connections
from jendela.demo.tables import CHANGED, KEYS, Row, metadata

DATABASES = {"bpjs": "BPJS", "kemnaker": "KEMNAKER"}


@dataclass(frozen=True, slots=True)
class Update:
    """New values for one row, found by its key columns as stored. `late` commits with a change stamp of
    before."""

    agency: str
    table: str
    where: Mapping[str, object]
    values: Mapping[str, object]
    late: bool = False


@dataclass
class Changes:
    """Everything that happens on a day. `removed` are rows by agency, table and key columns as stored."""

    added: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    updated: list[Update] = field(default_factory=list)
    removed: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def tally(self) -> dict[str, int]:
        """How many rows were touched, by agency and table."""
        counts: Counter[str] = Counter()
        for (agency, table), rows in self.added.items():
            counts[f"{agency}.{table}"] += len(rows)
        counts.update(f"{update.agency}.{update.table}" for update in self.updated)
        counts.update(f"{agency}.{table}" for agency, table, _ in self.removed)
        if self.files:
            counts[f"{balikpapan.AGENCY}.files"] += len(self.files)
        return dict(sorted(counts.items()))

    def apply(self, folder: Path) -> None:
        """Writes the day into the agencies' databases and folders, one transaction an agency."""
        urls = connections(folder)
        for agency, connection in DATABASES.items():
            self._apply_sql(agency, urls[connection])
        self._apply_csv(folder / karawang.AGENCY / "keluar")
        for name, content in self.files.items():
            balikpapan.drop(folder / balikpapan.AGENCY / "keluar", name, content)

    def _apply_sql(self, agency: str, url: str) -> None:
        tables = metadata(agency).tables
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            before = _a_little_ago(connection, tables) if any(one.late for one in self.updated) else None
            for (owner, name), rows in self.added.items():
                if owner == agency and rows:
                    connection.execute(tables[name].insert(), rows)
            for update in self.updated:
                if update.agency == agency:
                    values = dict(update.values)
                    if update.late and agency == "bpjs":
                        values[CHANGED[update.table]] = before
                    connection.execute(
                        tables[update.table]
                        .update()
                        .where(_same(tables[update.table], update.where))
                        .values(values)
                    )
            for owner, name, where in self.removed:
                if owner == agency:
                    connection.execute(tables[name].delete().where(_same(tables[name], where)))
        engine.dispose()

    def _apply_csv(self, folder: Path) -> None:
        agency = karawang.AGENCY
        for table in karawang.ENCODINGS:
            mine = [update for update in self.updated if (update.agency, update.table) == (agency, table)]
            gone = [where for owner, name, where in self.removed if (owner, name) == (agency, table)]
            new = self.added.get((agency, table), [])
            if not (mine or gone or new):
                continue
            rows = karawang.read(folder, table)
            for update in mine:
                for row in rows:
                    if _matches(row, update.where):
                        row.update(update.values)
            kept = [row for row in rows if not any(_matches(row, where) for where in gone)]
            half = folder / f".{table}.part"
            half.write_bytes(karawang.encoded(table, [*kept, *new]))
            half.replace(folder / table)


def _matches(row: Row, where: Mapping[str, object]) -> bool:
    return all(row.get(column) == value for column, value in where.items())


def _same(table: sa.Table, where: Mapping[str, object]) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[column] == value for column, value in where.items()))


def _a_little_ago(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> datetime | None:
    """Four minutes before the newest change of the spells: what a transaction that took long would carry."""
    found = [
        connection.execute(sa.select(sa.func.max(tables[name].c.TGL_UBAH))).scalar_one()
        for name in ("TK_BIODATA", "TK_KEPESERTAAN")
        if name in tables
    ]
    newest: datetime | None = max(found, default=None)
    return newest - timedelta(minutes=4) if newest else None


def where_of(table: str, row: Row) -> dict[str, object]:
    """The key columns of a row, as stored."""
    return {column: row[column] for column in KEYS[table]}
