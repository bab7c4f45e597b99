"""Candidate pairs: who meets whom, each pair once, and no block explodes."""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.identity.blocking import candidates
from jendela.identity.keys import blocking_keys
from jendela.identity.standardise import standardise

BUDI = {
    "nik": "3215011203859001",
    "full_name": "BUDI SANTOSO",
    "birth_date": "1985-03-12",
    "employer_id": "E1",
}


def meet(**other: str | None) -> bool:
    """Whether Budi and the other mention are compared at all."""
    raw = pl.DataFrame([{"record_id": "a", **BUDI}, {"record_id": "b", **BUDI, **other}])
    return candidates(blocking_keys(standardise(raw, date(2026, 9, 1))), None, 100).pairs.height == 1


def test_each_way_to_meet() -> None:
    """One key is enough, whatever else is wrong."""
    assert meet(full_name="HARTONO")
    assert meet(nik=None, birth_date="1985-12-03", employer_id="E2")
    assert meet(nik=None, birth_date="1985-01-01", employer_id="E2")
    assert meet(nik=None, birth_date="1958-03-12")
    assert meet(nik=None, full_name="HARTONO")


def test_strangers_do_not_meet() -> None:
    """Another number, name, day and employer: never compared."""
    assert not meet(nik="3215011204869002", full_name="HARTONO", birth_date="1986-04-12", employer_id="E2")


def test_an_exploding_block_is_named_and_left_out() -> None:
    """A clerk's telephone on five rows does not make ten pairs when four are the limit."""
    shared = pl.DataFrame(
        {"kind": ["phone"] * 5 + ["kpj"] * 2, "key": ["p"] * 5 + ["k"] * 2, "record_id": [*"abcde", "a", "b"]}
    )
    found = candidates(shared, None, 4)
    assert found.pairs.rows() == [("a", "b")]
    assert found.tamed == {"phone": 1}


def test_only_pairs_with_a_touched_mention() -> None:
    """On a delta night the register is not compared with itself."""
    keys = pl.DataFrame({"kind": ["kpj"] * 3, "key": ["k"] * 3, "record_id": [*"abc"]})
    assert candidates(keys, pl.Series(["b"]), 10).pairs.rows() == [("a", "b"), ("b", "c")]


def test_the_lookup_key_makes_no_pairs() -> None:
    """The whole NIK is stored to find a person by, not to compare within."""
    keys = pl.DataFrame({"kind": ["nik"] * 2, "key": ["n"] * 2, "record_id": [*"ab"]})
    assert candidates(keys, None, 10).pairs.is_empty()
