"""The office of Kab. Karawang: three CSV extracts, each in the encoding of the program that makes it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jendela.demo.claims import Registration
from jendela.demo.clerks import Written
from jendela.demo.habits import dotted, phone_as_typed, slashed, spoken
from jendela.demo.letters import Letter, Report
from jendela.demo.tables import Row, columns

AGENCY = "dinas_3215"
REPORTS, LETTERS, SEEKERS = "laporan_phk.csv", "surat_tembusan.csv", "pencari_kerja.csv"
ENCODINGS = {REPORTS: "utf-8-sig", LETTERS: "windows-1252", SEEKERS: "utf-8-sig"}
REASONS = {
    "R431": "EFISIENSI RUGI",
    "R432": "EFISIENSI CEGAH RUGI",
    "R441": "TUTUP RUGI",
    "R442": "TUTUP TIDAK RUGI",
    "R521": "PELANGGARAN SP3",
    "RPK3": "PUTUS KONTRAK",
    "RPK1": "HABIS KONTRAK",
    "R50": "MENGUNDURKAN DIRI",
}
KINDS = {"PHK_NOTICE": "PEMBERITAHUAN PHK", "CORRECTION": "RALAT", "WITHDRAWAL": "PENCABUTAN"}
RESPONSES = {"NOT_REJECTED": "MENERIMA", "REJECTED": "MENOLAK", "NO_RESPONSE": "TIDAK MENANGGAPI"}


def report_row(report: Report, written: Written, employer_name: str, rng: random.Random) -> Row:
    """laporan_phk.csv."""
    employment = report.employment
    return {
        "NO TANDA TERIMA": report.number,
        "NO URUT": str(report.line),
        "TGL TERIMA": slashed(report.received),
        "NAMA PERUSAHAAN": employer_name,
        "NPP": employment.employer.npp,
        "KODE WLKP": employment.employer.wlkp_code if rng.random() < 0.5 else "",
        "NAMA PEKERJA": written.name,
        "NIK": written.nik or "",
        "TGL LAHIR": slashed(written.born),
        "L/P": written.sex,
        "NO SURAT PHK": report.letter_number,
        "TGL SURAT PHK": slashed(report.letter_day),
        "TGL PHK": slashed(report.effective),
        "ALASAN": REASONS[report.reason],
        "TANGGAPAN": RESPONSES[report.response],
        "TGL TANGGAPAN": slashed(report.responded),
        "TAHAP": "BIPARTIT" if report.settlement else "-",
        "NO PB": report.settlement,
        "TGL PB": slashed(report.settled),
    }


def letter_row(letter: Letter, agenda: int, arrived: date, written: Written) -> Row:
    """surat_tembusan.csv."""
    employment = letter.employment
    return {
        "NO AGENDA": f"{agenda:04d}/AGD/{arrived:%Y}",
        "TGL AGENDA": spoken(arrived),
        "ASAL": "PERUSAHAAN",
        "REF": "",
        "NO SURAT": letter.number,
        "TGL SURAT": spoken(letter.day),
        "PERIHAL": KINDS[letter.kind],
        "SURAT DIGANTI": letter.supersedes or "",
        "NAMA PERUSAHAAN": letter.employer_name,
        "NPP": employment.employer.npp,
        "NAMA PEKERJA": written.name,
        "NIK": written.nik or "",
        "KPJ": employment.kpj,
        "TGL LAHIR": spoken(written.born),
        "L/P": written.sex,
        "STATUS KERJA": "PKWT" if employment.contract == "PKWT" else "PKWTT",
        "MULAI KERJA": spoken(employment.start),
        "AKHIR KONTRAK": spoken(employment.contract_end),
        "ALASAN": REASONS[letter.reason],
        "URAIAN": letter.narrative.replace(",", " –"),
        "TGL PEMBERITAHUAN": spoken(letter.notice),
        "TGL BERLAKU": spoken(letter.effective),
        "UPAH POKOK": dotted(employment.wage),
        "TUNJ TETAP": dotted(employment.allowance),
        "PESANGON": dotted(letter.severance),
        "UPMK": dotted(letter.upmk),
        "UPH": dotted(letter.uph),
        "UANG PISAH": dotted(letter.separation),
        "KOMPENSASI": dotted(letter.pkwt),
        "TOTAL": dotted(letter.total),
    }


def seeker_row(registration: Registration, written: Written, rng: random.Random) -> Row:
    """pencari_kerja.csv."""
    person, day = registration.person, registration.day
    return {
        "NO AK1": registration.ak1,
        "TGL DAFTAR": slashed(day),
        "BERLAKU S/D": slashed(date(day.year + 2, day.month, min(day.day, 28))),
        "NIK": written.nik or "",
        "NAMA": written.name,
        "TEMPAT LAHIR": written.birth_place,
        "TGL LAHIR": slashed(written.born),
        "L/P": written.sex,
        "NAMA IBU": written.mother,
        "ALAMAT": person.street,
        "KECAMATAN": person.district,
        "NO HP": phone_as_typed(person.phone, rng),
        "PENDIDIKAN": person.education,
        "JABATAN DIMINATI": person.job[1],
        "STATUS": "AKTIF",
    }


def encoded(table: str, rows: Sequence[Row]) -> bytes:
    """The extract as the office's program writes it: semicolons, CRLF. A row that is one text is written as
    it is."""
    out = io.StringIO()
    names = columns(AGENCY, table)
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        if "" in row:
            out.write(f"{row['']}\r\n")
        else:
            writer.writerow(row)
    return out.getvalue().encode(ENCODINGS[table])


def read(folder: Path, table: str) -> list[Row]:
    """The extract as it lies there; a line that does not fit the header is kept as one text."""
    text = (folder / table).read_bytes().decode(ENCODINGS[table])
    lines = text.split("\r\n")
    names = columns(AGENCY, table)
    found: list[Row] = []
    for line in lines[1:]:
        if line:
            values = next(csv.reader([line], delimiter=";"))
            found.append(dict(zip(names, values, strict=True)) if len(values) == len(names) else {"": line})
    return found
