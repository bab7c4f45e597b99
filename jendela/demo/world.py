"""The whole demo before any agency has written it down: the same for the same seed and number of workers."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import date, timedelta

from jendela.demo.careers import LAST_DAY, Careers, Employment
from jendela.demo.chance import stream
from jendela.demo.claims import (
    Activity,
    Claim,
    Counter,
    Registration,
    make_activities,
    make_claims,
    make_registrations,
)
from jendela.demo.clerks import Clerk, Written
from jendela.demo.country import FIRST, Country
from jendela.demo.employers import Employer, make_employers
from jendela.demo.flow_book import FlowBook
from jendela.demo.letters import Termination
from jendela.demo.people import People, Person
from jendela.demo.terminations import Desk, make_terminations
from jendela.demo.truth import BadRow, Discrepancy, Truth

TOO_YOUNG = 6
"""How many hires of August 2026 BPJS has not registered yet: within the 30 days of grace, so no defect."""


@dataclass(slots=True)
class Case:
    """A planted defect with what it is about, for the day it is mended."""

    defect: Discrepancy
    termination: Termination | None = None
    employment: Employment | None = None
    claim: Claim | None = None


@dataclass(slots=True)
class Spoilt:
    """A bad row of TK_KEPESERTAAN or TK_BIODATA, with what is right."""

    employment: Employment
    table: str
    right: dict[str, object]
    line: BadRow


@dataclass
class World:
    """Everything there is, and what each agency wrote about it so far.

    `said` is what records say of whom, by place; `seen_from` the night that has them if it is not the next.
    `merged` are the cards that BPJS has merged, with those they were merged into.
    """

    seed: int
    workers: int
    country: Country
    people: People
    employers: list[Employer]
    careers: Careers
    desk: Desk
    counter: Counter
    terminations: list[Termination]
    claims: list[Claim]
    registrations: list[Registration]
    activities: list[Activity]
    clerks: dict[str, Clerk]
    lenders: dict[int, tuple[Person, ...]]
    unregistered: list[Employment]
    young: list[Employment]
    truth: Truth = field(default_factory=Truth)
    cards: dict[str, Written] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)
    niks: dict[str, dict[int, list[tuple[str, str, str]]]] = field(default_factory=dict)
    shared: set[tuple[int, int]] = field(default_factory=set)
    said: dict[tuple[str, str, str], tuple[int, Written]] = field(default_factory=dict)
    seen_from: dict[tuple[str, str, str], date] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    identities: dict[tuple[str, int], Discrepancy] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    spoilt: list[Spoilt] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    flows: FlowBook = field(default_factory=FlowBook)

    def serial(self, purpose: str) -> int:
        """The next number of a series of its own."""
        self.serials[purpose] = self.serials.get(purpose, 0) + 1
        return self.serials[purpose]


def build(seed: int, workers: int, country: Country = FIRST) -> World:
    """The world on the evening before the first night."""
    people = People(seed)
    employers = make_employers(seed, workers, country.workplaces, country.least)
    careers = Careers(seed, employers)
    careers.populate(people, workers)
    _twins(seed, people, careers, max(2, workers // 500))
    lenders, protected = _lenders(careers)
    unregistered = _unregistered(seed, careers, protected, max(2, round(workers * 0.01)))
    young = _young(people, careers)
    desk, terminations = make_terminations(seed, careers, workers, country)
    counter = Counter(seed, country.counters)
    claims = make_claims(counter, terminations)
    registrations = make_registrations(counter, claims, terminations, people, workers, country.seeker_home)
    activities = make_activities(counter, claims, registrations)
    taken = {person.nik for person in people.all} | {
        person.second_nik for person in people.all if person.second_nik
    }
    slips: dict[int, set[str]] = {}
    lent: dict[int, int] = {}
    clerks = {
        agency: Clerk(seed, agency, taken, slips, lent)
        for agency in ("bpjs", "kemnaker", *(house.agency for house in country.houses))
    }
    return World(
        seed,
        workers,
        country,
        people,
        employers,
        careers,
        desk,
        counter,
        terminations,
        claims,
        registrations,
        activities,
        clerks,
        lenders,
        unregistered,
        young,
    )


def _twins(seed: int, people: People, careers: Careers, count: int) -> None:
    """Twins of people already there; half of them work at the same place."""
    rng = stream(seed, "twins")
    for employment in rng.sample(careers.all, count):
        if employment.person.passport is None:
            twin = people.add_twin(employment.person)
            employer = employment.employer if rng.random() < 0.5 else careers.pick_employer()
            start = max(employment.start, employer.registered) + timedelta(days=rng.randrange(0, 30))
            careers.hire(twin, employer, min(start, date(2026, 5, 1)))


def _lenders(careers: Careers) -> tuple[dict[int, tuple[Person, ...]], set[int]]:
    """For each employer two people whose NIK colleagues are given by mistake (the HR clerk first), and who
    they are."""
    found: dict[int, list[Person]] = {}
    protected: set[int] = set()
    for employment in careers.all:
        mine = found.setdefault(employment.employer.number, [])
        person = employment.person
        plain = person.passport is None and person.second_nik is None and employment.ended is None
        if len(mine) < 2 and plain and person.number not in protected and employment.ordinal == 1:
            mine.append(person)
            protected.add(person.number)
    return {number: tuple(persons) for number, persons in found.items()}, protected


def _unregistered(seed: int, careers: Careers, protected: set[int], count: int) -> list[Employment]:
    """Workers their employer reported to WLKP, at least two months ago, and not to BPJS (WRK-01).

    No colleague has the same name: where two could be one, a reviewer must speak first.
    """
    rng = stream(seed, "unregistered")
    names = Tally((employment.employer.number, employment.person.name) for employment in careers.all)
    usable = [
        employment
        for employment in careers.all
        if employment.ended is None
        and employment.ordinal == 1
        and employment.person.number not in protected
        and employment.reported < LAST_DAY - timedelta(days=60)
        and names[employment.employer.number, employment.person.name] == 1
    ]
    chosen = rng.sample(usable, count)
    for employment in chosen:
        employment.at_bpjs = False
    return chosen


def _young(people: People, careers: Careers) -> list[Employment]:
    """Hires of the last days, reported to WLKP already, with BPJS to follow."""
    rng = stream(len(careers.all), "young")
    found = []
    for _ in range(TOO_YOUNG):
        employer = careers.pick_employer()
        person = people.add(employer.region)
        start = LAST_DAY - timedelta(days=rng.randrange(4, 14))
        employment = careers.hire(person, employer, start)
        employment.reported = start + timedelta(days=rng.randrange(0, 3))
        employment.at_bpjs = False
        found.append(employment)
    return found
