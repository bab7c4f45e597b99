"""Connected components, and all pairs inside them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.cluster import components as module
from jendela.identity.cluster.components import inside_pairs, row_components

pairs_of = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


def plain(count: int, pairs: list[tuple[int, int]]) -> list[int]:
    """The same by hand."""
    label = list(range(count))
    for one, other in pairs:
        least, most = sorted((label[one], label[other]))
        label = [least if found == most else found for found in label]
    return label


@settings(deadline=None, max_examples=60)
@given(pairs_of)
def test_components_are_named_by_their_least(pairs: list[tuple[int, int]]) -> None:
    """Whatever is paired with whatever."""
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert row_components(10, left, right).tolist() == plain(10, pairs)


def test_nothing_is_paired() -> None:
    """Everybody is alone, and nobody is nobody."""
    none = np.zeros(0, dtype=np.int64)
    assert row_components(3, none, none).tolist() == [0, 1, 2]
    assert row_components(0, none, none).tolist() == []
    assert [len(side) for side in inside_pairs(np.zeros(0, dtype=np.int64))] == [0, 0]


def test_pairs_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, the smaller row first; a component beyond all measure is left to what was compared."""
    monkeypatch.setattr(module, "LARGEST", 4)
    component = np.array([0, 1, 0, 3, 1, 0, 6, 6, 6, 6, 6])
    left, right = inside_pairs(component)
    expected = [pair for group in ([0, 2, 5], [1, 4]) for pair in combinations(group, 2)]
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == sorted(expected)
