"""The screen: what the records say, side by side, in clear; nothing that anybody thinks of it."""

from __future__ import annotations

import json
from typing import Any

from jendela.store import tables


def test_both_records_side_by_side(desk: Any) -> None:
    """Identifying values in clear, and what else is known; a field that neither has is left out."""
    desk.say("card", full_name="SITI AMINAH", nik="3215015505909002", sex="P", employer_name="PT MAJU")
    desk.say("letter", "termination_letter", full_name="ST. AMINAH", address="JL. MELATI 7")
    desk.doubt("card", "letter")
    desk.night()
    shown = {line.field: (line.left, line.right) for line in desk.show(desk.case(), "ani").lines}
    assert shown == {
        "full_name": ("SITI AMINAH", "ST. AMINAH"),
        "nik": ("3215015505909002", ""),
        "sex": ("P", ""),
        "address": ("", "JL. MELATI 7"),
        "employer_name": ("PT MAJU", ""),
        "office": ("bpjs", "bpjs"),
    }


def test_nothing_of_what_the_machine_or_others_think(desk: Any) -> None:
    """No score, tier, reason, zone, nor the word that was given already."""
    desk.say("card")
    desk.say("account")
    desk.doubt("card", "account", 0.8125)
    desk.night()
    case = desk.case()
    before = desk.show(case, "budi").as_dict()
    desk.says(case, "ani", "different", "the papers differ")
    after = desk.show(case, "budi").as_dict()
    assert after == before
    for hint in ("0.8125", "probabilistic", "name_same", "review", "different", "ani", "link"):
        assert hint not in json.dumps(after).replace("AMINAH", "")


def test_the_look_is_logged_before_the_values_are_opened(desk: Any, monkeypatch: Any) -> None:
    """Whatever happens then, the ledger knows that somebody looked; it says whose case by its id alone."""
    desk.say("card", full_name="SITI AMINAH")
    desk.say("account", full_name="SITI AMINAH")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case()
    logged: list[int] = []

    def opened(*_: object) -> tuple[dict[str, str], dict[str, str]]:
        logged.append(len(desk.ledger("view")))
        return {}, {}

    monkeypatch.setattr("jendela.identity.review.screen.said", opened)
    desk.show(case, "ani")
    assert logged == [1]
    assert desk.ledger("view") == [{"case_id": case, "who": "ani", "at": desk.now.isoformat()}]
    assert desk.table(tables.review_look)["who"].to_list() == ["ani"]


def test_one_record_of_two_entities_is_one_record(desk: Any) -> None:
    """Looking again is logged again, and kept once."""
    desk.say("card", birth_date="1990-05-15")
    desk.say("account", birth_date="1990-05-15")
    desk.doubt("card", "account")
    desk.night()
    case = desk.case()
    desk.show(case, "ani")
    desk.show(case, "ani")
    assert len(desk.ledger("view")) == 2
    assert desk.table(tables.review_look).height == 1
