"""WRK-02: at BPJS, not in WLKP under this employer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import unreported

REGISTERED = date(2026, 7, 1)
TONIGHT = date(2026, 9, 1)


@pytest.fixture
def tono(register):
    """Tono is registered with BPJS since 1 July by an employer whom WLKP knows."""
    register.add("kemnaker", "employer", "e1", person=None)
    return register.add(
        "bpjs", "employment", "b1", "tono", registered_date=REGISTERED, start_date=date(2026, 6, 29)
    )  # fmt: skip


@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["b1"]])])
def test_thirty_days_of_grace(tono, days, opens):
    """As long as for the other way round."""
    assert tono.opens(unreported.find, REGISTERED + timedelta(days=days)) == opens


def test_an_employer_that_wlkp_does_not_know_is_another_matter(tono):
    """EMP-02."""
    tono.rows["employer"].clear()
    assert tono.ask(unreported.find, TONIGHT) == []


def test_a_row_of_the_same_employment_closes_it(tono):
    """It names itself."""
    tono.rows["employment"][0]["fact_id"] = "f1"
    tono.add("kemnaker", "employment", "w1", "tono", fact="f1")
    (case,) = tono.ask(unreported.find, TONIGHT)
    assert (case["found"], case["closing"]) == (
        False,
        "kemnaker.employment: an employment in WLKP, record w1",
    )


def test_what_has_ended_needs_no_report_any_more(tono):
    """It ends with the spell."""
    tono.rows["employment"][0]["end_date"] = date(2026, 8, 14)
    (case,) = tono.ask(unreported.find, TONIGHT)
    assert (case["found"], case["closing"]) == (False, "the employment has ended")


@pytest.mark.parametrize(("days", "opens"), [(7, []), (-7, []), (8, [["b1"]])])
def test_somebody_whom_bpjs_lacks_may_be_the_same_worker(tono, days, opens):
    """WLKP has a Tonno who began within a week: WRK-01 asks for him, and one of the two is no finding."""
    start = date(2026, 6, 29) + timedelta(days=days)
    tono.add("kemnaker", "employment", "w1", "tonno", start_date=start)
    assert tono.opens(unreported.find, TONIGHT) == opens


def test_the_silence_of_the_ministry_proves_nothing(tono):
    """Its list did not come tonight."""
    tono.silent.add(("kemnaker", "employment"))
    assert tono.opens(unreported.find, TONIGHT) == []


def test_a_pair_under_review_waits(tono):
    """WLKP has somebody at this employer who may be Tono, since years."""
    tono.add("kemnaker", "employment", "w1", "tonno", start_date=date(2020, 1, 1))
    tono.review.append(("tono", "tonno"))
    assert tono.opens(unreported.find, TONIGHT) == []
