"""Values as words in a message, in both languages, for a whole column at once."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jendela.contracts.months import MONTHS_EN, MONTHS_ID


@dataclass(frozen=True)
class Words:
    """An expression of text in Indonesian, and one in English."""

    id: pl.Expr
    en: pl.Expr


def number(value: pl.Expr) -> Words:
    """A count, or a multiplier without useless zeros."""
    text = value.cast(pl.String)
    return Words(text, text)


def multiplier(value: pl.Expr) -> Words:
    """A multiplier: 0,5 in Indonesian, 0.5 in English."""
    text = value.cast(pl.Float64).cast(pl.String).str.replace(r"\.0$", "")
    return Words(text.str.replace(".", ",", literal=True), text)


def day(value: pl.Expr) -> Words:
    """A date with the month in words, which nobody reads the wrong way round."""

    def told(months: Sequence[str]) -> pl.Expr:
        month = value.dt.month().cast(pl.Int64).replace_strict(list(range(1, 13)), list(months))
        return pl.concat_str(
            value.dt.day().cast(pl.String), month, value.dt.year().cast(pl.String), separator=" "
        )

    return Words(told(MONTHS_ID), told(MONTHS_EN))


def rupiah(value: pl.Expr) -> Words:
    """An amount in whole rupiah, rounded up, so that paying it is enough: Rp22.500.000, Rp22,500,000."""
    digits = value.cast(pl.Float64).ceil().cast(pl.Int64).cast(pl.String)

    def grouped(mark: str) -> pl.Expr:
        backwards = digits.str.reverse().str.replace_all(r"(\d{3})", "${1}" + mark)
        return pl.concat_str(pl.lit("Rp"), backwards.str.reverse().str.strip_prefix(mark))

    return Words(grouped("."), grouped(","))


def joined(parts: Sequence[tuple[pl.Expr, str, str]]) -> Words:
    """The names (Indonesian, English) of the parts that are true, with commas between them."""

    def told(place: int) -> pl.Expr:
        named = [pl.when(part[0].fill_null(value=False)).then(pl.lit(str(part[place]))) for part in parts]
        return pl.concat_str(named, separator=", ", ignore_nulls=True)

    return Words(told(1), told(2))


def filled(template: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
    """The template with the values in the place of `{name}`; a null value is told as `?`.

    Raises:
        KeyError: the template names a value that is not given.
    """
    parts: list[pl.Expr] = []
    for text, name, _, _ in string.Formatter().parse(template):
        if text:
            parts.append(pl.lit(text))
        if name is not None:
            parts.append(values[name].fill_null("?"))
    return pl.concat_str(parts)
