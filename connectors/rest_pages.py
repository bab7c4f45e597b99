"""All pages of a listing, however the agency pages: each once, to the end that it says itself, or an error.

A page that came before, a page shorter than it can be, a total that changes or is not reached: none of them
is taken for the end. Without a total, `page` and `offset` end at an empty page, not at a short one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.rest_client import RestClient
from connectors.rest_errors import unreachable, unusable
from connectors.rest_exchange import Answer, Parameters, Question
from connectors.rest_json import JSON, MISSING, Number, at, document_of
from jendela.model.errors import FeedError

SIZE = 500
_SIZE_PARAMETER = {"page": "size", "offset": "limit"}
_BYTES, _PAGES = 64 << 20, 100_000
_DIGITS = 20  # of a total that somebody counted
_LEAST = "Ask the agency why; it must give every record once, in an order that does not change meanwhile."


@dataclass(frozen=True)
class Listing:
    """What is listed: the path below the base, the parameters, and the options that say how it is paged."""

    path: str
    options: Mapping[str, Any]
    parameters: Parameters = ()

    @property
    def paging(self) -> Mapping[str, Any]:
        """The options of its paging; by default one answer has everything."""
        found: Mapping[str, Any] = self.options.get("paging", {"style": "none"})
        return found


@dataclass(frozen=True)
class Page:
    """One page: its number from 1, its records, and all that the answer said."""

    number: int
    records: list[Any]
    document: Any
    answer: Answer
    digest: bytes


@dataclass
class _Read:
    """What was read so far."""

    rows: int = 0
    total: int | None = None
    short: int = 0
    asked: set[tuple[str, Parameters]] = field(default_factory=set)
    digests: set[bytes] = field(default_factory=set)


def first(client: RestClient, listing: Listing) -> Page:
    """The first page alone."""
    return _page(client, listing, *_begin(client, listing), 1)


def pages(client: RestClient, listing: Listing) -> Iterator[Page]:
    """Every page in the agency's order; at least one.

    Raises:
        UnreachableError: what is listed changed while it was read.
        UnusableFeedError: the pages run in a circle, or end before their end.
    """
    read = _Read()
    url, parameters = _begin(client, listing)
    for number in range(1, int(listing.options.get("max_pages", _PAGES)) + 1):
        read.asked.add((url, tuple(parameters)))
        page = _page(client, listing, url, parameters, number)
        _judge(client, listing, page, read)
        yield page
        after = _after(client, listing, page, read)
        if after is None:
            return
        url, parameters = after
        if (url, tuple(parameters)) in read.asked:
            raise _broken(client, f"Page {number} leads back to a page that was read already.")
    raise _broken(client, "There are more pages than options.max_pages allows.")


def _begin(client: RestClient, listing: Listing) -> tuple[str, Parameters]:
    paging = listing.paging
    parameters = [*listing.parameters]
    style, size = paging["style"], str(paging.get("size", SIZE))
    if style in ("page", "offset") or "size_parameter" in paging:
        parameters.append((str(paging.get("size_parameter", _SIZE_PARAMETER.get(style, "size"))), size))
    if style == "page":
        parameters.append((str(paging.get("page_parameter", "page")), str(paging.get("first", 1))))
    if style == "offset":
        parameters.append((str(paging.get("offset_parameter", "offset")), "0"))
    return client.address.at(listing.path), tuple(parameters)


def _page(client: RestClient, listing: Listing, url: str, parameters: Parameters, number: int) -> Page:
    options = listing.options
    agreed = str(options.get("content_type", JSON))
    limit = int(options.get("page_bytes", _BYTES))
    answer = client.ask(Question("GET", url, parameters, limit, agreed))
    document = document_of(client.office, client.feed, answer, agreed)
    where = str(options.get("records", ""))
    records = at(document, where)
    if not isinstance(records, list):
        raise unusable(
            client.office,
            client.feed,
            f"Page {number} has no list of records at {where or 'the top of its answer'}.",
            "Compare options.records in the mapping with the agency's documentation.",
        )
    # Of the records and not of the body, which may show the time.
    return Page(number, records, document, answer, hashlib.sha256(json.dumps(records).encode()).digest())


def _judge(client: RestClient, listing: Listing, page: Page, read: _Read) -> None:
    total = _total(client, listing, page)
    if read.total is not None and total != read.total:
        raise _changed(client, "The total changed from one page to the next.")
    read.total = total
    read.rows += len(page.records)
    if read.short and page.records:
        size = listing.paging.get("size", SIZE)
        raise _broken(
            client,
            f"Page {page.number - 1} has {read.short} of {size} records, and is not the last.",
            f"If the agency gives fewer a page, set options.paging.size to its limit. {_LEAST}",
        )
    if page.records and page.digest in read.digests:
        raise _broken(client, f"Page {page.number} is the same as a page before it.")
    read.digests.add(page.digest)
    if total is not None and read.rows > total:
        raise _broken(client, f"It gives more records than the {total} that it says there are.")


def _after(client: RestClient, listing: Listing, page: Page, read: _Read) -> tuple[str, Parameters] | None:
    """What to ask next; None at the end."""
    paging, here = listing.paging, len(page.records)
    style = paging["style"]
    if style in ("page", "offset"):
        size = int(paging.get("size", SIZE))
        if here > size:
            raise _broken(client, f"Page {page.number} has {here} records, more than the {size} asked for.")
        if read.rows == read.total or (here == 0 and read.total is None):
            return None
        if here < size and read.total is not None:
            said = f"Page {page.number} has {here} of {size} records; {read.rows} of {read.total} were given."
            raise _broken(
                client,
                said,
                f"If the agency gives fewer a page, set options.paging.size to its limit. {_LEAST}",
            )
        read.short = here if here < size else 0
        url, parameters = _begin(client, listing)
        moved = str(int(paging.get("first", 1)) + page.number) if style == "page" else str(page.number * size)
        return url, (*parameters[:-1], (parameters[-1][0], moved))
    link = {"cursor": _cursor, "link": _linked, "next": _next}.get(style, _nothing)(client, listing, page)
    if link is None and read.total is not None and read.rows != read.total:
        raise _broken(client, f"It ends after {read.rows} of {read.total} records.")
    return link


def _nothing(client: RestClient, listing: Listing, page: Page) -> tuple[str, Parameters] | None:
    return None


def _cursor(client: RestClient, listing: Listing, page: Page) -> tuple[str, Parameters] | None:
    cursor = _said(client, listing, page, "next")
    if cursor is None:
        return None
    url, parameters = _begin(client, listing)
    return url, (*parameters, (str(listing.paging.get("cursor_parameter", "cursor")), cursor))


def _next(client: RestClient, listing: Listing, page: Page) -> tuple[str, Parameters] | None:
    link = _said(client, listing, page, "next")
    return None if link is None else (client.same_origin(page.answer.url, link, "leads us"), ())


def _linked(client: RestClient, listing: Listing, page: Page) -> tuple[str, Parameters] | None:
    # RFC 8288: no link of relation `next` is the last page.
    links = httpx.Response(200, headers=dict(page.answer.headers)).links
    link = links.get("next", {}).get("url")
    return None if not link else (client.same_origin(page.answer.url, link, "leads us"), ())


def _said(client: RestClient, listing: Listing, page: Page, name: str) -> str | None:
    where = str(listing.paging[name])
    found = at(page.document, where)
    if found is None or found is False or found == "":
        return None
    if isinstance(found, str):
        return str(found)
    problem = "does not say" if found is MISSING else "says in no text"
    raise _broken(
        client,
        f"Page {page.number} {problem} at {where} what comes next, or null at the end.",
        "Compare options.paging.next in the mapping with the agency's documentation.",
    )


def _total(client: RestClient, listing: Listing, page: Page) -> int | None:
    if header := listing.options.get("total_header"):
        found, where = page.answer.headers.get(str(header)), str(header)
    elif where := str(listing.options.get("total", "")):
        found = at(page.document, where)
    else:
        return None
    if isinstance(found, (str, Number)) and found.isdecimal() and len(found) <= _DIGITS:
        return int(found)
    raise unusable(
        client.office,
        client.feed,
        f"Page {page.number} has no total at {where}.",
        "Compare options.total in the mapping with the agency's documentation.",
    )


def _broken(client: RestClient, reason: str, remedy: str = _LEAST) -> FeedError:
    return unusable(client.office, client.feed, reason, remedy)


def _changed(client: RestClient, reason: str) -> FeedError:
    remedy = "It is tried again; if it stays so, ask the agency for paging by cursor, or at a quieter hour."
    return unreachable(client.office, client.feed, reason, remedy)
