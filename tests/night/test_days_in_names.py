"""Files that say their day wrongly in their name: the night ends, and no later night suffers from it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from jendela import catch_up
from jendela.store import tables
from tests.night.test_halted import FEED, statement

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dated(second):
    """Karawang writes its list into a file of each day; the hub takes the last of them."""
    agreed = second.folder / "agreed"
    for part in ("schemas", "mappings"):
        shutil.copytree(ROOT / part, agreed / part, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    mapping = agreed / "mappings" / "dinas_3215" / "laporan_phk.yaml"
    text = mapping.read_text(encoding="utf-8").replace("path: laporan_phk.csv", 'path: "laporan_phk_*.csv"')
    mapping.write_text(text.replace("options: {", "options: {take: last, "), encoding="utf-8")
    with second.config.open("a", encoding="utf-8") as config:
        config.write("agreements: agreed\n")
    return second


def put(demo, name, answered):
    """The office's list in a file of this name alone; so many of its first cases are answered now."""
    folder = demo.folder / "dinas_3215" / "keluar"
    (old,) = folder.glob("laporan_phk*.csv")
    head, *lines = old.read_bytes().splitlines(keepends=True)
    lines[:answered] = [line.replace(b"MENERIMA", b"MENOLAK") for line in lines[:answered]]
    old.unlink()
    (folder / name).write_bytes(b"".join([head, *lines]))


def test_the_31st_of_september_ends_no_night(dated):
    """A clerk miscounted: the list is taken, of a day that nobody knows, and the next nights go on."""
    put(dated, "laporan_phk_20260931.csv", 10)
    assert dated.run().receipts[-1].step == "close"
    assert statement(dated, "2026-09-02")["state"] == "came"
    put(dated, "laporan_phk_20260902.csv", 20)
    assert dated.run().receipts[-1].step == "close"
    line = statement(dated, "2026-09-03")
    assert (line["state"], line["as_of"]) == ("came", "2026-09-02")


def test_a_day_that_an_earlier_version_kept_is_told_as_unknown(second):
    """It stands in the hub as it was written; the statement says that it is not known."""
    batch = tables.batch
    with second.hub() as hub, hub.begin() as conn:
        kept = conn.execute(sa.select(batch.c.manifest).where(batch.c.feed == FEED)).scalar_one()
        wrong = json.dumps({**json.loads(kept), "as_of": "2026-09-31"})
        conn.execute(sa.update(batch).where(batch.c.feed == FEED).values(manifest=wrong))
    (second.folder / "dinas_3215" / "keluar" / "laporan_phk.csv").unlink()
    assert second.run().receipts[-1].step == "close"
    line = statement(second, "2026-09-02")
    assert (line["state"], line["as_of"]) == ("late", "")
    page = (second.folder / "state" / "reports" / "2026-09-02" / "report.html").read_text(encoding="utf-8")
    assert "laporan_phk" in page


def test_old_lists_take_no_day_back_and_cover_none(dated):
    """An export job sends three lists of August. The feed stays of the day it was, and is late since then."""
    put(dated, "laporan_phk_20260901.csv", 10)
    dated.run()
    assert statement(dated, "2026-09-02")["as_of"] == "2026-09-01"
    put(dated, "laporan_phk_20260820.csv", 20)
    dated.run()
    put(dated, "laporan_phk_20260821.csv", 30)
    dated.run()
    put(dated, "laporan_phk_20260822.csv", 40)
    assert dated.run().receipts[-1].step == "close"
    line = statement(dated, "2026-09-05")
    assert (line["as_of"], line["late_since"]) == ("2026-09-01", "2026-09-02")


def test_the_list_taken_last_under_an_older_name(dated):
    """It says what it said, and nothing of the days since: it is no list of tonight."""
    put(dated, "laporan_phk_20260901.csv", 10)
    dated.run()
    put(dated, "laporan_phk_20260822.csv", 10)
    dated.run()
    dated.run()
    line = statement(dated, "2026-09-04")
    assert (line["as_of"], line["late_since"]) == ("2026-09-01", "2026-09-02")


@pytest.fixture
def series(dated):
    """Every file is the whole list of its day, and all of them lie there."""
    mapping = dated.folder / "agreed" / "mappings" / "dinas_3215" / "laporan_phk.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("take: last", "take: all, dated: true"), encoding="utf-8")
    return dated


def add(demo, name, like, answered):
    """One more file of the series: another list with so many of its first cases answered."""
    folder = demo.folder / "dinas_3215" / "keluar"
    head, *lines = (folder / like).read_bytes().splitlines(keepends=True)
    lines[:answered] = [line.replace(b"MENERIMA", b"MENOLAK") for line in lines[:answered]]
    (folder / name).write_bytes(b"".join([head, *lines]))


def test_the_good_days_of_a_series_with_a_day_ahead_are_taken_by_a_catch_up(series):
    """One wrong name halts the feed in the night; a catch-up takes day after day and halts that one alone."""
    put(series, "laporan_phk_20260901.csv", 10)
    add(series, "laporan_phk_20260902.csv", "laporan_phk_20260901.csv", 20)
    add(series, "laporan_phk_20300302.csv", "laporan_phk_20260901.csv", 30)
    assert series.run().receipts[-1].step == "close"
    assert statement(series, "2026-09-02")["state"] == "halted"
    with series.hub() as hub:
        first, second, last = catch_up.run(hub, "dinas_3215", "test", os.getpid()).outcomes
        batch = tables.batch
        with hub.reading() as conn:
            states = conn.execute(
                sa.select(batch.c.state, batch.c.guard).where(batch.c.feed == FEED).order_by(batch.c.seq)
            ).all()
            (as_of,) = conn.execute(
                sa.select(tables.feed_state.c.as_of).where(tables.feed_state.c.feed == FEED)
            ).one()
    assert [pulled(one)["later"] for one in (first, second, last)] == [2, 1, 0]
    assert states[-4:] == [("halted", "ahead"), ("merged", None), ("merged", None), ("halted", "ahead")]
    assert as_of == "2026-09-02"
    folder = series.folder / "dinas_3215" / "keluar"
    (folder / "laporan_phk_20300302.csv").rename(folder / "laporan_phk_20260903.csv")
    after = series.run()
    assert after.receipts[-1].step == "close"
    line = statement(series, "2026-09-03")
    assert (line["state"], line["as_of"]) == ("came", "2026-09-02")  # the night begins before its day does
    with series.hub() as hub, hub.reading() as conn:
        of_feed = tables.feed_state.c.feed == FEED
        assert conn.execute(sa.select(tables.feed_state.c.as_of).where(of_feed)).scalar_one() == "2026-09-03"


def pulled(outcome):
    """What pull counted of the feed."""
    return next(one.counts[FEED] for one in outcome.receipts if one.step == "pull")
