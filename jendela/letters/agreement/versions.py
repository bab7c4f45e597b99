"""Which editions of the letter are in force when: `schemas/surat_phk/versions.csv`. Two may be at once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jendela.letters.agreement.contract import Contract, contract
from jendela.model.errors import AgreementError

FILE = "schemas/surat_phk/versions.csv"
HEADER = ["version", "schema_version", "namespace", "valid_from", "valid_to"]


@dataclass(frozen=True)
class Edition:
    """One edition: its name in a letter, its XML namespace, and its letter dates, both ends included."""

    version: str
    schema_version: str
    namespace: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """True if a letter of that date may follow this edition."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class UnknownEdition(ValueError):  # noqa: N818  a finding about a letter
    """A letter that names no edition we have, or one that is not in force on its date."""


@lru_cache(maxsize=8)
def versions(folder: Path | None = None) -> tuple[Edition, ...]:
    """All editions in the order of the file.

    Raises:
        AgreementError: the file is missing, or a line of it is wrong; the line is named.
    """
    path = _root(folder) / FILE
    if not path.is_file():
        raise AgreementError(FILE, None, "file", "is missing.")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if reader.fieldnames != HEADER:
            raise AgreementError(FILE, 1, "header", f"must be {','.join(HEADER)}.")
        found = tuple(_edition(line, row) for line, row in enumerate(reader, start=2))
    for name in ("version", "schema_version", "namespace"):
        if len({getattr(one, name) for one in found}) != len(found):
            raise AgreementError(FILE, None, name, "is given twice: each edition has its own.")
    return found


def version_of(name: str | None, letter_date: date | None = None, folder: Path | None = None) -> Edition:
    """The edition that `name` names: an XML namespace or a schema_version ("surat-phk/1.0").

    Raises:
        UnknownEdition: there is none of that name, or it is not in force on `letter_date`; says which are.
    """
    known = versions(folder)
    for one in known:
        if name in (one.namespace, one.schema_version):
            if letter_date is None or one.valid_on(letter_date):
                return one
            said = ", ".join(other.schema_version for other in known if other.valid_on(letter_date))
            raise UnknownEdition(
                f"{one.schema_version} is not in force on that date; in force: {said or 'none'}."
            )
    raise UnknownEdition(
        f"not an edition of the letter; there are {', '.join(o.schema_version for o in known)}."
    )


def contract_of(name: str | None, folder: Path | None = None) -> Contract:
    """The contract of the edition that a namespace or schema_version names; errors as in `version_of`."""
    return contract(version_of(name, folder=folder).version, folder)


def _edition(line: int, row: dict[str, str]) -> Edition:
    if None in row or None in row.values() or not all(row[name] for name in HEADER[:3]):
        raise AgreementError(FILE, line, "line", "lacks a value, or has one too many.")
    start, end = (_day(line, name, row[name]) for name in HEADER[3:])
    if start and end and end < start:
        raise AgreementError(FILE, line, row["version"], "is valid to a day before it is valid from.")
    return Edition(row["version"], row["schema_version"], row["namespace"], start, end)


def _day(line: int, column: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise AgreementError(FILE, line, column, "is not a date YYYY-MM-DD.") from None


def _root(folder: Path | None) -> Path:
    return folder if folder is not None else Path(str(files("schemas"))).parent
