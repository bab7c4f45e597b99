"""The number of a letter in one form: every holder copies dots, slashes and months in a way of its own."""

from __future__ import annotations

import polars as pl

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def plain_number(column: str) -> pl.Expr:
    """The letters and figures of a number, comparable; null where it has none.

    `021/HRD-PHK/IX/2026`, `21.hrd phk.09.2026` and `021 / HRDPHK / 9 / 2026` are one number. Case, spaces and
    signs do not count, zeros in front of a figure neither, and a roman month that stands by itself is its
    figure. What stands between two figures does count: 2/1 is not 21.
    """
    text = pl.col(column).str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9A-Z]+", "/")
    text = text.str.replace_all(r"([0-9])([A-Z])", "${1}/${2}")
    text = text.str.replace_all(r"([A-Z])([0-9])", "${1}/${2}")
    for month, roman in enumerate(MONTHS, start=1):
        text = text.str.replace_all(rf"\b{roman}\b", str(month))
    text = text.str.replace_all(r"\b0+([0-9])", "${1}")
    # Twice: a word of one letter ends one pair and begins the next.
    for _ in range(2):
        text = text.str.replace_all(r"([A-Z])/([A-Z])", "${1}${2}")
    text = text.str.strip_chars("/")
    return pl.when(text != "").then(text)
