"""What steps hand to each other and what was pulled: encrypted Parquet files below the state folder.

A file appears whole or not at all, and its digest is of the bytes on disk: what the ledger commits to.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from jendela.crypto.keyring import Keyring
from jendela.model.receipt import Digest, Night
from jendela.store.slices import Scratch, SliceReader, SliceWriter, sync_folder


@dataclass(frozen=True)
class Artefacts:
    """The files below `root`; in a dry run that is a scratch folder, over the real one `beneath`."""

    root: Path
    keyring: Keyring
    beneath: Path | None = None

    def write(self, night: Night, step: str, name: str, frame: pl.DataFrame) -> Digest:
        """The digest of the frame written as one file of this step, instead of an earlier attempt's."""
        with self.writer(night, step, name) as out:
            out.add(frame)
        return out.digest

    def writer(self, night: Night, step: str, name: str, over: str | None = None) -> SliceWriter:
        """A file of this step that is written by slices; over the artefact at the path `over`, if any.

        At least one slice must come, of no rows where there are none: it carries the columns.
        """
        return SliceWriter(self.keyring, self.root, artefact_path(night, step, name), over)

    def read(self, night: Night, step: str, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The frame that `write` was given, or all slices of it.

        Raises:
            FileNotFoundError: the step did not write it.
            SealBrokenError: the file was changed or moved, or its key is not configured.
        """
        return self._get(artefact_path(night, step, name), columns)

    def slices(
        self, night: Night, step: str, name: str, columns: Sequence[str] | None = None
    ) -> Iterator[pl.DataFrame]:
        """The slices of a file in order, at least one; errors as `read`."""
        with self.reader(night, step, name) as found:
            yield from found.all(columns)

    @contextmanager
    def reader(self, night: Night, step: str, name: str) -> Iterator[SliceReader]:
        """A file open to be read by the numbers of its slices; errors as `read`."""
        with ExitStack() as stack:
            yield SliceReader(self.keyring, self._where, artefact_path(night, step, name), stack)

    @contextmanager
    def scratch(self, night: Night, step: str, name: str) -> Iterator[Scratch]:
        """A file of this step for what does not fit into memory: written once, read, gone afterwards.

        Keyed hashes are bytes when they are written, and bytes when they are read.
        """
        path = artefact_path(night, step, name)
        writer = SliceWriter(self.keyring, self.root, path, lasting=False)
        try:
            yield Scratch(writer, lambda: self._in_bytes(night, step, name))
        finally:
            (self.root / path).unlink(missing_ok=True)

    def _in_bytes(self, night: Night, step: str, name: str) -> Iterator[pl.DataFrame]:
        with self.reader(night, step, name) as found:
            yield from found.in_bytes()

    def exists(self, night: Night, step: str, name: str) -> bool:
        """True when the step wrote such a file this night."""
        return self._where(artefact_path(night, step, name)).exists()

    def land(self, night: Night, office: str, feed: str, tables: Iterable[pa.Table]) -> Digest:
        """The digest of the tables written to one landing file as they come, one in memory at a time.

        There must be at least one table, of no rows where the feed was empty: it carries the columns.
        """
        with SliceWriter(self.keyring, self.root, landing_path(night, office, feed)) as out:
            for table in tables:
                out.add_texts(table)
        return out.digest

    def landing_slices(self, path: str) -> Iterator[pl.DataFrame]:
        """The slices of a landing file in order; errors as `read_landing`."""
        with ExitStack() as stack:
            yield from SliceReader(self.keyring, self._where, path, stack).all()

    def read_landing(self, path: str) -> pl.DataFrame:
        """The rows of a landing file, by the path in its digest.

        Raises:
            FileNotFoundError: it is past its retention, or was never written.
            SealBrokenError: it was changed or moved, or its key is not configured.
        """
        return self._get(path)

    def _get(self, path: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        with ExitStack() as stack:
            return pl.concat(SliceReader(self.keyring, self._where, path, stack).all(columns))

    def _where(self, path: str) -> Path:
        own = self.root / path
        return own if self.beneath is None or own.exists() else self.beneath / path


def landing_path(night: Night, office: str, feed: str) -> str:
    """Where a feed's landing lies, relative to the state folder."""
    return f"landing/{night.label}/{office}/{feed}.parquet"


def gone_name(feed: str) -> str:
    """The name under which, beside its landing, lie the records that a sweep of its keys found gone."""
    return f"{feed}.gone"


def gone_path(landing: str) -> str:
    """Where that lies, by the path of the landing."""
    return landing.removesuffix(".parquet") + ".gone.parquet"


def artefact_path(night: Night, step: str, name: str) -> str:
    """Where a step's file lies, relative to the state folder."""
    return f"nights/{night.label}/{step}/{name}.parquet"


def write_whole(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a small file whole or not at all, replacing what was there, and make it last."""
    partial = file.with_name(f".{file.name}.{uuid.uuid4().hex}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    sync_folder(file.parent)
