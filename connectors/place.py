"""An opened place: what a folder stands on, wherever it is."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

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


def is_file(place: Place, path: str, info: Mapping[str, Any]) -> bool:
    """Whether the path is a file of the place, which can be read to its end.

    On this machine a pipe or a device never ends, and a link may lead to what is another office's: whoever
    writes into the folder must not read with our account. (Behind SFTP it is the server that follows links.)
    """
    if not isinstance(place.fs, LocalFileSystem):
        return info["type"] not in ("directory", "other", "unknown")
    try:
        real = Path(path).resolve(strict=True)
        return real.is_relative_to(Path(place.root).resolve()) and stat.S_ISREG(real.stat().st_mode)
    except (OSError, RuntimeError):
        return False  # gone meanwhile, or a link to nowhere or to itself
