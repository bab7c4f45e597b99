"""Rows validation must hold: about one in two hundred. Each is about somebody who appears nowhere else, so
that holding it changes nothing for the others."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from jendela.demo import balikpapan, bpjs, facts, kemnaker
from jendela.demo.careers import Employment
from jendela.demo.chance import stream
from jendela.demo.claims import Claim
from jendela.demo.clerks import Written
from jendela.demo.employers import written_by_others
from jendela.demo.house import Book, House, Spoil
from jendela.demo.letters import Letter, Report, notice_letter
from jendela.demo.pen import Pen
from jendela.demo.people import Person
from jendela.demo.regions import KARAWANG
from jendela.demo.tables import Row
from jendela.demo.truth import BadRow
from jendela.demo.world import Spoilt

_SPELLS: tuple[Spoil, ...] = (
    (
        "end before start",
        {"STATUS_TK": "N", "SEBAB_NA": "03", "TGL_NA": "01-02-1999", "TGL_LAPOR_NA": "03-02-1999"},
    ),
    ("impossible date: start", {"TGL_MULAI_KERJA": "31-02-2021"}),
    (
        "unknown code: SEBAB_NA",
        {"STATUS_TK": "N", "SEBAB_NA": "77", "TGL_NA": "15-06-2026", "TGL_LAPOR_NA": "16-06-2026"},
    ),
    ("unknown code: STATUS_KERJA", {"STATUS_KERJA": "Z"}),
    ("unreadable amount: UPAH", {"UPAH": "Rp empat juta"}),
)
_CARDS: tuple[Spoil, ...] = (
    ("impossible date: birth", {"TGL_LAHIR": "31-02-1990"}),
    ("unknown code: sex", {"JENIS_KELAMIN": "3"}),
)
_WORKERS: tuple[Spoil, ...] = (
    ("impossible date: birth", {"tgl_lahir": "19900231"}),
    (
        "end before start",
        {"status_kerja": "TIDAK BEKERJA", "tgl_berhenti": "19990201", "alasan_berhenti": "3"},
    ),
    ("unknown code: status_hubungan", {"status_hubungan": "8"}),
    ("unknown code: jk", {"jk": "X"}),
)
_REGISTRATIONS: tuple[Spoil, ...] = (
    ("impossible date: registration", {"tgl_daftar": "31/2/2026"}),
    ("unknown code: status", {"status": "Z"}),
)
_ACTIVITIES: tuple[Spoil, ...] = (
    ("impossible month", {"periode": "202613"}),
    ("unreadable number: applications", {"jml_lamaran": -3}),
)
_CLAIMS: tuple[Spoil, ...] = (
    ("unknown code: status", {"STATUS_KLAIM": "Q9"}),
    ("impossible date: filing", {"TGL_PENGAJUAN": "30-02-2026"}),
)
_LETTERS: tuple[Spoil, ...] = (
    ("no plausible NIK", {"NOMOR_IDENTITAS": "TIDAK ADA".ljust(20)}),
    ("no plausible NIK", {"NOMOR_IDENTITAS": None}),
    ("impossible date: effective", {"TGL_BERLAKU": "31-06-2026"}),
)


class BadHand:
    """Adds bad rows with a pen. Everybody in them is new."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.world = pen, pen.world
        self.rng: random.Random = stream(self.world.seed, "bad rows")

    def write(self) -> None:
        """Bad rows in every feed: half a per cent of the large ones, two or three of each small one."""
        workers = self.world.workers
        self._many(_SPELLS, max(5, workers // 200), self._spell)
        self._many(_CARDS, max(2, workers // 400), self._card)
        self._many(_WORKERS, max(4, workers // 125), self._worker)
        for spoils, make in (
            (_REGISTRATIONS, self._registration),
            (_ACTIVITIES, self._activity),
            (_CLAIMS, self._claim),
            (_LETTERS, self._letter),
        ):
            self._many(spoils, max(len(spoils), workers // 4000), make)
        for house in self.world.country.houses:
            for book, enter in (
                (house.reports, self._report),
                (house.letters, self._copy),
                (house.seekers, self._seeker),
            ):
                if book:
                    make = partial(enter, house, book)
                    self._many(book.spoils, max(len(book.spoils), workers // 4000), make)
        for house in self.world.country.houses:
            if not house.reports:
                self._files(house)

    def _many(self, spoils: tuple[Spoil, ...], count: int, make: Callable[[Spoil], None]) -> None:
        for place in range(count):
            make(spoils[place % len(spoils)])

    def _somebody(self, region: str | None = None) -> tuple[Person, Employment, Written]:
        """A new person with an employment no register has, and a clean record of them."""
        careers = self.world.careers
        employer = careers.pick_employer()
        while region is not None and employer.region != region:
            employer = careers.pick_employer()
        person = self.world.people.add(employer.region)
        employment = careers.hire(
            person, employer, date(2022, 1, 3) + timedelta(days=self.rng.randrange(900))
        )
        employment.contract, employment.contract_end = "PKWTT", None
        employment.at_bpjs = employment.at_wlkp = False
        plain = Written(person.nik, person.name, person.born, person.birth_place, person.sex, person.mother)
        return person, employment, plain

    def _add(self, agency: str, table: str, row: Row, spoil: Spoil, person: Person) -> None:
        row.update(spoil[1])
        key = self.pen.put(agency, table, row)
        self.world.truth.rows.append(BadRow(agency, table, key, spoil[0]))
        self.pen.mention(agency, table, key, person, None)

    def _bpjs(self, spoil: Spoil, spoil_card: bool) -> None:
        person, employment, plain = self._somebody()
        rng, changed = self.pen.rng, bpjs.stamp(employment.registered, self.pen.rng)
        card = bpjs.card_row(person, employment.kpj, plain, person.phone, rng, changed)
        row = bpjs.spell_row(employment, self.pen.today, changed)
        spoilt = card if spoil_card else row
        right = {column: spoilt[column] for column in spoil[1]}
        if spoil_card:
            card.update(spoil[1])
        self.pen.mention("bpjs", "TK_BIODATA", self.pen.put("bpjs", "TK_BIODATA", card), person, None)
        self._add("bpjs", "TK_KEPESERTAAN", row, (spoil[0], {}) if spoil_card else spoil, person)
        table = "TK_BIODATA" if spoil_card else "TK_KEPESERTAAN"
        self.world.cards[employment.kpj] = plain
        self.world.spoilt.append(Spoilt(employment, table, right, self.world.truth.rows[-1]))

    def _spell(self, spoil: Spoil) -> None:
        self._bpjs(spoil, spoil_card=False)

    def _card(self, spoil: Spoil) -> None:
        self._bpjs(spoil, spoil_card=True)

    def _worker(self, spoil: Spoil) -> None:
        person, employment, plain = self._somebody()
        self._add(
            "kemnaker",
            "WLKP_TENAGA_KERJA",
            kemnaker.worker_row(employment, plain, self.pen.rng),
            spoil,
            person,
        )

    def _registration(self, spoil: Spoil) -> None:
        person, _, plain = self._somebody()
        day = self.pen.today - timedelta(days=20)
        registration = replace(self.world.counter.registration(person, KARAWANG, day), central=True)
        changed = bpjs.stamp(day, self.pen.rng)
        account = kemnaker.account_row(registration, plain, self.pen.rng, changed)
        self.pen.mention(
            "kemnaker", "SIAPKERJA_AKUN", self.pen.put("kemnaker", "SIAPKERJA_AKUN", account), person, None
        )
        self._add(
            "kemnaker", "PES_PENDAFTARAN", kemnaker.registration_row(registration, changed), spoil, person
        )

    def _activity(self, spoil: Spoil) -> None:
        good = next(registration for registration in self.world.registrations if registration.central)
        activity = self.world.counter.activity(good, date(2026, 7, 1), 1, date(2026, 8, 3))
        row = kemnaker.activity_row(activity, bpjs.stamp(activity.day, self.pen.rng))
        row.update(spoil[1])
        key = self.pen.put("kemnaker", "PES_AKTIVITAS", row)
        self.world.truth.rows.append(BadRow("kemnaker", "PES_AKTIVITAS", key, spoil[0]))

    def _notice(self, region: str) -> tuple[Person, Letter, Written]:
        person, employment, plain = self._somebody(region)
        name = written_by_others(employment.employer, self.rng)
        return person, notice_letter(self.rng, employment, "R432", date(2026, 7, 24), name), plain

    def _claim(self, spoil: Spoil) -> None:
        person, letter, plain = self._notice(KARAWANG)
        claim = Claim(
            f"JKP2608{900000 + self.world.serial('bad claim'):06d}",
            letter.employment,
            date(2026, 8, 3),
            letter.effective,
            letter.number,
            "FILED",
            None,
            "",
            "014",
            "1234567890",
        )
        row = bpjs.claim_row(claim, plain, bpjs.stamp(claim.filed, self.pen.rng))
        self._add("bpjs", "KLAIM_JKP", row, spoil, person)

    def _letter(self, spoil: Spoil) -> None:
        person, letter, plain = self._notice(KARAWANG)
        received = date(2026, 8, 3)
        serial = self.world.serial("bpjs letter")
        changed = bpjs.stamp(received, self.pen.rng)
        row = bpjs.letter_row(letter, serial, "PERUSAHAAN", None, plain, received, changed)
        self._add("bpjs", "SURAT_KLAIM", row, spoil, person)

    def _report(self, house: House, book: Book, spoil: Spoil) -> None:
        person, letter, plain = self._notice(house.region)
        received = letter.day + timedelta(days=12)
        report = Report(
            letter.employment,
            self.world.desk.receipt(house.region, received),
            1,
            received,
            letter.number,
            letter.day,
            letter.reason,
            letter.effective,
        )
        self._enter(
            house, book, facts.of_report(report, plain, letter.employer_name, self.pen.rng), spoil, person
        )

    def _copy(self, house: House, book: Book, spoil: Spoil) -> None:
        person, letter, plain = self._notice(house.region)
        arrived = letter.day + timedelta(days=3)
        entry = house.entry(self.world.serial(f"agenda {house.agency}"), arrived)
        self._enter(house, book, facts.of_letter(letter, entry, arrived, plain), spoil, person)

    def _seeker(self, house: House, book: Book, spoil: Spoil) -> None:
        person, _, plain = self._somebody(house.region)
        day = self.pen.today - timedelta(days=30)
        registration = self.world.counter.registration(person, house.region, day)
        self._enter(house, book, facts.of_seeker(registration, plain, self.pen.rng), spoil, person)

    def _enter(self, house: House, book: Book, told: facts.Facts, spoil: Spoil, person: Person) -> None:
        hint, wrong = spoil
        key = self.pen.enter(house, book, told, self.pen.today - timedelta(days=1))
        row = self.pen.rows[house.agency, book.table][-1]
        if hint == "wrong number of fields":
            row = {"": ";".join(str(value) for value in row.values()) + ";lihat berkas"}
            self.pen.rows[house.agency, book.table][-1] = row
        row.update(wrong)
        self.world.truth.rows.append(BadRow(house.agency, book.table, key, hint))
        self.pen.mention(house.agency, book.table, key, person, None)

    def _files(self, house: House) -> None:
        """Three XML files: one cut off in the middle, one with a code nobody knows, one without a NIK."""
        for hint in ("malformed XML", "unknown code: reason", "no plausible NIK"):
            person, letter, plain = self._notice(house.region)
            written = replace(plain, nik=None) if hint == "no plausible NIK" else plain
            content = balikpapan.letter_file(house, [(letter, written)], letter.day + timedelta(days=4), None)
            if hint == "malformed XML":
                content = content[: len(content) * 2 // 3]
            elif hint == "unknown code: reason":
                content = content.replace(b"<kode_alasan>R432<", b"<kode_alasan>R99<")
            name = self.pen.file(house, letter.day + timedelta(days=4), content)
            # A file that cannot be read is one row, known by its name; of one that can, a worker is a row.
            key = name if hint == "malformed XML" else balikpapan.key(letter)
            self.pen.mention(house.agency, house.letter_table, key, person, None)
            self.world.truth.rows.append(BadRow(house.agency, house.letter_table, key, hint))
