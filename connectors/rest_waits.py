"""How long to wait before asking an office again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# Not now: too early, too many, a fault of the server or of something before it.
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST = 0.5


@dataclass(frozen=True)
class Patience:
    """What one exchange may cost: seconds without a byte, seconds in all, attempts, seconds of one wait."""

    timeout: float = 30.0
    answer: float = 600.0
    tries: int = 4
    longest: float = 60.0

    @classmethod
    def of(cls, options: dict[str, Any]) -> Patience:
        """As the options of a feed or a delivery say."""
        return cls(
            float(options.get("timeout_seconds", cls.timeout)),
            float(options.get("answer_seconds", cls.answer)),
            int(options.get("tries", cls.tries)),
            float(options.get("longest_wait_seconds", cls.longest)),
        )

    def pause(self, attempt: int, asked: float | None) -> float:
        """Seconds before the next attempt, counted from 0: what the office asks for, else twice the last."""
        return min(_FIRST * 2**attempt, self.longest) if asked is None else asked


def retry_after(header: str | None, date: str | None) -> float | None:
    """The seconds of a Retry-After header (RFC 9110, 10.2.3): a number, or a date by the office's own clock.

    None where it says nothing that can be used; a moment that is over is 0.
    """
    text = (header or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    until = _moment(text)
    if until is None:
        return None
    now = _moment(date or "") or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
