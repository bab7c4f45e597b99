"""Employers as comparable records: the standard frame, one row per record or mention of an employer."""

from __future__ import annotations

from functools import cache

import polars as pl

from jendela.identity.employers import numbers
from jendela.identity.employers.lists import areas
from jendela.identity.employers.naming import PARTS, form_family, name_parts

RAW = (
    "record_id",
    "npp",
    "npp_division",
    "wlkp_code",
    "nib",
    "npwp",
    "employer_name",
    "legal_form",
    "address",
    "enterprise_size",
    "region_code",
)
SIZES = ("MIKRO", "KECIL", "MENENGAH", "BESAR")
# What every address has: it tells no two of them apart.
_ADDRESS_WORDS = (
    r"\b(?:JL|JLN|JALAN|NO|NOMOR|RT|RW|KEL|KELURAHAN|DESA|DS|KEC|KECAMATAN|KAB|KOTA|PROV|KAV|BLOK|BLK)\b"
)


@cache
def nobody() -> pl.DataFrame:
    """The standard frame of no record: most of a night's wordings meet no employer record at all."""
    return standard_employers(pl.DataFrame(schema={"record_id": pl.String}))


def standard_employers(raw: pl.DataFrame) -> pl.DataFrame:
    """One row per row of `raw`, in its order; null is unknown.

    Args:
        raw: text columns of `RAW`; `record_id` is required, an absent column is null.

    Columns: `record_id`; `npp`, `division` (`0` the main one), `wlkp`, `nib`, `npwp` (nine digits of the
    legal entity) and `branch` (which of its places); the columns of `naming.PARTS`; `region` (regency, four
    digits, as received), `area` (of today; kabupaten and kota of one name are one); `size` (0 to 3);
    `postcode` and `street` (the words of the address).
    """
    absent = [pl.lit(None, pl.String).alias(name) for name in RAW if name not in raw.columns]
    frame = raw.with_columns(absent).select(pl.col(RAW).cast(pl.String))
    frame = frame.with_columns(tax=numbers.npwp(pl.col("npwp")))
    frame = frame.join(
        name_parts(frame["employer_name"]), on="employer_name", how="left", maintain_order="left"
    )
    region = pl.col("region_code").str.replace_all(r"[^0-9]", "").str.slice(0, 4)
    region = pl.when(region.str.len_chars() == 4).then(region)
    known = areas()
    address = pl.col("address").str.to_uppercase()
    street = address.str.replace_all(r"[^A-Z0-9]+", " ").str.replace_all(_ADDRESS_WORDS, " ")
    return frame.select(
        "record_id",
        npp=numbers.npp(pl.col("npp")),
        division=numbers.division(pl.col("npp_division"), pl.col("npp")),
        wlkp=numbers.wlkp(pl.col("wlkp_code")),
        nib=numbers.nib(pl.col("nib")),
        npwp=pl.col("tax").str.slice(0, 9),
        branch=numbers.branch(pl.col("npwp"), pl.col("tax")),
        **{part: pl.col(part) for part in PARTS if part != "form"},
        form=pl.coalesce("form", form_family(pl.col("legal_form").str.to_uppercase())),
        region=region,
        area=region.replace_strict(known["code"], known["area"], default=region, return_dtype=pl.String),
        size=pl.col("enterprise_size")
        .str.to_uppercase()
        .replace_strict(SIZES, range(len(SIZES)), default=None, return_dtype=pl.Int8),
        postcode=address.str.extract(r"\b([1-9]\d{4})\b"),
        street=street.str.extract_all(r"[A-Z0-9]+").list.unique().list.sort(),
    )
