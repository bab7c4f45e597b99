"""Writes the world into the agencies' books: each call is one fact arriving at one agency, on one day.

The rows pile up in `rows` and the letters in the agreed form in `files`; what the truth must remember is
noted as they are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from jendela.demo import balikpapan, bpjs, facts, kemnaker
from jendela.demo.careers import Employment
from jendela.demo.chance import stream
from jendela.demo.claims import Activity, Claim, Registration
from jendela.demo.clerks import MISSING_AT_DINAS, Written
from jendela.demo.employers import Employer, written_by_others
from jendela.demo.habits import padded
from jendela.demo.house import Book, House
from jendela.demo.letters import Letter, Report, Termination
from jendela.demo.people import Person
from jendela.demo.tables import Row, key_of
from jendela.demo.truth import Mention
from jendela.demo.world import World


@dataclass
class Pen:
    """Writes for one day (or, at the beginning, for all days before the first night)."""

    world: World
    today: date
    rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = stream(self.world.seed, "pen", self.today)

    def put(self, agency: str, table: str, row: Row) -> str:
        """Adds a row to a table; returns its natural key."""
        self.rows.setdefault((agency, table), []).append(row)
        return key_of(table, row)

    def enter(self, house: House, book: Book, told: facts.Facts, day: date) -> str:
        """Adds a row to a book of an office, and to the book of its papers what is new; returns its key."""
        row = book.row(told)
        if book.head:
            head = book.head.row(told)
            papers = self.rows.setdefault((house.agency, book.head.table), [])
            if all(book.head.key_of(one) != book.head.key_of(head) for one in papers):
                papers.append(self._stamped(book.head, head, day))
        self.rows.setdefault((house.agency, book.table), []).append(self._stamped(book, row, day))
        return book.key_of(row)

    def _stamped(self, book: Book, row: Row, day: date) -> Row:
        return {**row, book.changed: bpjs.stamp(day, self.rng)} if book.changed else row

    def file(self, house: House, day: date, content: bytes) -> str:
        """Adds a file to what an office drops; returns its name."""
        name = f"surat_{day:%Y%m%d}_{self.world.serial(f'file {house.agency}'):05d}.xml"
        self.files.setdefault(house.agency, {})[name] = content
        return name

    def mention(self, agency: str, table: str, key: str, person: Person, written: Written | None) -> None:
        """Notes that a record speaks of a person, and what it says if it says it itself and is not spoilt."""
        self.world.truth.persons.append(Mention(agency, table, key, person.number))
        if written is None:
            return
        nik, self.world.said[agency, table, key] = written.nik, (person.number, written)
        if nik and len(nik) == 16 and nik.isdigit():
            self.world.niks.setdefault(nik, {}).setdefault(person.number, []).append((agency, table, key))

    # ---- BPJS ----
    def employer(self, employer: Employer) -> None:
        """An employer in PERUSAHAAN and WLKP_PERUSAHAAN."""
        self.put("bpjs", "PERUSAHAAN", bpjs.employer_row(employer, self.rng))
        self.put("kemnaker", "WLKP_PERUSAHAAN", kemnaker.employer_row(employer, self.rng))

    def spell(self, employment: Employment, day: date) -> None:
        """A spell in TK_KEPESERTAAN, and its card in TK_BIODATA unless the card is there already."""
        world, person = self.world, employment.person
        lenders = world.lenders.get(employment.employer.number, ())
        if employment.kpj not in world.cards:
            if person in lenders:
                written = world.clerks["bpjs"].exactly(person)
            else:
                written = world.clerks["bpjs"].write(person, lenders=lenders)
            world.cards[employment.kpj] = written
            phone = employment.employer.clerk_phone if self.rng.random() < 0.15 else person.phone
            changed = bpjs.stamp(employment.registered, self.rng)
            row = bpjs.card_row(person, employment.kpj, written, phone, self.rng, changed)
            if employment.merged_into:
                row["KPJ_GABUNG"] = padded(employment.merged_into, 13)
                world.merged[employment.kpj] = employment.merged_into
            self.mention("bpjs", "TK_BIODATA", self.put("bpjs", "TK_BIODATA", row), person, written)
        row = bpjs.spell_row(employment, self.today, bpjs.stamp(day, self.rng))
        self.mention("bpjs", "TK_KEPESERTAAN", self.put("bpjs", "TK_KEPESERTAAN", row), person, None)

    def claim(self, claim: Claim, day: date) -> str:
        """A claim; name and NIK come from the card."""
        written = self.world.cards[claim.employment.kpj]
        key = self.put("bpjs", "KLAIM_JKP", bpjs.claim_row(claim, written, bpjs.stamp(day, self.rng)))
        self.mention("bpjs", "KLAIM_JKP", key, claim.employment.person, written)
        return key

    def letter_at_bpjs(self, letter: Letter, received: date, claim: Claim | None) -> str:
        """A letter handed in with a claim, or uploaded by the employer."""
        person = letter.employment.person
        written = self.world.clerks["bpjs"].write(person, careful=True, letter=True)
        row = bpjs.letter_row(
            letter,
            self.world.serial("bpjs letter"),
            "PESERTA" if claim else "PERUSAHAAN",
            claim.number if claim else None,
            written,
            received,
            bpjs.stamp(received, self.rng),
        )
        key = self.put("bpjs", "SURAT_KLAIM", row)
        self.mention("bpjs", "SURAT_KLAIM", key, person, written)
        return key

    # ---- Kemnaker ----
    def worker(self, employment: Employment, id_tk: str = "") -> str:
        """A worker in WLKP_TENAGA_KERJA."""
        lenders = self.world.lenders.get(employment.employer.number, ())
        written = self.world.clerks["kemnaker"].write(employment.person, lenders=lenders)
        key = self.put(
            "kemnaker", "WLKP_TENAGA_KERJA", kemnaker.worker_row(employment, written, self.rng, id_tk)
        )
        self.mention("kemnaker", "WLKP_TENAGA_KERJA", key, employment.person, written)
        return key

    def registration(self, registration: Registration, careful: bool) -> None:
        """A job-seeker, centrally or at the counter of the labour office, or both."""
        person, changed = registration.person, bpjs.stamp(registration.day, self.rng)
        if registration.central:
            written = self.world.clerks["kemnaker"].write(person, careful=careful)
            key = self.put(
                "kemnaker", "SIAPKERJA_AKUN", kemnaker.account_row(registration, written, self.rng, changed)
            )
            self.mention("kemnaker", "SIAPKERJA_AKUN", key, person, written)
            key = self.put("kemnaker", "PES_PENDAFTARAN", kemnaker.registration_row(registration, changed))
            self.mention("kemnaker", "PES_PENDAFTARAN", key, person, None)
        house = self.world.country.house(registration.region)
        if registration.counter and house and house.seekers:
            written = self.world.clerks[house.agency].write(person, careful=careful, missing=MISSING_AT_DINAS)
            told = facts.of_seeker(registration, written, self.rng)
            key = self.enter(house, house.seekers, told, registration.day)
            self.mention(house.agency, house.seekers.table, key, person, written)

    def activity(self, activity: Activity) -> None:
        """A month of looking for work."""
        row = kemnaker.activity_row(activity, bpjs.stamp(activity.day, self.rng))
        self.put("kemnaker", "PES_AKTIVITAS", row)

    # ---- the offices ----
    def report(self, house: House, book: Book, report: Report) -> str:
        """A dismissal reported at the counter of an office."""
        employment = report.employment
        written = self.world.clerks[house.agency].write(
            employment.person, careful=True, missing=MISSING_AT_DINAS
        )
        name = written_by_others(employment.employer, self.rng)
        told = facts.of_report(report, written, name, self.rng)
        key = self.enter(house, book, told, min(report.received, self.today))
        self.mention(house.agency, book.table, key, employment.person, written)
        return key

    def copy(self, house: House, book: Book, letter: Letter, arrived: date) -> str:
        """The copy of a letter in an office's register of incoming letters."""
        written = self.world.clerks[house.agency].write(letter.employment.person, careful=True, letter=True)
        entry = house.entry(self.world.serial(f"agenda {house.agency}"), arrived)
        told = facts.of_letter(letter, entry, arrived, written)
        key = self.enter(house, book, told, min(arrived, self.today))
        self.mention(house.agency, book.table, key, letter.employment.person, written)
        return key

    def letters_in_form(
        self, house: House, letters: Iterable[Letter], arrived: date, report: Report | None
    ) -> list[str]:
        """One file in the agreed form: a letter about one or more workers, maybe with the receipt."""
        pairs: list[tuple[Letter, Written]] = []
        for letter in letters:
            written = self.world.clerks[house.agency].write(
                letter.employment.person, careful=True, letter=True
            )
            pairs.append((letter, written))
            self.mention(
                house.agency,
                house.letter_table,
                balikpapan.key(letter),
                letter.employment.person,
                written,
            )
        encoding = "ISO-8859-1" if self.rng.random() < 0.05 else "UTF-8"
        content = balikpapan.letter_file(house, pairs, arrived, report, encoding=encoding)
        self.file(house, max(arrived, report.received if report else arrived), content)
        return [balikpapan.key(letter) for letter, _ in pairs]

    def papers(
        self, group: list[Termination], received_by_bpjs: dict[int, tuple[date, Claim | None]]
    ) -> None:
        """All papers of the terminations of one letter: what the office holds and what BPJS holds."""
        first = group[0]
        house = self.world.country.house(first.employment.employer.region) if first.office else None
        for termination in group:
            if house and house.reports and house.letters:
                arrived = termination.seen_by_office or termination.effective
                termination.office_keys = [
                    self.copy(house, house.letters, letter, max(arrived, letter.day))
                    for letter in termination.at_office
                ]
                if termination.report:
                    termination.report_key = self.report(house, house.reports, termination.report)
            day, claim = received_by_bpjs.get(termination.employment.number, (termination.effective, None))
            termination.bpjs_keys = [
                self.letter_at_bpjs(letter, day, claim) for letter in termination.at_bpjs
            ]
        if house and not house.reports and first.at_office:
            arrived = first.seen_by_office or first.effective
            for place in range(len(first.at_office)):
                letters = [termination.at_office[place] for termination in group]
                keys = self.letters_in_form(
                    house, letters, max(arrived, letters[0].day), first.report if place == 0 else None
                )
                for termination, key in zip(group, keys, strict=True):
                    termination.office_keys.append(key)
                    if place == 0 and termination.report:
                        termination.report_key = key
