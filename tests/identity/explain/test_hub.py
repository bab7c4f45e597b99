"""Explanations from a hub: as the night judged, found by the beginnings of ids, a look at values logged."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select, update

from jendela.cli import jendela
from jendela.cli.options import settings_of
from jendela.configured import open_hub
from jendela.identity.explain import hub as explain
from jendela.model.errors import WrongUseError
from jendela.store import tables
from tests.identity.conftest import Register
from tests.identity.explain.people import ROWS
from tests.store.known import belong

NOW = datetime(2026, 9, 2, 3, 0, tzinfo=UTC)
CONFIG = """
state: state
first_night: 2026-09-01
offices: [bpjs]
make_key: true
"""
# As the hub calls records: hex digits.
IDS = {row[0]: f"{place:02x}" * 32 for place, row in enumerate(ROWS, start=160)}
NAMES = (
    "full_name", "nik", "birth_date", "sex", "mother_maiden_name", "phone", "birth_place", "residence_region",
    "address",
)  # fmt: skip


def fill(register: Register) -> None:
    """The test's people, and one night."""
    for record, *values in ROWS:
        register.say(IDS[record], **dict(zip(NAMES, values, strict=True)))
    register.night()


@pytest.fixture
def people(register: Register) -> Register:
    """A register that has seen them."""
    fill(register)
    return register


def edge_weight(register: Register, left: str, right: str) -> float:
    """The weight that the night stored."""
    edges = register.table(tables.identity_edge)
    ends = sorted((IDS[left], IDS[right]))
    found = edges.filter((edges["left_id"] == ends[0]) & (edges["right_id"] == ends[1]))
    return float(found["weight"][0])


def test_a_person_is_explained_pair_by_pair(people: Register) -> None:
    """Its own pairs, as the night weighed them, and those with others over a shared number."""
    person = people.persons()[IDS["siti-1"]]
    found = explain.of_person(people.hub, person[:16])
    assert found.person == person
    assert {(account.left, account.right) for account in found.own} >= {(IDS["siti-1"], IDS["siti-2"])}
    assert all(account.zone == "link" for account in found.own)
    first = found.own[0]
    assert (first.left, first.right, first.tier) == (IDS["siti-1"], IDS["siti-2"], "certain")
    assert first.weight == pytest.approx(edge_weight(people, "siti-1", "siti-2"), abs=1e-6)

    agus = explain.of_person(people.hub, people.persons()[IDS["agus"]])
    (shared,) = [account for account in agus.outside if IDS["made"] in (account.left, account.right)]
    assert shared.zone == "apart"
    assert ("reason.shared_nik", {}) in shared.notes
    assert shared.weight == pytest.approx(edge_weight(people, "agus", "made"), abs=1e-6)


def test_a_person_is_not_found_by_counting(people: Register) -> None:
    """The first eight digits of its id are a running number; with a few more it is still a guess."""
    person = people.persons()[IDS["siti-1"]]
    assert int(person[:8], 16) < 100
    for digits in (8, 15):
        with pytest.raises(WrongUseError, match="at least 16 digits"):
            explain.of_person(people.hub, person[:digits])


def test_a_link_is_named_by_two_beginnings(people: Register) -> None:
    """Unique ones; two records that nobody compared can be asked about too."""
    found = explain.of_link(people.hub, IDS["siti-1"][:8], IDS["made"][:10])
    (account,) = found.own
    assert (account.left, account.right, account.zone) == (IDS["siti-1"], IDS["made"], "apart")


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("a0a0a0a", "a1a1a1a1", "at least 8 digits"),
        ("ffffffff", "a1a1a1a1", "No record begins with ffffffff"),
        ("a0a0a0a0", "a0a0a0a0", "are one record"),
        ("a_______", "a1a1a1a1", "No record begins with"),
    ],
)
def test_what_names_no_link_is_said(people: Register, left: str, right: str, why: str) -> None:
    """As an error of use."""
    with pytest.raises(WrongUseError, match=why):
        explain.of_link(people.hub, left, right)


def test_an_id_that_two_records_begin_with_is_refused(people: Register) -> None:
    """No guess."""
    people.say("a0" * 31 + "ff", full_name="SOMEBODY ELSE", birth_date="1970-02-03")
    people.night()
    with pytest.raises(WrongUseError, match="More than one record begins with"):
        explain.of_link(people.hub, "a0" * 8, IDS["made"][:8])


