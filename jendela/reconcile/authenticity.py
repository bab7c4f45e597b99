"""LET-08: a letter whose signature does not verify, or whose file is not the one that the office has.

UU 11/2008 Pasal 11 and PP 71/2019 (signatures); Permenaker 2/2025 Pasal 9(3) (the proof handed in with a
claim).
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of, same_firm

CODE = "LET-08"
FILE = "document_sha256"


def find(known: Known) -> pl.DataFrame:
    """The cases of signatures and those of files."""
    return pl.concat([signatures(known), files(known)])


def signatures(known: Known) -> pl.DataFrame:
    """One case per file whose signature is not valid; a file that names thousands of workers is one case."""
    looked_at = known.letters.with_columns(file=pl.coalesce(FILE, "record_id"))
    several = pl.col("person_id").n_unique().over("office", "file") > 1
    asked = first_of(looked_at.with_columns(several=several), ["office", "file"])
    spoilt = pl.col("signature_status").is_in(known.law.readings.let08.signatures).fill_null(value=False)
    return cases(
        CODE,
        asked.with_columns(
            found=spoilt & stands(),
            may_open=True,
            severity=pl.lit("high"),
            person_id=pl.when(~pl.col("several")).then("person_id"),
            office=known.competent(pl.col("workplace_region")),
            side_a=_side("", ("signature_status",)),
            side_b=_side("", ("letter_number",)),
            closing=pl.coalesce(
                replacement(), pl.format("the signature is {} now", pl.col("signature_status").fill_null("-"))
            ),
        ),
        ["record_id"],
    )


def files(known: Known) -> pl.DataFrame:
    """One case per file that BPJS has of a letter that an office has too, by its number.

    Found: no file of that letter at an office is the same, byte by byte. A warning only while nothing else
    shows that the contents differ: a print of the same letter is another file.
    """
    readings = known.law.readings
    held = known.letters.drop_nulls([FILE, "number"])
    at_office = held.filter((pl.col("office") != BPJS) & stands())
    claims = known.claims.filter(pl.col("status").is_in(readings.let08.claim_status))
    amounts = readings.let01.amounts
    at_bpjs = pl.concat(
        [
            held.filter(pl.col("office") == BPJS),
            claims.drop_nulls(["letter_sha256", "number"]).rename({"letter_sha256": FILE}),
        ],
        how="diagonal_relaxed",
    )
    pairs = at_bpjs.join(at_office, on=["person_id", "number"], suffix="_b").filter(
        same_firm("employer_id", "employer_id_b")
        & (pl.col("letter_type") == pl.col("letter_type_b")).fill_null(value=True)
    )
    same = pl.col(FILE) == pl.col(f"{FILE}_b")
    pairs = pairs.with_columns(equal=same.any().over("record_id"))
    first = pairs.sort("first_seq_b", "record_id_b").unique("record_id", keep="first", maintain_order=True)
    tolerance = readings.let01.amount_tolerance
    content = [
        pl.col("effective_date") != pl.col("effective_date_b"),
        pl.col("reason_code") != pl.col("reason_code_b"),
        *((pl.col(name) - pl.col(f"{name}_b")).abs() > tolerance for name in amounts),
    ]
    altered = pl.any_horizontal(part.fill_null(value=False) for part in content)
    return cases(
        CODE,
        first.with_columns(
            found=~pl.col("equal") & pl.col("replaced_by").is_null(),
            may_open=True,
            severity=pl.when(altered).then(pl.lit("high")).otherwise(pl.lit("warn")),
            office=known.competent(pl.coalesce("workplace_region", "workplace_region_b")),
            side_a=_side("", (FILE,)),
            side_b=_side("_b", (FILE,)),
            closing=pl.coalesce(replacement(), pl.lit("the files are the same")),
        ),
        ["record_id", "record_id_b"],
    )


def _side(which: str, shown: tuple[str, ...]) -> pl.Expr:
    names, values = fields(shown, suffix=which)
    return side(f"office{which}", f"feed{which}", f"record_id{which}", names, values, pl.col(f"as_of{which}"))
