"""A letter as JSON: bounds first, then the JSON Schema of the agreement; one wrong worker is held alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from jendela.letters.agreement import FormError
from jendela.letters.agreement.json_form import Fault, check, read_json
from jendela.letters.intake import limits
from jendela.letters.intake.finding import (
    NOT_A_VALUE,
    NOT_JSON,
    TOO_MUCH,
    Finding,
    Refused,
    Said,
    place,
)
from jendela.letters.intake.form import Form, forms, named_forms
from jendela.letters.intake.raw import AT, LISTS, MANY, RawRows, Row, empty_row, primary

_LONG_NUMBER = re.compile(rb"[-+.0-9]{%d,}" % (limits.MAX_DIGITS + 1))
_WORKER = re.compile(r"^workers\[(\d+)\](?:\.(.*))?$")
_LEAST_POWER, _GREATEST_POWER = -10, 20
KEYWORDS = {
    "pattern": "pattern",
    "enum": "code",
    "const": "code",
    "type": "type",
    "format": "type",
    "multipleOf": "type",
    "maxLength": "long",
    "minLength": "empty",
    "minItems": "empty",
    "minimum": "small",
    "maximum": "great",
    "unique": "twice",
}
_REPEATED = {AT[name] for name in (*LISTS, "uph_amount")}
_REASONS, _PRIMARY, _UPH = AT["reason_codes"], AT["reason_code"], AT["uph_amount"]


def take_json(
    rows: Mapping[Form, RawRows], file: str, content: bytes, folder: Path | None = None
) -> list[Finding]:
    """Adds the workers of a JSON letter that keep to the schema of its edition; what is said of the others.

    The edition is one of the agreements in `folder`, by default the installed; `rows` has those of each.

    Raises:
        Refused: it is no JSON letter, or asks for more than a letter needs.
    """
    _check_bounds(content)
    try:
        document = read_json(content)
        _check_numbers(document)
        form = named_forms(folder).get(str(document.get("schema_version")))
        if form is None:
            known = ", ".join(one.edition.schema_version for one in forms(folder))
            raise Refused(NOT_JSON, "edition.unknown", known=known, place=place())
        faults = check(document, form.agreed)
    except FormError as error:
        raise Refused(NOT_JSON, _problem(error.problem), place=_where(error.problem)) from None
    except RecursionError:
        raise Refused(NOT_JSON, "json.deep") from None
    workers = document.get("workers")
    if isinstance(workers, list) and len(workers) > limits.MAX_WORKERS:
        raise Refused(TOO_MUCH, "workers", limit=limits.MAX_WORKERS)
    if len(faults) > limits.MAX_FINDINGS:
        raise Refused(TOO_MUCH, "findings", limit=limits.MAX_FINDINGS)
    first = {fault.path: fault for fault in reversed(faults)}  # of one place, what is wrong with it first
    findings = [_finding(form, fault, document) for fault in reversed(first.values())]
    if not any(one.index is None for one in findings):
        findings = _in_force(form, document) + findings
    if not any(one.index is None for one in findings):
        _add(rows[form], file, form, document, {one.index for one in findings})
    return findings


def _in_force(form: Form, document: Mapping[str, Any]) -> list[Finding]:
    if form.always:
        return []
    dated = form.fields["letter_date"].json
    said = form.not_in_force(date.fromisoformat(_at(document, dated)))
    return [Finding(NOT_JSON, said, None, dated)] if said else []


def _check_bounds(content: bytes) -> None:
    if len(content) > limits.SMALL_FILE:
        containers = content.count(b"{") + content.count(b"[")
        if containers > limits.MAX_CONTAINERS or content.count(b",") > limits.MAX_VALUES:
            raise Refused(TOO_MUCH, "json.many")
    if b"\0" in content:
        raise Refused(NOT_JSON, "nul", place=place(line=content[: content.index(b"\0")].count(b"\n") + 1))
    if _LONG_NUMBER.search(content):
        raise Refused(NOT_JSON, "json.number", limit=limits.MAX_DIGITS)


def _check_numbers(data: Any) -> None:
    """1e999999999 is short, and takes a gigabyte to write out."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, Decimal):
            power = value.as_tuple().exponent
            if not isinstance(power, int) or not _LEAST_POWER <= power <= _GREATEST_POWER:
                raise Refused(NOT_JSON, "json.number", limit=limits.MAX_DIGITS)


