"""The audit's sample: drawn at random from every stratum, and put through the same queue, unmarked."""

from __future__ import annotations

import random
from typing import Any

import pytest

from jendela.identity.review import population as populations
from jendela.identity.review.draw import draw
from jendela.identity.review.population import population
from jendela.identity.review.quality import quality
from jendela.model.errors import WrongUseError
from jendela.store import tables
from tests.identity.review.town import JAVA, town


def test_every_pair_has_its_stratum(desk: Any) -> None:
    """Linked certainly, by score or through a third; in doubt; kept apart with two keys or with one."""
    for name in "abcdefgh":
        desk.say(name)
    desk.link("a", "b", "certain")
    desk.link("b", "c")
    desk.doubt("d", "e")
    desk.share("d", "e")
    desk.share("f", "g", kind="birth")
    desk.share("f", "g", kind="kpj")
    desk.share("g", "h")
    desk.share("a", "b", "c")
    desk.night()
    with desk.hub.reading() as conn:
        found = population(conn, desk.hub.keyring, 1)
    named = {f"{left}{right}": stratum for left, right, stratum in found.pairs.iter_rows()}
    assert named == {
        "ab": "linked_certain",
        "bc": "linked_scored",
        "ac": "linked_through",
        "de": "review",
        "fg": "apart_near",
        "gh": "apart_far",
    }
    assert set(found.sizes.values()) == {1.0}
    assert (found.records, found.looked_at, found.left_out) == (8, 8, 0)


def test_a_key_of_too_many_is_left_out_and_counted(sqlite_desk: Any, monkeypatch: Any) -> None:
    """The HR department's telephone makes no pairs."""
    monkeypatch.setattr(populations, "LARGEST_BLOCK", 3)
    for name in "abcde":
        sqlite_desk.say(name)
    sqlite_desk.share(*"abcd", kind="phone")
    sqlite_desk.share("d", "e")
    sqlite_desk.night()
    with sqlite_desk.hub.reading() as conn:
        found = population(conn, sqlite_desk.hub.keyring, 1)
    assert found.pairs.select("left_id", "right_id").rows() == [("d", "e")]
    assert found.left_out == 1


def test_a_part_of_a_large_register_stands_for_all(desk: Any, monkeypatch: Any) -> None:
    """Records between two random ids; their pairs, scaled, come near the true numbers."""
    rng = random.Random(5)
    ids = [f"{rng.getrandbits(256):064x}" for _ in range(1200)]
    for at in range(0, 1200, 3):
        for record in ids[at : at + 3]:
            desk.say(record)
        desk.link(ids[at], ids[at + 1])
        desk.share(ids[at + 1], ids[at + 2])
    desk.night()
    with desk.hub.reading() as conn:
        whole = population(conn, desk.hub.keyring, 1)
    monkeypatch.setattr(populations, "RECORDS", 400)
    with desk.hub.reading() as conn:
        parts = [population(conn, desk.hub.keyring, seed) for seed in range(8)]
    assert whole.sizes["linked_scored"] == 400
    for name in ("linked_scored", "apart_far"):
        mean = sum(part.sizes[name] for part in parts) / len(parts)
        assert mean == pytest.approx(whole.sizes[name], rel=0.1)
    assert all(300 < part.looked_at < 500 for part in parts)
    assert parts[0].pairs["left_id"].to_list() != parts[1].pairs["left_id"].to_list()


def test_the_same_seed_draws_the_same_pairs(desk: Any) -> None:
    """Of the same night; a second time it is refused, another seed draws others."""
    town(desk, 80, named=JAVA, region="3215", wrong=0, missed=0.1)
    desk.night()
    first = draw(desk.hub, 30, 7, "auditor", desk.passes())
    drawn = set(desk.table(tables.review_sample)["case_id"])
    assert len(drawn) == sum(first.pairs.values()) == 30
    with pytest.raises(WrongUseError, match="drawn already"):
        draw(desk.hub, 30, 7, "auditor", desk.passes())
    with desk.hub.begin() as conn:
        for table in (tables.review_sample, tables.review_audit, tables.review_case):
            conn.execute(table.delete())
    draw(desk.hub, 30, 7, "auditor", desk.passes())
    assert set(desk.table(tables.review_sample)["case_id"]) == drawn
    draw(desk.hub, 30, 8, "auditor", desk.passes())
    assert set(desk.table(tables.review_sample)["case_id"]) != drawn
    assert [entry["seed"] for entry in desk.ledger("decision")] == [7, 7, 8]


def test_an_audited_case_looks_like_any_other(desk: Any) -> None:
    """In the queue, on the screen and in its id; and the queue's own upkeep does not take it away."""
    town(desk, 40, named=JAVA, region="3215", wrong=0, missed=0.2)
    desk.night()
    own = {case.case_id for case in desk.cases()}
    draw(desk.hub, 30, 1, "auditor", desk.passes())
    cases = desk.cases()
    sampled = set(desk.table(tables.review_sample)["case_id"])
    assert {case.case_id for case in cases} == own | sampled
    assert {tuple(case.as_dict()) for case in cases} == {("case_id", "since", "stake")}
    assert {case.since for case in cases} == {desk.day}
    fields = {tuple(line.field for line in desk.show(case.case_id, "ani").lines) for case in cases[:12]}
    assert fields == {("full_name", "nik", "residence_region", "office")}
    desk.night()
    assert sampled <= {case.case_id for case in desk.cases()}


def test_an_audited_pair_is_decided_like_any_other(desk: Any) -> None:
    """A wrong link that two people part is parted in the next night, and counts as one."""
    town(desk, 4, named=JAVA, region="3215", wrong=0, missed=0)
    desk.say("x-1")
    desk.link("x-1", "3215p0000-1")
    desk.night()
    draw(desk.hub, 50, 1, "auditor", desk.passes())
    case = desk.table(tables.review_case).filter(left_id="3215p0000-1", right_id="x-1")["case_id"].item()
    desk.says(case, "ani", "different")
    desk.says(case, "budi", "different")
    desk.night()
    assert not desk.together("3215p0000-1", "x-1")
    found = quality(desk.hub)
    assert (found.strata["linked_scored"]["labelled"], found.strata["linked_scored"]["same"]) == (1, 0)
