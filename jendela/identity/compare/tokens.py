"""How far one name token agrees with another: the dear part of comparing names, done once a pair of tokens.

5 SAME     letter for letter
4 SOUND    the same sound: old spelling, transliteration, a doubled letter
3 NEAR     a letter lost, doubled or swapped in a long word, or (`cut`) the beginning of the other
2 SLIP     a letter changed, or a slip in a short word: so do the names of brothers and sisters differ
1 INITIAL  an initial of the other, or a letter changed where there are but three
0 OTHER
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jendela.identity.standard.tokens import Ints

SAME, SOUND, NEAR, SLIP, INITIAL, OTHER = 5, 4, 3, 2, 1, 0
Bytes = npt.NDArray[np.int8]


def likeness(tokens: pl.DataFrame, left: Ints, right: Ints) -> Bytes:
    """The likeness of each pair of token codes that are neither the same token nor of one sound.

    Args:
        tokens: `Names.tokens`.
        left, right: codes of equal length.
    """
    if not len(left):
        return np.zeros(0, dtype=np.int8)
    key, inverse = np.unique(left.astype(np.int64) << 32 | right, return_inverse=True)
    one, other = (key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32)
    length = tokens["length"].to_numpy()
    result = np.zeros(len(key), dtype=np.int8)
    initial = (length[one] == 1) | (length[other] == 1)
    result[initial & _same_onset(tokens, one, other)] = INITIAL
    close = ~initial & _may_be_close(tokens, one, other)
    result[close] = _edited(tokens, one[close], other[close])
    return result[inverse]


def begins(tokens: pl.DataFrame, short: Ints, long: Ints) -> npt.NDArray[np.bool_]:
    """Where the token `short`, of three letters or more, is the beginning of `long`."""
    letters = tokens["token"]
    onset = starts_with(letters.gather(long), letters.gather(short))
    return onset & (tokens["length"].to_numpy()[short] >= 3)


def starts_with(long: pl.Series, short: pl.Series) -> npt.NDArray[np.bool_]:
    """Where a text begins with the other."""
    both = pl.DataFrame({"long": long, "short": short})
    return both.select(pl.col("long").str.starts_with(pl.col("short"))).to_series().to_numpy()


def _same_onset(tokens: pl.DataFrame, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(one), dtype=bool)
    for text in ("token", "sound_a"):
        first = tokens[text].str.slice(0, 1).rank("dense").to_numpy()
        found |= first[one] == first[other]
    return found


def _may_be_close(tokens: pl.DataFrame, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """False where more letters differ than two edits can change."""
    length, letters = tokens["length"].to_numpy(), tokens["letters"].to_numpy()
    sounds = tokens["sound_letters"].to_numpy()
    near = np.minimum(
        np.bitwise_count(letters[one] ^ letters[other]), np.bitwise_count(sounds[one] ^ sounds[other])
    )
    short = np.minimum(length[one], length[other])
    allowed = np.where(short >= 8, 4, 2)
    may: npt.NDArray[np.bool_] = (near <= allowed) & (np.abs(length[one] - length[other]) <= 3)
    may &= short >= 3
    return may


def _edited(tokens: pl.DataFrame, one: Ints, other: Ints) -> Bytes:
    """A slip shows in either spelling: SUARNO is SUMARNO with a letter lost."""
    if not len(one):
        return np.zeros(0, dtype=np.int8)
    length = tokens["length"].to_numpy()
    length_l, length_r = length[one], length[other]
    n = np.minimum(length_l, length_r)
    edits_t, edits_a, edits_u = (_edits(tokens[text], one, other) for text in ("token", "sound_a", "sound_u"))
    edits = np.minimum(np.minimum(edits_t, edits_a), edits_u)
    swapped = (edits_t == 1) & _equal(tokens["bag"], one, other)
    swapped |= (edits_a == 1) & _equal(tokens["sound_bag"], one, other)
    near = ((n >= 5) & (length_l != length_r) & (edits == 1)) | ((n >= 6) & swapped)
    slip = (n >= 4) & (edits <= np.where(n >= 8, 2, 1))
    levels = [np.int8(level) for level in (OTHER, NEAR, SLIP, INITIAL)]
    return np.select(
        [_of_another_sex(tokens["sound_u"], one, other), near, slip, (n == 3) & (edits == 1)],
        levels,
        np.int8(OTHER),
    )


def _edits(texts: pl.Series, one: Ints, other: Ints) -> npt.NDArray[np.uint8]:
    """Letters lost, added, changed or swapped with their neighbour; 3 for more than two."""
    pairs = texts.gather(one).to_list(), texts.gather(other).to_list()
    found: npt.NDArray[np.uint8] = process.cpdist(*pairs, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    return found


def _equal(column: pl.Series, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    values = column.to_numpy()
    equal: npt.NDArray[np.bool_] = values[one] == values[other]
    return equal


def _of_another_sex(sounds: pl.Series, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """-i against -o or -a ends a woman's and a man's name (Yanti, Yanto): never a slip."""
    left, right = sounds.gather(one), sounds.gather(other)
    both = left.str.tail(1).is_in(["I", "A"]) & right.str.tail(1).is_in(["I", "A"])
    stem = (left.str.head(-2) == right.str.head(-2)) & (left.str.len_bytes() == right.str.len_bytes())
    return (both & stem).to_numpy()
