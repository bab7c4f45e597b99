"""The two balances: every source row has one outcome, every delivery one state. Pure, over receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jendela.model.receipt import Receipt

FLOWING_ON = ("accepted", "held", "echo")
ROWS_IN = ("received", "released")
ROWS_OUT = ("accepted", "unchanged", "duplicate", "superseded", "echo", "held", "halted")
DELIVERIES_IN = ("pending_before", "due")
DELIVERIES_OUT = ("acknowledged", "refused", "expired", "pending_after")


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
                    else (*ROWS_IN, *ROWS_OUT[1:4], "halted", "deleted")
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
    return [_line("feed", feed, feeds[feed], ROWS_IN, ROWS_OUT) for feed in sorted(feeds)]


def deliveries(receipts: Iterable[Receipt]) -> list[Line]:
    """The balance of every delivery to every recipient, by name (`kemnaker.hi.letters`)."""
    found = {
        name: counts
        for receipt in receipts
        if receipt.step == "deliver"
        for name, counts in receipt.counts.items()
    }
    return [_line("delivery", name, found[name], DELIVERIES_IN, DELIVERIES_OUT) for name in sorted(found)]


def _line(kind: str, name: str, counts: dict[str, int], into: tuple[str, ...], out: tuple[str, ...]) -> Line:
    difference = sum(counts.get(key, 0) for key in into) - sum(counts.get(key, 0) for key in out)
    return Line(kind, name, counts, difference)
