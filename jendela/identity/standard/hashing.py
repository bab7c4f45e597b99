"""64-bit hashes that are the same on every machine and in every version: for blocking, never for secrecy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Longs = npt.NDArray[np.uint64]
PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(*parts: Longs) -> Longs:
    """One hash of several columns of numbers, their order included."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part) * _GOLDEN
        mixed ^= mixed >> np.uint64(29)
    return mixed


def polynomial(text: pl.Series) -> tuple[Longs, Longs]:
    """The polynomial hash of each text and the power of its length: of two texts written together it is
    `hash * power of the second + hash of the second`.
    """
    letters, length = letter_matrix(text)
    value = np.zeros(len(text), dtype=np.uint64)
    power = np.ones(len(text), dtype=np.uint64)
    for place in range(letters.shape[1]):
        inside = place < length
        value = np.where(inside, value * PRIME + letters[:, place], value)
        power = np.where(inside, power * PRIME, power)
    return value, power


def letter_matrix(text: pl.Series) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of each ASCII text as a row, padded with zeros, and its length."""
    length = text.str.len_bytes().cast(pl.Int64).to_numpy()
    width = max(int(length.max()) if len(length) else 1, 1)
    padded = text.str.pad_end(width, "\0").str.join("")[0].encode() if len(text) else b""
    return np.frombuffer(padded, dtype=np.uint8).reshape(len(text), width), length


def hashed(text: pl.Series) -> pl.Series:
    """The hash of each text as UInt64, never 0; null stays null. Letters beyond ASCII count as one."""
    distinct = text.drop_nulls().unique()
    plain = distinct.str.replace_all(r"[^\x01-\x7f]", "?")
    value = mix(polynomial(plain)[0]) | np.uint64(1)
    lookup = pl.DataFrame({"text": distinct, "hash": value}, schema={"text": pl.String, "hash": pl.UInt64})
    return text.rename("text").to_frame().join(lookup, on="text", how="left", maintain_order="left")["hash"]
