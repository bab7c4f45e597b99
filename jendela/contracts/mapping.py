"""A feed and its mappings: which rows are asked for, and how each of them becomes canonical fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jendela.contracts.agreement_file import AgreementFile
from jendela.contracts.quick_yaml import read_quickly
from jendela.model.ports import FeedSource

FeedName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConditionFile(_Strict):
    """Which rows, as a file says it."""

    column: str
    among: list[str] | None = Field(default=None, alias="in")
    not_among: list[str] | None = Field(default=None, alias="not_in")
    present: bool | None = None


class FieldFile(_Strict):
    """How a field is made, as a file says it."""

    source: str | None = Field(default=None, alias="from")
    via: list[str] = []
    codes: dict[str, str] | None = None
    value: str | None = None
    flags: dict[str, str] | None = None
    yes: str | None = None
    no: str | None = None
    when: ConditionFile | None = None
    refers: str | None = None
    keyed: str | None = None
    key: list[str] = []
    alike: list[str] = []


class MapFile(_Strict):
    """How an entity is made, as a file says it."""

    where: ConditionFile | None = None
    independent_when: ConditionFile | None = None
    fields: dict[str, FieldFile]
    absent: dict[str, str] = {}


class FeedFile(_Strict):
    """The keys of a feed's YAML file."""

    feed: FeedName
    mode: Literal["delta", "snapshot", "append", "drop"]
    query: str | None = None
    path: str | None = None
    options: dict[str, Any] = {}
    key: list[str] = []
    watermark: str | None = None
    columns: list[str] | dict[str, str | list[str]]
    maps: dict[str, MapFile]


@dataclass(frozen=True)
class Condition:
    """Rows whose `column` is one of `among`, none of `not_among` (null is none), or, without both, filled."""

    column: str
    among: tuple[str, ...] | None
    not_among: tuple[str, ...] | None


@dataclass(frozen=True)
class FieldMapping:
    """How one canonical field is made: a constant, or a source column through transforms and a code table.

    `flags` instead makes one text of several yes/no columns: the names whose column says `yes`, sorted.
    `when` limits it to some rows; in the others the field is null.
    `refers` makes the id of the record that another feed has under the values of `key`; `keyed` hashes these
    values for a purpose, so that equal ones are found and none is kept; `alike` says how much two names are
    one, in per cent.
    """

    name: str
    source: str | None
    via: tuple[str, ...]
    codes: Mapping[str, str] | None
    value: str | None
    flags: Mapping[str, str] | None
    yes: str | None
    no: str | None
    when: Condition | None
    refers: str | None = None
    keyed: str | None = None
    key: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The source columns it reads."""
        own = (self.source,) if self.source else (*(self.flags or ()), *self.key, *self.alike)
        return (*own, self.when.column) if self.when else own


@dataclass(frozen=True)
class EntityMapping:
    """How a source row becomes one entity. `absent` says why the other contract fields have no source."""

    entity: str
    where: Condition | None
    independent_when: Condition | None
    fields: Mapping[str, FieldMapping]
    absent: Mapping[str, str]

    @property
    def columns(self) -> frozenset[str]:
        """The source columns it reads."""
        conditions = {c.column for c in (self.where, self.independent_when) if c}
        return frozenset(conditions | {column for field in self.fields.values() for column in field.columns})


@dataclass(frozen=True)
class Feed:
    """One feed of an office: where its rows are found, and the canonical entities made of each of them.

    `origins` has the dictionary's (table, column) pairs behind each source column; none for a column that the
    hub makes when a letter lands. `version` changes whenever the file does.
    """

    name: str
    office: str
    source: FeedSource
    targets: Mapping[str, EntityMapping]
    origins: Mapping[str, tuple[tuple[str, str], ...]]
    version: str


def read_feed(path: Path, root: Path) -> tuple[AgreementFile, FeedFile]:
    """The file at `path` and its content, in form only; `feed_checks.check` judges what it says.

    Raises:
        AgreementError: it is not readable, or a key is unknown, missing or of the wrong type.
    """
    file = read_quickly(path, root)
    return file, file.parse(FeedFile)


def _condition(raw: ConditionFile | None) -> Condition | None:
    if raw is None:
        return None
    if raw.present:
        return Condition(raw.column, None, None)
    return Condition(
        raw.column,
        tuple(raw.among) if raw.among is not None else None,
        tuple(raw.not_among) if raw.not_among is not None else None,
    )


def _field(name: str, raw: FieldFile) -> FieldMapping:
    return FieldMapping(
        name=name,
        source=raw.source,
        via=tuple(raw.via),
        codes=dict(raw.codes) if raw.codes is not None else None,
        value=raw.value,
        flags=dict(raw.flags) if raw.flags is not None else None,
        yes=raw.yes,
        no=raw.no,
        when=_condition(raw.when),
        refers=raw.refers,
        keyed=raw.keyed,
        key=tuple(raw.key),
        alike=tuple(raw.alike),
    )


def build_feed(
    file: AgreementFile, raw: FeedFile, office: str, origins: Mapping[str, tuple[tuple[str, str], ...]]
) -> Feed:
    """The feed of a file that was checked."""
    source = FeedSource(
        office=office,
        feed=raw.feed,
        mode=raw.mode,
        columns=tuple(origins),
        key=tuple(raw.key),
        query=raw.query,
        watermark=raw.watermark,
        path=raw.path,
        options=dict(raw.options),
    )
    targets = {
        entity: EntityMapping(
            entity=entity,
            where=_condition(made.where),
            independent_when=_condition(made.independent_when),
            fields={name: _field(name, field) for name, field in made.fields.items()},
            absent=dict(made.absent),
        )
        for entity, made in raw.maps.items()
    }
    return Feed(raw.feed, office, source, targets, origins, file.sha256[:16])
