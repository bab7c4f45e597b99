"""What a NIK says about itself, and which numbers can be somebody's."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.identity import nik

TODAY = date(2026, 9, 1)


def said(number: str | None, expression: pl.Expr) -> object:
    """One expression over one number."""
    return pl.DataFrame({"nik": [number]}, schema={"nik": pl.String}).select(expression).item()


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("3215011203859001", date(1985, 3, 12), "L"),
        ("3215015505909002", date(1990, 5, 15), "P"),
        ("3215014101059002", date(2005, 1, 1), "P"),
        ("6501010112829003", date(1982, 12, 1), "L"),
        ("3215013002859001", None, "L"),
    ],
)
def test_birth_date_and_sex(number: str, born: date | None, sex: str) -> None:
    """Women have 40 added to the day; the century makes a worker; the thirtieth of February is no date."""
    assert said(number, nik.birth_date(pl.col("nik"), TODAY)) == born
    assert said(number, nik.sex(pl.col("nik"))) == sex


@pytest.mark.parametrize(
    "number",
    [
        "1111111111111111",
        "1234567890123456",
        "3215010000000000",
        "3215013002859001",
        "9915011203859001",
        "3215011203850000",
        "3215011203150001",
    ],
)
def test_numbers_that_are_nobodys(number: str) -> None:
    """Placeholders, an impossible date, an unknown province, no serial, a family card of 2015."""
    assert said(number, nik.plausible(pl.col("nik"), TODAY)) is False


def test_a_missing_number_is_not_plausible() -> None:
    """It is neither an error nor evidence."""
    assert said(None, nik.plausible(pl.col("nik"), TODAY)) is False


@pytest.mark.parametrize(
    ("received", "digits"),
    [
        ("3215.0112.0385.9001", "3215011203859001"),
        ("'3215011203859001", "3215011203859001"),
        ("3.21501E+15", None),
        ("321501120385900", None),
    ],
)
def test_damage_is_not_repaired(received: str, digits: str | None) -> None:
    """Punctuation goes; what a spreadsheet or a narrow field cut off is not guessed."""
    assert said(received, nik.digits(pl.col("nik"))) == digits
