"""Values looked up among known ones, by bucket or by bisection."""

from __future__ import annotations

import numpy as np
import pytest

from jendela.identity.block.repeated import FEW, found_at

# Times the factor of the buckets they are small numbers: all in the first bucket.
CROWDED = [number * pow(0x9E3779B97F4A7C15, -1, 2**64) % 2**64 for number in range(1, 40)]


@pytest.mark.parametrize("often", [1, 100])
@pytest.mark.parametrize("known", [[5], [5, 9, 12], CROWDED, [*CROWDED, *range(2, 50 * FEW)]])
def test_a_value_is_found_wherever_it_is(known: list[int], often: int) -> None:
    """Alone in its bucket or with others, asked for by few or by many."""
    there = np.unique(np.array(known, dtype=np.uint64))
    asked = np.array([known[0], known[-1], 1, 0, *known[:9]] * often, dtype=np.uint64)
    at = found_at(asked, there)
    assert ((there[at] == asked) == np.isin(asked, there)).all()
