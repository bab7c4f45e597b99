"""The cells of a table as the form has them, in any Indonesian habit of writing; column by column.

What can be read in two ways is not read: it stays as it is, and the check of the form says what is wrong.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import polars as pl

from jendela.letters.frame import LETTERS
from jendela.letters.intake.form import Field
from jendela.letters.intake.raw import LISTS, MANY

_DAY = r"^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?: 0?0:00(?::00)?)?$"
_ISO = r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?$"
_WORDS = r"^(?i)(?:[a-z']+, ?)?([0-9]{1,2})[- ]([a-z]+)[- ,]+([0-9]{4})$"
# What a spreadsheet makes of a long number: 3.17E+15, 3,17E+15.
EXPONENT = r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}$"
_DOTS = r"^([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?$"
_COMMAS = r"^([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?$"
_DIGITS = "^[0-9]{"
_NOTHING = ("", "-", "--", "—", "–", "N/A", "NA", "NIHIL", "KOSONG", "NULL", "TIDAK ADA")


@dataclass(frozen=True)
class Dates:
    """Whether the numbers of a date begin with the day or the month, and whether the file shows it."""

    month_first: bool

    @classmethod
    def of(cls, columns: list[pl.Series]) -> Dates:
        """The habit of these columns of text: the day is first unless only that order gives no date."""
        if not columns:
            return cls(month_first=False)
        texts = pl.concat([one.rename("text") for one in columns]).to_frame()
        parts = texts.select(
            first=pl.col("text").str.extract(_DAY, 1).cast(pl.Int32),
            second=pl.col("text").str.extract(_DAY, 2).cast(pl.Int32),
        )
        first, second = parts["first"].max(), parts["second"].max()
        return cls(month_first=_above_12(second) and not _above_12(first))


def _above_12(number: object) -> bool:
    return isinstance(number, int) and number > 12


def clean(column: pl.Series) -> pl.Series:
    """The text with one blank between words; what stands for nothing is null."""
    text = column.str.replace_all(r"\s+", " ").str.strip_chars(" '")
    upper = text.str.to_uppercase()
    return (
        text.to_frame("text")
        .select(pl.when(upper.is_in(list(_NOTHING))).then(None).otherwise(pl.col("text")).alias(column.name))
        .to_series()
    )


def as_agreed(field: Field, column: pl.Series, dates: Dates) -> pl.Series:
    """A cleaned column in the writing of the form."""
    kind, text = LETTERS[field.column], pl.col(column.name)
    if field.column in LISTS:
        found = _codes(field, text.str.replace_all(r"\s*[;,|\n]\s*", MANY), each=True)
    elif kind == pl.Date():
        found = _date(text, dates)
    elif isinstance(kind, pl.Decimal):
        found = _amount(text)
    elif kind == pl.Int64():
        found = text.str.replace(r"\.0+$", "")
    elif kind == pl.Boolean():
        found = text.str.to_uppercase().replace(_words("*"))
    elif field.codes:
        found = _codes(field, text, each=False)
    elif _is_phone(field):
        found = _phone(text)
    elif is_digits(field):
        found = _plain_digits(text)
    elif field.pattern and "A-Z" in field.pattern:
        found = text.str.to_uppercase()
    else:
        return column
    return column.to_frame().select(found.alias(column.name)).to_series()


def is_digits(field: Field) -> bool:
    """Whether it is a number that nobody counts with: NIK, KPJ, a region."""
    return LETTERS[field.column] == pl.String() and (field.pattern or "").startswith(_DIGITS)


def damaged(field: Field, column: pl.Series, was_number: pl.Series) -> pl.Series:
    """Which cells of a field of digits a spreadsheet has spoilt: rounded, or without leading noughts."""
    if not is_digits(field) or field.pattern is None:
        return pl.repeat(False, len(column), eager=True)
    fits = column.str.contains(field.pattern).fill_null(value=False)
    long = column.str.len_chars().fill_null(0) > 15
    exponent = column.str.contains(EXPONENT).fill_null(value=False)
    return exponent | (was_number & (long | ~fits))


def _date(text: pl.Expr, dates: Dates) -> pl.Expr:
    day, month = (2, 1) if dates.month_first else (1, 2)
    names = text.str.extract(_WORDS, 2).str.to_uppercase().replace_strict(_months(), default=None)
    return pl.coalesce(
        _iso(text.str.extract(_ISO, 1), text.str.extract(_ISO, 2), text.str.extract(_ISO, 3)),
        _iso(text.str.extract(_DAY, 3), text.str.extract(_DAY, month), text.str.extract(_DAY, day)),
        _iso(text.str.extract(_WORDS, 3), names, text.str.extract(_WORDS, 1)),
        text,
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)


def _amount(text: pl.Expr) -> pl.Expr:
    """Rp 4.800.000,00 and 4,800,000.00 are one amount; 4.800 is four thousand eight hundred."""
    bare = (
        text.str.replace(r"(?i)^(rp|idr)\.? ?", "")
        .str.replace(r"(,-|,--|,00-)$", "")
        .str.replace_all(" ", "")
    )
    return pl.coalesce(
        bare.str.extract(_DOTS, 1).str.replace_all(r"\.", "")
        + pl.coalesce(pl.lit(".") + bare.str.extract(_DOTS, 2), pl.lit("")),
        bare.str.extract(_COMMAS, 1).str.replace_all(",", "")
        + pl.coalesce(pl.lit(".") + bare.str.extract(_COMMAS, 2), pl.lit("")),
        bare.str.replace(r"^([0-9]+),([0-9]{1,2})$", "$1.$2"),
    )


def _codes(field: Field, text: pl.Expr, *, each: bool) -> pl.Expr:
    words = {code.upper(): code for code in field.codes} | _words(field.column)
    if not each:
        return text.str.to_uppercase().replace_strict(words, default=text)
    item = pl.element()
    if not field.codes:
        return text.str.split(MANY).list.eval(item.str.replace_all(r"[. ]", "")).list.join(MANY)
    upper = item.str.to_uppercase()
    return text.str.split(MANY).list.eval(upper.replace(words)).list.join(MANY)


def _is_phone(field: Field) -> bool:
    return r"\+62" in (field.pattern or "")


def _phone(text: pl.Expr) -> pl.Expr:
    bare = text.str.replace_all(r"[ ().-]", "")
    return bare.str.replace(r"^(?:0|62)([0-9]+)$", "+62$1").str.replace(r"^(8[0-9]{7,11})$", "+62$1")


def _plain_digits(text: pl.Expr) -> pl.Expr:
    """32.15 and 3215 are one region, 02.183.241.5-000.000 is an NPWP; what is more than that stays."""
    bare = text.str.replace(r"^([0-9]{4,})\.0$", "$1")
    return pl.when(bare.str.contains(r"^[0-9. -]+$")).then(bare.str.replace_all(r"[. -]", "")).otherwise(bare)


@cache
def _words(column: str) -> dict[str, str]:
    source = files("schemas") / "surat_phk" / "intake" / "words.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["word"]: row["code"] for row in rows if row["column"] == column}


@lru_cache(maxsize=1)
def _months() -> dict[str, str]:
    source = files("schemas") / "words" / "months.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["name"].upper(): row["month"] for row in rows}
