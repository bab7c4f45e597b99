"""Tonight's mentions against each other and the register: keys, candidates, evidence, edges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring
from jendela.identity import key_store, lookup
from jendela.identity.block.candidates import Glance
from jendela.identity.block.pairs import Guard
from jendela.identity.block.sight import FirstSight, sights, unpacked
from jendela.identity.compare.commonness import Commonness, commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.compare.reasons import reasons, shared_number
from jendela.identity.frequencies import Frequencies, frequencies
from jendela.identity.judge.judge import CERTAIN
from jendela.identity.policy import Policy
from jendela.identity.resolve import APART, LINK, REVIEW, Fit, fitted
from jendela.identity.standard import card
from jendela.identity.standard.frame import Standard, standardise
from jendela.identity.standard.hashing import hashed
from jendela.model.receipt import Night
from jendela.store.hub import Hub

Rows = npt.NDArray[np.int64]
EDGES = {
    "left_id": pl.String,
    "right_id": pl.String,
    "tier": pl.String,
    "probability": pl.Float64,
    "weight": pl.Float64,
    "zone": pl.String,
    "reasons": pl.String,
}
_PAIR = ["left_id", "right_id"]


@dataclass(frozen=True)
class Judged:
    """What was found.

    edges: with the columns of `EDGES`.
    weights: of all pairs compared, those apart too: `left_id, right_id, weight`.
    fresh: those of tonight's records that the hub did not know.
    numbers: `record_id, number` of everybody in the edges, and of those that are gone.
    fit: what judged them.
    compared: everybody who was compared, tonight's and others.
    """

    edges: pl.DataFrame
    weights: pl.DataFrame
    fresh: pl.Series
    numbers: pl.DataFrame
    fit: Fit
    compared: Compared
    counts: dict[str, int]


@dataclass(frozen=True)
class Compared:
    """Mentions in standard form, by row their record."""

    ids: pl.Series
    standard: Standard
    common: Commonness


@dataclass(frozen=True)
class Mentions:
    """Tonight's mentions: as they are told (`records.mentions`), in standard form, and the keys of each row
    as `lookup.stored_keys` gives them.
    """

    raw: pl.DataFrame
    standard: Standard
    keys: pl.DataFrame


def read(keyring: Keyring, night: Night, raw: pl.DataFrame) -> Mentions:
    """Mentions read; of whom they work for, only if `raw` says so: no stored key depends on it."""
    standard = standardise(raw, night.day)
    return Mentions(raw, standard, lookup.stored_keys(keyring, standard))


def employed(mentions: Mentions, said: pl.DataFrame) -> Mentions:
    """The same mentions with the `employer_id` that each has in `said`."""
    ids = mentions.raw.select("record_id").join(
        said.select("record_id", "employer_id"), on="record_id", how="left", maintain_order="left"
    )["employer_id"]
    employer = hashed(card.employer(ids.cast(pl.String))).alias("employer")
    standard = replace(mentions.standard, fields=mentions.standard.fields.with_columns(employer))
    return Mentions(mentions.raw.with_columns(ids), standard, mentions.keys)


def judge_tonight(
    hub: Hub,
    conn: Connection,
    night: Night,
    policy: Policy,
    mentions: Mentions,
    gone: pl.Series,
    records: pl.DataFrame,
    fit: Fit | None,
) -> Judged:
    """Store the keys of tonight's mentions and judge the pairs they bring together.

    Args:
        mentions: those that changed.
        gone: records that are no more.
        records: `record_id, number` of all these records.
        fit: None: it is made now, of these mentions, which are all there are.
    """
    raw, standard, ids = mentions.raw, mentions.standard, mentions.raw["record_id"]
    if fit is None:
        key_store.start_anew(conn)
        fresh = ids.clear()
    else:
        fresh = ids.filter(~ids.is_in(lookup.forget(conn, records["number"]).implode()))
    own = ids.to_frame().join(records, on="record_id", how="left", maintain_order="left")["number"]
    numbers = lookup.number(conn, hub.keyring, raw, own, standard)
    keys = mentions.keys.select("key", number=numbers.gather(mentions.keys["row"]))
    met = lookup.meet(conn, keys, Guard(policy.largest_block))
    key_store.keep(conn, keys)
    counted = fit.counted if fit else frequencies(standard)
    ids, numbers, standard, pairs, others = _with_others(
        hub, conn, night, raw, numbers, standard, met.pairs, counted
    )
    common = commonness(standard, counted)
    left, right = _worth_comparing(standard, common, numbers, pairs)
    compared = evidence(standard, common, left, right)
    fit = fit or fitted(policy, compared, counted)
    judged = fit.judged_by_night(compared)
    edges = _edges(judged, ids, policy)
    counts = {
        "records": raw.height,
        "gone": gone.len(),
        "candidates": judged.height,
        **_outcomes(edges, judged),
    }
    weights = _named(judged, ids).select(*_PAIR, "weight")
    counts |= {f"tamed.{kind}": blocks for kind, blocks in sorted(met.tamed.items())}
    at_hand = pl.concat([records, others])
    return Judged(edges, weights, fresh, at_hand, fit, Compared(ids, standard, common), counts)


def weigh(hub: Hub, conn: Connection, night: Night, judged: Judged, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (`left_id, right_id`) of stored records with their `weight`; few are of records not at hand."""
    here = judged.compared.ids.implode()
    at_hand = pl.col("left_id").is_in(here) & pl.col("right_id").is_in(here)
    weighed = _weighed(judged.compared, judged.fit, pairs.filter(at_hand))
    rest = pairs.filter(~at_hand)
    if rest.is_empty():
        return weighed
    ids = pl.concat([rest["left_id"], rest["right_id"]])
    raw = lookup.stored(conn, hub.keyring, lookup.numbers(conn, ids)["number"])
    standard = standardise(raw, night.day)
    stored = Compared(raw["record_id"], standard, commonness(standard, judged.fit.counted))
    return pl.concat([weighed, _weighed(stored, judged.fit, rest)])


