"""Telephone numbers as the subscriber's digits, behind +62, 62 or 0.

Mobile numbers begin with 8, fixed lines with the area code, which is kept (DOMAIN 2.13). A number of another
country is its digits, country code included. Fillers are null: seven equal digits in a row, 081234567890.
Many workers share the number of a clerk or a counter; how common a number is must weigh in comparison.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.standard.odd import mend

SHORTEST, LONGEST = 8, 13
MARKS = [" ", "-", ".", "(", ")", "'", "\u00a0", "\t"]
SEVEN = [digit * 7 for digit in "0123456789"]
RUNS = "8123456789012", "1234567890123", "9876543210987"
COUNTRY = 62
FILLERS = sorted({int(run[:length]) for run in RUNS for length in range(SHORTEST, LONGEST + 1)})
EXTENSION = r"(?:EXT|EKST|PESAWAT|PES|X)[.: ]*[0-9]{1,5}\b.*$"
BETWEEN = r"[/,;|\\&]|\b(?:ATAU|DAN|OR)\b"


def phone(raw: pl.Series) -> pl.Series:
    """Int64 per row of `raw`, in its order: the first plausible number in the field, null without one.

    8 to 13 digits behind the country or trunk prefix count as plausible; an extension does not count.
    """
    text = raw.cast(pl.String).alias("phone")
    odd = _unreadable(text).arg_true()
    text = text.clone().scatter(odd, _readable(text.gather(odd)))
    number = text.cast(pl.Int64, strict=False)
    abroad = text.str.contains(rf"^\+?0*{COUNTRY}").arg_true()
    rows = pl.DataFrame({"text": text.gather(abroad), "number": number.gather(abroad)})
    number = number.scatter(abroad, rows.select(_national(pl.col("text"), pl.col("number"))).to_series())
    fine = number.is_between(10 ** (SHORTEST - 1), 10**LONGEST - 1) & ~number.is_in(FILLERS)
    fine = fine.fill_null(value=False)
    # A trunk 0 or the country code may have made seven of six.
    row = text.str.contains_any(SEVEN).arg_true()
    fine = fine.scatter(row, fine.gather(row) & _varied(number.gather(row)))
    return number.zip_with(fine, pl.Series([None], dtype=pl.Int64)).alias("phone")


def _unreadable(text: pl.Series) -> pl.Series:
    """The texts that are no single number."""
    number = text.cast(pl.Int64, strict=False)
    return text.is_not_null() & ~number.is_between(10**6, 10**16).fill_null(value=False)


def _readable(text: pl.Series) -> pl.Series:
    """The number in texts that are none as they stand."""
    bare = text.to_frame().select(_joined(pl.col(text.name))).to_series()
    still = _unreadable(bare) & (text.str.len_bytes() >= SHORTEST)
    return mend(text.zip_with(still, bare), still, _first_of_several)


def _joined(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.strip_suffix(".0").str.replace_many(MARKS, [""] * len(MARKS))


def _first_of_several(text: pl.Expr) -> pl.Expr:
    """The first part of the text with enough digits, else all digits; "0812/3456/789" is one number."""
    text = text.str.to_uppercase().str.replace(EXTENSION, "").str.replace_all(BETWEEN, "|")
    parts = text.str.split("|").list.eval(pl.element().str.replace_all("[^0-9+]", ""))
    digits = pl.element().str.len_bytes()
    whole = parts.list.eval(pl.element().filter(digits.is_between(SHORTEST, LONGEST + 3))).list.first()
    # Two numbers with nothing but blanks between them.
    spaced = text.str.extract(r"(?:^|[^0-9+])(\+?[0-9]{9,15})(?:[^0-9]|$)")
    return pl.coalesce(whole, spaced, parts.list.join(""))


def _national(text: pl.Expr, number: pl.Expr) -> pl.Expr:
    """The number without the country code, where the digits in front are one.

    Behind a trunk 0 they are an area code of Sumatra (0622 …), unless a whole mobile number follows
    (0628123 …).
    """
    trunk = text.str.starts_with("0") & ~text.str.starts_with("00")
    plus = text.str.starts_with("+")
    found = number
    for size in range(7, 14):
        behind = number - COUNTRY * 10**size
        abroad = behind.is_between(0, 10**size - 1)
        if size < 9:
            abroad &= plus if size < 8 else ~trunk
        else:
            abroad &= ~trunk | (behind // 10 ** (size - 1) == 8)
        found = pl.when(abroad).then(behind).otherwise(found)
    return found.alias("number")


def _varied(number: pl.Series) -> pl.Series:
    """False where seven digits in a row are equal."""
    varied = pl.repeat(value=True, n=len(number), eager=True)
    for place in range(LONGEST - 6):
        varied &= number // 10**place % 10**7 % 1_111_111 != 0
    return varied
