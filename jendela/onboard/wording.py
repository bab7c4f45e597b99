"""The reasons of a proposal in words, from the one catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from jendela.contracts.messages import Messages
from jendela.onboard.draft import Reason


class Wording:
    """Says reasons in one language (`id` or `en`)."""

    def __init__(self, messages: Messages, lang: str) -> None:
        self.messages, self.lang = messages, lang

    def say(self, reason: Reason) -> str:
        """One reason; what is put in are names of columns and counts."""
        return str(getattr(self.messages.text(f"onboard.{reason.key}"), self.lang).format(**reason.values))

    def all(self, reasons: Iterable[Reason]) -> str:
        """Several, parted by a semicolon."""
        return "; ".join(self.say(reason) for reason in reasons)

    def text(self, key: str, **values: object) -> str:
        """Any other text of the family."""
        return self.say(Reason(key, values))
