"""Blocking keys: two mentions meet when they share one, and each key survives errors that others do not."""

from __future__ import annotations

import pytest

from jendela.identity.block.keys import keys
from tests.identity.crowd import Mention, read

BUDI: Mention = {
    "national_id": "3215011203859021",
    "full_name": "Budi Santoso",
    "birth_date": "1985-03-12",
    "birth_place": "Karawang",
    "mother_name": "Sumarni",
    "phone": "081270134455",
    "email": "budi@mail.example",
    "address": "Jl. Melati No. 1",
    "region_code": "3215",
    "kpj": "20000000001",
    "employer_id": "EMP1",
}
# What a complete row is found by, whichever of them is wrong.
ALWAYS = {"nik", "kpj", "phone", "email", "birth", "household", "home", "mother", "year", "date", "address"}
MEETINGS: list[tuple[str, Mention, set[str]]] = [
    ("the last digit cut off", {"national_id": "321501120385902"}, {"nik"}),
    ("the last digit zeroed", {"national_id": "3215011203859020"}, {"nik"}),
    ("a digit of the date off", {"national_id": "3215011203849021"}, set()),
    ("day and month in exchange", {"full_name": "Budi S.", "birth_date": "1985-12-03"}, {"birth"}),
    ("one word of the name is right", {"full_name": "Bejo Santosa", "birth_date": "1985-03-12"}, {"birth"}),
    ("a vowel lost", {"full_name": "Bdi", "birth_date": "1985-03-12"}, {"birth"}),
    (
        "a wrong day of the right year",
        {"full_name": "Santoso, Budi", "birth_date": "1985-07-30"},
        {"year"},
    ),
    ("another decade", {"full_name": "Budi Santoso", "birth_date": "1975-03-12"}, {"date"}),
    (
        "the name written quite otherwise",
        {"full_name": "Paijo", "birth_date": "1985-03-12", "mother_name": "Soemarni"},
        {"household"},
    ),
    (
        "the same at home",
        {"full_name": "Paijo", "birth_date": "1985-03-12", "address": "Jalan Melati 1"},
        {"home"},
    ),
    ("no number, no date", {"full_name": "Budisantoso", "mother_name": "Sumarni"}, {"mother"}),
    (
        "no number, no date, no mother",
        {"full_name": "Boedi Santosa", "address": "Jalan Melati Nomor 1"},
        {"address"},
    ),
    ("Muhammad dropped", {"full_name": "Muhammad Budi Santoso", "region_code": "3215"}, {"region"}),
    ("a telephone", {"phone": "+62 812-7013-4455"}, {"phone"}),
    ("a stranger", {"full_name": "Rina Siregar", "birth_date": "1990-01-05"}, set()),
]


def shared(one: Mention, other: Mention) -> set[str]:
    """The kinds of key by which the two meet."""
    kinds = set()
    for kind, values, rows in keys(read(one, other)):
        if set(values[rows == 0].tolist()) & set(values[rows == 1].tolist()):
            kinds.add(kind)
    return kinds


def test_the_same_row_shares_every_key() -> None:
    """A complete row; `number` and `half` are for numbers that are no NIK."""
    assert shared(BUDI, BUDI) >= ALWAYS
    foreign = {**BUDI, "national_id": "AB123456"}
    assert shared(foreign, foreign) == shared(BUDI, BUDI) - {"nik"} | {"number", "half"}


@pytest.mark.parametrize(("story", "other", "kinds"), MEETINGS, ids=[meeting[0] for meeting in MEETINGS])
def test_budi_meets(story: str, other: Mention, kinds: set[str]) -> None:
    """By these keys and no others."""
    assert shared(BUDI, other) == kinds


def test_the_day_in_the_number_is_a_second_key() -> None:
    """A birth date corrected later differs from the NIK's: either is enough to meet."""
    corrected = {**BUDI, "birth_date": "1984-05-30", "employer_id": None}
    assert "birth" in shared(corrected, {"full_name": "Budi", "birth_date": "1985-03-12"})
    assert "birth" in shared(corrected, {"full_name": "Budi", "birth_date": "1984-05-30"})


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("Suparman", "Supadman", True),
        ("Karim", "Karlm", True),
        ("Hasanah", "Siti Hasamah", True),
        ("Suparman", "Tupalmad", False),
        ("Suparman", "Budi Supadman", False),
    ],
)
def test_a_slip_in_a_name_of_one_word(one: str, other: str, meet: bool) -> None:
    """Its beginning or its end is right; in a name of several words, another word is."""
    born = {"birth_date": "1985-03-12"}
    assert shared({**born, "full_name": one}, {**born, "full_name": other}) == ({"birth"} if meet else set())


def test_a_joined_name_of_the_same_day() -> None:
    """Without a number its bag of consonants is all by which it meets."""
    born = {"birth_date": "1985-03-12"}
    apart, joined = ({**born, "full_name": name} for name in ("Agus Hartono", "Agushartono"))
    assert shared(apart, joined) == {"year", "date"}


def test_a_slip_in_a_foreign_number() -> None:
    """One half of it is right, and the birth date."""
    one = {"national_id": "219-09-9999", "birth_date": "1985-03-12"}
    assert shared(one, {**one, "national_id": "219-09-9989"}) == {"half"}
    assert shared(one, {**one, "national_id": "319-09-9989"}) == set()


def test_nothing_said_is_no_key() -> None:
    """Fillers would join everybody to everybody."""
    nobody = {"national_id": "0000000000000000", "full_name": "-", "phone": "0", "email": "-", "kpj": "0"}
    assert shared(nobody, nobody) == set()
    assert all(not len(rows) for _, _, rows in keys(read({}, nobody)))
