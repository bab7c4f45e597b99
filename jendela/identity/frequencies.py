"""How common a value is: counts over the register, by the stable hash of the value.

A match on a common value says little: every weight that depends on how common something is asks here. The
counts are versioned with the model and stored with the register, so that a night's few records are judged by
the whole; values that are not in the table are rare.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from jendela.identity.block.repeated import found_at, maybe_repeated
from jendela.identity.standard.frame import Standard
from jendela.identity.standard.hashing import Longs
from jendela.identity.standard.tokens import NONE, Ints, Names

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
# The share of mentions with a NIK from which registers are Indonesian ones.
FOREIGN = 0.05
WORKERS = 2
COUNTED = ("phone", "email", "place", "region", "address", "employer", "other_id")


@dataclass(frozen=True)
class Table:
    """The hashes that several mentions bear, in order, how many do, and how many mentions say anything."""

    known: Longs
    counts: Counts
    said: int


@dataclass(frozen=True)
class Frequencies:
    """`population` mentions, and by kind how common its values are."""

    population: int
    tables: dict[str, Table] = field(default_factory=dict)

    @property
    def foreign(self) -> bool:
        """Whether hardly anybody here has a NIK: registers of another country."""
        return self.tables["nik"].said < FOREIGN * self.population

    def count(self, kind: str, keys: Longs) -> Counts:
        """How many mentions bear each value; 1 where it is not in the table."""
        table = self.tables[kind]
        if not len(table.known):
            return np.ones(len(keys), dtype=np.int64)
        at = found_at(keys, table.known)
        return np.where(table.known[at] == keys, table.counts[at], 1)

    def chance(self, kind: str, bounds: tuple[float, float]) -> tuple[float, float, float]:
        """The chance that two mentions that say it agree: on a value of up to the lower bound of mentions, up
        to the upper, and beyond.
        """
        table = self.tables[kind]
        pairs = table.counts * (table.counts - 1.0)
        level = np.searchsorted(bounds, table.counts)
        total = max(table.said * (table.said - 1.0), 1.0)
        rare, usual, common = (float(pairs[level == at].sum() / total) for at in range(3))
        return rare, usual, common


def frequencies(standard: Standard) -> Frequencies:
    """The counts of all mentions of `standard`."""
    count: dict[str, Callable[[], Table]] = {
        "name": lambda: _of_names(standard.names, standard.name),
        "token": lambda: _of_tokens(standard.names, standard.name),
        "mother": lambda: _of_names(standard.mothers, standard.mother),
        "mother_token": lambda: _of_tokens(standard.mothers, standard.mother),
    }
    for kind, column in {"birth": "birth_key", **dict(zip(COUNTED, COUNTED, strict=True))}.items():
        count[kind] = partial(_of_values, standard.column(column))
    with ThreadPoolExecutor(WORKERS) as pool:
        started = {kind: pool.submit(table) for kind, table in count.items()}
        tables = {kind: future.result() for kind, future in started.items()}
    none = np.zeros(0, dtype=np.uint64)
    said = standard.height - standard.fields["nik"].null_count()
    tables["nik"] = Table(none, none.astype(np.int64), said)
    return Frequencies(standard.height, tables)


def _of_values(column: npt.NDArray[Any]) -> Table:
    values = column.astype(np.uint64)
    said = values[values != 0]
    known, counts = np.unique(said[maybe_repeated(said)], return_counts=True)
    several = counts > 1
    return Table(known[several], counts[several], len(said))


def _of_names(names: Names, codes: Ints) -> Table:
    bearers = np.bincount(codes[codes != NONE], minlength=len(names.words))
    return _tallied(names.joined_a, bearers)


def _of_tokens(names: Names, codes: Ints) -> Table:
    bearers = np.bincount(codes[codes != NONE], minlength=len(names.words))
    there = names.words != NONE
    spread = np.broadcast_to(bearers[:, None], names.words.shape)[there]
    tokens = np.bincount(names.words[there], weights=spread, minlength=len(names.bones))
    return _tallied(names.sounds, tokens.astype(np.int64))


def _tallied(values: Longs, weights: Counts) -> Table:
    """The values borne more than once, in order, and by how many."""
    known, inverse = np.unique(values, return_inverse=True)
    counts = np.bincount(inverse, weights=weights, minlength=len(known)).astype(np.int64)
    several = counts > 1
    return Table(known[several], counts[several], int(counts.sum()))
