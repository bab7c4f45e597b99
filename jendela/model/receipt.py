"""What a step hands on besides its artefacts: a receipt, committed with its effects and logged."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Night:
    """One nightly exchange: the Jakarta date of its 01:00 start and its place in the monotone sequence.

    `seq` is "when we knew it" (1, 2, 3 …); `day` is what the reports call the night.
    `offices` are the agencies that take part tonight, in configuration order. A *supplement* is what late
    offices owe to a night that is closed, done beside it: it has the day of that night, a sequence number of
    its own, and counts from 1; `main_seq` is the number of the night that it supplements.
    """

    day: date
    seq: int
    offices: tuple[str, ...]
    dry_run: bool = False
    supplement: int = 0
    main_seq: int | None = None

    @property
    def label(self) -> str:
        """What receipts, artefacts, evidence and reports call it: `2026-09-01`, `2026-09-01-s1`."""
        return night_label(self.day, self.supplement)

    @property
    def day_seq(self) -> int:
        """The number of the night of this day: in a supplement, of the night that it supplements."""
        return self.seq if self.main_seq is None else self.main_seq


def night_label(day: date, supplement: int) -> str:
    """The label of a night, or of the supplement (*susulan*) with this number."""
    return f"{day}-s{supplement}" if supplement else str(day)


def parse_label(label: str) -> tuple[date, int]:
    """Day and supplement of a label.

    Raises:
        ValueError: it is not one.
    """
    day, _, supplement = label.partition("-s")
    return date.fromisoformat(day), int(supplement) if supplement else 0


@dataclass(frozen=True)
class Digest:
    """One file a step wrote: path relative to the state folder, SHA-256 of its bytes, number of rows."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Missing:
    """A feed (or a delivery) that did not happen tonight, why, and what a person does about it.

    `skipped` says that the office's circuit breaker is open: it was probed once, and its feeds not asked;
    `lost` that its task ended without a receipt, and nobody knows how far it came.
    """

    office: str
    feed: str
    reason: str
    remedy: str
    retriable: bool
    skipped: bool = False
    lost: bool = False


@dataclass(frozen=True)
class Receipt:
    """The outcome of one step for one scope (an office, a recipient, or "" for the whole night).

    `night` is the label of the night or of its supplement.
    `counts` are per feed or per recipient: {"bpjs.kepesertaan": {"received": 20_000, …}}.
    `versions` are those that judged: contract, mapping, model, rules, law.
    `subtree` is the hex root over the step's salted rows, from identify on.
    """

    night: str
    step: str
    scope: str
    counts: dict[str, dict[str, int]]
    artefacts: tuple[Digest, ...] = ()
    missing: tuple[Missing, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    subtree: str | None = None

    def to_json(self) -> str:
        """The canonical text of the receipt (sorted keys, no spaces): the bytes the ledger commits to."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """The receipt that `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        raw["artefacts"] = tuple(Digest(**item) for item in raw["artefacts"])
        raw["missing"] = tuple(Missing(**item) for item in raw["missing"])
        return cls(**raw)
