"""What is past its time goes: what landed, the files of the steps that lie over it, and what held rows said.

The ledger says so in the closing transaction, and only then is anything removed: an auditor who misses a file
finds who took it, and when. Reports, deliveries, counts and the evidence itself stay.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from jendela.close import held_rows
from jendela.evidence import ledger
from jendela.model.receipt import Night, parse_label
from jendela.store.artefacts import gone_path
from jendela.store.batches import WAITING, unsettled
from jendela.store.hub import Hub
from jendela.store.tables import batch

LANDING, NIGHTS = "landing", "nights"
OVER_LANDING = ("pull", "map", "validate")  # unreadable without the landing, and of the same people


def declare(conn: Connection, hub: Hub, night: Night) -> list[str]:
    """What `remove` is to remove once the night is closed, logged: files and whole folders of the state. Held
    rows past their time are emptied at once, as rows of the same transaction.

    Of nights more than `landing_days` before this one. A batch that waits for a decision, or to be taken
    after one, keeps what landed. What an earlier close declared and did not get to remove is declared again.
    """
    if hub.dry_run:
        return []
    past = _past(hub.state, night, hub.settings.landing_days, _waiting(conn))
    said: dict[str, Any] = {"removed": past} if past else {}
    if (emptied := held_rows.empty(conn, hub, night)) is not None:
        said["held_rows"] = emptied
    if said:
        ledger.append(conn, "retention", said)
    return past


def remove(state: Path, declared: list[str]) -> None:
    """Remove what was declared; called after the transaction that logged it."""
    for path in (state / name for name in declared):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _waiting(conn: Connection) -> frozenset[str]:
    """Landing files of halted and released batches that no later batch of the feed settled.

    And what a sweep found gone, beside them.
    """
    query = select(batch.c.landing).where(batch.c.state.in_(WAITING), unsettled())
    return frozenset(
        path for landing in conn.execute(query).scalars() for path in (landing, gone_path(landing))
    )


def _past(state: Path, night: Night, days: int, waiting: frozenset[str]) -> list[str]:
    last = night.day - timedelta(days=days)
    found: list[str] = []
    for folder in _folders(state / LANDING):
        if parse_label(folder.name)[0] >= last:
            continue
        files = [file.relative_to(state).as_posix() for file in sorted(folder.rglob("*")) if file.is_file()]
        kept = waiting.intersection(files)
        found += [name for name in files if name not in kept] if kept else [f"{LANDING}/{folder.name}"]
    for folder in _folders(state / NIGHTS):
        if parse_label(folder.name)[0] < last:
            there = (step for step in OVER_LANDING if (folder / step).is_dir())
            found += [f"{NIGHTS}/{folder.name}/{step}" for step in there]
    return found


def _folders(top: Path) -> list[Path]:
    """The folders of nights; what else lies there is none of ours, and `verify` tells of it."""
    found = []
    for folder in sorted(top.iterdir()) if top.is_dir() else ():
        try:
            parse_label(folder.name)
        except ValueError:
            continue
        if folder.is_dir() and not folder.is_symlink():
            found.append(folder)
    return found
