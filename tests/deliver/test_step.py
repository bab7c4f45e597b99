"""A night's deliveries to one office: nothing lost, nothing twice, and whoever is silent or away is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

import jendela.evidence.commit as evidence_commit
from jendela.deliver import step
from jendela.store import tables
from tests.beaten import beaten

LETTER_KEYS = {"kpj": "01234567891", "npp": "JJ012345", "no_surat": "021/HRD-PHK/IX/2026"}


def balanced(receipt):
    """Pending before + due = acknowledged + refused + expired + pending after, for every delivery."""
    return all(
        counts["pending_before"] + counts["due"]
        == counts["acknowledged"] + counts["refused"] + counts["expired"] + counts["pending_after"]
        for counts in receipt.counts.values()
    )


def test_bpjs_gets_the_letter_in_its_own_words(siti, letter):
    """Own keys, column names, codes, dates and money: BPJS can take the row over as it is."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter, held_at="OFFICE")
    receipt = siti.deliver("bpjs")
    (row,) = siti.inboxes["bpjs"].of("jdl_surat")
    assert LETTER_KEYS.items() <= row.items()
    assert (row["verb"], row["night"], row["recipient"], row["jdl_seq"]) == (
        "upsert",
        "2026-09-01",
        "bpjs",
        "00000001",
    )
    assert (row["jenis_surat"], row["jenis_kelamin"], row["kd_alasan"]) == ("01", "2", "43-2")
    assert (row["tgl_berlaku"], row["uang_pesangon"]) == ("24-09-2026", "Rp 45.000.000,00")
    assert row["status_verifikasi"] == "HANYA DI DINAS"
    assert receipt.counts["bpjs.letters"] == {
        "pending_before": 0,
        "due": 1,
        "acknowledged": 0,
        "refused": 0,
        "expired": 0,
        "pending_after": 1,
        "sent": 1,
        "escalated": 0,
    }


def test_the_participant_number_is_the_recipients_own(siti, letter):
    """The office's copy of the letter has no KPJ; BPJS is told the one it knows her by."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter, kpj=None)
    siti.deliver("bpjs")
    assert siti.inboxes["bpjs"].of("jdl_surat")[0]["kpj"] == "01234567891"


def test_an_empty_delivery_is_announced_as_zero(siti):
    """Zero rows is a fact, "no data" another: every delivery is announced."""
    receipt = siti.deliver("bpjs")
    assert siti.inboxes["bpjs"].announced == [
        ("bpjs", name, "2026-09-01", 0)
        for name in (
            "disputes",
            "letter_returns",
            "letter_status",
            "letters",
            "notices",
            "pes_activity",
            "pes_registrations",
            "placements",
            "settlements",
            "training_attendance",
        )
    ]
    assert receipt.missing == ()


def test_an_office_without_deliveries_has_an_empty_receipt(world):
    """An office that sends and is sent nothing: nothing is asked of it and nothing is missing."""
    offices = dict(world.hub.agreements.offices)
    offices["dinas_7371"] = replace(offices["dinas_7371"], deliveries={}, recipients=())
    world.hub.agreements = replace(world.hub.agreements, offices=offices)
    receipt = world.deliver("dinas_7371")
    assert receipt.counts == {}
    assert receipt.missing == ()


def test_one_delivery_serves_all_desks_of_an_office(siti):
    """Industrial relations, employment service and inspection: one task, one connection, one receipt."""
    receipt = siti.deliver("dinas_3215")
    assert {name.rpartition(".")[0] for name in receipt.counts} == {
        "dinas.3215.hi",
        "dinas.3215.pes",
        "dinas.3215.inspection",
    }
    told = siti.inboxes["dinas_3215"].of("kepesertaan_pengawasan")
    assert [row["UPAH_DILAPORKAN"] for row in told] == ["5.000.000"]


def test_what_did_not_change_is_not_sent_again(siti):
    """The second night is an announcement of zero rows, although the source row was touched."""
    first = siti.deliver("kemnaker")
    siti.inboxes["kemnaker"].answer_all()
    siti.next_night()
    siti.say("employment", "bpjs", "r-bpjs", fact="f-spell", **siti.spell | {"wage_reported": "5500000.00"})
    second = siti.deliver("kemnaker")
    assert first.counts["kemnaker.hi.registrations"]["due"] == 1
    assert second.counts["kemnaker.hi.registrations"]["due"] == 0
    assert second.counts["kemnaker.hi.registrations"]["acknowledged"] == 1
    assert ("kemnaker.hi", "registrations", "2026-09-02", 0) in siti.inboxes["kemnaker"].announced


def test_only_what_is_due_is_opened(siti, monkeypatch):
    """An unchanged person stays sealed: the basis says that nothing can have changed."""
    siti.deliver("kemnaker")
    siti.next_night()
    monkeypatch.setattr("jendela.deliver.payload.PERSON_VERSION", "a context that opens nothing")
    assert siti.deliver("kemnaker").counts["kemnaker.hi.registrations"]["due"] == 0


def test_a_newer_version_expires_the_pending_one(siti):
    """Siti's spell ends before Kemnaker answered: the older row can no longer win, and the balance holds."""
    siti.deliver("kemnaker")
    siti.next_night()
    ended = siti.spell | {"end_date": "2026-09-24", "end_cause": "TERMINATION"}
    siti.say("employment", "bpjs", "r-bpjs", fact="f-spell", **ended)
    receipt = siti.deliver("kemnaker")
    counts = receipt.counts["kemnaker.hi.registrations"]
    assert (counts["pending_before"], counts["due"], counts["expired"], counts["pending_after"]) == (
        1,
        1,
        1,
        1,
    )
    older, newer = siti.inboxes["kemnaker"].of("jdl_hi_kepesertaan")
    assert older["jdl_item"] == newer["jdl_item"]
    assert older["jdl_seq"] < newer["jdl_seq"]
    assert (newer["tgl_berhenti"], newer["alasan_berhenti"]) == ("20260924", "2")


