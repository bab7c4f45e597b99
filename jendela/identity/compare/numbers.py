"""How far two identity numbers agree. Equal numbers are evidence, and so is the way in which they differ.

9 SAME       the same number
8 STEM       the same as far as it goes: the last digit was cut off, or zeroed by a spreadsheet
7 SLIP       one digit wrong where chance would not bring them so near: in the date though born the same day,
             in the serial's front, in the region so that there is no such district; a digit lost or doubled
6 DATED      one digit of the date differs, and the birth dates do too
5 NEIGHBOUR  born the same day in the same district, the last digit of the serial another: twins, or a slip;
             or a woman's day for a man's, where names and sexes are two as well
4 NEXT_DOOR  born the same day, one digit of the district differs
3 SAME_DAY   born the same day in the same district, another serial
2 REGION     registered in the same regency
1 DIFFERENT
UNSAID       one side has none

People born the same day in the same district share twelve digits and, as serials begin anew every day, often
all but one: nearness alone is no evidence. Source: DOMAIN 2.1, 3.7 (3).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jendela.identity.compare.names import UNSAID
from jendela.identity.compare.tokens import starts_with
from jendela.identity.standard.frame import Standard

# A woman's forty, at its place in the number.
WOMAN = 40 * 10**8
SAME, STEM, SLIP, DATED, NEIGHBOUR, NEXT_DOOR, SAME_DAY, REGION, DIFFERENT = 9, 8, 7, 6, 5, 4, 3, 2, 1
Bytes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def number_grades(standard: Standard, left: Rows, right: Rows, same_birth: Bools, same_name: Bools) -> Bytes:
    """The grade of each pair of rows.

    Args:
        same_birth: where the birth dates agree by other means than these numbers.
        same_name: where the names can be one person's.
    """
    nik, other, stem = (standard.column(name) for name in ("nik", "other_id", "nik_stem"))
    one, two = nik[left].astype(np.int64), nik[right].astype(np.int64)
    both = (one != 0) & (two != 0)
    grade = np.full(len(left), UNSAID, dtype=np.int8)
    rows = np.flatnonzero(both)
    grade[rows] = _grades(standard, left[rows], right[rows], same_birth[rows])
    # The first boy and the first girl of a day differ by a woman's forty alone, as does a slip of that digit.
    sex = standard.column("sex")
    twins = both & ~same_name & (sex[left] != sex[right]) & (np.abs(one - two) == WOMAN)
    grade[twins] = NEIGHBOUR
    no_last = (one == 0) | (two == 0) | (one % 10 == 0) | (two % 10 == 0)
    cut = no_last & (stem[left] == stem[right]) & (stem[left] != 0) & (grade != SAME)
    grade[cut] = STEM
    odd = ~both & ~cut & ((one != 0) | (other[left] != 0)) & ((two != 0) | (other[right] != 0))
    rows = np.flatnonzero(odd)
    if len(rows):
        grade[rows] = _odd(standard, left[rows], right[rows])
    return grade


def _grades(standard: Standard, left: Rows, right: Rows, same_birth: Bools) -> Bytes:
    nik: Rows = standard.column("nik").astype(np.int64)
    known = standard.column("nik_known").astype(bool)
    one, two = nik[left], nik[right]
    district = one // 10**10 == two // 10**10
    date = one // 10**4 % 10**6 == two // 10**4 % 10**6
    serial = one % 10**4 == two % 10**4
    grade = np.full(len(one), DIFFERENT, dtype=np.int8)
    grade[one // 10**12 == two // 10**12] = REGION
    grade[district & date] = SAME_DAY
    grade[district & date & (one // 10 == two // 10)] = NEIGHBOUR
    grade[one == two] = SAME
    # One digit wrong, or two in exchange, can only be where two of the three parts agree.
    rows = np.flatnonzero((district.astype(np.int8) + date + serial == 2) & (grade != NEIGHBOUR))
    rows = rows[_one_edit(one[rows], two[rows])]
    in_date, in_serial = ~date[rows], ~serial[rows]
    no_such_place = known[left[rows]] != known[right[rows]]
    slip = np.where(in_date, same_birth[rows], in_serial | no_such_place)
    grade[rows] = np.where(slip, SLIP, np.where(in_date, DATED, NEXT_DOOR))
    return grade


def _one_edit(one: Rows, two: Rows) -> Bools:
    """Where one digit is wrong or two neighbours have changed places: both numbers have sixteen."""
    wrong = np.zeros(len(one), dtype=np.int8)
    swapped = np.zeros(len(one), dtype=bool)
    before = np.zeros(len(one), dtype=bool)
    last_l = last_r = np.full(len(one), -1)
    for _ in range(16):
        digit_l, digit_r = one % 10, two % 10
        differ = digit_l != digit_r
        wrong += differ
        swapped |= differ & before & (digit_l == last_r) & (digit_r == last_l)
        before, last_l, last_r = differ, digit_l, digit_r
        one, two = one // 10, two // 10
    found: Bools = (wrong == 1) | ((wrong == 2) & swapped)
    return found


def _odd(standard: Standard, left: Rows, right: Rows) -> Bytes:
    """Where one side at least is no good NIK: a foreign number, or one that lost or gained a digit."""
    one, two = (_numbers(standard, rows) for rows in (left, right))
    edits = process.cpdist(one.to_list(), two.to_list(), scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    short = np.minimum(one.str.len_bytes().to_numpy(), two.str.len_bytes().to_numpy())
    begins = (starts_with(one, two) | starts_with(two, one)) & (short >= 14)
    levels = [np.int8(level) for level in (SAME, STEM, SLIP)]
    return np.select([edits == 0, begins, (edits == 1) & (short >= 6)], levels, np.int8(DIFFERENT))


def _numbers(standard: Standard, rows: Rows) -> pl.Series:
    """The number of each row as text."""
    pairs = standard.fields[rows].select(pl.coalesce(pl.col("nik").cast(pl.String), "other_text"))
    return pairs.to_series()
