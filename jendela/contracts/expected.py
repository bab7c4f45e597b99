"""When a feed is expected: business days, and by what time of the office. Pure; holidays are handed in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

NIGHT_STARTS = time(1)
NIGHT_ZONE = ZoneInfo("Asia/Jakarta")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY = 6


@dataclass(frozen=True)
class Expected:
    """The business dates of a feed, and until when each is waited for.

    `on` is daily or working_days (Monday to Friday without holidays and joint leave), or else `weekdays` (ISO
    numbers) or `month_day` (in a shorter month its last day) name the days. A business date is due at `by`,
    the office's time, `after_days` days later; without `by` at the start of the first night after it.
    """

    on: Literal["daily", "working_days", "weekdays", "month_day"] = "daily"
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    by: time | None = None
    after_days: int = 0

    def is_on(self, day: date, holidays: Collection[date]) -> bool:
        """Whether something is expected of this business date."""
        match self.on:
            case "working_days":
                return day.isoweekday() < SATURDAY and day not in holidays
            case "weekdays":
                return day.isoweekday() in self.weekdays
            case "month_day":
                last = monthrange(day.year, day.month)[1]
                return day.day == min(self.month_day or 1, last)
            case _:
                return True

    def due_at(self, day: date, zone: str) -> datetime:
        """The moment at which the business date is late if it has not come."""
        if self.by is not None:
            return datetime.combine(day + timedelta(days=self.after_days), self.by, ZoneInfo(zone))
        ends = datetime.combine(day + timedelta(days=1 + self.after_days), time(), ZoneInfo(zone))
        night = night_start(ends.astimezone(NIGHT_ZONE).date())
        return night if night >= ends else night + timedelta(days=1)


DAILY = Expected()


def night_start(night: date) -> datetime:
    """The moment at which a night begins: 01:00 in Jakarta."""
    return datetime.combine(night, NIGHT_STARTS, NIGHT_ZONE)


def covered_by(night: date, zone: str) -> date:
    """The last business date that a source holds whole when the night begins: the office's day before."""
    return night_start(night).astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def owed(
    expected: Expected, zone: str, holidays: Collection[date], covered: date, night: date
) -> tuple[date, ...]:
    """The business dates after `covered` that were due when the night began, oldest first."""
    begins = night_start(night)
    last = begins.astimezone(ZoneInfo(zone)).date()
    days = (covered + timedelta(days=1 + step) for step in range(max((last - covered).days, 0)))
    return tuple(
        day for day in days if expected.is_on(day, holidays) and expected.due_at(day, zone) <= begins
    )


def fell_due(
    expected: Expected, zone: str, holidays: Collection[date], before: date, night: date
) -> tuple[date, ...]:
    """The business dates that became due after the night `before` began, and by the start of this one."""
    back = covered_by(before, zone) - timedelta(days=expected.after_days + 2)
    since = night_start(before)
    return tuple(
        day for day in owed(expected, zone, holidays, back, night) if expected.due_at(day, zone) > since
    )
