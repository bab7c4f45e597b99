"""A report from a hub that was filled by hand: right counts, and nobody named in any edition."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import fastexcel
import pytest
from sqlalchemy import insert

from jendela import report
from jendela.crypto import seal
from jendela.crypto.keyring import Keyring
from jendela.model.config import Settings
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Missing, Night, Receipt
from jendela.store import tables
from jendela.store.hub import Hub
from tests.report.conftest import STATEMENT, agreements

DAYS = (date(2026, 9, 1), date(2026, 9, 2))
NIGHT = Night(DAYS[1], 2, ("bpjs", "dinas_3215"))
SITI = {
    "nik": "3215105708899001",
    "full_name": "SITI NUR AISYAH",
    "kpj": "01234567891",
    "phone": "+6281234567",
}
NARRATIVE = "Pekerja berselisih dengan atasannya"
AMOUNTS = ("12900000.00", "17900000.00")
RECORD, OTHER = "ab" * 32, "cd" * 32
FILES = (
    ("3", "dinas_3215.laporan_phk", "laporan_phk.csv"),
    ("4", "dinas_6471.berkas_phk", f"PHK_{SITI['full_name'].replace(' ', '_')}_{SITI['nik']}.xml"),
)
FEEDS = {"bpjs": ("bpjs.klaim_jkp", "bpjs.perusahaan"), "dinas_3215": ("dinas_3215.laporan_phk",)}


def receipts():
    """Tonight's: BPJS delivered one feed and an empty one, the Dinas did not answer."""
    versions = {office: dict.fromkeys(feeds, "v1") for office, feeds in FEEDS.items()}
    counts = {"bpjs.klaim_jkp": {"received": 2, "unchanged": 1}, "bpjs.perusahaan": {"received": 0}}
    silent = Missing("dinas_3215", "dinas_3215.laporan_phk", "It is silent.", "Wait.", True)
    day = str(NIGHT.day)
    return [
        Receipt(day, "pull", "bpjs", counts, versions=versions["bpjs"]),
        Receipt(day, "pull", "dinas_3215", {}, missing=(silent,), versions=versions["dinas_3215"]),
        Receipt(day, "identify", "", {"": {"persons": 1}}, versions={"agreements": "aa" * 32}),
    ]


BALANCES = {
    "feed:bpjs.klaim_jkp": {"received": 2, "accepted": 0, "unchanged": 1, "held": 1},
    "feed:bpjs.perusahaan": {"received": 0},
    "delivery:bpjs.letters": {"pending_before": 0, "due": 1, "pending_after": 1},
}


def told(field, value, office="bpjs", record=RECORD):
    """A side as reconcile writes it."""
    return json.dumps(
        {"office": office, "feed": f"{office}.x", "record_id": record, "field": field, "value": value,
         "as_of": "2026-09-02"}
    )  # fmt: skip


def discrepancy(number, code, side_a, side_b, **more):
    """A row of the table."""
    return {
        "discrepancy_id": f"{number:064x}", "code": code, "state": "open", "severity": "high", "owner": "hi",
        "person_id": "ee" * 32, "records": "[]", "side_a": side_a, "side_b": side_b, "first_seq": 1,
        "first_day": DAYS[0], "last_seq": 2, "due_date": DAYS[0], "times_opened": 1, "versions": "{}",
    } | more  # fmt: skip


