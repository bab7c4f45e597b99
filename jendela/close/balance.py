"""The two balances: every source row has one outcome, every delivery one state. Pure, over receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jendela.model.balance import DELIVERIES, ROWS, Balance
from jendela.model.receipt import Receipt

FLOWING_ON = ("accepted", "held", "echo")
SEEN_BEFORE = ("unchanged", "duplicate", "superseded")


@dataclass(frozen=True)
class Line:
    """One feed or one delivery: its counts, and by how much its balance is out (0 is right).

    `kind` is `feed` (counted in source rows) or `delivery`; a feed's `deleted` stands beside its balance.
    """

    kind: str
    name: str
    counts: dict[str, int]
    difference: int

    @property
    def key(self) -> str:
        """The name under which the close receipt keeps this line."""
        return f"{self.kind}:{self.name}"


def rows(receipts: Iterable[Receipt]) -> list[Line]:
    """The balance of every feed that was pulled, by name.

    A batch that was halted on its measures, or that never came to be judged, halts the rows that would have
    gone on; what was unchanged, duplicate or superseded stays that.
    """
    feeds: dict[str, dict[str, int]] = {}
    halted: dict[str, int] = {}
    for receipt in receipts:
        if receipt.step in ("pull", "validate"):
            for feed, counts in receipt.counts.items():
                line = feeds.setdefault(feed, {})
                wanted = (
                    FLOWING_ON
                    if receipt.step == "validate"
                    else (*ROWS.into, *SEEN_BEFORE, "halted", "deleted")
                )
                for name in wanted:
                    line[name] = line.get(name, 0) + counts.get(name, 0)
        elif receipt.step == "measures":
            halted = {
                feed: counts["halted"] for feed, counts in receipt.counts.items() if counts.get("halted")
            }
    for feed, count in halted.items():
        line = feeds.setdefault(feed, {})
        line.update(dict.fromkeys(FLOWING_ON, 0))
        line["halted"] = line.get("halted", 0) + count
    return [_line("feed", feed, feeds[feed], ROWS) for feed in sorted(feeds)]


def deliveries(receipts: Iterable[Receipt]) -> list[Line]:
    """The balance of every delivery to every recipient, by name (`kemnaker.hi.letters`)."""
    found = {
        name: counts
        for receipt in receipts
        if receipt.step == "deliver"
        for name, counts in receipt.counts.items()
    }
    return [_line("delivery", name, found[name], DELIVERIES) for name in sorted(found)]


def _line(kind: str, name: str, counts: dict[str, int], balance: Balance) -> Line:
    return Line(kind, name, counts, balance.difference(counts))
