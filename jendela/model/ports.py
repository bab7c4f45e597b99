"""The ports: what the core asks of a connector. Transports live in `connectors/`, offices are values."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa


@dataclass(frozen=True)
class Window:
    """What a delta or append feed is asked for: watermark values in `[low, high)`; None is unbounded."""

    low: str | None
    high: str | None


@dataclass(frozen=True)
class FeedSource:
    """Where a feed is found at the agency.

    `mode` is delta, snapshot, append or drop. `columns` are the agreed source columns in order,
    `key` those that identify a row. SQL: `query` in the agency's own dialect (without the window),
    `watermark` the greatest change column. Files: `path` (a glob) and `options`
    (delimiter, encoding …). Letters: `path`.
    """

    office: str
    feed: str
    mode: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    query: str | None = None
    watermark: str | None = None
    path: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """One file of a drop feed: its name, its original bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One delivery to one recipient: the inbox table or file stem, and the recipient's own columns.

    Each row carries `delivery_id, verb, night, recipient` and then `columns`, all text.
    """

    office: str
    delivery: str
    target: str
    columns: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    recipient: str = ""


class Connector(Protocol):
    """One transport to one agency. Built as `Class(office, url)`; the URL carries the credentials.

    Every method raises `UnreachableError` (try again) or `UnusableFeedError` (do not); no error has a value.
    """

    def check(self, source: FeedSource) -> None:
        """Nothing, if the feed can be read with the agreed columns; else the error that pull would raise."""
        ...

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """The feed's rows as Arrow tables of text columns as agreed; NULL stays null. Bounded memory."""
        ...

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """The files of a drop feed whose (name, sha256) are not in `seen`; half-written ones stay."""
        ...

    def keys(self, source: FeedSource) -> pa.Table:
        """All keys of the feed (text columns of `source.key`), to find deletions in a delta feed."""
        ...

    def high_watermark(self, source: FeedSource) -> str | None:
        """The greatest watermark now at the source, as text; the upper bound is put just above it."""
        ...

    def deliver(self, outgoing: Outgoing, rows: pa.Table) -> int:
        """Put the rows into the inbox, once each by `delivery_id`; how many were new to it."""
        ...

    def announce(self, outgoing: Outgoing, night: str, rows: int) -> None:
        """Say that the delivery of this night is complete with so many rows, zero included."""
        ...

    def acknowledgements(self, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
        """`delivery_id, ack_status, ack_at, ack_reason` that the agency has answered, the oldest first.

        What it answered beside them where we look (a file, one answer over HTTP) comes along: it may name
        what nobody delivered. The metadata may say under `jendela` what could not be read, and what to do:
        `{"unread": [[reason, remedy], …]}`, without any value.
        """
        ...


@runtime_checkable
class Stating(Protocol):
    """A connector that finds out what an agreement leaves open, and can say what it found."""

    def stated(self, source: FeedSource) -> list[dict[str, Any]]:
        """What each file says of itself (name, sha256, dialect, rows left out); errors as in `check`."""
        ...
