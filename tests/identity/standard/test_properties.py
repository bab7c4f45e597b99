"""What holds for any text: no error, a row for a row, null for null, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.standard import card
from jendela.identity.standard.address import address, address_tokens
from jendela.identity.standard.birth import birth_date
from jendela.identity.standard.calendar import epoch_days
from jendela.identity.standard.email import email
from jendela.identity.standard.national_id import national_id
from jendela.identity.standard.phone import phone
from jendela.identity.standard.place import place
from jendela.identity.standard.region import region
from jendela.identity.standard.sex import sex

TODAY = date(2026, 11, 22)
Read = Callable[[pl.Series], pl.DataFrame]


def _frame(read: Callable[[pl.Series], pl.Series]) -> Read:
    return lambda raw: read(raw).to_frame("value")


FIELDS: dict[str, Read] = {
    "national_id": lambda raw: national_id(raw, TODAY),
    "birth": lambda raw: birth_date(raw, TODAY),
    "birth without a day of judgement": birth_date,
    "phone": _frame(phone),
    "email": _frame(email),
    "place": _frame(place),
    # Bits are a set of words: that of no address is empty.
    "address": lambda raw: address(raw).with_columns(pl.col("address_bits").replace(0, None)),
    "address tokens": _frame(address_tokens),
    "region": region,
    "kpj": _frame(card.kpj),
    "employer": _frame(card.employer),
}
# A call on a few rows is slow for its size; it is columns that are fast.
SOME = settings(deadline=None, max_examples=60)
NEVER_NULL = "nik_kind"
# Texts of the characters that the rules look at, and any others.
TEXT = st.one_of(
    st.text(max_size=30),
    st.text("0123456789-/.,+ 'ABEKLMNPTX@:", max_size=24),
    st.sampled_from(["😀", "\x00", "٣٢١٥٠١", "3215011203859001", "17-05-1990", "a@b.co", "081234567891\n"]),
)
COLUMN = st.lists(st.none() | TEXT, max_size=12)


def _column(texts: list[str | None]) -> pl.Series:
    return pl.Series("raw", texts, dtype=pl.String)


@pytest.mark.parametrize("field", FIELDS)
@SOME
@given(texts=COLUMN)
def test_each_row_is_read_for_itself(field: str, texts: list[str | None]) -> None:
    """Any column comes out row by row, whatever stands beside it; nulls say nothing."""
    read = FIELDS[field]
    found = read(_column(texts))
    assert found.height == len(texts)
    assert read(_column(["17-05-1990", *texts[::-1]])).rows()[:0:-1] == found.rows()
    for text, row in zip(texts, found.rows(named=True), strict=True):
        if text is None:
            assert row.pop(NEVER_NULL, "missing") == "missing"
            assert set(row.values()) == {None}


@SOME
@given(texts=COLUMN)
def test_sex_is_a_number_a_row(texts: list[str | None]) -> None:
    """1, 2 or null, and null for null: a register's codes are read together."""
    found = sex(_column(texts))
    assert (found.dtype, len(found)) == (pl.Int8, len(texts))
    assert all(
        value in (1, 2) if text else value is None for text, value in zip(texts, found, strict=True) if value
    )


@pytest.mark.parametrize("field", ["phone", "email", "place", "kpj", "employer"])
@SOME
@given(texts=COLUMN)
def test_what_is_standard_stays(field: str, texts: list[str | None]) -> None:
    """Read again, a standard value is itself."""
    once = FIELDS[field](_column(texts))["value"]
    assert FIELDS[field](once.cast(pl.String))["value"].to_list() == once.to_list()


@SOME
@given(texts=COLUMN)
def test_what_is_a_nik_stays(texts: list[str | None]) -> None:
    """So does any other identifier."""
    once = national_id(_column(texts), TODAY)
    for name in ("nik", "other_id"):
        again = national_id(once[name].cast(pl.String), TODAY)
        assert again[name].to_list() == once[name].to_list()


@pytest.mark.parametrize("field", FIELDS)
def test_the_types_do_not_depend_on_the_rows(field: str) -> None:
    """Empty, all null and full columns have one schema."""
    read = FIELDS[field]
    schemas = [read(_column(texts)).schema for texts in ([], [None, None], ["3215011203859001"] * 3, ["-"])]
    assert schemas == [schemas[0]] * len(schemas)


@pytest.mark.parametrize("field", FIELDS)
def test_long_columns_are_read_like_short_ones(field: str) -> None:
    """Columns are read in pieces and once per distinct text; neither is seen from outside."""
    texts = ["3215011203859001", "17-05-1990", None, "Jl. Merdeka 12", "-", "0812-3456-7891", "a@b.co"]
    short, long = (FIELDS[field](_column(texts * times)) for times in (1, 5000))
    assert long.equals(pl.concat([short] * 5000))


def test_days_are_those_of_the_calendar() -> None:
    """Every day of 400 years, and none that is not."""
    days = pl.date_range(date(1800, 1, 1), date(2200, 12, 31), eager=True).alias("day")
    parts = days.to_frame().select(
        pl.col("day").dt.year().cast(pl.Int64).alias("y"),
        pl.col("day").dt.month().cast(pl.Int64).alias("m"),
        pl.col("day").dt.day().cast(pl.Int64).alias("d"),
    )
    count = epoch_days(pl.col("y"), pl.col("m"), pl.col("d"))
    assert parts.select(count).to_series().to_list() == days.cast(pl.Int32).to_list()
    wrong = pl.DataFrame({"y": [1900, 2023, 2000, 0], "m": [2, 4, 13, 1], "d": [29, 31, 1, 1]})
    assert wrong.select(count).to_series().null_count() == 4
