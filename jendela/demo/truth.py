"""The truth about the demo: who is who, what is wrong, what must be held. Written for tests, never read by
the hub."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that speaks of a person."""

    agency: str
    table: str
    key: str
    person: int


@dataclass(slots=True)
class Discrepancy:
    """A planted defect, open from `since_night`; `until_night` is the first night on which it is open no
    more."""

    code: str
    since_night: date
    until_night: date | None
    agency_a: str
    table_a: str
    key_a: str
    agency_b: str
    table_b: str
    key_b: str
    note: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row validation must hold, and why."""

    agency: str
    table: str
    key: str
    rule_hint: str


@dataclass(slots=True)
class Obligation:
    """A resignation at BPJS. `letter_key` is the employer's statement there; empty means it is still owed."""

    agency: str
    table: str
    key: str
    since_night: date
    until_night: date | None
    letter_key: str


@dataclass(slots=True)
class Truth:
    """Everything planted so far."""

    persons: list[Mention] = field(default_factory=list)
    discrepancies: list[Discrepancy] = field(default_factory=list)
    rows: list[BadRow] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    flows: list[Discrepancy] = field(default_factory=list)
    identities: list[Discrepancy] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Writes the six files of `folder`, sorted, so that equal truths are equal files."""
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder / "persons.csv", Mention, self.persons)
        _put(folder / "discrepancies.csv", Discrepancy, self.discrepancies)
        _put(folder / "rows.csv", BadRow, self.rows)
        _put(folder / "obligations.csv", Obligation, self.obligations)
        _put(folder / "flows.csv", Discrepancy, self.flows)
        _put(folder / "identities.csv", Discrepancy, self.identities)


Line = Mention | Discrepancy | BadRow | Obligation


def _put(file: Path, kind: type[Line], lines: Iterable[Line]) -> None:
    names = [column.name for column in fields(kind)]
    values = attrgetter(*names)
    table = sorted(["" if value is None else str(value) for value in values(line)] for line in lines)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(table)


def write_mentions(file: Path, mentions: Iterable[Mention]) -> None:
    """Writes mentions alone: the records that agencies have taken over from Jendela."""
    _put(file, Mention, mentions)


def read_mentions(file: Path) -> list[Mention]:
    """The mentions in a file, none if there is no file."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Mention(row["agency"], row["table"], row["key"], int(row["person"]))
            for row in csv.DictReader(lines)
        ]
