"""Twelve labour offices in a night, through every transport: all that was planted is found, and no more."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.country import country
from jendela.demo.serve import serving
from jendela.store import tables
from tests.night import truth
from tests.night.conftest import Demo

WORKERS, SEED = 300, 7
DAYS = 3
OFFLINE = "dinas_7371"


@pytest.mark.slow
def test_four_nights_over_twelve_offices(tmp_path):
    """Each night: only the offline office is missing, every planted defect is found, only bad rows are held;
    every other office acknowledges, in its own inbox, what it was sent."""
    folder = tmp_path / "demo"
    write(folder, WORKERS, SEED, "all")
    with serving(folder):
        demo = Demo(folder)
        acknowledged = Counter()
        for day in range(DAYS + 1):
            if day:
                advance(folder)
            outcome = demo.run()
            assert {missing.office for missing in outcome.missing} == {OFFLINE}
            night = str(outcome.night.day)
            for receipt in outcome.receipts:
                if receipt.step == "deliver":
                    answers = (counts.get("acknowledged", 0) for counts in receipt.counts.values())
                    acknowledged[receipt.scope] += sum(answers)
            with demo.hub() as hub:
                for code, (missed, invented) in truth.compare(hub, folder, night).items():
                    assert (missed, invented) == ([], []), (night, code)
                if day == 0:
                    assert held(hub) == {truth.key_of(row) for row in truth.read(folder, "rows.csv")}
    # On the day of the job fair Bandung brings forty times what it usually does: that waits for a person.
    pulled = {name: counts for r in outcome.receipts if r.step == "pull" for name, counts in r.counts.items()}
    halted = {name: counts["halted"] for name, counts in pulled.items() if counts.get("halted")}
    assert list(halted) == ["dinas_3273.pencari_kerja"]
    assert halted["dinas_3273.pencari_kerja"] >= 80
    for office in country("all").offices:
        assert (acknowledged[office] > 0) == (office != OFFLINE), office


def held(hub):
    """The source rows that are held, by their natural keys."""
    known = truth.records(hub)
    with hub.reading() as conn:
        return {known[record] for record in conn.execute(select(tables.held_row.c.record_id)).scalars()}
