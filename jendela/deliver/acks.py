"""The recipient's answers, and its silence: sent again twice, then escalated. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.contracts.refusals import Refusals

# Sent once and again twice; after a silent day more it is a matter for people, and still pending.
ATTEMPTS = 3
ACCEPTED = ("DITERIMA", "ACCEPTED")
REFUSED = ("DITOLAK", "REFUSED")
LONGEST = 500  # characters kept of what an office says
MOMENT = r"^\d{4}-\d{2}-\d{2}([T ][\d:.,+Z-]{1,25})?$"
ANSWERED = ("acknowledged", "refused")


@dataclass(frozen=True)
class Judged:
    """What tonight's answers say.

    `closed` are answers to pending deliveries, `later` those to deliveries that were answered on an earlier
    night: `delivery_id, state, acked_at, ack_reason, words, closed_seq`. `ack_reason` is a kind or a code;
    `words` are those of a refusal that gives no code: they may name people, and are to be sealed.
    `told` counts what changes nothing and somebody has to hear of.
    """

    closed: pl.DataFrame
    later: pl.DataFrame
    told: dict[str, int]


def ids(answers: pl.DataFrame) -> pl.DataFrame:
    """`answers` without those that say nothing, each id as the hub writes it: some programs fill it up with
    blanks, or write it in capitals."""
    return answers.with_columns(
        pl.col("delivery_id").fill_null("").str.strip_chars().str.to_lowercase(),
        pl.col("ack_status").str.strip_chars().replace("", None).str.to_uppercase(),
    ).drop_nulls("ack_status")


def judged(answers: pl.DataFrame, named: pl.DataFrame, seq: int, refusals: Refusals) -> Judged:
    """What the answers (those of `ids`, in the order in which they were given) mean for our deliveries.

    `named` are the deliveries that they name, `delivery_id, own, state, closed_seq`; an answer to one that
    is not `own` to this recipient's delivery changes nothing, and neither does one to an expired delivery.
    Of several answers to one delivery the last counts.
    """
    said = pl.col("ack_status")
    state = (
        pl.when(said.is_in(ACCEPTED))
        .then(pl.lit("acknowledged"))
        .when(said.is_in(REFUSED))
        .then(pl.lit("refused"))
    )
    at, reason = pl.col("ack_at").str.strip_chars(), pl.col("ack_reason").str.strip_chars().replace("", None)
    words = pl.when((state == "refused") & refusals.code(reason).is_null()).then(reason.str.head(LONGEST))
    open_before = (pl.col("was") == "pending") | (pl.col("before") == seq)
    about = named.filter(pl.col("own")).select("delivery_id", was="state", before="closed_seq")
    known = (
        answers.join(about.filter(pl.col("was") != "expired"), on="delivery_id", maintain_order="left")
        .select(
            "delivery_id",
            "was",
            "before",
            state=state,
            acked_at=pl.when(at.str.contains(MOMENT)).then(at),
            ack_reason=refusals.code(reason),
            words=words,
            closed_seq=pl.lit(seq, dtype=pl.Int64),
        )
        .with_columns(ack_reason=pl.coalesce("ack_reason", refusals.kind(pl.col("words"))))
    )
    last = known.unique("delivery_id", keep="last", maintain_order=True)
    clear = last.filter(pl.col("state").is_not_null())
    clearly = known.filter(open_before).drop_nulls("state").unique(["delivery_id", "state"])
    each = answers.select("delivery_id").unique()
    return Judged(
        closed=clear.filter(pl.col("was") == "pending").drop("was", "before"),
        later=clear.filter(pl.col("was").is_in(ANSWERED), pl.col("before") < seq).drop("was", "before"),
        told={
            "unclear": last.height - clear.height,
            "twofold": clearly.height - clearly["delivery_id"].n_unique(),
            "unknown": each.join(named, on="delivery_id", how="anti").height,
            "elsewhere": each.join(named.filter(~pl.col("own")), on="delivery_id", how="semi").height,
        },
    )


def changed(later: pl.DataFrame, named: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The later answers (their words sealed) that turn what the hub has, and those of them that only give
    another reason for the same refusal: these were refused when they were."""
    held = named.select("delivery_id", was="state", reason="ack_reason", digest="ack_digest")
    both = later.join(held, on="delivery_id", how="inner")
    turned = both.filter(pl.col("state") != pl.col("was"))
    same = both.filter(pl.col("state") == pl.col("was"), pl.col("state") == "refused")
    other = same.filter(pl.col("ack_reason").ne_missing("reason") | pl.col("ack_digest").ne_missing("digest"))
    told = ("delivery_id", "ack_reason", "ack_words", "ack_digest")
    return turned.select(*told, "state", "acked_at", "closed_seq"), other.select(told)


def in_turn(answered: pl.DataFrame, seq: int, most: int) -> pl.DataFrame:
    """At most so many of the answered deliveries; where there are more, others the next night."""
    turns = -(-answered.height // most) or 1
    return answered.sort("delivery_id").gather_every(turns, seq % turns)


def to_escalate(pending: pl.DataFrame, seq: int) -> pl.Series:
    """The pending deliveries that stayed silent through every attempt and are not escalated yet."""
    silent = (pl.col("attempts") >= ATTEMPTS) & (pl.col("sent_seq") < seq) & pl.col("escalated_seq").is_null()
    return pending.filter(silent)["delivery_id"]


def to_send(pending: pl.DataFrame, seq: int) -> pl.DataFrame:
    """The pending deliveries to send tonight: new ones, and silent ones with an attempt left."""
    fresh = pl.col("sent_seq").is_null() | (pl.col("sent_seq") < seq)
    return pending.filter(fresh & (pl.col("attempts") < ATTEMPTS))
