"""The standard frame: one row per person mention, in the form that linkage compares.

`VERSION` changes whenever the same input would standardise differently; every night records it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.identity import nik as niks
from jendela.identity.names import given_name, name_columns, unify
from jendela.identity.sounds import skeleton, spelling

VERSION = "1"

# What a mention may carry, as text; a column that is not there is null.
RAW = (
    "record_id",
    "nik",
    "full_name",
    "birth_date",
    "birth_place",
    "sex",
    "mother_maiden_name",
    "phone",
    "kpj",
    "employer_id",
    "start_date",
)
OLD_PLACES = {
    "BATAVIA": "JAKARTA",
    "JKT": "JAKARTA",
    "UJUNG PANDANG": "MAKASSAR",
    "UJUNGPANDANG": "MAKASSAR",
    "TANJUNG KARANG": "BANDAR LAMPUNG",
    "HOLLANDIA": "JAYAPURA",
    "BDG": "BANDUNG",
    "SBY": "SURABAYA",
    "SMG": "SEMARANG",
    "YK": "YOGYAKARTA",
    "JOGJAKARTA": "YOGYAKARTA",
    "TNG": "TANGERANG",
    "BKS": "BEKASI",
}


def standardise(raw: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Args:
        raw: text columns of `RAW`, dates in ISO form; `record_id` is required and unique.
        as_of: the day on which ages are judged.

    Columns: `record_id`; those of `names.name_columns`; `nik`, `nik_good` (it can be somebody's),
    `birth_date` (Date; the NIK's own where none is stated), `stated` (a birth date was stated), `new_year` (1
    January: often a default), `sex` (stated, else the NIK's), `place`, `mother` (as it sounds), `phone`,
    `kpj`, `employer_id`, `start_date`.
    """
    absent = [pl.lit(None, pl.String).alias(name) for name in RAW if name not in raw.columns]
    frame = raw.with_columns(absent).select(pl.col(RAW).cast(pl.String))
    stated = pl.col("birth_date").str.to_date("%Y-%m-%d", strict=False)
    frame = frame.with_columns(niks.digits(pl.col("nik")).alias("nik"), stated.alias("birth_date"))
    nik = pl.col("nik")
    frame = frame.with_columns(
        niks.plausible(nik, as_of).alias("nik_good"),
        pl.col("birth_date").is_not_null().alias("stated"),
        pl.col("sex").fill_null(niks.sex(nik)).alias("sex"),
        _place(pl.col("birth_place")).alias("place"),
        _mother(pl.col("mother_maiden_name")).alias("mother"),
        _phone(pl.col("phone")).alias("phone"),
        _digits(pl.col("kpj"), 11).alias("kpj"),
        pl.col("start_date").str.to_date("%Y-%m-%d", strict=False),
    )
    encoded = pl.when(pl.col("nik_good")).then(niks.birth_date(nik, as_of))
    frame = frame.with_columns(pl.col("birth_date").fill_null(encoded))
    frame = frame.with_columns(
        ((pl.col("birth_date").dt.month() == 1) & (pl.col("birth_date").dt.day() == 1)).alias("new_year")
    )
    names = name_columns(frame["full_name"])
    return frame.drop("birth_place", "mother_maiden_name").join(
        names, on="full_name", how="left", maintain_order="left"
    )


def _letters(text: pl.Expr) -> pl.Expr:
    plain = text.str.normalize("NFKD").str.to_uppercase().str.replace_all(r"[^A-Z ]", " ")
    plain = plain.str.replace_all(" +", " ").str.strip_chars()
    return pl.when(plain != "").then(plain)


def _place(place: pl.Expr) -> pl.Expr:
    """A birth place without its kind of region and by its present name; still free text."""
    bare = _letters(place).str.replace(r"^(?:KAB|KABUPATEN|KOTA|KODYA|KOTAMADYA) ", "")
    return bare.replace(OLD_PLACES)


def _mother(name: pl.Expr) -> pl.Expr:
    """The mother's own name as consonants: clerks write it from hearing."""
    bones = skeleton(spelling(unify(given_name(name)))).str.replace_all(" ", "")
    return pl.when(bones != "").then(bones)


def _digits(text: pl.Expr, length: int) -> pl.Expr:
    bare = text.str.replace_all(r"[^0-9]", "")
    return pl.when(bare.str.len_chars() == length).then(bare)


def _phone(text: pl.Expr) -> pl.Expr:
    """The subscriber's digits behind 62 or 0; numbers too short or of one digit repeated are nobody's."""
    bare = text.str.replace_all(r"[^0-9]", "").str.replace(r"^(?:62|0)+", "")
    repeated = bare.str.contains("(?:" + "|".join(f"{digit}{{7}}" for digit in range(10)) + ")")
    return pl.when((bare.str.len_chars() >= 8) & ~repeated).then(bare)
