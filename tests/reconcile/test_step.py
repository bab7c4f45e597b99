"""The whole step on a real hub, on SQLite and on PostgreSQL: read, judged, kept, with its receipt."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl
import pytest
import sqlalchemy as sa

from jendela.contracts.agreements import load_agreements
from jendela.contracts.facts import NOTED
from jendela.crypto import seal_many
from jendela.crypto.keyring import Keyring
from jendela.evidence.commit import commit
from jendela.model.config import Settings
from jendela.model.receipt import Missing, Night, Receipt
from jendela.reconcile import reading, step
from jendela.store import frames, records, tables
from jendela.store.hub import Hub
from tests import said
from tests.servers import HUBS, hub_database
from tests.store.known import belong, employ, judged, known

FIRST = date(2026, 9, 1)
OFFICES = ("bpjs", "kemnaker", "dinas_3215", "dinas_6471", "dinas_7371")


@cache
def agreements():
    """The real agreements."""
    return load_agreements(None)


@pytest.fixture(params=HUBS)
def hub(request, tmp_path):
    """An empty hub."""
    with hub_database(request.param) as url:
        settings = Settings(state=tmp_path, hub_url=url, first_night=FIRST, offices=OFFICES)
        with Hub.open(
            settings=settings,
            agreements=agreements(),
            keyring=Keyring((b"k" * 32,), "the test"),
            connector=lambda *_: None,
            resolve=lambda name: name,
        ) as opened:
            yield opened


def knows(hub, seq, *records):
    """Put records into the register: (feed, entity, record, person, facts)."""
    for feed, entity, record, person, facts in records:
        version = {
            "record_id": record,
            "entity": entity,
            "seq_from": seq,
            "feed": feed,
            "facts": json.dumps(facts),
        }
        with hub.begin() as conn:
            said.say(conn, pl.DataFrame([version]))
            conn.execute(
                sa.insert(tables.record_fact).values(record_id=record, entity=entity, fact_id=f"f-{record}")
            )
            employ(conn, {record: "maju"}, seq)
            if person:
                belong(conn, {record: person}, seq)


def night(hub, seq, missing=()):
    """Reconcile one night, after pulls in which the `missing` feeds did not come."""
    now = Night(FIRST + timedelta(days=seq - 1), seq, OFFICES)
    with hub.begin() as conn:
        row = {"seq": seq, "day": now.day, "state": "open", "offices": "[]", "opened_at": hub.clock()}
        conn.execute(sa.insert(tables.night).values(**row))
        for office in OFFICES:
            gone = tuple(
                Missing(office, feed, "away", "wait", True) for feed in missing if feed.startswith(office)
            )
            commit(conn, Receipt(str(now.day), "pull", office, {}, missing=gone))
    return step.run(hub, now)


def table(hub, name):
    """A table's rows."""
    with hub.reading() as conn:
        return frames.read(conn, name)


DISMISSED = (
    "bpjs.tk_kepesertaan",
    "employment",
    "b1",
    "siti",
    {"workplace_region": "3215", "end_cause": "TERMINATION", "end_date": "2026-08-03"},
)
REPORT = (
    "dinas_3215.laporan_phk",
    "termination_case",
    "c1",
    "siti",
    {"workplace_region": "3215", "effective_date": "2026-08-03", "reason_code": "R50"},
)
RESIGNED = (
    "bpjs.tk_kepesertaan",
    "employment",
    "b2",
    "dewi",
    {"end_cause": "RESIGNATION", "end_date": "2026-08-20"},
)


def test_three_nights_of_a_missing_report(hub):
    """The office is silent, then heard, then has the report: withheld, opened, closed by it."""
    knows(hub, 1, DISMISSED)
    first = night(hub, 1, missing=["dinas_3215.laporan_phk"])
    assert first.counts["PHK-02"] == {"opened": 0, "reopened": 0, "closed": 0, "withheld": 1, "open": 0}
    assert night(hub, 2).counts["PHK-02"]["opened"] == 1
    row = table(hub, tables.discrepancy).row(0, named=True)
    assert (row["first_seq"], row["first_day"], row["due_date"]) == (2, date(2026, 9, 2), date(2026, 9, 9))
    assert json.loads(row["side_a"])["as_of"] == "2026-09-01"
    assert json.loads(row["records"]) == ["b1"]
    assert json.loads(row["versions"])["regime"] == "permenaker-2-2025"
    knows(hub, 3, REPORT)
    assert night(hub, 3).counts["PHK-02"]["closed"] == 1
    row = table(hub, tables.discrepancy).row(by_predicate=pl.col("code") == "PHK-02", named=True)
    assert (row["state"], row["closed_seq"]) == ("closed", 3)
    assert row["closing_evidence"] == "dinas_3215.laporan_phk: a report, record c1"


