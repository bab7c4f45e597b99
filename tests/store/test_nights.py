"""Nights follow one another by date and by number; what was opened is found again as it was."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.evidence.commit import commit
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night, Receipt
from jendela.store import nights, receipts

OFFICES = ("bpjs", "dinas_3215")
SECOND, THIRD, NINTH = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)


def close(hub, night):
    """Close a night as the close step does."""
    with hub.begin() as conn:
        nights.close_night(conn, night, hub.clock())


def test_the_first_night_comes_from_the_settings(hub):
    """And each later one is the day after the last that was closed."""
    first = nights.open_night(hub, None, OFFICES)
    assert first == Night(SECOND, 1, OFFICES)
    close(hub, first)
    assert nights.open_night(hub, None, OFFICES) == Night(THIRD, 2, OFFICES)


def test_an_open_night_is_opened_again_as_it_was(hub, open_hub):
    """After a crash: the same number, and the offices it began with, whatever is asked for now."""
    opened = nights.open_night(hub, None, OFFICES)
    again = open_hub()
    assert nights.open_night(again, None, ("bpjs",)) == opened
    assert nights.open_night(again, SECOND, ("bpjs",)) == opened
    assert nights.current(again, SECOND) == opened


def test_nights_may_be_skipped_but_not_go_backwards(hub):
    """The hub was down for a week: the number goes on without a gap; an earlier day is refused."""
    close(hub, nights.open_night(hub, None, OFFICES))
    later = nights.open_night(hub, NINTH, OFFICES)
    assert later.seq == 2
    with pytest.raises(WrongUseError, match="2026-03-09 is still open"):
        nights.open_night(hub, date(2026, 3, 10), OFFICES)
    close(hub, later)
    with pytest.raises(WrongUseError, match="backwards"):
        nights.open_night(hub, THIRD, OFFICES)


def test_a_closed_night_can_be_looked_at_again(hub):
    """Repeating a closed night finds its receipts; closing it again keeps the first time."""
    night = nights.open_night(hub, None, OFFICES)
    close(hub, night)
    assert nights.open_night(hub, SECOND, OFFICES) == night
    close(hub, night)
    with pytest.raises(WrongUseError, match="never opened"):
        nights.current(hub, THIRD)


def test_the_latest_night_is_known_without_a_key(hub, settings):
    """The terminal shows how the night went from its receipts alone."""
    assert nights.latest(settings) is None
    night = nights.open_night(hub, None, OFFICES)
    done = Receipt(str(night.day), "pull", "bpjs", {"bpjs.tk": {"received": 3}})
    with hub.begin() as conn:
        commit(conn, done)
    assert nights.latest(settings) == (SECOND, False, (done,))


def test_before_the_first_night_there_is_nothing(settings):
    """No database yet: nothing is made by looking."""
    if settings.hub_url:
        pytest.skip("on PostgreSQL the database is there before the hub")
    assert nights.latest(settings) is None
    assert not settings.state.exists()


def test_receipts_are_found_by_step_and_scope(hub):
    """And those of a night in the order in which they took effect."""
    night = nights.open_night(hub, None, OFFICES)
    done = [
        Receipt("2026-03-02", step, scope, {})
        for step, scope in (("pull", "bpjs"), ("map", "bpjs"), ("close", ""))
    ]
    for receipt in done:
        with hub.begin() as conn:
            assert receipts.find(conn, night, receipt.step, receipt.scope) is None
            commit(conn, receipt)
    with hub.reading() as conn:
        assert receipts.find(conn, night, "map", "bpjs") == done[1]
        assert receipts.find(conn, night, "map", "dinas_3215") is None
        assert receipts.of_night(conn, night) == done
