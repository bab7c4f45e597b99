"""What a NIK says about itself, and which numbers can be somebody's. The vectors have more."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.identity.standard.national_id import national_id
from tests.identity.crowd import TODAY


def read(number: str | None) -> dict[str, object]:
    """Everything that is read from one number."""
    return national_id(pl.Series([number], dtype=pl.String), TODAY).row(0, named=True)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("3215011203859001", date(1985, 3, 12), 1),
        ("3215015505909002", date(1990, 5, 15), 2),
        ("3215014101059002", date(2005, 1, 1), 2),
        ("6501010112829003", date(1982, 12, 1), 1),
    ],
)
def test_birth_date_and_sex(number: str, born: date, sex: int) -> None:
    """Women have 40 added to the day; the century makes a worker."""
    said = read(number)
    assert said["nik"] == int(number)
    assert (said["nik_birth"], said["nik_sex"]) == ((born - date(1970, 1, 1)).days, sex)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("1111111111111111", "placeholder"),
        ("1234567890123456", "placeholder"),
        ("3215010000000000", "scientific"),
        ("3215013002859001", "bad_date"),
        ("9915011203859001", "bad_region"),
        ("3215011203850000", "zeroed"),
        ("3215011203150001", "family_card"),
    ],
)
def test_numbers_that_are_nobodys(number: str, kind: str) -> None:
    """A filler, a spreadsheet's, the thirtieth of February, an unknown province, no serial, a family card."""
    said = read(number)
    assert (said["nik"], said["nik_birth"], said["nik_sex"], said["nik_kind"]) == (None, None, None, kind)


def test_a_missing_number() -> None:
    """It is neither an error nor evidence."""
    said = read(None)
    assert said.pop("nik_kind") == "missing"
    assert set(said.values()) <= {None}


@pytest.mark.parametrize(
    ("received", "number", "other"),
    [
        ("3215.0112.0385.9001", 3215011203859001, None),
        ("'3215011203859001", 3215011203859001, None),
        ("3.21501E+15", None, None),
        ("321501120385900", None, "321501120385900"),
    ],
)
def test_damage_is_not_repaired(received: str, number: int | None, other: str | None) -> None:
    """Punctuation goes; what a spreadsheet or a narrow field cut off is not guessed, but still compares."""
    said = read(received)
    assert (said["nik"], said["other_id"]) == (number, other)
