"""Names of columns as offices write them."""

from __future__ import annotations

import pytest

from tests.onboard.conftest import VOCABULARY


def assert_understood(names, column, table, field):
    """Of all fields of a worker this one is the likeliest by far."""
    said = {
        words.field: names.likeness(words, column, table)
        for words in VOCABULARY.fields
        if words.entity in ("", "employment")
    }
    assert max(said, key=said.get) == field
    assert said[field] >= 0.85


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
    assert_understood(names, column, table, field)


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


@pytest.mark.parametrize(
    ("column", "table", "field"),
    [
        ("NOKTP", "data_pegawai", "nik"),
        ("KDKAB", "data_pegawai", "residence_region"),
        ("GAPOK", "data_pegawai", "wage_reported"),
        ("TGLMSK", "data_pegawai", "start_date"),
        ("status_kepeg", "tb_pegawai", "contract_type"),
        ("cell_number", "tabEmployee", "phone"),
        ("relieving_date", "tabEmployee", "end_date"),
        ("company", "tabEmployee", "employer_name"),
        ("nama_perusahaan", "karyawan", "employer_name"),
        ("kode_wilayah_kerja", "karyawan", "workplace_region"),
    ],
)
def test_a_personnel_table_says_what_it_keeps(names, column, table, field):
    """Short names without a gap; and the employer is the employer's in a table about workers too."""
    assert_understood(names, column, table, field)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("emergency_phone_number", "phone"),
        ("telp_darurat", "phone"),
        ("nik_suami", "nik"),
        ("tgl_lahir_anak", "birth_date"),
        ("alamat_orang_ortu", "address"),
    ],
)
def test_what_is_somebody_elses_is_not_the_workers(names, column, field):
    """Whom to call in an emergency, the husband, the child: nothing of them is proposed of the worker."""
    assert names.likeness(VOCABULARY.of("employment", field), column, "employee") < 0.55
    assert names.about_another(column)


def test_the_children_of_workers_are_nobody_that_is_exchanged(names):
    """A table of them has number, name and birth date like that of workers."""
    assert names.likeness(VOCABULARY.of("employment", "nik"), "nik", "tb_anak") < 0.55
    assert names.likeness(VOCABULARY.of("employment", "mother_maiden_name"), "nama_ibu", "karyawan") > 0.9


@pytest.mark.parametrize(
    ("comment", "field", "said"),
    [
        ("Date of Birth", "birth_date", True),
        ("Gender Key", "sex", True),
        ("Tanggal lahir menurut KTP", "birth_date", True),
        ("Name of Person Who Changed Object", "full_name", False),
        ("Date of birth of the spouse", "birth_date", False),
        ("Nama ibu kandung", "mother_maiden_name", True),
    ],
)
def test_a_comment_says_what_a_short_name_does_not(names, comment, field, said):
    """SAP's columns are called `gbdat` and `gesch`; what they are is in the dictionary's own words."""
    words = VOCABULARY.of("employment", field)
    assert (names.likeness(words, "zzz", "pa0002", comment) >= 0.7) == said
