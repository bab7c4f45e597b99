"""A proposal before it is written: each table's entity, each field's source, what must be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jendela.contracts.odcs import Field
from jendela.model.describing import SourceTable

HIGH, MEDIUM, LOW = 0.85, 0.65, 0.5
TOLD = 1.0
CONSTANT = {"text", "code"}  # the types whose constant a mapping may say


@dataclass(frozen=True)
class Reason:
    """A sentence of the catalogue (`onboard.<key>`) and what is put into it: names, counts, never a value."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """A source column of the feed's query: what it is called there, and the table columns it is made of."""

    alias: str
    columns: tuple[tuple[str, str], ...]
    expression: str
    computed: bool = False

    @property
    def plain(self) -> bool:
        """Whether the query gives it under this name by itself."""
        return not self.computed and self.columns[0][1] == self.alias


@dataclass(frozen=True)
class FieldDraft:
    """How a field would be made. `codes` translates those that could be, `asked` are the others."""

    field: str
    origin: Origin | None
    via: tuple[str, ...]
    confidence: float
    reasons: tuple[Reason, ...]
    codes: Mapping[str, str] | None = None
    asked: tuple[str, ...] = ()
    value: str | None = None
    table: str = ""

    @property
    def band(self) -> str:
        """high, medium or low."""
        return "high" if self.confidence >= HIGH else "medium" if self.confidence >= MEDIUM else "low"


@dataclass(frozen=True)
class Question:
    """What only the agency knows. `field` is the field or column; `answer` the option that answers it."""

    feed: str
    entity: str
    field: str
    reason: Reason
    answer: str


@dataclass(frozen=True)
class Join:
    """A table that is joined to the base by `pairs` of (base column, column of the joined table)."""

    table: SourceTable
    alias: str
    pairs: tuple[tuple[str, str], ...]
    declared: bool


@dataclass(frozen=True)
class FeedDraft:
    """One proposed feed: its table, its one entity, its fields, what is absent and what must be asked."""

    feed: str
    table: SourceTable
    entity: str
    score: float
    why: tuple[Reason, ...]
    fields: Mapping[str, FieldDraft]
    absent: Mapping[str, Reason]
    questions: tuple[Question, ...]
    joins: tuple[Join, ...] = ()
    mode: str = "snapshot"
    key: tuple[str, ...] = ()
    watermark: str | None = None
    query: str | None = None
    origins: tuple[Origin, ...] = ()
    extraction: tuple[Reason, ...] = ()
    labels: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    rows: int = 0

    def with_(self, **changes: object) -> FeedDraft:
        """The draft with some of it changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def may_be_constant(field: Field) -> bool:
    """Whether a mapping may say one value for all rows: a text or a code, never a date or an amount."""
    return field.type in CONSTANT


@dataclass(frozen=True)
class Answers:
    """What the person who adds the office has said: by option, or at the terminal.

    Keys of `values`, `sources` and `absent` are fields, or `entity.field`; those of `codes` are
    (`COLUMN` or `TABLE.COLUMN`, code). A source is `COLUMN` or `TABLE.COLUMN`.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def constant(self, entity: str, field: Field) -> str | None:
        """The constant that was given for a field; None also where a mapping could not hold one."""
        told = self.values.get(f"{entity}.{field.name}", self.values.get(field.name))
        return told if may_be_constant(field) else None

    def source(self, entity: str, name: str) -> str | None:
        """The column that was given for a field."""
        return self.sources.get(f"{entity}.{name}", self.sources.get(name))

    def is_absent(self, entity: str, name: str) -> bool:
        """Whether a field was said to have no source."""
        return f"{entity}.{name}" in self.absent or name in self.absent

    def code(self, table: str, column: str, code: str) -> str | None:
        """What a code was said to mean."""
        return self.codes.get((f"{table}.{column}", code), self.codes.get((column, code)))
