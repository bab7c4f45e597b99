"""Rules that need what was learned after the letter, or a second letter: they run in reconcile.

L-04, L-05, L-10 and L-13 to L-16. Pure functions over frames whose columns are named here; nobody is asked
for anything.
"""

from __future__ import annotations

import polars as pl

from jendela.law import Law
from jendela.letters.frame import LETTERS
from jendela.letters.rules.context import DATE
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import day, number
from jendela.model.identifiers import NIK_FORM, NIK_PLACEHOLDER

CASE: dict[str, pl.DataType] = {
    "worker_response": pl.String(),
    "worker_response_date": pl.Date(),
    "evidence_kind": pl.String(),
    "report_receipt_no": pl.String(),
    "report_receipt_date": pl.Date(),
    "office_code": pl.String(),
    "pb_date": pl.Date(),
    "inkracht_date": pl.Date(),
    "sipp_wage": pl.Decimal(17, 2),
    "sipp_deactivated_date": pl.Date(),
    "claim_filed_date": pl.Date(),
    "employer_id": pl.String(),
    "person_id": pl.String(),
}
"""What the case, SIPP and the claim add to a letter. `sipp_wage` is the wage at BPJS in the month of the
termination, rupiah; `employer_id` and `person_id` are the register's, else NPP and NIK tell who is who."""
JOINED = LETTERS | CASE
SETTLED, DECIDED = ("E2a", "E2b"), ("E3",)
REPORTED = "E1"
# A number under which one employer has written more letters than this is no worker's: they are not compared.
MOST_LETTERS = 50


def checks(law: Law) -> dict[str, Check]:
    """Those of one letter with its case (see `CASE`)."""
    return _response(law) | _evidence() | _at_bpjs(law)


def _response(law: Law) -> dict[str, Check]:
    """A rejected termination rests on a settlement or a decision; since MK 168 it ends no earlier."""
    rejected = pl.col("worker_response") == "REJECTED"
    kind = pl.col("evidence_kind")
    settled = (
        pl.when(kind.is_in(SETTLED))
        .then(pl.col("pb_date"))
        .when(kind.is_in(DECIDED))
        .then(pl.col("inkracht_date"))
    )
    first = law.held("termination.final_decision_first", DATE)
    proven = kind.is_in((*SETTLED, *DECIDED))
    days = law.held("rejection.working_days", DATE)
    latest = law.calendar.after(pl.col("notice_delivered_date"), days)
    return {
        "L-04.evidence": Check(rejected & ~proven),
        "L-04.date": Check(rejected & proven & first & (settled > DATE), {"settled": day(settled)}),
        "L-04.undated": Check(rejected & proven & first & settled.is_null()),
        "L-04.late": Check(
            rejected & (pl.col("worker_response_date") > latest),
            {"days": number(days), "latest": day(latest)},
        ),
    }


def _evidence() -> dict[str, Check]:
    """Permenaker 2/2025 Pasal 9(3): E1 is the worker's acknowledgement and the office's receipt."""
    claimed = pl.col("evidence_kind") == REPORTED
    told = pl.col("worker_acknowledged_date").is_not_null() | (
        pl.col("worker_response") == "NOT_REJECTED"
    ).fill_null(value=False)
    received = pl.col("report_receipt_date")
    receipt = pl.all_horizontal(
        pl.col(name).is_not_null() for name in ("report_receipt_no", "report_receipt_date", "office_code")
    )
    dates = {"received": day(received), "written": day(pl.col("letter_date"))}
    return {
        "L-05.acknowledged": Check(claimed & ~told),
        "L-05.receipt": Check(claimed & ~receipt),
        "L-05.order": Check(claimed & (received < pl.col("letter_date")), dates),
    }


def _at_bpjs(law: Law) -> dict[str, Check]:
    """The wage and the end of the spell at BPJS, and the time in which a claim is filed."""
    stated, known = (pl.col(name).cast(pl.Float64) for name in ("last_wage_reported_bpjs", "sipp_wage"))
    percent = law.readings.letters.wage_percent
    days = law.held("deactivation.working_days", DATE)
    latest = law.calendar.after(DATE, days)
    months = law.held("jkp.claim_months", DATE)
    claimable = DATE.dt.offset_by(pl.format("{}mo", months))
    return {
        "L-10": Check((stated - known).abs() * 100 > known * percent, {"percent": number(pl.lit(percent))}),
        "L-15": Check(
            pl.col("claim_filed_date") > claimable, {"months": number(months), "latest": day(claimable)}
        ),
        "L-16": Check(
            pl.col("sipp_deactivated_date") > latest, {"days": number(days), "latest": day(latest)}
        ),
    }