def test_answers_close_deliveries(siti, letter):
    """Accepted, or refused with the agency's code; a reason in free words may name people: by its kind."""
    siti.say("termination_letter", "dinas_3215", "r-1", **letter)
    siti.say("termination_letter", "dinas_3215", "r-2", **letter | {"letter_number": "022"})
    siti.say("termination_letter", "dinas_3215", "r-3", **letter | {"letter_number": "023"})
    siti.deliver("bpjs")
    inbox = siti.inboxes["bpjs"]
    one, two, three = (row["delivery_id"] for row in inbox.of("jdl_surat"))
    inbox.answers = {
        one: ("DITERIMA", "2026-09-01T08:00:00", None),
        two: ("ditolak", "2026-09-01T08:00:00", "B07"),
        three: ("DITOLAK", "2026-09-01T08:00:00", "NIK 3215105708899001 milik orang lain"),
    }
    siti.next_night()
    receipt = siti.deliver("bpjs")
    counts = receipt.counts["bpjs.letters"]
    assert (counts["acknowledged"], counts["refused"], counts["pending_after"]) == (1, 2, 0)
    closed = {row["delivery_id"]: (row["state"], row["ack_reason"]) for row in siti.rows(tables.delivery)}
    assert closed == {
        one: ("acknowledged", None),
        two: ("refused", "B07"),
        three: ("refused", "OTHER_PERSON"),
    }
    assert balanced(receipt)


def test_an_answer_in_other_words_is_not_taken_for_a_yes(siti, letter):
    """It stays pending, and a person is told what to ask for."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    siti.deliver("bpjs")
    siti.inboxes["bpjs"].answer_all("OKE")
    siti.next_night()
    receipt = siti.deliver("bpjs")
    assert receipt.counts["bpjs.letters"]["pending_after"] == 1
    assert receipt.counts["bpjs.letters"]["sent"] == 1
    assert [(item.feed, item.retriable) for item in receipt.missing] == [("bpjs.letters", False)]


def test_silence_is_asked_twice_again_then_escalated(siti, letter):
    """Three attempts in all; after a fourth silent day it is a matter for people, and still pending."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    story = []
    for _ in range(5):
        counts = siti.deliver("bpjs").counts["bpjs.letters"]
        story.append((counts["sent"], counts["escalated"], counts["pending_after"]))
        siti.next_night()
    assert story == [(1, 0, 1), (1, 0, 1), (1, 0, 1), (0, 1, 1), (0, 0, 1)]
    assert len(siti.inboxes["bpjs"].of("jdl_surat")) == 1
    siti.inboxes["bpjs"].answer_all()
    assert siti.deliver("bpjs").counts["bpjs.letters"]["acknowledged"] == 1


