"""When something is late: in the office's own days, by its own clock, whatever zone the night starts in."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.contracts.expected import DAILY, Expected, covered_by, fell_due, night_start, owed
from jendela.law import load_law
from jendela.model.errors import AgreementError

HERE = Path(__file__).resolve().parents[2]
WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
HOLIDAYS = frozenset(load_law(None).calendar.generous)


def copy_agreements(folder):
    """A copy of the agreements that a test may change."""
    for part in ("schemas", "mappings"):
        shutil.copytree(HERE / part, folder / part, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def day(number, month=9):
    """A day of 2026."""
    return date(2026, month, number)


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_by_default_each_day_is_due_when_the_next_night_starts(zone):
    """01:00 in Jakarta is 03:00 in Jayapura: the same date, and the day before is over everywhere."""
    assert covered_by(day(2), zone) == day(1)
    assert owed(DAILY, zone, HOLIDAYS, day(1), day(2)) == ()
    assert owed(DAILY, zone, HOLIDAYS, day(1), day(4)) == (day(2), day(3))
    assert fell_due(DAILY, zone, HOLIDAYS, day(1), day(2)) == (day(1),)


def test_a_time_is_the_offices_own():
    """At 02:30 in the night after: in Jayapura that is 00:30 in Jakarta, before the night; in Medan after."""
    early = Expected(by=time(2, 30), after_days=1)
    assert owed(early, WIT, HOLIDAYS, day(1), day(3)) == (day(2),)
    assert owed(early, WITA, HOLIDAYS, day(1), day(3)) == ()
    assert owed(early, WIB, HOLIDAYS, day(1), day(3)) == ()
    assert owed(early, WIB, HOLIDAYS, day(1), day(4)) == (day(2),)


def test_working_days_pass_over_weekends_and_holidays():
    """17 August 2026 is a Monday and a national holiday: from Friday to Tuesday's night nothing is late."""
    office = Expected("working_days")
    friday, tuesday = day(14, 8), day(18, 8)
    assert owed(office, WIB, HOLIDAYS, friday, tuesday) == ()
    assert owed(office, WIB, HOLIDAYS, friday, day(19, 8)) == (tuesday,)
    assert fell_due(office, WIB, HOLIDAYS, day(16, 8), day(17, 8)) == ()


def test_named_days_and_a_day_of_the_month():
    """Mondays and Thursdays; the 31st, which in September is the 30th."""
    twice = Expected("weekdays", weekdays=(1, 4))
    assert owed(twice, WITA, HOLIDAYS, day(1), day(15)) == (day(3), day(7), day(10), day(14))
    monthly = Expected("month_day", month_day=31, by=time(16), after_days=2)
    assert owed(monthly, WIB, HOLIDAYS, day(1), day(2, 10)) == ()
    assert owed(monthly, WIB, HOLIDAYS, day(1), day(3, 10)) == (day(30),)


def test_a_night_starts_at_one_in_jakarta():
    """Written with its offset, as the schedule of the DAG has it."""
    assert night_start(day(1)).isoformat() == "2026-09-01T01:00:00+07:00"


def told(root, said):
    """Karawang's office.yaml with that in the place of its calendar."""
    file = root / "mappings" / "dinas_3215" / "office.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("expected:")]
    assert len(kept) == len(lines) - 1
    file.write_text("".join(kept) + said, encoding="utf-8")


def test_an_office_without_the_key_is_expected_daily():
    """The two central bodies, whose programs run every day."""
    offices = load_agreements(None).offices
    assert all(
        offices[name].expects(feed) == DAILY for name in ("bpjs", "kemnaker") for feed in offices[name].feeds
    )


def test_labour_offices_work_from_monday_to_friday():
    """Every one has its calendar; one sends its letters by bundles, and is waited for some days longer."""
    offices = {name: office for name, office in load_agreements(None).offices.items() if office.region}
    assert len(offices) == 12
    waits = {name: office.expected.after_days for name, office in offices.items()}
    assert all(office.expected.on == "working_days" and office.expected.by for office in offices.values())
    assert {name: days for name, days in waits.items() if days} == {"dinas_9171": 4}


def test_the_calendar_of_an_office_and_of_one_of_its_feeds(tmp_path):
    """As it is written in office.yaml; `on` is a text there, not YAML's old word for true."""
    root = copy_agreements(tmp_path)
    said = (
        "expected:\n  on: working_days\n  by: '16:30'\n  feeds:\n"
        "    dinas_3215.pencari_kerja: {on: [monday, thursday], by: '09:00', after_days: 1}\n"
        "    dinas_3215.surat_tembusan: {on: {month_day: 5}}\n"
    )
    told(root, said)
    office = load_agreements(root).offices["dinas_3215"]
    assert office.expects("dinas_3215.laporan_phk") == Expected("working_days", by=time(16, 30))
    assert office.expects("dinas_3215.pencari_kerja") == Expected(
        "weekdays", weekdays=(1, 4), by=time(9), after_days=1
    )
    assert office.expects("dinas_3215.surat_tembusan") == Expected("month_day", month_day=5)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("expected: {on: weekly}", "expected.on"),
        ("expected: {by: '25:00'}", "expected.by"),
        ("expected: {feeds: {dinas_3215.laporan: {on: daily}}}", "dinas_3215.laporan: is not a feed"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(tmp_path, said, words):
    """File, line and key are named."""
    root = copy_agreements(tmp_path)
    told(root, f"{said}\n")
    with pytest.raises(AgreementError, match=r"mappings/dinas_3215/office.yaml:\d+") as error:
        load_agreements(root)
    assert words in str(error.value)
