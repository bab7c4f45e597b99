"""Killed at every step boundary, the next attempt ends the night as if nothing had happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.night import content

HERE = Path(__file__).parent


@pytest.mark.slow
def test_killed_at_every_step_boundary_the_night_ends_the_same(after_one_night, second, tmp_path):
    """One night, killed at each next boundary until it gets through: all is as in an undisturbed one.

    Every attempt goes one boundary further than the last, so each boundary of the night sees a SIGKILL.
    """
    from tests.night.conftest import move

    undisturbed = move(after_one_night, tmp_path / "undisturbed")
    undisturbed.run()
    with undisturbed.hub() as hub:
        expected = content.register(hub)
    boundary, kills = 0, 0
    while True:
        ended = subprocess.run(
            [sys.executable, str(HERE / "killed.py"), str(second.config), str(boundary)],
            env=second.environ, check=False, capture_output=True, timeout=120,
        )  # fmt: skip
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]
        kills += 1
        boundary += 1
    assert kills >= 40
    with second.hub() as hub:
        found = content.register(hub)
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert content.inboxes(second.folder) == content.inboxes(undisturbed.folder)
