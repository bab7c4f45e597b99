"""What a glance at a mention needs, in a few bytes: kept beside what it says, so that most who share a key
with tonight's need not be read and standardised only to see that they are strangers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.block.candidates import LOOKED_AT, RARE_OF, Bools, Glance, Rows, alike, packed_birth
from jendela.identity.block.candidates import private as private_of
from jendela.identity.compare.commonness import SMALLEST
from jendela.identity.frequencies import Frequencies
from jendela.identity.standard.frame import Standard
from jendela.identity.standard.tokens import NONE

# `bones` and `letters` are those of the first firm words; `private` as the function of that name gives it.
SIGHT = np.dtype(
    [
        ("bones", "<u8", LOOKED_AT),
        ("letters", "<i4", LOOKED_AT),
        ("name", "i1"),  # NONE: none is said
        ("long", "?"),
        ("whole", "<u8"),
        ("joined", "<u8"),
        ("birth", "<i4"),
        ("ordered", "<i4"),
        ("nik", "<i8"),
        ("kpj", "<i8"),
        ("private", "<u8", 6),
    ]
)
Sights = npt.NDArray[np.void]


def sights(standard: Standard) -> Sights:
    """A `SIGHT` for each row. The hashes are the same on every machine; another version of the
    standardisation may make others.
    """
    names, found = standard.names, np.zeros(standard.height, dtype=SIGHT)
    firm = np.where(names.weak, NONE, names.words)[:, :LOOKED_AT]
    none = np.full((1, LOOKED_AT), NONE)
    words = np.append(firm, none, axis=0)[standard.name]
    found["bones"] = np.append(names.bones, np.uint64(0))[words]
    found["letters"] = np.append(names.tokens["sound_letters"].to_numpy(), 0)[words]
    found["name"] = np.where(standard.name == NONE, NONE, 0)
    found["long"] = np.append((names.words != NONE).sum(axis=1) > LOOKED_AT, False)[standard.name]
    found["whole"] = np.append(names.whole, np.uint64(0))[standard.name]
    found["joined"] = np.append(names.joined_a, np.uint64(0))[standard.name]
    found["birth"] = packed_birth(standard)
    found["ordered"] = standard.column("birth_key")
    found["nik"], found["kpj"] = standard.column("nik_stem"), standard.column("kpj")
    found["private"] = np.stack(private_of(standard), axis=1)
    return found


def packed(rows: Sights) -> pl.Series:
    """Each sight as bytes."""
    plain, size = rows.tobytes(), SIGHT.itemsize
    return pl.Series([plain[at : at + size] for at in range(0, len(plain), size)], dtype=pl.Binary)


def unpacked(plain: pl.Series) -> Sights:
    """The sights of these bytes."""
    return np.frombuffer(b"".join(plain.to_list()), dtype=SIGHT)


class FirstSight(Glance):
    """The same glance, at sights instead of a standard frame."""

    def __init__(self, rows: Sights, counted: Frequencies) -> None:
        self.words, self.word_letters = rows["bones"].T, rows["letters"].T
        self.name, self.said_long = rows["name"], rows["long"]
        self.whole = rows["whole"]
        most = max(max(counted.population, SMALLEST) // RARE_OF, 2)
        self.rare = (counted.count("name", np.ascontiguousarray(rows["joined"])) <= most) & (
            self.name != NONE
        )
        self.birth, self.ordered = rows["birth"], rows["ordered"]
        self.nik, self.kpj = rows["nik"], rows["kpj"]
        self.private = list(np.ascontiguousarray(rows["private"].T))

    def _near_name(self, left: Rows, right: Rows) -> Bools:
        one, two = ((self.name[rows] == NONE) | self.said_long[rows] for rows in (left, right))
        near: Bools = one | two
        rows = np.flatnonzero(~near)
        left, right = left[rows], right[rows]
        near[rows] = alike(
            (self.words[:, left], self.word_letters[:, left]),
            (self.words[:, right], self.word_letters[:, right]),
        )
        return near
