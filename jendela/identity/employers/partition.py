"""Edges and decisions in, a partition out: which records are of one employer, in canonical order.

The partition is a function of the edges, the decisions and the numbers alone; it depends neither on the order
of nights nor on the order of rows. It is local: a set of records closed under links and must-link decisions
can be taken alone. Persons are divided in jendela/identity/cluster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from jendela.identity.cluster.components import components
from jendela.identity.decisions import CANNOT, MUST

CERTAIN = "certain"
# From here on a link holds even where it brings two numbers together: name, birth, employer and first day.
SURE = 0.9999


def partition(
    nodes: pl.Series, edges: pl.DataFrame, decisions: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """`record_id, cluster` for every node; a cluster is named by its least record id.

    Args:
        nodes: the records to divide.
        edges: `left_id, right_id, tier, probability, zone`. `link` unites; a certain `apart` keeps two
        records apart.
        decisions: `left_id, right_id, verdict`, one per pair: `must_link` outranks the edges, `cannot_link`
        binds all.
        numbers: `record_id, number`, the NIK (or its hash) of records that have one.

    A record without a number never joins two people: two groups whose numbers differ unite only over a link
    between records that both have one, or one beyond doubt (`SURE`). Where links
    contradict, the stronger stands.
    """
    must = decisions.filter(pl.col("verdict") == MUST).select("left_id", "right_id")
    cannot = decisions.filter(pl.col("verdict") == CANNOT).select("left_id", "right_id")
    decided = ["left_id", "right_id"]
    links = edges.filter(pl.col("zone") == "link").join(cannot, on=decided, how="anti")
    parted = edges.filter((pl.col("zone") == "apart") & (pl.col("tier") == CERTAIN)).select(decided)
    parted = pl.concat([parted.join(must, on=decided, how="anti"), cannot])
    ranked = pl.concat(
        [
            must.with_columns(pl.lit(0, pl.Int8).alias("rank"), pl.lit(1.0).alias("probability")),
            links.select(
                *decided,
                pl.when(pl.col("tier") == CERTAIN).then(1).otherwise(2).cast(pl.Int8).alias("rank"),
                "probability",
            ),
        ]
    )
    whole = components(nodes, ranked.select(decided))
    contested = _contested(whole, parted, numbers)
    simple = whole.join(contested, on="component", how="anti").rename({"component": "cluster"})
    members = whole.join(contested, on="component", how="semi")["record_id"]
    if members.is_empty():
        return simple.sort("record_id")
    inside = pl.col("left_id").is_in(members.implode()) & pl.col("right_id").is_in(members.implode())
    groups = _Groups(members, numbers)
    groups.keep_apart(parted.filter(inside).iter_rows())
    strongest_first = ranked.filter(inside).sort(
        "rank", "probability", "left_id", "right_id", descending=[False, True, False, False]
    )
    # The handful of components in which somebody's number or a person's decision speaks against a link.
    for left, right, _, probability in strongest_first.iter_rows():
        groups.unite(left, right, sure=probability >= SURE)
    return pl.concat([simple, groups.frame()]).sort("record_id")


def _contested(whole: pl.DataFrame, parted: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The components that hold two different numbers, or two records that are kept apart."""
    placed = whole.join(numbers, on="record_id")
    several = placed.group_by("component").agg(pl.col("number").n_unique()).filter(pl.col("number") > 1)
    ends = parted.join(whole, left_on="left_id", right_on="record_id")
    ends = ends.join(whole, left_on="right_id", right_on="record_id", suffix="_right")
    divided = ends.filter(pl.col("component") == pl.col("component_right"))
    return pl.concat([several.select("component"), divided.select("component")]).unique()


@dataclass
class _Groups:
    """Groups of records that grow edge by edge, and what must not meet in one."""

    members: pl.Series
    numbers: pl.DataFrame
    group: dict[str, str] = field(init=False)
    inside: dict[str, set[str]] = field(init=False)
    number: dict[str, str] = field(init=False)
    foes: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.group = {record: record for record in self.members}
        self.inside = {record: {record} for record in self.members}
        ours = self.numbers.filter(pl.col("record_id").is_in(self.members.implode()))
        self.number = dict(ours.select("record_id", "number").iter_rows())
        self.foes = {}

    def keep_apart(self, pairs: Iterable[tuple[str, ...]]) -> None:
        for left, right in pairs:
            self.foes.setdefault(left, set()).add(right)
            self.foes.setdefault(right, set()).add(left)

    def unite(self, left: str, right: str, *, sure: bool) -> None:
        a, b = self.inside[self.group[left]], self.inside[self.group[right]]
        if a is b or any(self.foes.get(record, set()) & b for record in a):
            return
        if not sure and not (left in self.number and right in self.number):
            of_a, of_b = self._numbers(a), self._numbers(b)
            if of_a and of_b and not of_a & of_b:
                return
        small, large = sorted((a, b), key=len)
        name = self.group[next(iter(large))]
        large |= small
        for record in small:
            self.group[record] = name

    def _numbers(self, records: set[str]) -> set[str]:
        return {self.number[record] for record in records if record in self.number}

    def frame(self) -> pl.DataFrame:
        named = {id(group): min(group) for group in self.inside.values()}
        cluster = [named[id(self.inside[self.group[record]])] for record in self.members]
        return pl.DataFrame(
            {"record_id": self.members, "cluster": cluster},
            schema={"record_id": pl.String, "cluster": pl.String},
        )
