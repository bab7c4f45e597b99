"""A component divided into persons: the strongest evidence first, and nobody joined against the sum of it.

The division is a function of the weights and decisions of one component alone. It depends neither on the
order of nights nor on the order of rows. Evidence against a link counts like evidence for one: a twin whose
records both resemble an incomplete third stays apart from it or takes it along, never joining the other twin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

MUST, CANNOT = float("inf"), float("-inf")
# Beyond this, evidence is beyond doubt: more of it must not outweigh what speaks against it elsewhere.
ENOUGH = 20.0
# A record that two groups want goes to neither unless one wants it by so much more.
MARGIN = 2.0
# What speaks against two records counts so many times: an incomplete third that resembles both is one
# witness, not as many as there are records of each.
CAUTION = 3.0
# In registers of another country: twins' numbers are as unlike as strangers', so that what speaks against two
# records is strong by itself, and one wrong birth date, which no number corrects, does so to all of a person.
CAUTION_ABROAD = 1.0

Pair = tuple[int, int, float]


@dataclass
class Division:
    """`group` of each record (the least of its group); `torn` are records that two groups want alike."""

    group: dict[int, int]
    torn: set[int] = field(default_factory=set)


def divide(records: Iterable[int], pairs: Iterable[Pair], link: float, caution: float = CAUTION) -> Division:
    """The persons of one component.

    Args:
        records: all records of the component.
        pairs: `left, right, weight`: log2 odds that they are one person; `MUST` and `CANNOT` are decisions.
        link: the weight from which a pair is joined.
        caution: how many times what speaks against two records counts.
    """
    work = _Groups(records, pairs, caution)
    work.join(link)
    torn = work.torn(link)
    if torn:
        kept = [pair for pair in work.pairs if not torn & set(pair[:2]) or abs(pair[2]) == MUST]
        work = _Groups(work.members, kept, caution)
        work.join(link)
    return Division({record: min(work.inside[name]) for record, name in work.name.items()}, torn)


class _Groups:
    """Groups of records that grow pair by pair, and the sum of evidence between any two of them."""

    def __init__(self, records: Iterable[int], pairs: Iterable[Pair], caution: float) -> None:
        self.members = sorted(records)
        self.pairs = sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
        self.name = {record: record for record in self.members}
        self.inside = {record: {record} for record in self.members}
        self.between: dict[int, dict[int, float]] = defaultdict(dict)
        for left, right, weight in self.pairs:
            against = weight * caution if weight < 0 else weight
            bounded = weight if abs(weight) == MUST else max(-ENOUGH, min(ENOUGH, against))
            self.between[left][right] = self.between[right][left] = bounded

    def join(self, link: float) -> None:
        for left, right, weight in self.pairs:
            one, other = self.name[left], self.name[right]
            if weight >= link and one != other and self._sum(one, other, weight) > 0:
                self._merge(one, other)

    def _sum(self, one: int, other: int, weight: float) -> float:
        total = self.between[one].get(other, 0.0)
        # A must-link and a cannot-link between two groups: the cannot binds all.
        return CANNOT if total != total else total

    def _merge(self, one: int, other: int) -> None:
        keep, gone = (one, other) if len(self.inside[one]) >= len(self.inside[other]) else (other, one)
        self.inside[keep] |= self.inside[gone]
        for record in self.inside.pop(gone):
            self.name[record] = keep
        for third, weight in self.between.pop(gone).items():
            del self.between[third][gone]
            if third != keep:
                self.between[keep][third] = self.between[keep].get(third, 0.0) + weight
                self.between[third][keep] = self.between[keep][third]

    def torn(self, link: float) -> set[int]:
        """Records that are wanted by a group they are not in, nearly as much as by their own."""
        support: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for left, right, weight in self.pairs:
            bounded = max(-ENOUGH, min(ENOUGH, weight))
            support[left][self.name[right]] += bounded
            support[right][self.name[left]] += bounded
        found = set()
        for left, right, weight in self.pairs:
            if link <= weight < MUST and self.name[left] != self.name[right]:
                for record, rival in ((left, right), (right, left)):
                    own = support[record][self.name[record]]
                    alone = len(self.inside[self.name[record]]) == 1
                    if not alone and own - support[record][self.name[rival]] < MARGIN:
                        found.add(record)
        return found
