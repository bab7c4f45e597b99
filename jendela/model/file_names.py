"""What the names of an agency's files say: their day, and which of several is the last. Pure.

Without an agreement a name says its day as 2026-09-01 or 20260901, and files that differ in numbers alone are
in the order of these. Any other way of writing is agreed by a pattern in the feed's options (`named`), as
`{DD}-{MM}-{YYYY}` or `{BULAN} {YYYY}[ rev{N}]`: what a name means is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from jendela.model.months import MONTH_NUMBER

DAY = r"(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])(?!\d)"
PLACES = ("YYYY", "YY", "MM", "BULAN", "DD", "N")
_PART = re.compile(r"(\{[^{}]*\}|[\[\]])")
_YEAR = re.compile(r"(19|20)\d{2}")


class UnorderedError(ValueError):
    """The order of files is not to be known from their names; `reason` says of which, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Said:
    """What a name says: year, month and day (0 where the pattern has none), counters, and their place."""

    date: tuple[int, int, int]
    numbers: tuple[int, ...]
    span: tuple[int, int]

    @property
    def day(self) -> str | None:
        """The day as ISO text; None of a name that says a month only, or a number."""
        return date(*self.date).isoformat() if self.date[2] else None


def said(name: str, named: str | None = None) -> Said | None:
    """What the name says by the agreed pattern, or else its first day as ISO; None where it says nothing.

    A day that no calendar has (20260931) is none.
    """
    if named is not None:
        return _by_pattern(name, named)
    for found in re.finditer(DAY, name):
        with suppress(ValueError):
            day = date.fromisoformat("-".join(found.groups()))
            return Said((day.year, day.month, day.day), (), found.span())
    return None


def last_of(names: Sequence[str], named: str | None = None) -> str:
    """The last of these files.

    Raises:
        UnorderedError: their names do not say which it is.
    """
    if len(names) == 1:
        return names[0]
    found = {name: said(name, named) for name in names}
    if all(one is None for one in found.values()) and named is None:
        return _last_by_numbers(names)
    if silent := [name for name, one in found.items() if one is None]:
        what = f"as {named}" if named is not None else "that a calendar has, as others do"
        raise UnorderedError(f"{silent[0]} says no day {what}")
    told = {name: (one.date, one.numbers) for name, one in found.items() if one is not None}
    newest = [name for name in names if told[name] == max(told.values())]
    if named is None:
        return _last_of_a_day(newest, found)
    if len(newest) > 1:
        raise UnorderedError(f"{newest[0]} and {newest[1]} say the same")
    return newest[0]


def problem_of(named: str) -> str | None:
    """What is wrong with an agreed pattern; None of one that can be used."""
    parts = [part for part in _PART.split(named) if part]
    places = [part[1:-1] for part in parts if part.startswith("{") and len(part) > 1]
    depth = 0
    for part in parts:
        depth += (part == "[") - (part == "]")
        if depth not in (0, 1):
            break
    if depth != 0:
        return "has a bracket without its other one, or brackets within brackets."
    if unknown := [place for place in places if place not in PLACES]:
        return f"has {{{unknown[0]}}}, which is none of {', '.join(f'{{{place}}}' for place in PLACES)}."
    dated = [place for place in places if place != "N"]
    if len(set(dated)) < len(dated) or {"YYYY", "YY"} <= set(dated) or {"MM", "BULAN"} <= set(dated):
        return "says the year, the month or the day twice."
    year, month = {"YYYY", "YY"} & set(dated), {"MM", "BULAN"} & set(dated)
    if not places or (month and not year) or ("DD" in dated and not month):
        return "has no order: a month needs its year, a day its month, and a counter is {N}."
    return None


def _by_pattern(name: str, named: str) -> Said | None:
    start = name.rfind("/") + 1
    found = _compiled(named).search(name, start)
    if found is None:
        return None
    told = found.groupdict()
    numbers = tuple(int(told[key] or -1) for key in sorted(told) if key.startswith("N"))
    year = int(told.get("YYYY") or 0) or (2000 + int(told["YY"]) if told.get("YY") else 0)
    written = told.get("MM") or MONTH_NUMBER.get((told.get("BULAN") or "").rstrip(".").casefold(), "0")
    month, day = int(written), int(told.get("DD") or 0)
    try:
        date(year or 2000, month or ("MM" not in told and "BULAN" not in told), day or ("DD" not in told))
    except ValueError:  # no such day, or a word that is no month
        return None
    return Said((year, month, day), numbers, found.span())


