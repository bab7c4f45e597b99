"""Killed at every step boundary, the next attempt ends the night as if nothing had happened."""

from __future__ import annotations

import multiprocessing
import signal

import pytest

from jendela.demo.advance import advance
from tests.night import content, killed
from tests.night.conftest import move


@pytest.mark.slow
def test_killed_at_every_step_boundary_the_night_ends_the_same(second, tmp_path):
    """One night, killed at each next boundary until it gets through: all is as in an undisturbed one.

    Every attempt goes one boundary further than the last, so each boundary of the night sees a SIGKILL.
    """
    advance(second.folder)
    undisturbed = move(second.folder, tmp_path / "undisturbed")
    day = undisturbed.run().night.day
    with undisturbed.hub() as hub:
        expected = content.register(hub)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(killed.IMPORTED)
    kills = 0
    while True:
        process = processes.Process(
            target=killed.attempt, args=(str(second.config), second.environ, day, kills)
        )
        process.start()
        process.join(120)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
    assert kills == 2 * 26
    with second.hub() as hub:
        found = content.register(hub)
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert content.inboxes(second.folder) == content.inboxes(undisturbed.folder)
