"""Which employer records are one establishment: certain links by number, likely ones by all that is said.

A likely link needs evidence for it and none for a rival. Two records that could both be the third's, but
contradict each other, are rivals: the third is then left alone unless one of them fits far better.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.identity.cluster.components import components
from jendela.identity.employers.evidence import weighed
from jendela.identity.employers.keys import BLOCKS, NUMBERS, employer_keys, finding, tally, trusted
from jendela.identity.employers.partition import CERTAIN
from jendela.identity.employers.seats import seated, sure_links

# One link in twenty may be wrong by our reckoning; the reckoning errs to the safe side.
LIKELY = 0.95


@dataclass(frozen=True)
class Links:
    """What `clusters.partition` needs: `edges`, and `numbers`, the seat of each record that has one."""

    edges: pl.DataFrame
    numbers: pl.DataFrame


def employer_edges(standard: pl.DataFrame) -> pl.DataFrame:
    """Links between employer records, with the columns that `clusters.partition` reads; `standard` is all."""
    return employer_links(standard, tally(employer_keys(standard))).edges


def employer_links(standard: pl.DataFrame, counts: pl.DataFrame) -> Links:
    """The links within a standard frame.

    Args:
        standard: all records that any of these could be one with.
        counts: `kind, key, rows, bearers` of their keys in the whole register.
    """
    seats = seated(trusted(standard, counts), counts)
    likely = _likely(evidence_within(seats, counts), seats)
    sure = sure_links(seats).with_columns(tier=pl.lit(CERTAIN), probability=pl.lit(1.0))
    found = [sure, likely.select("left_id", "right_id", tier=pl.lit("likely"), probability="probability")]
    numbers = seats.drop_nulls("seat").select("record_id", number="seat")
    return Links(pl.concat(found).with_columns(zone=pl.lit("link")), numbers)


def meetings(left: pl.DataFrame, right: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """`left_id, right_id` of records that share a key by which records may meet.

    Args:
        left: keys, as `employer_keys` gives them.
        right: the same.
        counts: those of all keys of `left`.
    """
    usable = finding(counts).filter(pl.col("kind").is_in(BLOCKS))
    ours = left.join(usable, on=["kind", "key"], how="semi").select("kind", "key", left_id="record_id")
    theirs = right.select("kind", "key", right_id="record_id")
    met = ours.join(theirs, on=["kind", "key"]).filter(pl.col("left_id") != pl.col("right_id"))
    return met.select("left_id", "right_id").unique()


def bearers(counts: pl.DataFrame) -> pl.DataFrame:
    """`letters, bearers` of the tallied names."""
    return counts.filter(pl.col("kind") == "core").select(letters="key", bearers="bearers")


def evidence_within(standard: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """The weighed pairs among the records of a standard frame, each once."""
    keys = employer_keys(standard)
    pairs = meetings(keys, keys, counts).filter(pl.col("left_id") < pl.col("right_id"))
    return weighed(pairs, standard, standard, bearers(counts))


def _likely(weights: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    """`left_id, right_id, probability` of the likely links.

    Links make firms larger, and what one of them then says rules out rivals: it is repeated until nothing
    more links.
    """
    found = pl.DataFrame(schema={"left_id": pl.String, "right_id": pl.String, "probability": pl.Float64})
    while True:
        more = _undisputed(_firm_pairs(weights, seats))
        if more.is_empty():
            return found
        found = pl.concat([found, more])
        firms = components(
            seats["record_id"],
            pl.concat(
                [seats.select(left_id="firm", right_id="record_id"), more.select("left_id", "right_id")]
            ),
        )
        seats = seats.drop("firm").join(
            firms.rename({"component": "firm"}), on="record_id", how="left", maintain_order="left"
        )


def _firm_pairs(weights: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    """`a, b, weight, left_id, right_id`: each pair of firms once, by its weightiest pair of records.

    What one record of an establishment does not say, another may: numbers are compared firm by firm.
    """
    firm = seats.select("record_id", "firm")
    pairs = weights.join(firm.rename({"record_id": "left_id", "firm": "a"}), on="left_id")
    pairs = pairs.join(firm.rename({"record_id": "right_id", "firm": "b"}), on="right_id")
    pairs = pairs.filter(pl.col("a") != pl.col("b"))
    # Another area is thought of only where the legal entity has nothing in the same one.
    near = pairs.filter(~pl.col("afar"))
    near_firms = pl.concat([near["a"], near["b"]]).unique().implode()
    pairs = pairs.filter(~pl.col("afar") | ~(pl.col("a").is_in(near_firms) | pl.col("b").is_in(near_firms)))
    ends = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    pairs = pairs.with_columns(a=ends[0], b=ends[1]).sort(
        "weight", "left_id", "right_id", descending=[True, False, False]
    )
    pairs = pairs.unique(["a", "b"], keep="first", maintain_order=True)
    columns = ["seat", *NUMBERS[1:]]
    said = seats.group_by("firm").agg(pl.col(columns).drop_nulls().unique())
    pairs = pairs.join(said, left_on="a", right_on="firm").join(
        said, left_on="b", right_on="firm", suffix="_b"
    )
    entity = _common("nib") | _common("npwp") | (_open("nib") & _open("npwp"))
    return pairs.filter(_open("seat") | _common("seat"), _open("wlkp") | _common("wlkp"), entity).select(
        "a", "b", "weight", "left_id", "right_id"
    )


def _undisputed(pairs: pl.DataFrame) -> pl.DataFrame:
    """`left_id, right_id, probability` of the pairs of firms that prevail over all rivals on both sides."""
    turned = pairs.select(a="b", b="a", weight="weight")
    both = pl.concat([pairs.select("a", "b", "weight"), turned])
    rivals = both.join(both.rename({"b": "c", "weight": "rival"}), on="a").filter(pl.col("b") != pl.col("c"))
    # Two firms that may be one themselves do not compete.
    rivals = rivals.join(both.select(b="a", c="b"), on=["b", "c"], how="anti")
    against = rivals.group_by("a", "b").agg(pl.col("rival").sum())
    both = both.join(against, on=["a", "b"], how="left").with_columns(pl.col("rival").fill_null(0.0))
    chance = pl.col("weight") / (1 + pl.col("weight") + pl.col("rival"))
    both = both.with_columns(
        probability=chance,
        ends=pl.struct(pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b").alias("z")),
    )
    least = both.group_by("ends").agg(pl.col("probability").min()).unnest("ends").rename({"z": "b"})
    sure = pairs.join(least, on=["a", "b"]).filter(pl.col("probability") >= LIKELY)
    return sure.select("left_id", "right_id", "probability").sort("left_id", "right_id")


def _open(number: str) -> pl.Expr:
    """One of the two firms does not say the number."""
    return (pl.col(number).list.len() == 0) | (pl.col(f"{number}_b").list.len() == 0)


def _common(number: str) -> pl.Expr:
    return pl.col(number).list.set_intersection(f"{number}_b").list.len() > 0
