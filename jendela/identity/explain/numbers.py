"""Numbers as people read them, in either language: rounded as far as they are known."""

from __future__ import annotations

import math

from jendela.contracts.messages import Messages

# From here on in words, and beyond the last only as "more than".
WORDS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
MOST = 1e15
SURE = 0.0001


class Numbers:
    """Numbers in one language."""

    def __init__(self, messages: Messages, lang: str) -> None:
        self._messages, self._lang = messages, lang
        self._swap = str.maketrans(",.", ".,") if lang == "id" else {}

    def about(self, value: float, digits: int) -> str:
        """A count of one or more, to so many significant digits: 8,192 to one is 8,000."""
        if value >= MOST:
            return self._text("more").format(
                number=f"{self._plain(MOST / WORDS[0][0])} {self._text(WORDS[0][1])}"
            )
        rounded = self._rounded(value, digits)
        for unit, word in WORDS:
            if rounded >= unit:
                return f"{self._plain(rounded / unit)} {self._text(word)}"
        return self._plain(rounded)

    def bits(self, value: float) -> str:
        """A weight with its sign."""
        return f"{'−' if value < 0 else '+'}{abs(value):.1f}".translate(self._swap)

    def percent(self, share: float) -> str:
        """A probability; never quite none or all."""
        if share > 1 - SURE:
            return self._text("more").format(number=self._percent(1 - SURE))
        if share < SURE:
            return self._text("less").format(number=self._percent(SURE))
        return self._percent(share)

    def _text(self, key: str) -> str:
        return str(getattr(self._messages.text(f"explain.number.{key}"), self._lang))

    def _percent(self, share: float) -> str:
        return f"{share * 100:.2f} %".translate(self._swap)

    def _plain(self, value: float) -> str:
        whole = f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
        return whole.translate(self._swap)

    @staticmethod
    def _rounded(value: float, digits: int) -> float:
        unit = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
        return round(value / unit) * unit
