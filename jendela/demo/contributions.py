"""IURAN_TK: the monthly contributions of the workers who left, and of some whom nobody may ask about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from jendela.demo.careers import Employment
from jendela.demo.habits import dashed, padded, rupiah
from jendela.demo.pen import Pen
from jendela.demo.tables import Row

RATES = {"JKK": 0.0054, "JKM": 0.003, "JHT": 0.057, "JP": 0.03}
"""Shares of the wage, employer and worker together (JKK at its lowest risk); JKP costs nothing on top."""
BEFORE = 6
"""Months of history written before the month in which an employment ended."""


def month_number(day: date) -> int:
    """Months counted from the year zero, as BPJS sorts its periods."""
    return day.year * 12 + day.month


def first_of(number: int) -> date:
    """The first day of a month counted so."""
    return date((number - 1) // 12, (number - 1) % 12 + 1, 1)


def period_row(
    employment: Employment,
    number: int,
    changed: datetime,
    wage: int | None = None,
    *,
    paid: bool = True,
    posted: bool = True,
) -> Row:
    """One month of one spell. What is not paid is not posted: the period stays final and open."""
    month, base = first_of(number), wage or employment.wage + employment.allowance
    programmes = employment.employer.programmes
    following = first_of(number + 1)
    due = round(sum(rate for name, rate in RATES.items() if name in programmes) * base)
    return {
        "KPJ": padded(employment.kpj, 13),
        "NPP": padded(employment.employer.npp, 10),
        "URUT_KEPESERTAAN": employment.ordinal,
        "BLTH": f"{month:%m-%Y}",
        "BLTH_N": number,
        "UPAH": rupiah(base),
        "RAPEL": rupiah(0),
        "JML_IURAN": rupiah(due),
        "DENDA": rupiah(0),
        **{f"PRG_{name}": "Y" if name in programmes else "N" for name in ("JHT", "JP")},
        "PRG_JKK": "Y",
        "PRG_JKM": "Y",
        "PRG_JKP": "Y" if employment.insured_for_job_loss else "N",
        "STS_PERIODE": "P" if paid and posted else "F",
        "TGL_POSTING": dashed(following + timedelta(days=14)) if paid and posted else None,
        "TGL_BAYAR": dashed(following + timedelta(days=11)) if paid else None,
        "JML_BLN_IUR": employment.months_paid(following - timedelta(days=1)),
        "TGL_UBAH": changed,
    }


def stamp(day: date, employment: Employment) -> datetime:
    """When a row was written, in office hours."""
    return datetime.combine(day, time(2)) + timedelta(seconds=employment.number % 20_000)


def history(
    pen: Pen,
    employment: Employment,
    upto: date,
    *,
    wages: Mapping[int, int] | None = None,
    unpaid: int = 0,
    after: int = 0,
) -> list[str]:
    """The months of a spell up to its end, as far as they were posted by `upto`; their keys.

    `wages` are other wages of some months (by months before the end), `unpaid` so many months at the end
    stay in arrears, `after` so many months are paid for after the end.
    """
    end = month_number(employment.ended or upto)
    first = max(end - BEFORE, month_number(employment.registered))
    keys = []
    for number in range(first, end + 1 + after):
        known_from = first_of(number + 1) + timedelta(days=14)
        if known_from > upto:
            break
        paid = not end - unpaid < number <= end
        row = period_row(
            employment, number, stamp(known_from, employment), (wages or {}).get(end - number), paid=paid
        )
        keys.append(pen.put("bpjs", "IURAN_TK", row))
    return keys
