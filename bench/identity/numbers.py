"""NIK, dates and telephones as clerks write them; arithmetic on arrays, text at the end."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.identity.noise import Rates
from bench.identity.people import DAY, parts
from bench.identity.variants import pick
from bench.identity.wordlists import CLERKS


def befall(rng: np.random.Generator, rates: list[float], count: int) -> NDArray[np.int64]:
    """Which of several mishaps befalls each record, -1 for none."""
    edges = np.cumsum(rates)
    drawn = np.searchsorted(edges, rng.random(count), side="right")
    return np.where(drawn == len(rates), -1, drawn)


def substituted(rng: np.random.Generator, numbers: NDArray[np.int64], digits: int) -> NDArray[np.int64]:
    """One digit wrong."""
    power = 10 ** rng.integers(0, digits, len(numbers))
    old = numbers // power % 10
    return (numbers + ((old + rng.integers(1, 10, len(numbers))) % 10 - old) * power).astype(np.int64)


def transposed(rng: np.random.Generator, numbers: NDArray[np.int64], digits: int) -> NDArray[np.int64]:
    """Two neighbouring digits in the wrong order."""
    power = 10 ** rng.integers(0, digits - 1, len(numbers))
    low, high = numbers // power % 10, numbers // power // 10 % 10
    return (numbers + (low - high) * 9 * power).astype(np.int64)


def national_ids(
    rng: np.random.Generator, rates: Rates, nik: NDArray, relative: NDArray, clerk: NDArray, card: NDArray
) -> pl.Series:
    """The column national_id: mishaps that give another number, then those that spoil its text."""
    kind = befall(
        rng,
        [
            *(rates.nik_substituted, rates.nik_transposed, rates.nik_zeroed, rates.nik_family_card),
            *(rates.nik_relative, rates.nik_clerk, rates.nik_missing, rates.nik_placeholder),
            *(rates.nik_truncated, rates.nik_padded, rates.nik_float, rates.nik_formatted),
        ],
        len(nik),
    )
    number = nik.copy()
    for code, change in ((0, substituted), (1, transposed)):
        number[kind == code] = change(rng, nik[kind == code], 16)
    number[kind == 2] = nik[kind == 2] // 10 * 10
    for code, other in ((3, card), (4, relative), (5, clerk)):
        number[kind == code] = other[kind == code]
    text = pl.Series(number).cast(pl.String).str.zfill(16)
    frame = pl.DataFrame({"t": text, "k": kind, "d": rng.integers(0, 5, len(nik))})
    t, k, d = pl.col("t"), pl.col("k"), pl.col("d")
    comma = pl.when(d == 0).then(pl.lit(",")).otherwise(pl.lit("."))
    places = pl.when(d < 3).then(t.str.slice(1, 5)).otherwise(t.str.slice(1, 2))
    placeholder = pick(rng, CLERKS["placeholder"], len(nik))
    dotted = t.str.replace(r"^(\d{2})(\d{2})(\d{2})(\d{6})(\d{4})$", "$1.$2.$3.$4.$5")
    spaced = t.str.replace(r"^(\d{4})(\d{4})(\d{4})(\d{4})$", "$1 $2 $3 $4")
    result = (
        pl.when(k == 6).then(None)
        .when(k == 7).then(placeholder)
        .when(k == 8).then(pl.when(d < 2).then(t.str.slice(1)).otherwise(t.str.slice(0, 15)))
        .when(k == 9).then(pl.when(d < 2).then("0" + t).otherwise(t + d.cast(pl.String)))
        .when(k == 10).then(t.str.slice(0, 1) + comma + places + "E+15")
        .when(k == 11).then(
            pl.when(d == 0).then(dotted).when(d == 1).then(spaced).when(d == 2).then("'" + t)
            .when(d == 3).then(t + " ").otherwise(t + ".0"))
        .otherwise(t)
    )  # fmt: skip
    return frame.select(result.alias("national_id")).to_series()


def birth_dates(
    rng: np.random.Generator, rates: Rates, born: NDArray, style: NDArray[np.int64], worded: bool
) -> pl.Series:
    """The column birth_date. `style`: 0 DD-MM-YYYY, 1 D/M/YYYY, 2 ISO; `worded` allows a few in words."""
    kind = befall(
        rng,
        [
            *(rates.born_missing, rates.born_swapped, rates.born_first_of_january),
            *(rates.born_year_off, rates.born_digit, rates.born_invalid),
        ],
        len(born),
    )
    year, month, day = parts(born)
    swap = (kind == 1) & (day <= 12)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    month, day = np.where(kind == 2, 1, month), np.where(kind == 2, 1, day)
    year = np.where(kind == 3, year + rng.choice([1, -1, 1, -1, 10, -10, 2, -2], len(born)), year)
    some = rng.integers(0, 3, len(born))
    hit = kind == 4
    year = np.where(hit & (some == 0), year // 10 * 10 + rng.integers(0, 10, len(born)), year)
    month = np.where(hit & (some == 1), rng.integers(1, 13, len(born)), month)
    day = np.where(hit & (some == 2), (day // 10 * 10 + rng.integers(0, 10, len(born))).clip(1, 31), day)
    bad = kind == 5
    year, month, day = np.where(bad, 1900, year), np.where(bad, 0, month), np.where(bad, 0, day)
    longest = np.array([31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month]
    leap = (month == 2) & (day == 29) & (kind == -1)
    day = np.where((day > longest) & ~leap & ~bad, longest, day)
    words = (rng.random(len(born)) < 0.004) & worded
    serial = ~words & (rng.random(len(born)) < 0.002) & worded & (kind == -1)
    excel = (born - np.datetime64("1899-12-30")).astype(np.int64)
    frame = pl.DataFrame(
        {"y": year, "m": month, "d": day, "k": kind, "s": style, "w": words, "x": serial, "e": excel}
    ).with_columns(
        pl.col("y", "m", "d", "e").cast(pl.String),
        pl.col("m").replace_strict(dict(enumerate(CLERKS["month"], 1)), default="JANUARI").alias("name"),
    )
    d, m = pl.col("d").str.zfill(2), pl.col("m").str.zfill(2)
    result = (
        pl.when(pl.col("k") == 0).then(None)
        .when("x").then("e")
        .when("w").then(pl.concat_str("d", "name", "y", separator=" "))
        .when(pl.col("s") == 0).then(pl.concat_str(d, m, "y", separator="-"))
        .when(pl.col("s") == 1).then(pl.concat_str("d", "m", "y", separator="/"))
        .when(pl.col("s") == 3).then(pl.concat_str(d, m, "y", separator="/"))
        .otherwise(pl.concat_str("y", m, d, separator="-"))
    )  # fmt: skip
    return frame.select(result.alias("birth_date")).to_series()


def phones(rng: np.random.Generator, rates: Rates, phone: NDArray, office: NDArray) -> pl.Series:
    """The column phone: the person's, a newer one, or the HR department's, in one of six ways to write it."""
    count = len(phone)
    kind = befall(
        rng, [rates.phone_missing, rates.phone_changed, rates.phone_shared, rates.phone_slip], count
    )
    fresh = phone // 10**8 * 10**8 + rng.integers(10**7, 10**8, count)
    number = np.where(kind == 1, fresh, phone)
    number = np.where(kind == 2, office, number)
    number = np.where(kind == 3, substituted(rng, number, 7), number)
    frame = pl.DataFrame({"n": pl.Series(number).cast(pl.String), "k": kind, "s": rng.integers(0, 20, count)})
    n, s = pl.col("n"), pl.col("s")
    dashed = n.str.replace(r"^(\d{3})(\d{4})(\d+)$", "$1-$2-$3")
    result = (
        pl.when((pl.col("k") == 0) & (s == 0)).then(pl.lit("-"))
        .when((pl.col("k") == 0) & (s == 1)).then(pl.lit("0"))
        .when((pl.col("k") == 0) & (s == 2)).then(pl.lit("08123456789"))
        .when(pl.col("k") == 0).then(None)
        .when(s < 10).then("0" + n)
        .when(s < 13).then("+62" + n)
        .when(s < 15).then("62" + n)
        .when(s < 17).then("0" + dashed)
        .when(s < 18).then("+62 " + dashed)
        .otherwise(n)
    )  # fmt: skip
    return frame.select(result.alias("phone")).to_series()


def family_cards(
    rng: np.random.Generator, district: NDArray, family: NDArray, salt: NDArray
) -> NDArray[np.int64]:
    """A family-card number: district, day of issue, serial; one for the whole family."""
    issued = np.datetime64("2005-01-01") + (salt * 7300).astype(np.int64) * DAY
    year, month, day = parts(issued)
    return district * 10**10 + day * 10**8 + month * 10**6 + year % 100 * 10**4 + family % 60 + 1
