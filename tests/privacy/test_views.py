"""What a report may show of a person."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jendela.privacy.views import masked_name, masked_names, masked_nik, masked_niks, short_reference


def test_a_nik_shows_region_and_serial():
    """Enough to know one's own case, not the birth date."""
    assert masked_nik("3275015708890001") == "3275••••••••0001"


def test_what_is_no_nik_is_hidden_wholly():
    """A passport number has no part that is safe to show."""
    assert masked_nik("A1234567") == "••••••••"


def test_a_name_shows_initials():
    """Also a mononym, and blanks typed twice."""
    assert masked_name("SITI  NUR AISYAH") == "S••• N•• A•••••"
    assert masked_name("Suharto") == "S••••••"


def test_a_person_id_is_shown_short():
    """Ten characters, which `jendela case` accepts."""
    assert short_reference("ab" * 32) == "ab" * 8


@given(st.lists(st.text("ABC 0123456789'", max_size=20)))
def test_whole_columns_mask_alike(texts):
    """The vectorised forms give what the single ones give."""
    column = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    shown = column.select(nik=masked_niks(pl.col("text")), name=masked_names(pl.col("text")))
    assert shown["nik"].to_list() == [masked_nik(text) for text in texts]
    assert shown["name"].to_list() == [masked_name(text) for text in texts]
