"""Everything of `schemas/law`, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import schemas
from jendela.law.calendar import Calendar, load_calendar
from jendela.law.files import parse_yaml
from jendela.law.readings import Readings
from jendela.law.reasons import Reason, load_reasons
from jendela.law.regimes import Regime, load_regimes


@dataclass(frozen=True)
class Law:
    """The law in force and how it is read. `digest` is the SHA-256 over its files."""

    calendar: Calendar
    regimes: tuple[Regime, ...]
    readings: Readings
    reasons: Mapping[str, Reason]
    digest: str


def load_law(agreements: Path | None) -> Law:
    """The law of an agreements folder (the one that holds `schemas`), or of the installed one.

    Raises:
        AgreementError: a file is missing or not usable; file, line and field are named.
    """
    installed = Path(next(iter(schemas.__path__)))
    folder = (agreements / "schemas" if agreements else installed) / "law"
    files = sorted(folder.glob("*.*"))
    parts = b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)
    return Law(
        calendar=load_calendar(folder / "holidays.csv"),
        regimes=load_regimes(folder / "regimes.yaml"),
        readings=parse_yaml(folder / "readings.yaml", Readings),
        reasons=load_reasons(folder / "reasons.csv"),
        digest=hashlib.sha256(parts).hexdigest(),
    )
