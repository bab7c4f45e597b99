"""Values that come more than once, found without sorting those that do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jendela.identity.standard.hashing import Longs

BUCKET_BITS = 22
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def maybe_repeated(values: Longs) -> npt.NDArray[np.bool_]:
    """False only where a value comes once: most keys of a register are nobody else's."""
    bucket = _buckets(values)
    found: npt.NDArray[np.bool_] = (np.bincount(bucket, minlength=1 << BUCKET_BITS) > 1)[bucket]
    return found


def maybe_among(values: Longs, known: Longs) -> npt.NDArray[np.bool_]:
    """False only where a value is not one of `known`."""
    there = np.zeros(1 << BUCKET_BITS, dtype=bool)
    there[_buckets(known)] = True
    found: npt.NDArray[np.bool_] = there[_buckets(values)]
    return found


def _buckets(values: Longs) -> npt.NDArray[np.int32]:
    return ((values * _GOLDEN) >> np.uint64(64 - BUCKET_BITS)).astype(np.int32)
