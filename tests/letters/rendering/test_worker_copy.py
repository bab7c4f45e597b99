"""Siti has lost her job: her copy says so plainly, says what to do by when, and carries the letter itself."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jendela.letters.rendering import LedgerPlace, render, values
from jendela.letters.rendering.layout import SECTIONS, layout
from jendela.letters.rendering.payload import Payload
from jendela.model.errors import WrongUseError

PLACE = LedgerPlace(17, 19, "ab" * 32)
XS = "{http://www.w3.org/2001/XMLSchema}"


def _without_case(letter: bytes) -> bytes:
    """The letter as Siti gets it, before any office has written on it."""
    start, end = letter.index(b"  <penerimaan>"), letter.index(b"</penerimaan>\n") + len(b"</penerimaan>\n")
    return letter[:start] + letter[end:]


def test_what_the_letter_means(sheet, letter):
    text = sheet(render(letter)).text
    assert "Surat pemberitahuan PHK" in text
    assert "SITI NUR AISYAH" in text
    assert "Hubungan kerja Anda dengan PT Borneo Mitra Karya berakhir pada 31 Juli 2026." in text
    assert "Alasannya: Efisiensi untuk mencegah kerugian (PP 35/2021 Pasal 43(2))." in text
    assert "“Efisiensi untuk mencegah kerugian setelah berkurangnya pesanan.”" in text
    assert "Anda menerima Rp71.200.000 setelah pajak, dibayar pada 31 Juli 2026." in text
    assert "Your employment with PT Borneo Mitra Karya ends on 31 July 2026." in text


def test_until_when_she_can_object_and_claim(sheet, letter):
    """Received on Thursday 2 July: Monday the 13th, or Friday the 10th where six days are worked."""
    text = sheet(render(_without_case(letter))).text
    assert "paling lambat 13 Juli 2026 (10 Juli 2026 bila perusahaan bekerja 6 hari seminggu)" in text
    assert "PP 35/2021 Pasal 39" in text
    assert "SIAPkerja Anda paling lambat 31 Januari 2027: 6 bulan sejak PHK" in text
    assert "PP 6/2025 Pasal 40" in text
    assert "Dinas ketenagakerjaan Kota Balikpapan (6471)" in text


def test_a_response_that_is_on_record_is_told_not_asked(sheet, letter):
    text = sheet(render(letter)).text
    assert "tanggapan Anda atas PHK: tidak menolak (6 Juli 2026). Bila itu tidak benar" in text
    assert "tanda terima nomor 560/0412/DISNAKER-BPP, 20 Juli 2026" in text
    assert "surat penolakan" not in text


def test_a_date_that_is_not_stated_is_not_made_up(sheet, letter):
    bare = re.sub(rb"<tanggal_(pemberitahuan|diterima_pekerja)>.*?</[a-z_]+>", b"", _without_case(letter))
    assert "dalam 7 hari kerja sejak Anda menerima pemberitahuan" in sheet(render(bare)).text


def test_the_law_of_the_day(sheet, letter):
    """A termination of 2024 is under PP 37/2021: three months, not six."""
    text = sheet(render(letter.replace(b"<tanggal_berlaku>2026-07-31", b"<tanggal_berlaku>2024-11-30"))).text
    assert "paling lambat 28 Februari 2025: 3 bulan sejak PHK" in text
    assert "PP 37/2021 Pasal 40" in text


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        (
            {b"PHK_NOTICE": b"RESIGNATION_STATEMENT", b">R432<": b">R50<", b">EMPLOYER<": b">WORKER<"},
            ["Bila Anda tidak mengundurkan diri atas kemauan sendiri", "tidak termasuk yang mendapat"],
            ["surat penolakan", "SIAPkerja"],
        ),
        (
            {b"PHK_NOTICE": b"DEATH", b">R432<": b">R57<", b">EMPLOYER<": b">LAW<"},
            ["karena pekerja meninggal dunia", "Ahli waris"],
            ["Hubungan kerja Anda", "surat penolakan"],
        ),
        (
            {
                b"PHK_NOTICE": b"WITHDRAWAL",
                b"<bahasa>": b"<nomor_surat_diganti>7/X</nomor_surat_diganti><bahasa>",
            },
            ["mencabut surat nomor 7/X", "kapan Anda bekerja kembali"],
            ["berakhir pada", "surat penolakan"],
        ),
        (
            {
                b"PHK_NOTICE": b"CORRECTION",
                b"<bahasa>": b"<nomor_surat_diganti>7/X</nomor_surat_diganti><bahasa>",
            },
            ["memperbaiki surat nomor 7/X", "berakhir pada 31 Juli 2026", "surat penolakan"],
            [],
        ),
        ({b">R432<": b">R51<"}, ["bergantung pada keadaan Anda", "31 Januari 2027"], []),
        ({b">WNI<": b">WNA<"}, ["hanya untuk warga negara Indonesia"], ["SIAPkerja"]),
    ],
    ids=["resignation", "death", "withdrawal", "correction", "absence", "foreigner"],
)
def test_every_kind_of_letter_has_its_own_advice(sheet, letter, change, said, unsaid):
    changed = _without_case(letter)
    for old, new in change.items():
        changed = changed.replace(old, new)
    text = sheet(render(changed)).text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_the_amounts_stand_with_their_multiples(sheet, letter):
    text = sheet(render(letter)).text
    assert "Uang pesangon Severance pay 1× Rp45.000.000" in text
    assert "Uang penggantian hak: Cuti tahunan yang belum diambil dan belum gugur" in text
    assert "Jumlah yang Anda terima" in text


def test_of_several_reasons_the_primary_one_is_told(sheet, letter):
    several = letter.replace(
        b"<kode_alasan>R432</kode_alasan>",
        b'<kode_alasan>R432</kode_alasan><kode_alasan utama="true">R47</kode_alasan>',
    )
    text = sheet(render(several)).text
    assert "Alasannya: Perusahaan pailit (PP 35/2021 Pasal 47)." in text
    assert "Perusahaan pailit (alasan utama)" in text
    assert "Efisiensi untuk mencegah kerugian" in text


# ------------------------------------------------------------------ every field


def _leaves() -> set[str]:
    """Every element and attribute of the XSD that holds a value, by path below the root."""
    root = etree.parse(str(files("schemas") / "surat_phk.xsd")).getroot()
    kinds = {kind.get("name"): kind for kind in root.iterfind(f"{XS}complexType")}

    def walk(element, path):
        kind = kinds.get(element.get("type"))
        inside = kind.findall(f"{XS}sequence/{XS}element") if kind is not None else []
        if not inside:
            yield path
            return
        yield from (f"{path}/@{one.get('name')}" for one in kind.iterfind(f"{XS}attribute"))
        for child in inside:
            yield from walk(child, f"{path}/{child.get('name')}")

    top = root.findall(f"{XS}element[@name='berkas_phk']/{XS}complexType/{XS}sequence/{XS}element")
    return {leaf for element in top for leaf in walk(element, element.get("name"))}


def test_the_layout_has_every_field_of_the_form():
    assert set(layout()) == _leaves()
    assert {line.section for line in layout().values()} == set(SECTIONS)
    unknown = {line.codes for line in layout().values() if line.codes} - set(values.code_lists())
    assert unknown == set()


def test_every_field_is_shown(sheet):
    """A letter that fills everything in, each field with a mark of its own: all marks are on the paper."""
    form = "{urn:id:jendela:surat-phk:1.0}"
    root = etree.Element(f"{form}berkas_phk")
    marks = []
    for number, path in enumerate(layout()):
        *above, name = path.split("/")
        element = root
        for step in above:
            found = element.find(f"{{*}}{step}")
            element = found if found is not None else etree.SubElement(element, f"{form}{step}")
        mark = f"M{number:03}"
        if name.startswith("@"):
            element.set(name[1:], mark)
        else:
            etree.SubElement(element, f"{form}{name}").text = mark
        marks.append((path, mark))
    text = sheet(render(etree.tostring(root))).text
    # Yes and no are words of their own; what is no amount stands as it is.
    yes = {path for path, line in layout().items() if line.kind == "yes"}
    missing = [path for path, mark in marks if mark not in text and path not in yes]
    assert missing == []


def test_a_field_that_is_newer_than_the_layout_is_not_hidden(sheet, letter):
    newer = letter.replace(b"</surat>", b"<kode_baru>XYZ-77</kode_baru></surat>")
    text = sheet(render(newer)).text
    assert "Isian lain" in text
    assert "kode baru XYZ-77" in text


# ------------------------------------------------------------------ the letter inside, and the code


def test_the_letter_lies_inside_byte_for_byte(sheet, letter, signer):
    signed = signer.sign(letter)
    assert sheet(render(signed)).attachments == {"surat_phk.xml": [signed]}
    assert "memuat tanda tangan elektronik" in sheet(render(signed)).text
    assert "tidak memuat tanda tangan elektronik" in sheet(render(letter)).text


def test_the_same_letter_gives_the_same_bytes(letter):
    assert render(letter) == render(letter)
    assert render(letter, place=PLACE) == render(letter, place=PLACE) != render(letter)


@pytest.mark.parametrize("place", [None, PLACE])
def test_the_code_on_the_page_is_the_code_it_should_be(sheet, letter, place):
    """The dark modules that are drawn, put back on their grid, are those of the payload's QR code."""
    expected = Payload(hashlib.sha256(letter).hexdigest(), place).text()
    pdf = sheet(render(letter, place=place))
    code = segno.make(expected, error="m", micro=False, boost_error=False)
    size = len(code.matrix)
    content = pdf.reader.pages[0].get_contents().get_data().decode("latin-1")
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", content)
    # The tinted boxes are wide, the modules are not.
    module = 34.0 / size * 72 / 25.4
    squares = [tuple(map(float, one)) for one in found if abs(float(one[3]) - module) < 0.1]
    left, top = min(one[0] for one in squares), max(one[1] for one in squares)
    drawn = [[0] * size for _ in range(size)]
    for x, y, width, _ in squares:
        row, column = round((top - y) / module), round((x - left) / module)
        for step in range(round(width / module)):
            drawn[row][column + step] = 1
    assert drawn == [[int(bool(cell)) for cell in row] for row in code.matrix]
    assert pdf.reader.metadata["/Keywords"] == expected


