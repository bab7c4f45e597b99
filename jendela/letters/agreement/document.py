"""The part of ODCS v3.1 that the contract of the letter uses, nested objects and arrays included.

The contracts of the canonical entities are flat and read by `contracts.odcs_document`; this one is a
document.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from jendela.contracts.odcs_document import TypeOptions as FlatOptions


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class CustomProperty(_Strict):
    """A key of our own; what each means is in docs/reference/surat-phk.md."""

    property: Literal[
        "descriptionId", "purposeId", "limitationsId", "usageId", "legalBasis",
        "schemaVersion", "namespace", "xmlRoot", "part",
        "xmlName", "xmlType", "xmlFixed", "fixed", "jsonInline", "codes", "enumerated",
        "column", "columnTakes", "unique", "source", "neededBy",
    ]  # fmt: skip
    value: Any


class _Described(_Strict):
    customProperties: list[CustomProperty] = Field(default_factory=list)  # noqa: N815  the standard's spelling

    @property
    def custom(self) -> dict[str, Any]:
        """Our own keys."""
        return {item.property: item.value for item in self.customProperties}


class Quality(_Described):
    """A rule of ours (`engine: jendela`): what a kind of letter or a reason needs beyond the base."""

    id: str
    name: str
    type: Literal["custom"]
    engine: Literal["jendela"]
    severity: Literal["error", "warning", "info"]
    dimension: Literal["accuracy", "completeness", "conformity", "consistency", "timeliness", "uniqueness"]
    description: str
    implementation: dict[str, Any]


class TypeOptions(FlatOptions):
    """Limits of a value; an array has the least number of its items."""

    minItems: int | None = None  # noqa: N815  the standard's spelling


class Items(_Strict):
    """What an array holds: objects."""

    logicalType: Literal["object"]  # noqa: N815  the standard's spelling
    physicalType: Literal["record"]  # noqa: N815  the standard's spelling
    properties: list[Property] = Field(min_length=1)


class Property(_Described):
    """A field, an object of fields, or an array of objects."""

    name: str
    logicalType: Literal[  # noqa: N815  the standard's spelling
        "string", "date", "number", "integer", "boolean", "object", "array"
    ]
    physicalType: str  # noqa: N815  the standard's spelling
    required: bool
    description: str
    classification: Literal["identifying", "specific", "public"] | None = None
    examples: list[Any] = Field(default_factory=list)
    logicalTypeOptions: TypeOptions = TypeOptions()  # noqa: N815  the standard's spelling
    properties: list[Property] = Field(default_factory=list)
    items: Items | None = None


class Table(_Described):
    """A part of the agreement: the letter, the case, the signature."""

    name: str
    logicalType: Literal["object"]  # noqa: N815  the standard's spelling
    physicalType: Literal["record"]  # noqa: N815  the standard's spelling
    description: str
    dataGranularityDescription: str  # noqa: N815  the standard's spelling
    quality: list[Quality] = Field(default_factory=list)
    properties: list[Property] = Field(min_length=1)


class Description(_Described):
    """What the letter is for, what it is not, and how it is used."""

    purpose: str
    limitations: str
    usage: str


class Document(_Described):
    """The contract file."""

    apiVersion: Literal["v3.1.0"]  # noqa: N815  the standard's spelling
    kind: Literal["DataContract"]
    id: str
    name: Literal["surat_phk"]
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    status: Literal["proposed", "draft", "active", "deprecated", "retired"]
    domain: str
    dataProduct: str  # noqa: N815  the standard's spelling
    description: Description
    tables: list[Table] = Field(alias="schema", min_length=3, max_length=3)
