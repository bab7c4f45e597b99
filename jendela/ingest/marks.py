"""What is kept of every row while a feed streams past, so that its rows can be told apart at the end.

The row itself stays in the landing. Its fingerprints go to an encrypted scratch file; in memory are 64
bits of its record id, by which rows of one record find each other and what the hub knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from jendela.crypto.keyring import Keyring
from jendela.ingest.fingerprints import DIGESTS, FLAGS, fingerprints, possible_ids
from jendela.model.ports import FeedSource
from jendela.store.slices import Scratch

OWN = ("_row", "_name", *DIGESTS, *FLAGS)
Keys = npt.NDArray[np.uint64]


def short(digests: pl.Series) -> Keys:
    """The first 64 bits of keyed hashes, as bytes or in hexadecimal; 0 of what is none."""
    if digests.dtype != pl.Binary:
        digests = digests.str.slice(0, 16).str.decode("hex", strict=False)
    head = digests.bin.slice(0, 8)
    whole = head.bin.size() == 8
    return head.set(~whole.fill_null(value=False), b"\0" * 8).bin.reinterpret(dtype=pl.UInt64).to_numpy()


def distinct(keys: Keys) -> Keys:
    """The different keys in order. Asked for counts, NumPy sorts; else it hashes, which takes seventy
    times as long.
    """
    return np.unique(keys, return_counts=True)[0]


def among(keys: Keys, known: Keys) -> npt.NDArray[np.bool_]:
    """Which of `keys` are in `known`, which are in order."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    there: npt.NDArray[np.bool_] = known[np.searchsorted(known, keys).clip(max=len(known) - 1)] == keys
    return there


class Marks:
    """The fingerprints of one feed's rows, by the slices of its landing."""

    def __init__(self, keyring: Keyring, source: FeedSource, scratch: Scratch) -> None:
        self._keyring, self._source, self._scratch = keyring, source, scratch
        self._keys: list[Keys] = []
        self._possible: list[Keys] = []
        more = (source.watermark,) if source.watermark in source.columns else ()
        self._kept = (*OWN, *more)

    def see(self, rows: pa.Table) -> None:
        """The next slice of rows, `_row` and `_name` with them."""
        known = fingerprints(self._keyring, self._source, rows)
        self._possible.append(short(possible_ids(self._keyring, self._source, rows)))
        self._keys.append(short(known["_record_id"]))
        beside = [name for name in self._kept if name not in known.columns]
        place = pl.DataFrame(rows.select(beside))
        self._scratch.writer.add(known.hstack(place).select(self._kept))

    def slices(self) -> Iterator[pl.DataFrame]:
        """`OWN` and the watermark of every row, by slices; the hashes as 32 bytes."""
        return self._scratch.slices()

    def rows(self) -> Keys:
        """The keys of all rows, in order."""
        return self._in_order

    def present(self, more: Sequence[Keys] = (), counting: pl.DataFrame | None = None) -> Keys:
        """All keys in order: of rows (or of those that count), of what rows of broken fields may have been,
        and `more`.
        """
        rows = self._in_order if counting is None else short(counting["_record_id"])
        others = [keys for keys in (*self._possible, *more) if len(keys)]
        return rows if counting is None and not others else distinct(_together([rows, *others]))

    def repeated(self, more: Keys) -> Keys:
        """The keys that more than one row has, in order, and `more`."""
        every = self._in_order
        return distinct(_together([every[1:][every[1:] == every[:-1]], more]))

    @cached_property
    def _in_order(self) -> Keys:
        """The keys of all rows, once the last has been seen: kept once and sorted in place, as there may be
        millions.
        """
        every = _together(self._keys)
        self._keys.clear()
        every.sort()
        return every

    def all(self) -> pl.DataFrame:
        """All rows, `_slice` and `_at` saying where in the landing they are; the hashes in hexadecimal."""
        return pl.concat(
            _in_hex(part).with_row_index("_at").with_columns(_slice=pl.lit(number, pl.Int64))
            for number, part in enumerate(self.slices())
        )

    def of(self, keys: Keys) -> pl.DataFrame:
        """The rows with one of these keys, as `all` gives them."""
        parts = []
        for number, part in enumerate(self.slices()):
            chosen = among(short(part["_record_id"]), keys)
            if chosen.any():
                where = part.with_row_index("_at").with_columns(_slice=pl.lit(number, pl.Int64))
                parts.append(_in_hex(where.filter(pl.Series(chosen))))
        if not parts:
            empty = _in_hex(next(iter(self.slices())).clear()).with_row_index("_at")
            return empty.with_columns(_slice=pl.lit(0, pl.Int64))
        return pl.concat(parts)


def _in_hex(part: pl.DataFrame) -> pl.DataFrame:
    return part.with_columns(pl.col(DIGESTS).bin.encode("hex"))


def _together(parts: Sequence[Keys]) -> Keys:
    return np.concatenate([np.zeros(0, np.uint64), *parts])
