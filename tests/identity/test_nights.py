"""The step over several nights: links, findings, merges, splits, deletions, and what never moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from jendela.crypto import seal_many, unseal_many
from jendela.identity import lookup, step
from jendela.identity.block.sight import SIGHT
from jendela.model.receipt import Night
from jendela.store import frames, tables
from jendela.store.sealed import IDENTITY_RECORD
from tests.identity.conftest import FIRST

BUDI = {
    "nik": "3215011203859001",
    "full_name": "BUDI SANTOSO",
    "birth_date": "1985-03-12",
    "sex": "L",
    "npp": "AB123456",
}
SITI = {
    "nik": "3215015505909002",
    "full_name": "SITI NURHALIZA",
    "birth_date": "1990-05-15",
    "sex": "P",
    "npp": "AB123456",
}


def test_budi_at_bpjs_and_in_wlkp_is_one_person(register: Any) -> None:
    """Equal NIK and the same name but for a title: one person, certain."""
    register.say("bpjs-budi", **BUDI, kpj="20012345678")
    register.say("wlkp-budi", **{**BUDI, "full_name": "Budi Santoso, S.E."})
    counts = register.night().counts["persons"]
    assert register.groups() == {frozenset({"bpjs-budi", "wlkp-budi"})}
    assert counts["records"] == 2
    assert counts["certain"] == 1
    assert counts["persons"] == 1


def test_a_borrowed_nik_is_a_finding_and_links_nobody(register: Any) -> None:
    """Siti's row carries Budi's NIK. She keeps her own person, by her birth date, name and employer."""
    register.say("bpjs-budi", **BUDI)
    register.say("bpjs-siti", **SITI)
    register.say("wlkp-siti", **{**SITI, "nik": BUDI["nik"]})
    counts = register.night().counts["persons"]
    assert register.groups() == {frozenset({"bpjs-budi"}), frozenset({"bpjs-siti", "wlkp-siti"})}
    assert counts["shared_nik"] == 1
    edge = register.table(tables.identity_edge).filter(zone="apart").row(0, named=True)
    assert (edge["left_id"], edge["right_id"], edge["tier"]) == ("bpjs-budi", "wlkp-siti", "certain")
    assert edge["reasons"].startswith('["shared_nik"')


def test_a_second_night_without_change_does_nothing(register: Any) -> None:
    """No record, no pair, no moved node; the same persons."""
    register.say("bpjs-budi", **BUDI)
    register.night()
    before = register.table(tables.identity_node)
    counts = register.night().counts["persons"]
    assert counts["records"] == counts["candidates"] == counts["persons"] == 0
    assert register.table(tables.identity_node).equals(before)


def test_a_delta_finds_the_register_by_keyed_hashes(register: Any) -> None:
    """Budi comes back from WLKP a night later, with a slip in his NIK: linked to the person he was."""
    register.say("bpjs-budi", **BUDI)
    register.say("bpjs-siti", **SITI)
    register.night()
    person = register.persons()["bpjs-budi"]
    register.say("wlkp-budi", **{**BUDI, "nik": "3215012103859001"})
    counts = register.night().counts["persons"]
    assert register.persons()["wlkp-budi"] == person
    assert counts["records"] == 1
    assert counts["linked"] == 1


def test_what_an_older_version_kept_is_met_all_the_same(register: Any) -> None:
    """A hub of before kept what a mention says without what a glance needs: such records are read whole."""
    register.say("bpjs-budi", **BUDI)
    register.say("bpjs-siti", **SITI)
    register.night()
    known, keyring = register.table(tables.identity_record), register.hub.keyring
    kept = unseal_many(keyring, known["sealed"], IDENTITY_RECORD)
    said = kept.bin.slice(len(lookup.MARK) + SIGHT.itemsize)
    assert said.bin.starts_with(b"{").all()
    older = known.select("number", sealed=seal_many(keyring, said, IDENTITY_RECORD))
    with register.hub.begin() as conn:
        frames.update(conn, tables.identity_record, older, ["number"])
    register.say("wlkp-budi", **{**BUDI, "nik": "3215012103859001"})
    register.say("wlkp-siti", **SITI)
    register.night()
    pairs = {frozenset({f"{source}-{who}" for source in ("bpjs", "wlkp")}) for who in ("budi", "siti")}
    assert register.groups() == pairs


def test_who_is_one_person_with_whom_tonight_meets_is_read_ahead(
    register: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim meets the employment alone, by birth date and name. The registration, which shares nothing
    with it, is the same person: it is read with the employment, not once more when the two are weighed.
    """
    sri = {"full_name": "SRI WULANDARI", "sex": "P"}
    told = {"birth_date": "1979-11-02", "mother_maiden_name": "SUMARNI", "phone": "081234567890"}
    register.say("employment", **sri, **told, kpj="20011111111")
    register.say("registration", **sri, kpj="20011111111", entity="pes_registration")
    register.say("budi", **BUDI)
    register.say("siti", **SITI)
    register.night()
    one = frozenset({"employment", "registration"})
    assert one in register.groups()
    monkeypatch.setattr(lookup, "stored", lambda *_: pytest.fail("it was read already"))
    register.say("claim", **sri, **told, entity="claim")
    assert register.night().counts["persons"]["candidates"] == 1
    assert one | {"claim"} in register.groups()


