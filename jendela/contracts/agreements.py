"""Everything the agencies agreed, read once and strictly: contracts, codes, offices, feeds, deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from jendela.contracts.codes import CodeList, load_codes
from jendela.contracts.delivery import DeliverySpec, load_deliveries
from jendela.contracts.dictionary import load_dictionary
from jendela.contracts.feed_checks import Agreed, check
from jendela.contracts.feed_references import check_references, check_referred
from jendela.contracts.mapping import Feed, build_feed, read_feed
from jendela.contracts.odcs import Contract, load_contracts
from jendela.contracts.office import Office, load_office
from jendela.contracts.refusals import KINDS, Refusals, load_refusals
from jendela.contracts.survivorship import Survivorship, load_survivorship
from jendela.model.errors import AgreementError


@dataclass(frozen=True)
class Agreements:
    """All agreements of `folder`. `recipients` gives each one's office, `digest` the SHA-256 of all files.

    `places` is the folder of each office: below `mappings/`, or wherever the configuration says.
    """

    folder: Path
    contracts: Mapping[str, Contract]
    codes: Mapping[str, CodeList]
    offices: Mapping[str, Office]
    recipients: Mapping[str, str]
    survivorship: Survivorship
    digest: str
    refusals: Refusals
    places: Mapping[str, Path] = field(default_factory=dict)

    def feed(self, name: str) -> Feed:
        """The feed of that full name, e.g. bpjs.tk_kepesertaan."""
        return self.offices[name.split(".", maxsplit=1)[0]].feeds[name]


def load_agreements(
    folder: Path | None = None, further: Sequence[Path] = (), served: Collection[str] | None = None
) -> Agreements:
    """The agreements in `folder` (it holds `schemas/` and `mappings/`); without one, the installed ones.

    `further` are folders of more offices, laid out as `mappings/`, or of one office alone. Every office is
    known; with `served`, only these have their feeds and deliveries read: a night of a hub that serves five
    offices neither waits for the mappings of five hundred others nor trips over them.

    Raises:
        AgreementError: something is missing, misspelt or contradicts another file; the file, line and field
            are named.
    """
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    contracts, codes = load_contracts(root), load_codes(root)
    check_referred(contracts)
    deliveries = load_deliveries(root, contracts, codes, further, served)
    paths = _office_files(root, further)
    offices = {
        name: load_office(path, path.parents[2], codes[KINDS].codes)
        if served is not None and name not in served
        else _load_office(path, path.parents[2], contracts, codes, deliveries)
        for name, path in paths.items()
    }
    if not offices:
        raise AgreementError("mappings", None, "office.yaml", "no office is agreed here.")
    if unknown := sorted(set(served or ()) - set(offices)):
        problem = "is to be served, but has no office.yaml in a folder of that name."
        raise AgreementError("mappings", None, unknown[0], problem)
    check_references(contracts, offices)
    recipients: dict[str, str] = {}
    for office in offices.values():
        for recipient in office.recipients:
            if recipient in recipients:
                name = f"mappings/{office.id}/office.yaml"
                raise AgreementError(name, None, recipient, f"is a recipient of {recipients[recipient]} too.")
            recipients[recipient] = office.id
    return Agreements(
        folder=root,
        contracts=contracts,
        codes=codes,
        offices=offices,
        recipients=recipients,
        survivorship=load_survivorship(root, contracts, offices),
        digest=_digest(root, further),
        refusals=load_refusals(root, codes),
        places={name: path.parent for name, path in paths.items()},
    )


def _office_files(root: Path, further: Sequence[Path]) -> dict[str, Path]:
    """The `office.yaml` of every office by its name; a name is given once."""
    found: dict[str, Path] = {}
    for place in (root / "mappings", *further):
        if not place.is_dir():
            raise AgreementError(
                place.name, None, "folder", "is not there: correct `mappings` in the configuration."
            )
        alone = place / "office.yaml"
        for path in [alone] if alone.is_file() else sorted(place.glob("*/office.yaml")):
            if path.parent.name in found:
                name = f"{place.name}/{path.parent.name}"
                raise AgreementError(name, None, path.parent.name, "is the name of another office too.")
            found[path.parent.name] = path
    return found


def _load_office(
    path: Path,
    root: Path,
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    deliveries: Mapping[str, list[DeliverySpec]],
) -> Office:
    office = load_office(path, root, codes[KINDS].codes)
    dictionary = load_dictionary(path.parent / "dictionary.csv", root)
    agreed = Agreed(office.transport, contracts, codes, dictionary)
    feeds = {}
    for feed_path in sorted(path.parent.glob("*.yaml")):
        if feed_path.name == "office.yaml" or feed_path.name.startswith("deliver_"):
            continue
        file, raw = read_feed(feed_path, root)
        if raw.feed != f"{office.id}.{feed_path.stem}":
            raise file.error(["feed"], "feed", f"must be {office.id}.{feed_path.stem}, as the file is named.")
        feeds[raw.feed] = build_feed(file, raw, office.id, check(file, raw, agreed))
    own = {delivery.key: delivery for delivery in deliveries.get(office.id, ())}
    return replace(office, feeds=feeds, deliveries=own)


def _digest(root: Path, further: Sequence[Path]) -> str:
    """The SHA-256 over the names and bytes of all agreement files, in order of name."""
    total = hashlib.sha256()
    places = [
        (root, root / "schemas"),
        (root, root / "mappings"),
        *((place.parent, place) for place in further),
    ]
    found = [(path, above) for above, place in places for path in place.rglob("*") if path.is_file()]
    for path, above in sorted(found):
        if path.suffix not in (".py", ".pyc"):
            total.update(path.relative_to(above).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
