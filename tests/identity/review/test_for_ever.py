"""Decisions hold for ever: whatever records, edges and decisions the nights bring, in whatever order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.identity.cluster.components import components
from jendela.identity.decisions import CANNOT, MUST
from jendela.identity.review import verdicts
from jendela.identity.review.contradiction import contradicted
from jendela.model.errors import WrongUseError
from jendela.store import tables
from tests.identity.review.conftest import WHY, Desk, open_desk

IDS = list("abcdef")
PAIRS = [(one, other) for one in IDS for other in IDS if one < other]
DECISION = dict.fromkeys(("left_id", "right_id", "verdict"), pl.String)

pairs_of = st.lists(st.sampled_from(PAIRS), max_size=4)
nights_of = st.lists(
    st.fixed_dictionaries(
        {
            "doubts": pairs_of,
            "links": pairs_of,
            "findings": pairs_of,
            "parted": pairs_of,
            "gone": st.lists(st.sampled_from(IDS), max_size=1),
            "words": st.lists(
                st.tuples(st.integers(0, 9), st.sampled_from(["same", "different"])), max_size=3
            ),
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(nights_of)
def test_what_two_people_decided_holds_on_every_later_night(nights: list[dict[str, Any]]) -> None:
    """Of the records that are there: one person where they said so, two where they said so."""
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(Path(folder))
        try:
            for night in nights:
                live_through(desk, night)
        finally:
            desk.hub.close()


def live_through(desk: Desk, night: dict[str, Any]) -> None:
    """A night, what it leaves, and a day at the desk."""
    there = desk.persons()
    for record in set(IDS) - set(there):
        desk.say(record)
    for one, other in night["doubts"]:
        desk.doubt(one, other)
    for one, other in night["links"]:
        desk.link(one, other, "certain")
    for one, other in night["findings"]:
        desk.find_two(one, other)
    for one, other in night["parted"]:
        desk.part(one, other)
    for record in set(night["gone"]) & set(there):
        desk.withdraw(record)
    who = desk.night()
    made = desk.table(tables.identity_decision).sort("decided_at")
    last = {(row["left_id"], row["right_id"]): row["verdict"] for row in made.to_dicts()}
    for (one, other), verdict in last.items():
        if one in who and other in who:
            assert (who[one] == who[other]) == (verdict == MUST), (one, other, verdict)
    for number, word in night["words"]:
        cases = desk.cases()
        if cases:
            case = cases[number % len(cases)].case_id
            for person in ("ani", "budi"):
                desk.show(case, person)
                try:
                    verdicts.decide(desk.hub, case, word, person, WHY, desk.passes())
                except WrongUseError as refused:
                    assert "contradicts" in str(refused) or "already" in str(refused)  # noqa: PT017


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PAIRS), st.sampled_from([MUST, CANNOT])), max_size=12))
def test_decisions_that_were_let_through_can_all_hold(asked: list[tuple[tuple[str, str], str]]) -> None:
    """Taken one by one, with those refused that contradict: none keeps two apart whom others unite."""
    kept: dict[tuple[str, str], str] = {}
    for pair, verdict in asked:
        rows = [(*known, said) for known, said in kept.items()]
        decisions = pl.DataFrame(rows, schema=DECISION, orient="row")
        if contradicted(decisions, *pair, verdict).is_empty():
            kept[pair] = verdict
        else:
            assert kept
        must = [known for known, said in kept.items() if said == MUST]
        united = pl.DataFrame(must, schema=["left_id", "right_id"], orient="row") if must else None
        home = dict(zip(IDS, IDS, strict=True))
        if united is not None:
            home = dict(components(pl.Series("record_id", IDS), united).iter_rows())
        assert all(home[a] != home[b] for (a, b), said in kept.items() if said == CANNOT)
