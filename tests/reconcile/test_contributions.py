"""CON-01, CON-03, CON-04: months in arrears at the end, a wage raised before it, months after it."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import contributions
from tests.reconcile.beneficiaries import TONIGHT

ENDED = date(2026, 5, 20)


@pytest.fixture
def spell(register):
    """Rudi was dismissed on 20 May 2026; April was due on 15 May, May is not due yet."""
    return register.add(
        "bpjs", "employment", "b1", "rudi",
        start_date=date(2020, 2, 3), end_date=ENDED, end_cause="TERMINATION",
    )  # fmt: skip


def months(register, unpaid=(), wages=None, upto=5):
    """The months of 2026 up to `upto`, paid but for some."""
    for month in range(1, upto + 1):
        register.add(
            "bpjs", "contribution", f"m{month}", "rudi", spell_record="b1",
            contribution_month=f"2026-{month:02d}", wage=(wages or {}).get(month, 4_000_000),
            paid_date=None if month in unpaid else date(2026, month, 28),
        )  # fmt: skip
    return register


@pytest.mark.parametrize(
    ("unpaid", "opens"),
    [
        ((2, 3, 4), []),  # three months: the programme pays
        ((1, 2, 3, 4), [["b1"]]),  # four: the employer pays first
        ((2, 3, 4, 5), []),  # May was not due when the employment ended
        ((1, 3, 4), []),  # February was paid: not in a row
    ],
)
def test_more_than_three_consecutive_months_that_were_due(spell, unpaid, opens):
    """Pasal 39: up to three the programme bears."""
    assert months(spell, unpaid).opens(contributions.find, TONIGHT, "CON-01") == opens


def test_the_day_a_month_falls_due_counts(spell):
    """Dismissed on 15 May, the day on which April falls due; on 14 May it is not due yet."""
    months(spell, (1, 2, 3, 4))
    spell.rows["employment"][0]["end_date"] = date(2026, 5, 15)
    assert spell.opens(contributions.find, TONIGHT, "CON-01") == [["b1"]]
    spell.rows["employment"][0]["end_date"] = date(2026, 5, 14)
    assert spell.opens(contributions.find, TONIGHT, "CON-01") == []


def test_a_month_that_is_not_reported_ends_the_row(spell):
    """Nothing is known of February: nothing is concluded beyond it."""
    months(spell, (1, 2, 3, 4))
    spell.rows["contribution"] = [row for row in spell.rows["contribution"] if row["record_id"] != "m2"]
    assert spell.opens(contributions.find, TONIGHT, "CON-01") == []


def test_arrears_under_the_old_law_are_not_judged(spell):
    """Before 7 February 2025 no regime gives the number of months."""
    months(spell, (1, 2, 3, 4))
    spell.rows["employment"][0]["end_date"] = date(2025, 2, 6)
    for row in spell.rows["contribution"]:
        number = int(row["contribution_month"][-2:])
        row["contribution_month"] = ["2024-09", "2024-10", "2024-11", "2024-12", "2025-01"][number - 1]
    assert spell.opens(contributions.find, TONIGHT, "CON-01") == []
    spell.rows["employment"][0]["end_date"] = date(2025, 2, 7)
    assert len(spell.ask(contributions.find, TONIGHT, "CON-01")) == 1


def test_paying_closes_it_and_both_sides_are_told(spell):
    """The spell, and the first of the months in the row."""
    months(spell, (1, 2, 3, 4))
    (case,) = spell.ask(contributions.find, TONIGHT, "CON-01")
    assert (case["side_a"]["record_id"], case["side_b"]["value"]) == ("b1", "2026-01, -")
    assert case["regime"] == "pp-6-2025"
    spell.rows["contribution"][0]["paid_date"] = TONIGHT
    (case,) = spell.ask(contributions.find, TONIGHT, "CON-01")
    assert (case["found"], case["closing"]) == (False, "unpaid at the end: 3 months in a row")


@pytest.mark.parametrize(
    ("wages", "opens"),
    [
        ({1: 4_000_000, 2: 4_000_000, 3: 6_000_000, 4: 6_000_000, 5: 6_000_000}, []),  # 50 %
        ({1: 4_000_000, 2: 4_000_000, 3: 4_000_000, 4: 4_000_000, 5: 6_000_001}, [["b1"]]),
        ({1: 3_000_000, 2: 4_000_000, 3: 5_000_000, 4: 6_000_000, 5: 7_000_000}, [["b1"]]),  # in steps
        ({1: 2_000_000, 2: 6_000_000, 3: 6_000_000, 4: 6_000_000, 5: 6_000_000}, []),  # four months before
        ({1: 6_000_000, 2: 3_000_000, 3: 6_000_000, 4: 6_000_000, 5: 6_000_000}, []),  # half of one
        ({1: 6_000_000, 2: 6_000_000, 3: 3_000_000, 4: 6_000_000, 5: 6_000_000}, []),  # half a month
    ],
)  # fmt: skip
def test_a_wage_raised_by_more_than_half_within_three_months(spell, wages, opens):
    """March, April and May are the last three months; January and February what they are compared with."""
    assert months(spell, wages=wages).opens(contributions.find, TONIGHT, "CON-03") == opens


def test_someone_who_resigned_inflates_no_benefit(spell):
    """The causes are a reading: here dismissals."""
    spell.rows["employment"][0]["end_cause"] = "RESIGNATION"
    months(spell, wages={5: 9_000_000})
    assert spell.opens(contributions.find, TONIGHT, "CON-03") == []


def test_a_month_after_that_of_the_end(spell):
    """May is the month of the end; June is after it, once it is paid."""
    months(spell, upto=5)
    assert spell.opens(contributions.find, TONIGHT, "CON-04") == []
    months(spell, upto=6, unpaid=(6,))
    assert spell.opens(contributions.find, TONIGHT, "CON-04") == []
    spell.rows["contribution"][-1]["paid_date"] = date(2026, 7, 12)
    assert spell.opens(contributions.find, TONIGHT, "CON-04") == [["b1"]]


def test_a_worker_who_moved_on_within_the_firm_pays_on(spell):
    """BPJS closes a spell as moved: the contributions go on elsewhere, and may cross."""
    spell.rows["employment"][0]["end_cause"] = "MOVED"
    assert months(spell, upto=6).opens(contributions.find, TONIGHT, "CON-04") == []
