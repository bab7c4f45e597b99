"""What the tests of answers and of refused rows read of a night, and how it passes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from jendela.store import tables


def told(receipt, key="bpjs.letters"):
    """What a person is told of one delivery."""
    return " ".join(item.reason for item in receipt.missing if item.feed == key)


def pass_a_night(story):
    """The night is over; the hub has it in its list."""
    with story.hub.begin() as conn:
        conn.execute(
            insert(tables.night).values(
                seq=story.seq, day=story.night.day, supplement=0, state="closed", offices="[]",
                opened_at=datetime(2026, 9, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    story.next_night()


def states(story):
    """State, reason and night of each delivery of letters."""
    return {
        row["delivery_id"]: (row["state"], row["ack_reason"], row["closed_seq"])
        for row in story.rows(tables.delivery)
    }
