"""Who may see what: `mappings/entitlements.yaml`, recipient by recipient and entity by entity.

`dinas.*.hi` says it once for that desk of every labour office; an entry of one office's own takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from jendela.contracts.deliverables import deliverables
from jendela.contracts.quick_yaml import read_quickly

FILE = Path("mappings") / "entitlements.yaml"
EVERY = "*"
_DESK_EVERYWHERE = re.compile(r"[a-z][a-z0-9]*\.\*\.[a-z0-9]+")


class _Grant(BaseModel):
    model_config = ConfigDict(extra="forbid")
    purpose: str
    legal_basis: str
    fields: list[str]
    if_copied: list[str] = []


class _Matrix(RootModel[dict[str, dict[str, _Grant]]]):
    pass


@dataclass(frozen=True)
class Entitlement:
    """The fields of one entity that one recipient may see, for one purpose.

    `if_copied` are seen only in a letter that is copied to that office (the amounts).
    """

    recipient: str
    entity: str
    purpose: str
    legal_basis: str
    fields: frozenset[str]
    if_copied: frozenset[str]

    @property
    def visible(self) -> frozenset[str]:
        """Every field that the recipient can be given in some case."""
        return self.fields | self.if_copied


@dataclass(frozen=True)
class Entitlements:
    """All that was granted, by recipient (or the desk of every office, `dinas.*.hi`) and entity."""

    granted: Mapping[tuple[str, str], Entitlement]

    def of(self, recipient: str, entity: str) -> Entitlement | None:
        """What the recipient may see of the entity: by its own entry, else by that of its desk everywhere."""
        agency, *rest = recipient.split(".")
        found = self.granted.get((recipient, entity))
        if found is None and rest:
            found = self.granted.get((f"{agency}.{EVERY}.{rest[-1]}", entity))
        return replace(found, recipient=recipient) if found else None


def load_entitlements(root: Path, contracts: Mapping[str, Any], codes: Mapping[str, Any]) -> Entitlements:
    """Every entitlement in `root`, which holds `mappings/`.

    Raises:
        AgreementError: an unknown key, an entity that is never delivered, a field that it has not, or a `*`
            that is not the office of a desk.
    """
    file = read_quickly(root / FILE, root)
    loaded = {}
    for recipient, grants in file.parse(_Matrix).root.items():
        if EVERY in recipient and not _DESK_EVERYWHERE.fullmatch(recipient):
            raise file.error([recipient], recipient, "may have * for the office only, as in dinas.*.hi.")
        for entity, grant in grants.items():
            place: list[str | int] = [recipient, entity]
            known = deliverables(entity, contracts, codes)
            if known is None:
                raise file.error(place, entity, "is not something that the hub delivers.")
            for key, names in (("fields", grant.fields), ("if_copied", grant.if_copied)):
                for index, name in enumerate(names):
                    if name not in known:
                        raise file.error([*place, key, index], name, f"is not a field of {entity}.")
            loaded[recipient, entity] = Entitlement(
                recipient=recipient,
                entity=entity,
                purpose=grant.purpose,
                legal_basis=grant.legal_basis,
                fields=frozenset(grant.fields),
                if_copied=frozenset(grant.if_copied),
            )
    return Entitlements(loaded)
