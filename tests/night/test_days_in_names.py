"""Files that say their day wrongly in their name: the night ends, and no later night suffers from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

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
