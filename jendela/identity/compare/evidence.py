"""What two mentions have in common, graded: the one frame that both tiers judge.

Every grade is a pure function of the two mentions and the frequencies, so an edge does not depend on the
night it was made. Null means that one side does not say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.compare import births, numbers
from jendela.identity.compare.commonness import Commonness
from jendela.identity.compare.names import COMPATIBLE, UNSAID, name_grades
from jendela.identity.compare.residence import residence_grades
from jendela.identity.standard.frame import Standard
from jendela.store.ahead import columnwise

Rows = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
SLICE = 250_000

GRADES = (
    "name_grade",
    "nik_grade",
    "birth_grade",
    "sex_grade",
    "mother_grade",
    "phone_grade",
    "email_grade",
    "kpj_grade",
    "place_grade",
    "residence_grade",
    "employer_grade",
)
SHARES = ("name_bits", "birth_bits", "mother_bits")


def evidence(standard: Standard, common: Commonness, left: Rows, right: Rows) -> pl.DataFrame:
    """`left, right` (row numbers) and one grade per kind of evidence, in the order of the pairs.

    name_grade, mother_grade   see `compare.names`
    nik_grade     see `compare.numbers`
    birth_grade   see `compare.births`
    sex_grade, email_grade, kpj_grade   1 same, 0 different
    residence_grade   see `compare.residence`
    phone_grade, place_grade, employer_grade   3 same and rare, 2 same, 1 same and common, 0 different
    name_bits, birth_bits, mother_bits   how rare the agreement is: 7 means one person in 2**7
    """
    bounds = range(0, len(left), SLICE)
    with columnwise(len(left)) as pool:
        parts = list(
            pool.map(
                lambda start: _slice(
                    standard, common, left[start : start + SLICE], right[start : start + SLICE]
                ),
                bounds,
            )
        )
    return pl.concat(parts) if parts else _slice(standard, common, left, right)


def _slice(standard: Standard, common: Commonness, left: Rows, right: Rows) -> pl.DataFrame:
    birth = births.birth_grades(standard, left, right)
    name, name_share = name_grades(standard.names, common.tokens, standard.name[left], standard.name[right])
    mother, mother_share = name_grades(
        standard.mothers, common.mother_tokens, standard.mother[left], standard.mother[right]
    )
    frame = pl.DataFrame(
        {
            "left": left.astype(np.uint32),
            "right": right.astype(np.uint32),
            "name_grade": name,
            "nik_grade": numbers.number_grades(
                standard, left, right, birth >= births.SLIP, name >= COMPATIBLE
            ),
            "birth_grade": birth,
            "mother_grade": mother,
            **{f"{field}_grade": _same(standard, field, left, right) for field in ("sex", "email", "kpj")},
            **{
                f"{field}_grade": _graded(standard, common, field, left, right)
                for field in ("phone", "place")
            },
            "employer_grade": _job(standard, common, left, right),
            "residence_grade": residence_grades(
                standard, common.levels["address"], common.levels["region"], left, right
            ),
            "name_bits": common.name_bits(standard.name[left], standard.name[right], name, name_share),
            "birth_bits": common.birth_bits(left, birth),
            "mother_bits": common.mother_bits(
                standard.mother[left], standard.mother[right], mother, mother_share
            ),
        }
    )
    return frame.with_columns(
        pl.when(pl.col(grade) != UNSAID).then(pl.col(grade)) for grade in GRADES
    ).select("left", "right", *GRADES, *SHARES)


def _same(standard: Standard, field: str, left: Rows, right: Rows) -> Bytes:
    value = standard.column(field)
    one, two = value[left], value[right]
    return np.where((one == 0) | (two == 0), UNSAID, one == two).astype(np.int8)


def _graded(standard: Standard, common: Commonness, field: str, left: Rows, right: Rows) -> Bytes:
    """As `_same`, the agreement by how common the value is."""
    same = _same(standard, field, left, right)
    return np.where(same == 1, common.levels[field][left], same).astype(np.int8)


def _job(standard: Standard, common: Commonness, left: Rows, right: Rows) -> Bytes:
    """The grade of the employers; the same first day of work at the same one is as telling as a small one."""
    grade = _graded(standard, common, "employer", left, right)
    start = standard.column("start")
    together = (grade > 0) & (start[left] != 0) & (start[left] == start[right])
    return np.where(together, 3, grade).astype(np.int8)
