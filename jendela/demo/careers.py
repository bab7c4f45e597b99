"""Who works where since when: employments, on both sides of the register (WLKP and BPJS)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jendela.demo.chance import Weighted, stream
from jendela.demo.employers import Employer, wage_floor
from jendela.demo.identifiers import NumberBook
from jendela.demo.people import People, Person

FIRST_NIGHT = date(2026, 9, 1)
LAST_DAY = FIRST_NIGHT - timedelta(days=1)
"""The last day the agencies could write before the first night."""

CONTRACTS = Weighted(["PKWTT", "PKWT", "HARIAN_LEPAS"], [58, 39, 3])


@dataclass(slots=True)
class Employment:
    """One person with one employer. The two sides can lack it: `at_bpjs` and `at_wlkp` say who holds it.

    `merged_into` is the card that BPJS has merged this one into.
    `ended` and `cause` are what BPJS knows of its end; `cause` is one of RESIGNATION, TERMINATION,
    MISCONDUCT, CONTRACT_END, RETIREMENT, DEATH.
    """

    number: int
    person: Person
    employer: Employer
    kpj: str
    ordinal: int
    start: date
    contract: str
    contract_end: date | None
    wage: int
    allowance: int
    registered: date
    reported: date
    id_tk: str
    at_bpjs: bool = True
    at_wlkp: bool = True
    ended: date | None = None
    cause: str = ""
    deactivated: date | None = None
    merged_into: str = ""

    @property
    def bpjs_key(self) -> str:
        """The natural key of the spell at BPJS."""
        return f"{self.kpj}|{self.employer.npp}|{self.ordinal}"

    @property
    def insured_for_job_loss(self) -> bool:
        """PP 6/2025 Pasal 4: an Indonesian, under 54 when registered, in all programmes of a firm of this
        size."""
        person = self.person
        age = self.registered.year - person.born.year
        return person.passport is None and age < 54 and "JHT" in self.employer.programmes

    def months_paid(self, on: date) -> int:
        """Months with paid contributions in the 24 before `on`."""
        last = min(on, self.ended or on)
        months = (last.year - self.registered.year) * 12 + last.month - self.registered.month
        return max(0, min(24, months))

    def end(self, day: date, cause: str, deactivated: date) -> None:
        """The employment ends, and the employer reports it to BPJS on `deactivated`."""
        self.ended, self.cause, self.deactivated = day, cause, deactivated


class Careers:
    """Makes employments. Numbers of cards and rows are handed out once."""

    def __init__(self, seed: int, employers: list[Employer]) -> None:
        self._rng = stream(seed, "careers")
        self._cards = NumberBook(stream(seed, "cards"))
        self._bag = Weighted(employers, [employer.weight for employer in employers])
        self.employers = employers
        self.all: list[Employment] = []

    def new_card(self, year: int) -> str:
        """A participant number of eleven digits."""
        return self._cards.digits(11, f"{year % 100:02d}")

    def pick_employer(self) -> Employer:
        """An employer, the large ones oftener."""
        return self._bag.draw(self._rng)

    def hire(
        self, person: Person, employer: Employer, start: date, kpj: str | None = None, ordinal: int = 1
    ) -> Employment:
        """A new employment, reported to WLKP and registered with BPJS within 25 days of the first day of
        work."""
        rng = self._rng
        contract = CONTRACTS.draw(rng)
        base = round(int(wage_floor(employer) * (1 + rng.expovariate(3.2))), -4)
        allowance = round(base * rng.choice((5, 10, 15)) // 100, -4)
        gap = rng.randrange(0, 21)
        employment = Employment(
            number=len(self.all) + 1,
            person=person,
            employer=employer,
            kpj=kpj or self.new_card(start.year),
            ordinal=ordinal,
            start=start,
            contract=contract,
            contract_end=_contract_end(rng, start) if contract == "PKWT" else None,
            wage=base,
            allowance=allowance,
            registered=start + timedelta(days=gap),
            reported=start + timedelta(days=max(0, gap + rng.randrange(-8, 6))),
            id_tk=f"{employer.wlkp_code[:4]}-{len(self.all) + 1:08d}",
        )
        self.all.append(employment)
        return employment

    def populate(self, people: People, workers: int) -> None:
        """Gives each of `workers` persons a present employment, and some of them a past one (E11)."""
        rng = self._rng
        for _ in range(workers):
            employer = self.pick_employer()
            person = people.add(employer.region, foreign=rng.random() < 0.003)
            earliest = max(employer.registered, date(person.born.year + 18, 1, 1))
            span = max(1, (date(2026, 5, 1) - earliest).days)
            start = date(2026, 5, 1) - timedelta(days=min(span, int(rng.expovariate(1 / 1500)) + 1))
            present = self.hire(person, employer, start)
            if rng.random() < 0.125 and (start - earliest).days > 800 and person.passport is None:
                self._past(person, present)

    def _past(self, person: Person, present: Employment) -> None:
        """An older spell, mostly on a card of its own, that ended long ago by resignation or the end of a
        contract."""
        rng = self._rng
        days = rng.randrange(200, 500)
        start = present.start - timedelta(days=days + rng.randrange(40, 200))
        again = rng.random() < 0.05
        employer = present.employer if again else self.pick_employer()
        if not again and (employer is present.employer or employer.registered > start):
            return
        kpj = present.kpj if again or rng.random() < 0.2 else None
        past = self.hire(person, employer, start, kpj)
        if again:
            present.ordinal = 2
        if (
            past.kpj != present.kpj and past.number % 10
        ):  # of ten people with two cards one has not had them merged
            past.merged_into = present.kpj
        ended = start + timedelta(days=days - 30)
        past.contract_end = ended if past.contract == "PKWT" else None
        cause = "CONTRACT_END" if past.contract == "PKWT" else "RESIGNATION"
        past.end(ended, cause, ended + timedelta(days=rng.randrange(1, 6)))


def _contract_end(rng: random.Random, start: date) -> date:
    """The last day of the fixed term that is running today: terms are renewed, so it lies ahead."""
    end = start
    while end <= LAST_DAY + timedelta(days=45):
        end = date(end.year + 1, end.month, min(end.day, 28))
    return end - timedelta(days=rng.randrange(0, 15))
