"""Everything of `schemas/law`, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, overload

import polars as pl

import schemas
from jendela.law.calendar import Calendar, load_calendar
from jendela.law.files import parse_yaml
from jendela.law.held import Parameters
from jendela.law.readings import Readings
from jendela.law.reasons import Reason, load_reasons
from jendela.law.regimes import Regime, load_regimes, parameters_of


@dataclass(frozen=True)
class Law:
    """The law in force and how it is read. `digest` is the SHA-256 over its files."""

    calendar: Calendar
    regimes: tuple[Regime, ...]
    parameters: Parameters
    readings: Readings
    reasons: Mapping[str, Reason]
    digest: str

    @overload
    def held(self, parameter: str, day: date) -> Any: ...
    @overload
    def held(self, parameter: str, day: pl.Expr) -> pl.Expr: ...
    def held(self, parameter: str, day: date | pl.Expr) -> Any:
        """What held on that date: of one local date, or as an expression over a column of dates.

        None or null where no regime gives the parameter for that day.

        Raises:
            AgreementError: no regime gives the parameter at all.
        """
        return self.parameters.held(parameter, day)


def load_law(agreements: Path | None) -> Law:
    """The law of an agreements folder (the one that holds `schemas`), or of the installed one.

    Raises:
        AgreementError: a file is missing or not usable; file, line and field are named.
    """
    installed = Path(next(iter(schemas.__path__)))
    folder = (agreements / "schemas" if agreements else installed) / "law"
    files = sorted(folder.rglob("*.*"))
    parts = b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)
    regimes = load_regimes(folder)
    return Law(
        calendar=load_calendar(folder / "holidays.csv"),
        regimes=regimes,
        parameters=Parameters(parameters_of(regimes)),
        readings=parse_yaml(folder / "readings.yaml", Readings),
        reasons=load_reasons(folder / "reasons.csv"),
        digest=hashlib.sha256(parts).hexdigest(),
    )