def test_a_halted_batch_is_silence(hub):
    """What was pulled and halted is not in the register: the report may be in it."""
    knows(hub, 1, DISMISSED)
    halted = {
        "batch_id": "x",
        "seq": 1,
        "office": "dinas_3215",
        "feed": "dinas_3215.laporan_phk",
        "state": "halted",
        "complete": True,
        "rows": 5,
        "landing": "x",
        "sha256": "0",
        "manifest": "{}",
    }
    with hub.begin() as conn:
        conn.execute(sa.insert(tables.batch).values(**halted))
    assert night(hub, 1).counts["PHK-02"]["withheld"] == 1


def test_identity_edges_become_findings_and_doubts(hub):
    """A shared NIK is ID-02, with the stored hash as reference; a review holds a worker's finding back."""
    employer = ("bpjs.perusahaan", "employer", "e1", None, {"npp": "JJ012345"})
    worker = ("kemnaker.wlkp_tenaga_kerja", "employment", "w1", "budi", {"registered_date": "2026-07-01"})
    knows(hub, 1, employer, worker, RESIGNED)
    edge = {"tier": "certain", "probability": 0.0, "weight": -9.0, "model": "m", "seq": 1}
    edges = [
        {"left_id": "b2", "right_id": "w1", "zone": "apart", "reasons": '["shared_nik"]', **edge},
        {"left_id": "b2", "right_id": "w1x", "zone": "link", "reasons": "[]", **edge},
    ]
    with hub.begin() as conn:
        judged(conn, pl.DataFrame(edges))
        said = {"record": known(conn, ["b2"])["number"].item(), "record_id": "b2", "number": 1}
        conn.execute(sa.insert(tables.identity_record).values(**said, nik="cd" * 16, sealed=b""))
    counts = night(hub, 1).counts
    assert counts["ID-02"]["opened"] == 1
    assert counts["WRK-01"]["opened"] == 1
    shared = table(hub, tables.discrepancy).filter(pl.col("code") == "ID-02").row(0, named=True)
    assert json.loads(shared["side_b"])["value"] == "NIK cdcdcdcdcdcd of person budi"
    with hub.begin() as conn:
        conn.execute(
            sa.update(tables.identity_pair)
            .where(tables.identity_pair.c.zone == "apart")
            .values(zone="review")
        )
    counts = night(hub, 2).counts
    assert counts["ID-02"]["closed"] == 1
    assert counts["WRK-01"]["open"] == 1  # what is open stays open


def test_a_doubt_that_people_decided_holds_nothing_back(hub):
    """Budi's namesake at BPJS could be him; two reviewers found that he is not."""
    employer = ("bpjs.perusahaan", "employer", "e1", None, {"npp": "JJ012345"})
    worker = ("kemnaker.wlkp_tenaga_kerja", "employment", "w1", "budi", {"registered_date": "2026-07-01"})
    knows(hub, 1, employer, worker, RESIGNED)
    edge = {"tier": "probabilistic", "probability": 0.5, "weight": 0.0, "model": "m", "seq": 1}
    with hub.begin() as conn:
        doubt = {"left_id": "b2", "right_id": "w1", "zone": "review", "reasons": "[]"}
        judged(conn, pl.DataFrame([doubt | edge]))
    night(hub, 1)
    with hub.reading() as conn:
        assert reading._review(conn).height == 2
    decision = {"decision_id": "d", "left_id": "b2", "right_id": "w1", "verdict": "cannot_link"}
    told = {"who": "ani, budi", "why": "seen", "decided_at": datetime(2026, 9, 1, tzinfo=UTC)}
    with hub.begin() as conn:
        conn.execute(sa.insert(tables.identity_decision).values(**decision, **told))
    with hub.reading() as conn:
        assert reading._review(conn).is_empty()


