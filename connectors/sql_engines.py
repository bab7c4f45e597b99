"""What differs between the agencies' database engines: opening read-only, types, and casting to text."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from connectors import canonical as c
from connectors.sql_secrecy import secret
from jendela.model.errors import UnusableFeedError

LOCKED_SECONDS = 60
READ_ONLY_POSTGRES = "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO"


@dataclass(frozen=True)
class Flavour:
    """One engine. `kinds` translates the driver's type codes; `casts` says how a kind becomes text in SQL
    (`{}` is the quoted column); an engine without casts is read through its driver's own values. `moment` is
    how it writes a bound of a window: as given (`bound`), or its `day` and `time`, midnight if it has none.
    """

    name: str
    kinds: dict[int, str] = field(default_factory=dict)
    casts: dict[str, str] = field(default_factory=dict)
    moment: str = "TIMESTAMP '{bound}'"

    def literal(self, bound: str) -> str:
        """A bound of a window, digits in their places, as a timestamp in SQL."""
        day, _, time = bound.partition(" ")
        return self.moment.format(bound=bound, day=day, time=time or "00:00:00")


POSTGRES = Flavour(
    "postgresql",
    kinds={
        **dict.fromkeys((20, 21, 23), c.INTEGER),
        **dict.fromkeys((700, 701), c.REAL),
        1700: c.DECIMAL,
        16: c.BOOLEAN,
        17: c.BYTES,
        1082: c.DATE,
        1114: c.TIMESTAMP,
        1184: c.INSTANT,
        **dict.fromkeys((25, 1043), c.STRING),
        1042: c.PADDED,
    },
    # What COPY writes of these is what a cast gives, and to cast one column copies all of them.
    casts={
        **dict.fromkeys((c.INTEGER, c.REAL, c.DECIMAL, c.DATE, c.TIMESTAMP, c.STRING, c.PADDED), "{}"),
        c.BOOLEAN: "CAST(CAST({} AS INTEGER) AS TEXT)",
        c.BYTES: "encode({}, 'hex')",
        c.INSTANT: "CAST({} AT TIME ZONE 'UTC' AS TEXT) || 'Z'",
        c.TEXT: "CAST({} AS TEXT)",
    },
)
MARIADB = Flavour(
    "mysql",
    kinds={
        **dict.fromkeys((1, 2, 3, 8, 9), c.INTEGER),
        **dict.fromkeys((4, 5), c.REAL),
        **dict.fromkeys((0, 246), c.DECIMAL),
        7: c.INSTANT,
        10: c.DATE,
        12: c.TIMESTAMP,
        16: c.BOOLEAN,
        **dict.fromkeys((15, 249, 250, 251, 252, 253, 254), c.STRING),
    },
    casts={
        c.INSTANT: "CONCAT(CAST({} AS CHAR), 'Z')",
        c.TEXT: "CAST({} AS CHAR)",
        # BIT, in which many programs keep yes and no: as a text it would be a character of that number.
        c.BOOLEAN: "CAST({} + 0 AS CHAR)",
        # The driver calls BINARY(16) and CHAR(16) alike. Bytes read as text lose those that are no text, and
        # two keys become one.
        c.STRING: "IF(CHARSET({0}) = 'binary', LOWER(HEX({0})), CAST({0} AS CHAR))",
    },
)
SQLITE = Flavour(
    "sqlite",
    # A REAL column gives 4500000.0 for what other engines call 4500000; text columns cannot hold a number.
    casts={
        c.TEXT: "CAST({} AS TEXT)",
        c.UNDECLARED: "CASE WHEN typeof({0}) = 'real' AND {0} = CAST({0} AS INTEGER)"
        " THEN CAST(CAST({0} AS INTEGER) AS TEXT) ELSE CAST({0} AS TEXT) END",
        c.BYTES: "CASE WHEN typeof({0}) = 'blob' THEN lower(hex({0})) ELSE CAST({0} AS TEXT) END",
    },
    moment="'{bound}'",
)
# Oracle takes no timestamp without a time. SQL Server reads a date with a blank by the session's language,
# and no datetime of six digits: the ISO form and the wider type are safe.
ORACLE = Flavour("portable", moment="TIMESTAMP '{day} {time}'")
MSSQL = Flavour("portable", moment="CAST('{day}T{time}' AS datetime2)")
_FLAVOURS = {
    "postgresql": POSTGRES,
    "mysql": MARIADB,
    "mariadb": MARIADB,
    "sqlite": SQLITE,
    "oracle": ORACLE,
    "mssql": MSSQL,
}


def url_of(office: str, text: str) -> URL:
    """The URL of a connection, taken apart; what leaves this machine is secret.

    Raises:
        UnusableFeedError: it cannot be read, or would travel in clear; nothing of it is quoted but options.
    """
    try:
        url = make_url(text)
    except (SQLAlchemyError, ValueError):
        raise UnusableFeedError(
            office,
            "connection",
            "The connection's URL cannot be read.",
            "Write it as dialect+driver://user:password@host:port/database, with what is no letter and no "
            "digit in user and password percent-encoded.",
        ) from None
    return secret(office, url)


def flavour_of(url: URL) -> Flavour:
    """The engine behind a URL; an engine without one of its own is read through its driver's values."""
    return _FLAVOURS.get(url.get_backend_name()) or Flavour("portable")


def reader(url: URL) -> sa.Engine:
    """An engine on which writing is refused by the agency's own database."""
    name = flavour_of(url).name
    if name == "sqlite":
        database = url.database or ""
        path = database.removeprefix("file:").partition("?")[0]
        url = url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})
    elif name == "postgresql":
        url = with_options(url)
    elif name == "mysql":
        url = url.update_query_dict({"charset": "utf8mb4"})
    engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True)
    if name == "mysql":
        event.listen(engine, "connect", _read_only_mariadb)
    return engine


def writer(url: URL) -> sa.Engine:
    """An engine for the inbox, with its own credentials. Whoever locks its table keeps one delivery waiting
    for a minute, and not the night for ever: MariaDB would wait for a day, PostgreSQL without end.
    """
    name = flavour_of(url).name
    if name == "mysql":
        url = url.update_query_dict({"charset": "utf8mb4"})
    elif name == "postgresql":
        url = with_options(url, f"-c lock_timeout={LOCKED_SECONDS}s")
    engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True)
    if name == "mysql":
        event.listen(engine, "connect", _waiting_mariadb)
    return engine


def with_options(url: URL, further: str = READ_ONLY_POSTGRES) -> URL:
    """The PostgreSQL URL with signs of life asked for, and read-only transactions, UTC and ISO dates or
    `further` options."""
    options = f"{url.query.get('options', '')} {further}".strip()
    defaults = {"connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10"}
    return url.set(query={**defaults, **url.query, "options": options})


def _waiting_mariadb(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET SESSION lock_wait_timeout = {LOCKED_SECONDS}")
    cursor.close()


def _read_only_mariadb(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.execute("SET SESSION time_zone = '+00:00', net_write_timeout = 600")
    cursor.close()
