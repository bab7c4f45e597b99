"""How far two birth dates agree.

5 SAME      the same day
4 BY_NIK    one side's NIK says the day that the other states
3 SLIP      day and month in exchange, or a slip in the year
2 NEAR      a part off, or a day that forms default to (1 January) in the same year
1 YEAR      the same year only, or one part in common
0 DIFFERENT
UNSAID      one side does not say
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jendela.identity.compare.names import UNSAID
from jendela.identity.standard.frame import Standard

SAME, BY_NIK, SLIP, NEAR, YEAR, DIFFERENT = 5, 4, 3, 2, 1, 0
Bytes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]


def birth_grades(standard: Standard, left: Rows, right: Rows) -> Bytes:
    """The grade of each pair of rows."""
    key = standard.column("birth_key").astype(np.int64)
    birth = standard.fields["birth"].fill_null(-(10**6)).to_numpy()
    encoded = standard.fields["nik_birth"].fill_null(-(2 * 10**6)).to_numpy()
    year, month, day = (standard.column(name).astype(np.int32) for name in ("year", "month", "day"))
    vague = standard.column("vague") == 1
    said = (key[left] != 0) & (key[right] != 0)
    years, months, days = (part[left] == part[right] for part in (year, month, day))
    apart = np.abs(year[left] - year[right])
    # One digit of the year: units, tens; two digits in exchange (1978, 1987) differ by a multiple of nine; or
    # the century.
    slip_year = (
        (apart == 1)
        | (apart == 100)
        | (apart % 10 == 0) & (apart <= 90)
        | (apart < 10) & (year[left] // 10 == year[right] // 10)
    )
    slip_year |= _exchanged(year[left], year[right])
    one_digit = _one_digit(day[left], day[right])
    swapped = key[left] == key[right]
    defaulted = years & (vague[left] | vague[right])
    grade = np.select(
        [
            ~said,
            birth[left] == birth[right],
            (birth[left] == encoded[right]) | (encoded[left] == birth[right]),
            swapped | (months & days & slip_year),
            (years & months & one_digit) | defaulted | (years & days),
            years | (months & days),
        ],
        [UNSAID, SAME, BY_NIK, SLIP, NEAR, YEAR],
        DIFFERENT,
    )
    return grade.astype(np.int8)


def _exchanged(one: npt.NDArray[np.int32], two: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (one // 100 == two // 100) & (one % 10 == two // 10 % 10)
    found &= one // 10 % 10 == two % 10
    return found


def _one_digit(one: npt.NDArray[np.int32], two: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (one // 10 == two // 10) | (one % 10 == two % 10)
    found |= (one // 10 == two % 10) & (one % 10 == two // 10)
    return found
