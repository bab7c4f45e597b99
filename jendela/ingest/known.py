"""What the hub knows of a feed's records, beside what came tonight: in a few bytes a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.ingest.marks import Keys, among, short
from jendela.store.apart import apart


@dataclass
class Known:
    """Gathered by slices of `record_id, row_hash, outcome, deleted_seq`.

    `present` are the keys of what is at the agency, in order; `compared`: a record that is not among them is
    gone. Records that were held are not compared where `but_held`: known by their content, a sweep of keys
    does not see them.
    """

    present: Keys
    compared: bool
    but_held: bool = False
    alive: int = 0  # of those that were not discarded, and how many of these are gone
    lost: int = 0
    gone: list[pl.Series] = field(default_factory=list)
    _every: list[Keys] = field(default_factory=list)
    _same: list[tuple[Keys, Keys]] = field(default_factory=list)

    def gather(self, known: Iterable[pl.DataFrame]) -> Known:
        """All that is known; the object itself."""
        for part in known:
            keys, hashes = short(part["record_id"]), short(part["row_hash"])
            alive = part["deleted_seq"].is_null().to_numpy()
            here = among(keys, self.present)
            counted = alive & ~(part["outcome"] == "discarded").to_numpy()
            self.alive += int(counted.sum())
            self._same.append((keys[alive & here], hashes[alive & here]))
            if self.compared:
                looked = ~(part["outcome"] == "held").to_numpy() if self.but_held else np.ones_like(alive)
                self._every.append(keys[looked])
                absent = alive & looked & ~here
                self.lost += int((absent & counted).sum())
                if absent.any():
                    self.gone.append(apart(part.select("record_id").filter(pl.Series(absent))).to_series())
        keys, hashes = (
            np.concatenate([np.zeros(0, np.uint64), *(pair[which] for pair in self._same)])
            for which in (0, 1)
        )
        order = np.argsort(keys)
        self._same = [(keys[order], hashes[order])]
        return self

    def deletions(self) -> pl.DataFrame:
        """`_record_id`, sorted, of the records that are not at the agency any more."""
        ids = pl.concat([pl.Series("_record_id", [], pl.String), *self.gone])
        return ids.alias("_record_id").to_frame().sort("_record_id")

    def every(self) -> Keys:
        """The keys of all records that were compared."""
        return np.concatenate([np.zeros(0, np.uint64), *self._every])

    def unchanged(self, keys: Keys, hashes: Keys) -> npt.NDArray[np.bool_]:
        """Which rows, by key and by the first 64 bits of their hash, are as the hub has them.

        Together that is 128 bits of two keyed hashes.
        """
        ((known, said),) = self._same
        if not len(known):
            return np.zeros(len(keys), np.bool_)
        place = np.searchsorted(known, keys).clip(max=len(known) - 1)
        same: npt.NDArray[np.bool_] = (known[place] == keys) & (said[place] == hashes)
        return same
