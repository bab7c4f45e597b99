"""Claims for the job-loss benefit, registrations at the employment service, and the monthly activity that
follows."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, timedelta

from jendela.demo.careers import FIRST_NIGHT, Employment
from jendela.demo.chance import stream
from jendela.demo.letters import Termination
from jendela.demo.people import People, Person
from jendela.demo.plans import PLANS

CAP = 5_000_000
"""The wage the benefit is computed from is capped (PP 6/2025 Pasal 21); 60 % of it is paid a month."""

BANKS = (("002", 15), ("008", 13), ("009", 10), ("014", 10), ("200", 16), ("451", 10))
_MISSING_PROOF = ("CLM-04", "rejected before the report came")


@dataclass(slots=True)
class Claim:
    """A claim at BPJS. `status` is FILED, VERIFIED, APPROVED, REJECTED or WITHDRAWN."""

    number: str
    employment: Employment
    filed: date
    claimed_end: date
    letter_number: str
    status: str
    decided: date | None
    rejection: str
    bank: str
    account: str

    @property
    def base(self) -> int:
        """The last wage the employer reported."""
        return self.employment.wage + self.employment.allowance

    @property
    def monthly(self) -> int | None:
        """The benefit a month, if granted."""
        return round(min(self.base, CAP) * 0.6) if self.status == "APPROVED" else None


@dataclass(slots=True)
class Registration:
    """A job-seeker: centrally (`central`), at the counter of the labour office (`counter`), or at both."""

    person: Person
    number: str
    account: str
    ak1: str
    day: date
    central: bool
    counter: bool
    region: str
    status: str = "ACTIVE"


@dataclass(slots=True)
class Activity:
    """What a job-seeker reported for one month."""

    serial: int
    registration: Registration
    month: date
    order: int
    applications: int
    interviews: int
    assessed: date | None
    attendance: int | None
    counselled: date | None
    outcome: str
    day: date


class Counter:
    """Hands out the numbers of claims, registrations and activities, in the order they are asked for."""

    def __init__(self, seed: int, counters: Container[str]) -> None:
        self.rng = stream(seed, "claims")
        self._counters = counters
        self._claims = self._registrations = self._cards = self._activities = 0

    def claim(
        self, termination: Termination, status: str, rejection: str, filed: date, decided: date | None
    ) -> Claim:
        """A new claim about an ended employment."""
        self._claims += 1
        bank, length = self.rng.choice(BANKS)
        letters = termination.at_bpjs
        return Claim(
            f"JKP{filed:%y%m}{self._claims:06d}",
            termination.employment,
            filed,
            termination.effective,
            letters[0].number if letters and termination.reason != "R50" else "",
            status,
            decided,
            rejection,
            bank,
            "".join(str(self.rng.randrange(10)) for _ in range(length)),
        )

    def registration(self, person: Person, region: str, day: date) -> Registration:
        """A new registration: where the office has a counter often there, at times at both places."""
        rng = self.rng
        self._registrations += 1
        self._cards += 1
        where = rng.random()
        at_counter = region in self._counters and where < 0.45
        return Registration(
            person,
            f"PK{day:%Y}{self._registrations:07d}",
            str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            f"{region}/AK1/{day:%Y}/{self._cards:06d}",
            day,
            central=not at_counter or where < 0.08,
            counter=at_counter,
            region=region,
        )

    def activity(self, registration: Registration, month: date, order: int, day: date) -> Activity:
        """One month of looking for work, with at least the proof the law asks for."""
        rng = self.rng
        self._activities += 1
        in_training = 2 <= order <= 5 and rng.random() < 0.25
        return Activity(
            self._activities,
            registration,
            month,
            order,
            applications=rng.randrange(5, 12),
            interviews=rng.choice((0, 0, 0, 1, 1, 2)),
            assessed=month + timedelta(days=rng.randrange(1, 20)),
            attendance=rng.randrange(80, 101) if in_training else None,
            counselled=month + timedelta(days=rng.randrange(1, 20)) if rng.random() < 0.3 else None,
            outcome="REFERRED" if in_training else "CONTINUES",
            day=day,
        )


def decide(rng: random.Random, termination: Termination, horizon: date) -> tuple[str, str, date, date | None]:
    """Status, rejection reason, day of filing and day of decision of the claim that follows a dismissal."""
    plan = termination.plan
    if plan == "rejected before the report came":
        filed = termination.effective + timedelta(days=2)
        return "REJECTED", "MISSING_PROOF", filed, filed + timedelta(days=2)
    after = termination.employment.deactivated or termination.effective
    room = max(1, min(40, (horizon - after).days - 10))
    filed = after + timedelta(days=rng.randrange(0, room) + 1)
    decided = filed + timedelta(days=rng.randrange(2, 9))
    if plan in _MISSING_PROOF or (plan == "silent office" and rng.random() < 0.2):
        termination.at_bpjs = []
        return "REJECTED", "MISSING_PROOF", filed, decided
    if plan == "claim withdrawn":
        return "WITHDRAWN", "", filed, None
    if plan == "too few months":
        return "REJECTED", "MONTHS", filed, decided
    if decided >= horizon:
        return (
            ("VERIFIED" if rng.random() < 0.5 else "FILED"),
            "",
            min(filed, horizon - timedelta(days=1)),
            None,
        )
    if rng.random() < 0.04:
        return "REJECTED", "DOCUMENTS", filed, decided
    return "APPROVED", "", filed, decided


def make_claims(counter: Counter, terminations: list[Termination]) -> list[Claim]:
    """A claim for every dismissal whose plan has one, and a few by people who resigned."""
    claims, resigned = [], 0
    with_claim = {plan.name for plan in PLANS if plan.claim}
    for termination in terminations:
        if termination.plan in with_claim:
            status, why, filed, decided = decide(counter.rng, termination, FIRST_NIGHT)
            claims.append(counter.claim(termination, status, why, filed, decided))
        elif _resigned_and_claims(termination) and resigned < 1 + len(terminations) // 100:
            resigned += 1
            filed = termination.effective + timedelta(days=12)
            claim = counter.claim(termination, "REJECTED", "EXCLUDED", filed, filed + timedelta(days=4))
            claims.append(claim)
    return claims


def _resigned_and_claims(termination: Termination) -> bool:
    """Whether somebody who resigned may be one of those who claim all the same, and are refused."""
    early = termination.effective < FIRST_NIGHT - timedelta(days=30)
    resigned = termination.plan == "resignation" and bool(termination.at_bpjs)
    return resigned and early and termination.employment.insured_for_job_loss


def make_registrations(
    counter: Counter,
    claims: list[Claim],
    terminations: list[Termination],
    people: People,
    workers: int,
    home: Callable[[random.Random], str],
) -> list[Registration]:
    """Every claimant but those planned without (PES-01), some who did not claim, and job-seekers who never
    worked, who live where `home` draws."""
    plans = {termination.employment.number: termination.plan for termination in terminations}
    found = []
    for claim in claims:
        if plans[claim.employment.number] in ("PES-01", "claim withdrawn"):
            continue
        region = claim.employment.employer.region
        day = min(claim.filed + timedelta(days=counter.rng.randrange(-3, 3)), FIRST_NIGHT - timedelta(days=1))
        found.append(counter.registration(claim.employment.person, region, max(day, claim.claimed_end)))
    for termination in terminations:
        if termination.plan in ("in order, no claim", "contract end") and counter.rng.random() < 0.5:
            day = min(termination.effective + timedelta(days=14), FIRST_NIGHT - timedelta(days=1))
            found.append(
                counter.registration(
                    termination.employment.person, termination.employment.employer.region, day
                )
            )
    for _ in range(max(4, round(workers * 0.02))):
        region = home(counter.rng)
        day = FIRST_NIGHT - timedelta(days=counter.rng.randrange(2, 500))
        found.append(counter.registration(people.add(region), region, day))
    return found


def make_activities(
    counter: Counter, claims: list[Claim], registrations: list[Registration]
) -> list[Activity]:
    """A report for each whole month since an approved claim, written at the start of the next month."""
    by_person = {
        registration.person.number: registration for registration in registrations if registration.central
    }
    planned = []
    for claim in claims:
        registration = by_person.get(claim.employment.person.number)
        if claim.status != "APPROVED" or registration is None or claim.decided is None:
            continue
        month = claim.decided.replace(day=1)
        for order in range(1, 7):
            following = (month + timedelta(days=32)).replace(day=1)
            day = following + timedelta(days=counter.rng.randrange(0, 5))
            if day >= FIRST_NIGHT:
                break
            planned.append((day, registration, month, order))
            month = following
    planned.sort(key=lambda entry: (entry[0], entry[1].number))
    return [counter.activity(registration, month, order, day) for day, registration, month, order in planned]
