"""CON-01: arrears at the termination. CON-03: a wage raised just before it. CON-04: contributions after it.

PP 6/2025 Pasal 39 (arrears of more than three consecutive months: the employer pays first) and 21 (the
benefit is counted from the last wage reported).
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.months import first_day, month, month_of

BORNE = "jkp.arrears_months_paid_by_programme"
SPELL = ["spell_record"]


def find(known: Known) -> pl.DataFrame:
    """The cases of the three codes; one per spell that has ended and has months to look at."""
    months = _months(known)
    return pl.concat([arrears(known, months), raised(known, months), after(known, months)])


def arrears(known: Known, months: pl.DataFrame) -> pl.DataFrame:
    """CON-01. Found: unpaid by tonight are more consecutive months, up to the last due when the employment
    ended, than the law of that day lets the programme bear. A month that is not reported ends the row."""
    readings = known.law.readings.con01
    due = first_day(pl.col("month") + 1).dt.offset_by(f"{readings.due_days - 1}d")
    owed = months.filter(pl.col("end_cause").is_in(readings.causes) & (due <= pl.col("end_date")))
    owed = owed.sort("month", descending=True)
    unbroken = pl.col("month").first() - pl.col("month") == pl.int_range(pl.len())
    row = (unbroken & pl.col("paid_date").is_null()).cast(pl.Int64).cum_min()
    counted = owed.with_columns(row=row.over(SPELL)).with_columns(run=pl.col("row").sum().over(SPELL))
    at = pl.max_horizontal(pl.col("run") - 1, pl.lit(0))
    first = counted.filter(pl.int_range(pl.len()).over(SPELL) == at)
    ended = pl.col("end_date")
    names, values = fields(("contribution_month", "paid_date"))
    return cases(
        "CON-01",
        first.with_columns(
            found=pl.col("run") > known.law.held(BORNE, ended),
            may_open=True,
            regime=known.law.parameters.regime(BORNE, ended),
            side_a=_spell(),
            side_b=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            office="competent",
            closing=pl.format("unpaid at the end: {} months in a row", "run"),
        ),
        SPELL,
    )


def raised(known: Known, months: pl.DataFrame) -> pl.DataFrame:
    """CON-03. Found: the highest wage of the last months exceeds every one before them by more than the
    agreed percent: a month of half a wage is no measure."""
    readings = known.law.readings.con03
    told = months.filter(
        pl.col("end_cause").is_in(readings.causes) & (pl.col("wage") > 0) & (pl.col("past") >= 0)
    )
    lately = pl.col("past") < readings.months
    high = told.filter(lately).sort("wage", "month", descending=[True, False])
    before = told.filter(~lately).sort("wage", "month", descending=True)
    names = ("contribution_month", "wage")
    pairs = (
        before.unique(SPELL, keep="first", maintain_order=True)
        .join(high.unique(SPELL, keep="first", maintain_order=True), on=SPELL, suffix="_b")
        .with_columns(found=pl.col("wage_b") * 100 > pl.col("wage") * (100 + readings.percent))
    )
    return cases(
        "CON-03",
        pairs.with_columns(
            may_open=True,
            side_a=side("office", "feed", "record_id", *fields(names), pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", *fields(names, suffix="_b"), pl.col("as_of_b")),
            office="competent",
            closing=pl.lit("the wages of the last months are not so far apart"),
        ),
        SPELL,
    )


def after(known: Known, months: pl.DataFrame) -> pl.DataFrame:
    """CON-04. Found: a month later than that of the end is paid; the last such month is shown."""
    told = months.filter(pl.col("end_cause").is_in(known.law.readings.con04.causes))
    over = (pl.col("past") < 0) & pl.col("paid_date").is_not_null()
    last = told.with_columns(found=over).sort("found", "month", descending=True)
    names, values = fields(("contribution_month", "paid_date"))
    return cases(
        "CON-04",
        last.unique(SPELL, keep="first", maintain_order=True).with_columns(
            may_open=True,
            side_a=_spell(),
            side_b=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            office="competent",
            closing=pl.lit("no month after the end is paid"),
        ),
        SPELL,
    )


def _months(known: Known) -> pl.DataFrame:
    """The contributions of spells that have ended. Added: `month`, and `past`, so many months before the end
    (negative after it)."""
    spells = known.held_by("employment", BPJS).drop_nulls("end_date")
    ended = spells.select(
        "end_date",
        "end_cause",
        spell_record="record_id",
        spell_office="office",
        spell_feed="feed",
        spell_as_of="as_of",
        last=month_of("end_date"),
        competent=known.competent(pl.col("workplace_region")),
    )
    months = known.held_by("contribution", BPJS).with_columns(month=month("contribution_month"))
    joined = months.drop_nulls("month").join(ended, on="spell_record")
    return joined.with_columns(past=pl.col("last") - pl.col("month"))


def _spell() -> pl.Expr:
    names, values = fields(("end_date", "end_cause"))
    return side("spell_office", "spell_feed", "spell_record", names, values, pl.col("spell_as_of"))
