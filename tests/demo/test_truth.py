"""The truth is the truth: a cheating hub finds in the books exactly what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.careers import FIRST_NIGHT
from tests.demo.conftest import SEED, WORKERS
from tests.demo.oracle import Oracle, lines

CODES = {"WRK-01", "PHK-02", "LET-01", "LET-02", "LET-07", "PES-01", "CLM-04", "ID-02"}


def open_in_truth(folder: Path, night: date, person: dict[tuple[str, str, str], int]) -> set[tuple[str, str]]:
    """What the truth says is open on a night, in the oracle's terms."""
    found = set()
    for row in lines(folder, "discrepancies"):
        since = date.fromisoformat(row["since_night"])
        until = date.fromisoformat(row["until_night"]) if row["until_night"] else date.max
        if since <= night < until:
            key = row["key_a"]
            if row["code"] == "ID-02":
                sides = [
                    person[row[f"agency_{side}"], row[f"table_{side}"], row[f"key_{side}"]] for side in "ab"
                ]
                key = str(tuple(sorted(sides)))
            found.add((row["code"], key))
    return found


@pytest.mark.parametrize(("workers", "seed"), [(300, 1), (300, 2), (300, 3), (2000, 4)])
def test_all_found_none_invented(tmp_path, workers, seed):
    """On the first night the books hold every planted discrepancy and no other, and every code occurs."""
    summary = write(tmp_path, workers, seed)
    oracle = Oracle(tmp_path, seed, workers, FIRST_NIGHT)
    planted = open_in_truth(tmp_path, FIRST_NIGHT, oracle.person)
    assert set(oracle.findings()) == planted
    assert {code for code, _ in planted} == CODES == set(summary.planted)


def test_days_pass_and_the_truth_keeps_up(own_demo):
    """Over ten days things are mended, planted, corrected, removed; the truth says so each night."""
    closed = Counter()
    for _ in range(10):
        summary = advance(own_demo)
        oracle = Oracle(own_demo, SEED, WORKERS, summary.night)
        assert set(oracle.findings()) == open_in_truth(own_demo, summary.night, oracle.person), summary.night
    for row in lines(own_demo, "discrepancies"):
        closed[row["code"]] += row["until_night"] != ""
    assert set(+closed) >= CODES - {"LET-07"}


def test_every_key_in_the_truth_is_in_the_books(demo):
    """A truth that names rows nobody has would be no truth."""
    oracle = Oracle(demo, SEED, WORKERS, FIRST_NIGHT)
    known = set(oracle.person)
    for row in lines(demo, "discrepancies"):
        for side in "ab":
            agency, table, key = (row[f"{name}_{side}"] for name in ("agency", "table", "key"))
            assert not key or (agency, table, key) in known, row
    for row in lines(demo, "obligations"):
        assert ("bpjs", "TK_KEPESERTAAN", row["key"]) in known
        assert not row["letter_key"] or ("bpjs", "SURAT_KLAIM", row["letter_key"]) in known


def test_obligations_are_the_resignations(demo):
    """Each spell that ended by resignation, with the statement if BPJS has one."""
    oracle = Oracle(demo, SEED, WORKERS, FIRST_NIGHT)
    stated = {(row["person"], row["NPP"]): row["key"] for row in oracle.letters if row["JENIS_SURAT"] == "03"}
    resigned = {
        row["key"]: stated.get((row["person"], row["NPP"]), "")
        for row in oracle.spells
        if row["SEBAB_NA"] == "01"
    }
    assert {row["key"]: row["letter_key"] for row in lines(demo, "obligations")} == resigned
    assert {bool(letter) for letter in resigned.values()} == {True, False}


def test_who_is_who_as_clerks_wrote_it(demo):
    """Every code occurs, of records that are in the books; of one person unless two share a number."""
    told = lines(demo, "identities")
    person = {(row["agency"], row["table"], row["key"]): row["person"] for row in lines(demo, "persons")}
    assert {row["code"] for row in told} >= {"ID-01", "ID-03", "ID-04", "ID-05", "ID-07"}
    for row in told:
        one, other = (
            person[row[f"agency_{side}"], row[f"table_{side}"], row[f"key_{side}"]] for side in "ab"
        )
        assert one == other, row


def test_slips_and_cards_are_mended_as_days_pass(own_demo):
    """Each working day one near-miss NIK is corrected and two cards are merged: others stay."""
    before = {row["code"] for row in lines(own_demo, "identities") if row["until_night"]}
    advance(own_demo)
    ended = [row for row in lines(own_demo, "identities") if row["until_night"]]
    assert before == set()
    assert {row["code"] for row in ended} >= {"ID-01", "ID-07"}
    assert {row["until_night"] for row in ended} == {"2026-09-02"}
    still = {row["code"] for row in lines(own_demo, "identities") if not row["until_night"]}
    assert {"ID-01", "ID-07"} <= still
