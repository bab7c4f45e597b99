"""How far two names agree: one grade for each pair, the same in both directions."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.identity.agreement import (
    COMPATIBLE,
    DIFFERENT,
    PARTLY,
    SAME,
    SLIPPED,
    SPELT,
    UNDECIDED,
    name_grades,
)
from jendela.identity.standardise import standardise

PAIRS = [
    ("Siti Nurhaliza", "ST. NUR HALIZA, S.E.", SAME),
    ("Supriyanto", "Suprianto", SPELT),
    ("Wahyu Nugroho", "Nugroho Wahyu", SPELT),
    ("Dian Sari", "Diansari", SPELT),
    ("M. Rizki Pratama", "Rizki Pratama", COMPATIBLE),
    ("A. Sutrisno", "Ahmad Sutrisno", COMPATIBLE),
    ("Budi Santoso", "Budi Santso", COMPATIBLE),
    ("Soemarno", "Suarno", COMPATIBLE),
    ("Ronald Mamahit", "Ronadl Mamahit", COMPATIBLE),
    ("Dewi Lestari Anggrai", "Dewi Lestari Anggraini Putri", COMPATIBLE),
    ("Muhammad Abdullah", "Muhammad A.", COMPATIBLE),
    ("I Wayan Sudiarta", "Wayan Sudiarta", COMPATIBLE),
    ("Togar Siregar", "Togar", COMPATIBLE),
    ("Dian Sari", "Dina Sari", SLIPPED),
    ("Yuni", "Yani", SLIPPED),
    ("Budi Santoso", "Budi Setiawan", PARTLY),
    ("Togar Siregar", "Rina Siregar", PARTLY),
    ("Neneng Sumiati", "Neneng Neneng", PARTLY),
    ("Dwi Susanti", "Dwi Susanto", PARTLY),
    ("Muhammad", "Muhammad Rizki", UNDECIDED),
    ("B", "Budi", UNDECIDED),
    ("Ayu Munawaroh", "Siti Aiyah", DIFFERENT),
    ("Slamet", "Hartini", DIFFERENT),
]


@pytest.fixture(scope="module")
def grades() -> dict[tuple[str, str], int]:
    """The grades of all pairs, judged at once, in both directions."""
    names = sorted({name for one, other, _ in PAIRS for name in (one, other)})
    standard = standardise(pl.DataFrame({"record_id": names, "full_name": names}), date(2026, 9, 1))
    both = [(one, other) for one, other, _ in PAIRS] + [(other, one) for one, other, _ in PAIRS]
    pairs = pl.DataFrame(both, schema=["left_id", "right_id"], orient="row")
    return {(left, right): grade for left, right, grade in name_grades(pairs, standard).iter_rows()}


@pytest.mark.parametrize(("one", "other", "grade"), PAIRS)
def test_grade(grades: dict[tuple[str, str], int], one: str, other: str, grade: int) -> None:
    """The grade is as the register's reviewers would say, whichever comes first."""
    assert grades[one, other] == grades[other, one] == grade


def test_a_missing_name_has_no_grade() -> None:
    """Null, not different: nothing is known."""
    raw = pl.DataFrame({"record_id": ["a", "b"], "full_name": ["Budi", None]})
    pairs = pl.DataFrame({"left_id": ["a"], "right_id": ["b"]})
    assert name_grades(pairs, standardise(raw, date(2026, 9, 1)))["name_grade"].to_list() == [None]
