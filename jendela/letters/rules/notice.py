"""Time that must pass, and papers that must be there before a termination (L-03, L-07, L-08, L-09)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from jendela.law import Calendar, Law
from jendela.law.calendar import WEEKS
from jendela.law.severance import WEEK
from jendela.letters.rules.context import DATE, LEGAL, LIVE, NOTICE
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import day, number

JUDGED = pl.col(LIVE) & pl.col(LEGAL)
# No three weeks of a year hold more national holidays than this on days that are worked: a period that is
# longer than needed by as much is long enough whatever a decree that is still to come says.
MARGIN = 5


def checks(law: Law) -> dict[str, Check]:
    """All of them; a period is counted in the working days of the workplace."""
    return _notice(law) | _absence(law) | _papers_and_requests(law)


def by_week(law: Law, counted: Callable[[Calendar], pl.Expr]) -> pl.Expr:
    """What the calendar of the workplace gives: of the week it states, else of the one the law presumes."""
    presumed = law.held("calendar.working_week", DATE).cast(pl.Int64)
    week = pl.col(WEEK).fill_null(presumed)
    return pl.coalesce(pl.when(week == days).then(counted(law.calendar.of_week(days))) for days in WEEKS)


def _notice(law: Law) -> dict[str, Check]:
    """PP 35/2021 Pasal 37(3)-(4): counted from the day after delivery; joint leave counts as worked."""
    delivered = pl.col("notice_delivered_date")
    probation = (pl.col("contract_type") == "PROBATION") | (pl.col(NOTICE) == "probation")
    needed = (
        pl.when(pl.col(NOTICE) == "none")
        .then(None)
        .when(probation)
        .then(law.held("notice.probation_working_days", DATE))
        .when(pl.col(NOTICE) == "ordinary")
        .then(law.held("notice.working_days", DATE))
    )
    given = by_week(law, lambda calendar: calendar.count(delivered, DATE))
    given_at_most = by_week(law, lambda calendar: calendar.count(delivered, DATE, certain=True))
    earliest = by_week(law, lambda calendar: calendar.after_at_least(delivered, needed))
    values = {"given": number(given), "needed": number(needed), "earliest": day(earliest)}
    unsure = law.calendar.undecreed(delivered, earliest)
    return {
        "L-03.missing": Check(
            JUDGED & needed.is_not_null() & delivered.is_null(), {"needed": number(needed)}
        ),
        "L-03.short": Check(JUDGED & (given_at_most < needed), values),
        "L-03.short_provisional": Check(JUDGED & (given < needed) & (given_at_most >= needed), values),
        "L-03.open": Check(JUDGED & (given >= needed) & (given < needed + MARGIN) & unsure, values),
    }


def _absence(law: Law) -> dict[str, Check]:
    """R51, Pasal 36 j and 51: five working days of absence before the letter, and two summons."""
    absent = JUDGED & (pl.col("reason_code") == "R51")
    first, before = (
        pl.col("first_absence_date") - pl.duration(days=1),
        pl.col("letter_date") - pl.duration(days=1),
    )
    needed = law.held("absence.working_days", DATE)
    given = by_week(law, lambda calendar: calendar.count(first, before))
    given_at_most = by_week(law, lambda calendar: calendar.count(first, before, certain=True))
    values = {"given": number(given), "needed": number(needed)}
    return {
        "L-08.first_absence": Check(absent & pl.col("first_absence_date").is_null()),
        "L-08.short": Check(absent & (given_at_most < needed), values),
        "L-08.short_provisional": Check(absent & (given < needed) & (given_at_most >= needed), values),
        "L-08.summons": _attached(absent, law.held("absence.summons", DATE)),
    }


def _papers_and_requests(law: Law) -> dict[str, Check]:
    """R521, Pasal 52(1): three warning letters. R50, Pasal 50: the request thirty days before."""
    reason, asked = pl.col("reason_code"), pl.col("resignation_request_date")
    days = law.held("resignation.request_days", DATE)
    given = (DATE - asked).dt.total_days()
    values = {"given": number(given), "needed": number(days)}
    return {
        "L-07": _attached(JUDGED & (reason == "R521"), law.held("breach.warnings", DATE)),
        "L-09.missing": Check(JUDGED & (reason == "R50") & asked.is_null()),
        "L-09.short": Check(JUDGED & (reason == "R50") & (given < days), values),
    }


def _attached(applies: pl.Expr, needed: pl.Expr) -> Check:
    """Broken where not all kinds of paper of the list `needed` are attached."""
    there = needed.list.set_intersection(pl.col("attachment_types")).list.len().fill_null(0)
    wanted = needed.list.len()
    return Check(applies & (there < wanted), {"given": number(there), "needed": number(wanted)})
