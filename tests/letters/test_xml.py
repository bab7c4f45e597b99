"""Letter files as rows: what is in a good one, and what is said of a bad one without repeating it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.letters.columns import COLUMNS, copied_to, primary_reason, total
from jendela.letters.intake import xml_letter
from jendela.letters.intake.limits import MAX_BYTES
from jendela.letters.xml import parse_letters
from jendela.model.ports import Document
from tests.letters.intake.layoff import letter, worker
from tests.letters.signing.conftest import Office, authority

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "surat_phk.xml").read_bytes()
NAME = "surat_20260720_00001.xml"
WORKER = EXAMPLE[EXAMPLE.index(b"<pekerja") : EXAMPLE.index(b"</pekerja>") + len(b"</pekerja>")]


@pytest.fixture(scope="module")
def office() -> Office:
    """The anchor, and Rahmat, who signs for PT Borneo Mitra Karya."""
    root = authority("Otoritas Uji")
    below = root.issue("Otoritas Uji Penerbit", ca=True)
    return Office(root, below, below.issue("Rahmat Hidayat"))


def _read(content: bytes, name: str = NAME):
    return parse_letters([Document(name, content)])


def _row(content: bytes, name: str = NAME):
    parsed = _read(content, name)
    assert parsed.unreadable == []
    return parsed.rows.row(0, named=True)


def _refused(content: bytes) -> tuple[str, str]:
    """The one thing said of the letter: of the file, which gives no row then, or of its worker."""
    parsed = _read(content)
    (one,) = [*parsed.unreadable, *parsed.held]
    assert parsed.rows["_problem"].to_list() == [held.rule for held in parsed.held]
    assert one.name == NAME
    return one.rule, one.reason


def test_the_letter_of_siti():
    """Every column of the agreed form is there, as the letter has it."""
    row = _row(EXAMPLE)
    assert list(row) == ["_name", "_row", *COLUMNS, "_problem", "_field"]
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
def test_what_cannot_be_read_says_why(content, rule, reason):
    """One finding for the file or its worker, with the path of the element and the line."""
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


def test_one_wrong_worker_holds_only_herself():
    """Of three the second, with all that can be read of her: who mends her letter must find her again."""
    parsed = _read(letter(worker(1), worker(2).replace(b"<nik>64", b"<nik>"), worker(3)))
    assert parsed.unreadable == []
    told = parsed.rows.select("_row", "_problem", "_field", "pekerja/@urut", "pekerja/nama_lengkap")
    assert told.rows() == [
        (1, None, None, "1", "SITI NUR AISYAH"),
        (2, "F-XSD", "pekerja/nik", "2", "BUDI SANTOSO"),
        (3, None, None, "3", "MARIA LESTARI"),
    ]
    assert parsed.rows["surat/nomor_surat"].n_unique() == 1
    (held,) = parsed.held
    assert (held.name, held.row, held.rule) == (NAME, 2, "F-XSD")
    assert "berkas_phk/pekerja[2]/nik does not have the agreed form" in held.reason


def test_of_several_mistakes_the_first_is_told():
    """With how many more there are; a worker is one row however much is wrong."""
    spoilt = worker(1).replace(b"<nik>64", b"<nik>").replace(b">P<", b">Q<").replace(b"PKWTT", b"TETAP")
    parsed = _read(letter(spoilt, worker(2)))
    assert parsed.rows.height == 2
    (held,) = parsed.held
    assert held.reason.startswith("berkas_phk/pekerja[1]/nik ")
    assert held.reason.endswith("(2 more findings)")


def test_a_mistake_outside_holds_the_file():
    """An employer number that is none: no worker of the letter has an employer then."""
    both = letter(worker(1).replace(b"<nik>64", b"<nik>"), worker(2)).replace(b"BM012345", b"BM")
    parsed = _read(both)
    assert parsed.rows.is_empty()
    assert parsed.held == []
    (one,) = parsed.unreadable
    assert one.rule == "F-XSD"
    assert one.reason.startswith("berkas_phk/pengusaha/npp ")


@pytest.mark.parametrize("number", [b'urut="1"', b'urut="+01"', b'urut="nol"', b"", b'urut="0"'])
def test_a_worker_without_a_number_of_its_own_has_none(number):
    """Two with one number would be one record: the second is known by what it says."""
    parsed = _read(letter(worker(1), worker(2).replace(b'urut="2"', number)))
    assert parsed.rows["pekerja/@urut"].to_list() == ["1", None]
    assert parsed.rows["_problem"].to_list() == [None, "F-XSD"]


@pytest.mark.parametrize("amount", [b"1e999999999", b"sNaN", b"dua juta"])
def test_an_amount_beyond_all_bounds_holds_its_worker(amount):
    """What cannot be added up is left out of the held row."""
    parsed = _read(EXAMPLE.replace(b"<jumlah>1200000", b"<jumlah>" + amount))
    assert parsed.rows.select("_problem", "pekerja/kompensasi/uph/jumlah").rows() == [("F-XSD", None)]


def test_what_is_missing_names_no_field():
    """The validator met the element behind the missing one, and that is not wrong."""
    parsed = _read(EXAMPLE.replace(b"<nama_lengkap>SITI NUR AISYAH</nama_lengkap>", b""))
    assert parsed.rows.select("_problem", "_field").rows() == [("F-XSD", None)]


def test_signatures_of_the_night(office):
    """Judged at the time of receipt; an invalid one is recorded, and the letter goes on."""
    signed = office.signed()
    files = {
        "a.xml": EXAMPLE,
        "b.xml": signed,
        "c.xml": signed.replace(b"AISYAH", b"AISIYAH"),
        "d.xml": office.signed(by=office.strangers().issue("Rahmat Hidayat")),
    }
    documents = [Document(name, content) for name, content in files.items()]
    parsed = parse_letters(documents, office.trust, office.received)
    assert parsed.rows["signature_status"].to_list() == ["none", "valid", "invalid", "invalid"]
    assert parsed.rows["_problem"].null_count() == 4
    assert parsed.rows["document_sha256"].to_list()[1] == hashlib.sha256(signed).hexdigest()
    told = {name: one.reason for name, one in parsed.verdicts.items()}
    assert told == {"b.xml": None, "c.xml": "signature.changed", "d.xml": "signature.untrusted"}
    assert all(one.signed is None for one in parsed.verdicts.values())
    early = parse_letters(documents[1:2], office.trust, office.signed_at - timedelta(days=1))
    assert early.rows["signature_status"].to_list() == ["invalid"]
    nobody = parse_letters(documents[:2])
    assert nobody.rows["signature_status"].to_list() == ["none", "invalid"]
    assert nobody.verdicts["b.xml"].reason == "signature.no_trust"


def test_of_a_signed_letter_the_signed_bytes_are_read(office, monkeypatch):
    """Whatever the file around them says."""
    verdict = office.verdict(office.signed())
    other = replace(verdict, signed=EXAMPLE.replace(b"SITI NUR AISYAH", b"DEWI LESTARI"))
    monkeypatch.setattr(xml_letter, "verify", lambda *_: other)
    parsed = parse_letters([Document(NAME, office.signed())], office.trust, office.received)
    assert parsed.rows.select("signature_status", "pekerja/nama_lengkap").rows() == [
        ("valid", "DEWI LESTARI")
    ]


def test_one_bad_file_does_not_stop_the_others():
    """Good letters before and after it are read."""
    parsed = parse_letters([Document("a.xml", EXAMPLE), Document("b.xml", b"<"), Document("c.xml", EXAMPLE)])
    assert parsed.rows["_name"].to_list() == ["a.xml", "c.xml"]
    assert [one.name for one in parsed.unreadable] == ["b.xml"]


def test_a_night_without_letters():
    """No files, no rows, all columns."""
    parsed = parse_letters([])
    assert parsed.rows.columns == ["_name", "_row", *COLUMNS, "_problem", "_field"]
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
