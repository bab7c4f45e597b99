"""The number of a letter as several clerks write it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.reconcile.numbers import MONTHS, plain_number


def plain(*numbers):
    """Their comparable forms."""
    return pl.DataFrame({"no": list(numbers)}, {"no": pl.String}).select(n=plain_number("no"))["n"].to_list()


@pytest.mark.parametrize(
    "written",
    [
        "021/HRD-PHK/IX/2026",
        "21/HRD-PHK/9/2026",
        "021 / hrd phk / 09 / 2026",
        "021.HRD.PHK.ix.2026",
        "０２１／HRDPHK／Ⅸ／2026",  # as an Asian keyboard writes it
        " 021/HRD_PHK/IX/2026. ",
        "021HRD/PHK/IX2026",
    ],
)
def test_one_number_in_many_hands(written):
    """Signs, case, zeros in front, and a month in roman or arabic figures do not count."""
    one, other = plain("021/HRD-PHK/IX/2026", written)
    assert one == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("021/HRD/IX/2026", "021/HRD/X/2026"),
        ("021/HRD/IX/2026", "022/HRD/IX/2026"),
        ("021/HRD/IX/2026", "021/PHK/IX/2026"),
        ("2/1/HRD", "21/HRD"),
        ("021/HRD/IX/2026", "021/HRD/IX/2025"),
        ("1/VISI/2026", "1/6SI/2026"),  # a roman figure is a month only where it stands alone
    ],
)
def test_what_is_another_number(one, other):
    """Another figure, another word."""
    left, right = plain(one, other)
    assert left != right


def test_signs_alone_are_no_number():
    """A dash where a number should be."""
    assert plain("-/-", "", None) == [None, None, None]


@settings(max_examples=60, deadline=None)
@given(
    running=st.integers(1, 9999),
    words=st.lists(st.sampled_from(["HRD", "PHK", "SDM", "A", "B", "C"]), min_size=1, max_size=4),
    month=st.integers(1, 12),
    year=st.integers(2021, 2030),
    signs=st.lists(st.sampled_from(["/", "-", ".", " / ", "_"]), min_size=6, max_size=6),
)
def test_the_form_does_not_depend_on_how_it_is_written(running, words, month, year, signs):
    """Whatever signs, zeros and months; and the form of the form is itself."""
    ours = "/".join([f"{running:03d}", *words, MONTHS[month - 1], str(year)])
    parts = [str(running), *(word.lower() for word in words), f"{month:02d}", str(year)]
    theirs = parts[0] + "".join(sign + part for sign, part in zip(signs, parts[1:], strict=False))
    theirs += "".join("/" + part for part in parts[1 + len(signs) :])
    one, other = plain(ours, theirs)
    assert one == other
    assert plain(one) == [one]
