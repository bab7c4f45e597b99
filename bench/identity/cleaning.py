"""What a good user cleans in an hour before linking two files: plain expressions, no lexicon."""

from __future__ import annotations

from pathlib import Path

import polars as pl

PLACEHOLDERS = ["1234567890123456", *(str(digit) * 16 for digit in range(10))]
COLUMNS = (
    *("record_id", "national_id", "full_name", "birth_date", "birth_place", "sex", "mother_name"),
    *("phone", "email", "address", "region_code", "kpj"),
)
TITLES = r"^(?:DRS|DRA|IR|DR|HJ|H|KH|PROF|BPK|IBU|NY|TN|SDR|SDRI)\b\.?\s+"


def _filled(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text.is_in(["", "-", "0", "NULL", "N/A"])).then(None).otherwise(text)


def national_id(indonesian: bool) -> pl.Expr:
    """Sixteen digits that are no placeholder, or any identifier where it is not a NIK."""
    if not indonesian:
        text = _filled("national_id").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
        return pl.when(text.str.len_chars() >= 4).then(text).alias("nik")
    digits = pl.col("national_id").str.replace_all(r"[^0-9]", "")
    good = (digits.str.len_chars() == 16) & ~digits.is_in(PLACEHOLDERS) & ~digits.str.ends_with("00000000")
    return pl.when(good).then(digits).alias("nik")


def person_name(name: str) -> pl.Expr:
    """Upper-case letters and single spaces; what follows a comma and one leading title are dropped."""
    text = pl.col(name).str.to_uppercase().str.replace(r",.*$", "").str.replace(TITLES, "")
    text = (
        text.str.replace_all(r"['`\-]", " ")
        .str.replace_all(r"[^A-Z ]", "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    return pl.when(text != "").then(text)


def birth_date() -> pl.Expr:
    """ISO dates, day first, or eight digits."""
    text = pl.col("birth_date").str.strip_chars()
    return (
        pl.coalesce(
            text.str.to_date("%Y-%m-%d", strict=False),
            text.str.to_date("%d-%m-%Y", strict=False),
            text.str.to_date("%d/%m/%Y", strict=False),
            text.str.to_date("%Y%m%d", strict=False),
        )
        .dt.strftime("%Y-%m-%d")
        .alias("born")
    )


def phone() -> pl.Expr:
    """Digits without the trunk or country prefix."""
    digits = pl.col("phone").str.replace_all(r"[^0-9]", "").str.replace(r"^(?:62|0)+", "")
    return pl.when(digits.str.len_chars() >= 7).then(digits).alias("phone")


def sex() -> pl.Expr:
    """M or F."""
    first = pl.col("sex").str.strip_chars().str.to_uppercase().str.slice(0, 1)
    men = first.is_in(["L", "1", "M"])
    return pl.when(men).then(pl.lit("M")).when(first.is_in(["P", "2", "F"])).then(pl.lit("F")).alias("sex")


def is_indonesian(frame: pl.DataFrame) -> bool:
    """Whether the identifiers are NIK: most have sixteen digits."""
    ids = frame["national_id"].drop_nulls().str.replace_all(r"[^0-9]", "").str.len_chars()
    return len(ids) > 0 and (ids == 16).sum() > 0.5 * len(ids)


def clean(path: Path, indonesian: bool | None = None) -> tuple[pl.DataFrame, bool]:
    """Read one file and clean every column; whether its identifiers are NIK is found out unless given."""
    frame = pl.read_parquet(path)
    missing = [name for name in COLUMNS if name not in frame.columns]
    frame = frame.with_columns([pl.lit(None, pl.String).alias(name) for name in missing])
    if indonesian is None:
        indonesian = is_indonesian(frame)
    frame = frame.select(
        pl.col("record_id").alias("unique_id"),
        national_id(indonesian),
        person_name("full_name").alias("name"),
        birth_date(),
        sex(),
        person_name("mother_name").alias("mother"),
        phone(),
        _filled("email").str.to_lowercase().alias("email"),
        _filled("kpj").alias("kpj"),
        _filled("birth_place")
        .str.to_uppercase()
        .str.replace(r"^(?:KAB(?:UPATEN)?|KOTA)\.? ", "")
        .alias("place"),
        _filled("region_code").str.replace_all(r"[^0-9A-Za-z]", "").str.slice(0, 4).alias("region"),
        _filled("address").str.to_uppercase().alias("address"),
    )
    first, last = pl.col("name").str.extract(r"^(\S+)"), pl.col("name").str.extract(r"(\S+)$")
    return frame.with_columns(
        first.alias("first"), last.alias("last"), pl.col("born").str.slice(0, 4).alias("year")
    ), indonesian
