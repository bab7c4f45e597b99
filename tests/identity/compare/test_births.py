"""How far two birth dates agree: every grade, just inside and just outside, in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from jendela.identity.compare.births import BY_NIK, DIFFERENT, NEAR, SAME, SLIP, YEAR, birth_grades
from jendela.identity.compare.names import UNSAID
from tests.identity.crowd import Mention, read

PAIRS: list[tuple[str, str | None, str | None, int]] = [
    ("the same day, written otherwise", "1985-03-12", "12 Maret 1985", SAME),
    ("day and month in exchange", "1985-03-12", "1985-12-03", SLIP),
    ("no exchange where the day is no month", "1985-03-13", "1985-03-31", NEAR),
    ("the next year", "1985-03-12", "1986-03-12", SLIP),
    ("a slip in the tens", "1985-03-12", "1965-03-12", SLIP),
    ("a slip in the units", "1985-03-12", "1989-03-12", SLIP),
    ("two digits of the year in exchange", "1978-03-12", "1987-03-12", SLIP),
    ("another century", "1905-03-12", "2005-03-12", SLIP),
    ("day and month of another decade", "1985-03-12", "1971-03-12", YEAR),
    ("one digit of the day", "1985-03-12", "1985-03-17", NEAR),
    ("the tens of the day", "1985-03-12", "1985-03-22", NEAR),
    ("two digits of the day in exchange", "1985-03-12", "1985-03-21", NEAR),
    ("two digits of the day", "1985-03-12", "1985-03-29", YEAR),
    ("another month", "1985-03-12", "1985-07-12", NEAR),
    ("1 January for want of better", "1985-03-12", "1985-01-01", NEAR),
    ("only the year", "1985-03-12", "1985", NEAR),
    ("1 January of another year", "1985-03-12", "1984-01-01", DIFFERENT),
    ("nothing but the year", "1985-03-12", "1985-07-29", YEAR),
    ("nothing in common", "1985-03-12", "1990-07-29", DIFFERENT),
    ("not said", "1985-03-12", None, UNSAID),
    ("no date", "1985-03-12", "30-02-1985", UNSAID),
]


def grades(*pairs: tuple[Mention, Mention]) -> list[int]:
    """The grades of the pairs, which must be the same in the other direction."""
    standard = read(*(mention for pair in pairs for mention in pair))
    left, right = np.arange(0, 2 * len(pairs), 2), np.arange(1, 2 * len(pairs), 2)
    forth, back = birth_grades(standard, left, right), birth_grades(standard, right, left)
    assert forth.tolist() == back.tolist()
    found: list[int] = forth.tolist()
    return found


@pytest.mark.parametrize(("story", "one", "other", "grade"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_two_dates(story: str, one: str, other: str | None, grade: int) -> None:
    """As stated on both sides."""
    assert grades(({"birth_date": one}, {"birth_date": other})) == [grade]


def test_a_number_says_the_day_that_the_other_states() -> None:
    """A clerk mistyped the date, but not the NIK; the other side states what the NIK says."""
    clerk = {"national_id": "3215011203859021", "birth_date": "1958-11-30"}
    assert grades((clerk, {"birth_date": "1985-03-12"})) == [BY_NIK]
    assert grades((clerk, {"birth_date": "1985-03-13"})) == [DIFFERENT]


def test_a_number_speaks_where_nothing_is_stated() -> None:
    """The day in the NIK is the birth date of who states none."""
    assert grades(({"national_id": "3215011203859021"}, {"birth_date": "12-03-1985"})) == [SAME]
