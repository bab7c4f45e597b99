"""Values that come more than once, found without sorting those that do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jendela.identity.standard.hashing import Longs

BUCKET_BITS = 22
# For so many fewer values than known ones they are not put into buckets.
FEW = 16
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def maybe_repeated(values: Longs) -> npt.NDArray[np.bool_]:
    """False only where a value comes once: most keys of a register are nobody else's."""
    bucket = _buckets(values)
    found: npt.NDArray[np.bool_] = (np.bincount(bucket, minlength=1 << BUCKET_BITS) > 1)[bucket]
    return found


def found_at(values: Longs, known: Longs) -> npt.NDArray[np.int64]:
    """Where each value is among `known` (in order, at least one); anywhere if it is not."""
    if len(values) < len(known) // FEW:
        return np.minimum(np.searchsorted(known, values), len(known) - 1)
    slot = np.zeros(1 << BUCKET_BITS, dtype=np.int32)
    slot[_buckets(known)] = np.arange(len(known), dtype=np.int32)
    at = slot[_buckets(values)].astype(np.int64)
    # Known ones of one bucket: the last is in it.
    shared = np.zeros(1 << BUCKET_BITS, dtype=bool)
    shared[_buckets(known[slot[_buckets(known)] != np.arange(len(known))])] = True
    rows = np.flatnonzero((known[at] != values) & shared[_buckets(values)])
    at[rows] = np.minimum(np.searchsorted(known, values[rows]), len(known) - 1)
    return at


def _buckets(values: Longs) -> npt.NDArray[np.int32]:
    return ((values * _GOLDEN) >> np.uint64(64 - BUCKET_BITS)).astype(np.int32)
