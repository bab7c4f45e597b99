"""The office of Kota Denpasar: text files with bars, in a folder that is reached over SFTP."""

from __future__ import annotations

from jendela.demo.habits import loose, rupiah
from jendela.demo.house import Book, Hand, House
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.kept import Kept
from jendela.demo.shelves.renders import Delimited

AGENCY = "dinas_5171"
_HAND = Hand(
    day=loose,
    money=rupiah,
    words={
        "sex": {"L": "M", "P": "F"},
        "reason": {
            "R431": "downsizing, losses",
            "R432": "downsizing, to prevent losses",
            "R441": "closure, losses",
            "R442": "closure, other",
            "R50": "resignation",
            "R521": "breach after third warning",
            "RPK1": "end of contract",
            "RPK3": "contract cut short",
        },
        "response": {"NOT_REJECTED": "accepted", "REJECTED": "refused", "NO_RESPONSE": "none yet"},
        "stage": {"NONE": "none", "BIPARTITE": "bipartite"},
        "kind": {"PHK_NOTICE": "notice", "CORRECTION": "correction", "WITHDRAWAL": "withdrawal"},
        "contract": {"PKWTT": "permanent", "PKWT": "fixed term"},
        "origin": {"PERUSAHAAN": "employer", "JENDELA": "jendela"},
        "status": {"ACTIVE": "looking"},
    },
)
_REPORTS = Book(
    "dismissals.txt",
    ("receipt_no", "line_no"),
    {
        "receipt_no": "number",
        "line_no": "line",
        "received_on": "received",
        "company_name": "employer",
        "company_no": "npp",
        "wlkp_code": "wlkp",
        "worker_name": "name",
        "nik": "nik",
        "date_of_birth": "born",
        "gender": "sex",
        "letter_no": "letter_number",
        "letter_date": "letter_day",
        "ends_on": "effective",
        "reason": "reason",
        "worker_reply": "response",
        "replied_on": "responded",
        "dispute_stage": "stage",
        "agreement_no": "settlement",
        "agreed_on": "settled",
    },
    _HAND,
    spoils=(
        ("unknown code: reason", {"reason": "?"}),
        ("impossible date: effective", {"ends_on": "31/6/2026"}),
    ),
)
_LETTERS = Book(
    "letters.txt",
    ("entry_no",),
    {
        "entry_no": "entry",
        "arrived_on": "arrived",
        "source": "origin",
        "jendela_ref": "ref",
        "letter_no": "number",
        "letter_date": "day",
        "letter_kind": "kind",
        "replaces_no": "supersedes",
        "company_name": "employer",
        "company_no": "npp",
        "worker_name": "name",
        "nik": "nik",
        "bpjs_no": "kpj",
        "date_of_birth": "born",
        "gender": "sex",
        "contract_kind": "contract",
        "hired_on": "start",
        "contract_ends": "contract_end",
        "reason": "reason",
        "explanation": "narrative",
        "notified_on": "notice",
        "ends_on": "effective",
        "base_pay": "wage",
        "allowance": "allowance",
        "severance": "severance",
        "service_pay": "upmk",
        "rights_pay": "uph",
        "separation_pay": "separation",
        "fixed_term_pay": "pkwt",
        "total_paid": "total",
    },
    _HAND,
    spoils=(
        ("unknown code: kind", {"letter_kind": "?"}),
        ("no plausible NIK", {"nik": ""}),
        ("impossible date: effective", {"ends_on": "31/6/2026"}),
    ),
)
_SEEKERS = Book(
    "jobseekers.txt",
    ("card_no",),
    {
        "card_no": "card",
        "registered_on": "day",
        "valid_until": "until",
        "worker_name": "name",
        "nik": "nik",
        "place_of_birth": "birth_place",
        "date_of_birth": "born",
        "gender": "sex",
        "mother_name": "mother",
        "address": "street",
        "subdistrict": "district",
        "mobile": "phone",
        "education": "education",
        "job_wanted": "job",
        "state": "status",
    },
    _HAND,
    spoils=(("unknown code: status", {"state": "?"}),),
)
HOUSE = House(
    region="5171",
    receipts=("DPS/{year}/{n:05d}", 2400),
    shelf=Kept(AGENCY, Delimited(AGENCY, "|", "iso-8859-1"), server="sftp"),
    inbox=FolderInbox(AGENCY, delimiter="|", encoding="iso-8859-1", server="sftp"),
    reports=_REPORTS,
    letters=_LETTERS,
    seekers=_SEEKERS,
    entries="L-{day:%Y}-{n}",
    letter_columns=("letter_no", "ends_on"),
    repeats=("letters.txt",),
)
