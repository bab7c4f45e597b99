"""The key `expected` of an office.yaml: when its feeds are expected, with what differs for single feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.expected import WEEKDAYS, Expected

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class _Monthly(BaseModel):
    model_config = ConfigDict(extra="forbid")
    month_day: Annotated[int, Field(ge=1, le=31)]


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")
    on: Literal["daily", "working_days"] | Annotated[list[Weekday], Field(min_length=1)] | _Monthly = "daily"
    by: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    after_days: Annotated[int, Field(ge=0, le=31)] = 0


class ExpectedFile(_Rule):
    """What `expected` may say."""

    feeds: dict[str, _Rule] = {}


def expected_of(
    file: AgreementFile, raw: ExpectedFile, folder: Path
) -> tuple[Expected, Mapping[str, Expected]]:
    """The office's calendar, and those of the feeds that differ from it, by full name.

    Raises:
        AgreementError: a feed is named that the office does not have.
    """
    for name in raw.feeds:
        office, _, stem = name.partition(".")
        if office != folder.name or not (folder / f"{stem}.yaml").is_file():
            place: Place = ["expected", "feeds", name]
            raise file.error(place, name, "is not a feed of this office.")
    return _expected(raw), {name: _expected(rule) for name, rule in raw.feeds.items()}


def _expected(rule: _Rule) -> Expected:
    by = time.fromisoformat(rule.by) if rule.by else None
    if isinstance(rule.on, _Monthly):
        return Expected("month_day", month_day=rule.on.month_day, by=by, after_days=rule.after_days)
    if isinstance(rule.on, list):
        days = tuple(sorted(WEEKDAYS.index(name) + 1 for name in rule.on))
        return Expected("weekdays", weekdays=days, by=by, after_days=rule.after_days)
    return Expected(rule.on, by=by, after_days=rule.after_days)
