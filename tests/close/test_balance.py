"""Every source row has one outcome, every delivery one state; what does not add up is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jendela.close import balance
from jendela.model.balance import ROWS
from jendela.model.receipt import Receipt


def receipt(step: str, scope: str, **counts: dict[str, int]) -> Receipt:
    return Receipt(
        "2026-09-01", step, scope, {name.replace("__", "."): value for name, value in counts.items()}
    )


def test_a_feed_that_adds_up():
    """100 received and 2 released: 60 accepted, 30 unchanged, 5 held, 3 echo, 2 duplicate, 2 superseded."""
    night = [
        receipt(
            "pull",
            "bpjs",
            f={"received": 100, "released": 2, "unchanged": 30, "duplicate": 2, "superseded": 2},
        ),
        receipt("validate", "bpjs", f={"accepted": 60, "held": 5, "echo": 3}),
    ]
    (line,) = balance.rows(night)
    assert line.difference == 0
    assert line.key == "feed:f"


def test_a_lost_row_is_a_difference():
    """One row that no step accounts for makes the feed out by one."""
    night = [receipt("pull", "bpjs", f={"received": 10}), receipt("validate", "bpjs", f={"accepted": 9})]
    assert [line.difference for line in balance.rows(night)] == [1]


def test_a_batch_halted_on_its_measures_halts_what_would_have_gone_on():
    """Nothing of it is accepted, held or echo any more; the unchanged stay unchanged."""
    night = [
        receipt("pull", "bpjs", f={"received": 10, "unchanged": 4}),
        receipt("validate", "bpjs", f={"accepted": 5, "held": 1}),
        receipt("measures", "", f={"halted": 6}),
    ]
    (line,) = balance.rows(night)
    assert (line.counts["accepted"], line.counts["held"], line.counts["halted"], line.difference) == (
        0,
        0,
        6,
        0,
    )


def test_deletions_stand_beside_the_balance():
    """A key that a snapshot lacks was not received, so it has no outcome."""
    night = [receipt("pull", "k", f={"received": 3, "unchanged": 3, "deleted": 2})]
    (line,) = balance.rows(night)
    assert (line.counts["deleted"], line.difference) == (2, 0)


def test_a_delivery_that_is_neither_answered_nor_pending_is_a_difference():
    """Pending before and newly due are what can be acknowledged, refused, expired or still pending."""
    right = {"pending_before": 4, "due": 6, "acknowledged": 5, "refused": 1, "expired": 1, "pending_after": 3}
    wrong = {**right, "pending_after": 2}
    night = [receipt("deliver", "bpjs", bpjs__letters=right, bpjs__pes=wrong)]
    assert [(line.name, line.difference) for line in balance.deliveries(night)] == [
        ("bpjs.letters", 0),
        ("bpjs.pes", 1),
    ]


@given(st.lists(st.sampled_from(ROWS.out), max_size=60), st.integers(0, 5))
def test_any_mix_of_outcomes_balances(outcomes, released):
    """Rows counted once each never give a difference, whatever their outcomes."""
    released = min(released, len(outcomes))
    counted = {name: outcomes.count(name) for name in ROWS.out}
    pulled = {name: counted[name] for name in ("unchanged", "duplicate", "superseded", "halted")}
    judged = {name: counted[name] for name in balance.FLOWING_ON}
    night = [
        receipt("pull", "o", f={"received": len(outcomes) - released, "released": released, **pulled}),
        receipt("validate", "o", f=judged),
    ]
    assert all(line.difference == 0 for line in balance.rows(night))
