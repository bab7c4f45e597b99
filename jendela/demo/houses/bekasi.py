"""The office of Kab. Bekasi: workbooks with a title, a header of two lines and a sum below."""

from __future__ import annotations

from jendela.demo.habits import iso, whole
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.kept import Kept
from jendela.demo.shelves.workbooks import Workbook

AGENCY = "dinas_3216"
_HAND = Hand(
    day=iso,
    money=whole,
    words={
        "sex": {"L": "Laki-laki", "P": "Perempuan"},
        "reason": {
            "R431": "Efisiensi karena rugi",
            "R432": "Efisiensi mencegah rugi",
            "R441": "Tutup karena rugi",
            "R442": "Tutup bukan karena rugi",
            "R50": "Mengundurkan diri",
            "R521": "Pelanggaran setelah peringatan ketiga",
            "RPK1": "Kontrak berakhir",
            "RPK3": "Kontrak diputus",
        },
        "response": {"NOT_REJECTED": "Menerima", "REJECTED": "Menolak", "NO_RESPONSE": "Belum menanggapi"},
        "stage": {"NONE": "Tidak ada", "BIPARTITE": "Bipartit"},
        "kind": {"PHK_NOTICE": "Pemberitahuan PHK", "CORRECTION": "Ralat", "WITHDRAWAL": "Pencabutan"},
        "contract": {"PKWTT": "Tetap", "PKWT": "Kontrak"},
        "origin": {"PERUSAHAAN": "Perusahaan", "JENDELA": "Jendela"},
    },
)
_REPORTS = Book(
    "rekap_phk.xlsx",
    ("Laporan / No. tanda terima", "Laporan / No. urut"),
    {
        "Laporan / No. tanda terima": "number",
        "Laporan / No. urut": "line",
        "Laporan / Tanggal": "received",
        "Perusahaan / Nama": "employer",
        "Perusahaan / NPP": "npp",
        "Perusahaan / Kode WLKP": "wlkp",
        "Pekerja / Nama": "name",
        "Pekerja / NIK": "nik",
        "Pekerja / Tanggal lahir": "born",
        "Pekerja / L/P": "sex",
        "Surat / Nomor": "letter_number",
        "Surat / Tanggal": "letter_day",
        "PHK / Berlaku": "effective",
        "PHK / Alasan": "reason",
        "Tanggapan / Isi": "response",
        "Tanggapan / Tanggal": "responded",
        "Perselisihan / Tahap": "stage",
        "Perselisihan / No. PB": "settlement",
        "Perselisihan / Tgl. PB": "settled",
    },
    _HAND,
    spoils=(("unknown code: reason", {"PHK / Alasan": "?"}),),
)
_LETTERS = Book(
    "buku_surat.xlsx",
    ("Agenda / No.",),
    {
        "Agenda / No.": "entry",
        "Agenda / Tanggal masuk": "arrived",
        "Agenda / Dari": "origin",
        "Agenda / Rujukan": "ref",
        "Surat / Nomor": "number",
        "Surat / Tanggal": "day",
        "Surat / Perihal": "kind",
        "Surat / Mengganti": "supersedes",
        "Perusahaan / Nama": "employer",
        "Perusahaan / NPP": "npp",
        "Pekerja / Nama": "name",
        "Pekerja / NIK": "nik",
        "Pekerja / KPJ": "kpj",
        "Pekerja / Tanggal lahir": "born",
        "Pekerja / L/P": "sex",
        "Hubungan kerja / Jenis": "contract",
        "Hubungan kerja / Mulai": "start",
        "Hubungan kerja / Berakhir": "contract_end",
        "PHK / Alasan": "reason",
        "PHK / Uraian": "narrative",
        "PHK / Diberitahukan": "notice",
        "PHK / Berlaku": "effective",
        "Upah / Pokok": "wage",
        "Upah / Tunjangan tetap": "allowance",
        "Kompensasi / Pesangon": "severance",
        "Kompensasi / UPMK": "upmk",
        "Kompensasi / UPH": "uph",
        "Kompensasi / Uang pisah": "separation",
        "Kompensasi / PKWT": "pkwt",
        "Kompensasi / Jumlah": "total",
    },
    _HAND,
    spoils=(("unknown code: kind", {"Surat / Perihal": "?"}), ("no plausible NIK", {"Pekerja / NIK": ""})),
)
HOUSE = House(
    region="3216",
    receipts=("560/{n:04d}/HI-BKS/{year}", 900),
    shelf=Kept(AGENCY, Workbook(AGENCY)),
    inbox=FolderInbox(AGENCY, ending="xlsx"),
    reports=_REPORTS,
    letters=_LETTERS,
    entries="{n}/BKS/{day:%Y}",
    letter_columns=("surat_nomor", "phk_berlaku"),
)