def fill(hub):
    """One person, sealed wherever persons are; what the rules found; what waits."""
    person = seal(hub.keyring, json.dumps(SITI).encode(), "person_version.sealed")
    row = seal(hub.keyring, json.dumps(SITI | {"ALASAN": NARRATIVE}).encode(), "held_row.sealed_row")
    letter = {"letter_number": "021/HRD/IX/2026", "signature_status": "valid"}
    known = {"feed": "bpjs.surat_klaim", "row_hash": "", "seq": 2, "outcome": "accepted"}
    batch = {"complete": False, "rows": 2, "landing": "", "sha256": "", "manifest": "{}", "office": "bpjs"}
    held = {"feed": "bpjs.klaim_jkp", "office": "bpjs", "record_id": RECORD, "batch_id": "", "seq": 2,
            "source_line": 7, "sealed_row": row, "state": "held"}  # fmt: skip
    twice = [{"entity": "claim", "field": name, "rule": "M-DATE"} for name in ("birth_date", "filed_date")]
    unreadable = {"entity": None, "field": None, "rule": "F-READ"}
    both = [*twice, {"entity": "claim", "field": "status", "rule": "M-CODE"}]
    rows = {
        tables.night: [
            {"seq": seq, "day": day, "state": "open", "offices": "[]", "opened_at": datetime.now(UTC)}
            for seq, day in enumerate(DAYS, start=1)
        ],
        tables.batch: [
            batch | {"batch_id": "1", "seq": 1, "feed": "bpjs.klaim_jkp", "state": "merged", "number": 1},
            batch | {"batch_id": "2", "seq": 2, "feed": "bpjs.klaim_jkp", "state": "merged"},
            batch | {"batch_id": "3", "seq": 1, "feed": "dinas_3215.laporan_phk", "state": "merged"},
        ],
        tables.source_row: [known | {"number": 1, "record_id": RECORD}],
        tables.person_version: [{"number": 1, "seq_from": 1, "sealed": person}],
        tables.record_version: [
            {"number": 1, "entity": "termination_letter", "seq_from": 2, "batch": 1,
             "facts": json.dumps(letter)}
        ],
        tables.held_row: [
            held | {"held_id": "11" * 32, "violations": json.dumps(both)},
            held | {"held_id": "22" * 32, "violations": json.dumps(both[:1]), "state": "discarded"},
            *(held | {"held_id": number * 64, "feed": feed, "violations": json.dumps([unreadable]),
                      "source_name": name} for number, feed, name in FILES),
        ],
        tables.discrepancy: [
            discrepancy(1, "LET-01", told("effective_date, total_net", f"2026-09-24, {AMOUNTS[0]}"),
                        told("effective_date, total_net", f"2026-09-25, {AMOUNTS[1]}", record=OTHER)),
            discrepancy(2, "ID-02", told("nik", f"NIK {'9d' * 6} of person {'71' * 32}"),
                        told("nik", f"NIK {'9d' * 6} of person {'0b' * 32}", record=OTHER)),
            # What no rule writes today: should one ever put a name into a side, it still goes nowhere.
            discrepancy(3, "ID-02", told("full_name", SITI["full_name"]), told("nik", SITI["nik"])),
            discrepancy(4, "LET-01", told("reason_narrative", NARRATIVE), told("kpj, phone", "01234567891"),
                        state="closed", closed_seq=2, closing_evidence=f"x: a letter, record {OTHER}"),
            discrepancy(5, "LET-01", "null", "null", state="closed", closed_seq=1),
            discrepancy(6, "LET-03", "null", "null", severity="warn"),
            discrepancy(7, "LET-03", "null", "null", severity="high", due_date=DAYS[1]),
            discrepancy(8, "LET-03", "null", "null", severity="info"),
        ],
        tables.obligation: [
            {"obligation_id": f"{state}-1", "kind": "resignation_statement", "fact_id": "f", "owner": "o",
             "state": state, "opened_seq": 1, "opened_day": DAYS[0], "due_date": DAYS[1],
             "closed_seq": closed}
            for state, closed in (("open", None), ("met", 2), ("lapsed", 2))
        ],
        tables.ledger_leaf: [{"idx": 0, "kind": "receipt", "body": "{}", "leaf_hash": ""}],
        tables.receipt: [{"day": DAYS[0], "step": "pull", "scope": "bpjs", "body": "{}", "leaf": 0}],
    }  # fmt: skip
    with hub.begin() as conn:
        for table, lines in rows.items():
            for line in lines:
                conn.execute(insert(table).values(line))


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub of its own, filled."""
    state = tmp_path_factory.mktemp("hub") / "state"
    settings = Settings(state=state, first_night=DAYS[0], offices=NIGHT.offices)
    opened = Hub.open(
        settings=settings, agreements=agreements(), keyring=Keyring((bytes(32),), "test"),
        connector=lambda *_: None, resolve=lambda name: name,
    )  # fmt: skip
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def written(hub):
    """The files of the report by name."""
    digests = report.write(hub, NIGHT, receipts(), BALANCES, STATEMENT)
    return {digest.path.rsplit("/", 1)[1]: (hub.state / digest.path).read_text() for digest in digests}


@pytest.fixture(scope="module")
def told_json(written):
    """The JSON edition, parsed."""
    return json.loads(written["report.json"])


def test_nobody_is_named_in_any_edition(written):
    """No number, name, telephone, letter text or amount of a person, and no whole random id."""
    secrets = [
        *SITI.values(),
        "AISYAH",
        *AMOUNTS,
        NARRATIVE,
        "12.900.000",
        "ee" * 32,
        RECORD,
        OTHER,
        "71" * 9,
    ]
    for name, text in written.items():
        for secret in secrets:
            assert secret not in text, f"{name} names {secret[:4]}…"
            assert secret.title() not in text, name


def test_amounts_say_only_which_side_has_more(told_json):
    """The dates are shown, the sums are not."""
    letter = next(item for item in told_json["discrepancies"] if item["key"] == "LET-01")["rows"][0]
    assert letter["side_a"]["value"] == "2026-09-24, hidden:lower"
    assert letter["side_b"]["value"] == "2026-09-25, hidden:higher"


def test_a_held_row_stands_once_under_each_rule_it_broke(told_json):
    """Two fields that broke one rule are one row; a discarded row does not wait."""
    held = {section["key"]: section for section in told_json["held"]}
    assert held["M-DATE"]["figures"]["waiting"] == 1
    assert held["M-DATE"]["rows"][0]["fields"] == ["claim.birth_date", "claim.filed_date"]
    assert held["M-CODE"]["figures"] == {"waiting": 1, "tonight": 1, "fields": {"claim.status": 1}}


def test_a_letter_s_file_is_told_by_a_digest_of_its_name(told_json):
    """A file of rows has its name; that of a letter may be a worker's."""
    (section,) = (section for section in told_json["held"] if section["key"] == "F-READ")
    rows, letter = (row["place"].split(" ") for row in section["rows"])
    assert rows == ["laporan_phk.csv", "7"]
    assert letter[0].startswith("#")
    assert (len(letter[0]), letter[1]) == (13, "7")


