"""Keys in the hub: they survive the night, find whom a record may be, and no exploding block is ever read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from sqlalchemy import insert

from jendela.identity import key_runs, key_store, lookup
from jendela.identity.block.keys import keys
from jendela.identity.block.pairs import COMMON_GROUND, Guard
from jendela.store import tables
from tests.identity.conftest import FIRST, Register
from tests.identity.crowd import Mention, crowd, read
from tests.store.known import known

BUDI: Mention = {
    "national_id": "3215011203859021",
    "full_name": "Budi Santoso",
    "birth_date": "1985-03-12",
    "phone": "081270134455",
}
SITI: Mention = {"national_id": "3215015505909022", "full_name": "Siti Nurhaliza", "birth_date": "1990-05-15"}


@dataclass
class Keys:
    """What the hub knows of records, as a night leaves it."""

    register: Register

    def store(self, mentions: dict[str, Mention]) -> pl.DataFrame:
        """Number these records and store their keys, as `tonight` does: `key, number`."""
        standard = read(*mentions.values())
        ids = pl.Series("record_id", list(mentions), dtype=pl.String)
        keyring = self.register.hub.keyring
        with self.register.hub.begin() as conn:
            numbers = known(conn, ids)
            lookup.forget(conn, lookup.said_before(conn, numbers["number"])["number"])
            numbers = ids.to_frame().join(numbers, on="record_id", how="left", maintain_order="left")
            raw = pl.DataFrame([{"record_id": record, **mention} for record, mention in mentions.items()])
            given = pl.Series("number", key_store.give(conn, raw.height))
            lookup.keep_said(conn, keyring, given, raw, numbers["number"], standard)
            stored = lookup.stored_keys(keyring, standard)
            tonight = stored.select("key", number=given.gather(stored["row"]))
            key_store.keep(conn, tonight)
        return tonight

    def meet(
        self, tonight: pl.DataFrame, largest: int = 100
    ) -> tuple[set[tuple[str, str, str]], dict[str, int]]:
        """Who meets by what, by record ids; and what was tamed."""
        with self.register.hub.begin() as conn:
            nobody = pl.Series([], dtype=pl.Int64)
            met = lookup.meet(conn, tonight, Guard(largest), nobody)
            both = pl.concat([met.pairs["left"], met.pairs["right"]])
            told = lookup.stored(conn, self.register.hub.keyring, both)
            named = dict(told.select("number", "record_id").iter_rows())
        pairs = {
            (lookup.KINDS[kind], named[left], named[right])
            for kind, left, right in met.pairs.iter_rows()
            if {left, right} <= named.keys()
        }
        return pairs, met.tamed

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        return self.register.table(table).height


@pytest.fixture
def stored(any_register: Register) -> Keys:
    """A register whose first night found nobody: numbers are counted from there."""
    first = {"seq": 0, "day": FIRST, "population": 0, "numbered": 0, "versions": "{}", "body": "{}"}
    with any_register.hub.begin() as conn:
        conn.execute(insert(tables.identity_fit), first)
    return Keys(any_register)


def test_keys_survive_the_night(stored: Keys) -> None:
    """Who comes a night later meets those of before by every key they share, and nobody else."""
    stored.store({"a-budi": BUDI, "b-siti": SITI})
    tonight = stored.store({"c-budi": {**BUDI, "national_id": None}})
    pairs, tamed = stored.meet(tonight)
    assert pairs == {(kind, "a-budi", "c-budi") for kind in ("birth", "phone", "year")}
    assert tamed == {}


def test_tonight_meets_itself_too(stored: Keys) -> None:
    """Two rows of one night, a pair once for each kind, the lower number first."""
    tonight = stored.store({"z": BUDI, "a": {"phone": BUDI["phone"], "full_name": "B"}})
    assert stored.meet(tonight) == ({("phone", "z", "a")}, {})


def test_the_register_does_not_meet_itself(stored: Keys) -> None:
    """On a delta night only pairs with one of tonight's."""
    stored.store({"a": BUDI, "b": BUDI})
    pairs, _ = stored.meet(stored.store({"c": {"phone": BUDI["phone"]}}))
    assert {pair[1:] for pair in pairs} == {("a", "c"), ("b", "c")}


def test_an_exploding_block_is_tamed(stored: Keys) -> None:
    """The telephone of the HR department brings nobody together; a NIK of two still does."""
    office = {
        f"o{n:02d}": {"phone": "02112345678", "full_name": None} for n in range(COMMON_GROUND["phone"] + 1)
    }
    stored.store(office)
    tonight = stored.store({"x": {"phone": "02112345678", "national_id": BUDI["national_id"]}, "y": BUDI})
    pairs, tamed = stored.meet(tonight)
    assert tamed == {"phone": 1}
    assert pairs == {("nik", "x", "y")}


def test_a_number_of_ones_own_is_limited_by_the_policy(stored: Keys) -> None:
    """A clerk's NIK on every row of a file."""
    clerk = {"national_id": BUDI["national_id"]}
    stored.store({f"r{n}": clerk for n in range(3)})
    tonight = stored.store({"x": clerk})
    assert stored.meet(tonight, largest=3) == (set(), {"nik": 1})
    assert len(stored.meet(tonight, largest=4)[0]) == 3


def test_a_changed_record_gets_another_number(stored: Keys) -> None:
    """New numbers count on; by what it said before it is met no longer, nor does that fill a block."""
    stored.store({"a": BUDI, "b": BUDI})
    stored.store({"b": SITI, "c": {"full_name": "Agus"}})
    known = stored.register.table(tables.identity_record).sort("number")
    assert known.select("record_id", "number").rows() == [("a", 1), ("b", 3), ("c", 4)]
    assert known["nik"].is_null().to_list() == [False, False, True]
    pairs, tamed = stored.meet(stored.store({"d": BUDI}), largest=2)
    assert ({pair[1:] for pair in pairs}, tamed) == ({("a", "d")}, {})


