"""ID-07: several cards of one person at BPJS."""

from __future__ import annotations

from datetime import date

from jendela.reconcile import cards

TODAY = date(2026, 9, 10)


def card(register, record, number, into=None, **more):
    """A spell on a card."""
    return register.add(
        "bpjs", "employment", record, card_reference=number, card_merged_into=into, fact=record, **more
    )


def test_each_card_beside_the_first(register):
    """Three that stand alone are two cases; two spells on one card are none."""
    card(card(card(card(register, "b1", "A"), "b2", "A"), "b3", "B", seq=2), "b4", "C", seq=3)
    card(register, "b5", "D", person="rina")
    assert sorted(register.opens(cards.find, TODAY)) == [["b1", "b3"], ["b1", "b4"]]


def test_a_merged_card_is_none(register):
    """Whichever way it was merged, and the case says so."""
    card(card(register, "b1", "A", "B"), "b2", "B")
    (case,) = register.ask(cards.find, TODAY)
    assert (case["found"], case["closing"]) == (False, "one card is merged into another")
    card(register, "b3", "C", seq=2)
    assert register.opens(cards.find, TODAY) == [["b2", "b3"]]
