"""The model fitted to the registers at hand: how often each field agrees among pairs that are certain.

Registers differ in what they keep right: one never updates addresses, another numbers employers in its own
way. Pairs that are one person beyond doubt by some fields show how the other fields behave, so no labels are
needed; where few pairs are certain, the shipped model holds. How often strangers agree is counted.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.compare import births, names, numbers, residence
from jendela.identity.compare.commonness import SMALLEST, bounds
from jendela.identity.frequencies import Frequencies

Levels = dict[int, float]
Probabilities = dict[str, dict[int, tuple[float, float]]]
# So many certain pairs weigh as much as the shipped model.
PRIOR_PAIRS = 300
# Pairs that are not certain are those of whom a register keeps less right.
WORSE = 1.5
LEAST = 1e-7
# For each certain pair so many true ones.
UNCERTAIN = 1.1
# Where nothing is known yet: one pair for so many mentions.
MENTIONS = 3


def adapted(default: Probabilities, evidence: pl.DataFrame, counted: Frequencies) -> Probabilities:
    """m measured on the certain pairs of `evidence`, u counted; both drawn towards the default."""
    by_number = evidence.filter(_by_number())
    by_others = evidence.filter(_by_others())
    by_all_else = evidence.filter(_by_all_else())
    fitted = {}
    for name, grades in default.items():
        certain = {"nik": by_others, "name": by_all_else}.get(name, by_number)
        if name == "birth":
            certain = certain.filter(pl.col("name_grade") >= names.COMPATIBLE)
        m = _m(certain[f"{name}_grade"], {grade: level[0] for grade, level in grades.items()})
        u = _u(name, {grade: level[1] for grade, level in grades.items()}, counted)
        if name not in ("name", "nik"):
            m = _worse(m)
        fitted[name] = {grade: (m[grade], u[grade]) for grade in grades}
    return fitted


def _by_number() -> pl.Expr:
    """Equal numbers, and neither name nor birth date speaks against it."""
    same = (pl.col("nik_grade") == numbers.SAME) & (pl.col("name_grade") >= names.PARTLY)
    fits = (pl.col("name_grade") >= names.COMPATIBLE) | (pl.col("birth_grade") == births.SAME)
    return (same & fits & (pl.col("birth_grade").fill_null(births.SAME) > births.YEAR)).fill_null(value=False)


def _by_all_else() -> pl.Expr:
    """Everything but the name: the same number and birth date, and what few others share."""
    same = (pl.col("nik_grade") == numbers.SAME) & (pl.col("birth_grade") == births.SAME)
    return same.fill_null(value=False) & _telling() & (pl.col("sex_grade").fill_null(1) == 1)


def _by_others() -> pl.Expr:
    """The same name and birth date, and what few others share."""
    same = (pl.col("name_grade") >= names.SPELT) & (pl.col("birth_grade") == births.SAME)
    return same.fill_null(value=False) & _telling()


def _telling() -> pl.Expr:
    """The same mother, telephone, card or address, of few others."""
    return (
        (pl.col("mother_grade") >= names.SPELT).fill_null(value=False)
        | (pl.col("phone_grade") == 3).fill_null(value=False)
        | (pl.col("kpj_grade") == 1).fill_null(value=False)
        | (pl.col("residence_grade") == residence.ADDRESS).fill_null(value=False)
    )


def _m(grades: pl.Series, default: Levels) -> Levels:
    seen = dict(grades.drop_nulls().value_counts().iter_rows())
    total = sum(seen.values()) + PRIOR_PAIRS
    return {grade: (seen.get(grade, 0) + PRIOR_PAIRS * default[grade]) / total for grade in default}


def _worse(m: Levels) -> Levels:
    """The same with more disagreement."""
    least = min(m)
    differ = min(m[least] * WORSE, (1 + m[least]) / 2)
    rest = (1 - differ) / max(1 - m[least], LEAST)
    return {grade: differ if grade == least else value * rest for grade, value in m.items()}


def _u(name: str, default: Levels, counted: Frequencies) -> Levels:
    """How often strangers agree: counted, and drawn to the default where few mentions were counted."""
    found = dict(default)
    if name == "residence":
        rare, usual, common = counted.chance("region", bounds("region", counted.population))
        here = usual + common
        found |= {5: rare, 4: here, 3: rare, 2: here, 1: 1 - rare - here}
    elif name in ("phone", "place", "employer"):
        rare, usual, common = counted.chance(name, bounds(name, counted.population))
        found |= {3: rare, 2: usual, 1: common, 0: 1 - rare - usual - common}
    share = counted.population / (counted.population + SMALLEST)
    return {grade: max(share * found[grade] + (1 - share) * value, LEAST) for grade, value in default.items()}


def matches_per_mention(evidence: pl.DataFrame, counted: Frequencies) -> float:
    """How many pairs that are one person there are for one mention: the certain ones, and some more."""
    certain = evidence.filter(_by_number() | _by_others()).height
    return (certain * UNCERTAIN + PRIOR_PAIRS) / (counted.population + PRIOR_PAIRS * MENTIONS)
