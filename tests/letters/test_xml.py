"""Letter files as rows: what is in a good one, and what is said of a bad one without repeating it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.letters.columns import COLUMNS, copied_to, primary_reason, total
from jendela.letters.intake.limits import MAX_BYTES
from jendela.letters.xml import parse_letters
from jendela.model.ports import Document

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "surat_phk.xml").read_bytes()
NAME = "surat_20260720_00001.xml"
WORKER = EXAMPLE[EXAMPLE.index(b"<pekerja") : EXAMPLE.index(b"</pekerja>") + len(b"</pekerja>")]


def _read(content: bytes, name: str = NAME):
    return parse_letters([Document(name, content)])


def _row(content: bytes, name: str = NAME):
    parsed = _read(content, name)
    assert parsed.unreadable == []
    return parsed.rows.row(0, named=True)


def _refused(content: bytes) -> tuple[str, str]:
    parsed = _read(content)
    assert parsed.rows.is_empty()
    (one,) = parsed.unreadable
    assert one.name == NAME
    return one.rule, one.reason


def test_the_letter_of_siti():
    """Every column of the agreed form is there, as the letter has it."""
    row = _row(EXAMPLE)
    assert list(row) == ["_name", "_row", *COLUMNS]
    assert (row["_name"], row["_row"], row["pekerja/@urut"]) == (NAME, 1, "1")
    assert row["surat/nomor_surat"] == "021/HRD-BMK/VII/2026"
    assert row["pekerja/nama_lengkap"] == "SITI NUR AISYAH"
    assert row["pekerja/alamat_domisili/kode_wilayah"] == "6471"
    assert row["pekerja/pengakhiran/kode_alasan"] == "R432"
    assert row["pekerja/kompensasi/uph/jumlah"] == "1200000"
    assert row["surat/tembusan/kode_kantor"] == "6471"
    assert row["penerimaan/nomor_tanda_terima"] == "560/0412/DISNAKER-BPP"
    assert row["pekerja/surel"] is None


def test_what_the_hub_knows_of_the_file():
    """The digest of the original bytes, no signature judged, and the day in its name."""
    row = _row(EXAMPLE)
    assert row["document_sha256"] == hashlib.sha256(EXAMPLE).hexdigest()
    assert row["signature_status"] == "none"
    assert row["dropped_date"] == "2026-07-20"
    assert _row(EXAMPLE, "surat-siti.xml")["dropped_date"] is None
    assert _row(EXAMPLE, "surat_2026072012345.xml")["dropped_date"] is None


def test_one_letter_for_three_workers_is_three_rows():
    """A row is one worker; the letter's own facts are in each."""
    second, third = (WORKER.replace(b'urut="1"', b'urut="%d"' % n) for n in (2, 3))
    rows = _read(EXAMPLE.replace(WORKER, WORKER + second + third)).rows
    assert rows["_row"].to_list() == [1, 2, 3]
    assert rows["pekerja/@urut"].to_list() == ["1", "2", "3"]
    assert rows["surat/nomor_surat"].n_unique() == 1


def test_a_letter_without_a_receipt_has_none():
    """Then it is a letter and not yet a report."""
    start, end = EXAMPLE.index(b"  <penerimaan>"), EXAMPLE.index(b"</berkas_phk>")
    row = _row(EXAMPLE[:start] + EXAMPLE[end:])
    assert {value for name, value in row.items() if name.startswith("penerimaan/")} == {None}


def test_several_reasons_need_one_that_is_marked():
    """The primary reason decides which law applies; without one the row has no reason, and is held."""
    one = b"<kode_alasan>R432</kode_alasan>"
    two = b'<kode_alasan>R431</kode_alasan><kode_alasan utama="true">R521</kode_alasan>'
    assert _row(EXAMPLE.replace(one, two))["pekerja/pengakhiran/kode_alasan"] == "R521"
    unmarked = two.replace(b' utama="true"', b"")
    assert _row(EXAMPLE.replace(one, unmarked))["pekerja/pengakhiran/kode_alasan"] is None
    assert primary_reason([("R431", True), ("R521", True)]) is None
    assert primary_reason([]) is None


def test_compensations_of_rights_are_added_up():
    """Annual leave and the journey home are one amount in the contract."""
    leave = b"<uph><jenis_uph>ANNUAL_LEAVE</jenis_uph><jumlah>1200000</jumlah></uph>"
    home = b"<uph><jenis_uph>RETURN_COST</jenis_uph><jumlah>300000.50</jumlah></uph>"
    assert _row(EXAMPLE.replace(leave, leave + home))["pekerja/kompensasi/uph/jumlah"] == "1500000.50"
    assert total([]) is None


def test_of_several_copies_that_to_the_competent_office_counts():
    """The office of the workplace, if it gets one."""
    assert copied_to(["6400", "6471"], "6471") == "6471"
    assert copied_to(["6400", "6472"], "6471") == "6400"
    assert copied_to([], "6471") is None


def test_a_letter_in_the_encoding_it_declares():
    """ISO-8859-1 is read as such; the same bytes declared as UTF-8 are refused."""
    latin = EXAMPLE.replace(b"SITI NUR AISYAH", "SITI NURAÏSYAH".encode("latin-1"))
    assert _row(latin.replace(b"UTF-8", b"ISO-8859-1"))["pekerja/nama_lengkap"] == "SITI NURAÏSYAH"
    rule, reason = _refused(latin)
    assert (rule, reason.startswith("The file is not well-formed XML: ERR_INVALID_ENCODING (line 42).")) == (
        "F-XML",
        True,
    )


