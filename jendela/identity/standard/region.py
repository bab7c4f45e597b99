"""The region where somebody lives, as the current Kemendagri code: regency or city, and district.

Codes of an older vintage become those of today (`schemas/codes/region_alias.csv`): where somebody lives
follows the region when it is given another number. A NIK never does; it keeps the region of its first
registration.
Source: DOMAIN 2.11.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.standard.distinct import by_distinct
from jendela.identity.standard.lists import word_list


def region(raw: pl.Series) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Args:
        raw: codes with or without dots, of 4 (regency), 6 (district) or 10 digits (village).

    Columns:
        regency: Int32, 4 digits. A code of no vintage is kept: offices and other countries have their own.
        district: Int32, 6 digits, where one is told; null where the regency has another code today and the
            district is not one of the current list.
        place: the regency as text; where none is told, the letters and digits of what is: another country's
            postal code tells where somebody lives too. Not of a filler, a province or a word of one letter.
    """
    return by_distinct(raw, _read)


def _read(texts: pl.Series) -> pl.DataFrame:
    # 3215.0 is a spreadsheet's 3215; 32.15 is a regency.
    bare = texts.str.strip_chars(" \t'").str.replace(r"^([0-9]{4}|[0-9]{6}|[0-9]{10})\.0$", "${1}")
    bare = bare.str.replace_all(r"[\s.\-]", "").alias("bare")
    code = pl.col("bare")
    rows = bare.to_frame().select(
        pl.when(code.str.contains("^(?:[0-9]{4}|[0-9]{6}|[0-9]{10})$"))
        .then(code.str.slice(0, 4))
        .cast(pl.Int32)
        .alias("stated"),
        pl.when(code.str.contains("^(?:[0-9]{6}|[0-9]{10})$"))
        .then(code.str.slice(4, 2))
        .cast(pl.Int32)
        .alias("within"),
    )
    stated = pl.col("stated")
    rows = rows.with_columns(pl.when(~stated.is_in([0, 9999])).then(stated).alias("stated"))
    alias = word_list("codes", "region_alias")
    current = stated.replace(alias["old_code"].cast(pl.Int32), alias["new_code"].cast(pl.Int32))
    rows = rows.with_columns(current.alias("regency"))
    district = pl.col("regency") * 100 + pl.col("within")
    listed = district.is_in(word_list("codes", "region_district")["code"].cast(pl.Int32).implode())
    told = (pl.col("within") > 0) & (listed | (pl.col("regency") == stated))
    foreign = texts.str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "").alias("foreign")
    rows = rows.with_columns(foreign)
    says = pl.col("foreign").str.contains("^[0-9A-Z]{3,10}$") & ~pl.col("foreign").str.contains("^(?:0+|9+)$")
    place = pl.coalesce(pl.col("regency").cast(pl.String), pl.when(says).then(pl.col("foreign")))
    return rows.select("regency", pl.when(told).then(district).alias("district"), place.alias("place"))
