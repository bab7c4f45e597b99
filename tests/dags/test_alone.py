"""`make run` and `make ui`: one Airflow of a folder at a time, also after one that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[2] / "bin"

# As make run does: it takes the lock, starts a server that inherits it, and waits.
HOLDER = """
import subprocess, sys
from pathlib import Path
from alone import alone
with alone(Path(sys.argv[1]), print) as lock:
    server = subprocess.Popen(["sleep", "60"], pass_fds=(lock.descriptor,), stdout=sys.stderr)
    lock.started(server.pid)
    print(server.pid, flush=True)
    sys.stdin.read()
    server.terminate()
    server.wait()
"""


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.syspath_prepend(str(BIN))
    from alone import alone

    return alone


@pytest.fixture
def holder(tmp_path):
    """One that holds the lock, and the process that it started."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "running.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(BIN)},
    )
    server = int(process.stdout.readline())
    yield process, server
    process.stdin.close()
    process.stdout.close()
    process.kill()
    process.wait()


def test_a_second_run_waits_until_the_first_has_ended(alone, holder, tmp_path):
    """The first is told to end when the second says that it waits."""
    process, _ = holder
    said = []

    def tell(message):
        said.append(message)
        process.stdin.close()

    with alone(tmp_path / "running.lock", tell):
        assert len(said) == 1
        assert "waiting" in said[0]


def test_a_run_that_was_killed_leaves_servers_and_the_next_says_which(alone, holder, tmp_path):
    """Killed outright it could not end its servers; the next must not start beside them."""
    process, server = holder
    process.kill()
    process.wait()
    refused = pytest.raises(SystemExit, match=f"kill {server}`")
    with refused, alone(tmp_path / "running.lock", print, patience=0.5):
        pytest.fail("two at a time")
    os.kill(server, signal.SIGTERM)
    with alone(tmp_path / "running.lock", print, patience=10):
        pass


def test_what_is_over_is_not_waited_for(alone, tmp_path):
    """The file stays; the lock does not."""
    for _ in range(2):
        with alone(tmp_path / "running.lock", pytest.fail):
            pass
