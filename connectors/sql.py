"""Any agency whose system is a SQL database: feeds are queries, deliveries are rows in inbox tables.

PostgreSQL, MariaDB/MySQL and SQLite are read as text cast by the engine itself, over connections on which the
database refuses to write whatever the account may do; any other SQLAlchemy URL through its driver's values.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

import pyarrow as pa
import sqlalchemy as sa

from connectors import canonical, sql_inbox
from connectors.sql_columns import describe, query_of, watermark_of
from connectors.sql_engines import flavour_of, reader, url_of, writer
from connectors.sql_errors import translated
from connectors.sql_stream import stream
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import Document, FeedSource, Outgoing, Window

_BOUND = {
    canonical.INTEGER: re.compile(r"-?\d+"),
    canonical.TIMESTAMP: re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?)?"),
}


class SqlConnector:
    """One agency's database, or the inbox that it keeps for us."""

    def __init__(self, office: str, url: str) -> None:
        self.office = office
        self._url = url_of(office, url)
        self._flavour = flavour_of(self._url)

    def check(self, source: FeedSource) -> None:
        """Nothing, if the query runs, gives the agreed columns, and its watermark sorts by time."""
        with translated(self.office, source.feed), self._reading() as connection:
            columns = describe(connection, self._flavour, source)
            if source.watermark:
                watermark_of(connection, self._flavour, source, columns[source.watermark])

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """The rows whose watermark is in the window, oldest first; a row without one is always in it."""
        with translated(self.office, source.feed):
            engine = reader(self._url)
            with engine.connect() as connection:
                found = describe(connection, self._flavour, source)
                condition = self._condition(connection, source, window)
            columns = [found[name] for name in source.columns]
            texts = ", ".join(f"{column.as_text(self._flavour)} AS c{i}" for i, column in enumerate(columns))
            select = f"SELECT {texts} FROM (\n{query_of(source)}\n) q{condition}"
            yield from stream(engine, self._url, self._flavour, columns, select)

    def keys(self, source: FeedSource) -> pa.Table:
        """All keys of the feed now, in canonical text."""
        with translated(self.office, source.feed):
            engine = reader(self._url)
            with engine.connect() as connection:
                found = describe(connection, self._flavour, source)
            columns = [found[name] for name in source.key]
            texts = ", ".join(f"{column.as_text(self._flavour)} AS c{i}" for i, column in enumerate(columns))
            select = f"SELECT {texts} FROM (\n{query_of(source)}\n) q"
            return pa.concat_tables(list(stream(engine, self._url, self._flavour, columns, select)))

    def high_watermark(self, source: FeedSource) -> str | None:
        """The greatest watermark now, in canonical text; None where there is no row with one."""
        if not source.watermark:
            return None
        with translated(self.office, source.feed), self._reading() as connection:
            column = describe(connection, self._flavour, source)[source.watermark]
            watermark = watermark_of(connection, self._flavour, source, column)
            highest = connection.execution_options(no_parameters=True).exec_driver_sql(
                f"SELECT MAX({watermark.expression}) FROM (\n{query_of(source)}\n) q"
            )
            text = canonical.text_of(highest.scalar())
            return text.replace("T", " ").rstrip("Z") if text else None

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """Nothing: a database has no files.

        Raises:
            UnusableFeedError: always.
        """
        raise UnusableFeedError(
            self.office,
            source.feed,
            "A database has no files to drop.",
            "Use mode delta, append or snapshot.",
        )

    def deliver(self, outgoing: Outgoing, rows: pa.Table) -> int:
        """How many rows were new to the inbox table; a `delivery_id` already there is left as it is."""
        with translated(self.office, outgoing.delivery), writer(self._url).begin() as connection:
            return sql_inbox.put(connection, outgoing, rows)

    def announce(self, outgoing: Outgoing, night: str, rows: int) -> None:
        """One row in `jdl_announcement`: this recipient's delivery of this night has so many rows."""
        with translated(self.office, outgoing.delivery), writer(self._url).begin() as connection:
            sql_inbox.announce(connection, outgoing, night, rows)

    def acknowledgements(self, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
        """What the agency wrote beside our rows."""
        with translated(self.office, outgoing.delivery), writer(self._url).connect() as connection:
            return sql_inbox.acknowledgements(connection, outgoing, delivery_ids)

    def _reading(self) -> sa.Connection:
        return reader(self._url).connect()

    def _condition(self, connection: sa.Connection, source: FeedSource, window: Window) -> str:
        if not source.watermark or (window.low is None and window.high is None):
            return ""
        column = describe(connection, self._flavour, source)[source.watermark]
        watermark = watermark_of(connection, self._flavour, source, column)
        compared = [
            f"{watermark.expression} {operator} {self._literal(source, watermark.kind, bound)}"
            for operator, bound in ((">=", window.low), ("<", window.high))
            if bound is not None
        ]
        return f" WHERE ({' AND '.join(compared)}) OR {column.quoted} IS NULL ORDER BY {column.quoted}"

    def _literal(self, source: FeedSource, kind: str, bound: str) -> str:
        # Written into the text, because COPY (which ADBC streams through) takes no parameters: digits only.
        if not _BOUND[kind].fullmatch(bound):
            raise UnusableFeedError(
                self.office,
                source.feed,
                f"The window's bound is not a {kind}, as the watermark now is.",
                "If the agency changed the type of its watermark, forget the feed's watermark.",
            )
        return bound if kind == canonical.INTEGER else self._flavour.literal(bound)