def test_what_came_is_told_from_what_was_empty_and_what_was_missing(told_json):
    """Zero rows are not the same as no data."""
    states = {item["feed"]: (item["state"], item["last"]) for item in told_json["completeness"]}
    assert states == {
        "bpjs.klaim_jkp": ("came", "2026-09-01"),
        "bpjs.perusahaan": ("empty", ""),
        "dinas_3215.laporan_phk": ("missing", "2026-09-01"),
    }
    [missing] = told_json["missing"]
    assert (missing["kind"], missing["way"]) == ("unreachable", "feed")


def test_a_code_is_as_grave_as_its_gravest_case(told_json):
    """A notice too short by certain days, and another by provisional ones only."""
    figures = next(item for item in told_json["discrepancies"] if item["key"] == "LET-03")["figures"]
    assert (figures["open"], figures["severity"]) == (3, "high")


def test_open_overdue_and_closed_are_counted_apart(told_json):
    """What was closed on an earlier night is no news."""
    figures = next(item for item in told_json["discrepancies"] if item["key"] == "LET-01")["figures"]
    assert (figures["open"], figures["overdue"], figures["closed"], figures["opened"]) == (1, 1, 1, 0)
    assert figures["ages"] == {"1": 1}
    [owed] = told_json["obligations"]
    assert [owed["figures"][name] for name in ("open", "met", "lapsed", "overdue")] == [1, 1, 1, 0]
    assert owed["rows"][0]["state"] == "open"


def test_letters_are_counted_by_the_state_of_their_signature(told_json):
    """From the current versions of the letters."""
    expected = {"office": "bpjs", "letters": 1, "tonight": 1, "valid": 1, "invalid": 0, "none": 0}
    assert told_json["letters"] == [expected]


def test_evidence_counts_what_the_ledger_holds(told_json):
    """And names the agreements that judged."""
    expected = {"entries": 1, "kinds": {"receipt": 1}, "nights": 1, "agreements": "aa" * 32}
    assert told_json["evidence"] == expected


def test_written_again_it_has_the_same_digests(hub, written):
    """A close that is repeated logs the same files."""
    first = report.write(hub, NIGHT, receipts(), BALANCES, STATEMENT)
    assert first == report.write(hub, NIGHT, receipts(), BALANCES, STATEMENT)


def test_the_files_survive_a_power_cut(hub, written, monkeypatch):
    """The receipt of the close names them: their folder is made to last before it is committed."""
    kept, sync = set(), os.fsync

    def noted(descriptor):
        kept.add(Path(f"/proc/self/fd/{descriptor}").resolve())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    report.write(hub, NIGHT, receipts(), BALANCES, STATEMENT)
    assert hub.state / "reports" / NIGHT.label in kept


def test_a_workbook_is_made_of_the_logged_tables(hub, written, tmp_path):
    """All seven, and nobody named in them."""
    report.render(hub, NIGHT.day, "xlsx", "id", tmp_path / "night.xlsx")
    book = fastexcel.read_excel(tmp_path / "night.xlsx")
    assert len(book.sheet_names) == 7
    for name in book.sheet_names:
        rows = written[f"{name}.csv"].count("\n")
        assert book.load_sheet(name, header_row=None).height == rows


def test_a_copy_opens_in_the_language_asked_for(hub, written, tmp_path):
    """The English copy differs in what is checked, and in nothing else."""
    report.render(hub, NIGHT.day, "html", "en", tmp_path / "en.html")
    text = (tmp_path / "en.html").read_text()
    assert '<html lang="en">' in text
    assert 'id="lang-id">' in text
    assert 'id="lang-en" checked>' in text
    assert len(text) == len(written["report.html"])
    with pytest.raises(WrongUseError):
        report.render(hub, date(2030, 1, 1), "html", "id", tmp_path / "none.html")
