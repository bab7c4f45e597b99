"""Tonight's mentions against each other and whom they met of the register: evidence, edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring
from jendela.identity import key_store, lookup
from jendela.identity.block.candidates import Glance
from jendela.identity.compare.commonness import Commonness, commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.compare.reasons import reasons, shared_number
from jendela.identity.found import Mentions, Met, worth
from jendela.identity.frequencies import frequencies
from jendela.identity.judge.judge import CERTAIN
from jendela.identity.policy import Policy
from jendela.identity.resolve import APART, LINK, REVIEW, Fit, fitted
from jendela.identity.standard.frame import Standard, standardise
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
FEW = 500  # pairs


@dataclass(frozen=True)
class Judged:
    """What was found.

    edges: with the columns of `EDGES`.
    weights: of all pairs compared, those apart too: `left_id, right_id, weight`.
    fresh: those of tonight's records that the hub did not know.
    fit: what judged them.
    compared: everybody who was compared, tonight's and others.
    """

    edges: pl.DataFrame
    weights: pl.DataFrame
    fresh: pl.Series
    fit: Fit
    compared: Compared
    counts: dict[str, int]


@dataclass(frozen=True)
class Compared:
    """Mentions in standard form, by row their record."""

    ids: pl.Series
    standard: Standard
    common: Commonness


def keep(conn: Connection, keyring: Keyring, mentions: Mentions, records: pl.DataFrame) -> None:
    """Store tonight's mentions and their keys in place of what their records said before.

    Args:
        records: `record_id, number` of all records that changed or are no more.
    """
    lookup.forget(conn, mentions.leaving["number"])
    key_store.give(conn, len(mentions.numbers))
    ids = mentions.raw.select("record_id")
    own = ids.join(records, on="record_id", how="left", maintain_order="left")["number"]
    lookup.keep_said(conn, keyring, mentions.numbers, mentions.raw, own, mentions.standard)
    key_store.keep(conn, mentions.keys)


def judge_tonight(policy: Policy, mentions: Mentions, met: Met, fit: Fit | None) -> Judged:
    """Judge the pairs that tonight's mentions make.

    Args:
        fit: None: it is made now, of these mentions, which are all there are.
    """
    ids = mentions.raw["record_id"]
    fresh = ids.filter(~ids.is_in(mentions.leaving["record_id"].implode())) if fit else ids.clear()
    counted = fit.counted if fit else frequencies(mentions.standard)
    common = commonness(met.standard, counted)
    left, right = _worth_comparing(met, common)
    compared = evidence(met.standard, common, left, right)
    fit = fit or fitted(policy, compared, counted)
    judged = fit.judged_by_night(compared)
    edges = _edges(judged, met.ids, policy)
    counts = {"candidates": judged.height, **_outcomes(edges, judged)}
    weights = _named(judged, met.ids).select(*_PAIR, "weight")
    counts |= {f"tamed.{kind}": blocks for kind, blocks in sorted(met.tamed.items())}
    return Judged(edges, weights, fresh, fit, Compared(met.ids, met.standard, common), counts)


def weigh(hub: Hub, conn: Connection, night: Night, judged: Judged, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (`left_id, right_id`) of stored records with their `weight`; few are of records not at hand.

    Few pairs are read anew all together, if any must be: weighing costs the same for one as for hundreds.
    """
    here = judged.compared.ids.implode()
    at_hand = pl.col("left_id").is_in(here) & pl.col("right_id").is_in(here)
    rest = pairs.filter(~at_hand)
    if rest.is_empty():
        return _weighed(judged.compared, judged.fit, pairs)
    if pairs.height <= FEW:
        rest = pairs
    ids = pl.concat([rest["left_id"], rest["right_id"]])
    raw = lookup.stored(conn, hub.keyring, lookup.numbers(conn, ids)["number"])
    standard = standardise(raw, night.day)
    stored = Compared(raw["record_id"], standard, commonness(standard, judged.fit.counted))
    weighed = _weighed(stored, judged.fit, rest)
    if rest.height == pairs.height:
        return weighed
    return pl.concat([_weighed(judged.compared, judged.fit, pairs.filter(at_hand)), weighed])


def _weighed(compared: Compared, fit: Fit, pairs: pl.DataFrame) -> pl.DataFrame:
    place = pl.DataFrame({"record_id": compared.ids}).with_row_index("row")
    rows = pairs.join(place, left_on="left_id", right_on="record_id").join(
        place, left_on="right_id", right_on="record_id", suffix="_r"
    )
    left, right = (rows[name].to_numpy().astype(np.int64) for name in ("row", "row_r"))
    found = evidence(compared.standard, compared.common, left, right)
    return rows.select(_PAIR).hstack(fit.judged_by_night(found).select("weight"))


def _worth_comparing(met: Met, common: Commonness) -> tuple[Rows, Rows]:
    """The rows of each pair that is worth a full comparison, each pair once."""
    glance = Glance(met.standard, common)
    pairs = worth(glance, met.numbers, met.pairs).select("row", "row_r").unique().sort("row", "row_r")
    return pairs["row"].to_numpy().astype(np.int64), pairs["row_r"].to_numpy().astype(np.int64)


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
