"""A reason goes into the ledger, which is kept for ever and read by auditors: it must identify nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jendela.model.errors import WrongUseError

SHORTEST = 3  # letters of a word that can give a name away
NUMBER = re.compile(r"\d(?:[ .-]?\d){5}")  # six digits or more, in any grouping
DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def discreet(why: str, said: Iterable[str] = ()) -> str:
    """The reason, its spaces tidied.

    Args:
        why: as it was typed.
        said: names, addresses and the like that the decision is about; no word of them may be repeated.
            Without them only numbers and dates are found: who decides on a whole batch names nobody.

    Raises:
        WrongUseError: there is none, or it repeats such a word, or has a number or a date.
    """
    reason = " ".join(why.split())
    if not reason:
        raise WrongUseError("Say why: --because REASON. It is kept with the decision.")
    words = {word for text in said for word in _words(text)}
    if words & _words(reason) or NUMBER.search(reason) or DAY.search(reason):
        raise WrongUseError(
            "The reason repeats what identifies a person (a word of a name or an address, a number of six "
            "digits or more, a date). It is kept for ever: say what agrees, differs or was confirmed, and no "
            "values."
        )
    return reason


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) >= SHORTEST}
