"""Answers that change, and answers in other words: what they do, and who is told."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.deliver import acks, answered, refused
from jendela.report.refusals import refusals
from jendela.store import tables
from tests.deliver.nights import pass_a_night, states, told

KEY = "bpjs.letters"


@pytest.fixture
def sent(siti, letter):
    """Three letters delivered to BPJS on the first night; it is the second night now."""
    for number in range(3):
        siti.say(
            "termination_letter", "dinas_3215", f"r-{number}", **letter | {"letter_number": f"02{number}"}
        )
    siti.deliver("bpjs")
    pass_a_night(siti)
    return siti, sorted(row["delivery_id"] for row in siti.inboxes["bpjs"].of("jdl_surat"))


def answer(story, **by_id):
    """What BPJS answers, status and reason."""
    inbox = story.inboxes["bpjs"]
    inbox.answers |= {one: (status, "2026-09-02T03:00:00", reason) for one, (status, reason) in by_id.items()}


def test_a_refusal_after_an_acceptance_is_found_told_and_listed(sent):
    """BPJS takes a letter over, and finds out a day later that it cannot. Last night's balance stays."""
    story, (one, two, three) = sent
    answer(story, **dict.fromkeys((one, two, three), ("DITERIMA", None)))
    assert story.deliver("bpjs").counts[KEY]["acknowledged"] == 3
    pass_a_night(story)
    answer(story, **{two: ("DITOLAK", "K02")})
    receipt = story.deliver("bpjs")
    assert "1 deliveries are refused that were accepted" in told(receipt)
    counts = receipt.counts[KEY]
    assert counts["revoked"] == 1
    assert (counts["pending_before"], counts["refused"], counts["pending_after"]) == (0, 0, 0)
    assert states(story)[two] == ("refused", "ALREADY_SETTLED", 3)
    assert states(story)[one] == ("acknowledged", None, 2)
    assert [(r.reason, r.count) for r in refused.refusals(story.hub, None) if r.delivery == "letters"] == []
    pass_a_night(story)
    assert [(r.reason, r.count) for r in refused.refusals(story.hub, None)] == [("ALREADY_SETTLED", 1)]
    again = story.deliver("bpjs")
    assert told(again) == ""
    assert "revoked" not in again.counts[KEY]


def test_the_nights_report_counts_a_late_refusal_with_the_others(sent):
    """In the night in which it was found."""
    story, (one, *_) = sent
    answer(story, **{one: ("DITERIMA", None)})
    story.deliver("bpjs")
    pass_a_night(story)
    answer(story, **{one: ("DITOLAK", "K02")})
    story.deliver("bpjs")
    with story.hub.reading() as conn:
        assert [line["count"] for line in refusals(conn, story.night) if line["state"] == "refused"] == [1]


def test_an_acceptance_after_a_refusal_and_a_better_reason_are_taken_over(sent):
    """The office mends its own mistake, and says more exactly why; neither is a trouble of tonight's."""
    story, (one, two, _) = sent
    answer(story, **{one: ("DITOLAK", "K02"), two: ("DITOLAK", "tidak bisa")})
    story.deliver("bpjs")
    pass_a_night(story)
    answer(story, **{one: ("DITERIMA", None), two: ("DITOLAK", "B07")})
    receipt = story.deliver("bpjs")
    assert (receipt.counts[KEY]["accepted_late"], receipt.counts[KEY]["corrected"]) == (1, 1)
    assert told(receipt) == ""
    assert states(story)[one] == ("acknowledged", None, 3)
    assert states(story)[two] == ("refused", "B07", 2)
    words = {row["delivery_id"]: row["ack_digest"] for row in story.rows(tables.delivery)}
    assert words[two] is None


def test_a_night_killed_before_its_receipt_finds_the_late_refusal_again(sent, monkeypatch):
    """It is written with the receipt that counts it, or not at all."""
    story, (one, *_) = sent
    answer(story, **{one: ("DITERIMA", None)})
    story.deliver("bpjs")
    pass_a_night(story)
    answer(story, **{one: ("DITOLAK", "K02")})
    with monkeypatch.context() as patch:
        patch.setattr("jendela.evidence.commit.commit", killed)
        with pytest.raises(KeyboardInterrupt):
            story.deliver("bpjs")
    assert states(story)[one][0] == "acknowledged"
    assert story.deliver("bpjs").counts[KEY]["revoked"] == 1


def killed(*_):
    """What a SIGKILL looks like from inside."""
    raise KeyboardInterrupt


def test_what_was_answered_long_ago_is_not_asked_for_for_ever(sent, monkeypatch):
    """A fortnight, and of many answers some each night."""
    story, ids = sent
    answer(story, **dict.fromkeys(ids, ("DITERIMA", None)))
    story.deliver("bpjs")
    asked = []
    inbox = story.inboxes["bpjs"]
    real = inbox.acknowledgements

    def listening(outgoing, delivery_ids):
        if outgoing.target == "jdl_surat":
            asked.append(len(delivery_ids))
        return real(outgoing, delivery_ids)

    monkeypatch.setattr(inbox, "acknowledgements", listening)
    pass_a_night(story)
    story.deliver("bpjs")
    monkeypatch.setattr(answered, "AGAIN_ROWS", 2)
    for _ in range(2):
        pass_a_night(story)
        story.deliver("bpjs")
    for _ in range(13):
        pass_a_night(story)
    story.deliver("bpjs")
    assert asked[0] == 3
    assert sorted(asked[1:3]) == [1, 2]
    assert asked[3] == 0


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (" diterima ", "acknowledged"),
        ("Accepted", "acknowledged"),
        ("\u00a0DITOLAK\r\n", "refused"),
        ("  ", "pending"),
        ("DITERIMA SEBAGIAN", "pending"),
        ("DITERIMA/DITOLAK", "pending"),
        ("1", "pending"),
    ],
)
def test_words_of_an_answer(sent, said, state):
    """Case and blanks are nothing; a blank is no answer; any other word is told and never taken for a yes."""
    story, (one, *_) = sent
    answer(story, **{one: (said, None)})
    receipt = story.deliver("bpjs")
    assert states(story)[one][0] == state
    assert ("neither" in told(receipt)) == (state == "pending" and bool(said.strip()))


def test_an_unclear_word_over_an_acceptance_is_told(sent):
    """BPJS writes BATAL over its DITERIMA: nobody guesses what it means, and somebody is asked."""
    story, (one, *_) = sent
    answer(story, **{one: ("DITERIMA", None)})
    story.deliver("bpjs")
    pass_a_night(story)
    answer(story, **{one: ("BATAL", None)})
    receipt = story.deliver("bpjs")
    assert "1 answers are neither" in told(receipt)
    assert states(story)[one][0] == "acknowledged"


def test_turns_of_many_answers_reach_each_of_them():
    """Some each night, all in turn."""
    frame = pl.DataFrame({"delivery_id": [f"{n:02}" for n in range(7)]})
    parts = [acks.in_turn(frame, seq, 3)["delivery_id"].to_list() for seq in range(3)]
    assert max(map(len, parts)) == 3
    assert sorted(one for part in parts for one in part) == frame["delivery_id"].to_list()
    assert acks.in_turn(frame.clear(), 5, 3).is_empty()
