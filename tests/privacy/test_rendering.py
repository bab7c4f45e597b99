"""Canonical values in a recipient's own words, and never more than it is entitled to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.contracts.agreements import load_agreements
from jendela.contracts.entitlements import Entitlement
from jendela.privacy.entitlement import entitled
from jendela.privacy.rendering import _formatted, canonical_text, render


@cache
def spec(key):
    """A delivery as shipped."""
    return next(
        office.deliveries[key]
        for office in load_agreements(None).offices.values()
        if key in office.deliveries
    )


def written(value, form):
    """One value in one format."""
    return pl.DataFrame({"v": [value]}, schema={"v": pl.String}).select(_formatted(pl.col("v"), form)).item()


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("iso", "2026-09-03", "2026-09-03"),
        ("dd-mm-yyyy", "2026-09-03", "03-09-2026"),
        ("dd/mm/yyyy", "2026-09-03", "03/09/2026"),
        ("d/m/yyyy", "2026-09-03", "3/9/2026"),
        ("d/m/yyyy", "2026-10-20", "20/10/2026"),
        ("yyyymmdd", "2026-09-03", "20260903"),
        ("tanggal", "2026-09-03", "3 September 2026"),
        ("mm-yyyy", "2026-09", "09-2026"),
        ("yyyymm", "2026-09", "202609"),
        ("rupiah", "4500000.00", "Rp 4.500.000,00"),
        ("rupiah", "950.5", "Rp 950,50"),
        ("rupiah", "0", "Rp 0,00"),
        ("ribuan", "4500000.00", "4.500.000"),
        ("ribuan", "123456.00", "123.456"),
        ("plain", "4500000", "4500000.00"),
        ("upper", "Siti Nur", "SITI NUR"),
        ("dotted", "3215", "32.15"),
        ("dotted", "321501", "32.15.01"),
        ("text", "as it is", "as it is"),
    ],
)
def test_formats(form, value, text):
    """Dates, months, money and regions as the agencies write them; nothing stays nothing."""
    assert written(value, form) == text
    assert written(None, form) is None


@given(st.integers(0, 10**13))
def test_thousands_lose_no_digit(rupiah):
    """Dots are all that is added."""
    assert written(f"{rupiah}.00", "ribuan").replace(".", "") == str(rupiah)
    assert written(f"{rupiah}.00", "rupiah") == f"Rp {rupiah:,}".replace(",", ".") + ",00"


def test_typed_and_stored_values_are_written_alike():
    """What validation holds as types and the register as text is the same to a recipient."""
    typed = pl.DataFrame(
        {"letter_date": [date(2026, 9, 3)], "total_net": [Decimal("70000000")], "full_name": [" Siti "]},
        schema_overrides={"total_net": pl.Decimal(15, 2)},
    )
    stored = pl.DataFrame(
        {"letter_date": ["2026-09-03"], "total_net": ["70000000.00"], "full_name": ["Siti"]}
    )
    assert render(canonical_text(typed), spec("bpjs.letters")).equals(
        render(canonical_text(stored), spec("bpjs.letters"))
    )


def test_a_name_is_cut_as_the_recipient_cuts_it():
    """BPJS keeps forty characters in capitals."""
    name = "Raden Ajeng Kartini Djojoadhiningrat Tirtoadisoerjo"
    row = render(pl.DataFrame({"full_name": [name]}), spec("bpjs.letters"))
    assert row["nama_tk"].to_list() == ["RADEN AJENG KARTINI DJOJOADHININGRAT TIR"]


GRANT = Entitlement(
    "dinas.3215.hi", "termination_letter", "P", "L", frozenset({"nik"}), frozenset({"total_net"})
)


def test_what_is_not_granted_does_not_get_through():
    """Even where a delivery would ask for it."""
    frame = pl.DataFrame({"nik": ["1"], "kpj": ["2"], "total_net": ["3"], "_copied": [True], "_own": ["x"]})
    assert entitled(frame, GRANT).columns == ["nik", "total_net", "_copied", "_own"]


@pytest.mark.parametrize(("copied", "seen"), [(True, "3"), (False, None), (None, None)])
def test_amounts_are_seen_in_a_copied_letter_only(copied, seen):
    """Not knowing is not a yes."""
    frame = pl.DataFrame({"total_net": ["3"], "_copied": [copied]}, schema_overrides={"_copied": pl.Boolean})
    assert entitled(frame, GRANT)["total_net"].item() == seen


def test_without_a_word_about_copies_there_are_no_amounts():
    """A frame that does not say is treated as not copied."""
    assert entitled(pl.DataFrame({"total_net": ["3"]}), GRANT)["total_net"].item() is None
