"""Addresses cut into words and numbers, a column at a time, over the bytes of the text.

A token is a run of letters or a run of digits, so that "RT003" and "C5" are two. Its hash is the polynomial
of its upper-case letters or of its digits, leading zeros unseen. What a word stands for is data, in
`schemas/words/address.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from jendela.identity.standard.lists import word_list

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
# What a token is: one of the list by its class there, any other a word or a number.
WORD, NUMBER, KIND, AREA, CUT, POST, NONE = range(7)
CLASSES = {"word": WORD, "number": NUMBER, "kind": KIND, "area": AREA, "cut": CUT, "post": POST}
SEPARATOR, LETTER, DIGIT = range(3)
BASE = 0x9E3779B1  # odd, so that it has an inverse among the 32-bit numbers
SLOT_BITS = 14


@dataclass(frozen=True)
class Tokens:
    """The tokens of all rows, one behind the other.

    hash, kind: of each token.
    value: of runs of five digits the number, else -1.
    first: of each row the place of its first token, and behind them the number of tokens.
    """

    hash: Hashes
    kind: Bytes
    value: npt.NDArray[np.int32]
    first: Places


def tokens(text: bytes, offsets: Places) -> Tokens:
    """The tokens of each text, given as `written` gives them."""
    group = _translated(text, _group())
    edge = np.zeros(len(text) + 1, dtype=np.bool_)
    edge[1:-1] = group[1:] != group[:-1]
    edge[offsets] = True
    real = group != SEPARATOR
    start, end = np.flatnonzero(edge[:-1] & real), np.flatnonzero(edge[1:] & real) + 1
    code = _translated(text, _code())
    digits = group[start] == DIGIT
    kind, hashes = _looked_up(digits, _hashes(code, start, end))
    five = np.flatnonzero(digits & (end - start == 5))
    value = np.full(len(start), -1, dtype=np.int32)
    value[five] = code[start[five, None] + np.arange(5)] @ (10 ** np.arange(4, -1, -1))
    return Tokens(hashes, kind, value, np.searchsorted(start, offsets))


def written(texts: pl.Series) -> tuple[bytes, Places]:
    """The UTF-8 bytes of all texts and where each begins, and the last ends; null is empty."""
    array = texts.fill_null("").to_arrow().cast(pa.large_string())
    _, offsets, data = array.buffers()
    if data is None:
        return b"", np.zeros(len(texts) + 1, dtype=np.int64)
    places = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(data)[places[0] : places[-1]].tobytes(), places - places[0]


def _translated(text: bytes, table: bytes) -> Bytes:
    """Each byte by its entry in a table of 256."""
    return np.frombuffer(text.translate(table), dtype=np.uint8)


@cache
def _group() -> bytes:
    """Letters (all beyond ASCII among them), digits, separators."""
    group = np.full(256, SEPARATOR, dtype=np.uint8)
    group[ord("A") : ord("Z") + 1] = group[ord("a") : ord("z") + 1] = group[128:] = LETTER
    group[ord("0") : ord("9") + 1] = DIGIT
    return group.tobytes()


@cache
def _code() -> bytes:
    """Letters in upper case, digits as what they count."""
    code = np.arange(256, dtype=np.uint8)
    code[ord("a") : ord("z") + 1] -= 32
    code[ord("0") : ord("9") + 1] -= 48
    return code.tobytes()


def _hashes(code: Bytes, start: Places, end: Places) -> Hashes:
    """The last character has the weight 1, so that zeros in front of a number change nothing."""
    powers, inverses = _powers(1 << len(code).bit_length())
    sums = np.zeros(len(code) + 1, dtype=np.uint32)
    np.multiply(code, inverses[: len(code)], out=sums[1:])
    np.cumsum(sums, dtype=np.uint32, out=sums)
    return (sums[end] - sums[start]) * powers[end - 1]


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    bases = [np.full(count, base, dtype=np.uint32) for base in (BASE, pow(BASE, -1, 2**32))]
    for base in bases:
        base[0] = 1
    powers, inverses = (np.cumprod(base, dtype=np.uint32) for base in bases)
    return powers, inverses


def _looked_up(digits: npt.NDArray[np.bool_], hashes: Hashes) -> tuple[Bytes, Hashes]:
    """Class and hash with the words of the list replaced by what they stand for."""
    factor, known, kinds, means = _listed()
    slot = (hashes * factor) >> np.uint32(32 - SLOT_BITS)
    listed = np.flatnonzero((known[slot] == hashes) & ~digits)
    slot = slot[listed]
    kind = np.where(digits, np.uint8(NUMBER), np.uint8(WORD))
    kind[listed] = kinds[slot]
    # What is neither word nor number is never compared.
    said = kinds[slot] <= NUMBER
    hashes[listed[said]] = means[slot[said]]
    return kind, hashes


@cache
def _listed() -> tuple[np.uint32, Hashes, Bytes, Hashes]:
    """The list as a table without collisions: the factor that spreads it, then hash, class and meaning."""
    words = word_list("words", "address")
    hashes, means = (_of(words[name]) for name in ("word", "means"))
    means = np.where(words["means"].is_null().to_numpy(), hashes, means)
    kinds = words["class"].replace_strict(CLASSES, return_dtype=pl.UInt8).to_numpy()
    factor = np.uint32(BASE)
    while True:
        slot = (hashes * factor) >> np.uint32(32 - SLOT_BITS)
        if len(np.unique(slot)) == len(slot):
            break
        factor += np.uint32(2)
    known = np.zeros(1 << SLOT_BITS, dtype=np.uint32)
    meant, classes = known.copy(), known.astype(np.uint8)
    known[slot], meant[slot], classes[slot] = hashes, means, kinds
    return factor, known, classes, meant


def _of(words: pl.Series) -> Hashes:
    """The hash of each text as one token; 0 for null."""
    text, offsets = written(words)
    filled = offsets[1:] > offsets[:-1]
    hashes = np.zeros(len(words), dtype=np.uint32)
    hashes[filled] = _hashes(_translated(text, _code()), offsets[:-1][filled], offsets[1:][filled])
    return hashes
