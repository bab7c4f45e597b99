"""The agreement on the letter, read once: its parts, their fields, and what a kind of letter needs besides.

One edition is one folder `schemas/surat_phk/<edition>/` with one ODCS contract. The XSD, the JSON Schema and
the readable edition are written from it and from the code lists; nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.codes import CodeList, load_codes
from jendela.contracts.quick_yaml import read_quickly
from jendela.letters.agreement.document import Document, Property, Quality, Table
from jendela.model.errors import AgreementError

LATEST = "1.0"
HERE = "."
# Kind by (logicalType, physicalType).
KINDS = {
    ("string", "text"): "text",
    ("string", "code"): "code",
    ("date", "date"): "date",
    ("number", "decimal(17,2)"): "money",
    ("number", "decimal(4,2)"): "times",
    ("integer", "integer"): "count",
    ("boolean", "boolean"): "yes",
    ("object", "record"): "object",
    ("array", "list"): "list",
}
RULES = {
    "required_when": {"field", "when", "unless"},
    "one_of_when": {"field", "values", "when"},
    "attached_when": {"field", "values", "when"},
}


@dataclass(frozen=True, eq=False)
class Field:
    """A field, an object (`kind` object) or a repeated object (list), with the fields inside.

    `name` is the key in JSON and `xml` the element, `@name` an attribute; `.` is the element around it
    itself. `inline` objects have an element and no key of their own. `codes` of which `enumerated` is false
    are judged by rules, not by the XSD. `column` is the column of `letters.frame`, `takes` how it comes from
    repeated values: all of them (list), their sum, or the code of the primary one.
    """

    path: str
    name: str
    xml: str
    kind: str
    required: bool
    classification: str
    description_en: str
    description_id: str
    needed_by: tuple[str, ...]
    source: str
    examples: tuple[Any, ...]
    fields: tuple[Field, ...] = ()
    xml_type: str | None = None
    codes: str | None = None
    enumerated: bool = True
    pattern: str | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    fixed: str | None = None
    xml_fixed: str | None = None
    inline: bool = False
    unique: bool = False
    column: str | None = None
    takes: str | None = None

    @property
    def leaf(self) -> bool:
        """True for what holds a value itself."""
        return self.kind not in ("object", "list")

    def walk(self) -> Iterator[Field]:
        """This field and all inside it, in the order of the document."""
        yield self
        for field in self.fields:
            yield from field.walk()


@dataclass(frozen=True, eq=False)
class Requirement:
    """What a letter needs beyond the base: a field (by path) is given or is one of `values`, or papers are
    there.

    It applies where every column of `when` has one of its values and none of `unless` has. `rule` is the id
    it is reported under; ids L-.. are judged by the rules of the letter, all others by
    `requirements.missing`.
    """

    id: str
    rule: str
    kind: str
    field: str
    values: tuple[str, ...]
    when: Mapping[str, tuple[Any, ...]]
    unless: Mapping[str, tuple[Any, ...]]
    severity: str
    description_en: str
    description_id: str
    source: str


@dataclass(frozen=True, eq=False)
class Part:
    """The letter, the case or the signature; `xml` is its element, empty where the form has none."""

    name: str
    xml: str
    description_en: str
    description_id: str
    fields: tuple[Field, ...]
    requirements: tuple[Requirement, ...]

    def walk(self) -> Iterator[Field]:
        """All fields, in the order of the document."""
        for field in self.fields:
            yield from field.walk()


@dataclass(frozen=True, eq=False)
class Contract:
    """One edition: `schema_version` is what a letter calls it, `namespace` what its XML says."""

    version: str
    schema_version: str
    namespace: str
    root: str
    texts: Mapping[str, str]
    legal_basis: str
    letter: Part
    case: Part
    signature: Part
    codes: Mapping[str, CodeList]

    @cached_property
    def by_column(self) -> Mapping[str, Field]:
        """The fields of the letter by the column they fill."""
        return {field.column: field for field in self.letter.walk() if field.column}

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        """Letter, case, signature."""
        return self.letter, self.case, self.signature


@lru_cache(maxsize=8)
def contract(version: str = LATEST, folder: Path | None = None) -> Contract:
    """The edition `version` ("1.0") of `folder`, by default the installed one; read once.

    Raises:
        AgreementError: there is no such edition, or its contract is not one as we use it; file and line are
        named.
    """
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    file = read_quickly(root / "schemas" / "surat_phk" / version / "surat_phk.odcs.yaml", root)
    document = file.parse(Document)
    custom, about = document.custom, document.description
    codes = load_codes(root)
    parts = {
        table.custom.get("part"): _part(file, n, table, codes) for n, table in enumerate(document.tables)
    }
    for key in ("schemaVersion", "namespace", "xmlRoot"):
        if not custom.get(key):
            raise file.error(["customProperties"], key, "is missing: add it.")
    if set(parts) != {"letter", "case", "signature"}:
        raise file.error(["schema"], "part", "the parts are letter, case and signature, each once.")
    major = version.partition(".")[0]
    if document.version.partition(".")[0] != major:
        problem = (
            f"must be {major}.x.y: another major version has a folder, a name and a namespace of its own."
        )
        raise file.error(["version"], "version", problem)
    return Contract(
        version=document.version,
        schema_version=custom["schemaVersion"],
        namespace=custom["namespace"],
        root=custom["xmlRoot"],
        texts={
            f"{key}_{language}": text
            for key in ("purpose", "limitations", "usage")
            for language, text in (("en", getattr(about, key)), ("id", about.custom.get(f"{key}Id", "")))
        },
        legal_basis=about.custom.get("legalBasis", ""),
        letter=parts["letter"],
        case=parts["case"],
        signature=parts["signature"],
        codes={name: codes[name] for part in parts.values() for name in sorted(_lists(part))},
    )


def _lists(part: Part) -> set[str]:
    return {field.codes for field in part.walk() if field.codes}


def _part(file: AgreementFile, number: int, table: Table, codes: Mapping[str, CodeList]) -> Part:
    place: Place = ["schema", number]
    fields = tuple(
        _field(file, [*place, "properties", n], item, "", codes) for n, item in enumerate(table.properties)
    )
    known = {field.path for one in fields for field in one.walk()}
    return Part(
        name=table.name,
        xml=table.custom.get("xmlName", ""),
        description_en=table.description,
        description_id=table.custom.get("descriptionId", ""),
        fields=fields,
        requirements=tuple(
            _requirement(file, [*place, "quality", n], rule, known) for n, rule in enumerate(table.quality)
        ),
    )


def _field(
    file: AgreementFile, place: Place, item: Property, above: str, codes: Mapping[str, CodeList]
) -> Field:
    kind = KINDS.get((item.logicalType, item.physicalType))
    if kind is None:
        raise file.error(place, item.name, "has no type of ours: see docs/reference/surat-phk.md.")
    custom, limits = item.custom, item.logicalTypeOptions
    inside = item.items.properties if item.items else item.properties
    below: Place = [*place, "items", "properties"] if item.items else [*place, "properties"]
    inline = bool(custom.get("jsonInline", False))
    path = above if inline else f"{above}.{item.name}".lstrip(".")
    needed = [] if kind in ("object", "list") else ["neededBy", "source"]
    for key in ("descriptionId", *needed):
        if not custom.get(key):
            raise file.error([*place, "customProperties"], item.name, f"has no {key}: add it.")
    if needed and (item.classification is None or not item.examples):
        raise file.error(place, item.name, "needs a classification and an example.")
    if (kind in ("object", "list")) != bool(inside):
        raise file.error(place, item.name, "an object or array has properties, and nothing else has.")
    if (kind == "code") != ("codes" in custom) or custom.get("codes", "region") not in codes:
        raise file.error(place, item.name, "a code names its list in schemas/codes, and nothing else does.")
    return Field(
        path=path,
        name=item.name,
        xml=custom.get("xmlName", ""),
        kind=kind,
        required=item.required,
        classification=item.classification or "",
        description_en=item.description,
        description_id=custom["descriptionId"],
        needed_by=tuple(custom.get("neededBy", ())),
        source=custom.get("source", ""),
        examples=tuple(item.examples),
        fields=tuple(_field(file, [*below, n], one, path, codes) for n, one in enumerate(inside)),
        xml_type=custom.get("xmlType"),
        codes=custom.get("codes"),
        enumerated=custom.get("enumerated", True),
        pattern=limits.pattern,
        max_length=limits.maxLength,
        minimum=limits.minimum,
        maximum=limits.maximum,
        fixed=custom.get("fixed"),
        xml_fixed=custom.get("xmlFixed"),
        inline=inline,
        unique=custom.get("unique", False),
        column=_column(item.name, custom) if needed else None,
        takes=custom.get("columnTakes"),
    )


def _column(name: str, custom: Mapping[str, Any]) -> str | None:
    """The column that a value fills: its own name, another that it states, or `none`."""
    stated = str(custom.get("column", name))
    return None if stated == "none" else stated


def _requirement(file: AgreementFile, place: Place, rule: Quality, known: set[str]) -> Requirement:
    asked = dict(rule.implementation)
    kind = str(asked.pop("rule", ""))
    if not set(asked) <= RULES.get(kind, set()) or asked.get("field") not in known:
        raise file.error(
            [*place, "implementation"], rule.id, "is no rule of ours about a field of this part."
        )
    custom = rule.custom
    return Requirement(
        id=rule.id,
        rule=rule.name,
        kind=kind,
        field=asked["field"],
        values=tuple(asked.get("values", ())),
        when={name: tuple(values) for name, values in asked.get("when", {}).items()},
        unless={name: tuple(values) for name, values in asked.get("unless", {}).items()},
        severity=rule.severity,
        description_en=rule.description,
        description_id=custom.get("descriptionId", ""),
        source=custom.get("source", ""),
    )


def editions(folder: Path | None = None) -> list[str]:
    """The editions that have a folder, oldest first."""
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    found = [path.parent.name for path in (root / "schemas" / "surat_phk").glob("*/surat_phk.odcs.yaml")]
    if not found:
        raise AgreementError("schemas/surat_phk", None, "folder", "holds no edition of the letter.")
    return sorted(found, key=lambda name: tuple(int(part) for part in name.split(".")))
