"""EMP-04: an employer registered for part of the programmes that its size asks for (PDS Program).

PP 6/2025 Pasal 4(3) and Perpres 109/2013 Pasal 6; without all of them its workers are not insured against the
loss of their job.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import BPJS, Known

CODE = "EMP-04"
RECORD = ("office", "feed", "record_id")
ITS = {"its_record": "record_id", "its_office": "office", "its_feed": "feed", "its_as_of": "as_of"}


def find(known: Known) -> pl.DataFrame:
    """One case per registration at BPJS whose programmes are told and whose size somebody knows.

    Found: the employer is active and a programme that the largest known size asks for is missing.
    """
    readings = known.law.readings
    asked_for = readings.emp04.programmes
    rank = {size: place for place, size in enumerate(asked_for)}
    firms = known.records["employer"]
    sized = firms.filter(pl.col("enterprise_size").is_in(list(rank))).with_columns(
        rank=pl.col("enterprise_size").replace_strict(rank, default=None, return_dtype=pl.Int64)
    )
    told = sized.select("rank", size="enterprise_size", its_firm="employer_id", **ITS)
    here = firms.filter(pl.col("office") == BPJS).drop_nulls("programmes")
    itself = here.join(told, left_on="record_id", right_on="its_record", how="inner", coalesce=False)
    others = here.join(told, left_on="employer_id", right_on="its_firm", how="inner", coalesce=False)
    pairs = pl.concat([itself, others.select(itself.columns)]).sort("rank", "its_record")
    asked = pairs.unique("record_id", keep="first", maintain_order=True)
    required = pl.col("size").replace_strict(
        {size: sorted(programmes) for size, programmes in asked_for.items()},
        default=None,
        return_dtype=pl.List(pl.String),
    )
    missing = required.list.set_difference(pl.col("programmes").str.split(" "))
    active = pl.col("status").is_in(readings.employers.states).fill_null(value=True)
    return cases(
        CODE,
        asked.with_columns(missing=missing).with_columns(
            found=(pl.col("missing").list.len() > 0) & active,
            may_open=True,
            person_id=pl.lit(None, pl.String),
            office=known.competent(pl.col("region_code")),
            side_a=side(*RECORD, pl.lit("programmes"), pl.col("programmes"), pl.col("as_of")),
            side_b=side(
                "its_office",
                "its_feed",
                "its_record",
                pl.lit("enterprise_size"),
                pl.col("size"),
                pl.col("its_as_of"),
            ),
            closing=pl.when(active)
            .then(pl.lit("the programmes are those of its size"))
            .otherwise(pl.format("the employer is {} now", pl.col("status").fill_null("-"))),
        ),
        ["record_id"],
    )
