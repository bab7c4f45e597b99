"""The regimes of law: one file each, its parameters with validity, article and evidence.

`schemas/law/regimes/<id>.yaml`. A regime that `amends` another ends every parameter of it that it gives
itself, the day before it begins: adding a regime is adding a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from jendela.law.files import Strict, parse_yaml
from jendela.model.errors import AgreementError

Evidence = Literal["read", "press", "general_knowledge", "calc"]
"""How a parameter is known: text read; press or secondary summaries; general knowledge; computed."""
FOLDER = "regimes"
DAY = timedelta(days=1)


class _Given(Strict):
    """One parameter as a file gives it; without dates of its own it is valid as long as the regime."""

    value: Any
    article: str
    evidence: Evidence
    valid_from: date | None = None
    valid_to: date | None = None
    note: str | None = None


class Regime(Strict):
    """One instrument: valid on both of its dates, `valid_to` None while in force."""

    id: str
    instrument: str
    title_id: str
    title_en: str
    valid_from: date
    valid_to: date | None
    amends: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[_Given, ...]] = Field(min_length=1)

    @field_validator("parameters", mode="before")
    @classmethod
    def _one_or_many(cls, given: Any) -> Any:
        """A parameter with one value need not be a list."""
        if not isinstance(given, Mapping):
            return given
        return {key: value if isinstance(value, list) else [value] for key, value in given.items()}


@dataclass(frozen=True)
class Parameter:
    """What a regime lays down, and for which days (both included)."""

    key: str
    value: Any
    valid_from: date
    valid_to: date | None
    regime: str
    instrument: str
    article: str
    evidence: Evidence
    note: str | None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a local date."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def load_regimes(folder: Path) -> tuple[Regime, ...]:
    """The regimes of `folder`/regimes in order of time.

    Raises:
        AgreementError: a file cannot be used, its name is not its id, or it amends an unknown regime.
    """
    regimes = []
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        regime = parse_yaml(file, Regime)
        if regime.id != file.stem:
            raise AgreementError(_name(file.stem), None, "id", f"must be {file.stem}, the name of the file.")
        regimes.append(regime)
    if not regimes:
        raise AgreementError(f"law/{FOLDER}", None, "folder", "holds no regime.")
    known = {regime.id for regime in regimes}
    for regime in regimes:
        if strange := sorted(set(regime.amends) - known):
            raise AgreementError(_name(regime.id), None, "amends", f"names {strange[0]}, which has no file.")
    return tuple(sorted(regimes, key=lambda regime: (regime.valid_from, regime.id)))


def parameters_of(regimes: Sequence[Regime]) -> dict[str, tuple[Parameter, ...]]:
    """Every parameter with its values in order of time, amendments applied.

    Raises:
        AgreementError: two values of one parameter overlap, or leave days between them without any; the file
            of the later one and the parameter are named.
    """
    found: dict[str, list[Parameter]] = defaultdict(list)
    for regime in regimes:
        for key, given in regime.parameters.items():
            found[key].extend(_entries(regime, key, given))
    amended = {(old, new.id): new.valid_from for new in regimes for old in new.amends}
    result = {}
    for key in sorted(found):
        entries = sorted(found[key], key=lambda entry: entry.valid_from)
        result[key] = tuple(_amended(entry, entries, amended) for entry in entries)
        for earlier, later in pairwise(result[key]):
            _check_touch(earlier, later)
    return result


def _entries(regime: Regime, key: str, given: Sequence[_Given]) -> Iterator[Parameter]:
    for one in given:
        start, end = one.valid_from or regime.valid_from, one.valid_to or regime.valid_to
        if end is not None and end < start:
            raise AgreementError(_name(regime.id), None, key, "ends before it begins: correct its dates.")
        yield Parameter(
            key,
            _plain(one.value),
            start,
            end,
            regime.id,
            regime.instrument,
            one.article,
            one.evidence,
            one.note,
        )


def _amended(
    entry: Parameter, entries: Sequence[Parameter], amended: Mapping[tuple[str, str], date]
) -> Parameter:
    """The entry, ended by the first regime that amends its own and gives the same parameter later."""
    if entry.valid_to is not None:
        return entry
    ends = [
        later.valid_from - DAY
        for later in entries
        if (entry.regime, later.regime) in amended and later.valid_from > entry.valid_from
    ]
    return replace(entry, valid_to=min(ends)) if ends else entry


def _check_touch(earlier: Parameter, later: Parameter) -> None:
    name, between = _name(later.regime), f"{earlier.regime} and {later.regime}"
    if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
        raise AgreementError(
            name, None, later.key, f"overlaps: {between} both give it; end one, or name the other in amends."
        )
    if earlier.valid_to + DAY != later.valid_from:
        raise AgreementError(
            name, None, later.key, f"leaves a gap: no value between {between}; let the dates touch."
        )


def _name(regime: str) -> str:
    return f"{FOLDER}/{regime}.yaml"


def _plain(value: Any) -> Any:
    """The value without the types of the YAML reader."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value
