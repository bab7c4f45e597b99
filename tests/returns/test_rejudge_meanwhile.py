"""Somebody decides on a held row, or a night opens, while everything is judged again."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import polars as pl
import pytest
from sqlalchemy import text, update

from jendela.rejudge.run import decide
from jendela.store import nights, tables
from tests.returns.conftest import World
from tests.returns.test_rejudge import CONTRACT, NARROW, WIDE

# Only on PostgreSQL: SQLite has one writer.
pytestmark = pytest.mark.servers
BLOCKED = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
)


@pytest.fixture
def relaxed(tmp_path, postgres_url):
    """A letter is held by a rule that holds it no longer."""
    world = World(tmp_path, postgres_url)
    world.agree(CONTRACT, WIDE, NARROW)
    world.run()
    world.agree(CONTRACT, NARROW, WIDE)
    return world


def beside(work):
    """What `work` will have given, done by another thread."""
    done = Future()

    def run():
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  for whoever asks
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return done


def wait_until_blocked(conn, done):
    """Somebody waits for this connection's transaction (or has not, and is done)."""
    while not (conn.execute(BLOCKED).scalar() or done.done()):
        time.sleep(0.02)


def releases(world):
    """The decisions in the log."""
    return world.table(tables.ledger_leaf).filter(pl.col("kind") == "release").height


def test_a_row_discarded_at_the_same_time_stays_discarded(relaxed):
    """Judging again waits for the clerk who has the row, then finds nothing to release."""
    with relaxed.hub() as hub:
        with hub.begin() as conn:
            conn.execute(update(tables.held_row).values(state="discarded", decided_by="ani"))
            again = beside(lambda: decide(hub, None, "Rini", "contract 1.1"))
            wait_until_blocked(conn, again)
        assert not again.result(60).changes
    (held,) = relaxed.table(tables.held_row).to_dicts()
    assert (held["state"], held["decided_by"]) == ("discarded", "ani")
    assert releases(relaxed) == 0


def test_no_night_opens_while_everything_is_judged_again(relaxed):
    """What it merged would be judged half: it begins when the decision is taken."""
    with relaxed.hub() as hub:
        opened = []

        def open_next():
            opened.append(nights.open_night(hub, None, ("dinas_3215",)).day)

        with hub.begin() as conn:  # keeps the decision from being done
            conn.exec_driver_sql("LOCK TABLE letter_finding IN ACCESS EXCLUSIVE MODE")
            again = beside(lambda: decide(hub, None, "Rini", "contract 1.1"))
            wait_until_blocked(conn, again)
            night = beside(open_next)
            with pytest.raises(TimeoutError):
                night.result(2)
        assert again.result(60).states["released"] == 1
        night.result(60)
    assert len(opened) == 1
