"""What a doubt about a person holds up: a false link pays the wrong one, a missed one denies the right one.

Source: PP 37/2021 and PP 6/2025 Pasal 21 (a benefit is paid monthly, six times at most).
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from sqlalchemy import Connection, select

from jendela.store import frames
from jendela.store.records import versions_by_id
from jendela.store.tables import discrepancy, identity_node

# In the order of the queue.
STAKES = ("claim_running", "claim_paid", "discrepancy", "rest")
RUNNING, PAID, DISCREPANCY, REST = range(len(STAKES))
RUNNING_STATES, PAID_STATES = ("FILED", "UNDER_REVIEW"), ("APPROVED",)
# Six monthly payments, the first up to a month after the decision.
PAYING = timedelta(days=214)
_CLAIM = pl.Struct({"status": pl.String, "decision_date": pl.String})


def stakes(conn: Connection, persons: pl.Series, today: date) -> pl.DataFrame:
    """`person_id, stake`: the place of the highest one in `STAKES`, for each of these present persons."""
    asked = persons.unique().alias("person_id").to_frame()
    open_ones = frames.matching(conn, discrepancy, asked, discrepancy.c.state == "open")
    known = pl.concat(
        [
            asked.with_columns(stake=pl.lit(REST)),
            open_ones.select("person_id", stake=pl.lit(DISCREPANCY)),
            _claims(conn, asked, today),
        ]
    )
    return known.group_by("person_id").agg(pl.col("stake").min())


def _claims(conn: Connection, persons: pl.DataFrame, today: date) -> pl.DataFrame:
    """The claims in force at BPJS, under whoever their records belong to now."""
    version = versions_by_id.c
    with frames.staged(conn, persons, ["person_id"]) as stage:
        query = (
            select(identity_node.c.person_id, version.facts)
            .join(stage, stage.c.person_id == identity_node.c.person_id)
            .join(versions_by_id, version.record_id == identity_node.c.record_id)
            .where(version.entity == "claim", version.seq_to.is_(None))
        )
        claims = frames.read(conn, query)
    claims = claims.with_columns(pl.col("facts").str.json_decode(_CLAIM)).unnest("facts")
    decided = pl.col("decision_date").str.to_date("%Y-%m-%d", strict=False)
    being_paid = pl.col("status").is_in(PAID_STATES) & (decided >= today - PAYING)
    stake = (
        pl.when(pl.col("status").is_in(RUNNING_STATES))
        .then(pl.lit(RUNNING))
        .when(being_paid)
        .then(pl.lit(PAID))
    )
    return claims.select("person_id", stake=stake).drop_nulls("stake")
