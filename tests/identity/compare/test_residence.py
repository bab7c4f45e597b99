"""How far two residences agree: the address where both say one, else the regency."""

from __future__ import annotations

import numpy as np
import pytest

from jendela.identity.compare.names import UNSAID
from jendela.identity.compare.residence import (
    ADDRESS,
    ALIKE,
    CROWDED,
    ELSEWHERE,
    MOVED,
    MOVED_RARE,
    OTHER,
    RARE,
    REGENCY,
    residence_grades,
)
from tests.identity.crowd import Mention, read

FEW, MANY = 3, 1
HOME = "Jl. Melati Raya No. 12 RT 003/RW 004"
LONG = "Jl. Ahmad Yani Gang Mawar Dalam No. 12 RT 003 RW 004"
PAIRS: list[tuple[str, Mention, Mention, int]] = [
    ("the same house", {"address": HOME}, {"address": "JALAN MELATI RAYA 12 RT 3 RW 4"}, ADDRESS),
    ("most of its words", {"address": LONG}, {"address": "Jl. Ahmad Yani Gg Mawar No. 12"}, ALIKE),
    ("another house", {"address": HOME}, {"address": "Jl. Kenanga No. 3"}, MOVED_RARE),
    ("a house that is not said", {}, {"address": HOME}, RARE),
    ("another regency", {"address": HOME, "region_code": "3578"}, {"address": "Jl. Kenanga 3"}, ELSEWHERE),
    (
        "the same house in another regency",
        {"address": HOME, "region_code": "3578"},
        {"address": HOME},
        CROWDED,
    ),
    (
        "the same house, the regency not said",
        {"address": HOME, "region_code": None},
        {"address": HOME},
        ADDRESS,
    ),
    ("another house, the regency not said", {"address": HOME, "region_code": None}, {"address": LONG}, OTHER),
    ("nothing said", {"region_code": None}, {"address": HOME}, UNSAID),
]


def grade(one: Mention, other: Mention, address: int = FEW, region: int = FEW) -> int:
    """The grade of two residents of Karawang, where not said otherwise; the same in both directions."""
    standard = read({"region_code": "3215", **one}, {"region_code": "3215", **other})
    levels = (np.full(2, address, dtype=np.int8), np.full(2, region, dtype=np.int8))
    left, right = np.array([0, 1]), np.array([1, 0])
    forth, back = residence_grades(standard, *levels, left, right).tolist()
    assert forth == back
    return int(forth)


@pytest.mark.parametrize(("story", "one", "other", "expected"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_two_residences(story: str, one: Mention, other: Mention, expected: int) -> None:
    """Of few people each."""
    assert grade(one, other) == expected


def test_where_many_live() -> None:
    """A dormitory tells less than a house, a large regency less than a small one."""
    assert grade({"address": HOME}, {"address": HOME}, address=MANY) == CROWDED
    assert grade({}, {}, region=MANY) == REGENCY
    assert grade({"address": HOME}, {"address": "Jl. Kenanga No. 3"}, region=MANY) == MOVED
