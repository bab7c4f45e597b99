"""The recipient's answers, and its silence: sent again twice, then escalated. Pure."""

from __future__ import annotations

import polars as pl

from jendela.contracts.refusals import Refusals

# Sent once and again twice; after a silent day more it is a matter for people, and still pending.
ATTEMPTS = 3
ACCEPTED = ("DITERIMA", "ACCEPTED")
REFUSED = ("DITOLAK", "REFUSED")
LONGEST = 500  # characters kept of what an office says
MOMENT = r"^\d{4}-\d{2}-\d{2}([T ][\d:.,+Z-]{1,25})?$"


def judged(
    answers: pl.DataFrame, pending: pl.DataFrame, seq: int, refusals: Refusals
) -> tuple[pl.DataFrame, int]:
    """Closed deliveries, and how many say neither yes nor no.

    They are `delivery_id, state, acked_at, ack_reason, words, closed_seq`.
    `answers` are `delivery_id, ack_status, ack_at, ack_reason` as the agency wrote them; those about
    deliveries that are no longer pending change nothing. `ack_reason` is a kind or a code; `words` are those
    of a refusal that gives no code: they may name people, and are to be sealed.
    """
    said = pl.col("ack_status").str.strip_chars().str.to_uppercase()
    state = (
        pl.when(said.is_in(ACCEPTED))
        .then(pl.lit("acknowledged"))
        .when(said.is_in(REFUSED))
        .then(pl.lit("refused"))
    )
    at, reason = pl.col("ack_at").str.strip_chars(), pl.col("ack_reason").str.strip_chars().replace("", None)
    words = pl.when((state == "refused") & refusals.code(reason).is_null()).then(reason.str.head(LONGEST))
    known = (
        answers.filter(pl.col("ack_status").is_not_null())
        .unique("delivery_id", keep="first", maintain_order=True)
        .join(pending.select("delivery_id"), on="delivery_id", how="semi")
        .select(
            "delivery_id",
            state=state,
            acked_at=pl.when(at.str.contains(MOMENT)).then(at),
            ack_reason=refusals.code(reason),
            words=words,
            closed_seq=pl.lit(seq, dtype=pl.Int64),
        )
        .with_columns(ack_reason=pl.coalesce("ack_reason", refusals.kind(pl.col("words"))))
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