def _weighed(compared: Compared, fit: Fit, pairs: pl.DataFrame) -> pl.DataFrame:
    place = pl.DataFrame({"record_id": compared.ids}).with_row_index("row")
    rows = pairs.join(place, left_on="left_id", right_on="record_id").join(
        place, left_on="right_id", right_on="record_id", suffix="_r"
    )
    left, right = (rows[name].to_numpy().astype(np.int64) for name in ("row", "row_r"))
    found = evidence(compared.standard, compared.common, left, right)
    return rows.select(_PAIR).hstack(fit.judged_by_night(found).select("weight"))


def _with_others(
    hub: Hub,
    conn: Connection,
    night: Night,
    raw: pl.DataFrame,
    numbers: pl.Series,
    standard: Standard,
    met: pl.DataFrame,
    counted: Frequencies,
) -> tuple[pl.Series, pl.Series, Standard, pl.DataFrame, pl.DataFrame]:
    """Ids, numbers and standard form of those of tonight's mentions that met somebody, and of the stored ones
    they met; the pairs, without those that are strangers at first sight; and `record_id, number` of the
    stored ones' records.
    """
    nobody = pl.DataFrame(schema={"record_id": pl.String, "number": pl.Int64})
    both = pl.concat([met["left"], met["right"]]).unique()
    others = both.filter(~both.is_in(numbers.implode()))
    if others.is_empty():
        return raw["record_id"], numbers, standard, met, nobody
    opened = lookup.opened(conn, hub.keyring, others)
    pairs = _at_first_sight(standard, numbers, opened, met, counted)
    both = pl.concat([pairs["left"], pairs["right"]]).unique()
    stored = lookup.told(opened.filter(pl.col("number").is_in(both.implode())))
    told = [name for name in stored.columns if name in raw.columns]
    meeting = numbers.is_in(both.implode())
    whole = pl.concat([raw.filter(meeting).select(told), stored.select(told)])
    return (
        whole["record_id"],
        pl.concat([numbers.filter(meeting), stored["number"]]),
        standardise(whole, night.day),
        pairs,
        stored.select("record_id", number="record"),
    )


