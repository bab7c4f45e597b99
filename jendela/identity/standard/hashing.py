"""64-bit hashes that are the same on every machine and in every version: for blocking, never for secrecy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.standard.distinct import coded

Longs = npt.NDArray[np.uint64]
PRIME = np.uint64(0x100000001B3)
_INVERSE = np.uint64(pow(int(PRIME), -1, 2**64))
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(*parts: Longs) -> Longs:
    """One hash of several columns of numbers, their order included."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part) * _GOLDEN
        mixed ^= mixed >> np.uint64(29)
    return mixed


class Letters(NamedTuple):
    """ASCII texts as numbers: the bytes of each as a row, padded with zeros, and its length."""

    matrix: npt.NDArray[np.uint8]
    length: npt.NDArray[np.int64]


def letters(text: pl.Series) -> Letters:
    """The letters of each text."""
    length = text.str.len_bytes().cast(pl.Int64).to_numpy()
    width = max(int(length.max()) if len(length) else 1, 1)
    padded = text.str.pad_end(width, "\0").str.join("")[0].encode() if len(text) else b""
    return Letters(np.frombuffer(padded, dtype=np.uint8).reshape(len(text), width), length)


def polynomial(text: Letters) -> tuple[Longs, Longs]:
    """The polynomial hash of each text and the power of its length: of two texts written together it is
    `hash * power of the second + hash of the second`.
    """
    return _value(text), _powers(PRIME, text.matrix.shape[1])[text.length]


def hashed(text: pl.Series) -> pl.Series:
    """The hash of each text as UInt64, never 0; null stays null. Letters beyond ASCII count as one."""
    distinct, places = coded(text)
    return hashed_once(distinct).gather(places)


def hashed_once(text: pl.Series) -> pl.Series:
    """The same where hardly any text comes twice."""
    said = text.drop_nulls()
    plain = letters(said.str.replace_all(r"[^\x01-\x7f]", "?"))
    value = mix(_value(plain)) | np.uint64(1)
    if len(said) == len(text):
        return pl.Series("hash", value)
    found = np.zeros(len(text), dtype=np.uint64)
    found[text.is_not_null().to_numpy()] = value
    return pl.select(pl.when(text.is_not_null()).then(pl.Series(found)).alias("hash")).to_series()


def _value(text: Letters) -> Longs:
    """The polynomial hash of each text: that of the padded one, the zeros behind it divided away."""
    value = np.zeros(len(text.length), dtype=np.uint64)
    width = text.matrix.shape[1]
    for place in range(width):
        value *= PRIME
        value += text.matrix[:, place]
    found: Longs = value * _powers(_INVERSE, width)[width - text.length]
    return found


def _powers(base: np.uint64, most: int) -> Longs:
    """The powers of `base` from 0 to `most`."""
    powers = np.full(most + 1, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
