"""Whom a mention means: by number, by number and place, by name and place; or nobody that can be told.

A mention gives no evidence about employers, so each is judged alone, against the records of employers only.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.employers.evidence import self_evident, weighed
from jendela.identity.employers.keys import employer_keys, names_of
from jendela.identity.employers.likeness import WIDER
from jendela.identity.employers.links import LIKELY, bearers, meetings
from jendela.identity.employers.owners import one_slip
from jendela.identity.employers.seats import MAIN_DIVISION
from jendela.identity.employers.spelling import name_forms

NUMBER, NAME, MINTED, UNCLEAR, CONFLICT, UNKNOWN = (
    "number",
    "name",
    "minted",
    "unclear",
    "conflict",
    "unknown",
)
# From this probability on, somebody is meant whom we cannot tell: nobody new is made up.
SOMEBODY = 0.2
_WEIGHED = {
    "employer_id": pl.String,
    "weight": pl.Float64,
    "grade": pl.Int8,
    "other": pl.Boolean,
    "reference_id": pl.String,
}


def settled(mentions: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, employer_id` of the mentions whose number tells and whose name does not object.

    Args:
        mentions: the standard frame of what mentions say, `record_id` being the reference.
        known: that of the employer records that share an NPP or WLKP code with one of them, with their
            `employer_id`. Neither has numbers that too many names bear.
    """
    numbered, _ = _by_number(mentions, known)
    nameless = mentions.filter(pl.col("name").is_null()).select(reference_id="record_id")
    fine = pl.concat([nameless, _sharing_words(mentions, known, numbered)])
    return numbered.join(fine, on="reference_id", how="semi")


