"""What a feed's query gives: its columns as agreed, their kinds, and whether its watermark can be trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from connectors import canonical as c
from connectors.agreed_columns import require
from connectors.sql_engines import Flavour
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

_SQLITE_TEXT = re.compile("CHAR|CLOB|TEXT")
_SQLITE_TIME = re.compile("DATETIME|TIMESTAMP")
_ISO = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_CLOCK = "[ T][0-9][0-9]:[0-9][0-9]:*"


@dataclass(frozen=True)
class Column:
    """One column of the query: its agreed name, its name quoted for the engine, and its kind."""

    name: str
    quoted: str
    kind: str

    def as_text(self, flavour: Flavour) -> str:
        """The SQL expression of its text; the column itself where the engine has no flavour."""
        cast = flavour.casts.get(self.kind) or flavour.casts.get(c.TEXT, "{}")
        return cast.format(self.quoted)


@dataclass(frozen=True)
class Watermark:
    """What the window is put on: `integer` or `timestamp` (a date counts as one), and the SQL to compare."""

    kind: str
    expression: str


def query_of(source: FeedSource) -> str:
    """The feed's query, ready to be wrapped."""
    if not source.query:
        raise UnusableFeedError(source.office, source.feed, "It has no query.", "Give its mapping a `query`.")
    return source.query.strip().rstrip(";")


def describe(connection: sa.Connection, flavour: Flavour, source: FeedSource) -> dict[str, Column]:
    """Every agreed column that the query gives, by its agreed name.

    Raises:
        UnusableFeedError: an agreed column is not there; it is named, and so are those that nobody agreed.
    """
    wrapped = f"SELECT * FROM (\n{query_of(source)}\n) q"
    connection = connection.execution_options(no_parameters=True)
    if flavour.name == "sqlite":
        kinds = _sqlite_kinds(connection, wrapped)
    else:
        cursor: Any = connection.exec_driver_sql(f"{wrapped} WHERE 1 = 0").cursor
        kinds = {item[0]: flavour.kinds.get(item[1], c.TEXT) for item in cursor.description}
    folded = {found.casefold(): found for found in kinds}
    wanted = dict.fromkeys((*source.columns, *source.key, *((source.watermark,) if source.watermark else ())))
    agreed = {name: name if name in kinds else folded.get(name.casefold(), "") for name in wanted}
    require(source, [name for name in agreed if not agreed[name]], sorted(set(kinds) - set(agreed.values())))
    quote = connection.dialect.identifier_preparer.quote_identifier
    return {name: Column(name, quote(found), kinds[found]) for name, found in agreed.items()}


def watermark_of(
    connection: sa.Connection, flavour: Flavour, source: FeedSource, column: Column
) -> Watermark:
    """The feed's watermark.

    Raises:
        UnusableFeedError: it is text, a fraction or the like, so that its order is not the order of change.
    """
    if flavour.name == "sqlite":
        watermark = _sqlite_watermark(connection, source, column)
    elif flavour.name == "portable":
        watermark = _portable_watermark(connection, source, column)
    elif column.kind in (c.DATE, c.TIMESTAMP, c.INSTANT):
        watermark = Watermark(c.TIMESTAMP, column.quoted)
    else:
        watermark = Watermark(column.kind, column.quoted)
    if watermark.kind not in (c.INTEGER, c.TIMESTAMP):
        raise UnusableFeedError(
            source.office,
            source.feed,
            f"Its watermark {column.name} is neither a timestamp nor a whole number, and does not sort.",
            "Name a column of a real timestamp or integer type, cast it in the query, or make it a snapshot.",
        )
    return watermark


def _sqlite_kinds(connection: sa.Connection, wrapped: str) -> dict[str, str]:
    # A temporary view is the one place where SQLite tells the declared types of a query; it needs no write.
    connection.exec_driver_sql(f"CREATE TEMP VIEW jendela_feed AS {wrapped}")
    try:
        rows = connection.exec_driver_sql("PRAGMA temp.table_info(jendela_feed)").all()
    finally:
        connection.exec_driver_sql("DROP VIEW temp.jendela_feed")
    return {row[1]: _sqlite_kind(str(row[2]).upper()) for row in rows}


def _sqlite_kind(declared: str) -> str:
    if _SQLITE_TIME.search(declared):
        return c.TIMESTAMP
    if "BLOB" in declared:
        return c.BYTES
    return c.TEXT if _SQLITE_TEXT.search(declared) else c.UNDECLARED


def _sqlite_watermark(connection: sa.Connection, source: FeedSource, column: Column) -> Watermark:
    # SQLite keeps timestamps as text of any shape: what counts is what is in the column.
    wm = column.quoted
    rows, whole, iso, marked = connection.exec_driver_sql(
        f"SELECT count({wm}), total(typeof({wm}) = 'integer'), "
        f"total(typeof({wm}) = 'text' AND ({wm} GLOB '{_ISO}' OR ({wm} GLOB '{_ISO}{_CLOCK}'"
        f" AND substr({wm}, 17) NOT GLOB '*[^0-9:.Z]*'))), total({wm} GLOB '*[TZ]*')"
        f" FROM (\n{query_of(source)}\n) q",
        execution_options={"no_parameters": True},
    ).one()
    if rows == whole and rows:
        return Watermark(c.INTEGER, wm)
    # Only a column that writes `T` or `Z` pays for being brought to one shape; the others can use an index.
    expression = f"replace(rtrim({wm}, 'Z'), 'T', ' ')" if marked else wm
    return Watermark(c.TIMESTAMP if rows == iso else c.TEXT, expression)


def _portable_watermark(connection: sa.Connection, source: FeedSource, column: Column) -> Watermark:
    connection = connection.execution_options(no_parameters=True)
    highest = connection.exec_driver_sql(
        f"SELECT MAX({column.quoted}) FROM (\n{query_of(source)}\n) q"
    ).scalar()
    if isinstance(highest, int):
        return Watermark(c.INTEGER, column.quoted)
    return Watermark(c.TIMESTAMP if highest is None or isinstance(highest, date) else c.TEXT, column.quoted)
