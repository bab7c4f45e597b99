"""Agencies whose system is a database, each in a database or schema of its own."""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from connectors.sql import SqlConnector
from tests.connectors.agency import (
    ANSWER,
    COLUMNS,
    ENVELOPE,
    INBOX_COLUMNS,
    WORKERS,
    Agency,
    outgoing,
    source,
)

URLS = {
    "postgresql": ("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"),
    "mariadb": ("JENDELA_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test"),
}
DDL = (
    "CREATE TABLE {kerja} (KPJ VARCHAR(11), NAMA VARCHAR(80), UPAH DECIMAL(15,2), TGL_UBAH {timestamp})",
    (
        "CREATE TABLE {surat} (delivery_id VARCHAR(64) PRIMARY KEY, verb VARCHAR(8), night VARCHAR(10),"
        " recipient VARCHAR(40), KPJ VARCHAR(11), NO_SURAT VARCHAR(40),"
        " ack_status VARCHAR(12), ack_at {timestamp}, ack_reason VARCHAR(80))"
    ),
)
ANNOUNCEMENT = (
    "CREATE TABLE jdl_announcement (recipient VARCHAR(40), delivery VARCHAR(40), night VARCHAR(10),"
    " row_count INTEGER, announced_at VARCHAR(32) NOT NULL)"
)
OFFLINE = {
    "sqlite": (SqlConnector, "sqlite:////nowhere/agency.db"),
    "postgresql": (SqlConnector, "postgresql+psycopg://sri:rahasia@127.0.0.1:1/agency"),
    "mariadb": (SqlConnector, "mysql+pymysql://sri:rahasia@127.0.0.1:1/agency"),
}


def server(name):
    """An engine of a test server; the test is skipped without one, unless servers are required."""
    variable, default = URLS[name]
    # Nothing is kept open: a pool that nobody disposes warns in whatever test runs when it is collected.
    engine = sa.create_engine(os.environ.get(variable, default), poolclass=sa.NullPool)
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            raise
        pytest.skip(f"there is no {name} server at {variable}")
    return engine


def _agency(engine, suffix, url):
    timestamp = "DATETIME(6) NULL" if engine.dialect.name == "mysql" else "TIMESTAMP"
    names = {"kerja": f"kerja_{suffix}", "surat": f"jdl_surat_{suffix}", "timestamp": timestamp}
    with engine.begin() as conn:
        for statement in (*DDL, ANNOUNCEMENT):
            if "jdl_announcement" not in statement or not sa.inspect(conn).has_table("jdl_announcement"):
                conn.execute(sa.text(statement.format(**names)))
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in WORKERS]
        insert = f"INSERT INTO {names['kerja']} VALUES (:KPJ, :NAMA, :UPAH, :TGL_UBAH)"
        if engine.dialect.name == "postgresql":
            insert = insert.replace(":UPAH", "CAST(:UPAH AS NUMERIC)").replace(
                ":TGL_UBAH", "CAST(:TGL_UBAH AS TIMESTAMP)"
            )
        conn.execute(sa.text(insert), rows)

    def act(statement, **values):
        with engine.begin() as conn:
            return conn.execute(sa.text(statement.format(**names)), values)

    def answer(answers):
        moment = "CAST(:ack_at AS TIMESTAMP)" if engine.dialect.name == "postgresql" else ":ack_at"
        for row in answers:
            act(
                f"UPDATE {{surat}} SET ack_status = :ack_status, ack_at = {moment}, ack_reason = :ack_reason"
                " WHERE delivery_id = :delivery_id",
                **dict(zip(ANSWER, row, strict=True)),
            )

    def delivered():
        columns = (*ENVELOPE, *INBOX_COLUMNS)
        found = act(f"SELECT {', '.join(columns)} FROM {{surat}} ORDER BY delivery_id")
        return [{n: v or None for n, v in zip(columns, row, strict=True)} for row in found]

    query = f"SELECT {', '.join(COLUMNS)} FROM {names['kerja']} -- a 100% 'plain' :query"
    feed = source("delta", query=query, watermark="TGL_UBAH")
    return Agency(
        SqlConnector("bpjs", url),
        feed,
        outgoing(names["surat"]),
        answer,
        delivered,
        broken=[
            # SQLite and MariaDB make a date of anything; PostgreSQL fails on the first name, and says which.
            replace(feed, query=query.replace("NAMA", "CAST(NAMA AS DATE) AS NAMA", 1)),
            replace(feed, query=query.replace("FROM", "FROM gone.", 1)),
            replace(feed, columns=("KPJ", "NIK")),
            replace(feed, watermark="NAMA"),
        ],
        windowed=True,
        typed=True,
        act=act,
    )


@contextmanager
def sqlite(folder):
    """An agency on SQLite."""
    url = f"sqlite:///{folder / 'agency.db'}"
    engine = sa.create_engine(url)
    yield _agency(engine, "1", url)
    engine.dispose()


@contextmanager
def postgres(_):
    """An agency on PostgreSQL, in a schema of its own."""
    engine = server("postgresql")
    schema = f"jendela_agency_{uuid.uuid4().hex[:12]}"
    with engine.begin() as conn:
        conn.execute(sa.schema.CreateSchema(schema))
    inside = engine.url.update_query_dict({"options": f"-c search_path={schema}"})
    within = sa.create_engine(inside)
    yield _agency(within, "1", inside.render_as_string(hide_password=False))
    within.dispose()
    with engine.begin() as conn:
        conn.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@contextmanager
def mariadb(_):
    """An agency on MariaDB, in a database of its own."""
    engine = server("mariadb")
    name = f"jendela_agency_{uuid.uuid4().hex[:12]}"
    with engine.begin() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name}"))
    url = engine.url.set(database=name)
    within = sa.create_engine(url)
    yield _agency(within, "1", url.render_as_string(hide_password=False))
    within.dispose()
    with engine.begin() as conn:
        conn.execute(sa.text(f"DROP DATABASE {name}"))
    engine.dispose()


AGENCIES = {"sqlite": sqlite, "postgres": postgres, "mariadb": mariadb}
SERVERS = {"postgres", "mariadb"}