def _problem(problem: str) -> str:
    known = {
        "UTF-8": "json.encoding",
        "nested": "json.deep",
        "twice": "json.twice",
        "digits": "json.number_form",
        "NaN": "json.number_form",
        "object": "json.object",
    }
    return next((key for part, key in known.items() if part in problem), "json.broken")


def _where(problem: str) -> Said:
    line = re.search(r"line (\d+)", problem)
    return place(line=int(line[1]) if line else None)


def _finding(form: Form, fault: Fault, document: Mapping[str, Any]) -> Finding:
    inside = _WORKER.match(fault.path)
    index = int(inside[1]) + 1 if inside else None
    plain = re.sub(r"\[\d+\]", "", fault.path)
    known = next((one for one in form.fields.values() if one.json in (plain, f"{plain}.code")), None)
    values: dict[str, object] = {
        "field": known.name if known else fault.path or "surat",
        "place": Said("at.path", {"path": fault.path}) if fault.path else place(),
    }
    key = KEYWORDS.get(fault.keyword, "invalid")
    if fault.keyword == "required":
        key, values["expected"] = (
            "incomplete",
            _lacking(form, plain, _at(document, fault.path)) or Said("none"),
        )
    elif fault.keyword == "additionalProperties":
        key = "foreign"
    return Finding(NOT_A_VALUE, Said(f"field.{key}", values), index, known.json if known else plain or None)


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for step in re.findall(r"[^.\[\]]+", path):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def _lacking(form: Form, path: str, found: Any) -> str:
    """The needed fields below a path that are not there, in names of the form."""
    names = {
        one.json.removeprefix(f"{path}." if path else "").split(".")[0]: one.name
        for one in form.fields.values()
        if one.required and one.json.startswith(f"{path}." if path else "")
    }
    return ", ".join(name for key, name in names.items() if isinstance(found, dict) and key not in found)


def _add(rows: RawRows, file: str, form: Form, document: dict[str, Any], held: set[int | None]) -> None:
    tree = _tree(form)
    common = empty_row()
    many: dict[int, list[Any]] = {}
    common[AT["schema_version"]] = str(document["schema_version"])
    _take({key: value for key, value in document.items() if key != "workers"}, tree, common, many)
    _join(common, many)
    for index, worker in enumerate(document["workers"], start=1):
        if index not in held:
            row, many = common.copy(), {}
            _take(worker, tree["workers"], row, many)
            _join(row, many)
            rows.add(file, index, row)


def _take(data: dict[str, Any], tree: dict[str, Any], row: Row, many: dict[int, list[Any]]) -> None:
    for key, value in data.items():
        known = tree.get(key)
        if known is None:
            continue
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, dict):
                if isinstance(known, dict):
                    _take(item, known, row, many)
                    if known.get("code") == _REASONS and item.get("primary") is True:
                        many.setdefault(_PRIMARY, []).append(item["code"])
            else:
                # A reason may be written by its code alone.
                at = known if isinstance(known, int) else known["code"]
                if at in _REPEATED:
                    many.setdefault(at, []).append(item)
                else:
                    row[at] = _text(item)


def _join(row: Row, many: dict[int, list[Any]]) -> None:
    for at, values in many.items():
        if at == _UPH:
            row[at] = _text(sum(map(Decimal, values), Decimal(0)))
        elif at == _REASONS:
            row[at], row[_PRIMARY] = MANY.join(values), primary(values, many.get(_PRIMARY, []))
        elif at != _PRIMARY:
            row[at] = MANY.join(map(str, values))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@lru_cache(maxsize=8)
def _tree(form: Form) -> dict[str, Any]:
    """The form as nested names: the place of a column, or the names below."""
    tree: dict[str, Any] = {}
    for field in form.fields.values():
        *above, last = field.json.split(".")
        node = tree
        for name in above:
            node = node.setdefault(name, {})
        node[last] = AT[field.column]
    return tree
