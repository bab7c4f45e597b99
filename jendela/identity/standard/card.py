"""Numbers of the social-security register: the participant's card (KPJ) and the employer's number.

A KPJ has 11 digits and no public check digit; one person may hold several (DOMAIN 2.3). An employer number
(NPP) is upper-case letters and digits (DOMAIN 2.4), but any office's own code will do.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.standard.distinct import by_distinct
from jendela.identity.standard.lists import nothing
from jendela.identity.standard.odd import mend

# 0…0, 1…1: one digit eleven times; 12345678901.
REPUNIT, RUN = 11_111_111_111, 12_345_678_901
LONGEST_EMPLOYER = 64  # the hub's own numbers are keyed hashes of that length


def kpj(raw: pl.Series) -> pl.Series:
    """Int64 per row of `raw`, in its order: the 11 digits as a number, null for any other length or a filler.

    Blanks, dots, dashes, apostrophes and a spreadsheet's `.0` do not count.
    """
    text = raw.cast(pl.String).alias("text")
    bare = mend(text, ~text.str.contains("^[0-9]{11}$"), _digits)
    number = bare.cast(pl.Int64, strict=False)
    filler = (number % REPUNIT == 0) | (number == RUN)
    return number.zip_with((~filler).fill_null(value=False), pl.Series([None], dtype=pl.Int64)).alias("kpj")


def _digits(text: pl.Expr) -> pl.Expr:
    bare = text.str.strip_chars().str.strip_suffix(".0").str.replace_all(r"[\s.\-'’]", "")
    return pl.when(bare.str.contains("^[0-9]{11}$")).then(bare)


def employer(raw: pl.Series) -> pl.Series:
    """String per row of `raw`, in its order: the employer's number as upper-case letters and digits.

    Null for fillers, for all zeros, and for more than 64 characters.
    """
    return by_distinct(raw, _employer)["employer"]


def _employer(texts: pl.Series) -> pl.DataFrame:
    bare = pl.col("employer")
    read = texts.alias("employer").str.to_uppercase().str.strip_suffix(".0").str.replace_all("[^A-Z0-9]", "")
    filler = (
        (bare.str.strip_chars("0") == "")
        | (bare.str.len_bytes() > LONGEST_EMPLOYER)
        | bare.is_in(nothing().implode())
    )
    return read.to_frame().select(pl.when(~filler).then(bare))
