"""Personal names by naming tradition, drawn by the million.

Words, compositions and recipes are data, in `words/`. A name is up to four places in one vocabulary (-1 for
none), so that a population costs numbers until its strings are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.identity.wordlists import lines

SLOTS = 4
FLATNESS = 18.0  # the head of the frequency curve: weight 1 / (rank + FLATNESS)
# Words that stand before the name proper: twins share them, so they are never what tells twins apart.
LEADING = {"SITI", "MUHAMMAD", "ABDUL", "NUR", "SRI", "I", "NI", "ANDI", "CUT", "MARIA", "UMI"}

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Words with their frequencies: places in the vocabulary, and the cumulated weights."""

    ids: NDArray[np.int32]
    cumulated: NDArray[np.float64]

    def at(self, uniform: NDArray[np.float64]) -> NDArray[np.int32]:
        """The words at these quantiles, in 0..1."""
        return self.ids[np.searchsorted(self.cumulated, uniform, side="right").clip(0, len(self.ids) - 1)]


@dataclass(frozen=True)
class Recipe:
    """One way a tradition builds a name; the weights are for people born about 1960 and about 2005."""

    old: float
    young: float
    slots: tuple[str, ...]


def hashed(values: NDArray, salt: int) -> NDArray[np.float64]:
    """A fixed uniform number in 0..1 for every value: the same value always gives the same one."""
    x = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) / 2**53


class Lexicon:
    """Every word and recipe; `seed` decides which of the composed words are frequent."""

    def __init__(self, seed: int) -> None:
        lists: dict[str, dict[str, None]] = {}
        composed: dict[str, dict[str, None]] = {}
        for name in ("java.txt", "islam.txt", "islands.txt"):
            for line in lines(name):
                pool, _, rest = line.partition(":")
                if pool.endswith("*"):
                    heads, _, tails = rest.partition("|")
                    words = [head + tail for head in heads.split() for tail in tails.split()]
                    composed.setdefault(pool[:-1], {}).update(dict.fromkeys(words))
                else:
                    lists.setdefault(pool, {}).update(
                        dict.fromkeys(word.replace("_", " ") for word in rest.split())
                    )
        rng = np.random.default_rng([seed, 1])
        for pool, made in composed.items():
            order = list(made)
            rng.shuffle(order)
            lists.setdefault(pool, {}).update(dict.fromkeys(order))
        self.recipes: dict[tuple[str, bool], list[Recipe]] = {}
        literals: dict[str, None] = {}
        for line in lines("recipes.txt"):
            head, _, slots = line.partition(":")
            tradition, sex, old, young = head.split()
            self.recipes.setdefault((tradition, sex == "f"), []).append(
                Recipe(float(old), float(young), tuple(slots.split()))
            )
            literals.update(dict.fromkeys(slot[1:] for slot in slots.split() if slot.startswith("=")))
        self.traditions = list(dict.fromkeys(tradition for tradition, _ in self.recipes))
        vocabulary = sorted({word for words in lists.values() for word in words} | set(literals))
        self.words = pl.Series("word", vocabulary, dtype=pl.String)
        self.place = {word: i for i, word in enumerate(vocabulary)}
        self.pools = {pool: self._pool(list(words)) for pool, words in lists.items()}
        self.neighbour = self._neighbours(lists)
        self.leading = np.isin(
            np.arange(len(vocabulary)), [self.place[w] for w in LEADING if w in self.place]
        )

    def _pool(self, words: list[str]) -> Pool:
        weights = 1.0 / (np.arange(len(words)) + FLATNESS)
        ids = np.array([self.place[word] for word in words], np.int32)
        return Pool(ids, np.cumsum(weights) / weights.sum())

    def _neighbours(self, lists: dict[str, dict[str, None]]) -> NDArray[np.int32]:
        """For every word the next in the alphabet that the same sex bears; parents of twins like it so."""
        table = np.arange(len(self.words), dtype=np.int32)
        for ending in ("_m", "_f"):
            words = sorted({self.place[w] for p, ws in lists.items() if p.endswith(ending) for w in ws})
            for word, following in pairwise(words):
                table[word] = following
        return table

    def draw(
        self,
        rng: np.random.Generator,
        tradition: NDArray,
        female: NDArray,
        year: NDArray,
        family: NDArray,
    ) -> NDArray[np.int32]:
        """A name for each person, as places in the vocabulary; family names follow `family`."""
        names = np.full((len(tradition), SLOTS), -1, np.int32)
        young = 1.0 / (1.0 + np.exp(-(year - 1987) / 7.0))
        group = tradition.astype(np.int64) * 2 + female
        order = np.argsort(group, kind="stable")
        edges = np.searchsorted(group[order], np.arange(len(self.traditions) * 2 + 1))
        for code, (start, stop) in enumerate(pairwise(edges)):
            if start < stop:
                recipes = self.recipes[self.traditions[code // 2], bool(code % 2)]
                self._fill(rng, names, recipes, order[start:stop], young, family)
        return names

    def _fill(
        self,
        rng: np.random.Generator,
        names: NDArray[np.int32],
        recipes: list[Recipe],
        rows: NDArray,
        young: NDArray[np.float64],
        family: NDArray,
    ) -> None:
        share = young[rows][:, None]
        weights = (
            np.array([r.old for r in recipes]) * (1 - share) + np.array([r.young for r in recipes]) * share
        )
        cumulated = np.cumsum(weights, axis=1)
        chosen = (rng.random(len(rows))[:, None] * cumulated[:, -1:] > cumulated).sum(axis=1)
        for number, recipe in enumerate(recipes):
            part = rows[chosen == number]
            for slot, source in enumerate(recipe.slots):
                if source.startswith("="):
                    names[part, slot] = self.place[source[1:]]
                elif source.startswith("@"):
                    names[part, slot] = self.pools[source[1:]].at(hashed(family[part], 7))
                else:
                    names[part, slot] = self.pools[source].at(rng.random(len(part)))
                    if slot and recipe.slots[slot - 1] == source:  # nobody is called Agus Agus
                        same = part[names[part, slot] == names[part, slot - 1]]
                        names[same, slot] = -1

    def alike(self, rng: np.random.Generator, names: NDArray[np.int32]) -> NDArray[np.int32]:
        """The name of a twin: one word gives way to its neighbour in the alphabet."""
        twins = names.copy()
        second = (names[:, 1] >= 0) & (self.leading[names[:, 0]] | (rng.random(len(names)) < 0.3))
        slot = second.astype(np.int64)
        rows = np.arange(len(names))
        twins[rows, slot] = self.neighbour[names[rows, slot]]
        return twins

    def text(self, names: NDArray[np.int32]) -> pl.Series:
        """The names as text."""
        columns = []
        for slot in range(SLOTS):
            ids = pl.Series(names[:, slot])
            columns.append(self.words.gather(ids.set(ids < 0, None)).alias(str(slot)))
        joined = pl.concat_str([pl.col(str(slot)) for slot in range(SLOTS)], separator=" ", ignore_nulls=True)
        return pl.DataFrame(columns).select(joined.alias("name")).to_series()