def test_a_merge_redirects_and_a_split_goes_back(register: Any) -> None:
    """Two persons become one when a record joins them, and two again when it is withdrawn."""
    letter = {"full_name": "SITI AMINAH", "sex": "P"}
    born = {"birth_date": "1979-11-02"}
    register.say("a-bpjs", **letter, **born, npp="AB123456", kpj="20011111111")
    private = {"phone": "081234567890", "mother_maiden_name": "SUMARNI"}
    register.say("b-siapkerja", **letter, **private, entity="pes_registration")
    register.night()
    first = register.persons()
    assert first["a-bpjs"] != first["b-siapkerja"]

    register.say("c-claim", **letter, **born, **private, npp="AB123456", kpj="20011111111", entity="claim")
    counts = register.night().counts["persons"]
    assert len(set(register.persons().values())) == 1
    assert counts["merged"] == 1
    kept = register.persons()["a-bpjs"]
    assert kept in first.values()
    redirected = register.table(tables.person).filter(merged_into=kept)
    assert redirected["person_id"].to_list() == [other for other in first.values() if other != kept]
    assert redirected["merged_seq"].to_list() == [2]

    register.withdraw("c-claim")
    counts = register.night().counts["persons"]
    assert register.persons() == first
    assert counts["split"] == 1
    assert register.table(tables.person)["merged_into"].null_count() == 2


def test_a_changed_record_leaves_what_it_no_longer_fits(register: Any) -> None:
    """The agency corrects a row that carried another person's data: its old links are gone."""
    register.say("bpjs-budi", **BUDI)
    register.say("row", **BUDI)
    register.say("bpjs-siti", **SITI)
    register.night()
    register.say("row", **SITI)
    register.night()
    assert register.groups() == {frozenset({"bpjs-budi"}), frozenset({"bpjs-siti", "row"})}


def test_a_deleted_record_leaves_the_graph(register: Any) -> None:
    """Neither node, nor edge, nor key of it stays."""
    register.say("bpjs-budi", **BUDI)
    register.say("wlkp-budi", **BUDI)
    register.night()
    person = register.persons()["bpjs-budi"]
    register.withdraw(min(register.persons()))
    register.night()
    assert register.persons() == {"wlkp-budi": person}
    assert register.table(tables.identity_edge).is_empty()
    assert register.table(tables.identity_record)["record_id"].to_list() == ["wlkp-budi"]


def test_reviewers_bind_every_later_night(register: Any) -> None:
    """A decision made between two nights is followed on the next, though no record changed."""
    register.say("bpjs-budi", **BUDI)
    register.say("wlkp-budi", **BUDI)
    register.night()
    decide(register, "d1", "wlkp-budi", "bpjs-budi", "cannot_link")
    assert register.night().counts["persons"]["split"] == 1
    assert len(register.groups()) == 2
    decide(register, "d2", "bpjs-budi", "wlkp-budi", "must_link")
    assert register.night().counts["persons"]["merged"] == 1
    assert len(register.groups()) == 1