@given(
    st.binary(min_size=32, max_size=32),
    st.none()
    | st.tuples(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1), st.binary(min_size=32, max_size=32)),
)
def test_a_code_is_read_as_it_was_written(sha256, place):
    payload = Payload(sha256.hex(), LedgerPlace(place[0], place[1], place[2].hex()) if place else None)
    assert Payload.parse(payload.text()) == payload
    # Only the characters of QR's alphanumeric mode: anything else makes the code too dense.
    assert re.fullmatch(r"[0-9A-Z:]+", payload.text())


@pytest.mark.parametrize(
    "text", ["", "JENDELA:1:", "https://contoh.invalid", "JENDELA:2:" + "A" * 64, "JENDELA:1:" + "G" * 64]
)
def test_another_code_is_none_of_ours(text):
    assert Payload.parse(text) is None


# ------------------------------------------------------------------ several workers


def test_an_office_has_all_of_them(sheet, two_workers):
    office = sheet(render(two_workers))
    assert "SALINAN KANTOR" in office.text
    assert "SITI NUR AISYAH" in office.text
    assert "BUDI SANTOSO" in office.text
    assert office.attachments == {"surat_phk.xml": [two_workers]}


def test_a_worker_sees_nobody_elses_data(sheet, two_workers):
    own = sheet(render(two_workers, worker=2))
    assert "BUDI SANTOSO" in own.text
    assert "SALINAN UNTUK PEKERJA" in own.text
    assert own.attachments == {}
    for others in (b"SITI NUR AISYAH", b"6471055708899001"):
        assert others not in own.raw
    assert "tidak dilampirkan" in own.text


