"""Artefacts by slices: written as they come and read so, memory does not grow with them.

An artefact may lie *over* another one: of every slice of that it takes some rows, by position, and adds
columns or puts its own in the place of those below. It keeps only what is its own; reading puts them
together. So the changes of a feed are positions in its landing, and accepted rows are positions among the
mapped ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl
import pyarrow as pa

from jendela.crypto import parquet
from jendela.crypto.keyring import Keyring
from jendela.model.receipt import Digest
from jendela.store import coded
from jendela.store.processes import is_abandoned, mark

# Schema metadata: {"path": of the artefact below, "columns": all names in their order}.
OVER = b"jendela.over"
# Of the file: {number of a slice: {own column, null there: the column below that says the same}}.
SAME = b"jendela.same"
Framed = Callable[[pa.Table], pl.DataFrame]
AT = "_at"  # position of the row in the slice below
EMPTIED = "_emptied"  # bit by bit, which of the columns are null here whatever they are below


class SliceWriter:
    """One artefact that grows by slices: whole once the block is left in peace, else not there at all.

    `digest` is there after the block, if the file is `lasting`; else it is soon removed, and need not survive
    a power cut. A thread of its own encodes a slice while the next one is made.
    """

    digest: Digest

    def __init__(
        self, keyring: Keyring, root: Path, path: str, over: str | None = None, *, lasting: bool = True
    ) -> None:
        self._keyring, self._path, self._over, self._lasting = keyring, path, over, lasting
        self._file = root / path
        self._partial = self._file.with_name(f".{self._file.name}.{mark()}.partial")
        self._out: Any = None
        self._schema = pa.schema([])
        self._rows = self._slices = 0
        self._same: dict[int, Mapping[str, str]] = {}
        self._encoder = ThreadPoolExecutor(1, "slices")
        self._encoding: Future[None] | None = None

    def __enter__(self) -> SliceWriter:
        """The writer; what an attempt that was killed left of this file is removed."""
        make_folder(self._file.parent)
        before, after = f".{self._file.name}.", ".partial"
        for left in self._file.parent.glob(f"{before}*{after}"):
            if is_abandoned(left, left.name.removeprefix(before).removesuffix(after)):
                left.unlink(missing_ok=True)
        return self

    def add(
        self,
        frame: pl.DataFrame,
        at: pl.Series | None = None,
        order: Sequence[str] = (),
        emptied: Mapping[str, pl.Series] | None = None,
        same: Mapping[str, str] | None = None,
    ) -> None:
        """The next slice. Over another artefact: `at` are its rows' positions in the slice of the same number
        there, in order, and `order` all column names as they shall be read; `frame` has the artefact's own.
        If `emptied` is given, always, it says of some columns in which rows they are null. `same` names own
        columns which say what a column below says: they are not written, but read from there.
        """
        if same:
            self._same[self._slices] = same
            frame = frame.with_columns(_unsaid(frame[name]) for name in same)
        if at is not None:
            places = at.cast(pl.UInt32).alias(AT).to_frame()
            frame = frame.hstack(places) if frame.width else places
        if emptied is not None:
            bits = pl.lit(0, pl.UInt64)
            for name, rows in emptied.items():
                bits = bits | pl.when(rows).then(pl.lit(1 << order.index(name), pl.UInt64)).otherwise(0)
            frame = frame.with_columns(bits.cast(pl.UInt64).alias(EMPTIED))
        table = coded.to_arrow(frame)
        self.add_table(table, order, coded.kept(table.schema))

    def add_texts(self, table: pa.Table) -> None:
        """The next slice, of text from a source: what repeats itself is kept coded."""
        self.add_table(table, schema=None if self._out is not None else coded.repeating(table))

    def add_table(self, table: pa.Table, order: Sequence[str] = (), schema: pa.Schema | None = None) -> None:
        """The next slice, as an Arrow table of the same columns as the first.

        The file's schema is that of the first slice, if no other is given with it.
        """
        self._settle()
        if self._out is None:
            self._schema = table.schema if schema is None else schema
            if self._over is not None:
                about = json.dumps({"path": self._over, "columns": list(order)}).encode()
                self._schema = self._schema.with_metadata({OVER: about})
            self._out = parquet.writer(
                self._keyring, self._partial, self._path, self._schema, packed=self._lasting
            )
        self._rows += table.num_rows
        self._slices += 1
        self._encoding = self._encoder.submit(self._encode, table)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The file in its place under its name, or nothing of it."""
        with ExitStack() as ends:
            ends.callback(self._partial.unlink, missing_ok=True)
            if self._out is not None:
                ends.callback(self._out.close)
            ends.callback(self._encoder.shutdown)
            if kind is not None:
                return
            self._settle()
            if self._out is not None:
                if self._same:
                    self._out.add_key_value_metadata({SAME: json.dumps(self._same).encode()})
                self._out.close()
            self._keep()

    def _keep(self) -> None:
        if not self._lasting:
            self._partial.replace(self._file)
            return
        with self._partial.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            os.fsync(written.fileno())
        self._partial.replace(self._file)
        sync_folder(self._file.parent)
        self.digest = Digest(self._path, sha256, self._rows)

    def _encode(self, table: pa.Table) -> None:
        # A row group a slice, whatever its size: files over one another are read by slices of one number.
        fitting = coded.fitting(table, self._schema)
        self._out.write_table(fitting, row_group_size=max(table.num_rows, 1))

    def _settle(self) -> None:
        if self._encoding is not None:
            self._encoding.result()
            self._encoding = None


