"""The hub: transactions that do not lock each other out, rehearsals that leave nothing, one root key."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
import sqlalchemy as sa

from jendela.crypto import Keyring
from jendela.evidence.commit import commit
from jendela.model.errors import KeyMissingError, WrongUseError
from jendela.model.receipt import Receipt
from jendela.store import nights, receipts
from jendela.store.tables import feed_state, ledger_leaf, receipt

OFFICES = ("bpjs", "dinas_3215")


def remember(conn, feed, rows):
    """Write one row of `feed_state`."""
    conn.execute(sa.insert(feed_state).values(feed=feed, last_rows=rows))


def test_writers_take_turns(open_hub):
    """Four processes read and then write in one transaction: none fails, no count is lost."""
    hubs = [open_hub() for _ in range(4)]
    with hubs[0].begin() as conn:
        remember(conn, "bpjs.tk", 0)
    row = sa.select(feed_state.c.last_rows).where(feed_state.c.feed == "bpjs.tk")

    def count(hub):
        for _ in range(10):
            with hub.begin() as conn:
                seen = conn.execute(row.with_for_update()).scalar_one()
                conn.execute(sa.update(feed_state).values(last_rows=seen + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, hubs))
    with hubs[0].reading() as conn:
        assert conn.execute(row).scalar_one() == 40


def test_a_reader_waits_for_nobody(open_hub):
    """A report reads while a night writes, sees one unchanging state, and writes nothing."""
    writer, reader = open_hub(), open_hub()
    seen = []
    with reader.reading() as view:
        seen.append(view.execute(sa.select(sa.func.count()).select_from(feed_state)).scalar_one())
        with writer.begin() as conn:
            remember(conn, "bpjs.tk", 1)
        seen.append(view.execute(sa.select(sa.func.count()).select_from(feed_state)).scalar_one())
    with writer.begin() as conn, reader.reading() as view:
        remember(conn, "bpjs.upah", 1)
        seen.append(view.execute(sa.select(sa.func.count()).select_from(feed_state)).scalar_one())
    assert seen == [0, 0, 1]


def test_a_dry_run_leaves_nothing(open_hub, settings):
    """It sees the real state and its own effects; afterwards database, files and ledger are as before."""
    real = open_hub()
    night = nights.open_night(real, None, OFFICES)
    real.artefacts.write(night, "pull", "bpjs.tk", pl.DataFrame({"a": [1]}))
    with real.begin() as conn:
        commit(conn, Receipt("2026-03-02", "pull", "bpjs", {}))
    before = {file for file in settings.state.rglob("*") if not file.name.startswith("hub.sqlite")}

    rehearsal = open_hub(dry_run=True)
    tonight = nights.open_night(rehearsal, None, OFFICES)
    assert (tonight.day, tonight.seq, tonight.dry_run) == (night.day, night.seq, True)
    assert rehearsal.artefacts.read(tonight, "pull", "bpjs.tk").height == 1
    rehearsal.artefacts.write(tonight, "map", "bpjs.tk", pl.DataFrame({"a": [1, 2]}))
    done = [Receipt("2026-03-02", step, "bpjs", {}) for step in ("map", "validate")]
    for each in done:
        with rehearsal.begin() as conn:
            commit(conn, each)
    with rehearsal.reading() as conn:
        assert receipts.of_night(conn, tonight)[1:] == done
        assert conn.execute(sa.select(sa.func.count()).select_from(ledger_leaf)).scalar_one() == 1
    assert rehearsal.artefacts.exists(tonight, "map", "bpjs.tk")
    assert not real.artefacts.exists(night, "map", "bpjs.tk")
    rehearsal.close()

    assert {file for file in settings.state.rglob("*") if not file.name.startswith("hub.sqlite")} == before
    with real.reading() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(receipt)).scalar_one() == 1


def test_what_a_killed_dry_run_left_is_cleared_away(open_hub, settings):
    """Its process is gone; the folder of one that still runs stays, and of another host's."""
    living = open_hub(dry_run=True)
    dead = living.state.with_name(f"dry-run-{socket.gethostname()}-99999999-x")
    dead.mkdir()
    other = living.state.with_name(f"dry-run-{socket.gethostname()}-1-99999999-x")  # of a host called so
    other.mkdir()
    open_hub(dry_run=True)
    assert not dead.exists()
    assert living.state.exists()
    assert other.exists()


