"""A record that was gone comes again: it is nobody else's person, whoever its first one became meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.identity.test_nights import BUDI, SITI

if TYPE_CHECKING:
    from tests.identity.conftest import Register


def first_row_gone(register: Register) -> str:
    """Budi had two rows, of which the second remains; who he is."""
    register.say("a-row", **BUDI)
    register.say("b-row", **BUDI)
    register.night()
    register.withdraw("a-row")
    register.night()
    return register.persons()["b-row"]


def test_a_row_number_that_somebody_else_has_now(register: Register) -> None:
    """A list numbered by row grows short and long again: Siti has Budi's old row, and not his person."""
    register.say("a-row", **BUDI)
    register.night()
    register.say("b-row", **BUDI)
    register.night()
    budi = register.persons()["b-row"]
    register.withdraw("a-row")
    register.night()
    register.say("a-row", **SITI)
    register.night()
    assert register.persons()["b-row"] == budi
    assert register.persons()["a-row"] != budi


def test_a_person_that_changed_hands_is_not_taken_back(register: Register) -> None:
    """The row that stayed is Siti's now, and has the person; Budi, whose row comes again, has another."""
    register.say("a-row", **BUDI)
    register.say("b-row", **BUDI)
    register.night()
    register.withdraw("a-row")
    register.say("b-row", **SITI)
    register.night()
    before = register.persons()["b-row"]
    register.say("a-row", **BUDI)
    register.night()
    assert register.persons()["b-row"] == before != register.persons()["a-row"]


def test_who_came_again_stays_who_they_are(register: Register) -> None:
    """Also when the other row goes: the first person of the row is nobody then, and nobody becomes it."""
    first_row_gone(register)
    register.say("a-row", **SITI)
    register.night()
    siti = register.persons()["a-row"]
    register.withdraw("b-row")
    register.say("a-row", **{**SITI, "phone": "081298765432"})
    register.night()
    assert register.persons() == {"a-row": siti}


def test_it_may_happen_again(register: Register) -> None:
    """Each time somebody else has become what the row was, it is another."""
    budi = first_row_gone(register)
    register.say("a-row", **SITI)
    register.night()
    second = register.persons()["a-row"]
    register.say("c-row", **SITI)
    register.night()
    register.withdraw("a-row")
    register.night()
    assert register.persons()["c-row"] == second
    other = {"national_id": "3275014503950007", "full_name": "Rina Wulandari", "birth_date": "1995-03-05"}
    register.say("a-row", **other)
    register.night()
    third = register.persons()["a-row"]
    assert third not in {budi, second}
    assert register.persons()["c-row"] == second


def test_alone_it_is_who_it_was(register: Register) -> None:
    """A row that was left out one night, and whose person nobody became, has that person again."""
    register.say("a-row", **BUDI)
    register.night()
    budi = register.persons()["a-row"]
    register.withdraw("a-row")
    register.night()
    register.say("a-row", **BUDI)
    register.night()
    assert register.persons() == {"a-row": budi}
