"""How the hub reaches the demo agencies: `connections.env`, and the inboxes the agencies have set up for
it."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

OFFLINE = "postgresql+psycopg://jendela@127.0.0.1:59731/disnaker_mks?connect_timeout=2"
"""Nothing listens there: the office of Kota Makassar is configured and out of reach."""

INBOXES = {"bpjs": "bpjs/inbox.sqlite", "kemnaker": "kemnaker/inbox.sqlite"}


def connections(folder: Path) -> dict[str, str]:
    """The URL of every connection, by the name the office files call it."""
    here = folder.resolve()
    return {
        "BPJS": f"sqlite:///{here / 'bpjs/smile.sqlite'}",
        "BPJS_INBOX": f"sqlite:///{here / INBOXES['bpjs']}",
        "KEMNAKER": f"sqlite:///{here / 'kemnaker/pusat.sqlite'}",
        "KEMNAKER_INBOX": f"sqlite:///{here / INBOXES['kemnaker']}",
        "DINAS_3215": (here / "dinas_3215/keluar").as_uri(),
        "DINAS_3215_INBOX": (here / "dinas_3215/masuk").as_uri(),
        "DINAS_6471": (here / "dinas_6471/keluar").as_uri(),
        "DINAS_6471_INBOX": (here / "dinas_6471/masuk").as_uri(),
        "DINAS_7371": OFFLINE,
        "DINAS_7371_INBOX": OFFLINE,
    }


def write_connections(folder: Path) -> None:
    """Writes `connections.env`."""
    lines = [f"JENDELA_CONN_{name}={url}" for name, url in connections(folder).items()]
    (folder / "connections.env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_inboxes(folder: Path) -> None:
    """Creates the inboxes: databases from the DDL shipped with the mappings, and folders."""
    for agency, place in INBOXES.items():
        ddl = files("mappings") / agency / "inbox.sql"
        connection = sqlite3.connect(folder / place)
        if ddl.is_file():
            connection.executescript(ddl.read_text(encoding="utf-8"))
        connection.close()
    for office in ("dinas_3215", "dinas_6471"):
        (folder / office / "masuk").mkdir(parents=True, exist_ok=True)
