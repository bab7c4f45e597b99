"""How far two names agree: one grade for each pair, the same in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from jendela.identity.compare.names import (
    COMPATIBLE,
    DIFFERENT,
    PARTLY,
    SAME,
    SLIPPED,
    SPELT,
    UNDECIDED,
    UNSAID,
    name_grades,
)
from jendela.identity.standard.tokens import NONE
from tests.identity.crowd import read

PAIRS = [
    ("Siti Nurhaliza", "ST. NUR HALIZA, S.E.", SAME),
    ("H. Agus Purwanto, S.T.", "AGUS PURWANTO", SAME),
    ("Supriyanto", "Suprianto", SPELT),
    ("Soeharto Tjokro", "Suharto Cokro", SPELT),
    ("Wahyu Nugroho", "Nugroho Wahyu", SPELT),
    ("Dian Sari", "Diansari", SPELT),
    ("Abdulrahman Saleh", "Abdul Rochman Saleh", SPELT),
    ("M. Rizki Pratama", "Rizki Pratama", COMPATIBLE),
    ("A. Sutrisno", "Ahmad Sutrisno", COMPATIBLE),
    ("Budi Santoso", "Budi Santso", COMPATIBLE),
    ("Soemarno", "Suarno", COMPATIBLE),
    ("Ronald Mamahit", "Ronadl Mamahit", COMPATIBLE),
    ("Dewi Lestari Anggrai", "Dewi Lestari Anggraini Putri", COMPATIBLE),
    ("Muhammad Abdullah", "Muhammad A.", COMPATIBLE),
    ("I Wayan Sudiarta", "Wayan Sudiarta", COMPATIBLE),
    ("I Wayan Sudiarta", "Sudiarta", COMPATIBLE),
    ("Togar Siregar", "Togar", COMPATIBLE),
    ("Rina br. Siregar", "Rina", COMPATIBLE),
    ("Dian Sari", "Dina Sari", SLIPPED),
    ("Yuni", "Yani", SLIPPED),
    ("Agus Purwanto", "Agis Purwanto", SLIPPED),
    ("Budi Santoso", "Budi Setiawan", PARTLY),
    ("Togar Siregar", "Rina Siregar", PARTLY),
    ("Neneng Sumiati", "Neneng Neneng", PARTLY),
    ("Dwi Susanti", "Dwi Susanto", PARTLY),
    ("Muhammad", "Muhammad Rizki", UNDECIDED),
    ("B", "Budi", UNDECIDED),
    ("Muhammad Rizki", "Muhammad Fajar", DIFFERENT),
    ("Ayu Munawaroh", "Siti Aiyah", DIFFERENT),
    ("Slamet", "Hartini", DIFFERENT),
    ("John Smith", "Smith John", SPELT),
    ("Katherine O'Neill", "KATHERINE ONEILL", SAME),
    ("Katherine O'Neill", "Catherine Oneill", SLIPPED),
    ("Jonathan Smith", "Jonathon Smith", SPELT),
    ("J. Smith", "John Smith", COMPATIBLE),
    ("Mary Jones", "Mary Brown", PARTLY),
]


@pytest.fixture(scope="module")
def grades() -> dict[tuple[str, str], int]:
    """The grades of all pairs, judged at once, in both directions."""
    one, other = zip(*((one, other) for one, other, _ in PAIRS), strict=True)
    standard = read(*({"full_name": name} for name in [*one, *other]))
    left, right = np.split(standard.name, 2)
    shares = np.full(standard.names.tokens.height, 0.01)
    forth, _ = name_grades(standard.names, shares, left, right)
    back, _ = name_grades(standard.names, shares, right, left)
    return {
        **dict(zip(zip(one, other, strict=True), forth.tolist(), strict=True)),
        **dict(zip(zip(other, one, strict=True), back.tolist(), strict=True)),
    }


@pytest.mark.parametrize(("one", "other", "grade"), PAIRS)
def test_grade(grades: dict[tuple[str, str], int], one: str, other: str, grade: int) -> None:
    """The grade is as the register's reviewers would say, whichever comes first."""
    assert (grades[one, other], grades[other, one]) == (grade, grade)


def test_a_missing_name_has_no_grade() -> None:
    """Not different: nothing is known."""
    standard = read({"full_name": "Budi"}, {"full_name": None}, {"full_name": "123"})
    assert standard.name[1:].tolist() == [NONE, NONE]
    grades, shares = name_grades(standard.names, np.ones(1), standard.name[:2], standard.name[1:])
    assert (grades.tolist(), shares.tolist()) == ([UNSAID, UNSAID], [1.0, 1.0])


def test_only_what_agrees_is_rare() -> None:
    """The share is of the tokens that the other name confirms: of Budi Setiawan and Budi Santoso, Budi."""
    names = ["Budi Santoso", "Budi Setiawan", "Budi Santoso"]
    standard = read(*({"full_name": name} for name in names))
    share = {"BUDI": 0.1, "SANTOSO": 0.01, "SETIAWAN": 0.001}
    shares = np.array([share.get(token, 1.0) for token in standard.names.tokens["token"]])
    code = standard.name
    _, found = name_grades(standard.names, shares, code[[0, 0]], code[[1, 2]])
    assert found.tolist() == pytest.approx([0.1, 0.001])


def test_names_of_many_words() -> None:
    """Six words are compared; the same name cut off by a form is compatible, wherever it was cut."""
    whole = "Raden Ajeng Dewi Kusuma Wardhani Putri Sentosa"
    standard = read(
        {"full_name": whole}, {"full_name": "Raden Ajeng Dewi Kusuma War"}, {"full_name": "Dewi Kusuma"}
    )
    grades, _ = name_grades(
        standard.names,
        np.ones(standard.names.tokens.height),
        standard.name[[0, 0, 1]],
        standard.name[[1, 2, 2]],
    )
    assert grades.tolist() == [COMPATIBLE] * 3