def collected(letters: pl.DataFrame, law: Law) -> tuple[pl.DataFrame, dict[str, Check]]:
    """The letters with `_others` and `_reused`, and the checks L-13 and L-14, which compare letters.

    `_others`: letters of the same worker and employer with another number and an effective date at most so
    many days away as the readings say (7), not counting a correction or withdrawal and what it names.
    `_reused`: other workers of that employer under the same letter number with another effective date.
    """
    usable = pl.col("nik").str.contains(NIK_FORM) & ~pl.col("nik").str.contains(NIK_PLACEHOLDER)
    days = law.readings.facts.termination_days
    facts = letters.select(
        "effective_date",
        _row=pl.int_range(pl.len()),
        _firm=pl.coalesce("employer_id", "npp"),
        # A filler in the place of a NIK would make one worker of thousands.
        _who=pl.coalesce("person_id", pl.when(usable).then(pl.col("nik"))),
        _number=_plain("letter_number"),
        _names=_plain("supersedes_number"),
    )
    found = facts.select("_row").join(_others(facts, days), on="_row", how="left")
    found = found.join(_reused(facts), on="_row", how="left").sort("_row")
    checks = {
        "L-13": Check(pl.col("_others") > 0, {"days": number(pl.lit(days))}),
        "L-14": Check(pl.col("_reused") > 0, {"count": number(pl.col("_reused"))}),
    }
    return letters.with_columns(found["_others"], found["_reused"]), checks


def _others(facts: pl.DataFrame, days: int) -> pl.DataFrame:
    """Of every row that has any, how many other letters there are of one termination."""
    letter = ["_firm", "_who", "_number", "effective_date", "_names"]
    distinct = facts.drop_nulls(letter[:-1]).select(letter).unique()
    distinct = distinct.filter(pl.len().over("_firm", "_who").is_between(2, MOST_LETTERS))
    pairs = distinct.join(distinct, on=["_firm", "_who"], suffix="_o").filter(
        (pl.col("_number") != pl.col("_number_o"))
        & ((DATE - pl.col("effective_date_o")).dt.total_days().abs() <= days)
        & ~(pl.col("_names") == pl.col("_number_o")).fill_null(value=False)
        & ~(pl.col("_names_o") == pl.col("_number")).fill_null(value=False)
    )
    counted = pairs.group_by(letter).agg(_others=pl.col("_number_o").n_unique())
    return facts.join(counted, on=letter, nulls_equal=True).select("_row", "_others")


def _reused(facts: pl.DataFrame) -> pl.DataFrame:
    """Of every row, how many other workers have its letter number and another date.

    Counted, not paired: one letter may name ten thousand workers.
    """
    letter = ["_firm", "_number"]
    workers = facts.drop_nulls([*letter, "_who", "effective_date"]).group_by(*letter, "_who")
    dated = workers.agg(_dates=DATE.n_unique(), _only=DATE.first())
    all_of = dated.group_by(letter).agg(_all=pl.len())
    same = dated.filter(pl.col("_dates") == 1).group_by(*letter, "_only").agg(_same=pl.len())
    rows = facts.join(dated.drop("_only"), on=[*letter, "_who"]).join(all_of, on=letter)
    rows = rows.join(
        same, left_on=[*letter, "effective_date"], right_on=[*letter, "_only"], how="left", nulls_equal=False
    )
    itself = (pl.col("_dates") > 1).cast(pl.Int64)
    return rows.drop_nulls("effective_date").select(
        "_row", _reused=pl.col("_all").cast(pl.Int64) - pl.col("_same").fill_null(0) - itself
    )


def _plain(column: str) -> pl.Expr:
    """The letters and digits of a number: copies write its dots and slashes in their own way."""
    return pl.col(column).str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
