"""The log goes back into the database by itself, and nothing is lost where it does not get there."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from jendela.store import frames, write_back
from jendela.store.hub import Hub
from jendela.store.tables import source_row

MANY = write_back.CHANGES + 1


@pytest.fixture
def hub(open_hub) -> Hub:
    """A hub in a file of SQLite."""
    hub: Hub = open_hub()
    if hub.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite's log is ours to bring back")
    return hub


def rows(count: int, after: int = 0) -> pl.DataFrame:
    """So many rows of one feed, numbered after others."""
    numbers = range(after + 1, after + count + 1)
    return pl.DataFrame(
        {"number": numbers, "feed": "bpjs.tk", "record_id": [f"{n:064d}" for n in numbers]},
    ).with_columns(row_hash=pl.lit("h"), seq=pl.lit(1), outcome=pl.lit("accepted"))


def in_place(hub: Hub, folder: Path, *, with_log: bool = False) -> int:
    """How many rows are in the database file itself, or in it and its log."""
    file = Path(str(hub.engine.url.database))
    copy = folder / f"{len(list(folder.iterdir()))}.sqlite"
    shutil.copyfile(file, copy)
    if with_log:
        shutil.copyfile(f"{file}-wal", f"{copy}-wal")
    with sqlite3.connect(copy) as conn:
        return int(conn.execute("SELECT count(*) FROM source_row").fetchone()[0])


def test_a_large_commit_is_brought_to_its_place(hub: Hub, tmp_path: Path) -> None:
    """Without anybody asking, and while the hub is open."""
    with hub.begin() as conn:
        frames.load(conn, source_row, rows(MANY))
    hub.settle()
    assert in_place(hub, tmp_path) == MANY


def test_small_commits_add_up(hub: Hub, tmp_path: Path) -> None:
    """A few rows stay in the log, where they are safe; the commit that makes them many takes them along."""
    hub.settle()
    with hub.begin() as conn:
        frames.load(conn, source_row, rows(2))
    hub.settle()
    assert in_place(hub, tmp_path, with_log=True) == 2
    with hub.begin() as conn:
        frames.load(conn, source_row, rows(MANY, after=2))
    hub.settle()
    assert in_place(hub, tmp_path) == MANY + 2


def test_a_reader_keeps_nobody_waiting(hub: Hub, tmp_path: Path) -> None:
    """What a report still reads is not overwritten under it; the next commit brings back what was left."""
    with hub.reading() as view:
        assert frames.read(view, source_row).is_empty()
        with hub.begin() as conn:
            frames.load(conn, source_row, rows(MANY))
        hub.settle()
        assert frames.read(view, source_row).is_empty()
        assert in_place(hub, tmp_path, with_log=True) == MANY
    with hub.begin() as conn:
        frames.load(conn, source_row, rows(MANY, after=MANY))
    hub.settle()
    assert in_place(hub, tmp_path) == 2 * MANY
