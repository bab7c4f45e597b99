"""Which agency's value is shown when several say something: `mappings/survivorship.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from jendela.contracts.quick_yaml import read_quickly

FILE = Path("mappings") / "survivorship.yaml"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    agencies: list[str]
    default: list[str]
    entities: dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Survivorship:
    """The order of offices, best first, for each field of each entity.

    An order names agencies or offices: an office is ranked by its own name, else by its agency's.
    """

    default: tuple[str, ...]
    entities: Mapping[str, Mapping[str, tuple[str, ...]]]

    def order(self, entity: str, field: str) -> tuple[str, ...]:
        """Who wins for a field: its own order, else that of its entity (`*`), else the default."""
        own = self.entities.get(entity, {})
        return own.get(field) or own.get("*") or self.default

    def ranks(self, entity: str, field: str, offices: Mapping[str, Any]) -> dict[str, int]:
        """The rank of every office (0 wins) for a field; two of the same agency share one."""
        order = {name: rank for rank, name in enumerate(self.order(entity, field))}
        return {
            office: order.get(office, order.get(known.agency, len(order)))
            for office, known in offices.items()
        }


def load_survivorship(root: Path, contracts: Mapping[str, Any], offices: Mapping[str, Any]) -> Survivorship:
    """The orders agreed in `root`.

    Raises:
        AgreementError: an entity, field or agency is unknown, or an order leaves an agency out.
    """
    file = read_quickly(root / FILE, root)
    raw = file.parse(_File)
    agencies = {office.agency for office in offices.values()}
    if unknown := sorted(set(raw.agencies) ^ agencies):
        raise file.error(["agencies"], unknown[0], "must be named here if and only if it has an office.")

    def ordered(place: Sequence[str | int], names: list[str]) -> tuple[str, ...]:
        for position, name in enumerate(names):
            if name not in agencies and name not in offices:
                raise file.error([*place, position], name, "is neither an agency nor an office.")
        if missing := sorted(agencies - set(names)):
            raise file.error(place, missing[0], "has no place in this order.")
        return tuple(names)

    entities: dict[str, dict[str, tuple[str, ...]]] = {}
    for entity, fields in raw.entities.items():
        if entity not in contracts:
            raise file.error(["entities", entity], entity, "is not an entity.")
        known = {field.name for field in contracts[entity].fields}
        for field, names in fields.items():
            place = ["entities", entity, field]
            if field != "*" and field not in known:
                raise file.error(place, field, f"is not in the contract of {entity}.")
            entities.setdefault(entity, {})[field] = ordered(place, names)
    return Survivorship(ordered(["default"], raw.default), entities)
