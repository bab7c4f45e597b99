"""What the demo's papers say: the termination letter and the report an office has received."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from jendela.demo.careers import Employment
from jendela.demo.habits import ROMAN

MULTIPLIERS = {
    "R431": (0.5, 1.0),
    "R432": (1.0, 1.0),
    "R441": (0.5, 1.0),
    "R442": (1.0, 1.0),
    "R521": (0.5, 1.0),
}
"""Severance and long-service pay as multiples of the table, PP 35/2021 Pasal 43, 44, 52(1)."""

NARRATIVE = {
    "R431": "Efisiensi akibat kerugian perusahaan dua tahun terakhir",
    "R432": "Efisiensi untuk mencegah kerugian, pesanan ekspor berkurang",
    "R441": "Penutupan pabrik karena rugi dua tahun berturut-turut",
    "R442": "Penutupan unit usaha bukan karena rugi",
    "R521": "Pelanggaran perjanjian kerja setelah surat peringatan ketiga",
    "RPK3": "Pengakhiran perjanjian kerja waktu tertentu sebelum berakhir",
    "RPK1": "Perjanjian kerja waktu tertentu telah berakhir",
    "R50": "Mengundurkan diri atas kemauan sendiri",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter about one worker. Amounts are rupiah; `total` is what the worker gets."""

    employment: Employment
    kind: str
    number: str
    day: date
    reason: str
    effective: date
    notice: date | None
    employer_name: str
    narrative: str = ""
    supersedes: str | None = None
    supersedes_day: date | None = None
    requested: date | None = None
    severance: int = 0
    upmk: int = 0
    uph: int = 0
    separation: int = 0
    pkwt: int = 0
    line: int = 1

    @property
    def total(self) -> int:
        """The sum of all amounts."""
        return self.severance + self.upmk + self.uph + self.separation + self.pkwt


@dataclass(frozen=True, slots=True)
class Report:
    """A dismissal reported to an office: line `line` of the receipt `number`."""

    employment: Employment
    number: str
    line: int
    received: date
    letter_number: str
    letter_day: date | None
    reason: str
    effective: date
    response: str = "NOT_REJECTED"
    responded: date | None = None
    settlement: str = ""
    settled: date | None = None


@dataclass(slots=True)
class Termination:
    """An employment's end with its papers: what the office holds, what BPJS holds, what is wrong on purpose
    (`plan`).

    `seen_by_office` is the day the letter's copy arrived there. Terminations of one `event` share a letter
    and a receipt. `letter` is the letter the employer wrote, whoever has it. The keys are filled in when the
    rows are written.
    """

    employment: Employment
    reason: str
    effective: date
    plan: str
    office: str | None
    event: int = 0
    letter: Letter | None = None
    amended: bool = False
    at_office: list[Letter] = field(default_factory=list)
    at_bpjs: list[Letter] = field(default_factory=list)
    report: Report | None = None
    seen_by_office: date | None = None
    office_keys: list[str] = field(default_factory=list)
    bpjs_keys: list[str] = field(default_factory=list)
    report_key: str = ""


def weekday_on_or_before(day: date) -> date:
    """The last day from Monday to Friday that is not after `day`."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def years(start: date, end: date) -> int:
    """Completed years of service."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def severance_months(service: int) -> int:
    """Pesangon, PP 35/2021 Pasal 40(2): months of wage for completed years of service."""
    return min(service + 1, 9)


def long_service_months(service: int) -> int:
    """UPMK, Pasal 40(3)."""
    return 0 if service < 3 else 10 if service >= 24 else service // 3 + 1


def next_number(employment: Employment, day: date) -> str:
    """The next number of the employer's letter book."""
    employer = employment.employer
    employer.letters += 1
    return f"{employer.letters:03d}/HRD-{employer.initials}/{ROMAN[day.month]}/{day.year}"


def notice_letter(
    rng: random.Random,
    employment: Employment,
    reason: str,
    effective: date,
    employer_name: str,
    number: str = "",
    day: date | None = None,
) -> Letter:
    """The notice of a dismissal, more than fourteen working days ahead, with what the law gives at least."""
    written = day or weekday_on_or_before(effective - timedelta(days=rng.randrange(33, 48)))
    base = employment.wage + employment.allowance
    service = years(employment.start, effective)
    months = (effective.year - employment.start.year) * 12 + effective.month - employment.start.month
    leave = round(base * rng.randrange(0, 9) // 25, -3)
    severance, upmk = MULTIPLIERS.get(reason, (0.0, 0.0))
    return Letter(
        employment=employment,
        kind="PHK_NOTICE",
        number=number or next_number(employment, written),
        day=written,
        reason=reason,
        effective=effective,
        notice=written + timedelta(days=rng.randrange(0, 2)),
        employer_name=employer_name,
        narrative=NARRATIVE[reason],
        severance=int(base * severance_months(service) * severance),
        upmk=int(base * long_service_months(service) * upmk),
        uph=leave,
        pkwt=base * (months + 1) // 12 if reason == "RPK3" else 0,
    )


def statement(
    rng: random.Random, employment: Employment, kind: str, reason: str, effective: date, name: str
) -> Letter:
    """An employer's statement that a worker left: a resignation (asked for 30 days before) or the end of a
    fixed term."""
    resigned = reason == "R50"
    written = effective if resigned else effective - timedelta(days=rng.randrange(0, 10))
    base = employment.wage + employment.allowance
    months = (effective.year - employment.start.year) * 12 + effective.month - employment.start.month
    return Letter(
        employment=employment,
        kind=kind,
        number=next_number(employment, written),
        day=written,
        reason=reason,
        effective=effective,
        notice=None,
        employer_name=name,
        narrative=NARRATIVE[reason],
        requested=effective - timedelta(days=rng.randrange(31, 45)) if resigned else None,
        separation=base if resigned and rng.random() < 0.5 else 0,
        pkwt=0 if resigned else base * max(1, months) // 12,
    )


def altered(rng: random.Random, letter: Letter, what: str) -> Letter:
    """The same letter with another reason, effective date or amount: the plant of LET-01."""
    if what == "reason":
        other = {
            "R431": "R432",
            "R432": "R431",
            "R441": "R442",
            "R442": "R441",
            "R521": "R432",
            "RPK3": "R432",
        }
        return replace(letter, reason=other[letter.reason], narrative=NARRATIVE[other[letter.reason]])
    if what == "date":
        return replace(letter, effective=letter.effective + timedelta(days=rng.choice((-7, -5, 5, 7))))
    more = rng.choice((1_000_000, 2_500_000, 5_000_000))
    if letter.severance:
        return replace(letter, severance=letter.severance + more)
    return replace(letter, pkwt=letter.pkwt + more)
