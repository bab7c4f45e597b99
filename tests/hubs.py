"""A hub of its own for every test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from jendela.crypto import Keyring
from jendela.model.config import Settings
from jendela.store.hub import Hub
from tests.servers import HUBS, hub_database


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def passes(self, **duration):
        """Let time pass."""
        self.now += timedelta(**duration)


@pytest.fixture(params=HUBS)
def hub_url(request):
    """Where an empty hub's database is."""
    with hub_database(request.param) as url:
        yield url


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
