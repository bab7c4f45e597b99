"""Addresses as something to compare: street and house number as one key, the words as a set, the postcode.

Kinds of street and estate (Jl., Gg., Kp., Perum) are left out, ranks and numbers are written one way, and
what follows the village (Kel., Kec., Kab.) is not part of the key, because many registers leave it out. A
place without house numbers is told by its neighbourhood (RT and RW). Abbreviations are data in
`schemas/words/address.csv`. Source: DOMAIN 3.5. An employer's address says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from jendela.identity.standard.address_tokens import (
    AREA,
    CUT,
    NONE,
    NUMBER,
    POST,
    WORD,
    Bytes,
    Hashes,
    Places,
    Tokens,
    tokens,
    written,
)

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]
Longs = npt.NDArray[np.uint64]
Read = TypeVar("Read")

CHUNK = 16_384  # rows, so that the bytes of a chunk stay near the processor
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
# What a token tells: a word, a house number, the number of a neighbourhood; what each weighs in a key, and
# which of them has a bit, of so many.
TOLD_WORD, TOLD_HOUSE, TOLD_AREA = 1, 2, 4
_WEIGHT = np.array([0, 1, _GOLDEN, 0, _GOLDEN], dtype=np.uint64)
_ONE = np.array([0, 1, 1, 0, 0], dtype=np.uint64)
_ROOM = np.uint64(61)


def address(raw: pl.Series) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Columns:
        address_key: UInt64, the words and the house number in any order, the same on every machine; null
            without a word or without a number.
        address_bits: UInt64, one bit of 64 for each word and house number of that key: addresses that share
            most of them are much the same; 0 where nothing is told.
        postcode: Int32, five digits behind POS or at the end, else null.
    """
    found = _by_chunk(raw, _key)
    key, told, bits, post = (pl.Series(np.concatenate(part)) for part in zip(*found, strict=True))
    return pl.select(
        pl.when(told).then(key | 1).alias("address_key"),
        pl.when(raw.is_not_null()).then(bits).alias("address_bits"),
        pl.when(post > 0).then(post).cast(pl.Int32).alias("postcode"),
    )


def address_tokens(raw: pl.Series) -> pl.Series:
    """List of UInt32 per row of `raw`, in its order: its words and numbers as hashes, sorted, each once.

    Names of the village and upwards are among them, kinds and postcodes are not. Null stays null.
    """
    found = pl.concat(_by_chunk(raw, _set)).alias("address_tokens")
    return found.to_frame().select(pl.when(raw.is_not_null()).then("address_tokens")).to_series()


def _by_chunk(raw: pl.Series, read: Callable[[Tokens], Read]) -> list[Read]:
    text, offsets = written(raw.cast(pl.String))

    def chunk(begin: int) -> Read:
        places = offsets[begin : begin + CHUNK + 1]
        return read(tokens(text[places[0] : places[-1]], places - places[0]))

    if len(raw) <= CHUNK:
        return [chunk(0)]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(chunk, range(0, max(len(raw), 1), CHUNK)))


def _set(found: Tokens) -> pl.Series:
    rows = len(found.first) - 1
    row = np.repeat(np.arange(rows), np.diff(found.first))
    said = ((found.kind == WORD) | (found.kind == NUMBER)) & ~_postcodes(found, _before(found)[0])
    # One sort by row and hash; what equals its neighbour is said twice.
    order = np.sort((row[said].astype(np.uint64) << np.uint64(32)) | found.hash[said])
    once = np.concatenate([[True], order[1:] != order[:-1]])[: len(order)]
    order = order[once]
    first = np.searchsorted(order, np.arange(rows + 1, dtype=np.uint64) << np.uint64(32))
    array = pa.LargeListArray.from_arrays(pa.array(first), pa.array(order.astype(np.uint32)))
    return pl.Series(array, dtype=pl.List(pl.UInt32))