def test_full_levels_are_moved_and_forgotten_keys_left_behind(
    stored: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever level a key is in, who has it is met; of what was forgotten nothing is moved."""
    monkeypatch.setattr(key_store, "ROOM", (16, 40))
    met, levels = [], set()
    for night in range(8):
        tonight = stored.store({f"budi-{night}": BUDI, "siti": {**SITI, "phone": f"08127013{night:04d}"}})
        met.append({pair[1:] for pair in stored.meet(tonight)[0]})
        levels |= set(stored.register.table(tables.identity_run)["level"])
    for night, pairs in enumerate(met):
        assert pairs == {(f"budi-{before}", f"budi-{night}") for before in range(night)}
    with stored.register.hub.reading() as conn:
        kept = {number for _, numbers in key_store.every(conn) for number in numbers.tolist()}
    assert levels == {0, 1, 2}
    live = set(stored.register.table(tables.identity_record)["number"])
    assert live <= kept
    assert len(kept - live) < 7


def test_what_was_told_is_kept_sealed(stored: Keys) -> None:
    """It comes back as it was told, by number; on the disk there is nothing to read."""
    stored.store({"a": BUDI, "b": {}})
    with stored.register.hub.reading() as conn:
        told = lookup.stored(conn, stored.register.hub.keyring, pl.Series([2, 1]))
    assert told["record_id"].to_list() == ["a", "b"]
    assert {name: told[name][0] for name in BUDI} == BUDI
    assert set(told.drop("number", "record", "record_id").row(1)) == {None}
    kept = b"".join(stored.register.table(tables.identity_record)["sealed"])
    assert not any(str(value).encode() in kept for value in BUDI.values())


def test_forgetting(stored: Keys) -> None:
    """A forgotten record has no number, and nobody meets it."""
    stored.store({"a": BUDI, "b": BUDI, "c": SITI})
    with stored.register.hub.begin() as conn:
        said = lookup.said_before(conn, known(conn, ["a", "b"])["number"])
        lookup.forget(conn, said["number"])
    assert stored.register.table(tables.identity_record)["record_id"].to_list() == ["c"]
    assert stored.meet(stored.store({"d": BUDI})) == (set(), {})


def test_the_keys_of_many_short_nights_are_moved_too(stored: Keys) -> None:
    """Each run is asked for every key: however few keys they hold, there are never many."""
    for night in range(2 * key_store.RUNS + 4):
        met = stored.meet(stored.store({f"budi-{night}": BUDI}))[0]
        assert {pair[1:] for pair in met} == {(f"budi-{one}", f"budi-{night}") for one in range(night)}
    levels = stored.register.table(tables.identity_run)["level"].to_list()
    assert (levels.count(0), levels.count(1), levels.count(2)) == (1, 2, 1)


def test_a_run_of_many_chunks_is_searched_like_a_row_each(
    stored: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that begin or end with a chunk, go over several, or are in none; of the crowded the first ones."""
    monkeypatch.setattr(key_runs, "CHUNK", 4)
    monkeypatch.setattr(key_runs, "SLICE", 3)
    monkeypatch.setattr(key_runs, "LOOKED_AT", 2)
    held = sorted((key, number) for key in range(-60, 60, 3) for number in range(1, 2 + key % 7))
    held += [(1_000, number) for number in range(1, 60)]
    keys = pl.DataFrame(held, schema={"key": pl.Int64, "number": pl.Int64}, orient="row")
    asked = pl.DataFrame({"key": [*range(-70, 70, 2), 1_000], "most": [7, 90] * 35 + [7]})
    with stored.register.hub.begin() as conn:
        key_store.keep(conn, keys)
        found = key_store.before(conn, asked, 11)
    expected = keys.filter(pl.col("key").is_in(asked["key"].implode()), pl.col("number") < 11)
    few = pl.col("key") < 1_000
    assert found.filter(few).equals(expected.filter(few))
    assert set(found.filter(~few)["number"]) >= set(range(1, 8))


def test_nothing_to_store_and_nobody_to_meet(stored: Keys) -> None:
    """A mention that says nothing has a number and no key."""
    tonight = stored.store({"a": {}})
    assert tonight.is_empty()
    assert stored.meet(tonight) == (set(), {})
    assert (stored.count(tables.identity_record), stored.count(tables.identity_key)) == (1, 0)


@pytest.fixture
def keyed(register: Register) -> Iterator[Register]:
    """For what needs only a key."""
    return register


def test_stored_keys_are_those_of_the_core(keyed: Register) -> None:
    """Each kind that is stored, once a row; which rows share a key is the same under the keyed hash."""
    standard = read(*crowd(60))
    found = lookup.stored_keys(keyed.hub.keyring, standard)
    assert found.equals(lookup.stored_keys(keyed.hub.keyring, standard))
    plain = pl.concat(
        [
            pl.DataFrame({"kind": [kind] * len(rows), "plain": values, "row": rows})
            for kind, values, rows in keys(standard)
            if kind in lookup.KINDS
        ]
    ).unique()
    expected = plain.group_by("kind", "plain").agg(pl.col("row").sort())
    blocks = found.group_by("key").agg(pl.col("row").sort())
    assert sorted(map(tuple, blocks["row"].to_list())) == sorted(map(tuple, expected["row"].to_list()))
    kinds = blocks.select(pl.col("key") % len(lookup.KINDS[:16] + ("",) * (16 - len(lookup.KINDS))))
    assert {lookup.KINDS[kind] for kind in kinds.to_series()} <= set(lookup.KINDS[1:])
