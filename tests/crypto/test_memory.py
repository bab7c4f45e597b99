"""SQL over frames: many threads ask at once, a mistake leaves nothing, a forked child ends in peace."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import polars as pl
import pytest

from jendela.crypto.memory import query

FORKING = """
import os, sys
import polars as pl
from jendela.crypto.memory import query

numbers = {"numbers": pl.DataFrame({"n": [1, 2, 3]})}
def total():
    return query("SELECT sum(n)::BIGINT AS total FROM numbers", numbers)["total"].item()
assert total() == 6
child = os.fork()
if child == 0:
    sys.exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
assert total() == 6
"""


def total(numbers: list[int]) -> int:
    """Asked of a frame that has the same name for everybody."""
    frame = pl.DataFrame({"n": numbers})
    return int(query("SELECT sum(n)::BIGINT AS total FROM numbers", {"numbers": frame})["total"].item())


def test_who_asks_at_once_gets_an_answer_of_ones_own() -> None:
    """Eight threads, each over its own numbers."""
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(total, ([n] * 100 for n in range(64)))) == [100 * n for n in range(64)]


def test_a_mistake_leaves_nothing_behind() -> None:
    """The frame of a query that failed is not there for the next one."""
    with pytest.raises(duckdb.Error):
        query("SELECT nothing FROM left_behind", {"left_behind": pl.DataFrame({"n": [1]})})
    with pytest.raises(duckdb.Error):
        query("SELECT * FROM left_behind", {"numbers": pl.DataFrame({"n": [1]})})
    assert total([1, 2]) == 3


def test_a_forked_child_ends_as_it_wishes() -> None:
    """A task's process is a fork: with an open database of its parent's it would crash at its end or hang."""
    done = subprocess.run([sys.executable, "-c", FORKING], check=False, timeout=120, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
