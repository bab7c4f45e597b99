"""Agencies and a hub on real database servers, kept in step with a demo folder that keeps them in SQLite."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import DATETIME

from jendela.demo.tables import metadata
from tests.night.conftest import Demo


def _copy(tables: sa.MetaData, source: sa.Engine, target: sa.Engine) -> None:
    """Make the target's rows those of the source, table by table, in one transaction."""
    with source.connect() as here, target.begin() as there:
        for table in tables.sorted_tables:
            there.execute(table.delete())
            if rows := [dict(row) for row in here.execute(sa.select(table)).mappings()]:
                there.execute(table.insert(), rows)


@dataclass
class Mirror:
    """One agency of a demo on a server: its books follow the folder's, its inbox is the one that counts."""

    agency: str
    books: sa.Engine
    inbox: sa.Engine
    here_books: sa.Engine
    here_inbox: sa.Engine
    tables: sa.MetaData = field(init=False)
    inboxes: sa.MetaData = field(init=False)

    def __post_init__(self) -> None:
        self.tables = sa.MetaData()
        for table in metadata(self.agency).tables.values():
            copied = table.to_metadata(self.tables)
            for column in copied.c:
                if isinstance(column.type, sa.TIMESTAMP) and self.books.dialect.name in ("mysql", "mariadb"):
                    column.type = DATETIME(fsp=6)  # MariaDB's TIMESTAMP changes by itself
        self.tables.create_all(self.books)
        ddl = (files("mappings") / self.agency / "inbox.sql").read_text(encoding="utf-8")
        with self.inbox.begin() as conn:
            spoken = "\n".join(line for line in ddl.splitlines() if not line.startswith("--"))
            for statement in filter(str.strip, spoken.split(";")):
                conn.exec_driver_sql(statement)
        self.inboxes = sa.MetaData()
        self.inboxes.reflect(self.here_inbox)

    def open_books(self) -> None:
        """Before a night: what the agency wrote during the day."""
        _copy(self.tables, self.here_books, self.books)

    def fetch_inbox(self) -> None:
        """After a night: what came, for the agency's clerks to answer."""
        _copy(self.inboxes, self.inbox, self.here_inbox)

    def return_answers(self) -> None:
        """After the clerks' day: their answers beside the rows."""
        _copy(self.inboxes, self.here_inbox, self.inbox)


def mirror(demo: Demo, agency: str, books: sa.URL, inbox: sa.URL) -> Mirror:
    """The agency of the demo at these two databases; the demo's connections lead there from now on."""
    prefix = f"JENDELA_CONN_{agency.upper()}"
    here = [sa.create_engine(demo.connections[name]) for name in (prefix, f"{prefix}_INBOX")]
    demo.connections[prefix] = books.render_as_string(hide_password=False)
    demo.connections[f"{prefix}_INBOX"] = inbox.render_as_string(hide_password=False)
    made = Mirror(agency, sa.create_engine(books), sa.create_engine(inbox), *here)
    made.open_books()
    return made
