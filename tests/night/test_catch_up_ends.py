"""A catch-up that fails within ends: it does not make a supplement after the other of the same failure."""

from __future__ import annotations

import os

import pytest

from jendela import catch_up
from jendela.model.receipt import Receipt
from jendela.night import Outcome
from jendela.store import nights
from tests.hubs import hub, hub_url, keyring, open_hub, settings  # noqa: F401
from tests.ingest.conftest import FIRST


@pytest.fixture
def made(hub, monkeypatch):  # noqa: F811
    """A closed night, and supplements that each leave something for later; whether a step failed in them."""
    night = nights.open_night(hub, FIRST, ("bpjs",))
    with hub.begin() as conn:
        nights.close_night(conn, night, hub.clock())
    monkeypatch.setattr(catch_up, "reach", lambda *_: None)
    failed, begun = [], []

    def supplement(*_):
        begun.append(1)
        receipt = Receipt(f"{FIRST}-s{len(begun)}", "pull", "bpjs", {"bpjs.tk": {"later": len(begun) < 5}})
        return Outcome(night, (receipt,), failed=bool(failed))

    monkeypatch.setattr(catch_up, "_supplement", supplement)
    return lambda within: failed.extend(within) or catch_up.run(hub, "bpjs", "test", os.getpid()).outcomes


def test_what_is_left_for_later_is_taken_next(made):
    """Five days, five supplements."""
    assert len(made([])) == 5


def test_a_step_that_failed_within_ends_it(made):
    """The validation of a released batch breaks: it waits, and is not replayed four hundred times."""
    (outcome,) = made(["validate"])
    assert outcome.failed