def decide(register: Any, decision_id: str, left: str, right: str, verdict: str) -> None:
    """What two reviewers found."""
    row = {
        "decision_id": decision_id,
        "left_id": left,
        "right_id": right,
        "verdict": verdict,
        "who": "two reviewers",
        "why": "seen the papers",
        "decided_at": datetime(2026, 9, 1, 12, int(decision_id[1:]), tzinfo=UTC),
    }
    with register.hub.begin() as conn:
        conn.execute(insert(tables.identity_decision).values(row))


def test_one_row_that_made_two_entities_is_one_mention(register: Any) -> None:
    """A letter file with its receipt is a letter and a case, and one node."""
    register.say("file", "termination_letter", **BUDI, effective_date="2026-08-01")
    register.say("file", "termination_case", **BUDI)
    assert register.night().counts["persons"]["records"] == 1
    assert list(register.persons()) == ["file"]


def test_a_night_is_performed_once(register: Any) -> None:
    """The second call of the same night returns the first one's receipt and changes nothing."""
    register.say("bpjs-budi", **BUDI)
    first = register.night()
    nodes = register.table(tables.identity_node)
    again = step.run(register.hub, Night(FIRST, 1, ("bpjs",)))
    assert again == first
    assert register.table(tables.identity_node).equals(nodes)
    assert again.versions.keys() == {"model", "standardisation"}
    assert len(again.subtree or "") == 64


def test_nothing_personal_is_in_clear(register: Any) -> None:
    """Neither tables nor receipt hold a NIK, a name, a telephone or a birth date."""
    register.say("bpjs-budi", **BUDI, phone="081234567890", kpj="20012345678")
    receipt = register.night()
    plain = [register.table(table).drop(SEALED, strict=False) for table in IDENTITY_TABLES]
    kept = [repr(table.rows()) for table in plain]
    for secret in ("3215011203859001", "SANTOSO", "81234567890", "1985", "20012345678"):
        assert not any(secret in text for text in [*kept, receipt.to_json()])


# Sealing draws a nonce.
SEALED = "sealed"
IDENTITY_TABLES = (
    tables.identity_run,
    tables.identity_forgotten,
    tables.identity_key,
    tables.identity_record,
    tables.identity_fit,
    tables.identity_node,
    tables.identity_edge,
    tables.person,
)


@pytest.mark.servers
def test_the_same_nights_on_postgresql(register: Any, postgresql_register: Any) -> None:
    """Ids, edges, keys and persons after a delta, a merge and a deletion are equal on both databases."""
    for each in (register, postgresql_register):
        each.say(
            "bpjs-employer", "employer", npp="AB123456", employer_name="PT MAJU JAYA", region_code="3215"
        )
        each.say("bpjs-budi", **BUDI)
        each.say("bpjs-siti", **SITI)
        each.say("wlkp-siti", **{**SITI, "nik": BUDI["nik"]})
        each.night()
        each.say("wlkp-budi", **{**BUDI, "nik": "3215012103859001"})
        each.withdraw("bpjs-siti")
        each.night()
    for table in (*IDENTITY_TABLES, tables.employer, tables.employer_key, tables.employer_node):
        one, other = (
            each.table(table).drop(SEALED, strict=False) for each in (register, postgresql_register)
        )
        assert one.sort(one.columns).equals(other.sort(other.columns)), table.name


def test_a_new_standardisation_judges_everybody_again(register: Any, monkeypatch: Any) -> None:
    """Keys and edges of an older version would not meet the new ones; persons stay who they are."""
    register.say("bpjs-budi", **BUDI)
    register.say("wlkp-budi", **BUDI)
    register.night()
    persons = register.persons()
    monkeypatch.setattr(step, "VERSION", "next")
    counts = register.night().counts["persons"]
    assert (counts["records"], counts["certain"]) == (2, 1)
    assert register.persons() == persons
    assert register.night().counts["persons"]["records"] == 0
