"""A person decides on a held row while a night merges, or while somebody else decides."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import update

from jendela.evidence import ledger
from jendela.model.errors import WrongUseError
from jendela.register import quarantine
from jendela.store import tables
from tests.register.test_quarantine import PAYMENTS, ROW, hold


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def hub_url(request):
    """SQLite has one writer; on PostgreSQL two are at work at once."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


def test_a_decision_waits_for_the_merge_that_has_the_row(story):
    """The merge overtakes the row: nothing older is released over it, and neither is broken off."""
    held = hold(story, PAYMENTS, ROW)
    found: Future[str] = Future()

    def decide():
        try:
            quarantine.decide(story.hub, held, "released", "ani", "checked")
            found.set_result("released")
        except WrongUseError as error:
            found.set_result(str(error))

    clerk = threading.Thread(target=decide, daemon=True)
    with story.hub.begin() as conn:
        overtaken = update(tables.held_row).where(tables.held_row.c.held_id == held)
        conn.execute(overtaken.values(state="superseded"))
        clerk.start()
        time.sleep(0.5)  # it waits for the row, or for the ledger
        ledger.append(conn, "receipt", {"step": "merge"})
    clerk.join(30)
    assert "it is superseded" in found.result(0)
    assert story.table(tables.held_row)["state"].to_list() == ["superseded"]
    assert story.table(tables.ledger_leaf)["kind"].to_list() == ["receipt"]


def test_of_two_decisions_at_once_one_is_taken(story):
    """Released and discarded: one of them is told that the row does not wait any more."""
    held = hold(story, PAYMENTS, ROW)

    def decide(verdict):
        try:
            return quarantine.decide(story.hub, held, verdict, "ani", "checked") and verdict
        except WrongUseError:
            return None

    with ThreadPoolExecutor(2) as both:
        taken = [verdict for verdict in both.map(decide, ("released", "discarded")) if verdict]
    assert taken == story.table(tables.held_row)["state"].to_list()
    assert story.table(tables.ledger_leaf).height == 1
