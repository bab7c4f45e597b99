"""The JSON Schema (draft 2020-12) of an edition: it accepts a letter if and only if the XSD accepts its XML.

But for one thing that JSON Schema cannot say: that no two workers have the same number (`json_form.check`
says it). Texts are judged with one blank between words, as XML reads them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jendela.letters.agreement.contract import HERE, Contract, Field

CASE = "case"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff"
# Something that is not blank, and no character that XML cannot have.
TEXT = rf"^[^{_CONTROL}]*[^{_CONTROL} \t\r\n][^{_CONTROL}]*$"
DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def json_schema(contract: Contract) -> dict[str, Any]:
    """The schema as data, the same for the same contract and code lists."""
    letter = _object(contract, contract.letter.fields)
    case = _object(contract, contract.case.fields)
    letter["properties"][CASE] = {**case, "description": contract.case.description_en}
    return {
        "$schema": DRAFT,
        "$id": f"{contract.namespace}:json-schema",
        "title": f"Surat PHK {contract.version}",
        "description": contract.texts["purpose_en"],
        **letter,
    }


def _object(contract: Contract, fields: tuple[Field, ...]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in fields:
        if field.inline:
            inside = _object(contract, field.fields)
            properties |= inside["properties"]
            required += inside.get("required", [])
        else:
            properties[field.name] = _property(contract, field)
            required += [field.name] if field.required else []
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": required} if required else {})


def _property(contract: Contract, field: Field) -> dict[str, Any]:
    said = {"description": f"{field.description_id} / {field.description_en}"}
    if field.kind == "object":
        return said | _object(contract, field.fields)
    if field.kind == "list":
        return said | {"type": "array", "minItems": 1, "items": _item(contract, field)}
    return said | _value(contract, field)


def _item(contract: Contract, field: Field) -> dict[str, Any]:
    whole = _object(contract, field.fields)
    short = abbreviated(field)
    if short is None:
        return whole
    value = next(one for one in field.fields if one.name == short)
    return {"anyOf": [_value(contract, value), whole]}


def abbreviated(field: Field) -> str | None:
    """The name of the one value that an item may be written as by itself: that of an element's own text."""
    return next((one.name for one in field.fields if one.xml == HERE and one.leaf), None)


def _value(contract: Contract, field: Field) -> dict[str, Any]:
    if field.fixed is not None:
        return {"const": field.fixed}
    if field.codes and field.enumerated:
        return {"enum": [code.code for code in contract.codes[field.codes].entries]}
    if field.kind == "date":
        return {"type": "string", "format": "date", "pattern": DATE}
    if field.kind == "yes":
        return {"type": "boolean"}
    if field.kind == "count":
        return {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
    if field.kind in ("money", "times"):
        # Two decimals at most. Whole numbers have their own branch: a validator that reckons in binary
        # fractions (29 / 0.01 is not whole there) goes wrong only with sen.
        limits = {"minimum": field.minimum, "maximum": field.maximum}
        return {"type": "number", **limits, "anyOf": [{"type": "integer"}, {"multipleOf": Decimal("0.01")}]}
    if field.pattern is not None:
        return {"type": "string", "pattern": field.pattern}
    return {"type": "string", "minLength": 1, "maxLength": field.max_length, "pattern": TEXT}