@cache
def _compiled(named: str) -> re.Pattern[str]:
    parts = [part for part in _PART.split(named) if part]
    numeric = [part.startswith("{") and part != "{BULAN}" for part in parts]
    out, counters = [], 0
    for at, part in enumerate(parts):
        if part in "[]":
            out.append("(?:" if part == "[" else ")?")
        elif part == "{BULAN}":
            out.append(r"(?<![^\W\d_])(?P<BULAN>[^\W\d_]+\.?)")
        elif not numeric[at]:
            # Of blanks and underscores one stands for the other: programs change them.
            pieces = re.split(r"([\s_]+)", part)
            out.append("".join(r"[\s_]+" if k % 2 else re.escape(piece) for k, piece in enumerate(pieces)))
        else:
            before = at > 0 and numeric[at - 1]
            behind = at + 1 < len(parts) and numeric[at + 1]
            place, size = part[1:-1], len(part) - 2
            digits = rf"\d{{{size}}}" if before or behind or size == 4 else r"\d{1,2}"
            if place == "N":
                place, digits, counters = f"N{counters:02}", r"\d{1,9}", counters + 1
            ends = ("" if before else r"(?<!\d)", "" if behind else r"(?!\d)")
            out.append(f"{ends[0]}(?P<{place}>{digits}){ends[1]}")
    return re.compile("".join(out), re.IGNORECASE)


def _last_of_a_day(newest: list[str], found: dict[str, Said | None]) -> str:
    """Of several files of one day: by the numbers in the rest of their names (`… rev 2`)."""
    rest = {}
    for name in newest:
        told = found[name]
        begins, ends = told.span if told is not None else (0, 0)
        rest[name] = f"{name[:begins]} {name[ends:]}"
    _same_words(rest)
    return max(newest, key=lambda name: _numbers(rest[name]))


def _last_by_numbers(names: Sequence[str]) -> str:
    """Of files that differ in numbers alone: `lap 10` is behind `lap 9`, 2026-10 behind 2026-9."""
    _same_words({name: name for name in names})
    numbers = {name: _numbers(name) for name in names}
    columns = list(zip(*numbers.values(), strict=True))
    varying = [at for at, column in enumerate(columns) if len(set(column)) > 1]
    if not varying:
        raise UnorderedError(f"{names[0]} and {names[1]} say the same")
    years = [at for at, column in enumerate(columns) if all(map(_is_year, column))]
    if len(varying) > 1 and not any(at <= varying[0] for at in years):
        raise UnorderedError(
            f"{names[0]} and {names[1]} differ in several numbers, and none before them is a year"
        )
    if len(varying) > 1 and any(at > varying[0] for at in years):
        raise UnorderedError(f"{names[0]} and {names[1]} differ in numbers before a year")
    written = [re.findall("[0-9]+", name)[varying[0]] for name in names]
    if all(map(_is_backwards, written)):
        raise UnorderedError(f"{names[0]} and {names[1]} may begin with the day, not the year")
    return max(names, key=lambda name: numbers[name])


def _same_words(names: dict[str, str]) -> None:
    words = {
        name: re.sub(r"[\s_-]+", " ", re.sub("[0-9]+", "#", text.casefold())) for name, text in names.items()
    }
    (first, said_first), *others = words.items()
    for name, told in others:
        if told != said_first:
            raise UnorderedError(f"{first} and {name} differ in words, which have no order")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall("[0-9]+", text)))


def _is_year(number: int) -> bool:
    return _YEAR.fullmatch(str(number)) is not None


def _is_backwards(written: str) -> bool:
    """Whether digits may be a day, month and year in this order: 01092026, 010926 (202609 is a month)."""
    if len(written) == 6 and _YEAR.match(written) and 1 <= int(written[4:]) <= 12:
        return False
    if len(written) not in (6, 8):
        return False
    year = int(written[4:]) if len(written) == 8 else 2000 + int(written[4:])
    try:
        return date(year, int(written[2:4]), int(written[:2])).year >= 1900
    except ValueError:
        return False