BAD = {
    "an empty file": (b"", "F-XML", "The file is empty."),
    "a truncated file": (
        EXAMPLE[:2000],
        "F-XML",
        "The file is not well-formed XML: ERR_TAG_NAME_MISMATCH (line 48).",
    ),
    "no XML at all": (
        b"PK\x03\x04",
        "F-XML",
        "The file is not well-formed XML: ERR_DOCUMENT_EMPTY (line 1).",
    ),
    "a NIK of 14 digits": (
        EXAMPLE.replace(b"6471055708899001", b"64710557088990"),
        "F-XSD",
        "berkas_phk/pekerja[1]/nik does not have the agreed form (line 41).",
    ),
    "no name": (
        EXAMPLE.replace(b"<nama_lengkap>SITI NUR AISYAH</nama_lengkap>", b""),
        "F-XSD",
        "berkas_phk/pekerja[1]/kpj is not expected here (line 43). Expected is: nomor_paspor, nama_lengkap.",
    ),
    "a reason nobody agreed": (
        EXAMPLE.replace(b"R432", b"R999"),
        "F-XSD",
        "berkas_phk/pekerja[1]/pengakhiran/kode_alasan is not an agreed code (line 64).",
    ),
    "a worker without a number": (
        EXAMPLE.replace(b' urut="1"', b""),
        "F-XSD",
        "berkas_phk/pekerja[1] lacks an agreed attribute or has another (line 40).",
    ),
    "two workers with one number": (
        EXAMPLE.replace(WORKER, WORKER + WORKER),
        "F-XSD",
        "berkas_phk/pekerja[2] appears twice with the same number in this file (line 84).",
    ),
    "no namespace": (
        EXAMPLE.replace(b' xmlns="urn:id:jendela:surat-phk:1.0"', b""),
        "F-XSD",
        'berkas_phk is not in the agreed namespace: it must say xmlns="urn:id:jendela:surat-phk:1.0".',
    ),
    "another namespace": (
        EXAMPLE.replace(b"surat-phk:1.0", b"surat-phk:9.0"),
        "F-XSD",
        'berkas_phk is not in the agreed namespace: it must say xmlns="urn:id:jendela:surat-phk:1.0".',
    ),
    "something else": (b"<html/>", "F-XSD", "Its outermost element is not berkas_phk."),
}


@pytest.mark.parametrize(("content", "rule", "reason"), BAD.values(), ids=BAD.keys())
def test_a_file_that_cannot_be_read_says_why(content, rule, reason):
    """One finding per file, with the path of the element and the line."""
    found = _refused(content)
    assert found[0] == rule
    assert found[1].startswith(reason)


def test_no_reason_repeats_the_letter():
    """Neither a value, nor the name of an element that the form does not have."""
    secrets = ("SITI", "6471055708899001", "RAHASIA", "1989")
    spoilt = [
        EXAMPLE.replace(b"<bahasa>id</bahasa>", b"<bahasa>id</bahasa><RAHASIA>SITI</RAHASIA>"),
        EXAMPLE.replace(b"1989-08-17", b"17-08-1989"),
        EXAMPLE.replace(b"<kpj>01234567891", b"<kpj>SITI"),
        EXAMPLE.replace(b"<npp>", b'<npp RAHASIA="SITI">'),
        EXAMPLE.replace(b"</nik>", b"</RAHASIA>"),
        EXAMPLE.replace(b"SITI NUR", b"&RAHASIA;"),
    ]
    for content in spoilt:
        rule, reason = _refused(content)
        assert rule in ("F-XML", "F-XSD")
        assert not any(secret in reason for secret in secrets), reason


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "a billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(),
    "laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;"/>'.encode(),
    "a quadratic blow-up": f'<!DOCTYPE a [<!ENTITY l "{"x" * 50000}">]><a>{"&l;" * 50000}</a>'.encode(),
    "a local file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "another host": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "an entity in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode(
        "utf-16"
    ),
    "a very deep tree": b"<a>" * 200_000,
    "a very large file": b"<a>" + b" " * MAX_BYTES + b"</a>",
}


@pytest.mark.parametrize("content", ATTACKS.values(), ids=ATTACKS.keys())
def test_nobody_makes_the_reader_work(content):
    """Bombs, files of ours, other hosts: refused at once, as one unreadable file."""
    assert _refused(content)[0] == "F-XML"


def test_one_bad_file_does_not_stop_the_others():
    """Good letters before and after it are read."""
    parsed = parse_letters([Document("a.xml", EXAMPLE), Document("b.xml", b"<"), Document("c.xml", EXAMPLE)])
    assert parsed.rows["_name"].to_list() == ["a.xml", "c.xml"]
    assert [one.name for one in parsed.unreadable] == ["b.xml"]


def test_a_night_without_letters():
    """No files, no rows, all columns."""
    parsed = parse_letters([])
    assert parsed.rows.columns == ["_name", "_row", *COLUMNS]
    assert parsed.unreadable == []


@given(
    spoilt=st.builds(
        lambda at, by: EXAMPLE[: at % len(EXAMPLE)] + by + EXAMPLE[at % len(EXAMPLE) + len(by) :],
        st.integers(0, len(EXAMPLE)),
        st.binary(min_size=1, max_size=8),
    )
)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_to_a_file_it_is_one_row_or_one_finding(spoilt):
    """Bytes broken on the way never raise, and never vanish."""
    parsed = _read(spoilt)
    assert parsed.rows.height + len(parsed.unreadable) == 1
