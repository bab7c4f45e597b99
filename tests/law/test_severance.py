"""What a termination costs at least: the agreed vectors, the edges of the tables, who is judged at all."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.law import load_law
from jendela.law.severance import severance_minimum
from jendela.law.spans import completed_months, completed_years, months_worked

LAW = load_law(None)
with (Path(__file__).parent / "severance_vectors.csv").open(encoding="utf-8") as _file:
    VECTORS = list(csv.DictReader(_file))
PERMANENT = {
    "start_date": date(2016, 1, 1),
    "effective_date": date(2026, 1, 1),
    "contract_end_date": None,
    "contract_type": "PKWTT",
    "citizenship": "WNI",
    "enterprise_size": "BESAR",
    "reason_code": "R47",
    "last_wage_basic": Decimal(5_000_000),
    "fixed_allowance": Decimal(0),
    "wage_period": "MONTHLY",
    "working_days_per_week": None,
}
SCHEMA = {
    "start_date": pl.Date,
    "effective_date": pl.Date,
    "reason_code": pl.String,
    "contract_end_date": pl.Date,
    "last_wage_basic": pl.Decimal(17, 2),
    "fixed_allowance": pl.Decimal(17, 2),
    "working_days_per_week": pl.Int64,
}
TERM = {
    "contract_type": "PKWT",
    "reason_code": "RPK1",
    "start_date": date(2025, 1, 1),
    "effective_date": date(2025, 12, 31),
    "contract_end_date": date(2025, 12, 31),
}


def least(**changes: object) -> dict[str, object]:
    """The minimum of one letter."""
    frame = pl.DataFrame([PERMANENT | changes], schema_overrides=SCHEMA)
    return severance_minimum(frame, LAW).row(0, named=True)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["story"] for vector in VECTORS])
def test_severance_and_long_service_pay(vector):
    """The vectors of the domain, and both sides of the steps of both tables."""
    found = least(
        start_date=date.fromisoformat(vector["start_date"]),
        effective_date=date.fromisoformat(vector["effective_date"]),
        reason_code=vector["reason_code"],
        last_wage_basic=Decimal(vector["wage"]),
    )
    assert found["severance_minimum"] == Decimal(vector["severance"])
    assert found["upmk_minimum"] == Decimal(vector["upmk"])
    assert found["pkwt_minimum"] is None


def test_the_wage_is_basic_and_fixed_allowance():
    """4.8 and 0.2 million are five; a variable allowance does not count."""
    found = least(last_wage_basic=Decimal(4_800_000), fixed_allowance=Decimal(200_000))
    assert found["severance_minimum"] == Decimal(22_500_000)


@pytest.mark.parametrize(("week", "month"), [(6, 5_000_000), (5, 4_200_000), (None, 4_200_000)])
def test_pay_by_the_day_is_25_or_21_days_a_month(week, month):
    """Six days a week or five; where the workplace has not said, five, which is the lower."""
    found = least(wage_period="DAILY", last_wage_basic=Decimal(200_000), working_days_per_week=week)
    assert found["wage_base"] == month


@pytest.mark.parametrize(
    ("changes", "months"),
    [
        ({}, 12),
        ({"effective_date": date(2026, 1, 1)}, 12),  # told a day late: the contract still ended on the 31st
        ({"contract_end_date": date(2025, 6, 30), "effective_date": date(2025, 6, 30)}, 6),
        ({"effective_date": date(2025, 8, 14), "reason_code": "RPK3"}, 7),  # seven months, and a part of one
        ({"effective_date": date(2025, 1, 30), "reason_code": "RPK4"}, 0),  # not yet a month: nothing is due
        ({"start_date": date(2023, 1, 1)}, 36),
        (
            {"start_date": date(2019, 1, 1), "contract_end_date": date(2021, 11, 1)},
            12,
        ),  # from 2 November 2020
        ({"contract_type": "ALIH_DAYA"}, 12),
        ({"contract_type": "HARIAN_LEPAS"}, 12),
    ],
)
def test_the_end_of_a_fixed_term(changes, months):
    """Completed months by twelve; what ended early is paid for the part worked."""
    if "contract_end_date" in changes:
        changes = {"effective_date": changes["contract_end_date"]} | changes
    found = least(**TERM | changes)
    assert found["pkwt_minimum"] == (Decimal(5_000_000) * months / 12).quantize(Decimal("0.01"))
    assert (found["severance_minimum"], found["upmk_minimum"]) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"enterprise_size": "MIKRO"},
        {"enterprise_size": "KECIL"},
        {"reason_code": "RMUT"},
        {"reason_code": "R55T"},
        {"reason_code": None},
        {"effective_date": date(2021, 2, 1)},
        {"last_wage_basic": None},
        {"start_date": None},
    ],
    ids=lambda changes: next(f"{key}={value}" for key, value in changes.items()),
)
def test_where_the_law_lays_down_nothing_nothing_is_compared(changes):
    """By agreement (Pasal 59), no multipliers, before the law, or a fact is missing."""
    found = least(**changes)
    assert (found["severance_minimum"], found["upmk_minimum"]) == (None, None)


def test_a_foreigner_has_no_compensation_for_a_fixed_term():
    """PP 35/2021 Pasal 15(5)."""
    assert least(**TERM | {"citizenship": "WNA"})["pkwt_minimum"] is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 420), st.sampled_from(["R47", "R432", "R56", "R57"]), st.integers(1, 10**9))
def test_longer_service_never_costs_less(months, reason, wage):
    """Both tables rise, whatever the reason and the wage."""
    start = date(2026, 1, 1) - timedelta(days=months * 30)
    changes = {"reason_code": reason, "last_wage_basic": Decimal(wage)}
    shorter = least(start_date=start, **changes)
    longer = least(start_date=start - timedelta(days=365), **changes)
    assert longer["severance_minimum"] >= shorter["severance_minimum"]
    assert longer["upmk_minimum"] >= shorter["upmk_minimum"]


@settings(deadline=None, max_examples=80)
@given(st.dates(date(1960, 1, 1), date(2030, 12, 31)), st.dates(date(1960, 1, 1), date(2030, 12, 31)))
def test_completed_months_and_years_are_as_people_count(one, other):
    """Against counting up month by month; the last day itself is counted when it was worked."""
    start, end = min(one, other), max(one, other)
    frame = pl.DataFrame({"start": [start], "end": [end]})
    found = frame.select(
        months=completed_months(pl.col("start"), pl.col("end")),
        years=completed_years(pl.col("start"), pl.col("end")),
        worked=months_worked(pl.col("start"), pl.col("end")),
    ).row(0, named=True)
    whole = 0
    while _reached(start, whole + 1, end):
        whole += 1
    assert found["months"] == whole
    assert found["years"] == end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    assert found["worked"] in {whole, whole + 1}


def _reached(start: date, months: int, end: date) -> bool:
    """Whether the day of the month has come again so many times."""
    year, month = divmod(start.month - 1 + months, 12)
    return (start.year + year, month + 1, start.day) <= (end.year, end.month, end.day)
