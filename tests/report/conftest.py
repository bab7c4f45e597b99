"""A night written by hand: everything a report can show, once, and nothing of anybody who exists."""

from __future__ import annotations

from functools import cache

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.report import html
from jendela.report.groups import Section
from jendela.report.night_report import NightReport

SIDE = dict.fromkeys(("office", "feed", "record_id", "field", "value", "as_of"), "")


@cache
def agreements():
    """The real agreements: what is shipped is what is shown."""
    return load_agreements(None)


def side(**said):
    """One side of a discrepancy; what is not given is empty."""
    return SIDE | {"as_of": "2026-09-03"} | said


def case(number, side_a, side_b, **more):
    """One row of a group of discrepancies."""
    return {
        "id": f"{number:016x}",
        "state": "open",
        "owner": "hi",
        "office": "dinas_3215",
        "person": "24512b6696",
        "first": "2026-09-01",
        "age": 2,
        "due": "2026-09-08",
        "overdue": False,
        "side_a": side_a,
        "side_b": side_b,
        "closing": "",
    } | more


def _cases():
    bpjs = {"office": "bpjs", "feed": "bpjs.klaim_jkp", "record_id": "b0ece5aec5"}
    office = {"office": "dinas_3215", "feed": "dinas_3215.laporan_phk", "record_id": "d303b27423"}
    rejected = side(**bpjs, field="rejection_reason", value="MISSING_PROOF 2026-05-05")
    received = side(**office, field="report_received_date", value="2026-03-27")
    shared = [
        side(**told, field="nik", value=f"NIK 9d85c00098 of person {person}")
        for told, person in ((bpjs, "710b76d9d8"), (office, "0b60078368"))
    ]
    amounts = [
        side(**told, field="effective_date, total_net", value=value)
        for told, value in ((bpjs, "2026-04-21, hidden:lower"), (office, "2026-04-14, hidden:higher"))
    ]
    report = side(
        office="dinas_3215",
        feed="dinas_3215.laporan_phk",
        record_id="3ecb3dd751",
        field="report_receipt_no",
        value="560/0407/HI-KRW/2026",
    )
    nothing = side(office="dinas_3215", field="termination_letter")
    figures = {"severity": "high", "owners": ["hi"], "opened": 0, "open": 1, "closed": 0, "overdue": 0}
    return [
        Section(
            "CLM-04",
            figures
            | {
                "severity": "critical",
                "owners": ["bpjs_claims"],
                "overdue": 1,
                "closed": 1,
                "ages": {"2": 1},
            },
            [
                case(1, rejected, received, owner="bpjs_claims", overdue=True),
                case(
                    2,
                    rejected,
                    received,
                    owner="bpjs_claims",
                    state="closed",
                    closing="the claim is APPROVED now",
                ),
            ],
        ),
        Section(
            "ID-02",
            figures | {"owners": ["barenbang"], "ages": {"40": 1}},
            [case(3, *shared, owner="barenbang", office="")],
        ),
        Section("LET-01", figures | {"opened": 1, "ages": {"0": 1}}, [case(4, *amounts)]),
        Section("LET-02", figures | {"severity": "warn", "ages": {"2": 1}}, [case(5, report, nothing)]),
    ]


def refused(reason, count, **more):
    """One line of what was refused."""
    return {
        "recipient": "bpjs", "delivery": "letters", "state": "refused", "reason": reason, "words": [],
        "wordings": 0, "count": count,
    } | more  # fmt: skip


def _missing(office, feed, way, kind):
    return {
        "office": office,
        "feed": feed,
        "way": way,
        "kind": kind,
        "reason": "It does not answer <here>.",
        "remedy": "Ask the agency.",
        "retriable": kind == "unreachable",
    }


def _feed(name, state, received=0, last=""):
    return {
        "office": name.split(".")[0],
        "feed": name,
        "state": state,
        "received": received,
        "complete": False,
        "last": last,
    }


def _line(feed, state, **more):
    return {
        "office": feed.split(".")[0], "feed": feed, "state": state, "due": True, "rows": 0,
        "as_of": "2026-09-02", "late_since": "", "late_days": 0, "repeated_files": 0,
    } | more  # fmt: skip


