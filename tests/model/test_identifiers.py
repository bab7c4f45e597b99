"""The numbers of people and employers: what is refused, what is only suspicious, what may be seen."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.model.identifiers import Kpj, MalformedIdentifierError, Nib, Nik, Npp, Npwp

ON = date(2026, 10, 1)
SITI = Nik(
    "3215105708899001"
)  # a woman born on 17 August 1989, first registered in Karawang; serial 9xxx: synthetic


def test_siti_is_read_from_her_number() -> None:
    """The day carries 40 for women; the century is that of a worker, not of a child."""
    assert (SITI.region, SITI.sex, SITI.birth_date(ON), SITI.serial) == (
        "321510",
        "P",
        date(1989, 8, 17),
        "9001",
    )
    assert SITI.findings(ON, {"32", "3215"}, "P", date(1989, 8, 17)) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("321510570889900", "N1"),
        ("3.27501E+15", "N1"),
        ("", "N1"),
        ("3215105708899OO1", "N1"),
        ("1111111111111111", "N2"),
        ("0000105708899001", "N2"),
        ("1234567890123456", "N2"),
        ("3275010000000000", "N2"),
    ],
)
def test_malformed_niks_are_refused_with_their_reason(text: str, reason: str) -> None:
    """N1 and N2 decide alone; the message never repeats the text."""
    with pytest.raises(MalformedIdentifierError) as refused:
        Nik.parse(text)
    assert refused.value.reason == reason
    assert not text or text not in str(refused.value)


def test_blanks_dots_and_dashes_are_not_part_of_a_number() -> None:
    """A counter clerk groups digits as the card does."""
    assert Nik.parse(" 32.1510-570889 9001 ") == SITI
    assert Npp.parse("jj 012345").value == "JJ012345"


@pytest.mark.parametrize(
    ("nik", "rules"),
    [
        ("3215103102899001", ("N3",)),  # 31 February
        ("3215108108899001", ("N3",)),  # day 81: python-stdnum would accept it
        ("9915101708899001", ("N4",)),  # no such province
        ("3215101708890000", ("N5",)),
        ("3215105708899001", ("N6",)),  # a woman's number, stated L
        ("3215101708909001", ("N7",)),  # another year
        ("3215101708159001", ("N7", "N8")),  # eleven years old
    ],
)
def test_suspicious_niks_are_kept_and_explained(nik: str, rules: tuple[str, ...]) -> None:
    """Slamet, a man born on 17 August 1989 in Karawang, as seven clerks typed him."""
    regions = {"32", "3215"}
    found = Nik.parse(nik).findings(ON, regions, "L", date(1989, 8, 17))
    assert set(rules) <= set(found)
    assert set(found) <= {*rules, "N6", "N7"}


def test_north_kalimantan_is_known_though_python_stdnum_rejects_it() -> None:
    """Province 65 is younger than that library's table."""
    assert "N4" not in Nik("6571011708899001").findings(ON, {"65", "6571"})


def test_a_leap_day_needs_a_leap_year_in_either_century() -> None:
    """29 February 1992 is a birth date, of 1993 it is not."""
    assert Nik("3215102902929001").birth_date(ON) == date(1992, 2, 29)
    assert Nik("3215102902939001").birth_date(ON) is None
    assert Nik("3215102902009001").birth_date(ON) == date(2000, 2, 29)


def test_representations_show_the_ends_of_personal_numbers_only() -> None:
    """What reaches a log by accident is masked; an employer's number is not personal."""
    assert repr(Nik("3275011708890001")) == str(Nik("3275011708890001")) == "NIK('3275••••••••0001')"
    assert repr(Kpj.parse("01234567891")) == "KPJ('0123•••7891')"
    assert repr(Nib.parse("9120001234567")) == "NIB('9120001234567')"
    assert repr(Npwp.parse("3215105708899001")) == "NPWP('3215••••••••9001')"


@pytest.mark.parametrize("text", ["01.300.066.6-091.000", "02.183.241.5-000.000", "74.123.456.1-091.000"])
def test_tax_numbers_carry_a_check_digit_with_and_without_the_leading_zero(text: str) -> None:
    """The new 16 digits of a company are a 0 and the old 15."""
    old = Npwp.parse(text)
    assert Npwp.parse("0" + old.value).entity == old.entity


def test_a_tax_number_with_a_wrong_check_digit_is_refused() -> None:
    """One digit off."""
    with pytest.raises(MalformedIdentifierError, match="C-NPWP"):
        Npwp.parse("01.300.066.5-091.000")


@given(st.text(max_size=24))
def test_no_text_shows_in_an_error_or_a_representation(text: str) -> None:
    """Whatever was typed: a refusal says one of three things, an accepted number is masked."""
    for kind in (Nik, Kpj):
        if reason := kind.malformed(text):
            assert reason in ("N1", "N2", "C-PAT")
        else:
            assert text not in repr(kind(text))


@given(st.dates(date(1927, 1, 1), date(2011, 12, 31)), st.booleans(), st.integers(1, 9999))
def test_a_number_built_by_the_rule_is_never_suspicious(born: date, woman: bool, serial: int) -> None:
    """Any worker aged 15 to 99: the number says back what went into it."""
    nik = Nik.parse(f"321510{born.day + 40 * woman:02}{born.month:02}{born.year % 100:02}{serial:04}")
    assert nik.findings(ON, {"32", "3215"}, "P" if woman else "L", born) in ((), ("N8",))
    assert nik.birth_parts == (born.day, born.month, born.year % 100)