def _key(found: Tokens) -> tuple[Longs, Flags, Longs, npt.NDArray[np.int32]]:
    """Of each row the key, whether there is one, the bits, and the postcode or -1."""
    size = np.diff(found.first)
    row = np.repeat(np.arange(len(size), dtype=np.int32), size)
    number = found.kind == NUMBER
    before, before_that = _before(found)
    area = number & ((before == AREA) | ((before == NUMBER) & (before_that == AREA)))
    post = _postcodes(found, before)
    kept = (number | (found.kind == WORD)) & ~area & ~post
    inside = _inside(found, kept, row)
    told = np.zeros(len(number), dtype=np.uint8)
    told[kept & inside] = TOLD_WORD
    np.putmask(told, number & (told > 0), TOLD_HOUSE)
    np.putmask(told, area & inside, TOLD_AREA)
    of_row = _united(told, found.first)
    # The neighbourhood tells the place where no house does.
    told[(told == TOLD_AREA) & (of_row & TOLD_HOUSE > 0)[row]] = 0
    last = np.full(len(size), -1, dtype=np.int32)
    last[row[post]] = found.value[post]
    enough = (of_row & TOLD_WORD > 0) & (of_row > TOLD_WORD)
    key, bits = _summed(found, told)
    return key, enough, bits, last


def _inside(found: Tokens, kept: Flags, row: Counts) -> Flags:
    """False from the token on with which begins what many registers leave out: village and upwards. "Desa"
    in front, with nothing of `kept` before it, is where somebody lives.
    """
    cut = np.flatnonzero(found.kind == CUT)
    before = _counted(kept)
    cut = cut[before[cut] > before[found.first[row[cut]]]]
    end = np.full(len(found.first) - 1, len(kept), dtype=np.int32)
    # From behind: what is put down last stays, which is the first of a row.
    end[row[cut[::-1]]] = cut[::-1]
    inside: Flags = np.arange(len(kept), dtype=np.int32) < end[row]
    return inside


def _summed(found: Tokens, told: Bytes) -> tuple[Longs, Longs]:
    """Of each row the sum of its words, and of its numbers by another weight; and the bits of its words and
    house numbers.
    """
    first = _counted(told > 0)[found.first].astype(np.int64)
    said = np.flatnonzero(told)
    told = told[said]
    spread = _spread(found.hash[said])
    sums = np.zeros(len(spread) + 1, dtype=np.uint64)
    np.multiply(spread, _WEIGHT[told], out=sums[1:])
    np.cumsum(sums, out=sums)
    spread -= spread // _ROOM * _ROOM
    return np.diff(sums[first]), _united(_ONE[told] << spread, first)


def _united(bits: npt.NDArray[Any], first: Places) -> npt.NDArray[Any]:
    """The bits of all tokens of each row."""
    united = np.zeros(len(first) - 1, dtype=bits.dtype)
    # A row without tokens begins where the next one does.
    some = first[1:] > first[:-1]
    if some.any():
        united[some] = np.bitwise_or.reduceat(bits, first[:-1][some])
    return united


def _before(found: Tokens) -> tuple[Bytes, Bytes]:
    """Of each token the kind of the one before it in its row, and of the one before that."""
    begins = found.first[:-1][np.diff(found.first) > 0]
    before = np.full(len(found.kind), NONE, dtype=np.uint8)
    before[1:] = found.kind[:-1]
    before[begins] = NONE
    before_that = np.full(len(found.kind), NONE, dtype=np.uint8)
    before_that[1:] = before[:-1]
    before_that[begins] = NONE
    return before, before_that


def _postcodes(found: Tokens, before: Bytes) -> Flags:
    """Five digits behind POS, or last in a row that says more."""
    last = np.zeros(len(found.kind), dtype=np.bool_)
    last[found.first[1:][np.diff(found.first) > 1] - 1] = True
    marked: Flags = last | (before == POST)
    return marked & (found.value >= 0)


def _counted(mask: Flags) -> Counts:
    sums = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, dtype=np.int32, out=sums[1:])
    return sums


def _spread(hashes: Hashes) -> Longs:
    """64-bit numbers whose sum tells a set of tokens, their order left out."""
    wide = hashes.astype(np.uint64)
    wide *= _GOLDEN
    wide ^= wide >> np.uint64(31)
    wide *= _GOLDEN
    wide ^= wide >> np.uint64(29)
    return wide
