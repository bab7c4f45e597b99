"""What changed between two editions: breaking, additive, or editorial.

Breaking: a letter that was valid no longer is. Additive: more is valid, or receivers must learn something.

The contract is compared with `released.json`, the frozen copy of what both sides adopted. A breaking change
needs a new major version, an additive one a new minor version (receivers must learn something), an editorial
one a new patch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jendela.letters.agreement.contract import Contract, Field, Part, Requirement

Kind = Literal["breaking", "additive", "editorial"]
Snapshot = Mapping[str, Any]
# Of a field: what is only words or ours, and what tells the receivers how to handle it.
WORDS = ("description_en", "description_id", "source", "examples", "xml_type", "column", "takes")
HANDLING = ("classification", "needed_by")
FORM = ("xml", "kind", "fixed", "xml_fixed", "inline")
SEVERITIES = ("info", "warning", "error")


@dataclass(frozen=True, order=True)
class Change:
    """One difference: where (a path, a code list with the code, a rule), and what."""

    kind: Kind
    path: str
    what: str


def snapshot(contract: Contract) -> dict[str, Any]:
    """The edition as plain data for JSON: fields by part, requirements, and the codes that the XSD lists."""
    listed = {
        field.codes for part in contract.parts for field in part.walk() if field.codes and field.enumerated
    }
    return {
        "version": contract.version,
        "schema_version": contract.schema_version,
        "namespace": contract.namespace,
        "root": contract.root,
        "parts": {part.name: _part(part) for part in contract.parts},
        "codes": {
            name: {
                code.code: {
                    "label_id": code.label_id,
                    "label_en": code.label_en,
                    "valid_from": code.valid_from.isoformat() if code.valid_from else None,
                    "valid_to": code.valid_to.isoformat() if code.valid_to else None,
                    "source": code.source,
                }
                for code in contract.codes[name].entries
            }
            for name in sorted(name for name in listed if name)
        },
    }


def _part(part: Part) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field in part.fields:
        fields |= _fields(field, "")
    return {
        "xml": part.xml,
        "fields": fields,
        "requirements": {one.id: _rule(one) for one in part.requirements},
    }


def _fields(field: Field, above: str) -> dict[str, Any]:
    """By place in the contract, which unlike a path in JSON has every object."""
    place = f"{above}.{field.name}".lstrip(".")
    own = {
        name: getattr(field, name)
        for name in (
            "xml", "xml_type", "kind", "required", "classification", "codes", "enumerated", "pattern",
            "max_length", "minimum", "maximum", "fixed", "xml_fixed", "inline", "unique", "column", "takes",
            "source", "description_en", "description_id",
        )
    }  # fmt: skip
    found = {
        place: own | {"needed_by": list(field.needed_by), "examples": [str(one) for one in field.examples]}
    }
    for one in field.fields:
        found |= _fields(one, place)
    return found


def _rule(one: Requirement) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "field": one.field,
        "values": list(one.values),
        "when": {name: list(values) for name, values in one.when.items()},
        "unless": {name: list(values) for name, values in one.unless.items()},
        "severity": one.severity,
        "description_en": one.description_en,
        "description_id": one.description_id,
        "source": one.source,
    }


def compatibility(old: Snapshot, new: Snapshot) -> list[Change]:
    """The changes from one snapshot to another, breaking ones first."""
    found = [
        Change("breaking", name, "is another.")
        for name in ("schema_version", "namespace", "root")
        if old[name] != new[name]
    ]
    for name in {**old["parts"], **new["parts"]}:
        one, other = old["parts"].get(name), new["parts"].get(name)
        if one is None or other is None:
            found.append(Change("breaking", name, "is a part of only one edition."))
            continue
        if one["xml"] != other["xml"]:
            found.append(Change("breaking", name, "has another element."))
        found += _compared(one["fields"], other["fields"])
        found += _requirements(one["requirements"], other["requirements"])
    found += _codes(old, new)
    order = {"breaking": 0, "additive": 1, "editorial": 2}
    return sorted(found, key=lambda change: (order[change.kind], change.path, change.what))


def lowest_version(changes: list[Change], released: str) -> str:
    """The lowest version that an edition with these changes may have, after `released` ("1.0.0")."""
    major, minor, patch = (int(part) for part in released.split("."))
    kinds = {change.kind for change in changes}
    if "breaking" in kinds:
        return f"{major + 1}.0.0"
    if "additive" in kinds:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if kinds else released


def _compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for place in old:
        if place not in new:
            yield Change("breaking", place, "is gone.")
    for place, field in new.items():
        if place not in old:
            above = place.rpartition(".")[0]
            needed = field["required"] and above in {"", *old}
            yield Change(
                "breaking" if needed else "additive", place, "is new" + (" and required." if needed else ".")
            )
        else:
            yield from _field(place, old[place], field)
    both = [place for place in old if place in new]
    if both != [place for place in new if place in old]:
        yield Change("breaking", "", "has its fields in another order, which XML keeps.")


def _field(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in FORM:
        if old.get(name) != new.get(name):
            yield Change("breaking", place, f"has another {name}.")
    for name in ("required", "unique"):
        if old[name] != new[name]:
            said = f"is {name} now." if new[name] else f"is no longer {name}."
            yield Change("breaking" if new[name] else "additive", place, said)
    if old["pattern"] != new["pattern"]:
        yield Change("breaking" if new["pattern"] else "additive", place, "has another pattern.")
    for name, narrower in (("max_length", -1), ("maximum", -1), ("minimum", 1)):
        yield from _limit(place, name, narrower, old[name], new[name])
    if (old["codes"], old["enumerated"]) != (new["codes"], new["enumerated"]):
        looser = old["codes"] == new["codes"] and not new["enumerated"]
        yield Change("additive" if looser else "breaking", place, "has its codes from elsewhere.")
    for names, kind in ((HANDLING, "additive"), (WORDS, "editorial")):
        for name in names:
            if old[name] != new[name]:
                yield Change(kind, place, f"has another {name}.")  # type: ignore[arg-type]  # one of the three


def _limit(place: str, name: str, narrower: int, old: int | None, new: int | None) -> Iterator[Change]:
    if old == new:
        return
    wider = new is None or (old is not None and (new - old) * narrower < 0)
    yield Change(
        "additive" if wider else "breaking", place, f"has a {'wider' if wider else 'narrower'} {name}."
    )


def _requirements(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in old:
        if name not in new:
            yield Change("additive", name, "is no longer required.")
    for name, rule in new.items():
        error = rule["severity"] == "error"
        before = old.get(name)
        if before is None:
            yield Change(
                "breaking" if error else "additive", name, f"is required now, as {rule['severity']}."
            )
            continue
        if SEVERITIES.index(rule["severity"]) != SEVERITIES.index(before["severity"]):
            yield Change("breaking" if error else "additive", name, f"weighs {rule['severity']} now.")
        if any(before[key] != rule[key] for key in ("kind", "field", "values", "when", "unless")):
            yield Change("breaking" if error else "additive", name, "asks for something else.")
        if any(before[key] != rule[key] for key in ("rule", "description_en", "description_id", "source")):
            yield Change("editorial", name, "is said in other words.")


def _codes(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for name, before in old["codes"].items():
        after = new["codes"].get(name)
        if after is None:
            continue  # the fields that had them say so
        for code in {**before, **after}:
            path = f"{name}:{code}"
            if code not in after:
                yield Change("breaking", path, "is gone: give it a last day (valid_to) instead.")
            elif code not in before:
                yield Change("additive", path, "is new.")
            else:
                # The law gives and takes reasons by date; past letters keep theirs. So no new major version.
                if any(before[code][key] != after[code][key] for key in ("valid_from", "valid_to")):
                    yield Change("additive", path, "is valid at other times.")
                if any(before[code][key] != after[code][key] for key in ("label_id", "label_en", "source")):
                    yield Change("editorial", path, "is said in other words.")
