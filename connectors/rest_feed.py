"""A feed's rows over HTTP: what to list, its pages as tables, and where its newest change is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import pyarrow as pa

from connectors import rest_window
from connectors.rest_client import RestClient
from connectors.rest_errors import unreachable, unusable
from connectors.rest_json import MISSING, at
from connectors.rest_pages import Listing, Page, first, pages
from connectors.rest_rows import table_of
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

_OWN = ("path", "records", "total", "total_header", "paging")


def listing_of(
    source: FeedSource, parameters: Sequence[tuple[str, str]] = (), *, keys: bool = False
) -> Listing:
    """The list of the feed's records, or of its keys, with these parameters beside the agreed ones."""
    options: dict[str, Any] = {**source.options, "path": source.path or ""}
    if keys:
        own = source.options.get("keys", {})
        if "total" in own or "total_header" in own:
            options.pop("total", None)
            options.pop("total_header", None)
        options |= {name: own[name] for name in _OWN if name in own}
        options["parameters"] = own.get("parameters", options.get("parameters", {}))
    asked = [(str(name), str(value)) for name, value in options.get("parameters", {}).items()]
    return Listing(str(options["path"]), options, (*asked, *parameters))


def rows(
    client: RestClient, source: FeedSource, listing: Listing, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """Tables of the agreed columns, one a page.

    A key that comes on two pages says that rows moved between the pages while they were read (then another
    row was missed), or that the agency has it twice. All pages are read again to know which.

    Raises:
        UnreachableError: the pages are not the same any more.
    """
    met: set[int] = set()
    digests: list[bytes] = []
    again = False
    for page in pages(client, listing):
        table = to_page(source, page, columns)
        here = {hash(key) for key in zip(*(table[name].to_pylist() for name in source.key), strict=True)}
        again = again or not met.isdisjoint(here)
        met |= here
        digests.append(page.digest)
        yield table
    if again and digests != [page.digest for page in pages(client, listing)]:
        raise unreachable(
            client.office,
            client.feed,
            "Records moved from one page to another while they were read: some may not have been given.",
            "It is tried again; if it stays so, ask the agency for a stable order or for paging by cursor.",
        )


def to_page(source: FeedSource, page: Page, columns: Sequence[str]) -> pa.Table:
    """The columns of one page's records; those that `options.optional` names may be left out of a record."""
    return table_of(source, page.records, columns, source.options.get("optional", ()), page.number)


def highest(client: RestClient, source: FeedSource) -> str | None:
    """The greatest watermark at the agency: said by itself, that of its newest record, or its clock.

    Raises:
        UnusableFeedError: it is not where it was agreed to be, or the records do not come newest first.
    """
    where = source.options.get("highest")
    column = str(source.watermark)
    if where == "clock":
        return _clock(client, source)
    asked = where if isinstance(where, dict) else {}
    parameters = [(str(name), str(value)) for name, value in asked.get("parameters", {}).items()]
    listing = listing_of(source)
    kept = [pair for pair in listing.parameters if pair[0] not in asked.get("parameters", {})]
    page = first(client, Listing(listing.path, listing.options, (*kept, *parameters)))
    if "value" in asked:
        found = at(page.document, str(asked["value"]))
        if found is None:
            return None
        mark = rest_window.read(source, found) if isinstance(found, str) else None
        if found is MISSING or mark is None:
            raise _wrong(source, f"There is no watermark at {asked['value']}.")
        return rest_window.highest(source, [mark])
    marks = [rest_window.read(source, text) for text in to_page(source, page, (column,))[column].to_pylist()]
    known = [mark for mark in marks if mark is not None]
    greatest = rest_window.highest(source, marks)
    if known != sorted(known, reverse=True):
        raise _wrong(source, f"The records do not come newest first by {column}.")
    if page.records and greatest is None:
        raise _wrong(source, f"None of the records that come first has a {column} that can be read.")
    return greatest


def _clock(client: RestClient, source: FeedSource) -> str | None:
    answer = first(client, listing_of(source)).answer
    try:
        now = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        raise _wrong(source, "Its answer has no Date to take for its clock.") from None
    return now.strftime("%Y-%m-%d %H:%M:%S")


def _wrong(source: FeedSource, reason: str) -> UnusableFeedError:
    return unusable(
        source.office,
        source.feed,
        reason,
        "Compare options.highest in the mapping with the agency's documentation.",
    )
