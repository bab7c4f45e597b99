"""Keys to pairs: each pair of a block, and blocks too large to use named and left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.block import pairs as pairs_module
from jendela.identity.block.keys import Key
from jendela.identity.block.pairs import COMMON_GROUND, Guard, block_pairs


def key(kind: str, values: list[int]) -> Key:
    """A key with one value for each row."""
    return kind, np.array(values, dtype=np.uint64), np.arange(len(values))


def pairs(found: Key, guard: Guard) -> list[tuple[int, int]]:
    """All pairs, in order."""
    return sorted(
        (int(one), int(other))
        for left, right in block_pairs(found, guard)
        for one, other in zip(left, right, strict=True)
    )


def test_an_exploding_block_is_named_and_left_out() -> None:
    """A clerk's card number on five rows does not make ten pairs when four are the limit."""
    guard = Guard(4)
    assert pairs(key("kpj", [7, 7, 7, 7, 7, 8, 8]), guard) == [(5, 6)]
    assert guard.tamed == {"kpj": 1}


def test_a_block_as_large_as_allowed_is_used() -> None:
    """Four rows make six pairs, and nothing is tamed."""
    guard = Guard(4)
    assert len(pairs(key("kpj", [7, 7, 7, 7]), guard)) == 6
    assert guard.tamed == {}


def test_keys_that_are_nearly_one_do_not_meet() -> None:
    """Two keys that differ in nothing but the bits in which the sort keeps their places."""
    one, other = (number * pow(0x9E3779B97F4A7C15, -1, 2**64) % 2**64 for number in (1, 2))
    assert pairs(key("kpj", [one, other, one, other, one]), Guard(9)) == [(0, 2), (0, 4), (1, 3), (2, 4)]


def test_what_many_share_is_used_for_few() -> None:
    """A telephone may be a family's, not a village's; a number of one's own is limited only by the policy."""
    guard = Guard(100)
    many = [7] * (COMMON_GROUND["phone"] + 1)
    assert pairs(key("phone", many), guard) == []
    assert len(pairs(key("kpj", many), guard)) == len(many) * (len(many) - 1) // 2
    assert guard.tamed == {"phone": 1}


def test_a_row_with_one_key_twice_does_not_meet_itself() -> None:
    """Neneng Neneng."""
    twice: Key = ("birth", np.array([7, 7, 7], dtype=np.uint64), np.array([0, 0, 1]))
    assert set(pairs(twice, Guard(10))) == {(0, 1)}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 6), max_size=30), st.integers(2, 8), st.integers(1, 40))
def test_the_pairs_of_all_blocks(values: list[int], largest: int, slice_: int) -> None:
    """As a plain loop finds them, however many come in one slice."""
    rows = range(len(values))
    usable = {value for value in values if values.count(value) <= largest}
    expected = [
        (i, j) for i in rows for j in rows if i < j and values[i] == values[j] and values[i] in usable
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_module, "SLICE", slice_)
        guard = Guard(largest)
        assert pairs(key("kpj", values), guard) == expected
    tamed = len(set(values) - usable)
    assert guard.tamed == ({"kpj": tamed} if tamed else {})
