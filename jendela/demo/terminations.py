"""How employments ended in the six months before the first night, by plan, with the papers each end left
behind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from jendela.demo.careers import FIRST_NIGHT, LAST_DAY, Careers, Employment
from jendela.demo.chance import Weighted, stream
from jendela.demo.country import Country
from jendela.demo.employers import written_by_others
from jendela.demo.letters import (
    Letter,
    Report,
    Termination,
    altered,
    notice_letter,
    statement,
    weekday_on_or_before,
)
from jendela.demo.plans import ANY, PENDING_DAYS, PLANS, Plan, how_many

_REASONS = Weighted(["R432", "R431", "R442", "R521", "R441"], [42, 24, 12, 14, 8])
_HALF_YEAR = date(2026, 3, 2)


class Desk:
    """Issues the offices' receipts and picks the workers who are dismissed; a worker is picked
    once."""

    def __init__(self, seed: int, careers: Careers, country: Country) -> None:
        self.rng = stream(seed, "terminations")
        self.careers = careers
        self.country = country
        self._free: dict[str, list[Employment]] = {}
        for employment in careers.all:
            usual = employment.ordinal == 1 and employment.contract != "HARIAN_LEPAS"
            insured = employment.at_bpjs and employment.person.passport is None
            if usual and insured and employment.ended is None:
                self._free.setdefault(employment.employer.region, []).append(employment)
        for waiting in self._free.values():
            self.rng.shuffle(waiting)
        self.everywhere = tuple(self._free)
        self._receipts = {house.region: house.receipts[1] for house in country.houses}
        self._events = 0

    def event(self) -> int:
        """The number of a new event: one letter, one receipt, one or more workers."""
        self._events += 1
        return self._events

    def receipt(self, region: str, day: date) -> str:
        """The next receipt number of an office."""
        self._receipts[region] += 1
        pattern, _ = self.country.by_region[region].receipts
        return pattern.format(n=self._receipts[region], year=day.year)

    def take(self, regions: tuple[str, ...], fits: Callable[[Employment], bool]) -> Employment | None:
        """Picks the next free worker of one of the regions (empty: of a region whose office is silent)."""
        among = list(regions) or [region for region in self._free if self.country.house(region) is None]
        self.rng.shuffle(among)
        for region in among:
            waiting = self._free.get(region, [])
            for place in range(len(waiting) - 1, -1, -1):
                if fits(waiting[place]):
                    return waiting.pop(place)
        return None

    def colleagues(self, of: Employment, count: int, fits: Callable[[Employment], bool]) -> list[Employment]:
        """More free workers of the same employer with the same kind of contract."""
        waiting = self._free.get(of.employer.region, [])
        same = [
            one
            for one in waiting
            if one.employer is of.employer and one.contract == of.contract and fits(one)
        ]
        chosen = same[:count]
        for one in chosen:
            waiting.remove(one)
        return chosen


def _fits(plan: Plan, effective: date) -> Callable[[Employment], bool]:
    def fits(employment: Employment) -> bool:
        served = (effective - employment.start).days
        short = plan.name == "too few months"
        if short and not 120 < served < 330:
            return False
        if not short and served < (400 if plan.claim else 90):
            return False
        if plan.claim and not employment.insured_for_job_loss:
            return False
        return employment.contract_end is None or employment.contract_end > effective + timedelta(days=10)

    return fits


def make_terminations(
    seed: int, careers: Careers, workers: int, country: Country
) -> tuple[Desk, list[Termination]]:
    """About four in a hundred workers, more in a small demo so that every plan has its case; and the desk
    they left."""
    desk = Desk(seed, careers, country)
    total = round(workers * 0.04)
    found = list(_dismissals(desk, round(total * 0.5)))
    found += _resignations(desk, max(6, round(total * 0.24)))
    found += _contract_ends(desk, max(3, round(total * 0.18)))
    found += _others(desk, max(2, round(total * 0.04)))
    return desk, found


def _dismissals(desk: Desk, count: int) -> Iterator[Termination]:
    for plan in PLANS:
        left = how_many(plan, count)
        while left > 0:
            effective = _some_weekday(desk.rng, plan.latest)
            employment = desk.take(desk.country.where(plan.where), _fits(plan, effective))
            if employment is None:
                break
            group = [employment]
            if plan.name.startswith("in order") and left >= 6 and desk.rng.random() < 0.2:
                group += desk.colleagues(employment, desk.rng.randrange(2, 6), _fits(plan, effective))
            yield from dismiss(desk, plan.name, group, effective)
            left -= len(group)
    for day in PENDING_DAYS:
        effective = date(2026, 8, day)
        pending = Plan("PHK-02 pending", 0, 1, ANY, claim=False)
        employment = desk.take(desk.country.where(ANY), _fits(pending, effective))
        if employment is not None:
            yield from dismiss(desk, pending.name, [employment], effective)


def _some_weekday(rng: random.Random, latest: int) -> date:
    span = (FIRST_NIGHT - timedelta(days=latest) - _HALF_YEAR).days
    return weekday_on_or_before(_HALF_YEAR + timedelta(days=rng.randrange(2, span)))


def dismiss(
    desk: Desk,
    plan: str,
    group: list[Employment],
    effective: date,
    today: date = LAST_DAY,
    received: date | None = None,
) -> list[Termination]:
    """Ends the employments of one employer on one day, and writes the papers the plan says.

    What lies after `today` has not happened yet: a deactivation is reported by then at the latest.
    `received` is the day the office had the report, drawn if not given; the copy of the letter came with it
    or before it.
    """
    rng, first = desk.rng, group[0]
    reason = "RPK3" if first.contract == "PKWT" else _REASONS.draw(rng)
    if len(group) > 1 and reason == "R521":
        reason = "R432"
    name = written_by_others(first.employer, rng)
    letter = notice_letter(rng, first, reason, effective, name)
    letters = [letter]
    for line, other in enumerate(group[1:], start=2):
        theirs = notice_letter(rng, other, reason, effective, name, letter.number, letter.day)
        letters.append(replace(theirs, line=line, notice=letter.notice))
    arrived = received
    received = received or _receipt_day(rng, plan, letter)
    office, event = desk.country.office(first.employer.region), desk.event()
    number = desk.receipt(first.employer.region, received) if office else ""
    found = []
    for one in letters:
        if plan != "withdrawn":
            reported = min(effective + timedelta(days=rng.randrange(1, 6)), today)
            one.employment.end(effective, "MISCONDUCT" if reason == "R521" else "TERMINATION", reported)
        termination = Termination(one.employment, reason, effective, plan, office, event, one)
        if number:
            termination.report = report_on(rng, one, number, received, plan)
            drawn = min(one.day + timedelta(days=rng.randrange(2, 6)), received)
            termination.seen_by_office = arrived or drawn
        _file(rng, termination, one)
        found.append(termination)
    return found


def _receipt_day(rng: random.Random, plan: str, letter: Letter) -> date:
    """When the office received the report: before the end, or at most a few working days after it."""
    if plan == "rejected before the report came":
        return letter.effective + timedelta(days=7)
    if plan == "settled":
        return letter.effective
    return letter.day + timedelta(days=rng.randrange(9, 24))


def report_on(rng: random.Random, letter: Letter, number: str, received: date, plan: str) -> Report:
    """The report of a dismissal as the plan says: settled after a refusal, or without naming the letter."""
    notice = letter.notice or letter.day
    report = Report(
        letter.employment,
        number,
        letter.line,
        received,
        letter.number,
        letter.day,
        letter.reason,
        letter.effective,
        responded=notice + timedelta(days=rng.randrange(1, 6)),
    )
    if plan == "settled":
        settled = letter.effective - timedelta(days=rng.randrange(1, 5))
        paper = f"{rng.randrange(1, 90):02d}/PB/{letter.employment.employer.initials}/{settled.year}"
        return replace(report, response="REJECTED", settlement=paper, settled=settled)
    if plan == "LET-07":
        return replace(report, letter_number="", letter_day=None)
    return report


def _file(rng: random.Random, termination: Termination, letter: Letter) -> None:
    """Puts the letter where the plan says: with the office, with BPJS, with both, with nobody."""
    plan = termination.plan
    office, bpjs = [letter], [letter]
    if plan in ("PHK-02 nothing", "PHK-02 pending"):
        office, bpjs, termination.report = [], [], None
    elif plan == "PHK-02 letter only":
        bpjs, termination.report = [], None
    elif plan in ("LET-01", "LET-01 upload"):
        wrong = altered(rng, letter, rng.choice(("reason", "date", "amount")))
        if plan == "LET-01 upload":
            wrong = replace(altered(rng, letter, "amount"), number=letter.number.replace("/HRD-", "/PHK-"))
        bpjs = [wrong]
    elif plan == "LET-02":
        office, bpjs = [], []
    elif plan in ("LET-07", "letter at BPJS only"):
        office = []
    elif plan in ("CLM-04", "rejected before the report came", "in order, no claim", "claim withdrawn"):
        bpjs = []
    elif plan == "corrected":
        correction = replace(
            letter,
            kind="CORRECTION",
            number=letter.number.replace("/HRD-", "/RALAT-"),
            supersedes=letter.number,
            supersedes_day=letter.day,
            day=letter.day + timedelta(days=6),
            uph=letter.uph + 750_000,
        )
        office = [letter, correction]
    elif plan == "withdrawn":
        withdrawal = replace(
            letter,
            kind="WITHDRAWAL",
            number=letter.number.replace("/HRD-", "/CABUT-"),
            supersedes=letter.number,
            supersedes_day=letter.day,
            day=letter.day + timedelta(days=8),
        )
        office, bpjs, termination.report = [letter, withdrawal], [], None
    if plan == "rejected before the report came" and termination.report:
        termination.seen_by_office = termination.report.received
    if termination.office is None:
        office, termination.report = [], None
        bpjs = [letter] if plan == "silent office" else []
    termination.at_office, termination.at_bpjs = office, bpjs


def _resignations(desk: Desk, count: int) -> Iterator[Termination]:
    for _ in range(count):
        effective = _some_weekday(desk.rng, 12)
        employment = desk.take(desk.everywhere, lambda one, day=effective: (day - one.start).days > 60)  # type: ignore[misc]
        if employment is None:
            return
        yield resign(desk, employment, effective, stated=desk.rng.random() < 0.6)


def resign(desk: Desk, employment: Employment, effective: date, stated: bool) -> Termination:
    """A worker leaves; `stated` says whether the employer gave BPJS its statement."""
    rng = desk.rng
    employment.end(effective, "RESIGNATION", effective + timedelta(days=rng.randrange(1, 6)))
    termination = Termination(employment, "R50", effective, "resignation", None, desk.event())
    if stated:
        name = written_by_others(employment.employer, rng)
        termination.at_bpjs = [statement(rng, employment, "RESIGNATION_STATEMENT", "R50", effective, name)]
    return termination


def _contract_ends(desk: Desk, count: int) -> Iterator[Termination]:
    for _ in range(count):
        effective = _some_weekday(desk.rng, 12)
        employment = desk.take(
            desk.everywhere,
            lambda one, day=effective: one.contract == "PKWT" and (day - one.start).days > 200,  # type: ignore[misc]
        )
        if employment is None:
            return
        employment.contract_end = effective
        employment.end(effective, "CONTRACT_END", effective + timedelta(days=desk.rng.randrange(1, 6)))
        termination = Termination(employment, "RPK1", effective, "contract end", None, desk.event())
        if desk.rng.random() < 0.3:
            name = written_by_others(employment.employer, desk.rng)
            paper = statement(desk.rng, employment, "PKWT_END_STATEMENT", "RPK1", effective, name)
            termination.at_bpjs = [paper]
        yield termination


def _others(desk: Desk, count: int) -> Iterator[Termination]:
    """Retirements of the oldest, and deaths."""
    for place in range(2 * count):
        effective = _some_weekday(desk.rng, 12)
        old = place < count
        limit = effective.year - (55 if old else 20)
        employment = desk.take(desk.everywhere, lambda one, year=limit: one.person.born.year <= year)  # type: ignore[misc]
        if employment is None:
            continue
        employment.end(
            effective, "RETIREMENT" if old else "DEATH", effective + timedelta(days=desk.rng.randrange(1, 6))
        )
        yield Termination(employment, "R56" if old else "R57", effective, "law", None, desk.event())
