"""The catalogue of rules, `schemas/letter_rules.csv`, with the texts that its findings are told in."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

from jendela.contracts.codes import REGION, load_codes
from jendela.contracts.messages import Messages, load_messages
from jendela.model.errors import AgreementError

FILE = "schemas/letter_rules.csv"
Where = Literal["document", "reconcile"]
Severity = Literal["error", "warning", "info"]
HEADER = ("check", "id", "severity", "field", "article", "message", "where", "valid_from", "valid_to")


@dataclass(frozen=True)
class Entry:
    """One check of a rule: a rule has one for every way to break it.

    `field` is the path in the contract; `article` may hold `{reason}`, the article of the letter's reason.
    The check applies to effective dates from `valid_from` to `valid_to`, both included; None is unbounded.
    """

    check: str
    rule: str
    severity: Severity
    field: str
    article: str
    message: str
    where: Where
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Rules:
    """The catalogue, the texts and the regions of every vintage; `digest` is that of the catalogue file."""

    entries: tuple[Entry, ...]
    messages: Messages
    regions: frozenset[str]
    digest: str

    def run_in(self, where: Where) -> tuple[Entry, ...]:
        """The checks that run there, in the order of the file."""
        return tuple(entry for entry in self.entries if entry.where == where)


def load_rules(agreements: Path | None = None) -> Rules:
    """The rules of an agreements folder (the one that holds `schemas`), or the installed ones.

    Raises:
        AgreementError: a line cannot be used, a check is given twice, or a text is missing.
    """
    root = agreements if agreements is not None else Path(str(files("schemas"))).parent
    try:
        content = (root / FILE).read_bytes()
    except OSError:
        raise AgreementError(FILE, None, "file", "is missing or cannot be read.") from None
    messages = load_messages(root)
    entries = tuple(_entries(content.decode("utf-8"), messages))
    return Rules(entries, messages, load_codes(root)[REGION].codes, hashlib.sha256(content).hexdigest())


def _entries(text: str, messages: Messages) -> Iterator[Entry]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != HEADER:
        raise AgreementError(FILE, 1, "header", f"must be {','.join(HEADER)}.")
    seen: set[str] = set()
    for line, row in enumerate(reader, start=2):
        check = row["check"] or ""
        if None in row or None in row.values() or not check:
            raise AgreementError(
                FILE, line, check or "check", "has another number of fields than the header."
            )
        if check in seen:
            raise AgreementError(FILE, line, check, "is given twice.")
        seen.add(check)
        for column, allowed in (("severity", get_args(Severity)), ("where", get_args(Where))):
            if row[column] not in allowed:
                raise AgreementError(FILE, line, column, f"must be one of {', '.join(allowed)}.")
        messages.text(row["message"])
        yield Entry(
            check,
            row["id"],
            row["severity"],  # type: ignore[arg-type]  # checked above
            row["field"],
            row["article"],
            row["message"],
            row["where"],  # type: ignore[arg-type]  # checked above
            *(_day(line, column, row[column]) for column in ("valid_from", "valid_to")),
        )


def _day(line: int, column: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise AgreementError(FILE, line, column, "is not a date YYYY-MM-DD.") from None
