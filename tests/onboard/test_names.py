"""Names of columns as offices write them."""

from __future__ import annotations

import pytest

from tests.onboard.conftest import VOCABULARY


@pytest.mark.parametrize(
    ("column", "table", "field"),
    [
        ("TGL_LAHIR", "KARYAWAN", "birth_date"),
        ("tanggallahir", "tweb_penduduk", "birth_date"),
        ("TglLhr", "pegawai", "birth_date"),
        ("dateOfBirth", "Worker", "birth_date"),
        ("emp_birthday", "hs_employee", "birth_date"),
        ("NM_PRSH", "MST_PRSH", "employer_name"),
        ("nama", "perusahaan", "employer_name"),
        ("nama", "karyawan", "full_name"),
        ("L/P", "pencari_kerja.csv", "sex"),
        ("NO HP", "akun", "phone"),
    ],
)
def test_a_name_is_understood_however_it_is_written(names, column, table, field):
    """Snake, camel, capitals, abbreviations, run together; the same word by the table it stands in."""
    said = {
        words.field: names.likeness(words, column, table)
        for words in VOCABULARY.fields
        if words.entity in ("", "employment")
    }
    assert max(said, key=said.get) == field
    assert said[field] >= 0.85


def test_the_telephone_of_a_company_is_not_that_of_a_person(names):
    """Context decides: the same column in another table is something else."""
    phone = VOCABULARY.of("employment", "phone")
    assert names.likeness(phone, "telepon", "karyawan") > 0.9
    assert names.likeness(phone, "telepon", "perusahaan") < 0.55


def test_employee_and_employer_are_not_a_slip_of_the_pen(names):
    """One letter apart, and two things."""
    npp = VOCABULARY.of("employment", "npp")
    assert names.likeness(npp, "employer_number", "staff") == 1
    assert names.likeness(npp, "employee_number", "staff") < 0.55


def test_words_of_every_field_are_known():
    """A field that has no words can never be proposed; those made of more than a column are not."""
    from jendela.onboard.propose import reaches
    from tests.onboard.conftest import CONTRACTS

    assert [
        (entity, field.name)
        for entity, contract in CONTRACTS.items()
        for field in contract.fields
        if VOCABULARY.of(entity, field.name) is None and not reaches(field)
    ] == []


def test_words_of_codes_are_of_agreed_codes():
    """A word that stands for a code which does not exist would write a mapping that cannot load."""
    from tests.onboard.conftest import CODES

    wrong = [
        (name, code)
        for name, words in VOCABULARY.codes.items()
        for code in words.values()
        if code not in CODES[name].codes
    ]
    assert wrong == []
