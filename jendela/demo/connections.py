"""How the hub reaches the demo agencies: `connections.env`, and the inboxes they have set up for it."""

from __future__ import annotations

from pathlib import Path

from jendela.demo.country import FIRST, OFFLINE, Country
from jendela.demo.shelves.inboxes import TableInbox
from jendela.store.artefacts import write_whole

NOBODY = "postgresql+psycopg://jendela@127.0.0.1:59731/disnaker_mks?connect_timeout=2"
"""Nothing listens there: the office of Kota Makassar is configured and out of reach."""

INBOXES = {"bpjs": TableInbox("bpjs"), "kemnaker": TableInbox("kemnaker")}


def connections(folder: Path, place: Country = FIRST) -> dict[str, str]:
    """The URL of every connection, by the name the office files call it."""
    here = folder.resolve()
    found = {
        "BPJS": f"sqlite:///{here / 'bpjs/smile.sqlite'}",
        "BPJS_INBOX": INBOXES["bpjs"].url(here),
        "KEMNAKER": f"sqlite:///{here / 'kemnaker/pusat.sqlite'}",
        "KEMNAKER_INBOX": INBOXES["kemnaker"].url(here),
    }
    for house in place.houses:
        name = house.agency.upper()
        found |= {name: house.shelf.url(here), f"{name}_INBOX": house.inbox.url(here)}
    return {**found, OFFLINE.upper(): NOBODY, f"{OFFLINE.upper()}_INBOX": NOBODY}


def write_connections(folder: Path, place: Country = FIRST) -> None:
    """Writes `connections.env`, which holds passwords: for its owner alone."""
    # A shell that reads the file ends a word at &; a URL has no apostrophe of its own.
    lines = [
        f"JENDELA_CONN_{name}=" + (f"'{url}'" if "&" in url else url)
        for name, url in connections(folder, place).items()
    ]
    write_whole(folder / "connections.env", ("\n".join(lines) + "\n").encode(), mode=0o600)


def make_inboxes(folder: Path, place: Country = FIRST) -> None:
    """Creates the inboxes: databases from the DDL shipped with the mappings, and folders."""
    for inbox in (*INBOXES.values(), *(house.inbox for house in place.houses)):
        inbox.make(folder)
