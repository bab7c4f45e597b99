"""Other people: some thousand workers who never existed, the same every time, most of them seen twice.

A name is only rare, and a number only telling, among others. Stories are linked in this crowd, so that the
frequencies that judge them are those of a register and not of two rows.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from jendela.identity.standard.frame import RAW, Standard, standardise

Mention = dict[str, Any]


def _words(text: str) -> list[str]:
    return text.split()


MEN = _words("Agus Budi Joko Slamet Hendra Rudi Eko Dedi Wahyu Bambang Tono Yusuf Ahmad Heru Iwan Asep Ujang")
WOMEN = _words("Siti Sri Dewi Rina Yuni Ani Wati Nining Lilis Endang Tuti Ratna Maya Fitri Ida Neneng Euis")
LAST = _words(
    "Santoso Wibowo Hidayat Saputra Nugroho Setiawan Kurniawan Purnomo Susilo Hartono Gunawan Siregar "
    "Nasution Simanjuntak Lubis Maulana Firmansyah Ramadhan Prasetyo Suryadi Hasibuan Permana Supriyadi "
    "Wijaya Utomo Rahman Mulyana Sudrajat Sitorus Tarigan Anggraini Lestari Handayani Rahayu Puspita "
    "Maharani Kusuma"
)
MOTHERS = _words(
    "Sumarni Aminah Kartini Suparti Warsini Rukmini Juminah Rohani Sulastri Mariam Tumini Salmah"
)
DISTRICTS = (
    "321501",
    "321605",
    "327102",
    "357803",
    "337406",
    "647102",
    "127105",
    "737103",
    "517101",
    "360304",
)
PLACES = (
    "Karawang",
    "Bekasi",
    "Bogor",
    "Surabaya",
    "Semarang",
    "Balikpapan",
    "Medan",
    "Makassar",
    "Denpasar",
)
TODAY = date(2026, 9, 1)
FIRST_DAY = date(1966, 1, 1)
DAYS = 14_000


def crowd(people: int = 2500, seed: int = 7) -> list[Mention]:
    """The mentions of so many people, two for four in five of them."""
    rng = random.Random(seed)
    return [
        mention
        for number in range(people)
        for mention in _mentions(_person(rng, number), number, rng, twice=rng.random() < 0.8)
    ]


def frame(mentions: list[Mention]) -> pl.DataFrame:
    """Mentions as the raw frame that `standardise` takes."""
    return pl.DataFrame(mentions, schema=dict.fromkeys(RAW, pl.String))


def read(*mentions: Mention) -> Standard:
    """Mentions in standard form; those without an id get their number."""
    numbered = [{"record_id": str(number), **mention} for number, mention in enumerate(mentions)]
    return standardise(frame(numbered), TODAY)


def nik(district: str, born: date, serial: int, *, woman: bool = False) -> str:
    """A number of somebody who never existed: serials from 9000 on."""
    return f"{district}{born.day + 40 * woman:02d}{born:%m%y}{serial:04d}"


def _person(rng: random.Random, number: int) -> Mention:
    woman = rng.random() < 0.45
    born = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    district = rng.choice(DISTRICTS)
    given = rng.sample(WOMEN if woman else MEN, 1 + (rng.random() < 0.4))
    return {
        "national_id": nik(district, born, 9000 + rng.randrange(30), woman=woman),
        "full_name": " ".join([*given, rng.choice(LAST)]),
        "birth_date": born.isoformat(),
        "birth_place": rng.choice(PLACES),
        "sex": "P" if woman else "L",
        "mother_name": f"{rng.choice(MOTHERS)} {rng.choice(LAST)}"
        if rng.random() < 0.5
        else rng.choice(MOTHERS),
        "phone": f"0812{70_130_000 + number}",
        "email": f"worker{number}@mail.example" if rng.random() < 0.3 else None,
        "address": f"Jl. {rng.choice(LAST)} No. {rng.randrange(1, 400)}",
        "region_code": district[:4],
        "kpj": str(20_000_000_000 + number),
        "employer_id": f"EMP{rng.randrange(300):05d}",
    }


def _mentions(person: Mention, number: int, rng: random.Random, *, twice: bool) -> list[Mention]:
    made = [{**person, "record_id": f"crowd-{number}"}]
    if twice:
        second = {**person, "record_id": f"crowd-{number}-again", "kpj": None}
        for field, how_often in (
            ("mother_name", 0.4),
            ("phone", 0.5),
            ("address", 0.5),
            ("employer_id", 0.3),
        ):
            if rng.random() < how_often:
                second[field] = None
        if rng.random() < 0.1:
            second["national_id"] = None
        if rng.random() < 0.1:
            second["full_name"] = f"{person['full_name'].split(' ')[0][0]}. {person['full_name']}"
        made.append(second)
    return made
