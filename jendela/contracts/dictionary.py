"""An agency's own data dictionary: its tables, columns, their types, and the codes a column may hold."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jendela.model.errors import AgreementError

HEADER = ["table", "column", "type", "nullable", "meaning_en", "code", "code_meaning_id"]
TEXT_TYPES = ("CHAR", "VARCHAR", "TEXT", "CLOB", "NVARCHAR", "NCHAR")


@dataclass(frozen=True)
class DictionaryColumn:
    """One column as the agency describes it; `codes` are those it may hold, empty where it is not coded."""

    table: str
    name: str
    type: str
    codes: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        """Whether the agency keeps it as text, so that its order is not the order of time."""
        return self.type.upper().split("(")[0].strip() in TEXT_TYPES


@dataclass(frozen=True)
class Dictionary:
    """The columns of one agency by (table, column)."""

    name: str
    columns: Mapping[tuple[str, str], DictionaryColumn]

    def table_of(self, stem: str) -> str | None:
        """The table (or file) a feed is named after, whatever its case and extension."""
        tables = {table for table, _ in self.columns}
        return next((table for table in sorted(tables) if table.lower().split(".")[0] == stem.lower()), None)


def load_dictionary(path: Path, root: Path) -> Dictionary:
    """The dictionary in the CSV at `path`: a row per column, and below it one per code (without a type).

    Raises:
        AgreementError: the file is missing, has another header, or a code comes before its column.
    """
    name = path.relative_to(root).as_posix()
    if not path.is_file():
        raise AgreementError(name, None, "file", "is missing: write the agency's columns and codes there.")
    types: dict[tuple[str, str], str] = {}
    codes: dict[tuple[str, str], list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != HEADER:
            raise AgreementError(name, 1, "header", f"must be {','.join(HEADER)}.")
        for row in reader:
            key = (row["table"], row["column"])
            if row["type"]:
                types[key] = row["type"]
                codes[key] = []
            elif key not in types:
                raise AgreementError(name, reader.line_num, row["column"], "has a code before its own row.")
            else:
                codes[key].append(row["code"])
    columns = {key: DictionaryColumn(*key, type_, tuple(codes[key])) for key, type_ in types.items()}
    return Dictionary(name, columns)
