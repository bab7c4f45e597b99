"""What is new on a day: hires, dismissals, resignations, claims, decisions, months of looking for work."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from jendela.demo import bpjs, kemnaker, planted
from jendela.demo.careers import Employment
from jendela.demo.changes import Changes, Update
from jendela.demo.claims import Claim
from jendela.demo.employers import written_by_others
from jendela.demo.habits import padded
from jendela.demo.house import House
from jendela.demo.letters import Termination, notice_letter, statement
from jendela.demo.pen import Pen
from jendela.demo.plans import ANY, TWO_BOOKS, Plan
from jendela.demo.terminations import dismiss, resign
from jendela.demo.world import Case, World

_CYCLE = (
    "in order",
    "LET-02",
    "PES-01",
    "in order, no claim",
    "PHK-02 pending",
    "LET-07",
    "in order",
    "LET-01",
)
_TWO_BOOKS_ONLY = ("LET-02", "LET-07")


def spell_where(employment: Employment) -> dict[str, object]:
    """The key of a spell as BPJS stores it."""
    return {
        "KPJ": padded(employment.kpj, 13),
        "NPP": padded(employment.employer.npp, 10),
        "URUT_KEPESERTAAN": employment.ordinal,
    }


class Arrivals:
    """Adds a day's news with a pen, and its changes of existing rows to `changes`."""

    def __init__(self, world: World, pen: Pen, changes: Changes, workday: int) -> None:
        self.world, self.pen, self.changes, self.workday = world, pen, changes, workday
        self.rng: random.Random = pen.rng
        self.today = pen.today
        self.night = pen.today + timedelta(days=1)

    def stamp(self) -> datetime:
        """A moment of today's office hours."""
        return bpjs.stamp(self.today, self.rng)

    def update(self, agency: str, table: str, where: dict[str, object], values: dict[str, object]) -> None:
        """Changes a row, and its change stamp where the table has one."""
        if agency == "bpjs":
            values = {**values, "TGL_UBAH": bpjs.stamp(self.today, self.rng)}
        self.changes.updated.append(Update(agency, table, where, values))

    def seen_from(self, house: House) -> date:
        """The first night that has what the office received today: a slow one keeps it for some days."""
        day, workday = self.today, self.workday
        while not house.sends_on(workday):
            day += timedelta(days=1)
            workday += day.weekday() < 5
        return day + timedelta(days=1)

    def hires(self) -> None:
        """New workers, reported to WLKP and registered with BPJS the same day; and one who had waited for
        BPJS."""
        for _ in range(max(2, round(self.world.workers * 0.0015))):
            employer = self.world.careers.pick_employer()
            person = self.world.people.add(employer.region)
            employment = self.world.careers.hire(person, employer, self.today - timedelta(days=3))
            employment.registered = employment.reported = self.today
            self.pen.spell(employment, self.today)
            self.pen.worker(employment)
        waiting = [employment for employment in self.world.young if not employment.at_bpjs]
        if waiting:
            self.register(waiting[0])

    def register(self, employment: Employment) -> None:
        """BPJS registers a worker WLKP had before."""
        employment.at_bpjs, employment.registered = True, self.today
        self.pen.spell(employment, self.today)

    def dismissals(self) -> None:
        """New dismissals by the plans in turn, each with its claim the same day, if it has one."""
        for place in range(max(1, round(self.world.workers * 0.0004))):
            name = _CYCLE[(self.workday * 3 + place) % len(_CYCLE)]
            claim = name in ("in order", "PES-01", "LET-07", "LET-01")
            plan = Plan(name, 0, 1, TWO_BOOKS if name in _TWO_BOOKS_ONLY else ANY, claim)
            # Where an office sends late, BPJS has a letter that nobody can compare yet: not what is planned.
            regions = self.world.country.where(plan.where, prompt=claim)
            effective = self.today if name == "PHK-02 pending" else self.today - timedelta(days=1 + place % 3)
            employment = self.world.desk.take(regions, lambda one, by=plan, on=effective: _fits(one, by, on))  # type: ignore[misc]
            if employment is None:
                continue
            made = dismiss(self.world.desk, name, [employment], effective, self.today, self.today)[0]
            self.ended(employment)
            self._claim_and_plant(made, claim)

    def ended(self, employment: Employment) -> None:
        """BPJS and WLKP learn that an employment has ended."""
        self.update("bpjs", "TK_KEPESERTAAN", spell_where(employment), bpjs.ending(employment))
        where: dict[str, object] = {"id_tk": employment.id_tk}
        self.update("kemnaker", "WLKP_TENAGA_KERJA", where, kemnaker.ending(employment))

    def _claim_and_plant(self, made: Termination, claims: bool) -> None:
        claim, key = None, ""
        received: dict[int, tuple[date, Claim | None]] = {made.employment.number: (self.today, None)}
        if claims:
            claim = self.world.counter.claim(made, "FILED", "", self.today, None)
            key = self.pen.claim(claim, self.today)
            self.world.claims.append(claim)
            received = {made.employment.number: (self.today, claim)}
            if made.plan != "PES-01":
                self.registers(made.employment)
        self.pen.papers([made], received)
        self.world.terminations.append(made)
        house = self.world.country.house(made.employment.employer.region)
        for defect in planted.of_termination(made, claim, key, self.night, house):
            self.world.cases.append(Case(defect, made, made.employment, claim))
            self.world.truth.discrepancies.append(defect)

    def registers(self, employment: Employment) -> None:
        """A dismissed worker registers as a job-seeker."""
        registration = self.world.counter.registration(
            employment.person, employment.employer.region, self.today
        )
        self.pen.registration(registration, careful=True)
        self.world.registrations.append(registration)

    def resignations(self) -> None:
        """A worker resigns; every other time BPJS gets the employer's statement with the deactivation."""
        desk = self.world.desk
        employment = desk.take(desk.everywhere, lambda one: (self.today - one.start).days > 60)
        if employment is None:
            return
        made = resign(desk, employment, self.today - timedelta(days=1), stated=self.workday % 2 == 0)
        employment.deactivated = self.today
        self.ended(employment)
        self.pen.papers([made], {employment.number: (self.today, None)})
        self.world.terminations.append(made)
        letter = made.bpjs_keys[0] if made.bpjs_keys else ""
        self.world.truth.obligations.append(planted.obligation(employment, self.night, letter))

    def statements(self) -> None:
        """An employer hands in a statement it owed: the obligation ends."""
        owed = [line for line in self.world.truth.obligations if not line.letter_key]
        if not owed:
            return
        line = owed[self.workday % len(owed)]
        employment = next(one for one in self.world.careers.all if one.bpjs_key == line.key)
        name = written_by_others(employment.employer, self.rng)
        ended = employment.ended or self.today
        paper = statement(self.rng, employment, "RESIGNATION_STATEMENT", "R50", ended, name)
        line.letter_key = self.pen.letter_at_bpjs(paper, self.today, None)
        line.until_night = self.night

    def decisions(self) -> None:
        """BPJS approves claims filed three days ago or earlier."""
        for claim in self.world.claims:
            if claim.status in ("FILED", "VERIFIED") and claim.filed <= self.today - timedelta(days=3):
                claim.status, claim.decided = "APPROVED", self.today
                self.decided(claim)

    def decided(self, claim: Claim) -> None:
        """The claim's row gets the decision."""
        self.update("bpjs", "KLAIM_JKP", {"NO_KLAIM": padded(claim.number, 20)}, bpjs.verdict(claim))

    def activities(self) -> None:
        """In the first five days of a month job-seekers report on the month before, a fifth of them a day."""
        month = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        registrations = {one.person.number: one for one in self.world.registrations if one.central}
        for claim in self.world.claims:
            registration = registrations.get(claim.employment.person.number)
            if claim.decided is None or claim.status != "APPROVED" or registration is None:
                continue
            order = (month.year - claim.decided.year) * 12 + month.month - claim.decided.month + 1
            if (
                1 <= order <= 6
                and registration.day < self.today
                and int(claim.number[-6:]) % 5 == self.today.day - 1
            ):
                activity = self.world.counter.activity(registration, month, order, self.today)
                self.world.activities.append(activity)
                self.pen.activity(activity)

    def notice(self, house: House) -> None:
        """An office drops the notice of a dismissal to come, which is taken back two working days later."""
        employment = self.world.desk.take(
            (house.region,), lambda one: one.contract == "PKWTT" and one.at_bpjs
        )
        if employment is None:
            return
        name = written_by_others(employment.employer, self.rng)
        effective = self.today + timedelta(days=36)
        letter = notice_letter(self.rng, employment, "R432", effective, name, day=self.today)
        made = Termination(employment, "R432", effective, "withdrawn", house.agency, letter=letter)
        self.pen.letters_in_form(house, [letter], self.today, None)
        self.world.terminations.append(made)


def _fits(employment: Employment, plan: Plan, effective: date) -> bool:
    served = (effective - employment.start).days
    insured = employment.insured_for_job_loss or not plan.claim
    running = employment.contract_end is None or employment.contract_end > effective + timedelta(days=10)
    return employment.at_bpjs and insured and running and served > 400
