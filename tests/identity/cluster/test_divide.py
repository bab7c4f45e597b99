"""A component divided into persons: what binds, what evidence outweighs what, and that no order matters."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.cluster.divide import CANNOT, MUST, Division, divide

LINK = 3.0
RECORDS = range(7)
Weights = dict[tuple[int, int], float]
EVIDENCE = [-25.0, -8.0, -1.0, 0.5, 3.0, 5.0, 12.0, 40.0]
weights_of = st.dictionaries(
    st.sampled_from(list(combinations(RECORDS, 2))), st.sampled_from(EVIDENCE), max_size=21
)
decided_of = st.dictionaries(
    st.sampled_from(list(combinations(RECORDS, 2))), st.sampled_from([MUST, CANNOT]), max_size=4
)


def groups(weights: Weights, records: range = RECORDS) -> set[frozenset[int]]:
    """The persons."""
    division = divide(records, ((*pair, weight) for pair, weight in weights.items()), LINK)
    return _groups(division)


def _groups(division: Division) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for record, name in division.group.items():
        found.setdefault(name, set()).add(record)
    return {frozenset(group) for group in found.values()}


def together(persons: set[frozenset[int]], one: int, other: int) -> bool:
    """Whether two records are of one person."""
    return any({one, other} <= person for person in persons)


@settings(deadline=None, max_examples=150)
@given(weights_of, decided_of, st.integers(0, 999))
def test_no_order_matters(weights: Weights, decided: Weights, seed: int) -> None:
    """Neither of records nor of pairs nor of the ends of a pair; a group is named by its least record."""
    rng = random.Random(seed)
    pairs = [(*pair, weight) for pair, weight in (weights | decided).items()]
    first = divide(RECORDS, pairs, LINK)
    turned = list(RECORDS)
    rng.shuffle(turned)
    rng.shuffle(pairs)
    again = divide(turned, pairs, LINK)
    assert again == first
    assert all(name == min(group) for group in _groups(first) for name in {first.group[r] for r in group})


@settings(deadline=None, max_examples=150)
@given(weights_of, decided_of)
def test_cannot_link_holds_for_ever(weights: Weights, decided: Weights) -> None:
    """Whatever the evidence, and whatever must be linked."""
    persons = groups(weights | decided)
    assert sorted(record for person in persons for record in person) == list(RECORDS)
    assert not any(together(persons, *pair) for pair, weight in decided.items() if weight == CANNOT)


@settings(deadline=None, max_examples=150)
@given(weights_of, decided_of)
def test_must_link_holds_unless_a_cannot_binds(weights: Weights, decided: Weights) -> None:
    """Where the decisions do not contradict each other, every one is followed."""
    must = [pair for pair, weight in decided.items() if weight == MUST]
    joined = list(RECORDS)
    for one, other in must:
        least, most = sorted((joined[one], joined[other]))
        joined = [least if name == most else name for name in joined]
    if any(joined[one] == joined[other] for (one, other), weight in decided.items() if weight == CANNOT):
        return
    persons = groups(weights | decided)
    assert all(together(persons, *pair) for pair in must)


@settings(deadline=None, max_examples=150)
@given(weights_of, decided_of)
def test_persons_are_connected(weights: Weights, decided: Weights) -> None:
    """By links inside the person, and never without one."""
    all_ = weights | decided
    links = [pair for pair, weight in all_.items() if weight >= LINK]
    for person in groups(all_):
        reached = {min(person)}
        while grown := {r for pair in links if reached & set(pair) for r in pair if r in person} - reached:
            reached |= grown
        assert reached == person


@settings(deadline=None, max_examples=100)
@given(weights_of, st.integers(0, 20))
def test_a_component_can_be_taken_alone(weights: Weights, shift: int) -> None:
    """Records of another component, and what their numbers are, change nothing."""
    other: Weights = {
        (20 + shift, 21 + shift): 9.0,
        (20 + shift, 22 + shift): -9.0,
        (21 + shift, 22 + shift): 4.0,
    }
    far = range(20 + shift, 23 + shift)
    both = divide([*RECORDS, *far], ((*pair, w) for pair, w in (weights | other).items()), LINK)
    assert _groups(both) == groups(weights) | groups(other, far)


def test_twins_and_an_incomplete_third() -> None:
    """It goes to whom it fits better; to neither where two want it alike; and never joins the two."""
    assert groups({(0, 1): -9.0, (0, 2): 4.0, (1, 2): 8.0}, range(3)) == {frozenset({0}), frozenset({1, 2})}
    assert len(groups({(0, 1): -9.0, (0, 2): 6.0, (1, 2): 6.5}, range(3))) == 3
    alike: Weights = {(0, 1): 12.0, (2, 3): 12.0, (0, 2): -9.0, (0, 3): -9.0, (1, 2): -9.0, (1, 3): -9.0}
    alike |= {(0, 4): 6.0, (1, 4): 6.0, (2, 4): 6.0, (3, 4): 6.0}
    division = divide(range(5), ((*pair, weight) for pair, weight in alike.items()), LINK)
    assert division.torn == {4}
    assert _groups(division) == {frozenset({0, 1}), frozenset({2, 3}), frozenset({4})}


def test_the_sum_of_evidence_decides() -> None:
    """One strong link against two records that speak more against it."""
    weights: Weights = {(0, 1): 9.0, (0, 2): 8.0, (1, 2): 8.0, (2, 3): 6.0, (0, 3): -5.0, (1, 3): -5.0}
    assert groups(weights, range(4)) == {frozenset({0, 1, 2}), frozenset({3})}
    assert groups(weights | {(0, 3): 1.0, (1, 3): 1.0}, range(4)) == {frozenset(range(4))}


def test_beyond_doubt_is_enough() -> None:
    """Forty bits outweigh no more than twenty: a name, a day and a number are one witness each."""
    weights: Weights = {(0, 1): 40.0, (1, 2): 40.0, (0, 2): -25.0, (0, 3): 4.0}
    assert groups(weights | {(2, 3): -1.0, (1, 3): -1.0}, range(4)) == groups(
        weights | {(0, 1): 20.0, (1, 2): 20.0, (0, 2): -20.0, (2, 3): -1.0, (1, 3): -1.0}, range(4)
    )


def test_a_must_and_a_cannot_between_two_groups() -> None:
    """The cannot binds all: who decided the must has to hear of it."""
    decided: Weights = {(0, 1): MUST, (2, 3): MUST, (1, 2): MUST, (0, 3): CANNOT}
    persons = groups(decided, range(4))
    assert not together(persons, 0, 3)


def test_nobody() -> None:
    """No record, no person."""
    assert divide([], [], LINK) == Division({})
