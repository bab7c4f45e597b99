"""What an office says when it refuses: counted for everybody, read by one who is logged."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert

from jendela.deliver import refused
from jendela.model.errors import WrongUseError
from jendela.report.refusals import refusals
from jendela.store import tables

SAID = "Siti Nur Aisyah, NIK 3215105708899001 atau 0812-3456-7890, sudah pindah"


@pytest.fixture
def answered(siti, letter):
    """Five letters: one accepted, one refused by code, two in the same words and one in others."""
    for number in range(5):
        siti.say(
            "termination_letter", "dinas_3215", f"r-{number}", **letter | {"letter_number": f"02{number}"}
        )
    siti.deliver("bpjs")
    inbox = siti.inboxes["bpjs"]
    ids = sorted(row["delivery_id"] for row in inbox.of("jdl_surat"))
    said = [
        ("DITERIMA", None),
        ("DITOLAK", "K02"),
        *[("DITOLAK", SAID)] * 2,
        ("DITOLAK", "Pak Budi bilang tidak"),
    ]
    inbox.answers = {one: (status, None, words) for one, (status, words) in zip(ids, said, strict=True)}
    siti.next_night()
    with siti.hub.begin() as conn:
        conn.execute(
            insert(tables.night).values(
                seq=siti.seq, day=siti.night.day, state="open", offices="[]", opened_at=siti.hub.clock()
            )
        )
    siti.deliver("bpjs")
    return siti, ids


def test_the_list_and_the_report_count_by_reason_and_name_nobody(answered):
    """Which recipient, which delivery, how many, why; the words are told apart by a digest."""
    story, _ = answered
    coded, *worded = refused.refusals(story.hub, "bpjs")
    assert (coded.recipient, coded.delivery, coded.reason, coded.words, coded.count) == (
        "bpjs", "letters", "ALREADY_SETTLED", "", 1,
    )  # fmt: skip
    assert sorted(one.count for one in worded) == [1, 2]
    assert {one.reason for one in worded} == {"UNCODED"}
    assert refused.refusals(story.hub, "kemnaker") == []
    with story.hub.reading() as conn:
        one, other = refusals(conn, story.night)
    assert (one["reason"], one["count"], one["words"], one["wordings"]) == ("ALREADY_SETTLED", 1, [], 0)
    assert (other["reason"], other["count"], other["wordings"]) == ("UNCODED", 3, 2)
    frequent = next(one.words for one in worded if one.count == 2)
    assert other["words"][0] == f"#{frequent[:12]}"
    shown = json.dumps([coded.as_dict(), *(one.as_dict() for one in worded), one, other])
    assert "siti" not in shown.lower()
    assert "Budi" not in shown


def test_nowhere_in_the_hub_are_the_words_in_clear(answered):
    """Not in a table, a receipt, the ledger or the log."""
    story, _ = answered
    for table in (tables.delivery, tables.receipt, tables.ledger_leaf):
        assert "Siti Nur" not in repr(story.rows(table))
        assert "Pak Budi" not in repr(story.rows(table))


def test_a_look_is_logged_before_and_long_numbers_stay_masked(answered):
    """The entry has a digest, a count, who and when; nothing of the words."""
    story, ids = answered
    digest = next(one.words for one in refused.refusals(story.hub, None) if one.count == 2)
    said = refused.open_words(story.hub, f"#{digest[:12]}", " Ani  Wulandari ", story.hub.clock())
    assert said.words == "Siti Nur Aisyah, NIK 3215••••••••9001 atau ••••••••••••••, sudah pindah"
    assert list(said.deliveries) == ids[2:4]
    entries = [
        json.loads(row["body"])["body"] for row in story.rows(tables.ledger_leaf) if row["kind"] == "view"
    ]
    (body,) = entries
    assert (body["refusal_words"], body["deliveries"], body["who"]) == (digest, 2, "Ani Wulandari")
    assert set(body) == {"refusal_words", "deliveries", "who", "at"}


@pytest.mark.parametrize(("digest", "who"), [("", "ani"), ("ffffffff", "ani"), ("xyz", "ani"), (None, " ")])
def test_a_look_at_nothing_or_by_nobody_is_refused(answered, digest, who):
    """And leaves no entry."""
    story, _ = answered
    known = next(one.words for one in refused.refusals(story.hub, None) if one.count == 2)
    with pytest.raises(WrongUseError):
        refused.open_words(story.hub, known if digest is None else digest, who, story.hub.clock())
    assert not [row for row in story.rows(tables.ledger_leaf) if row["kind"] == "view"]
