"""Verdicts: two who agree, a third where they do not, and what binds every later night."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from jendela.identity.review import queue, verdicts
from jendela.model.errors import WrongUseError
from jendela.store import tables
from tests.identity.review.conftest import WHY


@pytest.fixture
def case(desk: Any) -> str:
    """Siti's card and her account: a doubt, after the first night."""
    for name in ("card", "account"):
        desk.say(name, full_name="SITI NUR AISYAH", nik="3215015505909002", mother_maiden_name="KARTINI")
    desk.doubt("card", "account")
    desk.night()
    return str(desk.case())


def decisions(desk: Any) -> list[tuple[str, ...]]:
    """What binds the nights, oldest first."""
    made = desk.table(tables.identity_decision).sort("decided_at")
    return list(made.select("left_id", "right_id", "verdict", "who").iter_rows())


def test_two_people_unite(desk: Any, case: str) -> None:
    """One is not enough; from the next night on the two records are one person."""
    assert desk.says(case, "ani", "same") is None
    desk.night()
    assert not desk.together("card", "account")
    assert desk.says(case, "budi", "same") == "same"
    assert decisions(desk) == [("account", "card", "must_link", "ani, budi")]
    desk.night()
    assert desk.together("card", "account")


def test_two_people_part(desk: Any, case: str) -> None:
    """And no link of a later night brings together what they parted."""
    desk.says(case, "ani", "different")
    assert desk.says(case, "budi", "different") == "different"
    desk.link("card", "account", "certain")
    desk.night()
    assert not desk.together("card", "account")


@pytest.mark.parametrize(("third", "verdict"), [("same", "must_link"), ("different", "cannot_link")])
def test_a_disagreement_goes_to_a_third(desk: Any, case: str, third: str, verdict: str) -> None:
    """Whose word is final."""
    desk.says(case, "ani", "same")
    assert desk.says(case, "budi", "different") is None
    assert desk.case("citra") == case
    assert desk.says(case, "citra", third) == third
    assert [row[2] for row in decisions(desk)] == [verdict]


def test_who_is_unsure_settles_nothing(desk: Any, case: str) -> None:
    """Nobody is united on one person's word, whoever else was unsure."""
    assert desk.says(case, "ani", "unsure") is None
    assert desk.says(case, "budi", "same") is None
    assert desk.says(case, "citra", "unsure") is None
    assert desk.says(case, "dewi", "same") == "same"
    assert [row[3] for row in decisions(desk)] == ["budi, dewi"]


@pytest.mark.parametrize("again", ["ani", "ANI", "  Ani "])
def test_nobody_speaks_twice(desk: Any, case: str, again: str) -> None:
    """Nor under the same name in other letters: it would be one person for two."""
    desk.says(case, "ani", "same")
    with pytest.raises(WrongUseError, match="has spoken on case"):
        desk.says(case, again, "same")
    assert decisions(desk) == []


def test_nobody_speaks_on_what_they_have_not_seen(desk: Any, case: str) -> None:
    """The case is opened first, and again when a record has changed since."""
    with pytest.raises(WrongUseError, match="open it first"):
        verdicts.decide(desk.hub, case, "same", "ani", WHY, desk.passes())
    desk.show(case, "ani")
    desk.say("card", full_name="RINA MARLINA")
    desk.night()
    with pytest.raises(WrongUseError, match="open it first"):
        verdicts.decide(desk.hub, case, "same", "ani", WHY, desk.passes())


def test_a_word_on_other_values_does_not_count(desk: Any, case: str) -> None:
    """Ani spoke before the agency corrected the name; she is asked again, like everybody."""
    desk.says(case, "ani", "same")
    desk.say("card", full_name="RINA MARLINA")
    desk.night()
    assert desk.case("ani") == case
    assert desk.says(case, "budi", "different") is None
    assert desk.says(case, "ani", "different") == "different"


def test_a_decided_case_takes_no_more_words(desk: Any, case: str) -> None:
    """It says how a new round begins; what is unknown or over is said as well."""
    desk.says(case, "ani", "same")
    desk.says(case, "budi", "same")
    with pytest.raises(WrongUseError, match="review reopen"):
        desk.says(case, "citra", "different")
    with pytest.raises(WrongUseError, match="No case begins"):
        desk.show("0" * 12, "citra")
    with pytest.raises(WrongUseError, match="at least 8"):
        desk.show("abc", "citra")


def test_a_withdrawn_record_ends_its_case(desk: Any, case: str) -> None:
    """There is nothing to look at any more."""
    desk.withdraw("card")
    desk.night()
    with pytest.raises(WrongUseError, match="withdrawn"):
        desk.show(case, "ani")
    with pytest.raises(WrongUseError, match="does not wait"):
        verdicts.decide(desk.hub, case, "same", "ani", WHY, desk.passes())


