"""What an item gains from the rest of the register: workplace, receipt of report, the recipient's keys."""

from __future__ import annotations

import polars as pl

from jendela.deliver.known import Known

PAIR = ["person_id", "employer_id"]


def first_by_fact(copies: pl.DataFrame, *order: pl.Expr) -> pl.DataFrame:
    """One copy for each fact: the first in this order, then by record id."""
    return copies.sort([*order, pl.col("record_id")], nulls_last=True).unique(
        "fact_id", keep="first", maintain_order=True
    )


def latest_by_fact(copies: pl.DataFrame, day: str) -> pl.DataFrame:
    """One copy for each fact: the one with the latest date in column `day`, then by record id."""
    return copies.sort(day, "record_id", descending=True, nulls_last=True).unique(
        "fact_id", keep="first", maintain_order=True
    )


def with_workplace(items: pl.DataFrame, known: Known) -> pl.DataFrame:
    """`workplace_region`, 4 digits: as the copy says it, else the spell at BPJS, else the employer's."""
    spells = known.held_by("employment", "bpjs")
    of_spell = _one(spells.filter(pl.col("workplace_region").is_not_null()), PAIR, "workplace_region")
    of_employer = known.employers.select("employer_id", pl.col("region_code").alias("_employer_region"))
    return (
        items.join(of_spell.rename({"workplace_region": "_spell_region"}), on=PAIR, how="left")
        .join(of_employer, on="employer_id", how="left")
        .with_columns(
            pl.coalesce("workplace_region", "_spell_region", "_employer_region")
            .str.head(4)
            .alias("workplace_region")
        )
        .drop("_spell_region", "_employer_region")
    )


def with_receipt(items: pl.DataFrame, known: Known, about: str, office: str | None) -> pl.DataFrame:
    """`report_receipt_no` and `report_receipt_date` of the report about the same end of the same employment.

    `about` is the item's date, which must be near the report's (reading `facts.spell_end_days`); with an
    `office`, only that office's own reports count. The nearest report with a number is taken.
    """
    cases = known.copies["termination_case"].filter(pl.col("report_receipt_no").is_not_null())
    if office is not None:
        cases = cases.filter(pl.col("office") == office)
    reports = cases.select(*PAIR, "report_receipt_no", "report_receipt_date", _day("effective_date", "_on"))
    near = (
        items.select("fact_id", *PAIR, _day(about, "_at"))
        .join(reports, on=PAIR, how="inner")
        .with_columns((pl.col("_on") - pl.col("_at")).dt.total_days().abs().alias("_apart"))
        .filter(pl.col("_apart").fill_null(0) <= known.law.readings.facts.spell_end_days)
        .sort("fact_id", "_apart", "report_receipt_no", nulls_last=True)
        .unique("fact_id", keep="first", maintain_order=True)
        .select("fact_id", "report_receipt_no", "report_receipt_date")
    )
    return items.join(near, on="fact_id", how="left")


def with_job_seeker(items: pl.DataFrame, known: Known, office: str) -> pl.DataFrame:
    """`pes_registration_no` and `pes_ak1_number`: the worker's latest registration at this very office."""
    own = (
        known.held_by("pes_registration", office)
        .sort("registered_date", "record_id", descending=True, nulls_last=True)
        .unique("person_id", keep="first", maintain_order=True)
        .select(
            "person_id",
            pl.col("registration_no").alias("pes_registration_no"),
            pl.col("ak1_number").alias("pes_ak1_number"),
        )
    )
    return items.join(own, on="person_id", how="left")


def with_wlkp_code(items: pl.DataFrame, known: Known) -> pl.DataFrame:
    """`wlkp_code`, the labour offices' own key of an employer: from its WLKP workers, else from itself."""
    if "wlkp_code" not in items.columns:
        items = items.with_columns(pl.lit(None, dtype=pl.String).alias("wlkp_code"))
    reported = known.copies["employment"].filter(pl.col("wlkp_code").is_not_null())
    of_worker = _one(reported, PAIR, "wlkp_code").rename({"wlkp_code": "_worker_code"})
    of_employer = known.employers.select("employer_id", pl.col("wlkp_code").alias("_employer_code"))
    return (
        items.join(of_worker, on=PAIR, how="left")
        .join(of_employer, on="employer_id", how="left")
        .with_columns(pl.coalesce("wlkp_code", "_worker_code", "_employer_code").alias("wlkp_code"))
        .drop("_worker_code", "_employer_code")
    )


def with_participant(items: pl.DataFrame, known: Known) -> pl.DataFrame:
    """BPJS's own keys: its `npp` for the employer, and `_own`, its record that has the worker's KPJ.

    The spell with the same employer counts before any other spell of the worker.
    """
    spells = known.held_by("employment", "bpjs")
    here = _one(spells, PAIR, "record_id", "npp").rename({"record_id": "_here", "npp": "_npp"})
    anywhere = _one(spells, ["person_id"], "record_id").rename({"record_id": "_anywhere"})
    npp = pl.coalesce("_npp", "npp") if "npp" in items.columns else pl.col("_npp")
    return (
        items.join(here, on=PAIR, how="left")
        .join(anywhere, on="person_id", how="left")
        .with_columns(pl.coalesce("_here", "_anywhere").alias("_own"), npp.alias("npp"))
        .drop("_here", "_anywhere", "_npp")
    )


def in_region(items: pl.DataFrame, region: str) -> pl.DataFrame:
    """The items whose workplace lies in this region: its office is the competent one."""
    return items.filter(pl.col("workplace_region") == region)


def _one(copies: pl.DataFrame, keys: list[str], *values: str) -> pl.DataFrame:
    return (
        copies.sort(pl.col("start_date"), pl.col("record_id"), descending=True, nulls_last=True)
        .unique(keys, keep="first", maintain_order=True)
        .select(*keys, *values)
    )


def _day(column: str, name: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False).alias(name)
