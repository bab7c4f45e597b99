"""From pairs to judged edges: certain tier, score, zones. Pure: the same for a night and for two files."""

from __future__ import annotations

import polars as pl

from jendela.identity import agreement as name
from jendela.identity import evidence as grade
from jendela.identity.certain import CERTAIN, certain
from jendela.identity.evidence import evidence, reasons
from jendela.identity.policy import Policy
from jendela.identity.probabilistic import probabilities

PROBABILISTIC = "probabilistic"
EDGES = {
    "left_id": pl.String,
    "right_id": pl.String,
    "tier": pl.String,
    "probability": pl.Float64,
    "zone": pl.String,
    "reasons": pl.String,
}


def judge(pairs: pl.DataFrame, standard: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One edge per pair, with the columns of `EDGES`, ordered by the two ids.

    tier         certain or probabilistic
    probability  1 for a certain link, 0 for a certain parting, else the model's
    zone         link, review or apart
    reasons      a JSON list of codes; the first says why the score did not decide, where that is so
    """
    if pairs.is_empty():
        return pl.DataFrame(schema=EDGES)
    judged = certain(evidence(pairs, standard))
    decided = judged.filter(pl.col("verdict").is_not_null()).select(
        "left_id",
        "right_id",
        pl.lit(CERTAIN).alias("tier"),
        (pl.col("verdict") == "link").cast(pl.Float64).alias("probability"),
        pl.col("verdict").alias("zone"),
        reasons(pl.col("finding")).alias("reasons"),
    )
    open_pairs = judged.filter(pl.col("verdict").is_null() & _worth_scoring())
    hopeless = judged.filter(pl.col("verdict").is_null() & ~_worth_scoring())
    scored = open_pairs.with_columns(probabilities(open_pairs, policy.model_text).alias("probability"))
    scored = pl.concat([scored, hopeless.with_columns(pl.lit(0.0).alias("probability"))])
    doubt = _doubt()
    zone = (
        pl.when(pl.col("probability") < policy.review)
        .then(pl.lit("apart"))
        .when((pl.col("probability") < policy.link) | doubt.is_not_null())
        .then(pl.lit("review"))
        .otherwise(pl.lit("link"))
    )
    weighed = scored.select(
        "left_id",
        "right_id",
        pl.lit(PROBABILISTIC).alias("tier"),
        "probability",
        zone.alias("zone"),
        reasons(pl.when(pl.col("probability") >= policy.link).then(doubt)).alias("reasons"),
    )
    return pl.concat([decided, weighed]).sort("left_id", "right_id").select(*EDGES)


def _worth_scoring() -> pl.Expr:
    """False where nothing could outweigh the contradiction: another name and no number in common."""
    stranger = pl.col("name_grade") == name.DIFFERENT
    common = (pl.col("nik_grade") >= grade.NIK_SLIP) | (pl.col("kpj_grade") == 1)
    return (~stranger | common.fill_null(value=False)).fill_null(value=True)


def _doubt() -> pl.Expr:
    """Why a high score alone must not link, or null: a person looks at these.

    twins     neighbouring NIKs, and names that differ as twins' do
    nik_name  equal NIK or KPJ, but the names do not confirm it (initials do, with the birth date)
    name      no number in common, and the names do not confirm it
    two_niks  two different NIKs, and birth dates that differ
    """
    names, nik = pl.col("name_grade").fill_null(name.UNDECIDED), pl.col("nik_grade")
    same_kpj = (pl.col("kpj_grade") == 1).fill_null(value=False)
    same_number = (nik == grade.NIK_SAME).fill_null(value=False) | same_kpj
    near_birth = (pl.col("birth_grade") >= grade.BIRTH_SLIP).fill_null(value=False)
    confirmed = (names == name.UNDECIDED) & near_birth
    unlike = (names <= name.SLIPPED) | ((names == name.COMPATIBLE) & ~grade.corroborated())
    return (
        pl.when((nik == grade.NIK_NEIGHBOUR) & ~same_kpj & unlike)
        .then(pl.lit("twins"))
        .when(same_number & (names <= name.PARTLY) & ~confirmed)
        .then(pl.lit("nik_name"))
        .when(~same_number & (names <= name.PARTLY))
        .then(pl.lit("name"))
        .when((nik == grade.NIK_DIFFERENT) & (pl.col("birth_grade") < grade.BIRTH_NEW_YEAR) & ~same_kpj)
        .then(pl.lit("two_niks"))
    )
