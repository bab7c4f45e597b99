"""The completeness statement, counted by hand from what lies at the office."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from jendela.contracts.expected import Expected
from jendela.ingest import halted
from jendela.report import statement
from tests.ingest.conftest import FIRST
from tests.ingest.nights import CSV, drop, pulled

DAILY = Expected()


@pytest.fixture
def daily(office):
    """An office that owes two lists a day, each saying its day in its name."""
    for name in ("daftar", "lowongan"):
        office.agree(
            name, "snapshot", ("KPJ", "NAMA"), ["KPJ"], path=f"{name}_*.csv", options=CSV, transport="files"
        )
    return office


def extract(office, name, day, *lines):
    """The office's folder has the list of this day of March alone."""
    for old in office.folder.glob(f"{name}_*.csv"):
        old.unlink()
    drop(office, f"{name}_202603{day:02}.csv", *lines)


def stated(office):
    """By feed, its line of the statement of the last night."""
    known = SimpleNamespace(feeds=office.feeds, zone="Asia/Jakarta", expects=lambda _: DAILY)
    with office.hub.reading() as conn:
        night = office.nights[office.seq]
        told = statement.state(conn, night, {"bpjs": known}, (), FIRST, ())
    return {line["feed"].removeprefix("bpjs."): line for line in told["lines"]}, told


def test_old_lists_that_come_late_one_after_the_other_make_nobody_late(daily):
    """The list of the fourth is taken on the fifth; then an intern sends two older ones."""
    extract(daily, "lowongan", 1, "1;A")
    for day in (1, 1, 1, 4, 2, 3):
        extract(daily, "daftar", day, "1;A", f"{day};B")
        pulled(daily, "daftar", "lowongan")
    line = stated(daily)[0]["daftar"]
    assert (line["as_of"], line["late_since"], line["late_days"]) == ("2026-03-04", "2026-03-05", 2)


def test_what_came_in_the_night_has_come_though_a_catch_up_does_not_find_it_again(daily):
    """One list is caught up at noon; the other's file was moved away after the night had taken it."""
    extract(daily, "lowongan", 1, "1;A")
    pulled(daily, "lowongan")
    assert stated(daily)[0]["daftar"]["state"] == "late"
    extract(daily, "daftar", 1, "1;A")
    (daily.folder / "lowongan_20260301.csv").unlink()
    receipt = pulled(daily, "daftar", supplement=1)
    assert [item.feed for item in receipt.missing] == ["bpjs.lowongan"]
    lines, told = stated(daily)
    assert {name: line["state"] for name, line in lines.items()} == {"daftar": "came", "lowongan": "came"}
    assert (told["feeds"], told["silent"]) == ({"due": 2, "came": 2}, [])


def test_a_released_list_whose_landing_is_lost_is_asked_of_the_office_again(daily, caplog):
    """The disk lost it: no office's night ends of that, nothing is made up, and the guard looks anew."""
    extract(daily, "lowongan", 1, "1;A")
    extract(daily, "daftar", 1, *(f"{number};A" for number in range(10)))
    pulled(daily, "daftar", "lowongan")
    extract(daily, "daftar", 2, "1;A")
    pulled(daily, "daftar", "lowongan")
    (one,) = halted.decide(daily.hub, "bpjs.daftar", "released", "Ratna", "benar")
    whole = daily.hub.state / one.landing
    whole.write_bytes(whole.read_bytes()[:100])
    receipt = pulled(daily, "daftar", "lowongan")
    assert receipt.counts["bpjs.daftar"] == {"received": 1, "released": 0, "halted": 1}
    assert receipt.missing == ()
    assert "bpjs.daftar" in caplog.text
    halted.decide(daily.hub, "bpjs.daftar", "released", "Ratna", "benar")
    assert pulled(daily, "daftar", "lowongan").counts["bpjs.daftar"]["released"] == 1
