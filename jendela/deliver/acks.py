"""The recipient's answers, and its silence: sent again twice, then escalated. Pure."""

from __future__ import annotations

import polars as pl

# Sent once and again twice; after a silent day more it is a matter for people, and still pending.
ATTEMPTS = 3
ACCEPTED = ("DITERIMA", "ACCEPTED")
REFUSED = ("DITOLAK", "REFUSED")
# A reason is the agency's code, such as K01. Words could name a person and many digits be a NIK: not kept.
CODE = r"^[A-Z0-9][A-Z0-9_./-]{0,23}$"
NO_WORD = r"[0-9_]"
MANY_DIGITS = r"\d{9,}"
UNCODED = "UNCODED"
MOMENT = r"^\d{4}-\d{2}-\d{2}([T ][\d:.,+Z-]{1,25})?$"


def judged(answers: pl.DataFrame, pending: pl.DataFrame, seq: int) -> tuple[pl.DataFrame, int]:
    """Closed deliveries (`delivery_id, state, acked_at, ack_reason, closed_seq`); how many say neither.

    `answers` are `delivery_id, ack_status, ack_at, ack_reason` as the agency wrote them; those about
    deliveries that are no longer pending change nothing.
    """
    said = pl.col("ack_status").str.strip_chars().str.to_uppercase()
    reason = pl.col("ack_reason").str.strip_chars().str.to_uppercase()
    coded = reason.str.contains(CODE) & reason.str.contains(NO_WORD) & ~reason.str.contains(MANY_DIGITS)
    at = pl.col("ack_at").str.strip_chars()
    known = (
        answers.filter(pl.col("ack_status").is_not_null())
        .unique("delivery_id", keep="first", maintain_order=True)
        .join(pending.select("delivery_id"), on="delivery_id", how="semi")
        .select(
            "delivery_id",
            state=pl.when(said.is_in(ACCEPTED))
            .then(pl.lit("acknowledged"))
            .when(said.is_in(REFUSED))
            .then(pl.lit("refused")),
            acked_at=pl.when(at.str.contains(MOMENT)).then(at),
            ack_reason=pl.when(coded).then(reason).when(reason != "").then(pl.lit(UNCODED)),
            closed_seq=pl.lit(seq, dtype=pl.Int64),
        )
    )
    closed = known.filter(pl.col("state").is_not_null())
    return closed, known.height - closed.height


def to_escalate(pending: pl.DataFrame, seq: int) -> pl.Series:
    """The pending deliveries that stayed silent through every attempt and are not escalated yet."""
    silent = (pl.col("attempts") >= ATTEMPTS) & (pl.col("sent_seq") < seq) & pl.col("escalated_seq").is_null()
    return pending.filter(silent)["delivery_id"]


def to_send(pending: pl.DataFrame, seq: int) -> pl.DataFrame:
    """The pending deliveries to send tonight: new ones, and silent ones with an attempt left."""
    fresh = pl.col("sent_seq").is_null() | (pl.col("sent_seq") < seq)
    return pending.filter(fresh & (pl.col("attempts") < ATTEMPTS))
