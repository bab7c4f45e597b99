"""An agency that offers its records over HTTP as JSON, and an inbox as docs/reference/rest.md has it."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Sequence
from functools import cached_property

import pyarrow as pa

from connectors import canonical, rest_documents, rest_inbox, rest_window
from connectors.rest_address import address_of
from connectors.rest_auth import Credentials
from connectors.rest_client import RestClient, Wait
from connectors.rest_feed import highest, listing_of, rows, to_page
from connectors.rest_pages import first
from connectors.rest_waits import Patience
from jendela.model.ports import Document, FeedSource, Outgoing, Window

_ALL = Window(None, None)


class RestConnector:
    """One agency's interface, or the inbox that it keeps for us. `wait` sleeps between attempts."""

    def __init__(self, office: str, url: str, *, wait: Wait = time.sleep) -> None:
        self.office = office
        self._address = address_of(office, url)
        self._wait = wait

    @cached_property
    def _credentials(self) -> Credentials:
        return Credentials(self._address)

    def check(self, source: FeedSource) -> None:
        """Nothing, if the first page has the agreed columns and the newest watermark can be found."""
        with self._asking(source) as client:
            if source.mode == "drop":
                rest_documents.check(client, source)
                return
            listing = listing_of(source)
            to_page(source, first(client, listing), source.columns)
            if source.watermark:
                highest(client, source)

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """The rows of the window page by page; a row without a watermark is always in it."""
        with self._asking(source) as client:
            listing = listing_of(source, rest_window.parameters(source, window))
            none = True
            for table in rows(client, source, listing, source.columns):
                none = False
                yield rest_window.within(source, table, window)
            if none:
                yield canonical.empty(source.columns)

    def keys(self, source: FeedSource) -> pa.Table:
        """All keys of the feed now: of its own list of keys where it has one, else of a full read."""
        with self._asking(source) as client:
            listing = listing_of(source, keys=True)
            parts = list(rows(client, source, listing, source.key))
        return pa.concat_tables([canonical.empty(source.key), *parts])

    def high_watermark(self, source: FeedSource) -> str | None:
        """The greatest watermark now, as options.highest says; None where there is no row with one."""
        if not source.watermark:
            return None
        with self._asking(source) as client:
            return highest(client, source)

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """The listed files that are not in `seen`, by the digest that the listing gives or their own."""
        with self._asking(source) as client:
            yield from rest_documents.documents(client, source, seen)

    def deliver(self, outgoing: Outgoing, rows: pa.Table) -> int:
        """How many rows were new to the inbox; a batch without answer is asked for before it goes again."""
        with self._delivering(outgoing) as client:
            return rest_inbox.put(client, outgoing, rows)

    def announce(self, outgoing: Outgoing, night: str, rows: int) -> None:
        """Say that this recipient's delivery of this night has so many rows; said again, it is corrected."""
        with self._delivering(outgoing) as client:
            rest_inbox.announce(client, outgoing, night, rows)

    def acknowledgements(self, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
        """What the agency answered to these deliveries."""
        with self._delivering(outgoing) as client:
            return rest_inbox.acknowledgements(client, outgoing, delivery_ids)

    def _asking(self, source: FeedSource) -> RestClient:
        patience = Patience.of(source.options)
        return RestClient(self._address, self._credentials, source.feed, patience, self._wait)

    def _delivering(self, outgoing: Outgoing) -> RestClient:
        patience = Patience.of(outgoing.options)
        return RestClient(self._address, self._credentials, outgoing.delivery, patience, self._wait)
