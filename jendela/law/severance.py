"""What a termination costs at least: severance, long-service pay, compensation of a fixed term.

PP 35/2021 Pasal 15-17 and 40-59; a floor since MK 168/PUU-XXI/2023. Everything by the law of the effective
date. Service is what is completed before the effective date, so that a doubt of one day accuses nobody; in
a fixed-term contract, which names its last day, that day is counted (1 January to 31 December are twelve
months).
"""

from __future__ import annotations

import polars as pl

from jendela.law.law import Law
from jendela.law.spans import completed_months, months_worked

WEEK = "working_days_per_week"
"""Optional column: 5 or 6, what the workplace says of its week; null or absent: as the law presumes."""
MONEY = pl.Decimal(24, 2)
_DATE = pl.col("effective_date")
_REASON = pl.col("reason_code")
_NUMBER = pl.Float64()


def severance_minimum(letters: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The frame with the minimum of each amount, of every worker at once.

    Args:
        letters: one row a worker, with the contract's columns start_date, effective_date, contract_end_date,
            contract_type, citizenship, enterprise_size, reason_code, last_wage_basic, fixed_allowance and
            wage_period; `working_days_per_week` may say 5 or 6.
        law: the law.

    Returns:
        `letters` and the columns
        service_counted (Int32, completed months), wage_base (rupiah a month),
        severance_times, upmk_times (Float64, the multipliers of the reason),
        severance_minimum, upmk_minimum (rupiah), and pkwt_minimum (rupiah, fixed-term contracts only).
        Null where the law lays down no amount: micro and small enterprises (by agreement, Pasal 59), a reason
        without multipliers, a date before the law, or a fact that is missing.
    """
    week = pl.col(WEEK) if WEEK in letters.columns else pl.lit(None, pl.Int64)
    fixed_term = is_fixed_term(law)
    by_law = ~is_by_agreement(law)
    entitled = (pl.col("citizenship") == law.held("pkwt.citizenship", _DATE)).fill_null(value=True)
    step1 = letters.with_columns(
        service_counted=completed_months(pl.col("start_date"), _DATE),
        wage_base=monthly_wage(law, week),
        severance_times=law.parameters.family("reason", "severance", _REASON, _DATE, _NUMBER),
        upmk_times=law.parameters.family("reason", "upmk", _REASON, _DATE, _NUMBER),
    )
    years = pl.col("service_counted").floordiv(12)
    wage = pl.col("wage_base")
    months = law.parameters.steps("severance.months", years, _DATE)
    loyal = law.parameters.steps("upmk.months", years, _DATE)
    return step1.with_columns(
        severance_minimum=_due(by_law & ~fixed_term, pl.col("severance_times") * months * wage),
        upmk_minimum=_due(by_law & ~fixed_term, pl.col("upmk_times") * loyal * wage),
        pkwt_minimum=_due(by_law & fixed_term & entitled, _fixed_term_wages(law) * wage),
    )


def is_fixed_term(law: Law) -> pl.Expr:
    """Whether the contract ends with compensation: fixed term, casual, or outsourced with an agreed end.

    Never null. PP 35/2021 Pasal 10 and 15(1).
    """
    kinds = law.held("pkwt.contract_types", _DATE)
    outsourced = (pl.col("contract_type") == "ALIH_DAYA") & pl.col("contract_end_date").is_not_null()
    return (pl.col("contract_type").is_in(kinds) | outsourced).fill_null(value=False)


def is_by_agreement(law: Law) -> pl.Expr:
    """Whether the enterprise is one where amounts are agreed, not laid down (Pasal 59). Never null."""
    sizes = law.held("severance.by_agreement_sizes", _DATE)
    return pl.col("enterprise_size").is_in(sizes).fill_null(value=False)


def monthly_wage(law: Law, week: pl.Expr) -> pl.Expr:
    """Basic wage and fixed allowances a month, rupiah; pay by the day is 25 or 21 days (PP 36/2021).

    Args:
        law: the law.
        week: days worked in a week, null where unknown: then as the law presumes.
    """
    base = law.held("severance.wage_base", _DATE)
    parts = sorted({part for entry in law.parameters.of("severance.wage_base") for part in entry.value})
    stated = pl.sum_horizontal(
        pl.when(base.list.contains(part)).then(pl.col(part).cast(_NUMBER)) for part in parts
    )
    presumed = law.held("calendar.working_week", _DATE).cast(pl.Int64)
    days = law.parameters.mapped("wage.days_per_month", week.fill_null(presumed), _DATE, pl.Int64())
    daily = (pl.col("wage_period") == "DAILY").fill_null(value=False)
    return pl.when(pl.col("last_wage_basic").is_not_null()).then(
        stated * pl.when(daily).then(days).otherwise(1)
    )


def _fixed_term_wages(law: Law) -> pl.Expr:
    """Months' wages owed at the end of a fixed term: completed months by twelve, none below one month."""
    start = pl.max_horizontal(pl.col("start_date"), law.held("pkwt.counted_from", _DATE))
    last = pl.min_horizontal(_DATE, pl.col("contract_end_date"))
    months = pl.when(pl.col("start_date").is_not_null() & _DATE.is_not_null()).then(
        months_worked(start, last)
    )
    enough = months >= law.held("pkwt.least_months", _DATE)
    return pl.when(enough).then(months / law.held("pkwt.months_for_one_wage", _DATE)).when(~enough).then(0.0)


def _due(applies: pl.Expr, amount: pl.Expr) -> pl.Expr:
    return pl.when(applies).then(amount.round(2).cast(MONEY, strict=False))
