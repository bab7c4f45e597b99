"""What passed the judges becomes versions of source records; what did not waits, sealed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import polars as pl
import sqlalchemy as sa

from jendela.crypto import unseal
from jendela.store import tables
from jendela.store.records import persons_by_id
from jendela.store.sealed import HELD_ROW, PERSON_VERSION

CLAIMS = "bpjs.klaim_jkp"
SPELLS = "bpjs.tk_kepesertaan"


def claim(number="K1", **fields):
    """An accepted claim of Siti."""
    told = {
        "full_name": "SITI NUR AISYAH",
        "nik": "3215105708899001",
        "birth_date": date(1989, 8, 17),
        "claim_number": number,
        "npp": "JJ012345",
        "filed_date": date(2026, 8, 3),
        "status": "FILED",
    }
    return {"claim": {**told, **fields}}


def test_an_accepted_row_becomes_a_version_that_names_nobody(story):
    """Facts are in clear, dates and amounts as text; name, NIK and birth date only in the sealed blob."""
    spell = {
        "employment": {
            "full_name": "SITI",
            "npp": "JJ012345",
            "start_date": date(2014, 2, 3),
            "wage_reported": Decimal("4800000.00"),
        }
    }
    story.judged(SPELLS, [("s1", spell)])
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    versions = story.table(tables.record_version)
    facts = {row["entity"]: json.loads(row["facts"]) for row in versions.to_dicts()}
    assert facts["employment"]["start_date"] == "2014-02-03"
    assert facts["employment"]["wage_reported"] == "4800000.00"
    assert facts["claim"]["status"] == "FILED"
    assert "SITI" not in "".join(versions["facts"])
    sealed = dict(story.table(persons_by_id).select("record_id", "sealed").iter_rows())
    opened = json.loads(unseal(story.hub.keyring, sealed["k1"], PERSON_VERSION))
    assert opened["nik"] == "3215105708899001"
    assert opened["birth_date"] == "1989-08-17"
    assert set(story.table(tables.batch)["state"]) == {"merged"}


def test_a_change_closes_the_old_version_and_keeps_it(story):
    """What the hub knew on the first night can still be read on the second."""
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    story.next_night()
    story.judged(CLAIMS, [("k1", claim(status="APPROVED"))])
    story.merge()
    versions = story.table(tables.record_version).sort("seq_from")
    assert versions.select("seq_from", "seq_to").rows() == [(1, 2), (2, None)]
    assert [json.loads(facts)["status"] for facts in versions["facts"]] == ["FILED", "APPROVED"]
    assert story.table(tables.person_version).sort("seq_from")["seq_to"].to_list() == [2, None]


def test_a_row_that_no_longer_makes_an_entity_closes_it(story):
    """A letter file that had a receipt and has none any more is no report any more."""
    feed = "dinas_6471.berkas_phk"
    letter = {"full_name": "BUDI", "letter_number": "1/A"}
    story.judged(feed, [("b1", {"termination_letter": letter, "termination_case": {"full_name": "BUDI"}})])
    story.merge()
    assert story.table(tables.person_version).height == 1
    story.next_night()
    story.judged(feed, [("b1", {"termination_letter": letter})])
    story.merge()
    current = story.table(tables.record_version).filter(pl.col("seq_to").is_null())
    assert current["entity"].to_list() == ["termination_letter"]


def test_a_deletion_closes_the_record_and_is_remembered(story):
    """The source row keeps its hash and says on which night it went; coming back, it is there again."""
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    story.next_night()
    story.judged(CLAIMS, deleted=["k1"])
    story.merge()
    assert story.table(tables.record_version)["seq_to"].to_list() == [2]
    assert story.table(tables.source_row).select("outcome", "deleted_seq").row(0) == ("accepted", 2)
    story.next_night()
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    assert story.table(tables.source_row)["deleted_seq"].to_list() == [None]
    assert story.table(tables.record_version).sort("seq_from")["seq_from"].to_list() == [1, 3]


def test_a_halted_batch_touches_nothing(story):
    """Its rows stay in the landing file and nowhere else."""
    story.judged(CLAIMS, [("k1", claim())], held=[("k2", "N1")], deleted=["k3"], state="halted")
    story.merge()
    for table in (tables.record_version, tables.source_row, tables.held_row):
        assert story.table(table).is_empty()
    assert story.table(tables.batch)["state"].to_list() == ["halted"]


def test_a_held_row_waits_with_its_reasons_and_its_values_sealed(story):
    """Every broken rule is named, no value is; the values open with the key only."""
    story.judged(CLAIMS, held=[("k1", "N1"), ("k1", "C-REQ")][:1])
    story.merge()
    row = story.table(tables.held_row).row(0, named=True)
    assert json.loads(row["violations"]) == [{"entity": "claim", "field": "nik", "rule": "N1"}]
    assert row["state"] == "held"
    assert (row["source_name"], row["source_line"]) == (f"{CLAIMS}.csv", 1)
    opened = json.loads(unseal(story.hub.keyring, row["sealed_row"], HELD_ROW))
    assert opened == {"NAMA": "secret", "KODE": "x"}
    assert story.table(tables.source_row)["outcome"].to_list() == ["held"]


def test_a_held_row_leaves_the_last_accepted_version_in_force(story):
    """A mistyped correction does not take the claim out of the register."""
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    story.next_night()
    story.judged(CLAIMS, held=[("k1", "M-DATE")])
    story.merge()
    assert story.table(tables.record_version)["seq_to"].to_list() == [None]


def test_a_newer_version_overtakes_a_held_row(story):
    """Held, corrected but still wrong, at last accepted: at no time do two rows wait for one."""
    story.judged(CLAIMS, held=[("k1", "N1")])
    story.merge()
    story.next_night()
    story.judged(CLAIMS, held=[("k1", "N2")])
    story.merge()
    states = story.table(tables.held_row).sort("seq")["state"].to_list()
    assert states == ["superseded", "held"]
    story.next_night()
    story.judged(CLAIMS, [("k1", claim())])
    story.merge()
    assert set(story.table(tables.held_row)["state"]) == {"superseded"}


def test_a_released_row_is_accepted_or_held_again(story):
    """Released to the next night: what passes is done with, what fails waits again in its old place."""
    story.judged(CLAIMS, held=[("k1", "N1"), ("k2", "N1")])
    story.merge()
    with story.hub.begin() as conn:
        conn.execute(tables.held_row.update().values(state="released", decided_by="ani"))
    before = story.table(tables.held_row)
    story.next_night()
    story.judged(CLAIMS, [("k1", claim())], held=[("k2", "N2")], released=["k1", "k2"])
    receipt = story.merge()
    after = story.table(tables.held_row)
    assert dict(after.select("record_id", "state").iter_rows()) == {"k1": "superseded", "k2": "held"}
    assert set(after["held_id"]) == set(before["held_id"])
    assert "N2" in after.filter(pl.col("record_id") == "k2")["violations"].item()
    assert receipt.counts[CLAIMS]["held_again"] == 1


def test_an_echo_is_noted_and_changes_nothing(story):
    """What we delivered and get back corroborates nothing: no version, but the row is known."""
    story.judged(CLAIMS, echo=["k9"])
    receipt = story.merge()
    assert story.table(tables.record_version).is_empty()
    assert story.table(tables.source_row)["outcome"].to_list() == ["echo"]
    assert receipt.counts[CLAIMS]["echo"] == 1


def test_merging_twice_is_merging_once(story):
    """The second call finds the receipt."""
    story.judged(CLAIMS, [("k1", claim())])
    first = story.merge()
    assert story.merge() == first
    assert story.table(tables.record_version).height == 1


def test_a_night_asks_for_the_last_number_once(story):
    """However many feeds and slices it merges: while an empty register is filled, no index has it."""
    asked = []

    @sa.event.listens_for(story.hub.engine, "before_cursor_execute")
    def listen(conn, cursor, statement, *_):
        asked.append("max(source_row.number)" in statement)

    story.judged(CLAIMS, [("k1", claim()), ("k2", claim("K2"))])
    story.judged(SPELLS, [("s1", {"employment": {"full_name": "SITI", "npp": "JJ012345"}})])
    story.merge()
    assert sum(asked) == 1
    story.next_night()
    story.judged(CLAIMS, [("k3", claim("K3"))])
    story.judged(SPELLS, [("a1", {"employment": {"full_name": "BUDI", "npp": "JJ012345"}})])
    story.merge()
    assert sum(asked) == 2
    numbers = story.table(tables.source_row).select("record_id", "number")
    assert dict(numbers.iter_rows()) == {"k1": 1, "k2": 2, "s1": 3, "k3": 4, "a1": 5}