def meant(mentions: pl.DataFrame, known: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, employer_id, verdict, minting`, a row per mention, in the order of the references.

    Args:
        mentions: as for `settled`.
        known: the records that share any key with one of them.
        counts: those of all keys of both in the whole register.

    `minting` is the key (`npp|…`, `wlkp|…`, `name|…`) that stands for an employer whom no record knows.
    """
    numbered, choice = _by_number(mentions, known)
    everybody = _by_evidence(mentions, known, counts)
    weights = _probable(everybody.filter(~pl.col("other")))
    chosen = _chosen(choice, weights)
    numbered = pl.concat([numbered, chosen])
    torn = choice.join(chosen, on="reference_id", how="anti")["reference_id"].unique()
    named = weights.filter(pl.col("probability") >= LIKELY).select("reference_id", named="employer_id")
    # Whom the name would mean were it not for the number.
    speaking = _probable(everybody).filter(pl.col("probability") >= LIKELY)
    speaking = speaking.select("reference_id", speaking="employer_id")
    anybody = weights.group_by("reference_id").agg(anybody=pl.col("total").first())
    alike = weights.filter(pl.col("grade") >= WIDER).select("reference_id", "employer_id")
    alike = numbered.join(alike, on=["reference_id", "employer_id"], how="semi").select("reference_id")
    agreeing = pl.concat([alike, _sharing_words(mentions, known, numbered)]).unique()
    frame = mentions.select(reference_id="record_id")
    for more in (
        numbered.rename({"employer_id": "numbered"}),
        named,
        speaking,
        anybody,
        agreeing.with_columns(agreeing=pl.lit(value=True)),
        _minting(mentions, counts),
    ):
        frame = frame.join(more, on="reference_id", how="left")
    disputed = (pl.col("speaking") != pl.col("numbered")) & pl.col("agreeing").is_null()
    somebody = pl.col("anybody") / (1 + pl.col("anybody")) >= SOMEBODY
    verdict = (
        pl.when(pl.col("reference_id").is_in(torn.implode()))
        .then(pl.lit(UNCLEAR))
        .when(disputed.fill_null(value=False))
        .then(pl.lit(CONFLICT))
        .when(pl.col("numbered").is_not_null())
        .then(pl.lit(NUMBER))
        .when(pl.col("named").is_not_null())
        .then(pl.lit(NAME))
        .when(pl.col("by_number"))
        .then(pl.lit(MINTED))
        .when(somebody.fill_null(value=False))
        .then(pl.lit(UNCLEAR))
        .when(pl.col("minting").is_not_null())
        .then(pl.lit(MINTED))
        .otherwise(pl.lit(UNKNOWN))
    )
    frame = frame.with_columns(verdict=verdict)
    return frame.select(
        "reference_id",
        employer_id=pl.when(pl.col("verdict").is_in((NUMBER, NAME))).then(pl.coalesce("numbered", "named")),
        verdict="verdict",
        minting=pl.when(pl.col("verdict") == MINTED).then("minting"),
    ).sort("reference_id")


def _by_number(mentions: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`reference_id, employer_id` of those whose number says whom they mean; and the same of the choice that
    an NPP of several establishments leaves.

    A WLKP code is one establishment's. An NPP of several is decided by division or area, else by being the
    head office.
    """
    if known.is_empty():
        nobody = pl.DataFrame(schema={"reference_id": pl.String, "employer_id": pl.String})
        return nobody, nobody
    said = mentions.select("record_id", "npp", "wlkp", "division", "area")
    on_code = _employers(said, known, "wlkp").unique("record_id", keep="first", maintain_order=True)
    rest = said.join(on_code, on="record_id", how="anti")
    on_npp = rest.join(known, on="npp", suffix="_b").with_columns(
        rank=pl.when((pl.col("division") != MAIN_DIVISION) & (pl.col("division") == pl.col("division_b")))
        .then(1)
        .when(pl.col("area") == pl.col("area_b"))
        .then(2)
        .when(
            pl.col("area").is_null()
            & pl.col("wlkp_b").is_null()
            & (pl.col("division_b").fill_null(MAIN_DIVISION) == MAIN_DIVISION)
        )
        .then(3)
        .otherwise(4)
    )
    best = on_npp.filter(pl.col("rank") == pl.col("rank").min().over("record_id"))
    best = best.select("record_id", "employer_id").unique().sort("record_id", "employer_id")
    sole = best.filter(pl.len().over("record_id") == 1)
    # That no establishment of an NPP lies there is no reason for any, unless there is but one.
    several = on_npp.filter(pl.col("employer_id").n_unique().over("record_id") > 1)
    nowhere = several.filter(pl.col("rank").min().over("record_id") == 4)["record_id"].unique()
    sole = sole.filter(~pl.col("record_id").is_in(nowhere.implode()))
    numbered = pl.concat([on_code, sole]).rename({"record_id": "reference_id"})
    choice = best.join(sole, on="record_id", how="anti").rename({"record_id": "reference_id"})
    return numbered, choice


def _employers(said: pl.DataFrame, known: pl.DataFrame, number: str) -> pl.DataFrame:
    """`record_id, employer_id` of the mentions and employers that share a number."""
    bearing = known.drop_nulls(number).select(number, "employer_id").unique().sort(number, "employer_id")
    return said.drop_nulls(number).select("record_id", number).join(bearing, on=number).drop(number)


def _chosen(choice: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, employer_id`: whom of the establishments of their NPP the rest speaks for."""
    among = weights.join(choice, on=["reference_id", "employer_id"], how="semi")
    share = pl.col("weight") / pl.col("weight").sum().over("reference_id")
    return among.filter(share >= LIKELY).select("reference_id", "employer_id")


def _by_evidence(mentions: pl.DataFrame, known: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, employer_id, weight, grade, other`: what speaks for each employer in the place said.

    `other` tells that the employer has another NPP than the one said, unless that is but a slip.
    """
    if known.is_empty():
        return pl.DataFrame(schema=_WEIGHED)
    records = known.drop("employer_id")
    pairs = meetings(employer_keys(mentions), employer_keys(records), counts)
    weights = weighed(pairs, mentions, records, bearers(counts))
    said = mentions.select("npp", "area", left_id="record_id")
    theirs = known.select("npp", "area", "employer_id", right_id="record_id")
    weights = weights.join(said, on="left_id").join(theirs, on="right_id", suffix="_b")
    elsewhere = (pl.col("area") != pl.col("area_b")).fill_null(value=False)
    differ = (pl.col("npp") != pl.col("npp_b")).fill_null(value=False)
    weights = weights.with_columns(other=differ & ~one_slip(weights["npp"], weights["npp_b"]))
    return weights.filter(~elsewhere).select(
        "employer_id", "weight", "grade", "other", reference_id="left_id"
    )


def _probable(weights: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, employer_id, weight, grade, total, probability`: each employer against the rest."""
    weights = weights.group_by("reference_id", "employer_id").agg(
        pl.col("weight").max(), pl.col("grade").max()
    )
    total = pl.col("weight").sum().over("reference_id")
    return weights.with_columns(total=total, probability=pl.col("weight") / (1 + total))


def _sharing_words(mentions: pl.DataFrame, known: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """`reference_id` of the mentions whose name shares a telling word with those of the number's employer."""
    if numbered.is_empty():
        return numbered.select("reference_id")
    said, theirs = names_of(mentions), names_of(known)
    forms = name_forms(pl.concat([said["name"], theirs["name"]])).select("name", words="telling")
    said = said.join(forms, on="name").explode("words").select(reference_id="record_id", word="words")
    owner = known.select("record_id", "employer_id")
    theirs = theirs.join(owner, on="record_id").join(forms, on="name").explode("words")
    shared = numbered.join(said, on="reference_id").join(
        theirs.select("employer_id", word="words").unique(), on=["employer_id", "word"], how="semi"
    )
    return shared.select("reference_id").unique()


def _minting(mentions: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """`reference_id, minting, by_number`: the key by which a mention stands for an employer of its own.

    A name does so only where hardly another employer of the area bears it.
    """
    forms = name_forms(mentions["name"]).select("name", "letters", "share")
    frame = mentions.join(forms, on="name", how="left").join(bearers(counts), on="letters", how="left")
    others = self_evident(pl.col("name"), pl.col("share"), pl.col("bearers").fill_null(1))
    name = pl.when(1 / (1 + others) >= LIKELY).then(pl.format("name|{}|{}", "letters", "area"))
    number = pl.coalesce(pl.format("npp|{}", "npp"), pl.format("wlkp|{}", "wlkp"))
    return frame.select(
        reference_id="record_id", minting=pl.coalesce(number, name), by_number=number.is_not_null()
    )
