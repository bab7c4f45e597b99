"""What BPJS is told of the letter behind each ended spell: "not required by HI" is not "not sent"."""

from __future__ import annotations

import polars as pl

from jendela.deliver.known import Known
from jendela.deliver.letters import STATEMENT
from jendela.deliver.links import PAIR, latest_by_fact, with_receipt, with_workplace

# Ends of employment of which the labour office need not be told: UU 13/2003 Pasal 151A.
EXEMPT = ("RESIGNATION", "CONTRACT_END", "RETIREMENT", "DEATH")
# The age is told in whole weeks, so that an open obligation is sent again once a week and not every night.
AGE_STEP_DAYS = 7


def letter_statuses(known: Known) -> pl.DataFrame:
    """Each spell that ended at BPJS, with `letter_state`, the letter an office holds, and the obligation.

    An obligation exists for a resignation without the employer's statement; its age is in days, by sevens.
    """
    spells = known.held_by("employment", "bpjs").filter(pl.col("end_date").is_not_null())
    ended = with_workplace(latest_by_fact(spells, "end_date"), known)
    told = _with_state(_with_letter(ended, known), known)
    return with_receipt(_with_obligation(told, known), known, "end_date", None)


def _with_letter(spells: pl.DataFrame, known: Known) -> pl.DataFrame:
    held = known.held_by_others("termination_letter", "bpjs").filter(pl.col("letter_type") != STATEMENT)
    letters = held.select(
        *PAIR,
        "letter_number",
        pl.col("office").alias("holder_office"),
        pl.col("effective_date").str.to_date("%Y-%m-%d", strict=False).alias("_on"),
    )
    ended = pl.col("end_date").str.to_date("%Y-%m-%d", strict=False)
    nearest = (
        spells.select("fact_id", *PAIR, ended.alias("_at"))
        .join(letters, on=PAIR, how="inner")
        .with_columns((pl.col("_on") - pl.col("_at")).dt.total_days().abs().alias("_apart"))
        .filter(pl.col("_apart").fill_null(0) <= known.law.readings.facts.spell_end_days)
        .sort("fact_id", "_apart", "letter_number", nulls_last=True)
        .unique("fact_id", keep="first", maintain_order=True)
        .select("fact_id", "letter_number", "holder_office")
    )
    return spells.join(nearest, on="fact_id", how="left")


def _with_state(spells: pl.DataFrame, known: Known) -> pl.DataFrame:
    competent = known.offices.select("region", pl.col("office").alias("_competent"), "heard_seq")
    state = (
        pl.when(pl.col("end_cause").is_in(EXEMPT))
        .then(pl.lit("NOT_REQUIRED_BY_HI"))
        .when(pl.col("holder_office").is_not_null())
        .then(pl.lit("RECEIVED"))
        .when(~pl.col("end_cause").is_in(known.law.readings.phk02.causes).fill_null(False))
        .then(pl.lit("CAUSE_UNCLEAR"))
        .when(pl.col("_competent").is_null())
        .then(pl.lit("OFFICE_NOT_CONNECTED"))
        .when(pl.col("heard_seq").fill_null(-1) < pl.col("version_seq"))
        .then(pl.lit("OFFICE_SILENT"))
        .otherwise(pl.lit("NOT_SENT"))
    )
    joined = spells.join(competent, left_on="workplace_region", right_on="region", how="left")
    return joined.with_columns(state.alias("letter_state")).drop("_competent", "heard_seq")


def _with_obligation(spells: pl.DataFrame, known: Known) -> pl.DataFrame:
    is_open = pl.col("state") == "open"
    days = (pl.lit(known.day) - pl.col("opened_day")).dt.total_days()
    state = (
        pl.when(is_open & (pl.col("due_date") < known.day))
        .then(pl.lit("OVERDUE"))
        .otherwise(pl.col("state").str.to_uppercase())
    )
    owed = known.obligations.select(
        "fact_id",
        state.alias("obligation_state"),
        pl.col("opened_day").dt.strftime("%Y-%m-%d").alias("obligation_opened"),
        pl.col("due_date").dt.strftime("%Y-%m-%d").alias("obligation_due"),
        pl.when(is_open)
        .then((days // AGE_STEP_DAYS * AGE_STEP_DAYS).cast(pl.String))
        .alias("obligation_age_days"),
    )
    return spells.join(owed, on="fact_id", how="left")
