"""Working days: local dates, national holidays out, joint leave (cuti bersama) never decides alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from jendela.law.files import Strict, parse_csv
from jendela.law.regimes import Evidence

MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
WEEKS = {5: MONDAY_TO_FRIDAY, 6: (*MONDAY_TO_FRIDAY, 6)}
"""The ISO week days worked, by how many they are: Monday to Friday, or to Saturday."""


class Holiday(Strict):
    """One day off of the yearly joint decree of three ministers; `provisional` until it is confirmed."""

    date: date
    kind: Literal["national", "joint_leave"]
    status: Literal["decided", "provisional"]
    evidence: Evidence
    label_id: str
    label_en: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """The days off, and the ISO week days that are worked."""

    holidays: tuple[Holiday, ...]
    week: tuple[int, ...] = MONDAY_TO_FRIDAY

    @cached_property
    def generous(self) -> tuple[date, ...]:
        """All days off. A deadline counted with these is the latest that any reading gives."""
        return tuple(holiday.date for holiday in self.holidays)

    @cached_property
    def strict(self) -> tuple[date, ...]:
        """National holidays only: joint leave counted as worked."""
        return tuple(holiday.date for holiday in self.holidays if holiday.kind == "national")

    @cached_property
    def certain(self) -> tuple[date, ...]:
        """National holidays that are decided: no later decree adds or moves one of these."""
        return tuple(
            holiday.date
            for holiday in self.holidays
            if holiday.kind == "national" and holiday.status == "decided"
        )

    @cached_property
    def decreed_years(self) -> tuple[int, ...]:
        """The years whose decree is loaded: at least one day of them is decided."""
        return tuple(sorted({holiday.date.year for holiday in self.holidays if holiday.status == "decided"}))

    def of_week(self, days: int) -> Calendar:
        """The same days off at a workplace that works five or six days a week.

        Raises:
            ValueError: a week of another length.
        """
        if days not in WEEKS:
            raise ValueError("a working week has five or six days")
        return replace(self, week=WEEKS[days])

    def count(self, start: pl.Expr, end: pl.Expr, *, certain: bool = False) -> pl.Expr:
        """The working days after each `start` up to and with `end`; 0 where `end` is earlier.

        For a minimum period: the day of `start` is not counted and joint leave counts as worked. With
        `certain` only holidays that are decided are days off, which gives the most days.
        """
        day = pl.duration(days=1)
        return pl.business_day_count(
            start + day, end + day, week_mask=self._mask, holidays=self.certain if certain else self.strict
        ).clip(0)

    def undecreed(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Whether either date lies in a year whose decree is not loaded."""
        return ~(start.dt.year().is_in(self.decreed_years) & end.dt.year().is_in(self.decreed_years))

    @property
    def _mask(self) -> list[bool]:
        return [day in self.week for day in range(1, 8)]

    def after(self, start: pl.Expr, n: int | pl.Expr) -> pl.Expr:
        """The n-th working day after each local date, by which somebody must have acted.

        Joint leave is a day off here: a deadline that only joint leave would make missed is not missed.
        """
        return self._add(start, n, self.generous)

    def after_at_least(self, start: pl.Expr, n: int | pl.Expr) -> pl.Expr:
        """The n-th working day after each local date for a minimum period: joint leave counts as worked."""
        return self._add(start, n, self.strict)

    def _add(self, start: pl.Expr, n: int | pl.Expr, holidays: Sequence[date]) -> pl.Expr:
        # From a day off the count begins with the next working day, hence rolling back first.
        return start.dt.add_business_days(n, week_mask=self._mask, holidays=list(holidays), roll="backward")


def load_calendar(file: Path) -> Calendar:
    """The calendar of `holidays.csv`.

    Raises:
        AgreementError: a row cannot be used; its line is named.
    """
    return Calendar(tuple(sorted(parse_csv(file, Holiday), key=lambda holiday: holiday.date)))


def local_date(moment: date | datetime, zone: str) -> date:
    """The local date of a moment in an IANA zone. A date is local already and is never converted."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(zone)).date()
    return moment


def working_days(start: date | datetime, n: int, calendar: Calendar, zone: str) -> date:
    """The n-th working day after `start` where `zone` is the local time; the day itself is not counted.

    Joint leave is a day off, as in `Calendar.after`.
    """
    day = local_date(start, zone)
    off = set(calendar.generous)
    while n > 0:
        day += timedelta(days=1)
        if day.isoweekday() in calendar.week and day not in off:
            n -= 1
    return day
