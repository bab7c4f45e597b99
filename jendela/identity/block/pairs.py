"""Keys to pairs: blocks enumerated as arrays, block sizes guarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jendela.identity.block.keys import Key
from jendela.identity.block.repeated import maybe_repeated
from jendela.identity.standard.hashing import Longs

Rows = npt.NDArray[np.int64]
SLICE = 2_000_000
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


# Keys of something that many share: where more mentions than these have it, the key tells nothing, and who is
# one of them is found by other keys. A name and a birth year only tell of a name that hardly anybody has.
COMMON_GROUND = dict.fromkeys(
    ("half", "home", "email", "phone", "mother", "address", "street", "corner"), 12
) | {
    "region": 8,
    "year": 4,
    "date": 4,
}


@dataclass
class Guard:
    """What a block may hold at most, and by kind how many were larger."""

    largest: int
    tamed: dict[str, int] = field(default_factory=dict)

    def limit(self, kind: str) -> int:
        """The largest block of a kind that is used."""
        return min(self.largest, COMMON_GROUND.get(kind, self.largest))


def block_pairs(key: Key, guard: Guard) -> Iterator[tuple[Rows, Rows]]:
    """The pairs of rows that share a key, `left < right`, in slices; a pair may come again by another key.

    A block of more than `guard.largest` rows is left out and counted: a key so common tells nothing, and
    such a pair still meets through its other keys.
    """
    kind, values, rows = key
    ordered, start, size = _blocks(values, rows)
    large = size > guard.limit(kind)
    if large.any():
        guard.tamed[kind] = int(large.sum())
    start, size = start[~large], size[~large]
    pairs = size * (size - 1) // 2
    bound = np.concatenate(([0], np.cumsum(pairs)))
    first = 0
    while first < len(size):
        last = max(int(np.searchsorted(bound, bound[first] + SLICE, side="right")) - 1, first + 1)
        yield enumerate_blocks(ordered, start[first:last], size[first:last])
        first = last


def _blocks(values: Longs, rows: Rows) -> tuple[Rows, Rows, Rows]:
    """Rows ordered by key, where each block of two or more begins, and its size."""
    shared = np.flatnonzero(maybe_repeated(values))
    values, rows = values[shared], rows[shared]
    # The place of a key in its lowest bits: NumPy sorts whole numbers far faster than places by them.
    low = np.uint64((1 << len(values).bit_length()) - 1)
    order = np.sort((values * _GOLDEN & ~low) | np.arange(len(values), dtype=np.uint64))
    place = (order & low).astype(np.int64)
    key = values[place]
    begins = key[1:] != key[:-1]
    if (begins & (order[1:] | low == order[:-1] | low)).any():  # two keys that differ in these bits alone
        place = np.argsort(values, kind="stable")
        key = values[place]
        begins = key[1:] != key[:-1]
    start = np.flatnonzero(np.concatenate(([True], begins))) if len(key) else np.zeros(0, np.int64)
    size = np.diff(np.append(start, len(key)))
    several = size > 1
    return rows[place], start[several], size[several]


def enumerate_blocks(ordered: Rows, start: Rows, size: Rows) -> tuple[Rows, Rows]:
    """All pairs inside each block."""
    two, more = start[size == 2], size > 2
    left, right = _inside(start[more], size[more])
    one = ordered[np.concatenate([two, left])]
    other = ordered[np.concatenate([two + 1, right])]
    # A row may have one key twice (Neneng Neneng).
    apart = one != other
    return np.minimum(one, other)[apart], np.maximum(one, other)[apart]


def _inside(start: Rows, size: Rows) -> tuple[Rows, Rows]:
    """The places of all pairs inside each block."""
    members = np.repeat(start, size) + _counting(size)
    later = np.repeat(start + size, size) - members - 1
    left = np.repeat(members, later)
    return left, left + 1 + _counting(later)


def _counting(sizes: Rows) -> Rows:
    """0, 1, … below each size, one after the other."""
    total = int(sizes.sum())
    return np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
