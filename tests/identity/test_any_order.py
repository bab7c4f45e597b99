"""However the records come, and whenever reviewers decide, the same fit makes the same persons of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from jendela.store import tables
from tests.identity.conftest import Register, open_register

TWIN: dict[str, str | None] = {"birth_date": "1993-05-21", "mother_maiden_name": "SUKAESIH", "sex": "L"}
HASAN: dict[str, str | None] = {"nik": "3215012105939041", "phone": "081270134041"}
HUSEN: dict[str, str | None] = {"nik": "3215012105939042", "phone": "081270134042"}
BUDI: dict[str, str | None] = {
    "nik": "3215011203859001",
    "full_name": "BUDI SANTOSO",
    "birth_date": "1985-03-12",
    "mother_maiden_name": "SUMARNI",
    "phone": "081270134455",
    "sex": "L",
}
SITI: dict[str, str | None] = {
    "nik": "3215015505909002",
    "full_name": "SITI NURHALIZA",
    "birth_date": "1990-05-15",
    "sex": "P",
}
EMPLOYER: dict[str, str | None] = {"npp": "AB123456", "employer_name": "PT MAJU JAYA", "region_code": "3215"}
# Twins, and letters that may be either's; Budi with errors of every kind; Siti, once under his number; his
# father; two halves of one person whom only a third record brings together; and the employer of some, known
# sooner or later than they are.
PEOPLE: dict[str, dict[str, str | None]] = {
    "hasan-1": {**TWIN, "full_name": "HASAN BASRI", **HASAN, "kpj": "19000000041"},
    "hasan-2": {**TWIN, "full_name": "HASAN BASRI", **HASAN},
    "husen-1": {**TWIN, "full_name": "HUSEN BASRI", **HUSEN, "kpj": "19000000042"},
    "husen-2": {**TWIN, "full_name": "HUSEN BASRI", **HUSEN},
    "h-letter": {**TWIN, "full_name": "H BASRI"},
    "basri": {**TWIN, "full_name": "BASRI", "mother_maiden_name": None},
    "budi-1": {**BUDI},
    "budi-2": {**BUDI, "nik": "3215012103859001", "phone": None},
    "budi-3": {**BUDI, "nik": None, "birth_date": "1985-12-03"},
    "budi-4": {**BUDI, "nik": None, "phone": None, "full_name": "BOEDI SANTOSA"},
    "father": {
        "nik": "3215010208559001",
        "full_name": "BUDI SANTOSO",
        "birth_date": "1955-08-02",
        "sex": "L",
    },
    "siti-1": {**SITI, "npp": "AB123456"},
    "siti-2": {**SITI, "nik": BUDI["nik"], "npp": "AB123456"},
    "half-1": {"full_name": "ENGKOS KOSASIH", "birth_date": "1970-04-25", "kpj": "19000000070"},
    "half-2": {"full_name": "ENGKOS KOSASIH", "phone": "081270137070", "mother_maiden_name": "JUJU"},
    "bridge": {
        "full_name": "ENGKOS KOSASIH",
        "birth_date": "1970-04-25",
        "kpj": "19000000070",
        "phone": "081270137070",
        "mother_maiden_name": "JUJU",
    },
    "employer": EMPLOYER,
}
RECORDS = list(PEOPLE)
MUST, CANNOT = "must_link", "cannot_link"
Decisions = dict[tuple[str, str], tuple[str, int]]
named = st.sampled_from([record for record in RECORDS if record != "employer"])
pairs = st.tuples(named, named).filter(lambda pair: pair[0] < pair[1])


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register that has a fit: of these people, all at once."""
    register = open_register(tmp_path_factory.mktemp("judged"))
    live(register, [RECORDS], {})
    yield register
    register.hub.close()


def live(register: Register, nights: list[list[str]], decisions: Decisions) -> set[frozenset[str]]:
    """The records come in these nights, each decision is made before its night; the persons at the end."""
    for number, night in enumerate(nights):
        for record in night:
            entity = "employer" if record == "employer" else "employment"
            register.say(record, entity, **PEOPLE[record])
        made = {pair: verdict for pair, (verdict, when) in decisions.items() if when == number}
        decide(register, made)
        register.night()
    return register.groups()


def decide(register: Register, made: dict[tuple[str, str], str]) -> None:
    """What reviewers found before the next night."""
    rows: list[dict[str, Any]] = [
        {
            "decision_id": f"{left} {right}",
            "left_id": left,
            "right_id": right,
            "verdict": verdict,
            "who": "two reviewers",
            "why": "seen the papers",
            "decided_at": datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=place),
        }
        for place, ((left, right), verdict) in enumerate(made.items())
    ]
    if rows:
        with register.hub.begin() as conn:
            conn.execute(insert(tables.identity_decision), rows)


def persons(judged: Register, nights: list[list[str]], decisions: Decisions) -> set[frozenset[str]]:
    """The same in a register of its own, judged by the same fit."""
    with TemporaryDirectory() as folder:
        register = open_register(Path(folder))
        register.adopt_fit(judged)
        try:
            return live(register, nights, decisions)
        finally:
            register.hub.close()


@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.permutations(RECORDS),
    st.lists(st.integers(0, 2), min_size=len(RECORDS), max_size=len(RECORDS)),
    st.dictionaries(pairs, st.tuples(st.sampled_from([MUST, CANNOT]), st.integers(0, 2)), max_size=4),
)
def test_any_split_into_nights_is_the_same(
    judged: Register, order: list[str], night_of: list[int], decisions: Decisions
) -> None:
    """Up to three nights, in any order, with decisions between them, and all at once."""
    nights = [
        [record for record, night in zip(order, night_of, strict=True) if night == number]
        for number in range(3)
    ]
    at_once = {pair: (verdict, 0) for pair, (verdict, _) in decisions.items()}
    assert persons(judged, nights, decisions) == persons(judged, [RECORDS], at_once)


def test_small_nights_and_the_employer_last(judged: Register) -> None:
    """Three records a night, the twins' incomplete letters and the bridge first."""
    order = sorted(RECORDS, key=lambda record: (record not in ("h-letter", "basri", "bridge"), record[::-1]))
    order = sorted(order, key=lambda record: record == "employer")
    nights = [order[start : start + 3] for start in range(0, len(order), 3)]
    assert persons(judged, nights, {}) == judged.groups()


def test_who_they_are(judged: Register) -> None:
    """The people of this test are worth it: twins apart, Budi one, the father and Siti by themselves."""
    groups = judged.groups()
    together = {
        frozenset({"siti-1", "siti-2"}),
        frozenset({"father"}),
        frozenset({"half-1", "half-2", "bridge"}),
    }
    assert together <= groups
    person = judged.persons()
    assert person["hasan-1"] == person["hasan-2"] != person["husen-1"] == person["husen-2"]
    assert len({person[f"budi-{number}"] for number in range(1, 5)}) == 1
