"""Lists of words kept as data in `words/`: lines `key:entry|entry`, a key may have several lines."""

from __future__ import annotations

from pathlib import Path

WORDS = Path(__file__).with_name("words")


def lines(name: str) -> list[str]:
    """The lines of a file, without comments and empty ones."""
    text = (WORDS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def lists(name: str) -> dict[str, list[str]]:
    """The entries of every key."""
    found: dict[str, list[str]] = {}
    for line in lines(name):
        key, _, rest = line.partition(":")
        found.setdefault(key, []).extend(rest.split("|"))
    return found


CLERKS = lists("clerks.txt")
