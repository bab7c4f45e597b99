"""The contracts: one ODCS document per canonical entity, read strictly into fields and row rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.odcs_document import Document, Property, Quality, Table
from jendela.contracts.quick_yaml import read_quickly
from jendela.contracts.row_rules import RULES
from jendela.model.errors import AgreementError

PERSON_BLOCK = (
    "nik", "full_name", "birth_date", "birth_place", "sex", "mother_maiden_name",
    "phone", "email", "address", "residence_region", "kpj",
)  # fmt: skip
# Contract type by ODCS physicalType, with the logicalType that belongs to it.
TYPES = {
    "text": ("text", "string"),
    "code": ("code", "string"),
    "month": ("month", "string"),
    "date": ("date", "date"),
    "decimal(15,2)": ("money", "number"),
    "integer": ("int", "integer"),
}
DTYPES: Mapping[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "month": pl.String(),
    "date": pl.Date(),
    "money": pl.Decimal(15, 2),
    "int": pl.Int64(),
}
OUTCOMES = {"error": "hold", "warning": "set_aside", "info": "note"}


@dataclass(frozen=True)
class RowRule:
    """A rule of the dictionary (`kind`, see row_rules) about `field`, reported as `rule`.

    `outcome`: hold keeps the row back, set_aside empties the field, note only records it.
    """

    rule: str
    field: str
    kind: str
    params: Mapping[str, Any]
    outcome: str
    description: str


@dataclass(frozen=True)
class Field:
    """One field of an entity: text, code, date, month, money (rupiah, two decimals) or int.

    `refers_to` is the entity of the record whose id the field holds, in an entity that names nobody itself.
    `outcome` is what happens to a row whose value breaks the field's own pattern, length, range or code list;
    `pattern_rule` is the id under which a broken pattern is reported.
    """

    name: str
    type: str
    required: bool
    classification: str
    codes: str | None
    refers_to: str | None
    pattern: str | None
    pattern_rule: str
    max_length: int | None
    minimum: int | None
    maximum: int | None
    outcome: str
    description_en: str
    description_id: str
    needed_by: tuple[str, ...]
    examples: tuple[Any, ...]

    @property
    def identifying(self) -> bool:
        """True for what names a person: sealed in the register, never in clear."""
        return self.classification == "identifying"

    @property
    def dtype(self) -> pl.DataType:
        """The column type of the field in a canonical frame."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class Contract:
    """The agreement on one entity. `fields` and `rules` are in the order of the document `file`."""

    entity: str
    version: str
    file: str
    purpose_en: str
    purpose_id: str
    legal_basis: str
    fields: tuple[Field, ...]
    rules: tuple[RowRule, ...]

    @property
    def has_person(self) -> bool:
        """True when the entity carries the person block."""
        return self.fields[: len(PERSON_BLOCK)] == tuple(self.by_name.get(name) for name in PERSON_BLOCK)

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The fields that hold the id of another record, the one that says most surely who it is first."""
        return tuple(field.name for field in self.fields if field.refers_to)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @property
    def identifying(self) -> tuple[str, ...]:
        """The names of the fields that are sealed."""
        return tuple(field.name for field in self.fields if field.identifying)

    @property
    def clear(self) -> tuple[str, ...]:
        """The names of the fields that are kept in clear under the person's id."""
        return tuple(field.name for field in self.fields if not field.identifying)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The column types of a canonical frame, without the columns that begin with `_`."""
        return {field.name: field.dtype for field in self.fields}


def load_contracts(folder: Path) -> dict[str, Contract]:
    """The contracts of `folder`/schemas by entity, in order of name.

    Raises:
        AgreementError: a document is not an ODCS contract as we use it; file, line and field are named.
    """
    paths = sorted((folder / "schemas").glob("*.odcs.yaml"))
    if not paths:
        raise AgreementError("schemas", None, "folder", "holds no contract (*.odcs.yaml).")
    return {path.name.removesuffix(".odcs.yaml"): _load(path, folder) for path in paths}


def _load(path: Path, folder: Path) -> Contract:
    file = read_quickly(path, folder)
    entity = path.name.removesuffix(".odcs.yaml")
    document = file.parse(Document)
    table = document.tables[0]
    places: list[tuple[Place, str]] = [(["name"], document.name), (["schema", 0, "name"], table.name)]
    for place, name in places:
        if name != entity:
            raise file.error(place, "name", f"must be {entity}, as the file is named.")
    custom = document.description.custom
    for key in ("purposeId", "legalBasis"):
        if not custom.get(key):
            raise file.error(["description", "customProperties"], key, "is missing: add it.")
    fields = tuple(_fields(file, table.properties))
    return Contract(
        entity=entity,
        version=document.version,
        file=file.name,
        purpose_en=document.description.purpose,
        purpose_id=custom["purposeId"],
        legal_basis=custom["legalBasis"],
        fields=fields,
        rules=tuple(_rules(file, {field.name: field for field in fields}, table)),
    )


def _fields(file: AgreementFile, properties: list[Property]) -> Iterator[Field]:
    seen: set[str] = set()
    for position, item in enumerate(properties):
        place: Place = ["schema", 0, "properties", position]
        if item.name in seen:
            raise file.error(place, item.name, "is described twice.")
        seen.add(item.name)
        kind, logical = TYPES.get(item.physicalType, (None, None))
        if kind is None or logical != item.logicalType:
            known = ", ".join(f"{physical} ({pair[1]})" for physical, pair in TYPES.items())
            raise file.error(place, item.name, f"has no type of ours; physical (logical) types are {known}.")
        custom = item.custom
        for key in ("descriptionId", "neededBy"):
            if not custom.get(key):
                raise file.error([*place, "customProperties"], item.name, f"has no {key}: add it.")
        if (kind == "code") != ("codes" in custom):
            raise file.error(place, item.name, "a code names its list under codes, and nothing else does.")
        if custom.get("whenBroken") not in (None, "set_aside"):
            problem = "whenBroken can only be set_aside; without it the row is held."
            raise file.error([*place, "customProperties"], item.name, problem)
        options = item.logicalTypeOptions
        if options.pattern is not None:
            _check_pattern(file, [*place, "logicalTypeOptions"], item.name, options.pattern)
        outcome = custom.get("whenBroken", "hold")
        _check_outcome(file, place, item.name, outcome, item.required)
        yield Field(
            name=item.name,
            type=kind,
            required=item.required,
            classification=item.classification,
            codes=custom.get("codes"),
            refers_to=custom.get("refersTo"),
            pattern=options.pattern,
            pattern_rule=custom.get("patternRule", "C-PAT"),
            max_length=options.maxLength,
            minimum=options.minimum,
            maximum=options.maximum,
            outcome=outcome,
            description_en=item.description,
            description_id=custom["descriptionId"],
            needed_by=tuple(custom["neededBy"]),
            examples=tuple(item.examples),
        )


def _rules(file: AgreementFile, fields: Mapping[str, Field], table: Table) -> Iterator[RowRule]:
    top: Place = ["schema", 0]
    places: list[tuple[Place, Quality]] = [
        ([*top, "properties", position, "quality", index], rule)
        for position, item in enumerate(table.properties)
        for index, rule in enumerate(item.quality)
    ]
    places += [([*top, "quality", index], rule) for index, rule in enumerate(table.quality)]
    seen: set[str] = set()
    reported: set[tuple[str, str]] = {(field.pattern_rule, field.name) for field in fields.values()}
    for place, rule in places:
        if rule.id in seen:
            raise file.error(place, rule.id, "is the id of another rule too.")
        seen.add(rule.id)
        params = dict(rule.implementation)
        kind = str(params.pop("rule", ""))
        _check_params(file, [*place, "implementation"], rule.id, kind, params, fields)
        field = fields[params["field"]]
        outcome = OUTCOMES[rule.severity]
        _check_outcome(file, place, field.name, outcome, field.required)
        if (rule.name, field.name) in reported:
            raise file.error(place, rule.id, f"{rule.name} of {field.name} is another rule already.")
        reported.add((rule.name, field.name))
        yield RowRule(rule.name, field.name, kind, params, outcome, rule.description)


def _check_params(
    file: AgreementFile,
    place: Place,
    rule: str,
    kind: str,
    params: Mapping[str, Any],
    fields: Mapping[str, Field],
) -> None:
    """The parameters are those of the rule, and name fields of the entity of the right type."""
    if kind not in RULES:
        raise file.error(place, rule, f"{kind!r} is not a rule; there are {', '.join(sorted(RULES))}.")
    known = RULES[kind]
    wanted = {"field", *(known.fields or {}), *known.options}
    for name in wanted - set(params):
        raise file.error(place, rule, f"{kind} needs {name}.")
    for name in set(params) - wanted - set(known.optional):
        raise file.error(place, rule, f"{kind} has no parameter {name}.")
    conditions = [params[name] for name in ("when", "unless") if name in params]
    named = [params[name] for name in ("field", *(known.fields or {}))]
    named += [*params.get("others", ()), *(name for condition in conditions for name in condition)]
    for name in named:
        if name not in fields:
            raise file.error(place, rule, f"{name} is not a field of this entity.")
    judged = fields[params["field"]].type
    if known.judges and judged not in known.judges:
        raise file.error(place, rule, f"{kind} judges {' or '.join(known.judges)}, not {judged}.")
    for name, wanted_type in (known.fields or {}).items():
        if fields[params[name]].type != (judged if wanted_type == "same" else wanted_type):
            raise file.error(place, rule, f"{params[name]} has the wrong type for {kind}.")


def _check_pattern(file: AgreementFile, place: Place, field: str, pattern: str) -> None:
    """The pattern is one that the engine of the frames can read (no look-around, no back reference)."""
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.ComputeError:
        raise file.error(place, field, "is not a pattern that can be searched for.") from None


def _check_outcome(file: AgreementFile, place: Place, field: str, outcome: str, required: bool) -> None:
    if outcome == "set_aside" and required:
        raise file.error(place, field, "is required: a broken value cannot be set aside, the row is held.")
