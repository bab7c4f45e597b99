"""The office of Kota Manado: Parquet out of a data warehouse."""

from __future__ import annotations

from jendela.demo.habits import iso, whole
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.kept import Kept
from jendela.demo.shelves.renders import Columnar

AGENCY = "dinas_7171"
_HAND = Hand(
    day=iso,
    money=whole,
    words={
        "sex": {"L": "1", "P": "0"},
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
)
_REPORTS = Book(
    "laporan.parquet",
    ("NoTt", "Urut"),
    {
        "NoTt": "number",
        "Urut": "line",
        "TglTrm": "received",
        "NmPrsh": "employer",
        "Npp": "npp",
        "KdWlkp": "wlkp",
        "NmTk": "name",
        "NoKtp": "nik",
        "TglLhr": "born",
        "Jk": "sex",
        "NoSrt": "letter_number",
        "TglSrt": "letter_day",
        "TglPhk": "effective",
        "Als": "reason",
        "Tanggap": "response",
        "TglTanggap": "responded",
        "Thp": "stage",
        "NoPb": "settlement",
        "TglPb": "settled",
    },
    _HAND,
    spoils=(("unknown code: reason", {"Als": "?"}),),
)
_LETTERS = Book(
    "surat.parquet",
    ("NoAgd",),
    {
        "NoAgd": "entry",
        "TglMskSrt": "arrived",
        "Dari": "origin",
        "Ref": "ref",
        "NoSrt": "number",
        "TglSrt": "day",
        "JnsSrt": "kind",
        "SrtLama": "supersedes",
        "NmPrsh": "employer",
        "Npp": "npp",
        "NmTk": "name",
        "NoKtp": "nik",
        "Kpj": "kpj",
        "TglLhr": "born",
        "Jk": "sex",
        "StsKrj": "contract",
        "TglMulai": "start",
        "AkhKtr": "contract_end",
        "Als": "reason",
        "Urai": "narrative",
        "TglBrthu": "notice",
        "TglPhk": "effective",
        "Gapok": "wage",
        "Tunj": "allowance",
        "Psg": "severance",
        "Upmk": "upmk",
        "Uph": "uph",
        "Upsh": "separation",
        "Komp": "pkwt",
        "Jml": "total",
    },
    _HAND,
    spoils=(("unknown code: kind", {"JnsSrt": "?"}), ("no plausible NIK", {"NoKtp": ""})),
)
_SEEKERS = Book(
    "pencaker.parquet",
    ("NoAk1",),
    {
        "NoAk1": "card",
        "TglDftr": "day",
        "BrlkSd": "until",
        "NmTk": "name",
        "NoKtp": "nik",
        "TmpLhr": "birth_place",
        "TglLhr": "born",
        "Jk": "sex",
        "NmIbu": "mother",
        "Alm": "street",
        "Kec": "district",
        "Telp": "phone",
        "Pddk": "education",
        "JabMinat": "job",
        "Sts": "status",
    },
    _HAND,
    spoils=(("unknown code: status", {"Sts": "?"}),),
)
HOUSE = House(
    region="7171",
    receipts=("MDO-{year}-{n:04d}", 640),
    shelf=Kept(AGENCY, Columnar(AGENCY)),
    inbox=FolderInbox(AGENCY, delimiter=",", ending="parquet"),
    reports=_REPORTS,
    letters=_LETTERS,
    seekers=_SEEKERS,
    entries="{n}.{day:%Y}",
    letter_columns=("nosrt", "jnssrt"),
)
