"""The worker: age, service, the number (L-11, L-27, L-29, L-31, N1 to N7)."""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.contracts.row_rules import RULES, Situation
from jendela.law import Law
from jendela.law.spans import completed_years
from jendela.letters.rules.catalogue import Rules
from jendela.letters.rules.context import DATE, LIVE
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import joined, number
from jendela.model.identifiers import NIK_FORM

LIVING = pl.col(LIVE)
NIK, BORN = pl.col("nik"), pl.col("birth_date")
# Whose end is not retirement at whatever age: who retires, and who dies.
OLD_ENOUGH = ("R56", "R57")
FEMALE = 40


def checks(law: Law, rules: Rules) -> dict[str, Check]:
    """Those of the worker's facts and those of the worker's number."""
    return _facts(law) | _number(rules)


def _facts(law: Law) -> dict[str, Check]:
    age = completed_years(BORN, DATE)
    least, pension = law.held("worker.minimum_age", DATE), law.held("retirement.age", DATE)
    retires = pl.col("reason_code").is_in(OLD_ENOUGH).fill_null(value=False)
    stated = pl.col("service_years") * 12 + pl.col("service_months").fill_null(0)
    counted = pl.col("service_counted")
    off = (stated - counted).abs() > law.readings.letters.service_months
    values = {"years": number(counted.floordiv(12)), "months": number(counted % 12)}
    copies = pl.len().over("file", "nik")
    return {
        "L-11.young": Check(LIVING & (age < least), {"least": number(least)}),
        "L-11.pension": Check(LIVING & (age >= pension) & ~retires, {"pension": number(pension)}),
        "L-27": Check(LIVING & off & (counted >= 0), values),
        "L-29": Check(NIK.is_not_null() & (copies > 1), {"count": number(copies)}),
        "L-31": Check(pl.col("passport_no").is_not_null() & (pl.col("citizenship") == "WNI")),
    }


def _number(rules: Rules) -> dict[str, Check]:
    """The levels of a NIK: N1 and N2 are malformed, the others suspicious only.

    N1 and N2 are of any number; N3 to N7 of a well-formed one, and say nothing of what the number is.
    """
    situation = Situation(date.min, rules.regions)
    fields = {"field": "nik", "sex": "sex", "birth_date": "birth_date"}

    def broken(rule: str) -> pl.Expr:
        return ~RULES[rule].build(fields, situation)

    parts = [
        (_digits(6) % FEMALE != BORN.dt.day() % FEMALE, "tanggal", "day"),
        (_digits(8) != BORN.dt.month(), "bulan", "month"),
        (_digits(10) != BORN.dt.year() % 100, "tahun", "year"),
    ]
    return {
        "N1": Check(~NIK.str.contains(NIK_FORM)),
        "N2": Check(broken("nik_not_placeholder")),
        "N3": Check(broken("nik_date")),
        "N4": Check(broken("nik_region")),
        "N5": Check(broken("nik_serial")),
        "N6": Check(broken("nik_sex")),
        "N7": Check(broken("nik_birth_date"), {"parts": joined(parts)}),
    }


def _digits(start: int) -> pl.Expr:
    return NIK.str.slice(start, 2).cast(pl.Int32, strict=False)
