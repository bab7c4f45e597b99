"""Reviewers by name. Who they are is proven elsewhere: by the machine's account, by the desk's sign-in."""

from __future__ import annotations

from jendela.model.errors import WrongUseError

LONGEST = 56  # two of them stand beside each other in a decision


def named(who: str) -> str:
    """The name as it is kept: one space between words.

    Raises:
        WrongUseError: it is empty or too long.
    """
    name = " ".join(who.split())
    if not 0 < len(name) <= LONGEST:
        raise WrongUseError(f"Say who decides, in 1 to {LONGEST} characters: --by NAME.")
    return name


def is_same(one: str, other: str) -> bool:
    """True for one name in any case of letters: it must not count as two people."""
    return one.casefold() == other.casefold()
