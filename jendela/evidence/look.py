"""A person looks at people's data: the ledger knows who, when and at what, before anything is shown."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from jendela.evidence import ledger
from jendela.model.errors import WrongUseError


def named(who: str) -> str:
    """The name as it is kept: one space between words.

    Raises:
        WrongUseError: nobody is named.
    """
    name = " ".join(who.split())
    if not name:
        raise WrongUseError("Say who you are: --by NAME (or JENDELA_USER).")
    return name


def log(conn: Connection, who: str, now: datetime, **at: str | int) -> None:
    """Append the entry `view`: `at` names what is looked at, by ids and digests.

    Raises:
        WrongUseError: nobody is named.
    """
    ledger.append(conn, "view", {**at, "who": named(who), "at": now.astimezone(UTC).isoformat()})