def test_an_obligation_is_kept_from_night_to_night(hub):
    """Opened, still open, met."""
    knows(hub, 1, RESIGNED)
    assert night(hub, 1).counts["obligations"] == {"open": 1, "opened": 1, "met": 0, "lapsed": 0}
    assert night(hub, 2).counts["obligations"] == {"open": 1, "opened": 0, "met": 0, "lapsed": 0}
    knows(
        hub,
        3,
        ("bpjs.surat_klaim", "termination_letter", "l1", "dewi", {"letter_type": "RESIGNATION_STATEMENT"}),
    )
    assert night(hub, 3).counts["obligations"]["met"] == 1
    row = table(hub, tables.obligation).row(0, named=True)
    assert (row["state"], row["opened_seq"], row["closed_seq"], row["owner"]) == (
        "met",
        1,
        3,
        "bpjs.membership",
    )


def test_again_is_not_twice(hub):
    """The second call gives the same receipt and writes nothing; the rows are committed to by a root."""
    knows(hub, 1, DISMISSED)
    receipt = night(hub, 1)
    again = step.run(hub, Night(FIRST, 1, OFFICES))
    assert again == receipt
    assert len(receipt.subtree) == 64
    assert set(receipt.versions) == {"law", "readings", "discrepancies"}
    assert table(hub, tables.discrepancy).height == 1


def letter(kind, number, **facts):
    """A letter at the office in Karawang."""
    told = {
        "letter_type": kind,
        "letter_number": number,
        "letter_date": "2026-08-10",
        "reason_code": "R432",
        "workplace_region": "3215",
        "notice_delivered_date": "2026-08-07",
        "effective_date": "2026-08-28",
        "held_at": "OFFICE",
    }
    return ("dinas_3215.surat_tembusan", "termination_letter", number, "siti", {**told, **facts})


def test_a_letter_that_breaks_the_law_until_it_is_corrected(hub):
    """Too short only by an undecided holiday: a warning. Mistyped, as it turns out: grave. Corrected."""
    knows(hub, 1, letter("PHK_NOTICE", "021/HRD"))
    assert night(hub, 1).counts["LET-03"]["opened"] == 1
    row = table(hub, tables.discrepancy).row(0, named=True)
    assert (row["severity"], row["owner"], row["due_date"]) == ("warn", "hi", date(2026, 9, 8))
    assert json.loads(row["side_b"])["value"] == "2026-08-31"
    assert set(json.loads(row["versions"])) == {"rule", "regime", "law", "readings", "list", "letters"}

    shorter = json.dumps(letter("PHK_NOTICE", "021/HRD", effective_date="2026-08-20")[4])
    with hub.begin() as conn:
        (number,) = records.numbers(conn, pl.Series(["021/HRD"]))["number"]
        changed = sa.update(tables.record_version).where(tables.record_version.c.number == number)
        conn.execute(changed.values(facts=shorter))
    assert night(hub, 2).counts["LET-03"] == {
        "opened": 0,
        "reopened": 0,
        "closed": 0,
        "withheld": 0,
        "open": 1,
    }
    again = table(hub, tables.discrepancy).row(0, named=True)
    assert (again["severity"], again["discrepancy_id"]) == ("high", row["discrepancy_id"])

    moved = {"supersedes_number": "21-HRD", "effective_date": "2026-09-30", "letter_date": "2026-08-12"}
    knows(hub, 3, letter("CORRECTION", "022/HRD", **moved))
    assert night(hub, 3).counts["LET-03"]["closed"] == 1
    row = table(hub, tables.discrepancy).row(0, named=True)
    assert row["closing_evidence"] == "replaced by a letter that names it (CORRECTION), record 022/HRD"


