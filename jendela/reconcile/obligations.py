"""A resignation: the office is owed no letter, BPJS the employer's statement (Permenaker 4/2022)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import withdrawn
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of, near, same_firm

KIND = "resignation_statement"


def find(known: Known) -> pl.DataFrame:
    """One row per spell that ended at BPJS by resignation: `record_id, fact_id, person_id, employer_id`.

    `owed`: no statement of that person and employer has come. `may_open`: BPJS delivered its letters tonight.
    None of a resignation that was withdrawn: nothing is left to state.
    """
    readings = known.law.readings.resignation_statement
    ended = known.held_by("employment", BPJS).filter(pl.col("end_cause").is_in(readings.causes))
    ended = first_of(ended.drop_nulls("person_id"), "fact_id").with_columns(number=pl.lit(None, pl.String))
    of_reason = pl.col("reason_code").is_in(known.law.readings.let06.reasons)
    days = known.law.readings.facts.termination_days
    over = withdrawn(ended, known.letters.filter(of_reason), "end_date", days)
    ended = ended.join(over, on="record_id", how="anti")
    statements = known.records["termination_letter"].filter(
        pl.col("letter_type").is_in(readings.letter_types)
    )
    told = statements.drop_nulls("person_id").select(
        "person_id", statement="record_id", statement_firm="employer_id", stated="effective_date"
    )
    pairs = ended.join(told, on="person_id").filter(
        same_firm("employer_id", "statement_firm")
        & near("end_date", "stated", known.law.readings.facts.spell_end_days).fill_null(value=True)
    )
    return ended.select(
        "record_id",
        "fact_id",
        "person_id",
        "employer_id",
        owed=pl.col("record_id").is_in(pairs["record_id"].implode()).not_(),
        may_open=known.was_heard(pl.lit(BPJS), "termination_letter"),
    )
