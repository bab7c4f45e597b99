"""Code lists: the closed sets of values that the agencies agreed, each with its validity and its source."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jendela.model.errors import AgreementError

HEADER = ("code", "label_id", "label_en", "valid_from", "valid_to", "source")
REGION = "region"
_REGION_SOURCE = "Kepmendagri 300.2.2-2430/2025"


@dataclass(frozen=True)
class Code:
    """One value: its labels, and the days it is valid on, both ends included; None is unbounded."""

    code: str
    label_id: str
    label_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class CodeList:
    """One list. `entries` are in the order of the file."""

    name: str
    entries: tuple[Code, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code the list ever had: what a record of any age may carry."""
        return frozenset(entry.code for entry in self.entries)

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """The entry of each code."""
        return {entry.code: entry for entry in self.entries}

    def valid_on(self, day: date) -> frozenset[str]:
        """The codes in force on `day`."""
        return frozenset(
            entry.code
            for entry in self.entries
            if (entry.valid_from is None or entry.valid_from <= day)
            and (entry.valid_to is None or day <= entry.valid_to)
        )


def load_codes(folder: Path) -> dict[str, CodeList]:
    """The code lists of `folder`/schemas/codes by name, and `region`: every region code of every vintage.

    Raises:
        AgreementError: a header, a date, a label or a code is wrong; file, line and code are named.
    """
    place = folder / "schemas" / "codes"
    paths = [path for path in sorted(place.glob("*.csv")) if not path.stem.startswith("region_")]
    if not paths:
        raise AgreementError("schemas/codes", None, "folder", "holds no code list.")
    lists = {path.stem: CodeList(path.stem, tuple(_entries(path, folder))) for path in paths}
    lists[REGION] = CodeList(REGION, tuple(_regions(place, folder)))
    return lists


def _entries(path: Path, folder: Path) -> Iterator[Code]:
    seen: set[str] = set()
    name = path.relative_to(folder).as_posix()
    for line, row in _rows(path, folder, HEADER):
        code = row["code"]
        if code in seen or not code:
            raise AgreementError(name, line, code or "code", "is given twice." if code else "is empty.")
        seen.add(code)
        for column in ("label_id", "label_en", "source"):
            if not row[column]:
                raise AgreementError(name, line, code, f"has no {column}: write it.")
        start, end = (_day(name, line, column, row[column]) for column in ("valid_from", "valid_to"))
        if start and end and end < start:
            raise AgreementError(name, line, code, "is valid to a day before it is valid from.")
        yield Code(code, row["label_id"], row["label_en"], start, end, row["source"])


def _regions(place: Path, folder: Path) -> Iterator[Code]:
    """Today's regions of three levels, then the regencies that once had another code."""
    names: dict[str, str] = {}
    for level in ("province", "regency", "district"):
        for line, row in _rows(place / f"region_{level}.csv", folder, ("code", "name")):
            if row["code"] in names:
                raise AgreementError(
                    f"schemas/codes/region_{level}.csv", line, row["code"], "is given twice."
                )
            names[row["code"]] = row["name"]
            yield Code(row["code"], row["name"], row["name"], None, None, _REGION_SOURCE)
    alias = place / "region_alias.csv"
    name = alias.relative_to(folder).as_posix()
    for line, row in _rows(alias, folder, ("old_code", "new_code", "valid_from", "valid_to", "decree")):
        if row["new_code"] not in names:
            raise AgreementError(name, line, row["new_code"], "is not a region of today.")
        if row["old_code"] not in names:  # a number may have been given to another region since
            label = names[row["new_code"]]
            start, end = (_day(name, line, column, row[column]) for column in ("valid_from", "valid_to"))
            yield Code(row["old_code"], label, label, start, end, row["decree"])


def _rows(path: Path, folder: Path, header: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV file with their numbers; it must have at least the columns of `header`."""
    name = path.relative_to(folder).as_posix()
    if not path.is_file():
        raise AgreementError(name, None, "file", "is missing.")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if missing := [column for column in header if column not in (reader.fieldnames or ())]:
            raise AgreementError(name, 1, missing[0], "is a column this list must have.")
        for row in reader:
            if None in row or None in row.values():
                raise AgreementError(
                    name, reader.line_num, "line", "has another number of fields than the header."
                )
            yield reader.line_num, {key: value.strip() for key, value in row.items()}


def _day(name: str, line: int, column: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AgreementError(name, line, column, f"{text!r} is not a date YYYY-MM-DD.") from None
