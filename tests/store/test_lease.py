"""One run at a time: a second one says who is at it, and a dead one does not block the next."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa

from jendela.model.errors import NightBusyError
from jendela.store import lease
from jendela.store.processes import started

DAY = date(2026, 3, 2)


def test_a_second_run_is_told_who_is_at_it(hub):
    """The message names the night, the process and the host."""
    lease.acquire(hub, DAY, "first", os.getpid())
    with pytest.raises(NightBusyError, match=rf"2026-03-02 is being run by process {os.getpid()} on "):
        lease.acquire(hub, DAY, "second", os.getpid())
    lease.release(hub, "second")
    with pytest.raises(NightBusyError):
        lease.acquire(hub, DAY, "second", None)
    lease.release(hub, "first")
    lease.acquire(hub, DAY, "second", None)


def test_of_two_that_start_together_one_gets_it(open_hub):
    """Whatever the moment, exactly one run begins."""
    hubs = [open_hub() for _ in range(6)]

    def start(number):
        try:
            lease.acquire(hubs[number], DAY, f"run {number}", os.getpid())
        except NightBusyError:
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(start, range(6))) == 1


def test_a_killed_process_does_not_block_the_next(hub):
    """Its number is gone, or is another process's now: the lease is taken over at once."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lease.acquire(hub, DAY, "killed", child.pid)
    with pytest.raises(NightBusyError):
        lease.acquire(hub, DAY, "next", os.getpid())
    child.kill()
    child.communicate()
    lease.acquire(hub, DAY, "next", os.getpid())
    assert started(child.pid) is None


def test_an_airflow_run_keeps_it_from_task_to_task(hub):
    """It has no process: each task says that the run lives, and three hours of silence end it."""
    lease.acquire(hub, DAY, "scheduled__2026-03-02", None)
    hub.clock.passes(hours=2)
    lease.acquire(hub, DAY, "scheduled__2026-03-02", None)
    hub.clock.passes(hours=2)
    assert lease.renew(hub, "scheduled__2026-03-02") == (DAY, 0)
    hub.clock.passes(hours=2, minutes=59)
    with pytest.raises(NightBusyError, match="run scheduled__2026-03-02"):
        lease.acquire(hub, DAY, "manual", None)
    hub.clock.passes(minutes=2)
    lease.acquire(hub, DAY, "manual", None)
    with pytest.raises(NightBusyError, match="does not hold the night"):
        lease.renew(hub, "scheduled__2026-03-02")


def test_a_living_process_is_not_timed_out(hub):
    """A night that takes longer than three hours on this host is still being run."""
    lease.acquire(hub, DAY, "long", os.getpid())
    hub.clock.passes(hours=5)
    with pytest.raises(NightBusyError):
        lease.acquire(hub, DAY, "impatient", os.getpid())


def test_a_lease_that_cannot_be_given_back_hides_no_error(hub, monkeypatch, caplog):
    """The disk is full: the run says why it ended, and the next one finds a dead process and begins."""
    lease.acquire(hub, DAY, "one", os.getpid())

    def full(*_):
        raise sa.exc.OperationalError("DELETE", {}, Exception("full"))

    monkeypatch.setattr(lease, "release", full)
    lease.let_go(hub, "one")
    assert "could not be given back (OperationalError)" in caplog.text
