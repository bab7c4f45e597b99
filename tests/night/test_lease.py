"""A run from the command line keeps its lease while it works, and gives it back however it ends."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, insert, select

from jendela import night
from jendela.model.errors import NightBusyError
from jendela.model.receipt import Night
from jendela.store import lease, tables
from tests.hubs import Clock, hub, hub_url, keyring, open_hub, settings

__all__ = ["hub", "hub_url", "keyring", "open_hub", "settings"]
DAY = date(2026, 3, 2)
NIGHT = Night(DAY, 1, ("bpjs",))


class InterruptedRunError(Exception):
    """The test has seen enough."""


def stop(step, scope, receipt):
    """Before the first step."""
    raise InterruptedRunError


def test_each_step_renews_the_lease(open_hub):
    """Three hours count from the last step that began, as under Airflow; not from the start of the night."""
    clock = Clock()
    hub = open_hub(clock=clock)
    lease.acquire(hub, DAY, "a long night", None)
    clock.passes(hours=2, minutes=50)
    with pytest.raises(InterruptedRunError):
        night.through(hub, NIGHT, (), "a long night", stop)
    clock.passes(minutes=20)
    with pytest.raises(NightBusyError, match="a long night"):
        lease.acquire(hub, DAY, "another host's", None)


def test_a_run_that_lost_its_lease_goes_no_further(hub):
    """Another one is at the night: not a step more beside it."""
    lease.acquire(hub, DAY, "another host's", None)
    with pytest.raises(NightBusyError, match="another host's"):
        night.through(hub, NIGHT, (), "mine", stop)


def test_a_run_that_fails_while_it_begins_gives_the_lease_back(hub):
    """A catch-up was killed; what is left of it comes first, and fails."""
    with hub.begin() as conn:
        for seq, supplement, state in ((1, 0, "closed"), (2, 1, "open")):
            row = {"seq": seq, "day": DAY, "supplement": supplement, "state": state, "offices": '["bpjs"]'}
            conn.execute(insert(tables.night).values(**row, opened_at=hub.clock()))
    with pytest.raises(AttributeError):  # the agreements of this hub are a stub
        night.run(hub, None, (), "mine", None)
    with hub.reading() as conn:
        assert conn.execute(select(func.count()).select_from(tables.night_lease)).scalar() == 0