@dataclass(frozen=True)
class Scratch:
    """A file that one step writes, in a block of `writer`, then reads, any number of times."""

    writer: SliceWriter
    slices: Callable[[], Iterator[pl.DataFrame]]


class SliceReader:
    """An artefact open for reading by slices, with all that it lies over."""

    def __init__(self, keyring: Keyring, where: Callable[[str], Path], path: str, stack: ExitStack) -> None:
        self._path = path
        self._file = stack.enter_context(parquet.opened(keyring, where(path), path))
        schema = self._file.schema_arrow
        about = (schema.metadata or {}).get(OVER)
        self._own = [name for name in schema.names if name not in (AT, EMPTIED)]
        self._emptying = EMPTIED in schema.names
        self._below = None
        self.columns = self._own
        if about is not None:
            said = json.loads(about)
            self._below = SliceReader(keyring, where, said["path"], stack)
            self.columns = said["columns"]
        self._schema = schema
        said = json.loads((self._file.metadata.metadata or {}).get(SAME, b"{}"))
        self._same: dict[int, dict[str, str]] = {int(number): names for number, names in said.items()}

    def __len__(self) -> int:
        """The number of slices."""
        return int(self._file.num_row_groups)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self._file.metadata.num_rows)

    def slice(
        self, number: int, columns: Sequence[str] | None = None, at: pl.Series | None = None
    ) -> pl.DataFrame:
        """One slice; of `columns`, or of all; of the rows at these places in it, or of all.

        Raises:
            SealBrokenError: it was changed.
        """
        return self._read(number, columns, at, coded.texts)

    def coded(
        self, number: int, columns: Sequence[str] | None = None, at: pl.Series | None = None
    ) -> pl.DataFrame:
        """The same, with columns that repeat themselves coded (`jendela/store/coded.py`)."""
        return self._read(number, columns, at, coded.from_arrow)

    def _read(
        self, number: int, columns: Sequence[str] | None, at: pl.Series | None, framed: Framed
    ) -> pl.DataFrame:
        wanted = list(self.columns if columns is None else columns)
        same = self._same.get(number, {})
        own = [name for name in wanted if name in self._own and name not in same]
        if self._below is None:
            return _frame(parquet.read_group(self._file, self._path, number, own), at, framed)
        more = [AT, EMPTIED] if self._emptying else [AT]
        mine = _frame(parquet.read_group(self._file, self._path, number, [*own, *more]), at, framed)
        rest = [name for name in wanted if name not in own]
        if not rest:
            return mine.select(wanted)
        chosen = mine[AT] if mine.height < self._below.height(number) else None
        named = {name: same.get(name, name) for name in rest}
        there = list(dict.fromkeys(named.values()))
        under = self._below
        below = under._read(number, there, chosen, framed) if mine.height else under.nothing(there)
        below = below.select(pl.col(said).alias(name) for name, said in named.items())
        whole = pl.concat([mine, below], how="horizontal")
        if self._emptying and (bits := mine[EMPTIED]).max():
            whole = whole.with_columns(self._null(name, bits) for name in rest)
        return whole.select(wanted)

    def in_bytes(self) -> Iterator[pl.DataFrame]:
        """The slices of a file that lies over no other, with keyed hashes as bytes."""
        for number in range(len(self)):
            yield coded.in_bytes(parquet.read_group(self._file, self._path, number))

    def height(self, number: int) -> int:
        """The number of rows of one slice."""
        return int(self._file.metadata.row_group(number).num_rows)

    def _null(self, name: str, bits: pl.Series) -> pl.Expr:
        here = (bits & (1 << self.columns.index(name))) != 0
        return pl.when(~here).then(pl.col(name)).alias(name) if here.any() else pl.col(name)

    def nothing(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """A slice without rows."""
        wanted = list(self.columns if columns is None else columns)
        mine = coded.texts(pa.Table.from_batches([], self._schema))  # the schema's own imports pandas
        rest = [name for name in wanted if name not in self._own]
        if self._below is None or not rest:
            return mine.select(wanted)
        return pl.concat([mine, self._below.nothing(rest)], how="horizontal").select(wanted)

    def all(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Every slice in order; one without rows if there is none, as it carries the columns."""
        for number in range(len(self)):
            yield self.slice(number, columns)
        if not len(self):
            yield self.nothing(columns)


def _unsaid(values: pl.Series) -> pl.Series:
    """A column of as many rows that says nothing; coded if this one is."""
    kind = pl.Enum([]) if isinstance(values.dtype, pl.Enum) else values.dtype
    return pl.Series(values.name, [None], kind).new_from_index(0, len(values))


def _frame(table: pa.Table, at: pl.Series | None, framed: Framed) -> pl.DataFrame:
    few = at is not None and 2 * at.len() < table.num_rows
    frame = framed(table.take(at.to_arrow()) if at is not None and few else table)
    return frame if at is None or few else frame[at]


def make_folder(folder: Path) -> None:
    """The folder and those above it where they are missing; they survive a power cut as their files do."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
