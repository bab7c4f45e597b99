"""Candidate pairs: who is compared in full, each pair once, and strangers dropped at sight."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from jendela.identity.block.candidates import Glance, candidates
from jendela.identity.block.keys import keys
from jendela.identity.compare.commonness import Commonness, commonness
from jendela.identity.frequencies import frequencies
from jendela.identity.standard.frame import Standard
from tests.identity.crowd import Mention, crowd, read

BUDI: Mention = {
    "national_id": "3215011203859001",
    "full_name": "BUDI SANTOSO",
    "birth_date": "1985-03-12",
    "address": "Jl. Melati No. 1",
}
NEAR = [
    ("another name under the same number", {"full_name": "HARTONO"}, True),
    ("no number; day and month in exchange", {"national_id": None, "birth_date": "1985-12-03"}, True),
    ("no number; 1 January by default", {"national_id": None, "birth_date": "1985-01-01"}, True),
    ("no number; a wrong digit of the year", {"national_id": None, "birth_date": "1935-03-12"}, True),
    ("no number; the year's digits in exchange", {"national_id": None, "birth_date": "1958-03-12"}, True),
    ("no number; a letter in the name", {"national_id": None, "full_name": "BUDI SANTOSI"}, True),
    ("no number; one name of two", {"national_id": None, "full_name": "BUDI"}, True),
    (
        "a digit of the regency and a word more",
        {"national_id": "3115011203859001", "full_name": "BUDI SANTOSO HADI", "address": None},
        True,
    ),
    (
        "two numbers of two regencies and a word more",
        {"national_id": "3115011203859134", "full_name": "BUDI SANTOSO HADI", "address": None},
        False,
    ),
    ("another name, born the same day, at home", {"national_id": None, "full_name": "HARTONO"}, True),
    (
        "another name, born the same day",
        {"national_id": None, "full_name": "HARTONO", "address": None},
        False,
    ),
    (
        "no number and another month and year",
        {"national_id": None, "birth_date": "1987-04-12", "address": None},
        False,
    ),
    (
        "a stranger at the same address",
        {"national_id": "3215011204869002", "full_name": "HARTONO", "birth_date": "1986-04-12"},
        False,
    ),
]


def counted(standard: Standard) -> Commonness:
    """How common everything is in this register."""
    return commonness(standard, frequencies(standard))


def compared(*mentions: Mention, largest: int = 100) -> list[tuple[int, int]]:
    """The pairs that are compared in full."""
    standard = read(*mentions)
    found = candidates(standard, counted(standard), keys(standard), largest)
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


@pytest.mark.parametrize(("story", "other", "meet"), NEAR, ids=[story[0] for story in NEAR])
def test_budi_is_compared_with(story: str, other: Mention, meet: bool) -> None:
    """Whoever may be him."""
    assert compared(BUDI, {**BUDI, **other}) == ([(0, 1)] if meet else [])


def test_each_pair_once_and_in_order() -> None:
    """However many keys bring it together; three rows of one person are three pairs."""
    assert compared(BUDI, BUDI, BUDI) == [(0, 1), (0, 2), (1, 2)]


def test_a_shared_telephone_of_an_office_is_tamed_and_counted() -> None:
    """Thirty workers with the HR department's telephone: none is compared for it."""
    workers = [
        {**mention, "phone": "02112345678"} for mention in crowd(30) if "again" not in mention["record_id"]
    ]
    standard = read(*workers)
    found = candidates(standard, counted(standard), keys(standard), 100)
    assert found.tamed == {"phone": 1}
    assert found.met < 30


def test_candidates_are_those_of_a_plain_loop() -> None:
    """Every pair of a small register that shares a key of a usable block and may be one person."""
    standard = read(*crowd(80, seed=3))
    by_key: dict[tuple[str, int], set[int]] = {}
    for kind, values, rows in keys(standard):
        for value, row in zip(values.tolist(), rows.tolist(), strict=True):
            by_key.setdefault((kind, value), set()).add(row)
    glance, expected = Glance(standard, counted(standard)), set()
    for (kind, _), rows in by_key.items():
        for one, other in combinations(sorted(rows), 2):
            if len(rows) <= 12 and glance.worth_comparing(kind, np.array([one]), np.array([other]))[0]:
                expected.add((one, other))
    found = candidates(standard, counted(standard), keys(standard), 12)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == sorted(expected)
    assert found.met >= len(expected)


def test_a_second_number_after_moving() -> None:
    """Numbers of two regencies: compared where the name is rare in the register that was counted."""
    here, there = {**BUDI, "address": None}, {**BUDI, "address": None, "national_id": "6471021203859004"}
    namesakes = [{"full_name": "BUDI SANTOSO", "birth_date": f"19{year}-07-01"} for year in range(60, 90)]
    assert compared(here, there) == [(0, 1)]
    assert (0, 1) not in compared(here, there, *namesakes)
    # What is counted over a register holds on a night of two mentions too.
    two = read(here, there)
    crowded = commonness(two, frequencies(read(here, there, *namesakes)))
    assert candidates(two, crowded, keys(two), 100).left.tolist() == []


def test_nobody_and_nothing() -> None:
    """An empty register and one mention have no pairs."""
    assert compared() == []
    assert compared(BUDI) == []
