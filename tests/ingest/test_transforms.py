"""What agencies write, and what is read from it. A value that cannot be read is null, never a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.contracts.transforms import TRANSFORMS
from jendela.ingest.transforms import EXPRESSIONS

MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


def _apply(name: str, values: list[str | None]) -> list[object]:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    return frame.select(EXPRESSIONS[name](pl.col("value"))).to_series().to_list()


def test_the_catalogue_and_the_expressions_are_the_same_list():
    """A mapping can name exactly what there is."""
    assert list(TRANSFORMS) == list(EXPRESSIONS)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_gives_what_the_catalogue_says(name):
    """Its type, for a null too; only one that has a rule may lose a value."""
    dtype = {"date": pl.Date, "money": pl.Decimal(15, 2), "int": pl.Int64}.get(
        TRANSFORMS[name].gives, pl.String
    )
    frame = pl.DataFrame({"value": [None, "x1"]}, schema={"value": pl.String})
    made = frame.select(EXPRESSIONS[name](pl.col("value"))).to_series()
    assert made.dtype == dtype
    assert made[0] is None
    assert (made[1] is None) == (TRANSFORMS[name].rule is not None)


CASES: dict[str, dict[str | None, object]] = {
    "trim": {
        "  SITI   NUR ": "SITI NUR",
        "SITI\u00a0NUR\u200b": "SITI NUR",
        "BUDI\x00": "BUDI",
        "   ": None,
        "": None,
        None: None,
    },
    "upper": {"siti": "SITI"},
    "words": {
        "LMR-3,LMR-1": "LMR-1 LMR-3",
        "LMR-2; LMR-2 ;LMR-10": "LMR-10 LMR-2",
        "LMR-1": "LMR-1",
        " ,; ": None,
    },
    "blank": {
        **dict.fromkeys(("-", "--", "0", "n/a", "Tidak Ada", "NULL"), None),
        **dict.fromkeys(("00000000", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00-00-0000"), None),
        **{same: same for same in ("0812", "000", "00000000000", "0000-00-01", "01/00/0000")},
    },
    "nik": {
        "3215105708899001": "3215105708899001",
        "3215.1057-0889 9001": "3215105708899001",
        "'3215105708899001": "3215105708899001",
        '="3215105708899001"': "3215105708899001",  # what a program writes so that Excel keeps the digits
        '\'="3.21E+15"': "3.21E+15",
        "3215105708899001.0": "3215105708899001",
        "3215105708899001,00": "3215105708899001",
        # digits were lost: filling them with zeros would make another person's number
        "3.21510570889E+15": "3.21510570889E+15",
        "3,21510570889E+15": "3,21510570889E+15",
        "321510570889900": "321510570889900",
        "PASPOR A123": "PASPORA123",
    },
    "kpj": {"0123 4567 891": "01234567891", "01234567891  ": "01234567891"},
    "npp": {" jj 012-345": "JJ012345", "JJ012345  ": "JJ012345"},
    "npwp": {"01.300.066.6-091.000": "013000666091000", "0013000666091000": "0013000666091000"},
    "nib": {"9120 0012 34567": "9120001234567"},
    "kbli": {"C13112": "13112", "13112": "13112", "C.13.112": "13112"},
    "region": {"32.15": "3215", "32.15.07": "321507", "3215": "3215", " 32.15 ": "3215"},
    "phone": {
        "081234567890": "+6281234567890",
        "+62 812-3456-7890": "+6281234567890",
        "6281234567890": "+6281234567890",
        "81234567890": "+6281234567890",
        "+62081234567890": "+6281234567890",
        "(0267) 700100": "+62267700100",
        # what is no one number stays as typed, for the contract to set aside
        "0812345678/0813456789": "0812345678/0813456789",
        "+1 555 0100": "+1 555 0100",
        "kantor": "kantor",
    },
    "email": {" Siti@Contoh.ID ": "siti@contoh.id"},
    "date-dmy": {
        "03-09-2026": date(2026, 9, 3),
        "3/9/2026": date(2026, 9, 3),
        "03.09.2026": date(2026, 9, 3),
        " 03-09-2026 ": date(2026, 9, 3),
        "29-02-2024": date(2024, 2, 29),
        "29-02-2026": None,
        "31-06-2026": None,
        "09-13-2026": None,
        "03-09-26": None,
        "2026-09-03": None,
        "00-00-0000": None,
        "01-01-0001": None,
        "31-12-9999": None,
        "46268": None,
    },
    "date-ymd": {"20260903": date(2026, 9, 3), "20260931": None, "2026093": None, "03092026": None},
    "date-iso": {
        "2026-09-03": date(2026, 9, 3),
        "2026-09-03 00:00:00": date(2026, 9, 3),
        "2026-09-03T00:00:00.000": date(2026, 9, 3),
        # a moment is not a local date: in UTC it may be the day before
        "2026-09-03T17:30:00": None,
        "2026-9-3": None,
        "03-09-2026": None,
    },
    "date-words": {
        "3 September 2026": date(2026, 9, 3),
        "17 AGUSTUS 1989": date(1989, 8, 17),
        "5 Nopember 2020": date(2020, 11, 5),
        "1 Okt. 2026": date(2026, 10, 1),
        "31 Februari 2026": None,
        "3 Septembre 2026": None,
        "September 2026": None,
    },
    "month-my": {"09-2026": "2026-09", "09/2026": "2026-09", "13-2026": None, "2026-09": None},
    "month-ym": {"202609": "2026-09", "2026-09": "2026-09", "202613": None, "092026": None},
    "rupiah": {
        "Rp 4.500.000,00": Decimal("4500000.00"),
        "Rp4.500.000,-": Decimal("4500000.00"),
        "IDR 4.500.000": Decimal("4500000.00"),
        "4.500.000": Decimal("4500000.00"),
        "4500000": Decimal("4500000.00"),
        "4.500": Decimal("4500.00"),
        "0": Decimal("0.00"),
        "-1.000": Decimal("-1000.00"),
        "9.999.999.999.999,99": Decimal("9999999999999.99"),
        # English habits would be off by a thousand
        "4,500,000": None,
        "4500000.00": None,
        "4.50.000": None,
        "99.999.999.999.999,00": None,
        "empat juta": None,
    },
    "rupiah-en": {
        "Rp 3,000,010": Decimal("3000010.00"),
        "IDR 4,500,000.00": Decimal("4500000.00"),
        "Rp4,500,000.-": Decimal("4500000.00"),
        "4500000.5": Decimal("4500000.50"),
        "-1,000": Decimal("-1000.00"),
        # Indonesian habits would be off by a thousand
        "4.500.000": None,
        "4.500": None,
        "4500000,00": None,
        "4,50,000": None,
        "three million": None,
    },
    "decimal": {
        "4500000": Decimal("4500000.00"),
        "4500000.00": Decimal("4500000.00"),
        "4500000.5000": Decimal("4500000.50"),
        "-1": Decimal("-1.00"),
        "0.005": None,
        "4.500.000": None,
        "4500000,00": None,
        "1e6": None,
    },
    "int": {"7": 7, " 7 ": 7, "7.0": 7, "-3": -3, "7.5": None, "tujuh": None, "99999999999999999999": None},
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_and_what_is_read(name):
    """The habits of real offices, and those that must not be read."""
    cases = CASES[name]
    assert dict(zip(cases, _apply(name, list(cases)), strict=True)) == cases


def test_every_transform_has_its_cases():
    """A transform without an example is not agreed."""
    assert set(CASES) == set(TRANSFORMS)


def test_the_reference_lists_every_transform_as_it_is():
    """What an office reads in docs/reference/mapping.md is what the code does."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "mapping.md").read_text(encoding="utf-8")
    lines = [
        f"| `{name}` | {one.gives} | {one.rule or ''} | {one.does} |" for name, one in TRANSFORMS.items()
    ]
    assert page.endswith("\n".join(lines) + "\n")


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(days=st.lists(DAYS, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_date_comes_back_from_every_way_of_writing_it(days):
    """Five agencies write the same day in five ways."""
    assert _apply("date-dmy", [f"{d:%d-%m-%Y}" for d in days]) == days
    assert _apply("date-dmy", [f"{d.day}/{d.month}/{d.year}" for d in days]) == days
    assert _apply("date-ymd", [f"{d:%Y%m%d}" for d in days]) == days
    assert _apply("date-iso", [d.isoformat() for d in days]) == days
    assert _apply("date-words", [f"{d.day} {MONTHS[d.month - 1]} {d.year}" for d in days]) == days


AMOUNTS = st.integers(min_value=0, max_value=10**15 - 1).map(lambda cents: Decimal(cents) / 100)


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_an_amount_comes_back_to_the_cent(amounts):
    """Every amount that the contract can hold, in each habit."""
    written = [f"Rp {amount:,.2f}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    assert _apply("rupiah", written) == amounts
    assert _apply("decimal", [f"{amount:.2f}" for amount in amounts]) == amounts
    assert _apply("rupiah-en", [f"Rp {amount:,.2f}" for amount in amounts]) == amounts


@given(values=st.lists(st.text(max_size=30), max_size=20), name=st.sampled_from(list(TRANSFORMS)))
@settings(max_examples=200, deadline=None)
def test_no_text_whatever_breaks_a_transform(values, name):
    """One value in, one value out, in order; and twice the same."""
    made = _apply(name, values)
    assert len(made) == len(values)
    assert made == _apply(name, values)
    if TRANSFORMS[name].rule is None and name not in ("trim", "blank", "words"):
        assert all(value is not None for value in made)
