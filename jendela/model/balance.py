"""The two balances by their counts: what came in is equal to what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """The counts on both sides, each once and in the order in which they are shown."""

    into: tuple[str, ...]
    out: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.into + self.out

    def difference(self, counts: Mapping[str, int]) -> int:
        """By how much counts are out; 0 is right, more than 0: something has no outcome."""
        return sum(counts.get(name, 0) for name in self.into) - sum(counts.get(name, 0) for name in self.out)


ROWS = Balance(
    ("received", "released"),
    ("accepted", "unchanged", "duplicate", "superseded", "echo", "held", "halted"),
)
DELIVERIES = Balance(
    ("pending_before", "due"),
    ("acknowledged", "refused", "expired", "pending_after"),
)