def _at_first_sight(
    standard: Standard, numbers: pl.Series, opened: pl.DataFrame, met: pl.DataFrame, counted: Frequencies
) -> pl.DataFrame:
    """The pairs of `met` that may be worth comparing. Who has no sight is not judged by it."""
    seen = opened.drop_nulls("sight")
    rows = np.concatenate([sights(standard), unpacked(seen["sight"])])
    known = pl.concat([numbers, seen["number"]])
    looked_at = _worth(FirstSight(rows, counted), known, met).select(met.columns)
    blind = opened.filter(pl.col("sight").is_null())["number"].implode()
    return pl.concat([looked_at, met.filter(pl.col("left").is_in(blind) | pl.col("right").is_in(blind))])


def _worth_comparing(
    standard: Standard, common: Commonness, numbers: pl.Series, met: pl.DataFrame
) -> tuple[Rows, Rows]:
    """The rows of each pair that is worth a full comparison, each pair once."""
    pairs = (
        _worth(Glance(standard, common), numbers, met).select("row", "row_r").unique().sort("row", "row_r")
    )
    return pairs["row"].to_numpy().astype(np.int64), pairs["row_r"].to_numpy().astype(np.int64)


def _worth(glance: Glance, numbers: pl.Series, met: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `met` that are worth it, with the rows of their numbers (`row, row_r`)."""
    place = pl.DataFrame({"number": numbers, "row": np.arange(len(numbers))})
    rows = met.join(place, left_on="left", right_on="number").join(
        place, left_on="right", right_on="number", suffix="_r"
    )
    kept = [rows.clear()]
    for (code,), pairs in rows.partition_by("kind", as_dict=True).items():
        left, right = pairs["row"].to_numpy(), pairs["row_r"].to_numpy()
        worth = glance.worth_comparing(lookup.KINDS[int(str(code))], left, right)
        kept.append(pairs.filter(pl.Series(worth, dtype=pl.Boolean)))
    return pl.concat(kept)


def _edges(judged: pl.DataFrame, ids: pl.Series, policy: Policy) -> pl.DataFrame:
    """Links, reviews, and partings that share a number."""
    weight = pl.col("weight")
    zone = (
        pl.when(weight >= policy.link_weight)
        .then(pl.lit(LINK))
        .when(weight >= policy.review_weight)
        .then(pl.lit(REVIEW))
        .otherwise(pl.lit(APART))
    )
    zoned = judged.with_columns(zone.alias("zone"))
    kept = zoned.filter((pl.col("zone") != APART) | shared_number().is_not_null())
    apart = pl.col("zone") == APART
    leading = (
        pl.when(apart)
        .then(shared_number())
        .when(pl.col("zone") == REVIEW)
        .then(pl.format("maybe_{}", "against"))
    )
    found = _named(kept, ids).select(
        *_PAIR,
        # A parting over a number is a finding, not an opinion.
        pl.when(apart).then(pl.lit(CERTAIN)).otherwise("tier").alias("tier"),
        (1 / (1 + (-weight * pl.lit(2.0).log()).exp())).alias("probability"),
        "weight",
        "zone",
        reasons(leading).alias("reasons"),
    )
    return found.select(*EDGES).sort(_PAIR)


def _named(pairs: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """`pairs` of rows with the ids of their records, in order of the ids."""
    ends = [ids.gather(pairs[side]).alias(side) for side in ("left", "right")]
    one, other = pl.min_horizontal(ends), pl.max_horizontal(ends)
    return pairs.with_columns(one.alias("left_id"), other.alias("right_id"))


def _outcomes(edges: pl.DataFrame, judged: pl.DataFrame) -> dict[str, int]:
    certain, zone = pl.col("tier") == CERTAIN, pl.col("zone")
    counted = edges.select(
        certain=(certain & (zone == LINK)).sum(),
        linked=(~certain & (zone == LINK)).sum(),
        review=(zone == REVIEW).sum(),
        shared_nik=pl.col("reasons").str.contains("shared_nik", literal=True).sum(),
    )
    counts = {name: int(value) for name, value in counted.row(0, named=True).items()}
    return counts | {"apart": judged.height - counts["certain"] - counts["linked"] - counts["review"]}
