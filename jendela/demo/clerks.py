"""What a clerk writes down about a person: mostly the truth, at times not (the error catalogue E01 to E10).

The rates are per record. Limits keep the question who is who answerable: among all records of one person
there are not both wrong NIKs and wrong birth dates, a name of one word is written otherwise once, and a
record that matters to a planted defect has one slip at most.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from jendela.demo.chance import stream
from jendela.demo.people import Person
from jendela.demo.spelling import variant

E01, E02, E04, E08, E09, E10 = 0.012, 0.004, 0.006, 0.12, 0.015, 0.003
MISSING, MISSING_AT_DINAS = 0.01, 0.04
_PLACES = {
    "JAKARTA PUSAT": "JKT",
    "BANDUNG": "BDG",
    "SURABAYA": "SBY",
    "SEMARANG": "SMG",
    "MAKASSAR": "UJUNG PANDANG",
    "BEKASI": "BKS",
    "TANGERANG": "TNG",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A person as one record has them. `borrowed_from` is the number of the person whose NIK it is (E04)."""

    nik: str | None
    name: str
    born: date
    birth_place: str
    sex: str
    mother: str
    borrowed_from: int | None = None


def alike(one: str, other: str) -> bool:
    """Whether two names could be taken for the same person's: as a whole, or as two words nearly agree."""
    if SequenceMatcher(None, one, other).ratio() > 0.55:
        return True
    return any(
        SequenceMatcher(None, word, its).ratio() > 0.7
        for word in one.split()
        for its in other.split()
        if len(word) > 2 and len(its) > 2
    )


class Clerk:
    """Writes persons down for one agency; `taken` is every NIK issued, so that no slip makes another
    person's."""

    def __init__(
        self, seed: int, agency: str, taken: set[str], slips: dict[int, set[str]], lent: dict[int, int]
    ) -> None:
        self.rng: random.Random = stream(seed, "clerk", agency)
        self._taken = taken
        self._slips = slips
        self._lent = lent
        self._borrow_due = 0.6

    def write(
        self,
        person: Person,
        *,
        lenders: tuple[Person, ...] = (),
        careful: bool = False,
        missing: float = MISSING,
        letter: bool = False,
    ) -> Written:
        """One record of `person`. `lenders` are those whose NIK may be put in its place; letters keep a
        plausible NIK."""
        rng, before = self.rng, self._slips.setdefault(person.number, set())
        nik: str | None = person.nik or None
        name, born, sex, mother = person.name, person.born, person.sex, person.mother
        borrowed = None
        slips = set()
        if nik is None:  # a foreigner: the birth date must do
            before.add("nik")
        if nik and "born" not in before:
            nik, borrowed = self._nik(person, lenders, missing, letter)
            if nik != person.nik:
                slips.add("nik")
                before.add("nik")
        if not slips and "nik" not in before and rng.random() < E09:
            born = _wrong_day(born, rng)
            if born != person.born:
                slips.add("born")
                before.add("born")
        written_otherwise = rng.random() < E08 and not (careful and slips)
        if written_otherwise and (" " in name or "name" not in before):
            name = variant(name, sex, rng)
            slips.add("name")
            before.add("name")
        if not slips and rng.random() < E10:
            sex = "P" if sex == "L" else "L"
        if rng.random() < 0.06:
            mother = variant(mother, "P", rng)
        place = person.birth_place
        if rng.random() < 0.1:
            place = _PLACES.get(place, place)
        return Written(nik, name, born, place, sex, mother, borrowed)

    def exactly(self, person: Person) -> Written:
        """A record without any slip; whose record that is can lend its NIK."""
        self._slips.setdefault(person.number, set()).add(
            "nik"
        )  # keeps birth-date slips off the other records
        return Written(
            person.nik or None, person.name, person.born, person.birth_place, person.sex, person.mother
        )

    def _nik(
        self, person: Person, lenders: tuple[Person, ...], missing: float, letter: bool
    ) -> tuple[str | None, int | None]:
        rng, nik = self.rng, person.nik
        kind = rng.random()
        if lenders:
            self._borrow_due += E04
            if self._borrow_due >= 1:
                for lender in lenders:
                    used = self._lent.get(lender.number, 0)
                    if lender is not person and used < 2 and not alike(lender.name, person.name):
                        self._borrow_due -= 1
                        self._lent[lender.number] = used + 1
                        return lender.nik, lender.number
        if person.second_nik and rng.random() < 0.5:
            return person.second_nik, None
        if kind < E01:
            return self._mistyped(nik, letter), None
        if letter:
            return nik, None
        if kind < E01 + E02:
            return (nik[:15] if rng.random() < 0.7 else f"{nik[0]}.{nik[1:6]}E+15"), None
        if kind < E01 + E02 + missing:
            return None, None
        return nik, None

    def _mistyped(self, nik: str, only_serial: bool) -> str:
        """One digit wrong, or two neighbours swapped."""
        while True:
            at = self.rng.randrange(13 if only_serial else 6, 15)
            if self.rng.random() < 0.5:
                wrong = nik[:at] + str(self.rng.randrange(10)) + nik[at + 1 :]
            else:
                wrong = nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
            if wrong != nik and wrong not in self._taken:
                return wrong


def _wrong_day(born: date, rng: random.Random) -> date:
    """Day and month swapped, 1 January for want of better, or a neighbouring year."""
    kind = rng.random()
    if kind < 0.4 and born.day <= 12:
        return date(born.year, born.day, born.month)
    if kind < 0.6:
        return date(born.year, 1, 1)
    return date(born.year + rng.choice((-1, 1)), born.month, min(born.day, 28))
