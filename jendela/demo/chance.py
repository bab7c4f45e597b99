"""Seeded randomness: one stream per purpose, so that a change in one part of the demo leaves the others as
they were."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *purpose: object) -> random.Random:
    """The random numbers of one purpose: the same for the same seed, on every machine."""
    return random.Random("|".join(str(part) for part in (seed, *purpose)))


def share(text: str, salt: str = "") -> float:
    """A number in [0, 1) that belongs to `text`: how an agency decides about something it did not make
    itself."""
    return int(hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()[:12], 16) / float(16**12)


class Weighted(Generic[T]):
    """A bag to draw from, some things oftener than others."""

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        self.items = list(items)
        self.cumulative = list(accumulate(weights))

    def draw(self, rng: random.Random) -> T:
        """One thing, with the probability its weight gives it."""
        return rng.choices(self.items, cum_weights=self.cumulative)[0]


def by_rank(items: Sequence[T], steepness: float = 0.8) -> Weighted[T]:
    """A bag in which the first things are the commonest, as names are (Zipf)."""
    return Weighted(items, [1 / (rank + 2) ** steepness for rank in range(len(items))])
