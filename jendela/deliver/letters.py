"""Letters: to BPJS every letter with what the offices say of it, to HI those that BPJS has and it lacks."""

from __future__ import annotations

import polars as pl

from jendela.deliver.known import Known
from jendela.deliver.links import first_by_fact, in_region, with_receipt, with_wlkp_code, with_workplace
from jendela.law.reasons import without_office_copy

STATEMENT = "RESIGNATION_STATEMENT"
AMENDING = ("CORRECTION", "WITHDRAWAL")


def letters_for_bpjs(known: Known) -> pl.DataFrame:
    """Each letter once: as an office holds it, else as BPJS does; `verification` and `differing_fields`."""
    order = (pl.col("signature_status").eq("valid").not_(), pl.col("held_since"))
    theirs = first_by_fact(known.held_by_others("termination_letter", "bpjs"), *order)
    ours = first_by_fact(known.held_by("termination_letter", "bpjs"), *order)
    only_ours = ours.join(theirs, on="fact_id", how="anti")
    shown = pl.concat([theirs, only_ours]).join(_compared(known), on="fact_id", how="left")
    judged = _with_verification(with_workplace(shown, known), known)
    holder = pl.when(pl.col("office") != "bpjs").then("office").alias("holder_office")
    return with_receipt(judged, known, "effective_date", None).with_columns(holder)


def letters_lacking(known: Known, office: str, region: str | None) -> tuple[pl.DataFrame, pl.Series]:
    """The letters that BPJS has and `office` lacks, and the facts of those it holds by now, which stay.

    A resignation statement never goes to HI (UU 13/2003 Pasal 151A), nor what corrects or withdraws one.
    """
    letters = with_workplace(known.held_by("termination_letter", "bpjs"), known)
    statements = letters.filter(pl.col("letter_type") == STATEMENT)
    amended = statements.select("person_id", pl.col("letter_number").alias("supersedes_number"))
    resigning = pl.col("letter_type").is_in(AMENDING) & (pl.col("reason_code") == "R50")
    owed = letters.filter((pl.col("letter_type") != STATEMENT) & ~resigning.fill_null(False)).join(
        amended, on=["person_id", "supersedes_number"], how="anti"
    )
    best = first_by_fact(owed, pl.col("signature_status").eq("valid").not_(), pl.col("held_since"))
    if region is not None:
        best = in_region(best, region)
    held = known.held_by("termination_letter", office).select("fact_id").unique()
    lacking = best.join(held, on="fact_id", how="anti")
    settled = best.join(held, on="fact_id", how="semi")["fact_id"]
    # A letter that names no copy is owed to the competent office of the workplace (PP 35/2021 Pasal 37).
    copied = pl.coalesce(pl.col("copy_office").str.replace_all(r"\D", ""), "workplace_region").str.head(4)
    named = lacking.with_columns((copied == (region or "")).alias("_copied"))
    return with_wlkp_code(with_receipt(named, known, "effective_date", office), known), settled


def _compared(known: Known) -> pl.DataFrame:
    """For each letter that both sides hold: whether two copies agree, and what differs in the first pair."""
    reading = known.law.readings.let01
    fields = ["reason_code", "effective_date", *reading.amounts]
    ours = known.held_by("termination_letter", "bpjs").select("fact_id", "record_id", *fields)
    theirs = known.held_by_others("termination_letter", "bpjs").select("fact_id", "record_id", *fields)
    unknown = pl.col("reason_code").is_in(reading.unknown_reasons)
    vague = unknown | pl.col("reason_code_right").is_in(reading.unknown_reasons)
    differs = {
        "reason_code": (pl.col("reason_code") != pl.col("reason_code_right")) & ~vague,
        "effective_date": pl.col("effective_date") != pl.col("effective_date_right"),
        **{
            name: (_money(name) - _money(f"{name}_right")).abs() > reading.amount_tolerance
            for name in reading.amounts
        },
    }
    # A value that one copy does not have is no contradiction: a typed copy seldom has all amounts.
    found = [pl.when(test.fill_null(False)).then(pl.lit(name)) for name, test in differs.items()]
    return (
        theirs.join(ours, on="fact_id", how="inner")
        .with_columns(pl.concat_list(found).list.drop_nulls().alias("_differing"))
        .sort(pl.col("fact_id"), pl.col("_differing").list.len(), "record_id", "record_id_right")
        .unique("fact_id", keep="first", maintain_order=True)
        .select("fact_id", pl.col("_differing").list.join(" ").replace("", None).alias("differing_fields"))
        .with_columns(pl.lit(True).alias("_both"))
    )


def _with_verification(letters: pl.DataFrame, known: Known) -> pl.DataFrame:
    exempt = pl.col("reason_code").is_in(without_office_copy(known.law.reasons.values()))
    heard = pl.col("heard_seq").fill_null(-1) >= pl.col("version_seq")
    competent = known.offices.select("region", pl.col("office").alias("_competent"), "heard_seq")
    state = (
        pl.when(pl.col("_both") & pl.col("differing_fields").is_null())
        .then(pl.lit("VERIFIED"))
        .when(pl.col("_both"))
        .then(pl.lit("DIFFERS"))
        .when(pl.col("office") != "bpjs")
        .then(pl.lit("NOT_HELD_BY_BPJS"))
        .when((pl.col("letter_type") == STATEMENT) | exempt)
        .then(pl.lit("NOT_REQUIRED_BY_HI"))
        .when(pl.col("_competent").is_null())
        .then(pl.lit("OFFICE_NOT_CONNECTED"))
        .when(~heard)
        .then(pl.lit("OFFICE_SILENT"))
        .otherwise(pl.lit("UNKNOWN_TO_OFFICE"))
    )
    joined = letters.join(competent, left_on="workplace_region", right_on="region", how="left")
    return joined.with_columns(state.alias("verification")).drop("_competent", "heard_seq", "_both")


def _money(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Decimal(18, 2), strict=False)
