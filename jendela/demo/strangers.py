"""People about whom one thing is wrong: new to everybody, at employers of their own, recorded without a slip.

So a planted defect is the only one, and mending it changes nothing for others.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from jendela.demo import bpjs, kemnaker
from jendela.demo.careers import Employment
from jendela.demo.chance import stream
from jendela.demo.claims import BANKS, Activity, Claim, Registration
from jendela.demo.clerks import Written
from jendela.demo.employers import Employer
from jendela.demo.flow_book import FlowBook
from jendela.demo.habits import padded
from jendela.demo.identifiers import npwp
from jendela.demo.pen import Pen
from jendela.demo.people import Person
from jendela.demo.world import World

REGIONS = ("3173", "3671", "2171", "6171")
"""Workplaces whose office is connected nowhere: nothing is concluded from its silence."""
NAMES = ("Samudra Karsa Logistik", "Graha Tirta Pangan", "Cakra Buana Plastik", "Wahana Citra Elektronik")


def employers(seed: int, number: int) -> list[Employer]:
    """Four employers, insured against the loss of a job; `number` is how many there are already."""
    rng = stream(seed, "employers of strangers")
    return [
        Employer(
            number=number + place,
            form="PT",
            name=name,
            npp=f"WX{rng.randrange(10**5):05d}{place}",
            nib=f"9120{rng.randrange(10**8):08d}{place}",
            npwp=npwp(f"{rng.randrange(10**5):05d}{place}", "412", 0),
            wlkp_code=f"{region}0.20080114.{number + place:04d}",
            head=None,
            size="MENENGAH",
            kbli=("H", "52101"),
            kbli_edition="2020",
            region=region,
            street=f"JL. PELABUHAN KAV. {place + 10}",
            postcode=f"{int(region) * 13 % 90000 + 10000}",
            phone=f"+6221{rng.randrange(10**6, 10**7)}",
            clerk_phone=f"+62811{rng.randrange(10**8):08d}",
            signatory="Direksi",
            founded=date(2008, 1, 14),
            registered=date(2008, 6, 2),
            weight=0.0,
        )
        for place, (region, name) in enumerate(zip(REGIONS, NAMES, strict=True), 1)
    ]


@dataclass(slots=True)
class Stranger:
    """Somebody who worked, as everybody has them."""

    person: Person
    employment: Employment
    plain: Written


class Strangers:
    """Brings strangers into the books; randomness of its own."""

    def __init__(self, pen: Pen, firms: list[Employer]) -> None:
        self.pen, self.world, self.firms = pen, pen.world, firms
        self.flows: FlowBook = pen.world.flows
        self.rng = stream(pen.world.seed, "strangers", pen.today)

    def worker(
        self, start: date, ended: date | None, cause: str = "TERMINATION", *, in_wlkp: bool = True
    ) -> Stranger:
        """A spell at BPJS and its row in WLKP, both right; or the spell alone."""
        firm = self.firms[self.flows.serial("stranger") % len(self.firms)]
        person = self.world.people.add(firm.region)
        while person.second_nik or date(2026, 1, 1) - person.born > timedelta(days=365 * 50):
            person = self.world.people.add(firm.region)
        plain = Written(person.nik, person.name, person.born, person.birth_place, person.sex, person.mother)
        one = self.spell(person, plain, firm, start, ended, cause, in_wlkp=in_wlkp)
        return Stranger(person, one, plain)

    def spell(
        self,
        person: Person,
        plain: Written,
        firm: Employer,
        start: date,
        ended: date | None = None,
        cause: str = "TERMINATION",
        *,
        in_wlkp: bool = True,
    ) -> Employment:
        """One employment on a card of its own, reported on both sides within days."""
        pen, world = self.pen, self.world
        one = world.careers.hire(person, firm, start)
        term = cause == "CONTRACT_END" and ended is not None
        one.contract, one.contract_end = ("PKWT", ended) if term else ("PKWTT", None)
        one.registered = one.reported = start + timedelta(days=4)
        if ended is not None:
            one.end(ended, cause, ended + timedelta(days=3))
        day = min(one.deactivated or one.registered, pen.today)
        changed = bpjs.stamp(day, self.rng)
        earlier = [known.kpj for known in world.careers.all if known.person is person and known is not one]
        world.cards[one.kpj] = plain
        card = bpjs.card_row(person, one.kpj, plain, person.phone, self.rng, changed)
        if earlier:  # BPJS found the card that was there before
            card["KPJ_GABUNG"] = padded(earlier[0], 13)
            world.merged[one.kpj] = earlier[0]
        for table, row in (
            ("TK_BIODATA", card),
            ("TK_KEPESERTAAN", bpjs.spell_row(one, pen.today, changed)),
        ):
            pen.mention("bpjs", table, pen.put("bpjs", table, row), person, plain)
        one.at_wlkp = in_wlkp
        if not in_wlkp:
            return one
        key = pen.put("kemnaker", "WLKP_TENAGA_KERJA", kemnaker.worker_row(one, plain, self.rng))
        pen.mention("kemnaker", "WLKP_TENAGA_KERJA", key, person, plain)
        return one

    def claims(
        self,
        one: Stranger,
        status: str = "APPROVED",
        rejection: str = "",
        after: int = 8,
        ended: date | None = None,
    ) -> Claim:
        """A claim, `after` days after the end, decided six days later unless it is still looked at."""
        end = ended or one.employment.ended or self.pen.today
        filed, number = end + timedelta(days=after), self.flows.serial("claim")
        bank, length = self.rng.choice(BANKS)
        claim = Claim(
            number=f"JKP{filed:%y%m}{700_000 + number:06d}",
            employment=one.employment,
            filed=filed,
            claimed_end=end,
            letter_number="",
            status=status,
            decided=None if status in ("FILED", "VERIFIED") else filed + timedelta(days=6),
            rejection=rejection,
            bank=bank,
            account="".join(str(self.rng.randrange(10)) for _ in range(length)),
        )
        changed = bpjs.stamp(claim.decided or filed, self.rng)
        key = self.pen.put("bpjs", "KLAIM_JKP", bpjs.claim_row(claim, one.plain, changed))
        self.pen.mention("bpjs", "KLAIM_JKP", key, one.person, one.plain)
        return claim

    def registers(self, one: Stranger, day: date, status: str = "ACTIVE") -> Registration:
        """A registration at the central service."""
        pen, number = self.pen, self.flows.serial("registration")
        registration = Registration(
            one.person,
            f"PK{day:%Y}{8_000_000 + number:07d}",
            str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
            f"{one.person.region}/AK1/{day:%Y}/{800_000 + number:06d}",
            day,
            central=True,
            counter=False,
            region=one.employment.employer.region,
            status=status,
        )
        changed = bpjs.stamp(day, self.rng)
        for table, row in (
            ("SIAPKERJA_AKUN", kemnaker.account_row(registration, one.plain, self.rng, changed)),
            ("PES_PENDAFTARAN", kemnaker.registration_row(registration, changed)),
        ):
            key = pen.put("kemnaker", table, row)
            told = one.plain if table == "SIAPKERJA_AKUN" else None
            pen.mention("kemnaker", table, key, one.person, told)
        return registration

    def reports(
        self, registration: Registration, month: date, order: int, **columns: object
    ) -> tuple[str, Activity]:
        """The report of one month, written on the second of the next, with `columns` as they are wrong."""
        day = (month + timedelta(days=32)).replace(day=2)
        activity = self.world.counter.activity(registration, month, order, day)
        activity.attendance, activity.outcome = None, "CONTINUES"
        row = kemnaker.activity_row(activity, bpjs.stamp(day, self.rng))
        row.update(columns)
        return self.pen.put("kemnaker", "PES_AKTIVITAS", row), activity


def quiet_pen(world: World, pen: Pen) -> Pen:
    """A pen over the same books with randomness of its own, so that the rest of the day stays as it was."""
    mine = Pen(world, pen.today, pen.rows, pen.files)
    mine.rng = stream(world.seed, "flows", pen.today)
    return mine
