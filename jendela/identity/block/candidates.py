"""From keys to the pairs worth a full comparison: enumerated block by block, strangers dropped at sight."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jendela.identity.block.keys import Key
from jendela.identity.block.pairs import Guard, block_pairs
from jendela.identity.compare.commonness import Commonness
from jendela.identity.standard.frame import Standard
from jendela.identity.standard.hashing import mix
from jendela.identity.standard.tokens import NONE, Ints

Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Packed = npt.NDArray[np.uint64]
WORKERS = 2
# Kinds that are a number of one's own: such a pair is always compared.
TELLING = ("nik", "number", "kpj", "half", "home", "address", "street")
# Words of a name that are looked at before it is compared in full.
LOOKED_AT = 3
# Letters that a slip or two bring in.
SLIPS = 1
# A name is rare that one in so many bears, or fewer.
RARE_OF = 16_000
# The digits of a NIK's stem behind its regency.
REGENCY = 10**11


@dataclass(frozen=True)
class Candidates:
    """`left < right`, each pair once, in order. `met` is how many came out of the blocks; `tamed` counts by
    kind the blocks too large to use.
    """

    left: Rows
    right: Rows
    met: int
    tamed: dict[str, int]


def candidates(standard: Standard, common: Commonness, keys: Iterable[Key], largest_block: int) -> Candidates:
    """All pairs that share a key and may be one person."""
    guard = Guard(largest_block)
    glance = Glance(standard, common)

    def look(key: Key) -> tuple[int, Packed]:
        met, kept = 0, [np.zeros(0, dtype=np.uint64)]
        for left, right in block_pairs(key, guard):
            met += len(left)
            worth = glance.worth_comparing(key[0], left, right)
            kept.append(left[worth].astype(np.uint64) << np.uint64(32) | right[worth].astype(np.uint64))
        return met, np.concatenate(kept)

    # While the next kind's keys are made, the pairs of the last ones are looked at: no more kinds than that
    # are in memory.
    with ThreadPoolExecutor(WORKERS) as pool:
        looking: list[Future[tuple[int, Packed]]] = []
        for key in keys:
            if len(looking) >= WORKERS:
                looking[-WORKERS].result()
            looking.append(pool.submit(look, key))
        found = [future.result() for future in looking]
    # Asked for their counts, NumPy sorts them; else it hashes, which takes seventy times as long.
    packed, _ = np.unique(np.concatenate([pairs for _, pairs in found]), return_counts=True)
    return Candidates(
        (packed >> np.uint64(32)).astype(np.int64),
        (packed & np.uint64(0xFFFFFFFF)).astype(np.int64),
        sum(met for met, _ in found),
        dict(sorted(guard.tamed.items())),
    )


def packed_birth(standard: Standard) -> npt.NDArray[np.int32]:
    """Per row its birth date as one number, year, month and day in bits of their own; 0 is none."""
    year, month, day = (standard.column(name).astype(np.int32) for name in ("year", "month", "day"))
    packed: npt.NDArray[np.int32] = year << 9 | month << 5 | day
    return packed


def private(standard: Standard) -> list[Packed]:
    """Per row what strangers of one name and birth date hardly share, 0 where it is not said."""
    mother = np.append(standard.mothers.whole, np.uint64(0))[standard.mother]
    # Of those who began on one day at one employer, few have one name.
    employer, start = (standard.column(name).astype(np.uint64) for name in ("employer", "start"))
    hired = np.where((employer != 0) & (start != 0), mix(employer, start), np.uint64(0))
    said = (standard.column(name).astype(np.uint64) for name in ("phone", "email", "address", "region"))
    return [mother, hired, *said]


class Glance:
    """What can be seen of two mentions without comparing them."""

    def __init__(self, standard: Standard, common: Commonness) -> None:
        names = standard.names
        self.name = standard.name
        self.letters = np.append(names.tokens["sound_letters"].to_numpy(), 0)
        self.bones = np.append(names.tokens["bones"].to_numpy(), 0)
        self.firm = np.ascontiguousarray(np.where(names.weak, NONE, names.words)[:, :LOOKED_AT].T)
        self.long = np.append((names.words != NONE).sum(axis=1) > LOOKED_AT, False)
        self.whole = np.append(names.whole, np.uint64(0))[standard.name]
        self.rare = common.rare_names(RARE_OF)[standard.name]
        self.birth = packed_birth(standard)
        self.ordered = standard.column("birth_key").astype(np.int32)
        self.nik = standard.column("nik_stem").astype(np.int64)
        self.kpj = standard.column("kpj").astype(np.int64)
        self.private = private(standard)

    def worth_comparing(self, kind: str, left: Rows, right: Rows) -> Bools:
        """False for pairs that met by a key of this kind and cannot be one person."""
        if kind in TELLING:
            return np.ones(len(left), dtype=bool)
        # Who lives together is one family; one person has one name.
        return self._near_name(left, right) if kind == "corner" else self.may_be_one(left, right)

    def may_be_one(self, left: Rows, right: Rows) -> Bools:
        """False where no number is the same, and birth dates, numbers or names speak against one person: what
        else the two share, strangers do.
        """
        found = self._same_number(left, right)
        # The dearest question is asked last, of the pairs that are left.
        rows = np.flatnonzero(~found)
        for possible in (self._near_birth, self._no_other_number, self._near_name):
            rows = rows[possible(left[rows], right[rows])]
        found[rows] = True
        return found

    def _same_number(self, left: Rows, right: Rows) -> Bools:
        one, two = self.nik[left], self.kpj[left]
        same: Bools = ((one != 0) & (one == self.nik[right])) | ((two != 0) & (two == self.kpj[right]))
        return same

    def _near_birth(self, left: Rows, right: Rows) -> Bools:
        """False where two parts of the birth date differ."""
        one, two = self.birth[left], self.birth[right]
        differ = one ^ two
        year, month, day = differ >> 9 == 0, differ & 0x1E0 == 0, differ & 0x1F == 0
        two_parts = (year & (month | day)) | (month & day) | (self.ordered[left] == self.ordered[right])
        # 1 January is a default: the year alone speaks.
        new_year = year & ((one & 0x1FF == 0x21) | (two & 0x1FF == 0x21))
        near: Bools = two_parts | new_year | (one == 0) | (two == 0)
        return near

    def _no_other_number(self, left: Rows, right: Rows) -> Bools:
        """False for numbers of two regencies, unless all else in them is the same (a slip in the regency), or
        the same rare name or something private is shared.
        """
        one, two = self.nik[left], self.nik[right]
        possible: Bools = (one == 0) | (two == 0) | (one // REGENCY == two // REGENCY)
        possible |= one % REGENCY == two % REGENCY
        possible |= (self.whole[left] == self.whole[right]) & self.rare[left]
        rows = np.flatnonzero(~possible)
        for values in self.private:
            value = values[left[rows]]
            shared = (value != 0) & (value == values[right[rows]])
            possible[rows[shared]] = True
            rows = rows[~shared]
        return possible

    def _near_name(self, left: Rows, right: Rows) -> Bools:
        """False where each name has a firm word left over of which the other has no like."""
        one, two = self.name[left], self.name[right]
        near = (one == two) | (one == NONE) | (two == NONE) | self.long[one] | self.long[two]
        rows = np.flatnonzero(~near)
        words_l, words_r = self.firm[:, one[rows]], self.firm[:, two[rows]]
        near[rows] = alike(
            (self.bones[words_l], self.letters[words_l]), (self.bones[words_r], self.letters[words_r])
        )
        found: Bools = near
        return found


def alike(one: tuple[npt.NDArray[Any], Ints], two: tuple[npt.NDArray[Any], Ints]) -> Bools:
    """False where each name has a word left over of which the other has no like.

    Of each name the consonants of its first firm words, as codes or hashes, and their letters, as bits; by
    place and pair; no letters where there is no word.
    """
    (bones_l, letters_l), (bones_r, letters_r) = one, two
    same = bones_l[:, None] == bones_r[None]
    spare_l = np.bitwise_or.reduce(np.where(same.any(axis=1), 0, letters_l), axis=0)
    spare_r = np.bitwise_or.reduce(np.where(same.any(axis=0), 0, letters_r), axis=0)
    unlike_l = np.bitwise_count(spare_l & ~spare_r)
    unlike_r = np.bitwise_count(spare_r & ~spare_l)
    few: Bools = np.minimum(unlike_l, unlike_r) <= SLIPS
    return few
