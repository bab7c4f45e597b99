"""The office of Kab. Karawang: three CSV extracts, each in the encoding of the program that makes it."""

from __future__ import annotations

from pathlib import Path

from jendela.demo.habits import dotted, slashed, spoken
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.extracts import Extracts
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.tables import Row

AGENCY = "dinas_3215"
REPORTS, LETTERS, SEEKERS = "laporan_phk.csv", "surat_tembusan.csv", "pencari_kerja.csv"
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
_COUNTER = Hand(
    day=slashed,
    money=dotted,
    words={
        "reason": REASONS,
        "response": {"NOT_REJECTED": "MENERIMA", "REJECTED": "MENOLAK", "NO_RESPONSE": "TIDAK MENANGGAPI"},
        "stage": {"NONE": "-", "BIPARTITE": "BIPARTIT"},
        "status": {"ACTIVE": "AKTIF"},
    },
)
_MAILROOM = Hand(
    day=spoken,
    money=dotted,
    words={
        "reason": REASONS,
        "kind": {"PHK_NOTICE": "PEMBERITAHUAN PHK", "CORRECTION": "RALAT", "WITHDRAWAL": "PENCABUTAN"},
        "origin": {"PERUSAHAAN": "PERUSAHAAN", "JENDELA": "JENDELA"},
    },
    # a dash that only the old encoding has
    prose=lambda text: text.replace(",", " \N{EN DASH}"),
)
_REPORTS = Book(
    REPORTS,
    ("NO TANDA TERIMA", "NO URUT"),
    {
        "NO TANDA TERIMA": "number",
        "NO URUT": "line",
        "TGL TERIMA": "received",
        "NAMA PERUSAHAAN": "employer",
        "NPP": "npp",
        "KODE WLKP": "wlkp",
        "NAMA PEKERJA": "name",
        "NIK": "nik",
        "TGL LAHIR": "born",
        "L/P": "sex",
        "NO SURAT PHK": "letter_number",
        "TGL SURAT PHK": "letter_day",
        "TGL PHK": "effective",
        "ALASAN": "reason",
        "TANGGAPAN": "response",
        "TGL TANGGAPAN": "responded",
        "TAHAP": "stage",
        "NO PB": "settlement",
        "TGL PB": "settled",
    },
    _COUNTER,
    spoils=(
        ("impossible date: effective", {"TGL PHK": "31/06/2026"}),
        ("unknown code: reason", {"ALASAN": "RESTRUKTURISASI"}),
        ("wrong number of fields", {}),
    ),
)
_LETTERS = Book(
    LETTERS,
    ("NO AGENDA",),
    {
        "NO AGENDA": "entry",
        "TGL AGENDA": "arrived",
        "ASAL": "origin",
        "REF": "ref",
        "NO SURAT": "number",
        "TGL SURAT": "day",
        "PERIHAL": "kind",
        "SURAT DIGANTI": "supersedes",
        "NAMA PERUSAHAAN": "employer",
        "NPP": "npp",
        "NAMA PEKERJA": "name",
        "NIK": "nik",
        "KPJ": "kpj",
        "TGL LAHIR": "born",
        "L/P": "sex",
        "STATUS KERJA": "contract",
        "MULAI KERJA": "start",
        "AKHIR KONTRAK": "contract_end",
        "ALASAN": "reason",
        "URAIAN": "narrative",
        "TGL PEMBERITAHUAN": "notice",
        "TGL BERLAKU": "effective",
        "UPAH POKOK": "wage",
        "TUNJ TETAP": "allowance",
        "PESANGON": "severance",
        "UPMK": "upmk",
        "UPH": "uph",
        "UANG PISAH": "separation",
        "KOMPENSASI": "pkwt",
        "TOTAL": "total",
    },
    _MAILROOM,
    spoils=(
        ("no plausible NIK", {"NIK": ""}),
        ("impossible date: effective", {"TGL BERLAKU": "31 Juni 2026"}),
        ("wrong number of fields", {}),
    ),
)
_SEEKERS = Book(
    SEEKERS,
    ("NO AK1",),
    {
        "NO AK1": "card",
        "TGL DAFTAR": "day",
        "BERLAKU S/D": "until",
        "NIK": "nik",
        "NAMA": "name",
        "TEMPAT LAHIR": "birth_place",
        "TGL LAHIR": "born",
        "L/P": "sex",
        "NAMA IBU": "mother",
        "ALAMAT": "street",
        "KECAMATAN": "district",
        "NO HP": "phone",
        "PENDIDIKAN": "education",
        "JABATAN DIMINATI": "job",
        "STATUS": "status",
    },
    _COUNTER,
    spoils=(
        ("impossible date: registration", {"TGL DAFTAR": "30/02/2026"}),
        ("unknown code: status", {"STATUS": "?"}),
    ),
)
_SHELF = Extracts(
    AGENCY, {REPORTS: "utf-8-sig", LETTERS: "windows-1252", SEEKERS: "utf-8-sig"}, delimiter=";"
)
HOUSE = House(
    region="3215",
    receipts=("560/{n:04d}/HI-KRW/{year}", 400),
    shelf=_SHELF,
    inbox=FolderInbox(AGENCY),
    reports=_REPORTS,
    letters=_LETTERS,
    seekers=_SEEKERS,
    entries="{n}/AGD/{day:%Y}",
    repeats=(REPORTS, LETTERS),
)


def read(folder: Path, table: str) -> list[Row]:
    """The extract as it lies there; a line that does not fit the header is kept as one text."""
    return _SHELF.read(folder, table)
