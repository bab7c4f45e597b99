"""The queue: one case for two persons, what is at stake first, and no case for what is settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from jendela.store import tables


def siti(desk: Any, *names: str) -> None:
    """Records that could be Siti's."""
    for name in names:
        desk.say(name)


def test_several_edges_between_two_persons_are_one_case(desk: Any) -> None:
    """Her two BPJS cards against her account and her letter: four edges, one question."""
    siti(desk, "card1", "card2", "account", "letter")
    desk.link("card1", "card2")
    desk.link("account", "letter")
    for card in ("card1", "card2"):
        desk.doubt(card, "account", 0.4)
        desk.doubt(card, "letter", 0.6)
    desk.night()
    (case,) = desk.cases()
    kept = desk.table(tables.review_case).row(0, named=True)
    assert (kept["case_id"], kept["left_id"], kept["right_id"]) == (case.case_id, "card1", "letter")
    assert case.since == date(2026, 9, 1)


def test_a_case_keeps_its_id_over_the_nights(desk: Any) -> None:
    """Records join either person, edges come and go: as long as one asks, it is the same case."""
    siti(desk, "card", "account")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case()
    siti(desk, "letter")
    desk.link("letter", "account")
    desk.doubt("letter", "card", 0.9)
    desk.night()
    assert desk.case() == case
    desk.part("card", "account")
    desk.night()
    assert desk.case() == case


def test_a_case_closes_when_nothing_asks_any_more(desk: Any) -> None:
    """The agency corrects the row; a later correction brings the doubt back, as the case it was."""
    siti(desk, "card", "account")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case()
    desk.part("card", "account")
    desk.night()
    assert desk.cases() == []
    assert desk.table(tables.review_case)["closing"].to_list() == ["vanished"]
    desk.doubt("card", "account")
    desk.night()
    assert desk.case() == case


def test_a_case_closes_when_the_two_are_united_or_one_is_gone(desk: Any) -> None:
    """By a link of a later night; by the withdrawal of a record."""
    siti(desk, "card", "account", "letter", "other")
    desk.doubt("card", "account")
    desk.doubt("letter", "other")
    desk.night()
    assert len(desk.cases()) == 2
    desk.link("card", "account")
    desk.withdraw("other")
    desk.night()
    assert desk.cases() == []
    assert sorted(desk.table(tables.review_case)["closing"]) == ["gone", "united"]


def test_two_cases_whose_persons_merge_become_the_older_one(desk: Any) -> None:
    """A third record unites what two cases asked about."""
    siti(desk, "card", "account")
    desk.doubt("card", "account")
    desk.night()
    older = desk.case()
    siti(desk, "letter")
    desk.doubt("letter", "card")
    desk.night()
    assert len(desk.cases()) == 2
    desk.link("letter", "account")
    desk.night()
    assert desk.case() == older
    assert desk.table(tables.review_case)["closing"].drop_nulls().to_list() == ["joined"]


def test_what_is_decided_is_not_asked_again(desk: Any) -> None:
    """Not before the night that follows the decision, nor after it, nor over another edge of theirs."""
    siti(desk, "card", "account")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case()
    desk.says(case, "ani", "different")
    desk.says(case, "budi", "different")
    assert desk.cases() == []
    siti(desk, "letter")
    desk.link("letter", "account")
    desk.doubt("letter", "card", 0.9)
    desk.night()
    assert desk.cases() == []


def test_what_is_at_stake_comes_first_then_what_is_older(desk: Any) -> None:
    """A running claim, one being paid, an open discrepancy, the rest; the likelihood plays no part."""
    for number, night in enumerate(("first", "second")):
        for stake in ("rest", "finding", "paid", "running", "long_paid"):
            siti(desk, f"{night}-{stake}-a", f"{night}-{stake}-b")
            desk.doubt(f"{night}-{stake}-a", f"{night}-{stake}-b", 0.1 + 0.05 * number)
        desk.say(f"{night}-running-b", "claim", status="UNDER_REVIEW")
        desk.say(f"{night}-paid-a", "claim", status="APPROVED", decision_date="2026-07-01")
        desk.say(f"{night}-long_paid-a", "claim", status="APPROVED", decision_date="2025-07-01")
        who = desk.night()
        with desk.hub.begin() as conn:
            conn.execute(insert(tables.discrepancy).values(**finding(who[f"{night}-finding-b"], night)))
    cases = desk.cases()
    named = dict(desk.table(tables.review_case).select("case_id", "left_id").iter_rows())
    order = [named[case.case_id].removesuffix("-a") for case in cases]
    assert order[:6] == [f"{night}-{stake}" for stake in ("running", "paid", "finding") for night in NIGHTS]
    assert {*order[6:8]} == {"first-rest", "first-long_paid"}
    assert {*order[8:]} == {"second-rest", "second-long_paid"}
    assert [case.stake for case in cases][::2] == [*STAKES, "rest"]


NIGHTS = ("first", "second")
STAKES = ("claim_running", "claim_paid", "discrepancy", "rest")


def finding(person: str, number: str) -> dict[str, Any]:
    """An open discrepancy of a person."""
    night = {"first_seq": 1, "first_day": date(2026, 9, 1), "last_seq": 1, "due_date": date(2026, 9, 8)}
    sides = {"records": "[]", "side_a": "{}", "side_b": "{}", "versions": "{}"}
    told = {"code": "WRK-01", "state": "open", "severity": "high", "owner": "hi", "times_opened": 1}
    return {"discrepancy_id": number, "person_id": person, **told, **night, **sides}


def test_a_reviewer_is_not_asked_twice(desk: Any) -> None:
    """The case waits for another; with the name written otherwise it is still the same person."""
    siti(desk, "card", "account")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case("ani")
    desk.says(case, "Ani", "same")
    assert desk.cases("ANI") == []
    assert desk.case("budi") == case


def test_the_list_tells_nothing_that_a_verdict_could_lean_on(desk: Any) -> None:
    """Neither a score, nor a word, nor whom it is about."""
    siti(desk, "card", "account")
    desk.doubt("card", "account", 0.8125)
    desk.night()
    desk.says(desk.case(), "ani", "same")
    (case,) = desk.cases()
    assert case.as_dict() == {"case_id": case.case_id, "since": "2026-09-01", "stake": "rest"}