NOTHING = {
    "offices": {"due": 0, "came": 0}, "feeds": {"due": 0, "came": 0},
    "lines": [], "withheld": {}, "silent": [],
}  # fmt: skip
LATE = {"as_of": "2026-08-31", "late_since": "2026-09-01", "late_days": 2}
STATEMENT = {
    "offices": {"due": 5, "came": 2},
    "feeds": {"due": 6, "came": 3},
    "lines": [
        _line("bpjs.klaim_jkp", "came", rows=40),
        _line("bpjs.tk_kepesertaan", "came", rows=2345),
        _line("kemnaker.pes_aktivitas", "empty"),
        _line("kemnaker.wlkp_perusahaan", "not_due", due=False),
        _line("dinas_3215.laporan_phk", "halted", rows=30, **LATE),
        _line("dinas_3215.pencari_kerja", "came", rows=9, repeated_files=1, as_of=""),
        _line("dinas_3578.laporan_phk", "not_judged", rows=12, **LATE),
        _line("dinas_6471.berkas_phk", "skipped", **LATE),
        _line("dinas_7371.lap_phk", "late", **LATE | {"as_of": ""}),
    ],
    "withheld": {"LET-02": 3, "PHK-02": 1},
    "silent": [
        {"office": "dinas_3215", "entities": ["termination_case"]},
        {"office": "dinas_7371", "entities": ["termination_case", "termination_letter"]},
    ],
}


