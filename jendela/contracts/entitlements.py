"""Who may see what: `mappings/entitlements.yaml`, recipient by recipient and entity by entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from jendela.contracts.agreement_file import read_agreement
from jendela.contracts.deliverables import deliverables

FILE = Path("mappings") / "entitlements.yaml"


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


def load_entitlements(
    root: Path, contracts: Mapping[str, Any], codes: Mapping[str, Any]
) -> dict[tuple[str, str], Entitlement]:
    """Every entitlement, by recipient and entity.

    `root` holds `mappings/`.

    Raises:
        AgreementError: an unknown key, an entity that is never delivered, or a field that it has not.
    """
    file = read_agreement(root / FILE, root)
    loaded = {}
    for recipient, grants in file.parse(_Matrix).root.items():
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
    return loaded
