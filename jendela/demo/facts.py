"""What an office is told, in nobody's writing: the facts of a report, a letter, a job-seeker, by name.

Codes are the demo's own (R431, REJECTED, PKWT …), dates are dates, amounts whole rupiah; None is unknown.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

from jendela.demo.claims import Registration
from jendela.demo.clerks import Written
from jendela.demo.habits import phone_as_typed
from jendela.demo.letters import Letter, Report

Facts = Mapping[str, object]

MONEY = frozenset(
    {"wage", "allowance", "severance", "upmk", "uph", "separation", "pkwt", "total"},
)
"""The facts that are amounts."""


def of_report(report: Report, written: Written, employer_name: str, rng: random.Random) -> Facts:
    """A dismissal reported at the counter; the WLKP code is given by one employer in two."""
    employment = report.employment
    return {
        "number": report.number,
        "line": str(report.line),
        "received": report.received,
        "employer": employer_name,
        "npp": employment.employer.npp,
        "wlkp": employment.employer.wlkp_code if rng.random() < 0.5 else None,
        "name": written.name,
        "nik": written.nik,
        "born": written.born,
        "sex": written.sex,
        "letter_number": report.letter_number,
        "letter_day": report.letter_day,
        "effective": report.effective,
        "reason": report.reason,
        "response": report.response,
        "responded": report.responded,
        "stage": "BIPARTITE" if report.settlement else "NONE",
        "settlement": report.settlement,
        "settled": report.settled,
    }


def of_letter(letter: Letter, entry: str, arrived: date, written: Written) -> Facts:
    """The copy of a letter; `entry` is its number in the office's register."""
    employment = letter.employment
    return {
        "entry": entry,
        "arrived": arrived,
        "origin": "PERUSAHAAN",
        "ref": None,
        "number": letter.number,
        "day": letter.day,
        "kind": letter.kind,
        "supersedes": letter.supersedes,
        "employer": letter.employer_name,
        "npp": employment.employer.npp,
        "name": written.name,
        "nik": written.nik,
        "kpj": employment.kpj,
        "born": written.born,
        "sex": written.sex,
        "contract": "PKWT" if employment.contract == "PKWT" else "PKWTT",
        "start": employment.start,
        "contract_end": employment.contract_end,
        "reason": letter.reason,
        "narrative": letter.narrative,
        "notice": letter.notice,
        "effective": letter.effective,
        "wage": employment.wage,
        "allowance": employment.allowance,
        "severance": letter.severance,
        "upmk": letter.upmk,
        "uph": letter.uph,
        "separation": letter.separation,
        "pkwt": letter.pkwt,
        "total": letter.total,
    }


def of_seeker(registration: Registration, written: Written, rng: random.Random) -> Facts:
    """A job-seeker at the counter; the card is valid for two years."""
    person, day = registration.person, registration.day
    return {
        "card": registration.ak1,
        "day": day,
        "until": date(day.year + 2, day.month, min(day.day, 28)),
        "nik": written.nik,
        "name": written.name,
        "birth_place": written.birth_place,
        "born": written.born,
        "sex": written.sex,
        "mother": written.mother,
        "street": person.street,
        "district": person.district,
        "phone": phone_as_typed(person.phone, rng),
        "education": person.education,
        "job": person.job[1],
        "status": "ACTIVE",
    }
