"""What steps hand to each other and what was pulled: encrypted Parquet files below the state folder.

A file appears whole or not at all, and its digest is of the bytes on disk: what the ledger commits to.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from jendela.crypto import parquet
from jendela.crypto.keyring import Keyring
from jendela.model.receipt import Digest, Night


@dataclass(frozen=True)
class Artefacts:
    """The files below `root`; in a dry run that is a scratch folder, over the real one `beneath`."""

    root: Path
    keyring: Keyring
    beneath: Path | None = None

    def write(self, night: Night, step: str, name: str, frame: pl.DataFrame) -> Digest:
        """The digest of the frame written as one file of this step, in place of an earlier attempt's."""
        table = frame.to_arrow()
        return self._put(artefact_path(night, step, name), table.schema, [table])

    def read(self, night: Night, step: str, name: str) -> pl.DataFrame:
        """The frame that `write` was given.

        Raises:
            FileNotFoundError: the step did not write it.
            SealBrokenError: the file was changed or moved, or its key is not configured.
        """
        return self._get(artefact_path(night, step, name))

    def exists(self, night: Night, step: str, name: str) -> bool:
        """True when the step wrote such a file this night."""
        return self._where(artefact_path(night, step, name)).exists()

    def land(self, night: Night, office: str, feed: str, tables: Iterable[pa.Table]) -> Digest:
        """The digest of the tables written to one landing file as they come, one in memory at a time.

        There must be at least one table, of no rows where the feed was empty: it carries the columns.
        """
        path = f"landing/{night.label}/{office}/{feed}.parquet"
        parts = iter(tables)
        first = next(parts)
        return self._put(path, first.schema, _chained(first, parts))

    def read_landing(self, path: str) -> pl.DataFrame:
        """The rows of a landing file, by the path in its digest.

        Raises:
            FileNotFoundError: it is past its retention, or was never written.
            SealBrokenError: it was changed or moved, or its key is not configured.
        """
        return self._get(path)

    def _put(self, path: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> Digest:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
        rows = 0
        for left in file.parent.glob(f".{file.name}.*.partial"):  # by an attempt that was killed
            left.unlink(missing_ok=True)
        try:
            with parquet.writer(self.keyring, partial, path, schema) as out:
                for table in tables:
                    out.write_table(table.cast(schema))
                    rows += table.num_rows
            with partial.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
                os.fsync(written.fileno())
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(file.parent)
        return Digest(path, digest, rows)

    def _get(self, path: str) -> pl.DataFrame:
        frame = pl.from_arrow(parquet.read_table(self.keyring, self._where(path), path))
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
        return frame

    def _where(self, path: str) -> Path:
        own = self.root / path
        return own if self.beneath is None or own.exists() else self.beneath / path


def artefact_path(night: Night, step: str, name: str) -> str:
    """Where a step's file lies, relative to the state folder."""
    return f"nights/{night.label}/{step}/{name}.parquet"


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a small file whole or not at all, replacing what was there, and make it last."""
    partial = file.with_name(f".{file.name}.{uuid.uuid4().hex}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    sync_folder(file.parent)


def _chained(first: pa.Table, rest: Iterable[pa.Table]) -> Iterable[pa.Table]:
    yield first
    yield from rest
