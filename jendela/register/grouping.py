"""Which source records are about one fact: one employment, one letter, one report … Pure, over frames.

A grouping takes typed records of one entity (`record_id, person_id, employer_id` and the contract's fields)
and gives `record_id, group`; the number of a group means nothing beyond the frame. Records without a person
stay alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from jendela.law.readings import Facts

NEVER, FOREVER = date(1, 1, 1), date(9999, 12, 31)
WORKER = ("person_id", "employer_id")
# What makes records of the simpler entities one: equal in all columns of one of the keys.
KEYS = {
    "employer": (("employer_id",),),
    "pes_registration": (("person_id", "registration_no"), ("person_id", "ak1_number")),
    "pes_activity": (("registration_no", "activity_month"),),
    "claim": (("person_id", "claim_number"),),
    "contribution": (("spell_record", "contribution_month"),),
    "benefit_payment": (("payment_number",),),
    "referral": (("referral_number",),),
    "training_attendance": (("training_number", "attendance_month"),),
    # told by the employment service, answered by BPJS: one, if both mean the same person
    "disqualification_notice": (("person_id", "notice_number"),),
    "dispute": (("person_id", "dispute_number"),),
    "settlement_agreement": (("dispute_record", "settlement_number"),),
}


def group(entity: str, records: pl.DataFrame, readings: Facts) -> pl.DataFrame:
    """The groups of an entity's records; see the functions below for what makes records one."""
    if entity == "employment":
        return employments(records, readings)
    if entity == "termination_letter":
        return papers(records, readings, ["letter_type"])
    if entity == "termination_case":
        return papers(records, readings, [])
    return components(records, KEYS[entity])


def employments(records: pl.DataFrame, readings: Facts) -> pl.DataFrame:
    """One employment: the same person and employer, and spells that overlap or start within days of each
    other.

    A spell without a start began before everything, one without an end is running.
    """
    start = pl.col("start_date").fill_null(NEVER)
    near = pl.col("start_date").dt.offset_by(f"{readings.spell_start_days}d").fill_null(NEVER)
    reach = pl.max_horizontal(pl.col("end_date").fill_null(FOREVER), near)
    spells = records.select("record_id", *WORKER, start=start, reach=reach)
    return components(numbered(spells, WORKER, "start", "reach"), [[*WORKER, "number"]])


def papers(records: pl.DataFrame, readings: Facts, kind: Sequence[str]) -> pl.DataFrame:
    """One letter or report, whoever holds a copy: the same person and employer, and the same letter number,
    or effective dates within days of each other (and the same `kind`). Copies without a known employer join
    those that have one, where the person has one only."""
    only = pl.col("employer_id").drop_nulls().unique()
    one_employer = pl.when(only.len().over("person_id") == 1).then(only.first().over("person_id"))
    told = records.select(
        "record_id",
        "person_id",
        *kind,
        employer_id=pl.coalesce("employer_id", one_employer, pl.lit("")),
        letter=letters_and_digits(pl.col("letter_number")),
        start=pl.col("effective_date"),
        reach=pl.col("effective_date").dt.offset_by(f"{readings.termination_days}d"),
    )
    same = [*WORKER, *kind]
    dated = numbered(told, same, "start", "reach")
    return components(dated, [[*WORKER, "letter"], [*same, "number"]])


def letters_and_digits(text: pl.Expr) -> pl.Expr:
    """A number or name for comparison: letters and digits only, upper case; null where nothing is left.

    It brings copies of a letter together; whether two numbers are one letter's is asked more closely
    (reconcile/numbers.py).
    """
    plain = text.str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return pl.when(plain != "").then(plain)


def numbered(frame: pl.DataFrame, within: Sequence[str], start: str, reach: str) -> pl.DataFrame:
    """The frame with a `number` for every chain of intervals [start, reach] that touch, counted within
    `within`.

    Null where there is no start.
    """
    ordered = frame.sort(*within, start, "record_id", nulls_last=True)
    before = pl.col(reach).cum_max().shift(1).over(within)
    fresh = (pl.col(start) > before).fill_null(value=False)
    chain = fresh.cast(pl.Int64).cum_sum().over(within)
    return ordered.with_columns(number=pl.when(pl.col(start).is_not_null()).then(chain))


def components(records: pl.DataFrame, keys: Sequence[Sequence[str]]) -> pl.DataFrame:
    """`record_id, group`: records that are equal in all columns of one of the keys belong together,
    transitively.

    A key with a null in it joins nothing.
    """
    labels = records.with_row_index("group").with_columns(pl.col("group").cast(pl.Int64))
    while True:
        lowest = labels
        for key in keys:
            known = pl.all_horizontal(pl.col(name).is_not_null() for name in key)
            shared = pl.col("group").min().over(key)
            lowest = lowest.with_columns(group=pl.when(known).then(shared).otherwise("group"))
        if len(keys) == 1 or lowest["group"].equals(labels["group"]):
            return lowest.select("record_id", "group")
        labels = lowest