def test_before_the_first_night_there_is_nothing_to_explain(register: Register) -> None:
    """And it is said so."""
    with register.hub.begin() as conn:
        belong(conn, {IDS[name]: IDS[name] for name in ("budi", "beni")}, 1)
    with pytest.raises(WrongUseError, match="No night has said"):
        explain.of_link(register.hub, IDS["budi"], IDS["beni"])


def test_a_merged_person_is_its_survivor(people: Register) -> None:
    """An old id still finds the person."""
    persons = people.persons()
    with people.hub.begin() as conn:
        gone = {
            "number": 1_000,
            "person_id": "ee" * 32,
            "seq": 1,
            "merged_into": persons[IDS["siti-1"]],
            "merged_seq": 1,
        }
        conn.execute(insert(tables.person).values(gone))
    assert explain.of_person(people.hub, "ee" * 8).person == persons[IDS["siti-1"]]


def test_what_people_decided_is_told(people: Register) -> None:
    """With its day; not by whom nor why."""
    ends = sorted((IDS["sri-solo"], IDS["sri-medan"]))
    made = {
        "decision_id": "d" * 64, "left_id": ends[0], "right_id": ends[1], "verdict": "cannot_link",
        "who": "ani, budi", "why": "other mothers", "decided_at": NOW,
    }  # fmt: skip
    with people.hub.begin() as conn:
        conn.execute(insert(tables.identity_decision).values(made))
    (account,) = explain.of_link(people.hub, IDS["sri-medan"], IDS["sri-solo"]).own
    assert ("explain.note.cannot_link", {"day": "2026-09-02"}) in account.notes


def test_values_are_shown_only_after_the_ledger_has_it(people: Register) -> None:
    """Who looked, when, at which records; never what they say."""
    found = explain.of_link(people.hub, IDS["siti-1"], IDS["siti-2"])
    assert found.values == {}
    shown = explain.with_values(people.hub, found, " auditor  ani ", NOW)
    assert shown.values[IDS["siti-2"]]["name"] == "St. Nur Aisyah"
    with people.hub.reading() as conn:
        (view,) = conn.execute(
            select(tables.ledger_leaf.c.body).where(tables.ledger_leaf.c.kind == "view")
        ).scalars()
    body = json.loads(view)["body"]
    assert body == {
        "explained": sorted((IDS["siti-1"], IDS["siti-2"])), "who": "auditor ani", "at": NOW.isoformat()
    }  # fmt: skip
    with pytest.raises(WrongUseError):
        explain.with_values(people.hub, found, " ", NOW)


def test_after_a_change_of_policy_the_next_night_must_judge_first(people: Register) -> None:
    """An explanation of what was not judged so would mislead."""
    with people.hub.begin() as conn:
        stored = json.loads(conn.execute(select(tables.identity_fit.c.versions)).scalar_one())
        other = json.dumps(stored | {"model": "another"}, sort_keys=True)
        conn.execute(update(tables.identity_fit).values(versions=other))
    with pytest.raises(WrongUseError, match="changed since the last night"):
        explain.of_link(people.hub, IDS["budi"], IDS["beni"])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: Any) -> Iterator[Register]:
    """The same behind a configuration, `JENDELA_CONFIG`."""
    config = tmp_path / "jendela.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("JENDELA_CONFIG", str(config))
    with open_hub(settings_of(config), os.environ) as hub:
        register = Register(hub)
        fill(register)
        yield register


def call(*words: str) -> Result:
    """The command, its output and exit code."""
    return CliRunner().invoke(jendela, ["explain", *words], catch_exceptions=True)


def test_at_the_command_line(office: Register, tmp_path: Path) -> None:
    """A person in both languages, a link as JSON, a page; values only with a name."""
    person = office.persons()[IDS["siti-1"]]
    told = call(person[:16])
    assert told.exit_code == 0, told.exception
    for said in ("SATU ORANG", "ONE PERSON", "Yang menyatukan", "What joins"):
        assert said in told.output
    for row in ROWS:
        assert not any(value in told.output for value in row[1:] if value and len(value) > 4)

    pair = f"{IDS['agus'][:8]}:{IDS['made'][:8]}"
    found = json.loads(call(pair, "--json").output)
    assert found["own"][0]["zone"] == "apart"
    assert found["values"] == {}

    page = tmp_path / "why.html"
    refused = call(pair, "--show-values", "--html", str(page))
    assert refused.exit_code == 2
    assert not page.exists()
    shown = call(pair, "--show-values", "--by", "ani", "--lang", "id", "--html", str(page))
    assert "AGUS SALIM" in shown.output
    assert "AGUS SALIM" in page.read_text(encoding="utf-8")
    assert call(pair, "--html", str(tmp_path / "nowhere" / "why.html")).exit_code == 2
