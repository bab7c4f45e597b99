"""Against what was planted: every discrepancy found, none invented, on each of several nights."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jendela.demo.advance import advance
from jendela.store import tables
from tests.night import truth

CODES = {
    "WRK-01", "PHK-02", "LET-01", "LET-02", "LET-07", "PES-01", "CLM-04", "ID-02",
    "CON-01", "CON-03", "CON-04", "PAY-01", "PAY-02", "PAY-03", "PAY-04",
    "MON-01", "MON-02", "MON-03", "MON-04", "TRN-01", "TRN-02", "PLC-01", "DSQ-01", "DSQ-02",
    "CLM-02", "CLM-03", "CLM-05", "CLM-06", "PES-02", "WRK-02", "WRK-03", "WRK-04",
    "EMP-01", "EMP-02", "EMP-03", "EMP-04", "EMP-06", "ID-01", "ID-03", "ID-04", "ID-05", "ID-06", "ID-07",
    "ID-08",
}  # fmt: skip


def test_the_first_night_finds_all_and_invents_nothing(second):
    """Every code that is planted occurs, and each is found exactly where it was."""
    with second.hub() as hub:
        compared = truth.compare(hub, second.folder, "2026-09-01")
    assert set(compared) == CODES
    for code, (missed, invented) in compared.items():
        assert (missed, invented) == ([], []), code


@pytest.mark.slow
def test_after_three_more_days_it_is_still_so(second):
    """Days pass: some are mended and close, new ones open, corrections and deletions arrive."""
    for _ in range(3):
        advance(second.folder)
        night = str(second.run().night.day)
        with second.hub() as hub:
            compared = truth.compare(hub, second.folder, night)
        for code, (missed, invented) in compared.items():
            assert (missed, invented) == ([], []), (night, code)
    with second.hub() as hub:
        closed = {code for code, _ in truth.discrepancies(hub, state="closed")}
    assert "ID-01" in closed


def test_what_no_contract_allows_is_held_and_nothing_else(second):
    """The rows that were planted to be held are those that are held."""
    with second.hub() as hub:
        known = truth.records(hub)
        with hub.reading() as conn:
            held = {known[record] for record in conn.execute(select(tables.held_row.c.record_id)).scalars()}
    planted = {truth.key_of(row) for row in truth.read(second.folder, "rows.csv")}
    assert held == planted


def test_an_obligation_for_every_resignation_without_its_statement(second):
    """A resignation: HI owes no letter, BPJS needs one; open until it is there."""
    owed = {
        truth.key_of(row) for row in truth.read(second.folder, "obligations.csv") if not row["until_night"]
    }
    with second.hub() as hub:
        known = truth.records(hub)
        said = select(tables.obligation.c.fact_id, tables.record_fact.c.record_id).join(
            tables.record_fact, tables.obligation.c.fact_id == tables.record_fact.c.fact_id
        )
        with hub.reading() as conn:
            found = conn.execute(said.where(tables.obligation.c.state == "open")).all()
    records: dict[str, set[truth.Key]] = {}
    for row in found:
        records.setdefault(row.fact_id, set()).add(known[row.record_id])
    at_bpjs = [{key for key in keys if key[0] == "bpjs"} for keys in records.values()]
    assert all(len(keys) == 1 for keys in at_bpjs)
    assert {key for keys in at_bpjs for key in keys} == owed