def test_a_worker_who_is_not_in_the_letter(letter):
    with pytest.raises(WrongUseError, match="names 1 workers"):
        render(letter, worker=2)


@pytest.mark.parametrize("content", [b"", b"<a/>", b"%PDF-1.7", b"<!DOCTYPE a []><a/>"])
def test_what_is_no_letter_is_not_drawn(content):
    with pytest.raises(WrongUseError, match="not a termination letter"):
        render(content)


def test_a_mass_layoff_is_drawn_one_by_one(letter):
    start, end = letter.index(b"  <pekerja"), letter.index(b"</pekerja>\n") + len(b"</pekerja>\n")
    many = letter[:start] + letter[start:end] * 501 + letter[end:]
    with pytest.raises(WrongUseError, match="names 501 workers"):
        render(many)
    assert render(many, worker=501).startswith(b"%PDF")


def test_a_letter_about_nobody(letter):
    start, end = letter.index(b"  <pekerja"), letter.index(b"</pekerja>\n") + len(b"</pekerja>\n")
    with pytest.raises(WrongUseError, match="no worker"):
        render(letter[:start] + letter[end:])


# ------------------------------------------------------------------ names and numbers


def test_letters_that_cannot_be_printed_are_seen_and_said(sheet, letter):
    named = letter.replace(b"SITI NUR AISYAH", "ST. ‘Ā’ISYAH Š. NÚÑEZ".encode())
    text = sheet(render(named)).text
    assert "ST. ‘[?]’ISYAH Š. NÚÑEZ" in text
    assert "Tanda [?] menggantikan huruf" in text
    assert "Tanda [?]" not in sheet(render(letter)).text


@given(st.text())
def test_everything_becomes_printable(text):
    shown = values.printable(text)
    assert shown.encode(values.ENCODING)[:0] == b""
    assert values.printable(shown) == shown


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=400))
def test_any_name_can_be_drawn(sheet, letter, name):
    root = etree.fromstring(letter)
    try:
        root.find("{*}pekerja/{*}nama_lengkap").text = name
        root.find("{*}pekerja/{*}pengakhiran/{*}uraian_alasan").text = name
    except ValueError:
        return  # not a character of XML
    assert len(sheet(render(etree.tostring(root))).reader.pages) >= 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("71200000", "Rp71.200.000"),
        ("71200000.00", "Rp71.200.000"),
        ("1500.5", "Rp1.500,50"),
        ("0", "Rp0"),
        ("999", "Rp999"),
        ("banyak", "banyak"),
    ],
)
def test_amounts_as_an_indonesian_writes_them(value, shown):
    assert values.rupiah(value) == shown


@given(st.decimals(0, 10**13, places=2))
def test_an_amount_keeps_its_value(amount):
    shown = values.rupiah(str(amount)).removeprefix("Rp").replace(".", "").replace(",", ".")
    assert type(amount)(shown) == amount


@pytest.mark.parametrize(
    ("value", "shown"), [("1", "1×"), ("0.5", "0,5×"), ("1.75", "1,75×"), ("0", "0×"), ("2.00", "2×")]
)
def test_multiples(value, shown):
    line = layout()["pekerja/kompensasi/pengali_pesangon"]
    assert values.shown(line, value)[0] == shown
