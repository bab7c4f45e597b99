"""What the QR code of a worker's copy says: the letter's digest, and where the hub's ledger has it.

Only characters of QR's alphanumeric mode, so that the code stays small enough for a cheap telephone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"JENDELA:1:([0-9A-F]{64})(?::([0-9]{1,12}):([0-9]{1,12}):([0-9A-F]{64}))?")


@dataclass(frozen=True)
class LedgerPlace:
    """Entry `leaf` of the log whose first `size` entries have the Merkle root `root` (hex)."""

    leaf: int
    size: int
    root: str


@dataclass(frozen=True)
class Payload:
    """The SHA-256 of the letter's XML (hex), and its place in the ledger where it is known."""

    sha256: str
    place: LedgerPlace | None = None

    def text(self) -> str:
        """The text in the QR code."""
        where = f":{self.place.leaf}:{self.place.size}:{self.place.root.upper()}" if self.place else ""
        return f"JENDELA:1:{self.sha256.upper()}{where}"

    @classmethod
    def parse(cls, text: str) -> Payload | None:
        """The payload of such a text; null if it is none."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            return None
        sha256, leaf, size, root = found.groups()
        place = LedgerPlace(int(leaf), int(size), root.lower()) if root else None
        return cls(sha256.lower(), place)