def sample() -> NightReport:
    """One of each: feeds in every state, every outcome, every kind of trouble, open and closed cases."""
    held = [
        {
            "held": f"{number:012x}",
            "office": "bpjs",
            "feed": "bpjs.tk_kepesertaan",
            "place": str(number),
            "fields": ["employment.birth_date", "employment.start_date"][: 1 + number % 2],
            "since": "2026-09-03",
        }
        for number in range(101)
    ]
    unparsed = held[0] | {"feed": "dinas_6471.berkas_phk", "place": "surat_1.xml", "fields": []}
    owed = [
        {
            "id": "00b672e2f6d15403",
            "state": state,
            "owner": "bpjs.membership",
            "person": "9a96562fc0",
            "first": "2026-09-01",
            "age": 2,
            "due": "2026-09-10",
            "overdue": False,
        }
        for state in ("open", "met", "lapsed")
    ]
    return NightReport(
        night="2026-09-03",
        seq=3,
        statement=STATEMENT,
        offices=["bpjs", "kemnaker", "dinas_3215", "dinas_6471", "dinas_7371"],
        balanced=True,
        completeness=[
            _feed("bpjs.klaim_jkp", "came", 40, "2026-09-02"),
            _feed("bpjs.tk_kepesertaan", "came", 2345, "2026-09-02"),
            _feed("kemnaker.pes_aktivitas", "empty", last="2026-09-01"),
            _feed("dinas_3215.laporan_phk", "halted", 30, "2026-09-02"),
            _feed("dinas_6471.berkas_phk", "missing", last="2026-09-01"),
            _feed("dinas_7371.lap_phk", "missing"),
        ],
        missing=[
            _missing("dinas_6471", "dinas_6471.berkas_phk", "feed", "unusable"),
            _missing("dinas_7371", "dinas_7371.lap_phk", "feed", "unreachable"),
            _missing("bpjs", "bpjs.letters", "delivery", "unreachable"),
            _missing("kemnaker", "kemnaker.hi.letters", "delivery", "unusable"),
            _missing("dinas_7371", "dinas_7371.pencari_kerja", "feed", "lost"),
            _missing("dinas_7371", "dinas.7371.hi.letters", "delivery", "lost"),
        ],
        halted=[
            {
                "office": "dinas_3215",
                "feed": "dinas_3215.laporan_phk",
                "rows": 30,
                "guard": "measures",
                "halt_reason": "G-HELD: held_rate is 0.62, at most 0.5 is believed",
            },
            {
                "office": "dinas_3215",
                "feed": "dinas_3215.pencari_kerja",
                "rows": 2,
                "guard": "shrink",
                "halt_reason": "It shrank from 40 rows to 2, by more than 30%.",
            },
            {
                "office": "kemnaker",
                "feed": "kemnaker.wlkp_tenaga_kerja",
                "rows": 9000,
                "guard": "storm",
                "halt_reason": "It brought 9000 rows, and usually brings 225 a night: "
                "more than 10 times as many.",
            },
            {
                "office": "kemnaker",
                "feed": "kemnaker.wlkp_perusahaan",
                "rows": 12,
                "guard": "ahead",
                "halt_reason": "The file lap_20300901.csv says that it is of 2030-09-01, "
                "which lies ahead of the night by more than 2 days.",
            },
            {
                "office": "kemnaker",
                "feed": "kemnaker.wlkp_perusahaan",
                "rows": 12,
                "guard": "unjudged",
                "halt_reason": "Its rows were not validated this night; they are read again the next night.",
            },
        ],
        data_docs=["bpjs", "dinas_3215"],
        feeds={
            "bpjs.klaim_jkp": {
                "received": 40,
                "accepted": 30,
                "unchanged": 4,
                "duplicate": 3,
                "superseded": 2,
                "echo": 1,
            },
            "bpjs.tk_kepesertaan": {"received": 2345, "released": 2, "accepted": 2246, "held": 101},
            "dinas_3215.laporan_phk": {"received": 30, "halted": 30},
            "kemnaker.pes_aktivitas": {"received": 0, "deleted": 2},
        },
        deliveries={
            "bpjs.letters": {
                "pending_before": 9,
                "due": 8,
                "acknowledged": 7,
                "refused": 3,
                "expired": 1,
                "pending_after": 6,
                "sent": 8,
                "escalated": 1,
            },
            "dinas.3215.pes.claim_status": {"due": 19, "pending_after": 19, "sent": 19},
        },
        refusals=[
            refused("ALREADY_SETTLED", 3),
            refused("UNCODED", 6, words=["#0a1b2c3d4e5f", "#112233445566", "#99aabbccddee"], wordings=5),
            refused("B7", 1),
            refused("", 1, state="pending"),
        ],
        held=[
            Section(
                "M-DATE",
                {
                    "waiting": 101,
                    "tonight": 101,
                    "fields": {"employment.birth_date": 101, "employment.start_date": 50},
                },
                held,
            ),
            Section("F-XML", {"waiting": 1, "tonight": 0, "fields": {}}, [unparsed]),
        ],
        discrepancies=_cases(),
        obligations=[
            Section(
                "resignation_statement",
                {
                    "owners": ["bpjs.membership"],
                    "opened": 0,
                    "open": 1,
                    "met": 1,
                    "lapsed": 1,
                    "overdue": 0,
                    "ages": {"2": 1},
                },
                owed,
            ),
        ],
        letters=[{"office": "bpjs", "letters": 47, "tonight": 5, "valid": 2, "invalid": 1, "none": 44}],
        returns=[
            {
                "office": "dinas_3215",
                "returned": 9,
                "tonight": 2,
                "mended": 4,
                "decided": 1,
                "withdrawn": 0,
                "waiting": 4,
                "oldest_days": 6,
            }
        ],
        identity={"records": 4770, "certain": 3645, "review": 28, "persons": 14},
        versions={
            "agreements": "da0f" * 16,
            "law": "3b7b" * 16,
            "contract.claim": "1.0.0",
            "bpjs.klaim_jkp": "268ca1db0fcfb253",
            "mapping.bpjs.klaim_jkp": "268ca1db0fcfb253",
        },
        evidence={"entries": 78, "kinds": {"receipt": 76, "view": 2}, "nights": 3, "agreements": "da0f" * 16},
        steps=[
            {
                "step": "pull",
                "scope": "bpjs",
                "counts": {"received": 2385},
                "files": 12,
                "sha256": "7b89" * 16,
                "subtree": "",
            },
            {
                "step": "identify",
                "scope": "",
                "counts": {"persons": 14},
                "files": 0,
                "sha256": "",
                "subtree": "5092" * 16,
            },
            {
                "step": "consolidate",
                "scope": "",
                "counts": {"changed": 21, "minted": 12},
                "files": 0,
                "sha256": "",
                "subtree": "",
            },
            {
                "step": "deliver",
                "scope": "bpjs",
                "counts": {"sent": 27},
                "files": 2,
                "sha256": "1c1c" * 16,
                "subtree": "",
            },
        ],
    )


def silent() -> NightReport:
    """A night in which nothing happened."""
    return NightReport(
        night="2026-09-04",
        seq=4,
        statement=NOTHING,
        offices=[],
        balanced=True,
        completeness=[],
        missing=[],
        halted=[],
        data_docs=[],
        feeds={},
        deliveries={},
        refusals=[],
        held=[],
        discrepancies=[],
        obligations=[],
        letters=[],
        returns=[],
        identity={},
        versions={},
        evidence={"entries": 0, "kinds": {}, "nights": 0, "agreements": ""},
        steps=[],
    )


@pytest.fixture(scope="session")
def rendered():
    """The page of the sample night."""
    return html.page(sample(), agreements())
