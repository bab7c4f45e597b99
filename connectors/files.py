"""An agency that exports CSV files into a folder (or any fsspec URL), each a complete snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pyarrow as pa

from connectors import folder_inbox
from connectors.csv_rows import rows_of
from connectors.folder import Folder, Found
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.ports import Document, FeedSource, Outgoing, Window

SLICE = 50_000


class FilesConnector:
    """One agency's export folder, or the inbox folder that it keeps for us."""

    def __init__(self, office: str, url: str) -> None:
        self.office = office
        self._folder = Folder(office, url)

    def check(self, source: FeedSource) -> None:
        """Nothing, if the files are there, whole, in the agreed encoding and with the agreed header."""
        for file in self._snapshot(source):
            rows_of(source, file)

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """All rows of the snapshot, whatever the window, with `_name`, `_row`, `_problem`, `_fields` beside.

        The schema's metadata says under `jendela` which files were read (name, bytes, sha256) and which of
        their columns nobody agreed. Memory is bounded by the largest file.
        """
        for file in self._snapshot(source):
            table, others = rows_of(source, file)
            names = pa.array([file.name]).take(pa.repeat(pa.scalar(0), table.num_rows))
            about = {
                "files": [{"name": file.name, "bytes": len(file.content), "sha256": file.sha256}],
                "extra_columns": others,
            }
            table = table.append_column("_name", names).replace_schema_metadata(
                {"jendela": json.dumps(about)}
            )
            for start in range(0, max(table.num_rows, 1), SLICE):
                yield table.slice(start, SLICE)

    def keys(self, source: FeedSource) -> pa.Table:
        """The keys of the snapshot's rows that could be told apart."""
        parts = [rows_of(source, file)[0] for file in self._snapshot(source)]
        return pa.concat_tables(
            [part.filter(part["_problem"].is_null()).select(list(source.key)) for part in parts]
        )

    def high_watermark(self, source: FeedSource) -> str | None:
        """None: a snapshot has no watermark."""
        return None

    def documents(self, source: FeedSource, seen: frozenset[tuple[str, str]]) -> Iterator[Document]:
        """The finished files that match the feed's path and are not in `seen`, in name order."""
        for name in self._folder.names(source.feed, _pattern(source)):
            file = self._folder.read(source.feed, name)
            if file is not None and (file.name, file.sha256) not in seen:
                yield Document(file.name, file.content)

    def deliver(self, outgoing: Outgoing, rows: pa.Table) -> int:
        """How many rows were new to the files of this delivery that are still in the inbox."""
        return folder_inbox.put(self._folder, outgoing, rows)

    def announce(self, outgoing: Outgoing, night: str, rows: int) -> None:
        """Write the announcement file of this delivery and night, after the rows."""
        folder_inbox.announce(self._folder, outgoing, night, rows)

    def acknowledgements(self, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
        """What the agency answered in its `.ack.csv` files."""
        return folder_inbox.acknowledgements(self._folder, outgoing, delivery_ids)

    def _snapshot(self, source: FeedSource) -> Iterator[Found]:
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
                "Set options.take to `last` (the last in name order) or `all` in the mapping.",
            )
        for name in names if take == "all" else names[-1:]:
            file = self._folder.read(source.feed, name)
            if file is None:
                raise UnreachableError(
                    self.office, source.feed, f"{name} is still being written.", "It is tried again."
                )
            yield file


def _pattern(source: FeedSource) -> str:
    if source.path:
        return source.path
    raise UnusableFeedError(source.office, source.feed, "It has no path.", "Give its mapping a `path`.")
