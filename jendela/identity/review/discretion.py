"""A reason goes into the ledger, which is kept for ever and read by auditors: it must identify nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from jendela.model.errors import WrongUseError

NAMING = ("full_name", "mother_maiden_name", "address", "email")
SHORTEST = 3  # letters of a word that can give a name away
NUMBER = re.compile(r"\d(?:[ .-]?\d){5}")  # six digits or more, in any grouping
DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def discreet(why: str, said: Iterable[Mapping[str, str]]) -> str:
    """The reason, its spaces tidied.

    Args:
        why: as it was typed.
        said: what the records say, by field.

    Raises:
        WrongUseError: there is none, or it repeats a word of a name or address, a number or a date.
    """
    reason = " ".join(why.split())
    if not reason:
        raise WrongUseError("Say why: --because REASON. It is kept with the decision.")
    words = {word for values in said for field in NAMING for word in _words(values.get(field) or "")}
    if words & _words(reason) or NUMBER.search(reason) or DAY.search(reason):
        raise WrongUseError(
            "The reason repeats what identifies a person (a word of a name or an address, a number, a date). "
            "It is kept for ever: say which fields agree or differ, not what they hold."
        )
    return reason


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) >= SHORTEST}
