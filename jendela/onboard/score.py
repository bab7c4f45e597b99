"""How far a table looks like an entity, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from jendela.contracts.odcs import PERSON_BLOCK, Contract
from jendela.model.describing import SourceTable
from jendela.onboard.draft import FieldDraft, Reason
from jendela.onboard.fields import Sight

BORROWED = 0.5  # what a joined table says counts half: that table may be the entity itself
CONTRADICTED = 0.6  # what a name weighs against the entities that it does not name


def score(table: SourceTable, entity: str, fields: Mapping[str, FieldDraft], sight: Sight) -> float:
    """How far a table looks like an entity: what it must have, what only it has, and what it is called."""
    contract = sight.contracts[entity]
    must = [{field.name} for field in contract.fields if field.required and field.name != "held_at"]
    must += [
        {rule.field, *rule.params["others"]} for rule in contract.rules if rule.kind == "any_of"
    ]  # fmt: skip
    covered = sum(any(_sure(fields, name) for name in group) for group in must) / max(len(must), 1)
    rare = 0.0
    for name, field in fields.items():
        if field.origin is None or name in PERSON_BLOCK:
            continue
        others = sum(name in other.by_name for other in sight.contracts.values()) - 1
        rare += field.confidence / (1 + others) * (1.0 if field.table == table.name else BORROWED)
    person = _who(table, contract, fields, sight)
    called = _called(table, entity, sight)
    return round(0.3 * covered + 0.3 * min(rare / 2.5, 1.0) + 0.25 * called + 0.15 * person, 2)


def _called(table: SourceTable, entity: str, sight: Sight) -> float:
    """What the table's name says for the entity, from 0 to 1; against it where it names other entities."""
    said = sight.names.subjects(table.name)
    others = [share for subject, share in said.items() if subject in sight.contracts]
    return said.get(entity, -CONTRADICTED * max(others, default=0.0))


def _who(table: SourceTable, contract: Contract, fields: Mapping[str, FieldDraft], sight: Sight) -> float:
    """How far the table says whom it is about, from 0 to 1.

    A person's own attributes; or, where the entity has none, a number of the record it refers to.
    """
    if contract.has_person:
        people = sum(
            1.0 if fields[name].table == table.name else BORROWED
            for name in PERSON_BLOCK
            if _sure(fields, name)
        )
        return min(people / 3, 1.0)
    parents = [sight.contracts[field.refers_to] for field in contract.fields if field.refers_to]
    if not parents:
        return 1.0
    shared = {
        field.name
        for field in contract.fields
        if field.type == "text" and any(field.name in parent.by_name for parent in parents)
    }
    return float(any(_sure(fields, name) for name in shared))


def _sure(fields: Mapping[str, FieldDraft], name: str) -> bool:
    return name in fields and fields[name].origin is not None and fields[name].confidence >= 0.6


def why(
    table: SourceTable, entity: str, fields: Mapping[str, FieldDraft], sight: Sight
) -> tuple[Reason, ...]:
    found = sum(field.origin is not None for field in fields.values())
    said = [Reason("table.fields", {"found": found, "all": len(sight.contracts[entity].fields)})]
    if entity in sight.names.subjects(table.name):
        said.insert(0, Reason("table.name", {"table": table.name}))
    return tuple(said)
