"""What a report may show of a person."""

from __future__ import annotations

from jendela.privacy.views import masked_name, masked_nik


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
