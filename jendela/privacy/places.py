"""Where a row is at its agency, without the name of a letter's file: such a name may be a person's."""

from __future__ import annotations

from jendela.contracts.mapping import Feed
from jendela.crypto import hash_one
from jendela.store.hub import Hub

DOCUMENTS = "drop"  # mode of the feeds whose files are letters
PURPOSE = "document_name"
DIGITS = 12


def exact(name: str | None, line: int | None) -> str:
    """File and line, as far as the source has them, with the file's own name; for a look that is logged."""
    return " ".join(str(part) for part in (name, line) if part is not None)


def told(hub: Hub, feed: str, name: str | None, line: int | None) -> str:
    """The same for everybody's eyes: a letter's file is `#` and a short keyed hash of its name.

    Files of rows keep their names: an agreed pattern says them, not a clerk. The name of a file whose feed is
    not agreed any more is not told either.
    """
    if name is not None and _may_name_people(hub, feed):
        name = "#" + hash_one(hub.keyring, PURPOSE, name)[:DIGITS]
    return exact(name, line)


def _may_name_people(hub: Hub, feed: str) -> bool:
    office = hub.agreements.offices.get(feed.split(".", maxsplit=1)[0])
    agreed: Feed | None = office.feeds.get(feed) if office is not None else None
    return agreed is None or agreed.source.mode == DOCUMENTS
