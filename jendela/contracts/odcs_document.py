"""The part of ODCS v3.1 that our contracts use, as it stands in a file. Anything else is an error."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class CustomProperty(_Strict):
    """A key of our own; `refersTo` names the entity of the record that the field refers to."""

    property: Literal[
        "descriptionId",
        "purposeId",
        "legalBasis",
        "codes",
        "whenBroken",
        "patternRule",
        "neededBy",
        "refersTo",
    ]
    value: Any


class _Described(_Strict):
    customProperties: list[CustomProperty] = Field(default_factory=list)  # noqa: N815  the standard's spelling

    @property
    def custom(self) -> dict[str, Any]:
        """Our own keys."""
        return {item.property: item.value for item in self.customProperties}


class Quality(_Strict):
    """A rule of ours (`engine: jendela`): `implementation` names one of the dictionary, with parameters."""

    id: str
    name: str
    type: Literal["custom"]
    engine: Literal["jendela"]
    severity: Literal["error", "warning", "info"]
    dimension: Literal["accuracy", "completeness", "conformity", "consistency", "timeliness", "uniqueness"]
    description: str
    implementation: dict[str, Any]


class TypeOptions(_Strict):
    """Limits of the single value."""

    pattern: str | None = None
    maxLength: int | None = None  # noqa: N815  the standard's spelling
    minimum: int | None = None
    maximum: int | None = None


class Property(_Described):
    """One field."""

    name: str
    logicalType: str  # noqa: N815  the standard's spelling
    physicalType: str  # noqa: N815  the standard's spelling
    required: bool
    classification: Literal["identifying", "specific", "public"]
    description: str
    examples: list[Any] = Field(min_length=1)
    logicalTypeOptions: TypeOptions = TypeOptions()  # noqa: N815  the standard's spelling
    quality: list[Quality] = Field(default_factory=list)


class Table(_Strict):
    """The entity."""

    name: str
    logicalType: Literal["object"]  # noqa: N815  the standard's spelling
    physicalType: str  # noqa: N815  the standard's spelling
    description: str
    dataGranularityDescription: str  # noqa: N815  the standard's spelling
    properties: list[Property] = Field(min_length=1)
    quality: list[Quality] = Field(default_factory=list)


class Description(_Described):
    """What the data are for, what they are not, and how they are used."""

    purpose: str
    limitations: str
    usage: str


class Document(_Strict):
    """One contract file."""

    apiVersion: Literal["v3.1.0"]  # noqa: N815  the standard's spelling
    kind: Literal["DataContract"]
    id: str
    name: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    status: Literal["proposed", "draft", "active", "deprecated", "retired"]
    domain: str
    dataProduct: str  # noqa: N815  the standard's spelling
    description: Description
    tables: list[Table] = Field(alias="schema", min_length=1, max_length=1)
