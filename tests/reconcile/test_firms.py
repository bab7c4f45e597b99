"""EMP-01, EMP-02: employers that one of the two bodies does not have."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import firms

REGISTERED = date(2026, 7, 1)
TONIGHT = date(2026, 9, 1)
SIDES = [("kemnaker", "EMP-01", "bpjs"), ("bpjs", "EMP-02", "kemnaker")]


def firm(register, office, record="e1", **fields):
    """An employer as one of the two has it."""
    known = {"nib": "9120001234567", "status": "ACTIVE", "registered_date": REGISTERED, **fields}
    return register.add(office, "employer", record, person=None, **known)


@pytest.mark.parametrize(("here", "code", "_there"), SIDES)
@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["e1"]])])
def test_thirty_days_after_the_registration(register, here, code, _there, days, opens):
    """On the thirtieth day nothing is wrong yet."""
    assert firm(register, here).opens(firms.find, REGISTERED + timedelta(days=days), code) == opens


@pytest.mark.parametrize(("here", "code", "there"), SIDES)
def test_a_record_or_a_worker_there_is_the_answer(register, here, code, there):
    """Whichever was known first names itself."""
    firm(register, here)
    register.add(there, "employment", "w1")
    (case,) = register.ask(firms.find, TONIGHT, code)
    assert (case["found"], case["closing"]) == (False, f"{there}.employment: known there, record w1")
    register.rows["employment"].clear()
    firm(register, there, "e2")
    assert register.opens(firms.find, TONIGHT) == []


@pytest.mark.parametrize(("here", "code", "there"), SIDES)
def test_silence_proves_nothing(register, here, code, there):
    """Neither of its employers nor of its workers."""
    firm(register, here)
    for entity in ("employer", "employment"):
        register.silent = {(there, entity)}
        assert register.opens(firms.find, TONIGHT, code) == []


@pytest.mark.parametrize(
    ("status", "opens"), [("CLOSED", []), ("BANKRUPT", []), ("PKPU", [["e1"]]), (None, [["e1"]])]
)
def test_who_is_closed_owes_nothing(register, status, opens):
    """A debtor under a moratorium (PKPU) still employs."""
    assert firm(register, "kemnaker", status=status).opens(firms.find, TONIGHT) == opens


def test_an_employer_without_any_number_cannot_be_looked_for(register):
    """Names alone are written in too many ways."""
    assert firm(register, "kemnaker", nib=None).ask(firms.find, TONIGHT) == []
