"""National identifiers that are not sixteen bare digits: punctuated, damaged, filled in, or of elsewhere."""

from __future__ import annotations

import polars as pl

from jendela.identity.standard import nik_digits
from jendela.identity.standard.lists import nothing
from jendela.identity.standard.nik_kinds import CODE
from jendela.identity.standard.odd import mend

# 3.17E+15 and 3,1750115E+15: one digit, the decimals that were shown, the exponent.
SCIENTIFIC = r"^([0-9])(?:[.,]([0-9]*))?E\+?[0-9]{1,2}$"
# With fifteen digits shown nothing but the last is lost.
WHOLE = r"^([0-9])[.,]([0-9]{15})E\+?15$"
NEARLY_WHOLE = r"^([0-9])[.,]([0-9]{14})E\+?15$"
STUB = "~"  # stands before the digits that are left of a number in scientific notation
RUNS = "12345678901234567890", "01234567890123456789", "98765432109876543210"
REPEATED = "^(?:" + "|".join(f"{sign}+" for sign in "0123456789X") + ")$"
LEAST, MOST = 4, 40  # significant characters of an identifier
MARKS = [" ", "-", ".", "/", "'", "’", "\u00a0", "\t", ",", ":", STUB]


def read_damaged(texts: pl.Series) -> pl.DataFrame:
    """One row per text, in order; no text is null.

    Columns: `number` Int64, where 16 digits are left after cleaning; `kind` UInt8, a code of `KINDS` where
    that is certain without the number, else null; `other` String, an identifier that is no NIK; `stub` Int64
    and `stub_digits` Int8, what scientific notation left of a number.
    """
    bare = pl.col("bare")
    rows = pl.DataFrame({"bare": _bare(texts), "blank": texts.str.strip_chars() == ""})
    rows = rows.with_columns(_kind(bare).cast(pl.UInt8).alias("kind"))
    comparable = pl.col("kind").is_in([CODE["short"], CODE["long"], CODE["foreign"]])
    stub = pl.when(pl.col("kind") == CODE["scientific"]).then(bare.str.strip_prefix(STUB))
    return rows.select(
        pl.when(pl.col("kind").is_null()).then(bare).cast(pl.Int64, strict=False).alias("number"),
        "kind",
        pl.when(comparable).then(bare).alias("other"),
        stub.cast(pl.Int64, strict=False).alias("stub"),
        stub.str.len_bytes().cast(pl.Int8).alias("stub_digits"),
    )


def _bare(texts: pl.Series) -> pl.Series:
    """Upper-case letters and digits alone; scientific notation as its digits behind `STUB`."""
    text = texts.str.to_uppercase().str.strip_suffix(".0").alias("bare")
    bare = text.str.replace_many(MARKS, [""] * len(MARKS))
    bare = mend(bare, bare.str.contains("[^0-9A-Z]"), lambda it: it.str.replace_all("[^0-9A-Z]", ""))
    # "NIK 3215…" and "KTP: 3215…" name the number.
    named = bare.str.contains("K", literal=True)
    bare = mend(bare, named, lambda it: it.str.replace(r"^(?:NO)?(?:NIK|E?KTP)([0-9])", "${1}"))
    power = text.str.contains("E", literal=True).arg_true()
    if power.len():
        digits = text.gather(power).str.strip_chars(" \t\r\n\u00a0'’`\"=").to_frame()
        it = pl.col("bare")
        read = it.str.replace(WHOLE, "${1}${2}").str.replace(NEARLY_WHOLE, "${1}${2}0")
        read = read.str.replace(SCIENTIFIC, STUB + "${1}${2}")
        read = pl.when(read.str.contains(f"^{STUB}?[0-9]+$")).then(read).otherwise(bare.gather(power))
        bare = bare.scatter(power, digits.select(read).to_series())
    return bare


def _kind(bare: pl.Expr) -> pl.Expr:
    digits, length = bare.str.contains("^[0-9]+$"), bare.str.len_bytes()
    filler = (
        (bare.str.strip_chars_start("0").str.len_bytes() < LEAST)
        | (length > MOST)
        | ~bare.str.contains("[0-9]")
        | bare.str.contains(REPEATED)
        | bare.is_in(nothing().implode())
    )
    for run in RUNS:
        filler |= pl.lit(run).str.starts_with(bare)
    codes = nik_digits.provinces().arg_true().cast(pl.String)
    indonesian = digits & bare.str.slice(0, 2).is_in(codes.implode())
    return (
        pl.when(pl.col("blank"))
        .then(CODE["missing"])
        .when(bare.str.starts_with(STUB))
        .then(CODE["scientific"])
        .when(digits & (length == 16))
        .then(None)
        .when(filler)
        .then(CODE["placeholder"])
        .when(indonesian & length.is_between(14, 15))
        .then(CODE["short"])
        .when(indonesian & length.is_between(17, 19))
        .then(CODE["long"])
        .otherwise(CODE["foreign"])
    )
