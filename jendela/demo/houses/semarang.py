"""The office of Kota Semarang: a database in which a paper is one row and its workers are others."""

from __future__ import annotations

from jendela.demo.habits import iso, whole
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.database import Database
from jendela.demo.shelves.inboxes import TableInbox

AGENCY = "dinas_3374"
_HAND = Hand(
    day=iso,
    money=whole,
    words={
        "sex": {"L": "L", "P": "P"},
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
    nothing=None,
)
_PAPERS = Book(
    "tb_lapor",
    ("no_tt",),
    {
        "no_tt": "number",
        "tgl_trm": "received",
        "nm_prsh": "employer",
        "npp": "npp",
        "kd_wlkp": "wlkp",
        "no_srt": "letter_number",
        "tgl_srt": "letter_day",
    },
    _HAND,
    changed="wkt_ubah",
)
_REPORTS = Book(
    "tb_lapor_tk",
    ("no_tt", "urut"),
    {
        "no_tt": "number",
        "urut": "line",
        "nm_tk": "name",
        "no_ktp": "nik",
        "tgl_lhr": "born",
        "jk": "sex",
        "tgl_phk": "effective",
        "als": "reason",
        "tanggap": "response",
        "tgl_tanggap": "responded",
        "thp": "stage",
        "no_pb": "settlement",
        "tgl_pb": "settled",
    },
    _HAND,
    changed="wkt_ubah",
    head=_PAPERS,
    spoils=(("unknown code: reason", {"als": "?"}),),
)
_LETTERS = Book(
    "tb_srt_masuk",
    ("no_agd",),
    {
        "no_agd": "entry",
        "tgl_msk_srt": "arrived",
        "asal": "origin",
        "ref": "ref",
        "no_srt": "number",
        "tgl_srt": "day",
        "jns_srt": "kind",
        "srt_lama": "supersedes",
        "nm_prsh": "employer",
        "npp": "npp",
        "nm_tk": "name",
        "no_ktp": "nik",
        "kpj": "kpj",
        "tgl_lhr": "born",
        "jk": "sex",
        "sts_krj": "contract",
        "tmt": "start",
        "tmt_akhir": "contract_end",
        "als": "reason",
        "urai": "narrative",
        "tgl_brthu": "notice",
        "tgl_phk": "effective",
        "gapok": "wage",
        "tunj": "allowance",
        "psg": "severance",
        "upmk": "upmk",
        "uph": "uph",
        "upsh": "separation",
        "komp": "pkwt",
        "jml": "total",
    },
    _HAND,
    changed="wkt_ubah",
    spoils=(("unknown code: kind", {"jns_srt": "?"}), ("no plausible NIK", {"no_ktp": ""})),
)
HOUSE = House(
    region="3374",
    receipts=("567/{n:04d}/HI/{year}", 310),
    shelf=Database(AGENCY, "hubin.sqlite"),
    inbox=TableInbox(AGENCY),
    reports=_REPORTS,
    letters=_LETTERS,
    entries="B{day:%y}{n}",
    letter_columns=("no_srt", "jns_srt"),
)