def test_an_error_in_a_dry_run_undoes_only_its_step(open_hub):
    """As in a real night: the steps before it stay done."""
    rehearsal = open_hub(dry_run=True)
    with rehearsal.begin() as conn:
        remember(conn, "bpjs.tk", 1)

    def failing():
        with rehearsal.begin() as conn:
            remember(conn, "bpjs.upah", 1)
            raise RuntimeError("a step fails")

    with pytest.raises(RuntimeError):
        failing()
    with rehearsal.reading() as conn:
        assert conn.execute(sa.select(feed_state.c.feed)).scalars().all() == ["bpjs.tk"]


def test_on_sqlite_a_dry_run_keeps_nobody_waiting(open_hub, settings):
    """SQLite has one writer; a rehearsal works on a copy."""
    if settings.hub_url:
        pytest.skip("PostgreSQL has many writers")
    real, rehearsal = open_hub(), open_hub(dry_run=True)
    with rehearsal.begin() as conn:
        remember(conn, "bpjs.tk", 1)
        with real.begin() as other:
            remember(other, "bpjs.tk", 2)


def test_the_wrong_root_key_is_refused(hub, open_hub, keyring):
    """Another key would give every record a new id; a new key before the old one is a rotation."""
    with pytest.raises(KeyMissingError, match="not the one that made this state"):
        open_hub(keyring=Keyring((b"z" * 32,), "JENDELA_KEY"))
    open_hub(keyring=Keyring((b"n" * 32, *keyring.masters), "JENDELA_KEY"))


def test_agencies_are_reached_by_name(hub):
    """The URL is resolved when it is needed, for reading and for the inbox apart."""
    assert hub.connect("bpjs", "read") == ("sql", "bpjs", "url-of-BPJS")
    assert hub.connect("bpjs", "inbox") == ("files", "bpjs", "url-of-BPJS_INBOX")
    with pytest.raises(WrongUseError, match="no office dinas_9999"):
        hub.connect("dinas_9999", "read")


def test_rows_are_not_looked_through_for_garbage(open_hub):
    """Rows by ten thousands are no garbage: Python looks for it once in so many, not every 700."""
    usual = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        open_hub()
        before = gc.get_stats()[0]["collections"]
        rows = [(number,) for number in range(20_000)]
        assert gc.get_stats()[0]["collections"] - before <= 1 < len(rows)
    finally:
        gc.set_threshold(*usual)


def test_the_state_is_closed_to_others(hub, settings):
    """The folder belongs to the hub's own user."""
    assert settings.state.stat().st_mode & 0o077 == 0


def test_a_writer_waits_for_the_other(open_hub):
    """Two processes meet: the second waits for the first instead of failing."""
    first, second = open_hub(), open_hub()
    held = threading.Event()

    def slow():
        with first.begin() as conn:
            remember(conn, "bpjs.tk", 1)
            held.set()
            time.sleep(0.5)

    other = threading.Thread(target=slow)
    other.start()
    held.wait()
    with second.begin() as conn:
        remember(conn, "bpjs.upah", 1)
    other.join()


def test_a_state_with_other_keyed_hashes_is_refused(hub, open_hub, settings):
    """Under another way to hash every record would come as new, and all that is known as gone."""
    file = settings.state / "key.id"
    file.write_text(file.read_text(encoding="ascii").split()[0] + "\n", encoding="ascii")
    with pytest.raises(KeyMissingError, match="unreleased Jendela made this state"):
        open_hub()


def test_the_layer_of_the_hub_knows_the_agreements_by_name_only():
    """Import-linter allows the type for mypy; at run time nothing of the layer above is asked for."""
    code = (
        "import sys, jendela.store.hub; print([m for m in sys.modules if m.startswith('jendela.contracts')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
