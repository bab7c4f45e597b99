"""Working days as the labour offices count them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.law import Law, load_law, working_days
from jendela.law.calendar import Calendar, local_date

LAW = load_law(None)
CALENDAR = LAW.calendar


def _after(start: date, n: int) -> date:
    return pl.DataFrame({"day": [start]}).select(CALENDAR.after(pl.col("day"), n)).item()


def test_fourteen_working_days_of_notice_from_the_agreed_example():
    """Notice delivered on 3 September 2026: the 14th working day is the 23rd, so the 24th is late enough."""
    assert working_days(date(2026, 9, 3), 14, CALENDAR, "Asia/Jakarta") == date(2026, 9, 23)


@pytest.mark.parametrize(
    ("effective", "seventh", "eighth"),
    [
        (date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 11)),  # a Tuesday, no holiday
        (date(2026, 9, 5), date(2026, 9, 15), date(2026, 9, 16)),  # a Saturday: the count begins on Monday
        (date(2026, 8, 14), date(2026, 8, 27), date(2026, 8, 28)),  # over 17 and 25 August
    ],
)
def test_seventh_and_eighth_working_day(effective: date, seventh: date, eighth: date):
    """The report is on time on the seventh working day and missing on the eighth."""
    assert working_days(effective, 7, CALENDAR, "Asia/Jakarta") == seventh
    assert working_days(effective, 8, CALENDAR, "Asia/Jakarta") == eighth


def test_joint_leave_never_decides_alone():
    """Over Eid 2026 joint leave lengthens a deadline and does not lengthen a minimum notice."""
    day = pl.DataFrame({"day": [date(2026, 3, 17)]})
    assert day.select(CALENDAR.after(pl.col("day"), 1)).item() == date(2026, 3, 25)
    assert day.select(CALENDAR.after_at_least(pl.col("day"), 1)).item() == date(2026, 3, 18)


def test_a_legal_date_is_local_and_never_converted():
    """00:30 on the 2nd in Jayapura (WIT) is still the 1st in Jakarta; a date stays what it is."""
    moment = datetime(2026, 9, 1, 15, 30, tzinfo=UTC)
    assert local_date(moment, "Asia/Jayapura") == date(2026, 9, 2)
    assert local_date(moment, "Asia/Jakarta") == date(2026, 9, 1)
    assert working_days(moment, 1, CALENDAR, "Asia/Jayapura") == date(2026, 9, 3)
    assert working_days(moment, 1, CALENDAR, "Asia/Jakarta") == date(2026, 9, 2)
    assert local_date(date(2026, 9, 1), "Asia/Jayapura") == date(2026, 9, 1)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.integers(1, 30))
def test_the_vectorised_count_is_the_plain_one(start: date, n: int):
    """Counting day by day and counting over a column agree, and the result is a day that is worked."""
    found = _after(start, n)
    assert found == working_days(start, n, CALENDAR, "Asia/Jakarta")
    assert found.isoweekday() <= 5
    assert found not in CALENDAR.generous


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.integers(1, 30))
def test_more_days_off_never_bring_a_deadline_forward(start: date, n: int):
    """A calendar without any holiday gives the earliest deadline."""
    plain = Calendar(())
    assert working_days(start, n, plain, "Asia/Jakarta") <= working_days(start, n, CALENDAR, "Asia/Jakarta")


def _count(start: date, end: date, *, certain: bool = False, week: int = 5) -> int:
    frame = pl.DataFrame({"start": [start], "end": [end]})
    calendar = CALENDAR.of_week(week)
    return frame.select(calendar.count(pl.col("start"), pl.col("end"), certain=certain)).item()


def test_a_period_of_notice_is_counted_from_the_day_after_delivery():
    """3 to 23 September 2026 are fourteen working days, in a six-day week 3 to 19 September."""
    assert _count(date(2026, 9, 3), date(2026, 9, 23)) == 14
    assert _count(date(2026, 9, 3), date(2026, 9, 22)) == 13
    assert _count(date(2026, 9, 3), date(2026, 9, 19), week=6) == 14
    assert _count(date(2026, 9, 3), date(2026, 9, 1)) == 0


def test_a_holiday_that_is_not_decided_is_no_certain_day_off():
    """25 August 2026, the Prophet's birthday, is provisional: with it there is one working day less."""
    assert _count(date(2026, 8, 20), date(2026, 8, 26)) == 3
    assert _count(date(2026, 8, 20), date(2026, 8, 26), certain=True) == 4


def test_a_week_has_five_or_six_working_days():
    """Another week is a mistake of the caller."""
    assert CALENDAR.of_week(6).week == (1, 2, 3, 4, 5, 6)
    with pytest.raises(ValueError, match="five or six"):
        CALENDAR.of_week(7)


def test_a_year_without_its_decree_says_so():
    """All days of 2027 are calculated; of 2028 none is known."""
    days = pl.DataFrame({"day": [date(2026, 12, 1), date(2027, 1, 4), date(2028, 1, 4)]})
    assert days.select(CALENDAR.undecreed(pl.col("day"), pl.col("day"))).to_series().to_list() == [
        False,
        True,
        True,
    ]


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2021, 3, 1), date(2027, 6, 1)), st.integers(1, 40), st.sampled_from([5, 6]))
def test_the_day_that_ends_a_period_gives_it_and_the_day_before_does_not(start: date, n: int, week: int):
    """Counting the days given and finding the earliest day are one rule read both ways."""
    calendar = CALENDAR.of_week(week)
    frame = pl.DataFrame({"start": [start]})
    earliest = frame.select(calendar.after_at_least(pl.col("start"), n)).item()
    assert _count(start, earliest, week=week) == n
    assert _count(start, earliest - timedelta(days=1), week=week) == n - 1


def test_what_is_not_decreed_is_marked():
    """Days after 2026 are fixed dates only, and say that they are provisional."""
    later = [holiday for holiday in CALENDAR.holidays if holiday.date > date(2026, 12, 31)]
    assert later
    assert all(holiday.status == "provisional" for holiday in later)


def test_the_calendar_has_every_year_since_the_law_began():
    """Fifteen national holidays at least in each covered year, and none twice."""
    dates = [holiday.date for holiday in CALENDAR.holidays]
    assert len(dates) == len(set(dates))
    for year in range(2021, 2028):
        national = [h for h in CALENDAR.holidays if h.date.year == year and h.kind == "national"]
        assert len(national) >= 15


def test_the_law_is_loaded_once_with_a_digest():
    """It is what a finding records."""
    assert isinstance(LAW, Law)
    assert len(LAW.digest) == 64
    assert timedelta(days=LAW.readings.wrk01.grace_days) == timedelta(days=30)
