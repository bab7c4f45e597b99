"""How much an agreement says, by how many people would agree by chance: in bits, rounded.

Whole bits are as fine as frequencies are known, and keep the number of different patterns of evidence small
enough to score each once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.compare import births
from jendela.identity.compare.names import SPELT
from jendela.identity.frequencies import Frequencies
from jendela.identity.standard.frame import Standard
from jendela.identity.standard.names import word_list
from jendela.identity.standard.tokens import Ints, Names
from jendela.store.ahead import columnwise

Bytes = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# A register of fewer people than this is not the country: shares are drawn to the national ones.
SMALLEST = 2000
# The share of a token that no list has.
RARE_TOKEN = 5e-5
# The share of a birth date, of some 45 years of work.
BIRTH = 1 / 16_000
# No name counts as rarer than this, whatever its tokens: 22 bits are one person in four million.
RAREST = 22
# By grade: a looser agreement comes about by chance oftener than the shares of what agrees say.
LOOSER = np.array([0, 0, 1, 1.5, 1.5, -0.5, 0])
# Same and rare, same, same and common: up to how many mentions share the value, and which share of all.
RARE = {"phone": (6, 30), "address": (8, 60)}
RARE_SHARE = {"place": (3e-3, 2e-2), "region": (8e-3, 3e-2), "employer": (2e-4, 3e-3)}


@dataclass(frozen=True)
class Commonness:
    """Counts of the frequencies, laid out by token, name and row of one standard frame."""

    population: int
    tokens: Floats
    mother_tokens: Floats
    names: Counts
    mothers: Counts
    births: Counts
    levels: dict[str, Bytes]

    def rare_names(self, one_of: int) -> npt.NDArray[np.bool_]:
        """Per name code whether no more than one mention of so many bears it; False for no name."""
        rare = self.names <= max(self.population // one_of, 2)
        rare[-1] = False
        return rare

    def name_bits(self, one: Ints, two: Ints, grade: Bytes, share: Floats) -> Bytes:
        """Bits of name agreements."""
        return self._bits(self.names, one, two, grade, share)

    def mother_bits(self, one: Ints, two: Ints, grade: Bytes, share: Floats) -> Bytes:
        """Bits of agreements of the mothers' names, by twos."""
        return self._bits(self.mothers, one, two, grade, share) // 2 * 2

    def _bits(self, counts: Counts, one: Ints, two: Ints, grade: Bytes, share: Floats) -> Bytes:
        """The bearers of a whole name are counted; of parts of it, the shares of the parts multiply.

        The two at hand are not among the others who bear the name; where there are none, the product of its
        parts tells how likely another is.
        """
        share = np.clip(share, 1e-9, 1)
        others = np.maximum(np.maximum(counts[one], counts[two]) - 2, 0)
        whole = (others + 1) / (self.population + 1 / share)
        share = np.where(grade >= SPELT, whole, share)
        bits = np.clip(np.rint(-np.log2(share) - LOOSER[grade]), 0, RAREST)
        return np.where(grade > 0, bits, 0).astype(np.int8)

    def birth_bits(self, rows: Rows, grade: Bytes) -> Bytes:
        """Bits of agreements on the birth date: a date that forms default to says less."""
        share = (np.maximum(self.births[rows], 1) + SMALLEST * BIRTH) / (self.population + SMALLEST)
        bits = np.clip(np.rint(-np.log2(share)), 6, 16)
        return np.where(grade == births.SAME, bits, 0).astype(np.int8)


def commonness(standard: Standard, counted: Frequencies) -> Commonness:
    """The frequencies laid out for `standard`."""
    population = max(counted.population, SMALLEST)
    names, mothers = standard.names, standard.mothers
    with columnwise(standard.height) as pool:
        levels = {field: pool.submit(_levels, standard, counted, field) for field in (*RARE, *RARE_SHARE)}
        tokens = pool.submit(_shares, counted, "token", names, population)
        mother_tokens = pool.submit(_shares, counted, "mother_token", mothers, population)
        of_names = pool.submit(counted.count, "name", names.joined_a)
        of_mothers = pool.submit(counted.count, "mother", mothers.joined_a)
        born = counted.count("birth", standard.column("birth_key").astype(np.uint64))
    return Commonness(
        population,
        tokens.result(),
        mother_tokens.result(),
        np.append(of_names.result(), 0),
        np.append(of_mothers.result(), 0),
        born,
        {field: level.result() for field, level in levels.items()},
    )


def _levels(standard: Standard, counted: Frequencies, field: str) -> Bytes:
    """Per row how common its value is: 3 rare, 2, 1 common."""
    rare, common = bounds(field, max(counted.population, SMALLEST))
    count = counted.count(field, standard.column(field).astype(np.uint64))
    return (count <= rare).astype(np.int8) + (count <= common) + np.int8(1)


def bounds(field: str, population: int) -> tuple[float, float]:
    """Up to how many mentions share a value for it to be rare, and not common."""
    if field in RARE:
        return RARE[field]
    rare, common = RARE_SHARE[field]
    return rare * population, common * population


def _shares(counted: Frequencies, kind: str, names: Names, population: int) -> Floats:
    """The share of people who bear each token: counted, and near the national share where few are counted."""
    national = names.tokens.select("token").join(
        word_list("frequencies").select("token", pl.col("share").cast(pl.Float64)),
        on="token",
        how="left",
        maintain_order="left",
    )["share"]
    share = national.fill_null(RARE_TOKEN).to_numpy()
    smoothed: Floats = (counted.count(kind, names.sounds) + SMALLEST * share) / (population + SMALLEST)
    return smoothed
