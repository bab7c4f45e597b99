"""Values as an Indonesian reads them: 31 Juli 2026, Rp71.200.000, Kota Balikpapan."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jendela.contracts.codes import CodeList, load_codes
from jendela.contracts.months import MONTHS_EN, MONTHS_ID
from jendela.letters.rendering.layout import Line

ENCODING = "windows-1252"  # what the fonts that every PDF reader has can print
UNPRINTABLE = "[?]"


@lru_cache(maxsize=1)
def code_lists() -> Mapping[str, CodeList]:
    """The installed code lists, read once."""
    return load_codes(Path(str(files("schemas"))).parent)


def shown(line: Line, value: str) -> tuple[str, str]:
    """The value in Indonesian and in English; as it is where it is not of its kind."""
    if line.kind == "date":
        return on(value), on(value, english=True)
    if line.kind == "money":
        return rupiah(value), rupiah(value)
    if line.kind == "times":
        return (f"{_number(value)}×",) * 2
    if line.kind == "yes":
        return ("Ya", "Yes") if value in ("true", "1") else ("Tidak", "No")
    if line.kind == "region":
        return (region(value),) * 2
    if line.kind == "code":
        return label(line.codes, value)
    return value, value


def on(day: date | str, *, english: bool = False) -> str:
    """A date in words."""
    try:
        day = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    return f"{day.day} {(MONTHS_EN if english else MONTHS_ID)[day.month - 1]} {day.year}"


def rupiah(value: str) -> str:
    """An amount in rupiah, thousands with dots, as in Indonesian."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    return f"Rp{_number(f'{amount:.2f}', thousands=True)}"


def region(code: str) -> str:
    """The name of a region, `Kota Balikpapan`; of an unknown one its number."""
    entry = code_lists()["region"].by_code.get(code)
    return f"{entry.label_id.title()} ({code})" if entry else code


def label(name: str, code: str) -> tuple[str, str]:
    """What a code means, in both languages; the code itself where its list does not know it."""
    codes = code_lists().get(name)
    entry = codes.by_code.get(code) if codes else None
    return (entry.label_id, entry.label_en) if entry else (code, code)


def printable(text: str) -> str:
    """The text with every run of characters that the fonts lack as `[?]`, so that nobody overlooks it."""
    out: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        try:
            character.encode(ENCODING)
        except UnicodeEncodeError:
            character = "" if out and out[-1] == UNPRINTABLE else UNPRINTABLE
        if character:
            out.append(character)
    return "".join(out)


def _number(value: str, *, thousands: bool = False) -> str:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    whole, _, cents = f"{amount:,f}".partition(".") if thousands else f"{amount:f}".partition(".")
    cents = cents.rstrip("0") if not thousands or not cents.strip("0") else cents
    return whole.replace(",", ".") + (f",{cents}" if cents else "")
