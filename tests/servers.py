"""Real database servers for tests: a schema or a database of one's own on them, removed at the end.

Their URLs come from the environment. Without a server a test is skipped by name; with
JENDELA_REQUIRE_SERVERS=1 it fails.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

URLS = {
    "postgresql": ("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"),
    "mariadb": ("JENDELA_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test"),
}
# Parameters of a fixture that is there on SQLite and on PostgreSQL.
HUBS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]


def server(kind: str) -> sa.Engine:
    """An engine of the server whose statements commit themselves; without a server the test is skipped."""
    variable, default = URLS[kind]
    # Nothing is kept open: a pool that nobody disposes warns in whatever test runs when it is collected.
    url = os.environ.get(variable, default)
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            raise
        pytest.skip(f"there is no {kind} server at {variable}")
    return engine


@contextmanager
def database(kind: str) -> Iterator[sa.URL]:
    """A database of one's own."""
    engine, name = server(kind), f"jendela_test_{uuid.uuid4().hex[:12]}"
    with engine.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield engine.url.set(database=name)
    finally:
        with engine.connect() as conn:
            forced = " WITH (FORCE)" if kind == "postgresql" else ""
            conn.exec_driver_sql(f"DROP DATABASE {name}{forced}")
        engine.dispose()


@contextmanager
def schema(kind: str = "postgresql") -> Iterator[sa.URL]:
    """A schema of one's own in the tests' database, which on MariaDB is a database."""
    if kind != "postgresql":
        with database(kind) as url:
            yield url
        return
    engine, name = server(kind), f"jendela_test_{uuid.uuid4().hex[:12]}"
    with engine.connect() as conn:
        conn.execute(sa.schema.CreateSchema(name))
    try:
        yield engine.url.update_query_dict({"options": f"-csearch_path={name}"})
    finally:
        with engine.connect() as conn:
            conn.execute(sa.schema.DropSchema(name, cascade=True))
        engine.dispose()


@contextmanager
def hub_database(kind: str) -> Iterator[str]:
    """The settings' `hub_url` for an empty hub: on SQLite empty, as it lies in the state folder."""
    if kind == "sqlite":
        yield ""
        return
    with schema(kind) as url:
        yield url.render_as_string(hide_password=False)
