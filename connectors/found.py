"""A file as it was read: all of it in memory, or by blocks as often as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

BLOCK = 4 << 20  # bytes


@dataclass(frozen=True)
class Found:
    """A file in memory: its name in the folder, its bytes and their SHA-256 (hex)."""

    name: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)

    def blocks(self) -> Iterator[bytes]:
        """Its bytes in parts."""
        view = memoryview(self.content)
        return (bytes(view[start : start + BLOCK]) for start in range(0, len(view), BLOCK))


@dataclass(frozen=True)
class Stream:
    """A file too large to be held. `opened` reads it anew, and raises at its end if it is another now."""

    name: str
    size: int
    sha256: str
    opened: Callable[[], Iterator[bytes]]

    def blocks(self) -> Iterator[bytes]:
        """Its bytes in parts, read again.

        Raises:
            UnreachableError: the folder does not answer any more, or the file has changed.
        """
        return self.opened()
