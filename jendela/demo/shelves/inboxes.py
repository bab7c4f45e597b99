"""Where Jendela puts what it has for an office: a folder of files, or the tables of a database."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from jendela.demo.served import servers


@dataclass(frozen=True)
class FolderInbox:
    """A folder; what is put there has this delimiter and encoding, and so has the answer."""

    agency: str
    delimiter: str = ";"
    encoding: str = "utf-8"
    ending: Literal["csv", "xlsx", "parquet"] = "csv"
    server: Literal["", "sftp"] = ""

    def make(self, folder: Path) -> None:
        """The empty folder."""
        self.place(folder).mkdir(parents=True, exist_ok=True)

    def place(self, folder: Path) -> Path:
        """The folder on this machine."""
        return folder / self.agency / "masuk"

    def url(self, folder: Path) -> str:
        """What the hub's writing connection is given."""
        if self.server:
            return servers(folder).sftp("masuk")
        return self.place(folder.resolve()).as_uri()


@dataclass(frozen=True)
class TableInbox:
    """A database of its own, made from the DDL that is shipped with the office's mapping."""

    agency: str
    file: str = "inbox.sqlite"
    server: Literal["", "rest"] = ""

    def make(self, folder: Path) -> None:
        """The database with its empty tables."""
        self.place(folder).parent.mkdir(parents=True, exist_ok=True)
        if self.server:  # what is behind the interface makes its own tables
            return
        connection = sqlite3.connect(self.place(folder))
        ddl = files("mappings") / self.agency / "inbox.sql"
        connection.executescript(ddl.read_text(encoding="utf-8"))
        connection.close()

    def place(self, folder: Path) -> Path:
        """The database file."""
        return folder / self.agency / self.file

    def url(self, folder: Path) -> str:
        """What the hub's writing connection is given."""
        return servers(folder).rest() if self.server else f"sqlite:///{self.place(folder.resolve())}"
