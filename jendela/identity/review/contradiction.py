"""Decisions must be able to hold together: who is one with two people cannot keep these two apart."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from jendela.identity.cluster.components import components
from jendela.identity.decisions import CANNOT, MUST
from jendela.store import frames
from jendela.store.tables import identity_decision, review_case

_PAIR = ["left_id", "right_id"]


def contradicted(decisions: pl.DataFrame, left_id: str, right_id: str, verdict: str) -> pl.DataFrame:
    """The decisions (`left_id, right_id, verdict`) with which this one cannot hold; empty: it can.

    Args:
        decisions: the last on each pair; one on this very pair is replaced and does not count.
    """
    this = (pl.col("left_id") == left_id) & (pl.col("right_id") == right_id)
    others = decisions.filter(~this)
    must = others.filter(pl.col("verdict") == MUST).select(_PAIR)
    if verdict == MUST:
        must = pl.concat([must, pl.DataFrame([(left_id, right_id)], schema=must.schema, orient="row")])
    nodes = pl.concat([others["left_id"], others["right_id"], pl.Series([left_id, right_id])])
    home = components(nodes, must)
    ours = home.filter(pl.col("record_id") == left_id)["component"].item()
    ends = others.join(home, left_on="left_id", right_on="record_id")
    ends = ends.join(home, left_on="right_id", right_on="record_id", suffix="_right")
    inside = ends.filter((pl.col("component") == ours) & (pl.col("component_right") == ours))
    if verdict == MUST:
        return inside.filter(pl.col("verdict") == CANNOT).select(*_PAIR, "verdict")
    together = home.filter(pl.col("record_id") == right_id)["component"].item() == ours
    return inside.filter(pl.lit(together) & (pl.col("verdict") == MUST)).select(*_PAIR, "verdict")


def against(conn: Connection, left_id: str, right_id: str, verdict: str) -> list[str]:
    """The cases (by 12 digits) whose decisions speak against this one, or what else does."""
    found = contradicted(last_decisions(conn), left_id, right_id, verdict)
    cases = frames.matching(conn, review_case, found.select(_PAIR)).select(*_PAIR, "case_id")
    named = found.join(cases, on=_PAIR, how="left")["case_id"].str.slice(0, 12)
    return sorted(set(named.fill_null("a decision made outside the queue")))


def last_decisions(conn: Connection) -> pl.DataFrame:
    """`left_id, right_id, verdict`: the last decision on each pair."""
    made = identity_decision.c
    query = select(made.left_id, made.right_id, made.verdict).order_by(made.decided_at)
    read = frames.read(conn, query).with_columns(
        left_id=pl.min_horizontal(_PAIR), right_id=pl.max_horizontal(_PAIR)
    )
    return read.unique(_PAIR, keep="last", maintain_order=True)
