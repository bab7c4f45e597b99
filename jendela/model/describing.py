"""The port through which an agency's source describes itself before anything is agreed with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

TEXT, INTEGER, DECIMAL, BOOLEAN = "text", "integer", "decimal", "boolean"
DATE, TIMESTAMP, BYTES, OTHER = "date", "timestamp", "bytes", "other"


@dataclass(frozen=True)
class SourceColumn:
    """One column as the source declares it.

    `type` is the source's own word for it, `kind` one of the kinds above, `written` the name as its own SQL
    writes it (quoted where it must be), `codes` the values that the declaration allows (an ENUM).
    """

    name: str
    type: str
    kind: str
    nullable: bool = True
    comment: str = ""
    written: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A foreign key: these columns hold the values of those columns of another table."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class SourceTable:
    """One table, view or file. `key` is its primary key, `unique` its other unique keys.

    A file has `path` (as a mapping names it) and `options` instead of `written`.
    """

    name: str
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    comment: str = ""
    written: str = ""
    path: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> SourceColumn:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


class Describer(Protocol):
    """What a transport offers for onboarding. `Class(office, url)`, by entry point `jendela.describers`.

    It only reads; every method raises the errors of a `Connector`, and none of them has a value.
    """

    def tables(self) -> list[SourceTable]:
        """Every table, view or file that our account sees, in order of name."""
        ...

    def sample(self, table: SourceTable, rows: int) -> pa.Table:
        """At most so many rows as text, as a pull gives them: where there is a key, from both its ends."""
        ...

    def together(self, columns: Sequence[str]) -> str | None:
        """The SQL that joins written columns with a blank; None where the source computes nothing."""
        ...

    def day_of(self, column: str) -> str | None:
        """The SQL for the day of a written timestamp; None where the source computes nothing."""
        ...