def test_a_decision_is_revised_by_a_full_round_of_other_people(desk: Any, case: str) -> None:
    """Until then it holds; afterwards both stand in the history, and the later binds."""
    desk.says(case, "ani", "same")
    desk.says(case, "budi", "same")
    desk.night()
    desk.reopen(case, "head of unit")
    assert desk.case("citra") == case
    assert desk.cases("ani") == []
    with pytest.raises(WrongUseError, match="has spoken on case"):
        desk.says(case, "budi", "different")
    assert desk.says(case, "citra", "different") is None
    desk.night()
    assert desk.together("card", "account")
    assert desk.says(case, "dewi", "different") == "different"
    desk.night()
    assert not desk.together("card", "account")
    assert [row[2:] for row in decisions(desk)] == [
        ("must_link", "ani, budi"),
        ("cannot_link", "citra, dewi"),
    ]
    assert [ruling.verdict for ruling in queue.rulings(desk.hub)] == ["must_link", "cannot_link"]
    assert desk.cases() == []


def test_an_open_case_is_not_reopened(desk: Any, case: str) -> None:
    """There is no decision to revise."""
    with pytest.raises(WrongUseError, match="only a decided one"):
        desk.reopen(case, "ani")


def test_the_past_rulings_of_a_reopened_case_are_not_shown(desk: Any, case: str) -> None:
    """Those who are asked anew must not see what was said before."""
    desk.says(case, "ani", "same")
    desk.says(case, "budi", "same")
    desk.reopen(case, "head of unit")
    assert queue.rulings(desk.hub) == []


def test_the_later_decision_holds_whatever_the_clock_did(desk: Any, case: str) -> None:
    """A machine whose clock was set back decides after all."""
    desk.says(case, "ani", "same")
    desk.says(case, "budi", "same")
    desk.reopen(case, "head of unit")
    desk.now = desk.now.replace(year=2025, tzinfo=UTC)
    desk.says(case, "citra", "different")
    desk.says(case, "dewi", "different")
    desk.now = desk.now.replace(year=2026)
    desk.night()
    assert [row[2] for row in decisions(desk)] == ["must_link", "cannot_link"]
    assert not desk.together("card", "account")


def test_decisions_that_cannot_hold_together_are_refused(desk: Any) -> None:
    """The card is the letter's and the letter the account's: then card and account are not two people."""
    for name in ("account", "card", "letter"):
        desk.say(name)
    desk.doubt("card", "letter")
    desk.doubt("letter", "account")
    desk.doubt("card", "account")
    desk.night()
    of = {
        frozenset((row["left_id"], row["right_id"])): row["case_id"]
        for row in (desk.cases(), *[desk.table(tables.review_case)])[1].to_dicts()
    }
    for pair in (("card", "letter"), ("letter", "account")):
        desk.says(of[frozenset(pair)], "ani", "same")
        desk.says(of[frozenset(pair)], "budi", "same")
    last = of[frozenset(("card", "account"))]
    desk.says(last, "ani", "different")
    with pytest.raises(WrongUseError, match="contradicts what was decided on") as refused:
        desk.says(last, "budi", "different")
    assert of[frozenset(("card", "letter"))][:12] in str(refused.value)
    assert len(decisions(desk)) == 2
    desk.night()
    assert desk.together("card", "account")


def test_everything_is_in_the_ledger_before_it_counts(desk: Any, case: str) -> None:
    """Who looked, who said what, when and why, and what binds; no value of the records."""
    desk.says(case, "ani", "same", "name and mother agree")
    desk.says(case, "budi", "same", "seen the card")
    looks = [(entry["case_id"], entry["who"]) for entry in desk.ledger("view")]
    assert looks == [(case, "ani"), (case, "budi")]
    first, second, bound = desk.ledger("decision")
    assert (first["word"], first["who"], first["why"]) == ("same", "ani", "name and mother agree")
    assert first["at"] == "2026-09-01T08:03:00+00:00"
    assert second["who"] == "budi"
    assert (bound["decision"], bound["by"], bound["round"]) == ("must_link", ["ani", "budi"], 1)
    for secret in ("AISYAH", "3215015505909002", "KARTINI", "account", 'card"'):
        assert secret.casefold() not in str(desk.ledger("decision")[::2]).casefold()


@pytest.mark.parametrize(
    "why",
    [
        "Aisyah is one person",
        "mother is Kartini",
        "NIK 3215015505909002",
        "born 15-05-1990",
        "+62 812 3456 789",
    ],
)
def test_a_reason_names_nobody(desk: Any, case: str, why: str) -> None:
    """It is kept for ever, in clear; the error does not repeat it either."""
    with pytest.raises(WrongUseError, match="identifies a person") as refused:
        desk.says(case, "ani", "same", why)
    assert "aisyah" not in str(refused.value).casefold()
    assert "kartini" not in str(refused.value).casefold()
    assert desk.ledger("decision") == []


def test_who_and_why_are_needed(desk: Any, case: str) -> None:
    """And the word is one of three."""
    with pytest.raises(WrongUseError, match="who"):
        desk.says(case, "  ", "same")
    with pytest.raises(WrongUseError, match="why"):
        desk.says(case, "ani", "same", "  ")
    with pytest.raises(WrongUseError, match="one of same, different, unsure"):
        desk.says(case, "ani", "perhaps")
