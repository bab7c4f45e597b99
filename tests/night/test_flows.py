"""A night over the deck's other flows: one story for each, through a demo of 600 workers."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from sqlalchemy import select

from jendela.demo.advance import advance
from jendela.store import frames, tables
from tests.demo.oracle import lines, sql
from tests.night import truth


@pytest.fixture(scope="module")
def told(after_one_night, tmp_path_factory):
    """What the hub knows and has delivered after the first night: facts, records and inboxes."""
    from tests.night.conftest import move

    demo = move(after_one_night, tmp_path_factory.mktemp("flows") / "demo")
    with demo.hub() as hub, hub.reading() as conn:
        current = select(tables.canonical_version).where(tables.canonical_version.c.seq_to.is_(None))
        facts = frames.read(conn, current)
        links = frames.read(conn, tables.record_fact)
        known = truth.records(hub)
    keys = links.with_columns(
        key=pl.Series([known[record][2] for record in links["record_id"]]),
        table=pl.Series([known[record][1] for record in links["record_id"]]),
    )
    return demo.folder, facts.join(keys, on=["fact_id", "entity"])


def of(told, entity, key):
    """The fact that a source row became: person, employer and clear values."""
    row = told[1].filter((pl.col("entity") == entity) & (pl.col("key") == key)).row(0, named=True)
    return row["person_id"], row["employer_id"], json.loads(row["facts"])


def planted(told, code):
    """A planted case of a code."""
    return next(row for row in lines(told[0], "flows") if row["code"] == code)


def inbox(told, agency, table):
    """A table of an agency's inbox."""
    return sql(told[0], f"{agency}/inbox.sqlite", table)


def test_every_fact_has_its_person(told):
    """Nothing names nobody for ever: each referring record found whose it is."""
    wanted = ("contribution", "benefit_payment", "pes_activity", "referral", "training_attendance",
              "disqualification_notice", "dispute", "settlement_agreement")  # fmt: skip
    found = told[1].filter(pl.col("entity").is_in(wanted))
    assert set(found["entity"]) == set(wanted)
    assert found["person_id"].null_count() == 0


def test_contributions_and_arrears(told):
    """CON-01: the unpaid months are facts of the spell, and the inspection is told of them without wages."""
    case = planted(told, "CON-01")
    person, employer, facts = of(told, "contribution", case["key_b"])
    assert (person, employer) == of(told, "employment", case["key_a"])[:2]
    assert (facts["paid_date"], facts["state"]) == (None, "FINALISED")
    rows = inbox(told, "kemnaker", "jdl_was_tunggakan")
    assert len([row for row in rows if row["npp"] == case["key_a"].split("|")[1]]) >= 5
    assert not any("upah" in name or "iuran" in name for name in rows[0])


def test_payments_and_accounts(told):
    """PAY-01: two persons, one account, one hash; the number itself is nowhere in what is kept in clear."""
    case = planted(told, "PAY-01")
    (one, _, first), (other, _, second) = (of(told, "benefit_payment", case[f"key_{side}"]) for side in "ab")
    assert one != other
    assert first["account_reference"] == second["account_reference"]
    numbers = {row["NO_REKENING"] for row in sql(told[0], "bpjs/smile.sqlite", "BAYAR_MANFAAT")} - {""}
    kept = " ".join(told[1]["facts"])
    assert not [number for number in numbers if number in kept]
    paid = {row["no_bayar"] for row in inbox(told, "kemnaker", "jdl_pes_pembayaran")}
    assert case["key_a"] in paid


def test_the_search_for_work(told):
    """MON-04: a month in which nobody came to the meeting, told to BPJS."""
    person, _, facts = of(told, "pes_activity", planted(told, "MON-04")["key_b"])
    assert facts["meeting"] == "NO_SHOW"
    assert person == of(told, "benefit_payment", planted(told, "MON-04")["key_a"])[0]
    assert "TIDAK HADIR" in {row["hadir_pertemuan"] for row in inbox(told, "bpjs", "jdl_aktivitas")}


def test_training_and_placement(told):
    """TRN-01 and PLC-01: attendance and the first day of work reach BPJS under its own card number."""
    _, _, facts = of(told, "training_attendance", planted(told, "TRN-01")["key_b"])
    assert facts["attendance_percent"] == 65
    assert "65" in {row["hadir_persen"] for row in inbox(told, "bpjs", "jdl_kehadiran_latih")}
    placed = inbox(told, "bpjs", "jdl_penempatan")
    assert {row["tgl_mulai_kerja"] for row in placed} == {"22-06-2026"}
    assert all(len(row["kpj"]) == 11 for row in placed)


def test_a_notice_and_its_answer(told):
    """DSQ: BPJS gets it with a deadline; what it did is the same fact, and goes back to the service."""
    acted = next(row for row in sql(told[0], "bpjs/smile.sqlite", "HENTI_MANFAAT") if row["NO_PEMBERITAHUAN"])
    of_bpjs = of(told, "disqualification_notice", acted["ID_HENTI"])
    assert of_bpjs == of(told, "disqualification_notice", acted["NO_PEMBERITAHUAN"])
    assert (of_bpjs[2]["action"], of_bpjs[2]["sent_date"] is not None) == ("STOPPED", True)
    asked = {row["no_pemberitahuan"]: row for row in inbox(told, "bpjs", "jdl_diskualifikasi")}
    assert asked[acted["NO_PEMBERITAHUAN"]]["batas_jawab"]
    answered = {row["no_pemberitahuan"] for row in inbox(told, "kemnaker", "jdl_pes_tindakan")}
    assert acted["NO_PEMBERITAHUAN"] in answered


def test_disputes_and_settlements(told):
    """The worker of a dispute is the one BPJS knows, and BPJS learns of the agreement, not of its amount."""
    agreed = inbox(told, "bpjs", "jdl_pb")
    disputes = {row["no_pencatatan"]: row for row in inbox(told, "bpjs", "jdl_perselisihan")}
    assert agreed
    assert all(disputes[row["no_pencatatan"]]["kpj"] == row["kpj"] for row in agreed)
    assert not any("nilai" in name for name in agreed[0])


@pytest.mark.slow
def test_eight_days_later(second):
    """A notice, an answer, a mass lay-off by one letter: it all arrives, and the balance holds."""
    for _ in range(8):
        advance(second.folder)
    second.run(day=date(2026, 9, 9))  # a broken balance raises
    with second.hub() as hub, hub.reading() as conn:
        case = tables.canonical_version.c
        now = (case.entity == "termination_letter", case.seq_to.is_(None))
        letters = frames.read(conn, select(case.facts).where(*now))["facts"]
    numbers = [json.loads(facts)["letter_number"] for facts in letters]
    assert max(numbers.count(number) for number in set(numbers)) > 5
