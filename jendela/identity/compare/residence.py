"""How far two residences agree: the address where both say one, else the regency.

8 ADDRESS    the same street and number
7 ALIKE      most of its words
6 CROWDED    the same or much the same, but of many, or in another regency
5 RARE       the same regency, not a large one
4 REGENCY    the same regency, a large one
3 MOVED_RARE, 2 MOVED   the same regency (5, 4), another address
1 ELSEWHERE  another regency
0 OTHER      another address, and a regency that one side does not say
UNSAID       nothing to compare
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jendela.identity.compare.names import UNSAID
from jendela.identity.standard.frame import Standard

ADDRESS, ALIKE, CROWDED, RARE, REGENCY, MOVED_RARE, MOVED, ELSEWHERE, OTHER = 8, 7, 6, 5, 4, 3, 2, 1, 0
Bytes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def residence_grades(
    standard: Standard, address_level: Bytes, region_level: Bytes, left: Rows, right: Rows
) -> Bytes:
    """The grade of each pair of rows; levels as in `commonness`: 3 few share the value, 1 many."""
    region, address = standard.column("region"), standard.column("address")
    known = (region[left] != 0) & (region[right] != 0)
    told = (address[left] != 0) & (address[right] != 0)
    here = known & (region[left] == region[right])
    same = told & (address[left] == address[right])
    alike = _alike(standard, left, right)
    few, small = address_level[left] == 3, region_level[left] == 3
    return np.select(
        [
            same & few & (here | ~known),
            alike & ~same & (here | ~known),
            same | alike,
            here & ~told & small,
            here & ~told,
            here & small,
            here,
            known,
            told,
        ],
        [ADDRESS, ALIKE, CROWDED, RARE, REGENCY, MOVED_RARE, MOVED, ELSEWHERE, OTHER],
        UNSAID,
    ).astype(np.int8)


def _alike(standard: Standard, left: Rows, right: Rows) -> Bools:
    """Where at least three words are shared, and no fewer than are not."""
    bits = standard.column("address_bits").astype(np.uint64)
    one, two = bits[left], bits[right]
    shared, all_ = np.bitwise_count(one & two), np.bitwise_count(one | two)
    alike: Bools = (shared >= 3) & (shared.astype(np.int16) * 2 >= all_)
    return alike