def test_an_inbox_that_does_not_answer_keeps_nothing_back(siti, letter):
    """The night goes on without it; what was due waits in the hub and arrives once it is back, once."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    siti.inboxes["bpjs"].away = True
    receipt = siti.deliver("bpjs")
    assert {item.feed for item in receipt.missing} == set(receipt.counts)
    assert all(item.retriable for item in receipt.missing)
    assert receipt.counts["bpjs.letters"]["pending_after"] == 1
    assert receipt.counts["bpjs.letters"]["sent"] == 0
    siti.inboxes["bpjs"].away = False
    siti.next_night()
    receipt = siti.deliver("bpjs")
    assert receipt.missing == ()
    assert receipt.counts["bpjs.letters"]["sent"] == 1
    assert siti.inboxes["bpjs"].of("jdl_surat")[0]["night"] == "2026-09-01"
    assert balanced(receipt)


def test_a_connection_nobody_configured_is_missing_too(siti):
    """One office's omission is not the night's failure; the variable is named."""
    siti.hub.resolve = siti.unconfigured
    receipt = siti.deliver("bpjs")
    assert len(receipt.missing) == 10
    assert "JENDELA_CONN_BPJS_INBOX" in receipt.missing[0].reason


@pytest.mark.parametrize("moment", ["before it is sent", "after it was sent"])
def test_a_killed_run_sends_the_same_ids_again(siti, letter, monkeypatch, moment):
    """Whatever was written before, the second attempt ends like an undisturbed night; the inbox keeps one."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    with monkeypatch.context() as patch:
        target = (step, "_send") if moment == "before it is sent" else (evidence_commit, "commit")
        patch.setattr(*target, killed)
        with pytest.raises(KeyboardInterrupt):
            siti.deliver("bpjs")
    receipt = siti.deliver("bpjs")
    counts = receipt.counts["bpjs.letters"]
    assert (counts["due"], counts["sent"], counts["pending_after"]) == (1, 1, 1)
    assert len(siti.inboxes["bpjs"].of("jdl_surat")) == 1
    assert [row["attempts"] for row in siti.rows(tables.delivery)] == [1]
    assert balanced(receipt)


def killed(*_):
    """What a SIGKILL looks like from inside."""
    raise KeyboardInterrupt


def test_the_same_night_again_gives_the_same_receipt(siti):
    """A step that is done is not done again."""
    first = siti.deliver("kemnaker")
    announced = len(siti.inboxes["kemnaker"].announced)
    assert siti.deliver("kemnaker") == first
    assert len(siti.inboxes["kemnaker"].announced) == announced


def test_a_fact_that_is_gone_is_taken_back_by_its_keys(siti):
    """Only what the recipient needs to find its row again is in a retraction."""
    siti.deliver("dinas_3215")
    siti.inboxes["dinas_3215"].answer_all()
    siti.next_night()
    siti.unsay("r-bpjs", "employment")
    receipt = siti.deliver("dinas_3215")
    upsert, retract = siti.inboxes["dinas_3215"].of("kepesertaan_hi")
    assert (retract["verb"], retract["jdl_item"]) == ("retract", upsert["jdl_item"])
    filled = {name for name, value in retract.items() if value is not None}
    assert filled == {"delivery_id", "verb", "night", "recipient", "jdl_item", "jdl_seq", "NIK", "target"}
    assert receipt.counts["dinas.3215.hi.registrations"]["due"] == 1
    siti.next_night()
    assert siti.deliver("dinas_3215").counts["dinas.3215.hi.registrations"]["due"] == 0


def test_a_worker_who_moves_region_leaves_one_office_for_the_other(siti):
    """The entitlement ended in Karawang: a retraction there, an upsert in Balikpapan."""
    siti.deliver("dinas_3215")
    siti.next_night()
    siti.say("employment", "bpjs", "r-bpjs", fact="f-spell", **siti.spell | {"workplace_region": "6471"})
    siti.deliver("dinas_3215")
    siti.deliver("dinas_6471")
    assert [row["verb"] for row in siti.inboxes["dinas_3215"].of("kepesertaan_hi")] == ["upsert", "retract"]
    assert [row["verb"] for row in siti.inboxes["dinas_6471"].of("kepesertaan_hi")] == ["upsert"]


def test_a_split_takes_back_what_was_the_other_persons(siti, budi):
    """Budi's registration was taken for Siti's. After the split BPJS, who does not know Budi, loses it."""
    siti.say(
        "pes_registration", "kemnaker", "r-pes", fact="f-pes", person="P1", **budi, registration_no="PK-9"
    )
    siti.deliver("bpjs")
    siti.next_night()
    siti.move("f-pes", "P2")
    siti.deliver("bpjs")
    wrong, back = siti.inboxes["bpjs"].of("jdl_pencaker")
    assert (wrong["kpj"], wrong["nama"]) == ("01234567891", "BUDI SANTOSO")
    assert (back["verb"], back["no_pendaftaran"], back["nama"]) == ("retract", "PK-9", None)


