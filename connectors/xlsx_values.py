"""What a cell of a spreadsheet says, in canonical text: numbers, dates of either epoch, truth, errors."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

EXACT = 15  # digits that a spreadsheet keeps of a number
# Built-in formats (ECMA-376 part 1, 18.8.30): of dates, and of those with a time of day.
DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
TIMES = {*range(18, 23), *range(45, 48)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
PLAIN, DATE, MOMENT, CLOCK = "plain", "date", "moment", "clock"


def kind_of(number: int, code: str) -> str:
    """What a number format shows: a plain number, a date, a date with a time, a time of day."""
    bare = _QUOTED.sub("", code).lower().partition(";")[0]
    day = number in DATES or "y" in bare or "d" in bare
    time = number in TIMES or "h" in bare or "s" in bare
    if "general" in bare:
        return PLAIN
    return (MOMENT if time else DATE) if day else (CLOCK if time else PLAIN)


def number_text(raw: str) -> str:
    """A number without exponent and without what binary fractions add to it.

    A whole number of more than 15 digits has lost the rest: it is said as such (`3.21501410190000E+15`), so
    that nobody takes it for a NIK. What is no number stays as it is.
    """
    try:
        value = float(raw)
        if abs(value) >= 10**EXACT:
            return raw if "E" in raw.upper() else f"{value:.{EXACT - 1}E}"
        text = format(Decimal(f"{value:.{EXACT}g}"), "f")
    except (ValueError, ArithmeticError):
        return raw
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def date_text(raw: str, kind: str, epoch_1904: bool) -> str:
    """A serial day as the date, moment or time of day that its format shows; what is none stays a number."""
    try:
        serial = float(raw)
        milliseconds = round(serial * 86_400_000)
        if not epoch_1904 and serial < 60:
            milliseconds += 86_400_000  # the 1900 system counts a 29 February 1900 that never was
        if kind == CLOCK:
            if not 0 <= serial < 1:  # a duration
                return number_text(raw)
            return _moment(datetime(1900, 1, 1) + timedelta(milliseconds=round(serial * 86_400_000)))[11:]  # noqa: DTZ001
        base = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  no zone in a cell
        if serial < 0 or (serial < 1 and not epoch_1904):
            return number_text(raw)
        moment = base + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError):
        return number_text(raw)
    day_only = kind == DATE and not milliseconds % 86_400_000
    return moment.date().isoformat() if day_only else _moment(moment)


def iso_text(raw: str) -> str:
    """A cell that holds an ISO date: without the time where that is midnight."""
    text = raw.replace("T", " ").removesuffix("Z")
    return text.removesuffix(" 00:00:00") if text.startswith(("1", "2")) else text


def unescaped(text: str) -> str:
    """A text with `_x000D_` and its like as the characters they stand for.

    Half a character and a NUL stand for nothing that a text can hold: they stay as they are written.
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if number == 0 or 0xD800 <= number <= 0xDFFF else chr(number)


def _moment(moment: datetime) -> str:
    text = moment.isoformat(sep=" ")
    return text.rstrip("0") if moment.microsecond else text
