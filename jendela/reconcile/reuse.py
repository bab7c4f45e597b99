"""LET-09: one letter number for several workers of an employer, with different dates (rule L-14).

One letter may name thousands of workers, on one date or on several: it is one letter while all have a date,
or the file, in common.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import stands
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import Known
from jendela.reconcile.lawful import broken

CODE = "LET-09"
LETTER = ["firm", "number"]
SHOWN = ("letter_number", "effective_date")


def find(known: Known) -> pl.DataFrame:
    """One case per employer and number that is used again.

    The two records are the one known first, and the first of another worker with whom its worker has neither
    date nor file in common.
    """
    types = known.law.readings.let09.letter_types
    letters = known.letters.filter(pl.col("letter_type").is_in(types) & stands())
    letters = letters.with_columns(firm=pl.coalesce("employer_id", "npp")).drop_nulls(
        [*LETTER, "effective_date"]
    )
    # The rule finds the numbers to look at; what it says of the effective dates is only half of the matter.
    reused = broken(letters.with_columns(letter_number="number"), known, "L-14").select("record_id")
    suspects = letters.join(letters.join(reused, on="record_id").select(LETTER).unique(), on=LETTER)
    marks = _marks(suspects)
    asked = suspects.join(_in_common(marks), on=LETTER, how="anti").sort("first_seq", "record_id")
    first = asked.unique(LETTER, keep="first", maintain_order=True)
    shared = first.select(*LETTER, "person_id").join(marks, on=[*LETTER, "person_id"])
    alike = (
        marks.join(shared.select(*LETTER, "mark"), on=[*LETTER, "mark"]).select(*LETTER, "person_id").unique()
    )
    others = asked.join(alike, on=[*LETTER, "person_id"], how="anti")
    pairs = first.join(others.unique(LETTER, keep="first", maintain_order=True), on=LETTER, suffix="_b")
    return cases(
        CODE,
        pairs.with_columns(
            found=True,
            may_open=True,
            person_id=pl.lit(None, pl.String),
            office=known.competent(pl.coalesce("workplace_region", "workplace_region_b")),
            employer_id=pl.coalesce("employer_id", "employer_id_b"),
            side_a=_side(""),
            side_b=_side("_b"),
        ),
        ["record_id", "record_id_b"],
    )


def _marks(letters: pl.DataFrame) -> pl.DataFrame:
    """The dates and files of a worker's copies under one number: `firm, number, person_id, mark`."""
    told = pl.concat_list(pl.col("effective_date").cast(pl.String), "document_sha256")
    return letters.select(*LETTER, "person_id", mark=told).explode("mark").drop_nulls("mark").unique()


def _in_common(marks: pl.DataFrame) -> pl.DataFrame:
    """`firm, number` of the letters of which all workers have a date or a file in common."""
    workers = marks.group_by(LETTER).agg(workers=pl.col("person_id").n_unique())
    most = marks.group_by(*LETTER, "mark").agg(have=pl.len()).group_by(LETTER).agg(pl.col("have").max())
    return workers.join(most, on=LETTER).filter(pl.col("have") == pl.col("workers")).select(LETTER)


def _side(which: str) -> pl.Expr:
    names, values = fields(SHOWN, suffix=which)
    return side(f"office{which}", f"feed{which}", f"record_id{which}", names, values, pl.col(f"as_of{which}"))
