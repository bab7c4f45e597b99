"""Text for an encoding that lacks some of its letters: nothing becomes `?`, and what was changed is told.

A letter that the encoding lacks is written by this table, or without its marks (ā is a); what even so it
lacks is written as its number, `{U+4E2D}`, from which it can be read again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import polars as pl

TABLE = {
    "\u2018": "'", "\u2019": "'", "\u201a": ",", "\u201b": "'", "\u02bc": "'", "\u02bb": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-",
    "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2026": "...", "\u2022": "*", "\u00b7": ".",
    "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\u00d7": "x",
    "\u0141": "L", "\u0142": "l", "\u00d8": "O", "\u00f8": "o", "\u0110": "D", "\u0111": "d", "\u00df": "ss",
    "\u00c6": "AE", "\u00e6": "ae", "\u0152": "OE", "\u0153": "oe", "\u20ac": "EUR", "\u2122": "(TM)",
}  # fmt: skip
NOTE = ("delivery_id", "column", "letter", "written")


def fitted(frame: pl.DataFrame, encoding: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with only letters of the encoding, and a row of `NOTE` for each that was changed."""
    notes: list[tuple[str, str, str, str]] = []
    changed = []
    for name in frame.columns:
        column = frame[name]
        lacking = [at for at, text in enumerate(column) if text is not None and not _has(text, encoding)]
        if not lacking:
            continue
        texts = []
        for at in lacking:
            written = dict(_written(column[at], encoding))
            row = frame["delivery_id"][at]
            notes += [(row, name, f"U+{ord(letter):04X}", text) for letter, text in written.items()]
            texts.append("".join(written.get(letter, letter) for letter in column[at]))
        changed.append(column.scatter(lacking, texts))
    told = pl.DataFrame(notes, dict.fromkeys(NOTE, pl.String), orient="row")
    return frame.with_columns(changed), told


def substitute(letter: str, encoding: str) -> str:
    """How a letter that the encoding lacks is written in it."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    for text in (TABLE.get(letter), plain):
        if text is not None and (text or letter in TABLE) and _has(text, encoding):
            return text
    return f"{{U+{ord(letter):04X}}}"


def _written(text: str, encoding: str) -> Iterator[tuple[str, str]]:
    for letter in dict.fromkeys(text):
        if not _has(letter, encoding):
            yield letter, substitute(letter, encoding)


def _has(text: str | Sequence[str], encoding: str) -> bool:
    try:
        str(text).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
