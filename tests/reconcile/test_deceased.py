"""ID-08: dead by one record, active by another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import deceased

DIED = date(2026, 7, 1)
TONIGHT = date(2026, 9, 1)


def died(register, **more):
    """A spell that ended by death."""
    return register.add("bpjs", "employment", "b1", end_cause="DEATH", end_date=DIED, **more)


@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["b1", "w1"]])])
def test_thirty_days_after_the_death(register, days, opens):
    """Another employment that goes on."""
    died(register).add("kemnaker", "employment", "w1")
    assert register.opens(deceased.find, DIED + timedelta(days=days)) == opens


@pytest.mark.parametrize(
    ("entity", "office", "fields", "opens"),
    [
        ("employment", "kemnaker", {"end_date": DIED + timedelta(days=30)}, False),
        ("employment", "kemnaker", {"end_date": DIED + timedelta(days=31)}, True),
        ("pes_registration", "kemnaker", {"status": "ACTIVE"}, True),
        ("pes_registration", "kemnaker", {"status": "CLOSED"}, False),
        ("claim", "bpjs", {"status": "FILED", "filed_date": DIED + timedelta(days=1)}, True),
        ("claim", "bpjs", {"status": "FILED", "filed_date": DIED}, False),
        ("claim", "bpjs", {"status": "WITHDRAWN", "filed_date": DIED + timedelta(days=1)}, False),
    ],
)
def test_what_is_active(register, entity, office, fields, opens):
    """A spell that ran on, a registration, a later claim; and not if its holder was not heard."""
    died(register).add(office, entity, "x1", **fields)
    assert register.opens(deceased.find, TONIGHT) == ([["b1", "x1"]] if opens else [])
    register.silent = {office}
    assert register.opens(deceased.find, TONIGHT) == []


@pytest.mark.parametrize(
    ("office", "entity", "fields"),
    [
        ("dinas_3215", "termination_letter", {"letter_type": "DEATH", "effective_date": DIED}),
        ("dinas_3215", "termination_case", {"reason_code": "R57", "effective_date": DIED}),
        ("kemnaker", "disqualification_notice", {"reason": "DIED", "sent_date": DIED}),
    ],
)
def test_what_tells_of_a_death(register, office, entity, fields):
    """A letter, a report, a notice."""
    register.add(office, entity, "d1", **fields).add("bpjs", "employment", "b1")
    assert register.opens(deceased.find, TONIGHT) == [["b1", "d1"]]


def test_a_mark_at_the_name_counts_from_the_day_it_was_read(register):
    """Beside what the same record says: the name is known by its rule, not by itself."""
    register.add("kemnaker", "employment", "w1", noted=["N-ALM"])
    assert register.opens(deceased.find, TONIGHT) == []
    assert register.opens(deceased.find, TONIGHT + timedelta(days=31)) == [["w1", "w1"]]