def test_niks_of_one_person_are_opened_and_not_told(hub):
    """ID-01 over two NIKs a digit apart; ID-04 over one that says another day; neither number is kept."""
    one, other, third = "3215105708899001", "3215105708899007", "3313054104911234"
    spell = {"npp": "JJ012345", "end_cause": None}
    knows(
        hub,
        1,
        ("bpjs.tk_kepesertaan", "employment", "b1", "siti", spell),
        ("kemnaker.wlkp_tenaga_kerja", "employment", "w1", "siti", spell),
        ("bpjs.tk_kepesertaan", "employment", "b2", "rina", {**spell, NOTED: "N5 N7"}),
        ("bpjs.tk_kepesertaan", "employment", "b3", "dewi", spell),
    )
    told = {"b1": one, "w1": other, "b2": third, "b3": one[:-1] + "3"}
    sealed = seal_many(
        hub.keyring, pl.Series([json.dumps({"nik": nik}) for nik in told.values()]), "person_version.sealed"
    )
    with hub.begin() as conn:
        numbers = dict(records.numbers(conn, pl.Series(list(told))).iter_rows())
        for record, blob in zip(told, sealed, strict=True):
            number = numbers[record]
            conn.execute(sa.insert(tables.person_version).values(number=number, seq_from=1, sealed=blob))
            hashed = {"number": number, "record": number, "record_id": record, "nik": f"{number:032d}"}
            conn.execute(sa.insert(tables.identity_record).values(**hashed, sealed=b""))
    counts = night(hub, 1).counts
    assert {code: count["opened"] for code, count in counts.items() if code.startswith("ID")} == {
        "ID-01": 1,
        "ID-04": 1,
    }
    found = table(hub, tables.discrepancy)
    assert json.loads(found.filter(pl.col("code") == "ID-01")["records"][0]) == ["b1", "w1"]
    kept = " ".join(str(row) for row in found.iter_rows())
    assert not [nik for nik in told.values() if nik in kept]


@pytest.mark.parametrize(
    ("zone", "reasons", "opens"),
    [
        ("apart", ["shared_kpj", "name_different", "kpj_same"], 1),
        ("review", ["maybe_against", "name_different", "nik_different", "kpj_same"], 1),
        ("review", ["maybe_against", "name_compatible", "nik_different", "kpj_same"], 0),
        ("review", ["maybe_against", "name_different", "nik_slip", "kpj_same"], 0),
        ("review", ["maybe_against", "name_different", "kpj_same"], 0),
    ],
)
def test_a_card_of_two_persons_waits_only_where_they_may_be_one(hub, zone, reasons, opens):
    """ID-06 where they are apart, or agree neither in name nor in NIK."""
    spell = {"npp": "JJ012345"}
    knows(
        hub,
        1,
        ("bpjs.tk_kepesertaan", "employment", "b1", "siti", spell),
        ("bpjs.klaim_jkp", "claim", "k1", "rina", spell),
    )
    edge = {"tier": "probabilistic", "probability": 0.5, "weight": 0.0, "model": "m", "seq": 1, "zone": zone}
    pair = {"left_id": "b1", "right_id": "k1", "reasons": json.dumps(reasons, separators=(",", ":")), **edge}
    with hub.begin() as conn:
        judged(conn, pl.DataFrame([pair]))
    assert night(hub, 1).counts.get("ID-06", {"opened": 0})["opened"] == opens


@pytest.mark.parametrize("state", ["landed", "judged", "halted", "released", "discarded"])
def test_what_is_not_in_the_register_is_not_heard_whatever_was_decided_of_it(hub, state):
    """Karawang's letters were halted; in a catch-up of Balikpapan it is silent, released or not."""
    night(hub, 1)
    feed = "dinas_3215.surat_tembusan"
    batch = {
        "batch_id": "b", "seq": 1, "office": "dinas_3215", "feed": feed, "rows": 3, "complete": True,
        "landing": "l", "sha256": "s", "manifest": "{}",
    }  # fmt: skip
    supplement = Night(FIRST, 2, ("dinas_6471",), supplement=1, main_seq=1)
    heard = {}
    for kept in ("merged", state):
        with hub.begin() as conn:
            conn.execute(sa.delete(tables.batch))
            conn.execute(sa.insert(tables.batch).values(**batch, state=kept))
        with hub.reading() as conn:
            heard[kept] = set(reading._heard(conn, hub, supplement).rows())
    assert ("dinas_3215", "termination_letter") in heard["merged"]
    assert heard["merged"] - heard[state] == {("dinas_3215", "termination_letter")}
