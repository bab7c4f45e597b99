"""LET-05: the reason differs between the letter, the cause at BPJS and the report to the office.

No source wins by itself: industrial relations decides, in five working days. Two letters that differ are
LET-01, a statement of resignation beside a dismissal is LET-06.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.letters import TAKEN_BACK
from jendela.reconcile.relation import first_of, near, same_firm

CODE = "LET-05"
LETTER, REPORT = 0, 1  # which answers first where both could


def find(known: Known) -> pl.DataFrame:
    """One case per report beside the letter, and one per spell that ended at BPJS beside letter or report.

    Of a letter the best copy is compared, and no letter that another one replaced.
    """
    letters, reports = _letters(known), first_of(known.reports, ["fact_id", "office"])
    return pl.concat([_of_reports(reports, letters, known), _of_spells(reports, letters, known)])


def _letters(known: Known) -> pl.DataFrame:
    """The letters that tell of the end of an employment otherwise than by resignation."""
    readings = known.law.readings
    told = pl.col("letter_type").is_in(readings.let05.letter_types)
    resigned = pl.col("reason_code").is_in(readings.let06.reasons) & pl.col("letter_type").is_in(
        readings.let06.letter_types
    )
    return known.documents.filter(told & ~resigned)


def _answers(records: pl.DataFrame, rank: int, standing: pl.Expr) -> pl.DataFrame:
    """Letters or reports as the answer to a question: their own columns under names that no question has."""
    return records.select(
        "person_id",
        rank=pl.lit(rank),
        standing=standing,
        its_record="record_id",
        its_office="office",
        its_feed="feed",
        its_firm="employer_id",
        its_number="number",
        its_date="effective_date",
        its_reason="reason_code",
        its_region="workplace_region",
        its_as_of="as_of",
        its_seq="first_seq",
        over=replacement() if "replaced_by" in records.columns else TAKEN_BACK,
    )


def _best(asked: pl.DataFrame, answers: pl.DataFrame, date: str, known: Known) -> pl.DataFrame:
    """Every record with the letter or report about its termination.

    Best is one that stands, then a letter, then one with the number that the record names, then the nearest.
    """
    days = known.law.readings.facts.spell_end_days
    named = (pl.col("number") == pl.col("its_number")).fill_null(value=False)
    dated = near(date, "its_date", days).fill_null(value=False)
    pairs = asked.join(answers, on="person_id").filter(same_firm("employer_id", "its_firm") & (named | dated))
    apart = (pl.col(date) - pl.col("its_date")).dt.total_days().abs()
    order = [pl.col("standing"), pl.col("rank"), named, apart, pl.col("its_seq"), pl.col("its_record")]
    ranked = pairs.sort(order, descending=[True, False, True, False, False, False], nulls_last=True)
    return ranked.unique("record_id", keep="first", maintain_order=True)


def _of_reports(reports: pl.DataFrame, letters: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The report says another reason than the letter."""
    unknown = known.law.readings.let05.unknown_reasons
    asked = _best(reports, _answers(letters, LETTER, stands()), "effective_date", known)
    told = pl.all_horizontal(pl.col(name).is_in(unknown).not_() for name in ("reason_code", "its_reason"))
    differ = (told & (pl.col("reason_code") != pl.col("its_reason"))).fill_null(value=False)
    return _cases(asked, differ, "reason_code", "reason_code", known)


def _of_spells(reports: pl.DataFrame, letters: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The cause at BPJS cannot stand for the reason that the letter, or else the report, says."""
    causes = known.law.readings.let05.causes
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "end_date"])
    spells = spells.filter(pl.col("end_cause").is_in(list(causes))).with_columns(
        number=pl.lit(None, pl.String), withdrawn_by=pl.lit(None, pl.String)
    )
    answers = pl.concat(
        [
            _answers(letters, LETTER, stands()),
            _answers(reports, REPORT, pl.col("withdrawn_by").is_null()),
        ]
    )
    meant = pl.DataFrame(
        [(cause, reason) for cause, reasons in causes.items() for reason in reasons],
        {"end_cause": pl.String(), "its_reason": pl.String()},
        orient="row",
    )
    known_reasons = meant["its_reason"].unique()
    asked = _best(spells, answers, "end_date", known)
    fits = asked.join(meant, on=["end_cause", "its_reason"], how="semi")["record_id"]
    differ = pl.col("its_reason").is_in(known_reasons.implode()) & ~pl.col("record_id").is_in(fits.implode())
    return _cases(asked, differ.fill_null(value=False), "end_cause", "reason_code", known)


def _cases(asked: pl.DataFrame, differ: pl.Expr, field: str, its_field: str, known: Known) -> pl.DataFrame:
    over = pl.coalesce(TAKEN_BACK, "over")
    return cases(
        CODE,
        asked.with_columns(
            found=differ & pl.col("standing") & pl.col("withdrawn_by").is_null(),
            may_open=True,
            office=known.competent(pl.coalesce("workplace_region", "its_region")),
            side_a=side("office", "feed", "record_id", pl.lit(field), pl.col(field), pl.col("as_of")),
            side_b=side(
                "its_office",
                "its_feed",
                "its_record",
                pl.lit(its_field),
                pl.col("its_reason"),
                pl.col("its_as_of"),
            ),
            closing=pl.coalesce(over, pl.format("{}: record {} agrees", "its_feed", "its_record")),
        ),
        ["record_id"],
    )
