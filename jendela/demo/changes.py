"""What one day does to the agencies' books: rows added, changed and removed, files dropped; applied at the
end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from jendela.demo.house import House, Work
from jendela.demo.tables import CHANGED, Row, metadata

DATABASES = {"bpjs": "bpjs/smile.sqlite", "kemnaker": "kemnaker/pusat.sqlite"}
"""The databases of the two bodies at the centre, below the demo folder."""


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
    """Everything that happens on a day, the `workday`-th working day if it is one.

    `removed` are rows by agency, table and key columns as stored; `files` by agency and name.
    """

    day: date
    workday: int = 0
    added: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    updated: list[Update] = field(default_factory=list)
    removed: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def tally(self) -> dict[str, int]:
        """How many rows were touched, by agency and table."""
        counts: Counter[str] = Counter()
        for (agency, table), rows in self.added.items():
            counts[f"{agency}.{table}"] += len(rows)
        counts.update(f"{update.agency}.{update.table}" for update in self.updated)
        counts.update(f"{agency}.{table}" for agency, table, _ in self.removed)
        for agency, found in self.files.items():
            counts[f"{agency}.files"] += len(found)
        return dict(sorted(counts.items()))

    def work(self, agency: str) -> Work:
        """What of it happened at one office."""
        return Work(
            self.day,
            self.workday,
            {table: rows for (owner, table), rows in self.added.items() if owner == agency},
            [(one.table, one.where, one.values) for one in self.updated if one.agency == agency],
            [(table, where) for owner, table, where in self.removed if owner == agency],
            self.files.get(agency, {}),
        )

    def apply(self, folder: Path, houses: Sequence[House]) -> None:
        """Writes the day into the agencies' databases and folders, one transaction an agency."""
        for agency, file in DATABASES.items():
            self._apply_sql(agency, f"sqlite:///{(folder / file).resolve()}")
        for house in houses:
            house.shelf.apply(house, folder, self.work(house.agency))

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
