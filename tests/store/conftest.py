"""A hub of its own for every test, on SQLite and on PostgreSQL (a schema of its own, removed afterwards)."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from jendela.crypto import Keyring
from jendela.model.config import Settings
from jendela.store.hub import Hub

POSTGRES = os.environ.get("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def passes(self, **duration):
        """Let time pass."""
        self.now += timedelta(**duration)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def hub_url(request):
    """The URL of an empty hub database; "" is SQLite in the state folder."""
    if request.param == "sqlite":
        yield ""
        return
    schema = f"jendela_store_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(POSTGRES)
    try:
        with engine.begin() as conn:
            conn.execute(sa.schema.CreateSchema(schema))
    except sa.exc.OperationalError:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            raise
        pytest.skip("there is no PostgreSQL server at JENDELA_TEST_POSTGRES_URL")
    url = sa.make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as conn:
        conn.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture
def settings(tmp_path, hub_url):
    """The settings of a hub with two offices, whose first night is 2 March 2026."""
    return Settings(
        state=tmp_path / "state",
        hub_url=hub_url,
        first_night=date(2026, 3, 2),
        offices=("bpjs", "dinas_3215"),
    )


@pytest.fixture
def keyring():
    """One fixed key."""
    return Keyring((b"k" * 32,), "the test")


@pytest.fixture
def open_hub(settings, keyring):
    """Open the hub once more, as another process would; everything is closed at the end."""
    opened = []
    office = SimpleNamespace(
        transport="sql", connection="BPJS", inbox_transport="files", inbox_connection="BPJS_INBOX"
    )

    def open_one(*, dry_run=False, keyring=keyring, clock=None):
        hub = Hub.open(
            settings=settings,
            agreements=SimpleNamespace(offices={"bpjs": office}),
            keyring=keyring,
            connector=lambda transport, office, url: (transport, office, url),
            resolve=lambda name: f"url-of-{name}",
            dry_run=dry_run,
        )
        hub.clock = clock or Clock()
        opened.append(hub)
        return hub

    yield open_one
    for hub in opened:
        hub.close()


@pytest.fixture
def hub(open_hub):
    """The opened hub."""
    return open_hub()
