"""The office of Kota Ambon: a file for each day with news, tabs and UTF-16, at times sent twice."""

from __future__ import annotations

from jendela.demo.habits import dotted, spoken
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.kept import Daily
from jendela.demo.shelves.renders import Delimited

AGENCY = "dinas_8171"
_HAND = Hand(
    day=spoken,
    money=dotted,
    words={
        "sex": {"L": "PRIA", "P": "WANITA"},
        "reason": {
            "R431": "EFIS-RUGI",
            "R432": "EFIS-CEGAH",
            "R441": "TUTUP-RUGI",
            "R442": "TUTUP-LAIN",
            "R50": "UNDUR",
            "R521": "SP3",
            "RPK1": "KONTRAK-HBS",
            "RPK3": "KONTRAK-PTS",
        },
        "response": {"NOT_REJECTED": "Y", "REJECTED": "T", "NO_RESPONSE": "B"},
        "stage": {"NONE": "-", "BIPARTITE": "BP"},
        "kind": {"PHK_NOTICE": "PHK", "CORRECTION": "RLT", "WITHDRAWAL": "CBT"},
        "contract": {"PKWTT": "T", "PKWT": "K"},
        "origin": {"PERUSAHAAN": "P", "JENDELA": "J"},
    },
)
_REPORTS = Book(
    "bukti_lapor.tsv",
    ("NO BUKTI LAPOR", "NOMOR URUT"),
    {
        "NO BUKTI LAPOR": "number",
        "NOMOR URUT": "line",
        "TANGGAL DITERIMA": "received",
        "NAMA PERUSAHAAN": "employer",
        "NOMOR PENDAFTARAN PERUSAHAAN": "npp",
        "KODE WAJIB LAPOR": "wlkp",
        "NAMA TENAGA KERJA": "name",
        "NIK": "nik",
        "TANGGAL LAHIR": "born",
        "JENIS KELAMIN": "sex",
        "NOMOR SURAT": "letter_number",
        "TANGGAL SURAT": "letter_day",
        "TANGGAL BERAKHIR": "effective",
        "ALASAN PHK": "reason",
        "TANGGAPAN PEKERJA": "response",
        "TANGGAL TANGGAPAN": "responded",
        "TAHAP PERSELISIHAN": "stage",
        "NOMOR PERJANJIAN BERSAMA": "settlement",
        "TANGGAL PERJANJIAN BERSAMA": "settled",
    },
    _HAND,
    spoils=(
        ("unknown code: reason", {"ALASAN PHK": "?"}),
        ("impossible date: effective", {"TANGGAL BERAKHIR": "31 Juni 2026"}),
    ),
)
_LETTERS = Book(
    "agenda_surat.tsv",
    ("NOMOR AGENDA",),
    {
        "NOMOR AGENDA": "entry",
        "TANGGAL MASUK": "arrived",
        "SUMBER": "origin",
        "RUJUKAN JENDELA": "ref",
        "NOMOR SURAT": "number",
        "TANGGAL SURAT": "day",
        "JENIS SURAT": "kind",
        "NOMOR SURAT LAMA": "supersedes",
        "NAMA PERUSAHAAN": "employer",
        "NOMOR PENDAFTARAN PERUSAHAAN": "npp",
        "NAMA TENAGA KERJA": "name",
        "NIK": "nik",
        "NOMOR PESERTA BPJS": "kpj",
        "TANGGAL LAHIR": "born",
        "JENIS KELAMIN": "sex",
        "HUBUNGAN KERJA": "contract",
        "MULAI BEKERJA": "start",
        "AKHIR PERJANJIAN": "contract_end",
        "ALASAN PHK": "reason",
        "URAIAN ALASAN": "narrative",
        "TANGGAL PEMBERITAHUAN": "notice",
        "TANGGAL BERAKHIR": "effective",
        "UPAH POKOK": "wage",
        "TUNJANGAN TETAP": "allowance",
        "UANG PESANGON": "severance",
        "PENGHARGAAN MASA KERJA": "upmk",
        "PENGGANTIAN HAK": "uph",
        "UANG PISAH": "separation",
        "KOMPENSASI PKWT": "pkwt",
        "JUMLAH DIBAYAR": "total",
    },
    _HAND,
    spoils=(
        ("unknown code: kind", {"JENIS SURAT": "?"}),
        ("no plausible NIK", {"NIK": ""}),
        ("impossible date: effective", {"TANGGAL BERAKHIR": "31 Juni 2026"}),
    ),
)
HOUSE = House(
    region="8171",
    receipts=("BL.{n:03d}/DTK-AMB/{year}", 75),
    shelf=Daily(AGENCY, Delimited(AGENCY, "\t", "utf-16")),
    inbox=FolderInbox(AGENCY, delimiter="\t", encoding="utf-16"),
    reports=_REPORTS,
    letters=_LETTERS,
    entries="{n}/TU/{day:%Y}",
    letter_columns=("nomor_surat", "tanggal_berakhir"),
)
