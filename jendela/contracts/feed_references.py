"""What must hold for fields that reach beyond one source value: references, keyed hashes, two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.mapping import FieldFile
from jendela.model.errors import AgreementError

REACHING = ("refers", "keyed", "alike")
PURPOSES = frozenset({"bank_account", "card"})  # of keyed values: hashes of two purposes never compare


def check_reaching(file: AgreementFile, place: Place, field: FieldFile, contract: Any) -> None:
    """A field made by `refers`, `keyed` or `alike` is one that its contract means so."""
    name = str(place[-1])
    if field.via or field.codes or field.when is not None:
        raise file.error(place, name, "refers, keyed and alike go without via, codes and when.")
    if bool(contract.refers_to) != (field.refers is not None):
        raise file.error(place, name, "refers makes a field that refersTo an entity, and nothing else does.")
    if (field.alike != []) != (contract.type == "int"):
        raise file.error(place, name, "alike makes a whole number, refers and keyed make text.")
    if field.alike and len(field.alike) != 2:
        raise file.error([*place, "alike"], name, "alike compares two columns.")
    if not field.alike and not field.key:
        raise file.error(place, name, "needs key: the columns that are hashed, in their agreed order.")
    if field.keyed is not None and field.keyed not in PURPOSES:
        raise file.error([*place, "keyed"], name, f"is hashed for one of {', '.join(sorted(PURPOSES))}.")


def check_referred(contracts: Mapping[str, Any]) -> None:
    """Whoever names nobody refers to an entity that names a person, and to no other.

    Raises:
        AgreementError: a contract does not.
    """
    for contract in contracts.values():
        for name in contract.references:
            entity = contract.by_name[name].refers_to
            if contract.has_person or entity not in contracts or not contracts[entity].has_person:
                problem = "refers from an entity without the person block to one with it."
                raise AgreementError(contract.file, None, name, problem)


def check_references(contracts: Mapping[str, Any], offices: Mapping[str, Any]) -> None:
    """Every reference leads to a feed, by as many columns as its key has, and to the entity agreed.

    Raises:
        AgreementError: one leads elsewhere.
    """
    feeds = {name: feed for office in offices.values() for name, feed in office.feeds.items()}
    for name, feed in feeds.items():
        place = f"mappings/{name.replace('.', '/', 1)}.yaml"
        for entity, mapping in feed.targets.items():
            for made in mapping.fields.values():
                if made.refers is None:
                    continue
                target = feeds.get(made.refers)
                if target is None or len(target.source.key) != len(made.key):
                    problem = (
                        f"refers to {made.refers}, which is no feed with a key of {len(made.key)} columns."
                    )
                    raise AgreementError(place, None, made.name, problem)
                wanted = contracts[entity].by_name[made.name].refers_to
                if wanted not in target.targets:
                    raise AgreementError(place, None, made.name, f"{made.refers} makes no {wanted}.")
