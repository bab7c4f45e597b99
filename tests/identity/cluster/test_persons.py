"""Links to persons over a whole frame: as if each component were divided alone."""

from __future__ import annotations

import random
from itertools import combinations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.cluster.divide import CANNOT, MUST, divide
from jendela.identity.cluster.persons import persons

LINK = 3.0
COUNT = 9
Weights = dict[tuple[int, int], float]
weights_of = st.dictionaries(
    st.sampled_from(list(combinations(range(COUNT), 2))),
    st.sampled_from([-25.0, -8.0, 0.5, 3.0, 5.0, 12.0, 40.0, MUST, CANNOT]),
    max_size=14,
)


def frame(weights: Weights) -> pl.DataFrame:
    """Judged pairs."""
    rows = [(*pair, weight) for pair, weight in weights.items()]
    schema = {"left": pl.UInt32, "right": pl.UInt32, "weight": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@settings(deadline=None, max_examples=100)
@given(weights_of)
def test_as_if_everything_were_one_component(weights: Weights) -> None:
    """The division of all records at once gives the same persons, named by their least row."""
    whole = divide(range(COUNT), ((*pair, weight) for pair, weight in weights.items()), LINK).group
    assert persons(COUNT, frame(weights), LINK).tolist() == [whole[row] for row in range(COUNT)]


@settings(deadline=None, max_examples=60)
@given(weights_of, st.integers(0, 999))
def test_no_order_of_pairs_matters(weights: Weights, seed: int) -> None:
    """Shuffled rows of the same frame."""
    judged = frame(weights)
    order = list(range(judged.height))
    random.Random(seed).shuffle(order)
    assert persons(COUNT, judged[order], LINK).tolist() == persons(COUNT, judged, LINK).tolist()


def test_a_large_component_of_one_mind_stays_one() -> None:
    """A chain of a hundred records that nobody contradicts."""
    chain = {(row, row + 1): 9.0 for row in range(99)}
    assert set(persons(100, frame(chain), LINK).tolist()) == {0}


def test_nobody_is_linked() -> None:
    """Everybody is a person of their own."""
    assert persons(3, frame({(0, 1): 1.0}), LINK).tolist() == [0, 1, 2]
    assert persons(0, frame({}), LINK).tolist() == []
