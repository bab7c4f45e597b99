"""PHK-02: deactivated at BPJS as dismissed, and the office was told nothing."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import reporting

ENDED = date(2026, 8, 27)  # a Thursday; the seventh working day is 7 September, the eighth the 8th


@pytest.fixture
def dismissed(register):
    """Siti was dismissed at a workplace in Karawang."""
    return register.add(
        "bpjs", "employment", "b1", workplace_region="3215", end_cause="TERMINATION", end_date=ENDED
    )


@pytest.mark.parametrize(("day", "opens"), [(date(2026, 9, 7), []), (date(2026, 9, 8), [["b1"]])])
def test_it_opens_on_the_eighth_working_day(dismissed, day, opens):
    """On the seventh the report would still be on time."""
    assert dismissed.opens(reporting.find, day) == opens


def test_holidays_are_not_counted_and_joint_leave_does_not_decide(register):
    """The end lies before Eid 2026: national holidays and joint leave both move the eighth working day."""
    register.add(
        "bpjs",
        "employment",
        "b1",
        workplace_region="3215",
        end_cause="TERMINATION",
        end_date=date(2026, 3, 13),
    )
    assert register.opens(reporting.find, date(2026, 3, 31)) == []
    assert register.opens(reporting.find, date(2026, 4, 1)) == [["b1"]]


def test_the_date_is_local_in_jayapura(register):
    """East of everything (WIT) the legal date is the same date: it is never converted to Jakarta's."""
    register.add("bpjs", "employment", "b1", workplace_region="9171", end_cause="TERMINATION", end_date=ENDED)
    assert register.opens(reporting.find, date(2026, 9, 7)) == []
    (case,) = [case for case in register.ask(reporting.find, date(2026, 9, 8)) if case["found"]]
    assert case["office"] == "dinas_9171"
    assert case["side_a"]["value"] == "TERMINATION 2026-08-27"
    assert case["regime"] == "permenaker-2-2025"


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"effective_date": ENDED}, []),
        ({"effective_date": None}, []),
        ({"effective_date": date(2026, 10, 20)}, []),  # 54 days off: a mistyped month, not another dismissal
        ({"effective_date": date(2025, 8, 27)}, [["b1"]]),  # another dismissal, a year before
        ({"effective_date": ENDED, "firm": None}, []),  # an unknown employer contradicts nothing
        ({"effective_date": ENDED, "firm": "jaya"}, [["b1"]]),
        ({"effective_date": ENDED, "person": "ani"}, [["b1"]]),
    ],
)
def test_which_report_is_about_this_end(dismissed, fields, opens):
    """Same person, same employer as far as known, and a date near the end of the spell."""
    dismissed.add("dinas_3215", "termination_case", "c1", **fields)
    assert dismissed.opens(reporting.find, date(2026, 11, 2)) == opens


def test_a_report_at_another_office_counts(dismissed):
    """The employer reported, if to the wrong counter."""
    dismissed.add("dinas_6471", "termination_case", "c1", effective_date=ENDED)
    (case,) = dismissed.ask(reporting.find, date(2026, 11, 2))
    assert case["closing"] == "dinas_6471.termination_case: a report, record c1"


@pytest.mark.parametrize("region", ["7371", None])
def test_without_a_competent_office_nothing_is_concluded(register, region):
    """Makassar is not configured here; and of an unknown workplace nobody is competent."""
    register.add("bpjs", "employment", "b1", workplace_region=region, end_cause="TERMINATION", end_date=ENDED)
    assert register.ask(reporting.find, date(2026, 11, 2)) == []


def test_a_silent_office_proves_nothing(dismissed):
    """Its own silence withholds the finding, another office's does not."""
    dismissed.silent = {"dinas_3215"}
    assert dismissed.opens(reporting.find, date(2026, 11, 2)) == []
    dismissed.silent = {"dinas_6471"}
    assert dismissed.opens(reporting.find, date(2026, 11, 2)) == [["b1"]]


@pytest.mark.parametrize("cause", ["RESIGNATION", "CONTRACT_END", "RETIREMENT", "DEATH", "UNKNOWN"])
def test_who_was_not_dismissed_needs_no_report(register, cause):
    """UU 13/2003 Pasal 151A."""
    register.add("bpjs", "employment", "b1", workplace_region="3215", end_cause=cause, end_date=ENDED)
    assert register.ask(reporting.find, date(2026, 11, 2)) == []
