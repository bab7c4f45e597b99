"""Changes, answers and silence as pure functions over frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.contracts.codes import load_codes
from jendela.contracts.refusals import load_refusals
from jendela.deliver import acks, changes

ROOT = Path(__file__).parents[2]
KEYS = st.sampled_from("abcdef")
WORLDS = st.lists(st.dictionaries(KEYS, st.sampled_from("123"), max_size=6), min_size=1, max_size=5)


def frame(rows, **columns):
    """A frame with these columns, also without rows."""
    return pl.DataFrame(rows, schema=columns, orient="row")


def night(state, wanted, seq):
    """One night: `state` is the deliveries so far, newest last; the deliveries after it."""
    newest = {row["item_key"]: row for row in state}.values()
    schema = dict.fromkeys(
        ("item_key", "delivery_id", "verb", "content_hash", "basis_hash", "state"), pl.String
    )
    last = pl.DataFrame(list(newest), schema=schema)
    items = frame([(key, value) for key, value in wanted.items()], item_key=pl.String, basis_hash=pl.String)
    opened = changes.to_open(items, last).with_columns(content_hash=pl.col("basis_hash"))
    settled = pl.Series("item_key", [], pl.String)
    found = changes.compare(opened, items["item_key"], settled, last)
    replaced = set(found.replaced)
    kept = [row | ({"state": "expired"} if row["delivery_id"] in replaced else {}) for row in state]
    due = [
        (key, "upsert", content) for key, content in found.upserts.select("item_key", "content_hash").rows()
    ]
    due += [(key, "retract", "-") for key in found.retracts["item_key"]]
    return kept + [
        {
            "item_key": key,
            "delivery_id": f"{key}{seq}",
            "verb": verb,
            "content_hash": content,
            "basis_hash": content,
            "state": "pending",
        }
        for key, verb, content in due
    ]


def replica(state):
    """What a recipient that follows every row has in the end."""
    held = {}
    for row in state:
        if row["verb"] == "upsert":
            held[row["item_key"]] = row["content_hash"]
        else:
            held.pop(row["item_key"], None)
    return held


@given(WORLDS)
def test_a_recipient_that_follows_has_what_is_desired(worlds):
    """Whatever happens, the rows sent add up to what is desired now, and at most one an item is pending."""
    state = []
    for seq, wanted in enumerate(worlds):
        state = night(state, wanted, seq)
        assert replica(state) == wanted
        pending = [row["item_key"] for row in state if row["state"] == "pending"]
        assert len(pending) == len(set(pending))
        assert night(state, wanted, seq + 1) == state


def test_a_basis_that_moved_without_its_content_is_only_remembered():
    """The source row was touched, the recipient's columns are the same: nothing is due."""
    last = pl.DataFrame(
        [("a", "d1", "upsert", "c", "b1", "acknowledged")],
        schema=["item_key", "delivery_id", "verb", "content_hash", "basis_hash", "state"],
        orient="row",
    )
    opened = pl.DataFrame({"item_key": ["a"], "content_hash": ["c"], "basis_hash": ["b2"]})
    found = changes.compare(opened, opened["item_key"], pl.Series("item_key", [], pl.String), last)
    assert found.upserts.is_empty()
    assert found.retracts.is_empty()
    assert found.refreshed.rows() == [("d1", "b2")]


def test_a_refused_row_is_not_offered_again_unchanged():
    """The agency said no to exactly this; only another content is another offer."""
    last = pl.DataFrame(
        [("a", "d1", "upsert", "c", "b", "refused")],
        schema=["item_key", "delivery_id", "verb", "content_hash", "basis_hash", "state"],
        orient="row",
    )
    items = pl.DataFrame({"item_key": ["a"], "basis_hash": ["b"]})
    assert changes.to_open(items, last).is_empty()


ANSWER = dict.fromkeys(("delivery_id", "ack_status", "ack_at", "ack_reason"), pl.String)
PENDING = {"delivery_id": pl.String, "attempts": pl.Int64, "sent_seq": pl.Int64, "escalated_seq": pl.Int64}


NAMED = {"delivery_id": pl.String, "own": pl.Boolean, "state": pl.String, "closed_seq": pl.Int64}


def judged(answers, *named):
    """What answers mean for these deliveries, on the second night."""
    return acks.judged(acks.ids(frame(answers, **ANSWER)), frame(named, **NAMED), 2, REFUSALS)


def waits(name):
    """A delivery of this recipient that is not answered yet."""
    return (name, True, "pending", None)


def test_an_answer_about_something_else_changes_nothing():
    """A delivery that expired, another recipient's, or one that we never made: the last two are told."""
    said = [(name, "DITERIMA", "x", None) for name in ("gone", "old", "theirs")]
    found = judged(said, waits("here"), ("old", True, "expired", 1), ("theirs", False, "pending", None))
    assert found.closed.is_empty()
    assert found.later.is_empty()
    assert found.told == {"unclear": 0, "twofold": 0, "unknown": 1, "elsewhere": 1}


REFUSALS = replace(load_refusals(ROOT, load_codes(ROOT)), own={"SUDAH_BYR": "ALREADY_SETTLED"})


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        ("K01", "K01", False),
        (" b-07 ", "B-07", False),
        ("key_unknown", "KEY_UNKNOWN", False),
        ("sudah_byr", "ALREADY_SETTLED", False),
        (" nik_tidak_dikenal ", "KEY_UNKNOWN", True),
        ("NIK 3215105708899001 milik orang lain", "OTHER_PERSON", True),
        ("kode tidak dikenal", "CODE_UNKNOWN", True),
        ("The NIK was not found.", "KEY_UNKNOWN", True),
        ("NIK tidak dikenal, sistem gangguan", "UNCODED", True),
        ("SUHARTO", "UNCODED", True),
        ("SITI_AMINAH", "UNCODED", True),
        ("ANI1985", "UNCODED", True),
        ("Budi Santoso", "UNCODED", True),
        ("3215105708899001", "UNCODED", True),
        ("32-15-10", "UNCODED", True),
        ("", None, False),
        (None, None, False),
    ],
)
def test_a_reason_is_told_by_its_kind_or_a_short_code(said, kept, words):
    """What is neither could be a name or a number of somebody: it goes where it will be sealed."""
    closed = judged([("here", "DITOLAK", "Budi sudah pindah", said)], waits("here")).closed
    assert closed.select("state", "acked_at", "ack_reason").rows() == [("refused", None, kept)]
    assert closed["words"].to_list() == [said.strip() if words else None]


def test_what_is_said_of_an_accepted_row_is_not_kept():
    """Nobody needs the words; a code may stay."""
    answers = [("a", "DITERIMA", None, "Budi Santoso"), ("b", "ACCEPTED", None, "K1")]
    closed = judged(answers, waits("a"), waits("b")).closed
    assert closed.select("ack_reason", "words").rows() == [(None, None), ("K1", None)]


def test_attempts_are_counted_in_nights():
    """Sent tonight is not silent yet; the fourth silent night escalates once."""
    waiting = frame(
        [
            ("new", 0, None, None),
            ("today", 1, 5, None),
            ("twice", 2, 4, None),
            ("thrice", 3, 4, None),
            ("told", 3, 3, 4),
        ],
        **PENDING,
    )
    assert acks.to_send(waiting, 5)["delivery_id"].to_list() == ["new", "twice"]
    assert acks.to_escalate(waiting, 5).to_list() == ["thrice"]
