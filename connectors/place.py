"""An opened place: what a folder stands on, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Place:
    """An opened place. `within` must be there for the folder to be (of an object store: the bucket).

    `renames`: a file appears whole by being renamed; without, a put is atomic by itself.
    """

    fs: Any
    root: str
    within: str
    renames: bool
