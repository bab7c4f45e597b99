"""An agency that exports files into a folder (or any fsspec URL), each a complete snapshot."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from typing import Any

import pyarrow as pa

from connectors import folder_inbox, formats
from connectors.folder import Folder
from connectors.found import Found, Stream
from connectors.reading import Reading
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.file_names import UnorderedError, last_of
from jendela.model.ports import Document, FeedSource, Outgoing, Window


class FilesConnector:
    """One agency's export folder, or the inbox folder that it keeps for us."""

    def __init__(self, office: str, url: str) -> None:
        self.office = office
        self._folder = Folder(office, url)

    def check(self, source: FeedSource) -> None:
        """Nothing, if the files are there, whole, in the agreed form and with the agreed columns."""
        self.stated(source)

    def stated(self, source: FeedSource) -> list[dict[str, Any]]:
        """What the files say of themselves: name, bytes, sha256, the dialect found, rows left out and why.

        Reads them whole; errors as in `pull`.
        """
        told = []
        for file in self._snapshot(source):
            reading = formats.read(source, file)
            for _ in reading.tables:
                pass
            told.append({**_named(file), **reading.stated})
        return told

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """All rows of the snapshot, whatever the window, with `_name`, `_row`, `_problem`, `_fields` beside.

        The metadata of each file's last table says under `jendela` which file was read (name, bytes, sha256),
        how (`dialect`), which rows were left out (`skipped`) and which columns nobody agreed. Memory is
        bounded by some blocks of a text, and by the largest file of another format.
        """
        for file in self._snapshot(source):
            reading = formats.read(source, file)
            last: pa.Table | None = None
            for table in reading.tables:
                if last is not None:
                    yield last
                last = table.append_column("_name", pa.array([file.name] * table.num_rows, pa.string()))
            if last is not None:
                yield last.replace_schema_metadata({"jendela": json.dumps(_about(file, reading))})

    def keys(self, source: FeedSource) -> pa.Table:
        """The keys of the snapshot's rows that could be told apart."""
        return pa.concat_tables(
            [
                table.filter(table["_problem"].is_null()).select(list(source.key))
                for file in self._snapshot(source)
                for table in formats.read(source, file).tables
            ]
        )

    def high_watermark(self, source: FeedSource) -> str | None:
        """None: a snapshot has no watermark."""
        return None

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """The finished files that match the feed's path and are not in `seen`, in name order."""
        for file in self._folder.all_finished(source.feed, _pattern(source)):
            if (file.name, file.sha256) not in seen:
                yield Document(file.name, file.content)

    def deliver(self, outgoing: Outgoing, rows: pa.Table) -> int:
        """How many rows were new to the files of this delivery that are still in the inbox."""
        return folder_inbox.put(self._folder, outgoing, rows)

    def announce(self, outgoing: Outgoing, night: str, rows: int) -> None:
        """Write the announcement file of this delivery and night, after the rows."""
        folder_inbox.announce(self._folder, outgoing, night, rows)

    def acknowledgements(self, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
        """What the agency answered in its `.ack` files: all of it, whatever was asked for."""
        return folder_inbox.acknowledgements(self._folder, outgoing)

    def _snapshot(self, source: FeedSource) -> Iterator[Found | Stream]:
        pattern = _pattern(source)
        names = self._folder.names(source.feed, pattern)
        take = source.options.get("take")
        if not names:
            raise UnreachableError(
                self.office,
                source.feed,
                f"No finished file {pattern} is in the folder: no data tonight, which is not zero rows.",
                "It is looked for again; if it stays away, ask the agency for its export.",
            )
        if len(names) > 1 and take not in ("last", "all"):
            raise UnusableFeedError(
                self.office,
                source.feed,
                f"{len(names)} files match {pattern}, and the mapping does not say which make the snapshot.",
                "Set options.take to `last` or `all` in the mapping.",
            )
        by_blocks = source.options.get("format", formats.DEFAULT) in formats.BY_BLOCKS
        read = self._folder.streamed if by_blocks else self._folder.finished
        for name in names if take == "all" else [self._last(source, pattern, names)]:
            file = read(source.feed, name)
            if file is None:
                raise UnreachableError(
                    self.office, source.feed, f"{name} is still being written.", "It is tried again."
                )
            yield file

    def _last(self, source: FeedSource, pattern: str, names: list[str]) -> str:
        try:
            return last_of(names, source.options.get("named"))
        except UnorderedError as error:
            raise UnusableFeedError(
                self.office,
                source.feed,
                f"{len(names)} files match {pattern}, and which is the last their names do not say: "
                f"{error.reason}.",
                "Agree how names say their day, and write it in options.named of the mapping: "
                '"{DD}-{MM}-{YYYY}", "{BULAN} {YYYY}[ rev{N}]"; or let only one of them stay in the folder.',
            ) from None


def _named(file: Found | Stream) -> dict[str, Any]:
    return {"name": file.name, "bytes": file.size, "sha256": file.sha256}


def _about(file: Found | Stream, reading: Reading) -> dict[str, Any]:
    return {"files": [{**_named(file), **reading.stated}], "extra_columns": reading.others}


def _pattern(source: FeedSource) -> str:
    if source.path:
        return source.path
    raise UnusableFeedError(source.office, source.feed, "It has no path.", "Give its mapping a `path`.")