def test_a_rehearsal_sends_nothing(siti, letter):
    """A dry run reads only: no row leaves, none stays in the hub."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    with siti.rehearsal() as rehearsal:
        counts = rehearsal.deliver("bpjs").counts["bpjs.letters"]
    assert (counts["due"], counts["sent"]) == (1, 0)
    assert siti.inboxes["bpjs"].rows == {}
    assert siti.inboxes["bpjs"].announced == []
    assert siti.rows(tables.delivery) == []


def test_no_row_in_the_hub_names_anybody(siti, letter):
    """Payloads are sealed, receipts and ids tell nothing."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    receipt = siti.deliver("bpjs")
    text = repr(siti.rows(tables.delivery)) + repr(siti.rows(tables.echo)) + receipt.to_json()
    assert "3215105708899001" not in text
    assert "SITI" not in text
    assert len(receipt.artefacts) == 10
    assert receipt.subtree is not None


def announced(inbox, delivery, since=0):
    """Night and number of rows of each announcement of this delivery."""
    return [(night, rows) for _, name, night, rows in inbox.announced[since:] if name == delivery]


def test_what_is_sent_again_is_not_announced_as_tonights(siti, letter):
    """The row keeps its night: whoever counts the rows of a night finds as many as were announced."""
    first = {"seq": 1, "day": date(2026, 9, 1), "supplement": 0, "state": "closed", "offices": "[]"}
    with siti.hub.begin() as conn:
        conn.execute(insert(tables.night).values(**first, opened_at=datetime(2026, 9, 1, tzinfo=UTC)))
    siti.say("termination_letter", "dinas_3215", "r-let", **letter, held_at="OFFICE")
    siti.deliver("bpjs")
    inbox = siti.inboxes["bpjs"]
    assert announced(inbox, "letters") == [("2026-09-01", 1)]
    since = len(inbox.announced)
    siti.next_night()
    assert siti.deliver("bpjs").counts["bpjs.letters"]["sent"] == 1
    assert announced(inbox, "letters", since) == [("2026-09-01", 1), ("2026-09-02", 0)]


def test_a_night_whose_inbox_was_away_is_announced_when_its_rows_come(siti, letter):
    """The agency that waits for the announcement of a night is not left waiting."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter, held_at="OFFICE")
    inbox = siti.inboxes["bpjs"]
    inbox.away = True
    siti.deliver("bpjs")
    assert inbox.announced == []
    inbox.away = False
    siti.next_night()
    siti.deliver("bpjs")
    assert announced(inbox, "letters") == [("2026-09-01", 1), ("2026-09-02", 0)]


@pytest.mark.parametrize("at", [1, 2], ids=["before it plans", "before it is done"])
def test_of_two_attempts_at_once_one_takes_effect(siti, letter, at):
    """Airflow took the first for dead: the rows are sent once, and the late one gives the other's receipt."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter, held_at="OFFICE")
    beaten(siti.hub, lambda: siti.deliver("bpjs"), at)
    receipt = siti.deliver("bpjs")
    assert receipt.counts["bpjs.letters"]["sent"] == 1
    assert balanced(receipt)
    assert len(siti.inboxes["bpjs"].of("jdl_surat")) == 1
    assert [row["attempts"] for row in siti.rows(tables.delivery)] == [1]


def test_an_office_that_comes_back_after_ten_nights_hears_of_each_of_them(siti, letter):
    """Two letters of two nights come once; eight nights of zero rows are said, and none a second time."""
    inbox = siti.inboxes["bpjs"]
    inbox.away = True
    for number in range(10):
        if number in (0, 2):
            siti.say(
                "termination_letter", "dinas_3215", f"r-{number}", **letter | {"letter_number": f"{number}"}
            )
        siti.deliver("bpjs")
        with siti.hub.begin() as conn:
            opened = {
                "seq": siti.seq,
                "day": siti.night.day,
                "supplement": 0,
                "state": "closed",
                "offices": "[]",
            }
            conn.execute(insert(tables.night).values(**opened, opened_at=datetime(2026, 9, 1, tzinfo=UTC)))
        siti.next_night()
    inbox.away = False
    receipt = siti.deliver("bpjs")
    assert receipt.counts["bpjs.letters"]["sent"] == 2
    assert sorted(row["night"] for row in inbox.of("jdl_surat")) == ["2026-09-01", "2026-09-03"]
    rows = {"2026-09-01": 1, "2026-09-03": 1}
    days = [f"2026-09-{day:02}" for day in range(1, 12)]
    assert announced(inbox, "letters") == [(day, rows.get(day, 0)) for day in days]
    since = len(inbox.announced)
    inbox.answer_all()
    siti.next_night()
    siti.deliver("bpjs")
    assert announced(inbox, "letters", since) == [("2026-09-12", 0)]
