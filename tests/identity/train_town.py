"""A town of made-up people in two registers, of which it is known how often each field is kept right."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache

import polars as pl

from jendela.identity.standard.lists import word_list

# How often the second register says otherwise.
MOVED, NEW_PHONE, OTHER_MOTHER, WRONG_SEX, SHORT_NAME, WRONG_NIK = 0.3, 0.4, 0.06, 0.02, 0.1, 0.05
REGIONS = [f"{3301 + number}" for number in range(29)]
STREETS = ["MELATI", "KENANGA", "MAWAR", "CEMPAKA", "ANGGREK", "DAHLIA", "FLAMBOYAN", "TERATAI"]


@cache
def town(persons: int, seed: int) -> tuple[pl.DataFrame, dict[str, str]]:
    """The records of both registers, and who each is."""
    rng = random.Random(seed)
    words = [word for word in word_list("names", "frequencies")["token"] if len(word) > 3]
    rows, truth = [], {}
    for person in range(persons):
        born = date(1960, 1, 1) + timedelta(days=rng.randrange(15_000))
        woman = rng.random() < 0.5
        region = rng.choice(REGIONS)
        day = born.day + 40 * woman
        said = {
            "full_name": " ".join(rng.sample(words, rng.choice((2, 3)))),
            "national_id": _nik(rng, region, f"{day:02d}{born:%m%y}"),
            "birth_date": f"{born:%d-%m-%Y}",
            "sex": "P" if woman else "L",
            "mother_name": " ".join(rng.sample(words, 2)),
            "phone": f"08{rng.randrange(10**9, 10**10)}",
            "region_code": region,
            "address": _address(rng),
        }
        for register, shown in (("a", True), ("b", rng.random() < 0.6)):
            if shown:
                rows.append(
                    {"record_id": f"{register}{person}", **(said if register == "a" else _later(rng, said))}
                )
                truth[rows[-1]["record_id"]] = str(person)
    return pl.DataFrame(rows), truth


def _later(rng: random.Random, said: dict[str, str]) -> dict[str, str]:
    """What the second register says of the same person."""
    told = dict(said)
    if rng.random() < MOVED:
        told["address"] = _address(rng)
    if rng.random() < NEW_PHONE:
        told["phone"] = f"08{rng.randrange(10**9, 10**10)}"
    if rng.random() < OTHER_MOTHER:
        told["mother_name"] = "PONIYEM LASTRI"
    if rng.random() < WRONG_SEX:
        told["sex"] = "L" if said["sex"] == "P" else "P"
    if rng.random() < SHORT_NAME:
        told["full_name"] = " ".join(said["full_name"].split()[:-1])
    if rng.random() < WRONG_NIK:
        told["national_id"] = _nik(rng, rng.choice(REGIONS), said["national_id"][6:12])
    return told


def _nik(rng: random.Random, region: str, born: str) -> str:
    return f"{region}{rng.randrange(1, 16):02d}{born}{rng.randrange(1, 900):04d}"


def _address(rng: random.Random) -> str:
    street, house = rng.choice(STREETS), rng.randrange(1, 400)
    return f"JL {street} NO {house} RT {rng.randrange(1, 20)} RW {rng.randrange(1, 9)}"
