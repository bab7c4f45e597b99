"""Addresses as something to compare: street and house number as one key, the words as a set, the postcode.

Kinds of street and estate (Jl., Gg., Kp., Perum) are left out, ranks and numbers are written one way, and
what follows the village (Kel., Kec., Kab.) is not part of the key, because many registers leave it out. A
place without house numbers is told by its neighbourhood (RT and RW). Abbreviations are data in
`schemas/words/address.csv`. Source: DOMAIN 3.5. An employer's address says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

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
)

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]
Longs = npt.NDArray[np.uint64]

CHUNK = 16_384  # rows, so that the bytes of a chunk stay near the processor
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def address(raw: pl.Series) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Columns:
        address_key: UInt64, the words and the house number in any order, the same on every machine; null
            without a word or without a number.
        address_bits: UInt64, one bit of 64 for each word and house number of that key: addresses that share
            most of them are much the same; 0 where nothing is told.
        postcode: Int32, five digits behind POS or at the end, else null.
    """
    empty = pl.DataFrame(schema={"address_key": pl.UInt64, "address_bits": pl.UInt64, "postcode": pl.Int32})
    return pl.concat([empty, *_by_chunk(raw, _key)])


def address_tokens(raw: pl.Series) -> pl.Series:
    """List of UInt32 per row of `raw`, in its order: its words and numbers as hashes, sorted, each once.

    Names of the village and upwards are among them, kinds and postcodes are not. Null stays null.
    """
    empty = pl.DataFrame(schema={"address_tokens": pl.List(pl.UInt32)})
    return pl.concat([empty, *_by_chunk(raw, _set)]).to_series()


def _by_chunk(raw: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> list[pl.DataFrame]:
    text = raw.cast(pl.String)
    chunks = [text.slice(begin, CHUNK) for begin in range(0, len(text), CHUNK)]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(read, chunks))


def _set(texts: pl.Series) -> pl.DataFrame:
    found = tokens(texts)
    row = np.repeat(np.arange(len(texts)), np.diff(found.first))
    said = ((found.kind == WORD) | (found.kind == NUMBER)) & ~_postcodes(found)
    # One sort by row and hash; what equals its neighbour is said twice.
    order = np.sort((row[said].astype(np.uint64) << np.uint64(32)) | found.hash[said])
    once = np.concatenate([[True], order[1:] != order[:-1]])[: len(order)]
    order = order[once]
    first = np.searchsorted(order, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(32))
    array = pa.LargeListArray.from_arrays(pa.array(first), pa.array(order.astype(np.uint32)))
    lists = pl.Series("address_tokens", array, dtype=pl.List(pl.UInt32))
    return lists.to_frame().select(pl.when(texts.is_not_null()).then("address_tokens"))


def _key(texts: pl.Series) -> pl.DataFrame:
    found = tokens(texts)
    rows = len(texts)
    row = np.repeat(np.arange(rows), np.diff(found.first))
    number = found.kind == NUMBER
    before, before_that = _before(found)
    area = number & ((before == AREA) | ((before == NUMBER) & (before_that == AREA)))
    post = _postcodes(found)
    kept = (number | (found.kind == WORD)) & ~area & ~post
    # "Desa" in front is where somebody lives; behind a street it is what many registers leave out.
    cut = (found.kind == CUT) & (_running(kept, found, row) > 0)
    inside = _running(cut, found, row) + cut == 0
    word, house, area = (mask & inside for mask in (kept & ~number, kept & number, area))
    spread = _spread(found.hash)
    numbers = np.where(_total(house, found) > 0, _sum(spread, house, found), _sum(spread, area, found))
    told = (_total(word, found) > 0) & (_total(house | area, found) > 0)
    key = _sum(spread, word, found) + numbers * _GOLDEN
    bits = np.append(
        np.where(word | house, np.uint64(1) << (spread % np.uint64(61)), np.uint64(0)), np.uint64(0)
    )
    # A row without tokens begins where the next one does.
    some = np.diff(found.first) > 0
    sketch = np.zeros(rows, dtype=np.uint64)
    sketch[some] = np.bitwise_or.reduceat(bits, found.first[:-1][some]) if some.any() else 0
    last = np.full(rows, -1, dtype=np.int64)
    last[row[post]] = found.value[post]
    return pl.DataFrame({"key": key, "told": told, "bits": sketch, "post": last}).select(
        pl.when("told").then(pl.col("key") | 1).alias("address_key"),
        pl.when(texts.is_not_null()).then("bits").alias("address_bits"),
        pl.when(pl.col("post") > 0).then("post").cast(pl.Int32).alias("postcode"),
    )


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


def _postcodes(found: Tokens) -> Flags:
    """Five digits behind POS, or last in a row that says more."""
    last = np.zeros(len(found.kind), dtype=np.bool_)
    last[found.first[1:][np.diff(found.first) > 1] - 1] = True
    marked: Flags = last | (_before(found)[0] == POST)
    return marked & (found.value >= 0)


def _counted(mask: Flags) -> Counts:
    sums = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, dtype=np.int32, out=sums[1:])
    return sums


def _running(mask: Flags, found: Tokens, row: Places) -> Counts:
    """How many tokens of `mask` are before each token in its row."""
    sums = _counted(mask)
    return sums[:-1] - sums[found.first[:-1]][row]


def _total(mask: Flags, found: Tokens) -> Counts:
    """How many tokens of `mask` each row has."""
    return np.diff(_counted(mask)[found.first])


def _sum(spread: Longs, mask: Flags, found: Tokens) -> Longs:
    """The sum of the tokens of `mask` in each row."""
    sums = np.zeros(len(mask) + 1, dtype=np.uint64)
    np.cumsum(spread * mask, dtype=np.uint64, out=sums[1:])
    return np.diff(sums[found.first])


def _spread(hashes: Hashes) -> Longs:
    """64-bit numbers whose sum tells a set of tokens, their order left out."""
    wide = hashes.astype(np.uint64) * _GOLDEN
    wide ^= wide >> np.uint64(31)
    wide *= _GOLDEN
    return wide ^ (wide >> np.uint64(29))
