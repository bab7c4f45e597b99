"""The entries of an exported log, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jendela.evidence.finding import Finding
from jendela.model.receipt import Receipt


@dataclass(frozen=True)
class Entry:
    """One line of the log; `kind` and `body` are empty where it cannot be read."""

    index: int
    kind: str
    body: Mapping[str, Any]
    receipt: Receipt | None = None

    def whose(self) -> dict[str, Any]:
        """The night, step and scope of a receipt, for a finding about it."""
        known = self.receipt
        return {"night": known.night, "step": known.step, "scope": known.scope} if known else {}


def parse_entries(lines: list[bytes], file: str, findings: list[Finding]) -> list[Entry]:
    """Every entry in order; what cannot be read is a finding and an empty entry."""
    entries = []
    for index, line in enumerate(lines):
        try:
            entries.append(_entry(index, line))
        except (ValueError, KeyError, TypeError, AttributeError):
            findings.append(Finding(file, "This entry cannot be read.", index + 1))
            entries.append(Entry(index, "", {}))
            continue
        if entries[-1].index != index:
            findings.append(
                Finding(file, f"This entry says that it is number {entries[-1].index}.", index + 1)
            )
    return entries


def _entry(index: int, line: bytes) -> Entry:
    raw = json.loads(line)
    number, kind, body = int(raw["index"]), str(raw["kind"]), dict(raw["body"])
    receipt = Receipt.from_json(json.dumps(body)) if kind == "receipt" else None
    return Entry(number, kind, body, receipt)
