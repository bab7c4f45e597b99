"""The office of Kota Bandung: a database with dates and amounts as such, and reasons by their article."""

from __future__ import annotations

from datetime import date

from jendela.demo.habits import iso, whole
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.database import Database
from jendela.demo.shelves.inboxes import TableInbox

AGENCY = "dinas_3273"
_HAND = Hand(
    day=iso,
    money=whole,
    words={
        "sex": {"L": "1", "P": "2"},
        "reason": {
            "R431": "43.1",
            "R432": "43.2",
            "R441": "44.1",
            "R442": "44.2",
            "R50": "50",
            "R521": "52.1",
            "RPK1": "pkwt-1",
            "RPK3": "pkwt-3",
        },
        "response": {"NOT_REJECTED": "1", "REJECTED": "2", "NO_RESPONSE": "0"},
        "stage": {"NONE": "0", "BIPARTITE": "1"},
        "kind": {"PHK_NOTICE": "1", "CORRECTION": "5", "WITHDRAWAL": "6"},
        "contract": {"PKWTT": "1", "PKWT": "2"},
        "origin": {"PERUSAHAAN": "1", "JENDELA": "2"},
        "status": {"ACTIVE": "1"},
    },
    nothing=None,
)
_REPORTS = Book(
    "lapor_phk",
    ("nomor_tanda_terima", "nomor_urut"),
    {
        "nomor_tanda_terima": "number",
        "nomor_urut": "line",
        "tanggal_diterima": "received",
        "nama_perusahaan": "employer",
        "nomor_pendaftaran_perusahaan": "npp",
        "kode_wajib_lapor": "wlkp",
        "nama_pekerja": "name",
        "nomor_induk_kependudukan": "nik",
        "tanggal_lahir": "born",
        "jenis_kelamin": "sex",
        "nomor_surat": "letter_number",
        "tanggal_surat": "letter_day",
        "tanggal_berakhir": "effective",
        "alasan_phk": "reason",
        "tanggapan_pekerja": "response",
        "tanggal_tanggapan": "responded",
        "tahap_perselisihan": "stage",
        "nomor_perjanjian_bersama": "settlement",
        "tanggal_perjanjian_bersama": "settled",
    },
    _HAND,
    changed="diubah_pada",
    spoils=(("unknown code: reason", {"alasan_phk": "?"}),),
)
_LETTERS = Book(
    "surat_phk",
    ("nomor_agenda",),
    {
        "nomor_agenda": "entry",
        "tanggal_agenda": "arrived",
        "sumber": "origin",
        "rujukan_jendela": "ref",
        "nomor_surat": "number",
        "tanggal_surat": "day",
        "jenis_surat": "kind",
        "nomor_surat_lama": "supersedes",
        "nama_perusahaan": "employer",
        "nomor_pendaftaran_perusahaan": "npp",
        "nama_pekerja": "name",
        "nomor_induk_kependudukan": "nik",
        "nomor_peserta_bpjs": "kpj",
        "tanggal_lahir": "born",
        "jenis_kelamin": "sex",
        "hubungan_kerja": "contract",
        "mulai_bekerja": "start",
        "akhir_perjanjian": "contract_end",
        "alasan_phk": "reason",
        "uraian_alasan": "narrative",
        "tanggal_pemberitahuan": "notice",
        "tanggal_berakhir": "effective",
        "upah_pokok": "wage",
        "tunjangan_tetap": "allowance",
        "uang_pesangon": "severance",
        "penghargaan_masa_kerja": "upmk",
        "penggantian_hak": "uph",
        "uang_pisah": "separation",
        "kompensasi_pkwt": "pkwt",
        "jumlah_dibayar": "total",
    },
    _HAND,
    changed="diubah_pada",
    spoils=(
        ("unknown code: kind", {"jenis_surat": "?"}),
        ("no plausible NIK", {"nomor_induk_kependudukan": ""}),
    ),
)
_SEEKERS = Book(
    "pencari_kerja",
    ("nomor_ak1",),
    {
        "nomor_ak1": "card",
        "tanggal_daftar": "day",
        "berlaku_sampai": "until",
        "nama_pekerja": "name",
        "nomor_induk_kependudukan": "nik",
        "tempat_lahir": "birth_place",
        "tanggal_lahir": "born",
        "jenis_kelamin": "sex",
        "nama_ibu": "mother",
        "alamat": "street",
        "kecamatan": "district",
        "nomor_telepon": "phone",
        "pendidikan": "education",
        "jabatan_diminati": "job",
        "status_pencari_kerja": "status",
    },
    _HAND,
    changed="diubah_pada",
    spoils=(("unknown code: status", {"status_pencari_kerja": "?"}),),
)
HOUSE = House(
    region="3273",
    receipts=("LP-{n:05d}/{year}", 1200),
    shelf=Database(AGENCY, "sidaku.sqlite"),
    inbox=TableInbox(AGENCY),
    reports=_REPORTS,
    letters=_LETTERS,
    seekers=_SEEKERS,
    fair=date(2026, 9, 3),
    entries="{n}/SM/{day:%m}/{day:%Y}",
    letter_columns=("nomor_surat", "tanggal_berakhir"),
)
