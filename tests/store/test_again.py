"""A server of the hub that was restarted, or chose a deadlock's victim, costs a repetition and no night."""

from __future__ import annotations

import threading
from datetime import date

import psycopg
import pytest
import sqlalchemy as sa

from jendela import night
from jendela.model.receipt import Night, Receipt
from jendela.store.again import ATTEMPTS, passes, steadily
from tests.servers import database

TONIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))
pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No pauses."""
    monkeypatch.setattr("jendela.store.again.time.sleep", lambda _: None)


@pytest.fixture
def hub_url():
    """A database of the hub's own, whose backends may all be ended."""
    with database("postgresql") as url:
        yield url.render_as_string(hide_password=False)


def end_backends(hub):
    """What a restart of the server does to every connection of the hub, those in the pool too."""
    engine = sa.create_engine(hub.engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as conn:
        conn.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def step(hub, *, ends, by_copy=False):
    """A step that notes its night; the server ends it in the middle so many times."""
    tries = []

    def perform(*_):
        with hub.begin() as conn:
            conn.execute(
                sa.text("INSERT INTO breaker_reset (office, seq, who, why) VALUES ('bpjs', 1, '', '')")
            )
            tries.append(1)
            if len(tries) <= ends:
                end_backends(hub)
            if by_copy:
                raw = conn.connection.driver_connection
                with raw.cursor() as cursor, cursor.copy("COPY echo FROM STDIN"):
                    pass
            conn.execute(sa.text("SELECT 1"))
        return Receipt("2026-03-02", "merge", "", {})

    return perform, tries


@pytest.mark.parametrize("by_copy", [False, True])
def test_a_step_whose_connections_the_server_ended_is_done_again(hub, monkeypatch, by_copy):
    """In the middle of a statement and of a COPY: what was half-done is undone, and the night goes on."""
    perform, tries = step(hub, ends=2, by_copy=by_copy)
    monkeypatch.setattr(night, "perform", perform)
    outcome = night._forgiving(hub, TONIGHT, "map", "bpjs")
    assert outcome is not None
    assert len(tries) == 3
    with hub.reading() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM breaker_reset")).scalar_one() == 1


def test_a_server_that_stays_away_ends_the_night_and_not_one_office(hub, monkeypatch):
    """After a minute of tries the night stops where it is, to be gone on with: nobody is called missing."""
    perform, tries = step(hub, ends=99, by_copy=True)
    monkeypatch.setattr(night, "perform", perform)
    with pytest.raises((psycopg.Error, sa.exc.DBAPIError)) as ended:
        night._forgiving(hub, TONIGHT, "map", "bpjs")
    assert passes(ended.value)
    assert len(tries) == ATTEMPTS


def test_connections_that_died_in_the_pool_are_not_given_out(hub):
    """The server was restarted while an agency was read for an hour: the next one begins as always."""
    with hub.reading():
        pass
    end_backends(hub)
    with hub.begin() as conn:
        assert conn.execute(sa.text("SELECT 1")).scalar_one() == 1


def test_of_two_in_a_deadlock_both_end(hub):
    """One of them is chosen by the server, and is done again behind the other."""
    with hub.begin() as conn:
        conn.execute(sa.text("INSERT INTO breaker_reset VALUES ('a', 0, '', ''), ('b', 0, '', '')"))
    both, met = threading.Barrier(2), []
    more = sa.text("UPDATE breaker_reset SET seq = seq + 1 WHERE office = :office")

    def work(*order):
        def call():
            with hub.begin() as conn:
                for place, office in enumerate(order):
                    conn.execute(more, {"office": office})
                    if place == 0 and len(met) < 2:
                        met.append(office)
                        both.wait(10)

        steadily(call, "merge", hub)

    threads = [threading.Thread(target=work, args=order) for order in (("a", "b"), ("b", "a"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    with hub.reading() as conn:
        assert conn.execute(sa.text("SELECT min(seq), max(seq) FROM breaker_reset")).one() == (2, 2)


def test_what_is_wrong_with_the_question_is_not_asked_again(hub):
    """A table that is not there is not there the next time."""
    asked = []

    def call():
        asked.append(1)
        with hub.reading() as conn:
            conn.execute(sa.text("SELECT * FROM nowhere"))

    with pytest.raises(sa.exc.ProgrammingError):
        steadily(call, "merge", hub)
    assert len(asked) == 1
