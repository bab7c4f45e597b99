"""The people of the demo: who they are, before any clerk has written them down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jendela.demo.chance import Weighted, stream
from jendela.demo.identifiers import NikBook, NumberBook
from jendela.demo.name_pools import FOREIGN, JOBS, pool
from jendela.demo.names import full_name
from jendela.demo.regions import ELSEWHERE, regions

EDUCATION = Weighted(
    ["SD", "SMP", "SMA", "SMK", "D1", "D3", "D4", "S1", "S2"], [8, 14, 30, 28, 1, 8, 1, 9.4, 0.6]
)
_ORIGINS = Weighted(
    [
        "3215",
        "3313",
        "3328",
        "3402",
        "3505",
        "3578",
        "6471",
        "7371",
        "7312",
        "1275",
        "9401",
        "9603",
        *ELSEWHERE,
    ],
    [14, 8, 8, 6, 8, 6, 6, 6, 4, 3, 0.6, 0.4, *[2] * len(ELSEWHERE)],
)
_HEAPED = ((1, 1), (1, 1), (1, 7), (31, 12), (17, 8))


@dataclass(slots=True)
class Person:
    """One human being. `nik` is the number in force; `second_nik` is one got by moving without a transfer
    (E05).

    `birth_date` is what the civil registry holds today: for some the NIK still says another day (E07).
    """

    number: int
    sex: str
    name: str
    mother: str
    born: date
    birth_place: str
    nik: str
    region: str
    district: str
    street: str
    phone: str
    email: str
    education: str
    married: str
    job: tuple[str, str]
    second_nik: str | None = None
    passport: str | None = None


def _birth_date(rng: random.Random) -> date:
    year = 2026 - int(rng.triangular(19, 57, 30))
    if rng.random() < 0.045:
        day, month = rng.choice(_HEAPED)
        return date(year, month, day)
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


class People:
    """Makes persons, each told from every other by name and birth date together."""

    def __init__(self, seed: int) -> None:
        self._rng = stream(seed, "people")
        self._niks = NikBook()
        self._phones = NumberBook(stream(seed, "phones"))
        self._seen: set[tuple[str, date]] = set()
        self.all: list[Person] = []

    def add(self, workplace: str, foreign: bool = False) -> Person:
        """A new person who lives where `workplace` is; foreigners have a passport and no NIK."""
        rng = self._rng
        sex = "P" if rng.random() < 0.44 else "L"
        name, born = full_name(rng, workplace, sex), _birth_date(rng)
        while (name, born) in self._seen:
            born = _birth_date(rng)
        origin = workplace if rng.random() < 0.55 else _ORIGINS.draw(rng)
        person = self._person(name, sex, born, origin, workplace)
        if foreign:
            person.name, person.passport, person.nik = (
                rng.choice(FOREIGN),
                f"X{rng.randrange(10**7):07d}",
                "",
            )
        return person

    def _person(self, name: str, sex: str, born: date, origin: str, home: str) -> Person:
        rng = self._rng
        self._seen.add((name, born))
        in_nik = born
        if rng.random() < 0.015:  # E07: the birth date was corrected after the NIK was issued
            in_nik = date(born.year + rng.choice((-1, 1)), born.month, min(born.day, 28))
        where = regions()[home]
        person = Person(
            number=len(self.all) + 1,
            sex=sex,
            name=name,
            mother=full_name(rng, origin, "P"),
            born=born,
            birth_place=regions()[origin].name.upper(),
            nik=self._niks.issue(rng, origin, in_nik, sex),
            region=home,
            district=rng.choice(where.districts)[1],
            street=f"JL. {rng.choice(pool('STREETS'))} NO. {rng.randrange(1, 180)} "
            f"RT {rng.randrange(1, 16):03d}/{rng.randrange(1, 20):03d}",
            phone=self._phones.digits(rng.choice((13, 14)), "+628"),
            email=f"{name.split(maxsplit=1)[0].lower()}{rng.randrange(10**5)}@contoh.example",
            education=EDUCATION.draw(rng),
            married=rng.choice("KKKTTC"),
            job=rng.choice(JOBS),
        )
        if rng.random() < 0.01:
            person.second_nik = self._niks.issue(rng, home, born, sex)
        self.all.append(person)
        return person

    def add_twin(self, of: Person) -> Person:
        """A twin: same mother, day, place and sex, a name that mostly begins alike and a NIK that ends
        otherwise."""
        rng = self._rng
        name, tries = of.name, 0
        while (name, of.born) in self._seen or set(name.split()) & set(of.name.split()):
            name, tries = full_name(rng, of.region, of.sex), tries + 1
            if name[0] != of.name[0] and tries < 30:
                name = of.name
        twin = self._person(name, of.sex, of.born, of.region, of.region)
        twin.mother, twin.street, twin.district, twin.birth_place = (
            of.mother,
            of.street,
            of.district,
            of.birth_place,
        )
        head = of.nik[:12]
        twin.nik = f"{head}{int(of.nik[12:]) + 500:04d}" if of.nik else twin.nik
        return twin
