"""Agencies to connect to: the same small table on every transport, and an inbox beside it."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from connectors.files import FilesConnector
from connectors.sql import SqlConnector
from jendela.model.ports import FeedSource, Outgoing, Window

URLS = {
    "postgresql": ("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"),
    "mariadb": ("JENDELA_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test"),
}
COLUMNS = ("KPJ", "NAMA", "UPAH", "TGL_UBAH")
# Joko Susilo's row is the newest; Siti was entered by hand and never stamped.
WORKERS = (
    ("12345678901", "Joko Susilo", "4500000.50", "2026-03-01 23:10:00"),
    ("12345678902", "Sri Wahyuni", "3200000.00", "2026-03-01 22:00:00"),
    ("12345678903", "Siti", None, None),
    ("12345678904", "Budi Santoso", "5100000.00", "2026-02-27 08:15:00.25"),
)
INBOX_COLUMNS = ("KPJ", "NO_SURAT")
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


@dataclass
class Agency:
    """One agency as a test sees it: its connector, its feed and inbox, and a way to act in its name."""

    connector: Any
    source: FeedSource
    outgoing: Outgoing
    act: Any
    windowed: bool

    def pulled(self, low=None, high=None, **changed):
        """The rows of a window in key order."""
        tables = self.connector.pull(replace(self.source, **changed), Window(low, high))
        table = pa.concat_tables([part.select(list(COLUMNS)).replace_schema_metadata() for part in tables])
        return table.sort_by("KPJ").to_pylist()


def server(name):
    """An engine of a test server; the test is skipped without one, unless servers are required."""
    variable, default = URLS[name]
    engine = sa.create_engine(os.environ.get(variable, default))
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            raise
        pytest.skip(f"there is no {name} server at {variable}")
    return engine


def sql_agency(engine, suffix, url):
    """The tables of an agency in a database, with the connector that reads them."""
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

    def act(statement):
        with engine.begin() as conn:
            return conn.execute(sa.text(statement.format(**names)))

    query = f"SELECT {', '.join(COLUMNS)} FROM {names['kerja']} -- a 100% 'plain' :query"
    return Agency(
        SqlConnector("bpjs", url),
        FeedSource("bpjs", "bpjs.kerja", "delta", COLUMNS, ("KPJ",), query=query, watermark="TGL_UBAH"),
        Outgoing("bpjs", "letters", names["surat"], INBOX_COLUMNS, recipient="bpjs"),
        act,
        windowed=True,
    )


@pytest.fixture
def sqlite_agency(tmp_path):
    """An agency on SQLite."""
    url = f"sqlite:///{tmp_path / 'agency.db'}"
    engine = sa.create_engine(url)
    yield sql_agency(engine, "1", url)
    engine.dispose()


@pytest.fixture
def postgres_agency():
    """An agency on PostgreSQL, in a schema of its own."""
    engine = server("postgresql")
    schema = f"jendela_agency_{uuid.uuid4().hex[:12]}"
    with engine.begin() as conn:
        conn.execute(sa.schema.CreateSchema(schema))
    inside = engine.url.update_query_dict({"options": f"-c search_path={schema}"})
    within = sa.create_engine(inside)
    yield sql_agency(within, "1", inside.render_as_string(hide_password=False))
    within.dispose()
    with engine.begin() as conn:
        conn.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture
def mariadb_agency():
    """An agency on MariaDB, in a database of its own."""
    engine = server("mariadb")
    name = f"jendela_agency_{uuid.uuid4().hex[:12]}"
    with engine.begin() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name}"))
    url = engine.url.set(database=name)
    within = sa.create_engine(url)
    yield sql_agency(within, "1", url.render_as_string(hide_password=False))
    within.dispose()
    with engine.begin() as conn:
        conn.execute(sa.text(f"DROP DATABASE {name}"))
    engine.dispose()


@pytest.fixture
def files_agency(tmp_path):
    """An agency that exports semicolons in windows-1252, with an inbox folder."""
    lines = [";".join(COLUMNS)]
    lines += [";".join(value or "" for value in row) for row in WORKERS]
    (tmp_path / "kerja.csv").write_text("\r\n".join(lines) + "\r\n", encoding="windows-1252")
    options = {"delimiter": ";", "encoding": "windows-1252"}

    def act(statement):
        answer = tmp_path / "jdl_surat_2026-03-02_bpjs.ack.csv"
        answer.write_text(f"delivery_id;ack_status;ack_at;ack_reason\n{statement}\n", encoding="windows-1252")

    return Agency(
        FilesConnector("bpjs", f"file://{tmp_path}"),
        FeedSource("bpjs", "bpjs.kerja", "snapshot", COLUMNS, ("KPJ",), path="kerja*.csv", options=options),
        Outgoing("bpjs", "letters", "jdl_surat", INBOX_COLUMNS, recipient="bpjs", options=options),
        act,
        windowed=False,
    )


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.servers),
        pytest.param("mariadb", marks=pytest.mark.servers),
        "files",
    ]
)
def agency(request):
    """An agency on each transport in turn."""
    return request.getfixturevalue(f"{request.param}_agency")


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.servers),
        pytest.param("mariadb", marks=pytest.mark.servers),
    ]
)
def database(request):
    """An agency on each database in turn."""
    return request.getfixturevalue(f"{request.param}_agency")
