"""How each agency writes dates, money and telephone numbers. None of them writes them as the others do."""

from __future__ import annotations

import random
from datetime import date

MONTHS = (
    "",
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def dashed(day: date | None) -> str | None:
    """BPJS: 03-09-2026."""
    return f"{day.day:02d}-{day.month:02d}-{day.year}" if day else None


def packed(day: date | None) -> str | None:
    """WLKP: 20260903."""
    return f"{day.year}{day.month:02d}{day.day:02d}" if day else None


def loose(day: date | None) -> str | None:
    """PES: 3/9/2026, no leading zeros."""
    return f"{day.day}/{day.month}/{day.year}" if day else None


def slashed(day: date | None) -> str:
    """The counter at the Dinas: 03/09/2026, empty where unknown."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day else ""


def spoken(day: date | None) -> str:
    """The register of letters at the Dinas: 3 September 2026, empty where unknown."""
    return f"{day.day} {MONTHS[day.month]} {day.year}" if day else ""


def rupiah(amount: int | None) -> str | None:
    """BPJS: Rp 4.500.000,00."""
    return f"Rp {amount:,}".replace(",", ".") + ",00" if amount is not None else None


def dotted(amount: int | None) -> str:
    """The Dinas: 4.500.000, empty where unknown."""
    return f"{amount:,}".replace(",", ".") if amount is not None else ""


def padded(text: str | None, width: int) -> str | None:
    """CHAR columns come back filled up with blanks."""
    return text.ljust(width) if text is not None else None


def phone_as_typed(number: str, rng: random.Random) -> str:
    """A number kept as +628…, the way somebody typed it."""
    local = "0" + number[3:]
    style = rng.random()
    if style < 0.6:
        return local
    if style < 0.75:
        return number
    if style < 0.85:
        return number[1:]
    return f"{local[:4]}-{local[4:8]}-{local[8:]}"


def iso(day: date | None) -> str | None:
    """Programs of today: 2026-09-03."""
    return day.isoformat() if day else None


def whole(amount: int | None) -> int | None:
    """The same: a number."""
    return amount
