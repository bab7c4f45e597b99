"""A drop feed over HTTP: a listing of files with name, digest and link, and each new file downloaded."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from typing import Any

from connectors.rest_client import RestClient
from connectors.rest_errors import unreachable, unusable
from connectors.rest_exchange import Question
from connectors.rest_feed import listing_of
from connectors.rest_json import MISSING, at
from connectors.rest_pages import Page, first, pages
from jendela.model.ports import Document, FeedSource

_BYTES = 16 << 20


def check(client: RestClient, source: FeedSource) -> None:
    """Nothing, if the first page of the listing has what was agreed: no files tonight is usual."""
    _listed(client, source, first(client, listing_of(source)))


def documents(client: RestClient, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
    """The files that are not in `seen`, in the listing's order.

    Raises:
        UnreachableError: a file is not what the listing says of it, twice: it is being written, or damaged.
        UnusableFeedError: the listing has not what was agreed, names a file twice, or leads elsewhere.
    """
    names: set[str] = set()
    for page in pages(client, listing_of(source)):
        for position, (name, digest, link) in enumerate(_listed(client, source, page), 1):
            if name in names:
                raise _wrong(
                    client, f"Entry {position} of page {page.number} has the name of an entry before it."
                )
            names.add(name)
            if digest and (name, digest) in seen:
                continue
            place = f"Entry {position} of page {page.number}"
            content = _download(client, source, page, link, digest, place)
            if (name, hashlib.sha256(content).hexdigest()) not in seen:
                yield Document(name, content)


def _download(
    client: RestClient, source: FeedSource, page: Page, link: str, digest: str, place: str
) -> bytes:
    url = client.same_origin(page.answer.url, link, "leads us")
    limit = int(source.options.get("document_bytes", _BYTES))
    for _ in range(2):
        content = client.ask(Question("GET", url, (), limit, "*/*")).body
        if not digest or hashlib.sha256(content).hexdigest() == digest:
            return content
    raise unreachable(
        client.office,
        client.feed,
        f"{place} of the listing is a file with another digest than listed.",
        "It is tried again; if it stays so, ask the agency to put the file there again.",
    )


def _listed(client: RestClient, source: FeedSource, page: Page) -> list[tuple[str, str, str]]:
    """Name, SHA-256 (hex, empty where the agency lists none) and link of each entry."""
    agreed: dict[str, Any] = source.options.get("documents", {})
    found = []
    for position, entry in enumerate(page.records, 1):
        texts = {}
        for key in ("name", "sha256", "url"):
            value = at(entry, str(agreed[key])) if key in agreed else ""
            if value is MISSING or not isinstance(value, str) or (key in agreed and not value):
                said = f"Entry {position} of page {page.number} has no text at {agreed[key]}."
                raise _wrong(client, said)
            texts[key] = str(value)
        found.append((texts["name"], texts["sha256"].lower(), texts["url"]))
    return found


def _wrong(client: RestClient, reason: str) -> Exception:
    remedy = "Compare options.documents in the mapping with the agency's documentation."
    return unusable(client.office, client.feed, reason, remedy)
