"""How far two identity numbers agree: every grade, just inside and just outside, in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from jendela.identity.compare.names import UNSAID
from jendela.identity.compare.numbers import (
    DATED,
    DIFFERENT,
    NEIGHBOUR,
    NEXT_DOOR,
    REGION,
    SAME,
    SAME_DAY,
    SLIP,
    STEM,
    number_grades,
)
from tests.identity.crowd import read

# Karawang Barat, a man born on 12 March 1985.
BUDI = "3215011203859021"
PAIRS = [
    ("the same, written otherwise", "3215.0112.0385.9021", True, SAME),
    ("its last digit zeroed by a spreadsheet", "3215011203859020", True, STEM),
    ("its last digit cut off", "321501120385902", True, STEM),
    ("the digit before the last off", "3215011203859031", True, SLIP),
    ("two neighbours in the serial in exchange", "3215011203859201", True, SLIP),
    ("two digits of the serial off", "3215011203859132", True, SAME_DAY),
    ("a digit of the date off, born the same day", "3215011203849021", True, SLIP),
    ("a digit of the date off, not born the same day", "3215011203849021", False, DATED),
    ("two digits of the date off", "3215011204849021", True, REGION),
    ("the last digit off: twins, or a slip", "3215011203859022", True, NEIGHBOUR),
    ("a digit of the district off, where there is none", "3215991203859021", True, REGION),
    ("a district of which there is none by one digit", "3215911203859021", True, SLIP),
    ("a digit of the district off, where there is one", "3215021203859021", True, NEXT_DOOR),
    ("born the same day in the same district", "3215011203859155", True, SAME_DAY),
    ("a cousin of the same regency", "3215031708909044", False, REGION),
    ("somebody else", "6471021904889007", False, DIFFERENT),
    ("a digit lost", "321501120359021", True, SLIP),
    ("a digit doubled", "32150112033859021", True, SLIP),
    ("two digits lost at the end", "32150112038590", True, STEM),
    ("three digits lost at the end", "3215011203859", True, DIFFERENT),
    ("a number of another country", "AB123456", False, DIFFERENT),
    ("none", None, True, UNSAID),
    ("a filler", "0000000000000000", True, UNSAID),
    ("what scientific notation left", "3.21501E+15", True, UNSAID),
]
FOREIGN = [
    ("AB-123 456", "ab123456", SAME),
    ("AB123456", "AB123457", SLIP),
    ("AB123456", "AB123465", SLIP),
    ("AB123456", "AB12346", SLIP),
    ("AB123456", "AC123457", DIFFERENT),
    ("AB1357", "AB1358", SLIP),
    ("A1357", "A1358", DIFFERENT),
    ("219 09 9999", "219-09-9998", SLIP),
]


def grades(pairs: list[tuple[str | None, str | None]], same_birth: list[bool]) -> list[int]:
    """The grades of the pairs, which must be the same in the other direction."""
    standard = read(*({"national_id": number} for pair in pairs for number in pair))
    left, right = np.arange(0, 2 * len(pairs), 2), np.arange(1, 2 * len(pairs), 2)
    one_name = np.ones(len(pairs), dtype=bool)
    forth = number_grades(standard, left, right, np.array(same_birth), one_name)
    back = number_grades(standard, right, left, np.array(same_birth), one_name)
    assert forth.tolist() == back.tolist()
    found: list[int] = forth.tolist()
    return found


@pytest.mark.parametrize(("story", "other", "same_birth", "grade"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_budi_and(story: str, other: str | None, same_birth: bool, grade: int) -> None:
    """One number beside another, born the same day by other means or not."""
    assert grades([(BUDI, other)], [same_birth]) == [grade]


def test_numbers_of_no_nik_are_compared_as_text() -> None:
    """Passports and social-security numbers: equal, one slip in six characters or more, or different."""
    pairs = [(one, other) for one, other, _ in FOREIGN]
    assert grades(pairs, [False] * len(pairs)) == [grade for _, _, grade in FOREIGN]


def test_a_column_is_graded_as_its_rows() -> None:
    """All pairs at once give what each gives alone."""
    together = grades([(BUDI, other) for _, other, _, _ in PAIRS], [same for _, _, same, _ in PAIRS])
    assert together == [grade for _, _, _, grade in PAIRS]


@pytest.mark.parametrize(
    ("story", "sister", "one_name", "grade"),
    [
        ("a sister born the same day", {"sex": "P"}, False, NEIGHBOUR),
        ("she, where no sex is stated", {}, False, NEIGHBOUR),
        ("himself, his sex misread with the number", {"sex": "P"}, True, SLIP),
        ("a man all the same, his name written quite otherwise", {"sex": "L"}, False, SLIP),
    ],
)
def test_a_womans_forty(story: str, sister: dict[str, str], one_name: bool, grade: int) -> None:
    """The first boy and the first girl of a day in a district have numbers that differ by forty alone."""
    born = {"birth_date": "1985-03-12"}
    standard = read({**born, "national_id": BUDI}, {**born, "national_id": "3215015203859021", **sister})
    found = number_grades(standard, np.array([0]), np.array([1]), np.array([True]), np.array([one_name]))
    assert found.tolist() == [grade], story
