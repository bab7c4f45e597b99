"""Registers of another country: their numbers tell nothing of who bears them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.identity.test_files import csv, run

FIRST = ("amelia", "noah", "isla", "jack", "ruby", "leo", "grace", "henry", "zoe", "max", "lily", "oscar")
LAST = ("carter", "hughes", "morris", "price", "bailey", "cooper", "hayes", "foster", "reid", "walsh", "dunn")
STREETS = ("acacia", "banksia", "wattle", "jarrah", "karri", "mallee", "tuart", "coolabah", "ironbark")


@pytest.fixture(scope="module")
def register() -> list[str]:
    """Three hundred people, every second one twice: enough to see what these registers keep right."""
    chance = random.Random(5)
    lines = ["record_id,national_id,full_name,birth_date,address"]
    for person in range(300):
        number = chance.randrange(1_000_000, 9_999_999)
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        born = f"{chance.randrange(1920, 1999)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        address = f"{chance.randrange(1, 200)} {chance.choice(STREETS)} street {chance.choice(LAST)}ville"
        lines += [f"{person}-{time},{number},{name},{born},{address}" for time in range(1 + person % 2)]
    return lines


def persons(folder: Path, *lines: str) -> list[list[str]]:
    """Who is one person among the records whose id begins with `m`."""
    _, clusters = run(csv(folder / "register.csv", *lines))
    mine = clusters.filter(clusters["record_id"].str.starts_with("m-")).sort("record_id")
    return sorted(mine.group_by("person_id", maintain_order=True).agg("record_id")["record_id"].to_list())


def test_one_wrong_birth_date_and_one_wrong_number(register: list[str], tmp_path: Path) -> None:
    """Each is told by the right record; that the two wrong ones contradict each other parts nobody."""
    assert persons(
        tmp_path,
        *register,
        "m-1,3101161,elwood morrison,1962-09-15,42 parnell place davistown",
        "m-2,6017868,elwood morrion,1962-09-15,42 parnell place davistown",
        "m-3,3101161,elwood morrison,1937-11-21,42 parnell place davistown",
    ) == [["m-1", "m-2", "m-3"]]


def test_father_and_son_of_one_name(register: list[str], tmp_path: Path) -> None:
    """Each with his own number and birth date; the record that has neither joins nobody."""
    found = persons(
        tmp_path,
        *register,
        "m-1,3101161,elwood morrison,1937-11-21,42 parnell place davistown",
        "m-2,3101161,elwood morrison,1937-11-21,42 parnell place davistown",
        "m-3,6017868,elwood morrison,1962-09-15,42 parnell place davistown",
        "m-4,6017868,elwood morrison,1962-09-15,42 parnell place davistown",
        "m-5,,elwood morrison,,42 parnell place davistown",
    )
    assert found == [["m-1", "m-2"], ["m-3", "m-4"], ["m-5"]]


def test_twins(register: list[str], tmp_path: Path) -> None:
    """Born on one day, of one family and house; their numbers are as unlike as anybody's."""
    found = persons(
        tmp_path,
        *register,
        "m-1,3101161,clara morrison,1962-09-15,42 parnell place davistown",
        "m-2,3101161,clara morrison,1962-09-15,42 parnell place davistown",
        "m-3,6017868,daphne morrison,1962-09-15,42 parnell place davistown",
        "m-4,6017868,daphne morrison,1962-09-15,42 parnell place davistown",
    )
    assert found == [["m-1", "m-2"], ["m-3", "m-4"]]
