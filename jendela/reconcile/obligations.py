"""A resignation: the office is owed no letter, BPJS the employer's statement (Permenaker 4/2022)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import first_of, near, same_firm
from jendela.reconcile.known import BPJS, Known

KIND = "resignation_statement"


def find(known: Known) -> pl.DataFrame:
    """One row per spell that ended at BPJS by resignation: `record_id, fact_id, person_id, employer_id`.

    `owed`: no statement of that person and employer has come. `may_open`: BPJS delivered its letters tonight.
    """
    readings = known.law.readings.resignation_statement
    ended = known.held_by("employment", BPJS).filter(pl.col("end_cause").is_in(readings.causes))
    ended = first_of(ended.drop_nulls("person_id"), "fact_id")
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
