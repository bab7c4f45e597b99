"""An inbox over HTTP, by the contract of docs/reference/rest.md and `schemas/rest/inbox.openapi.yaml`.

Rows go in batches, each under an idempotency key of its own. When a batch was sent and no answer came, the
inbox is asked for the key before the batch is sent again: a time-out after acceptance is neither a loss nor a
second delivery. The inbox itself takes each `delivery_id` once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import polars as pl
import pyarrow as pa

from connectors import canonical
from connectors.rest_client import RestClient
from connectors.rest_errors import media_type, of_status, unusable
from connectors.rest_exchange import Answer, Question
from connectors.rest_json import JSON, MISSING, Number, at, document_of, is_web_page
from connectors.rest_waits import TRY_AGAIN
from jendela.model.ports import Outgoing

ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")
KEY = "Idempotency-Key"
BATCH, ASKED = 500, 5_000  # rows of a batch; characters of the ids in one question, which is a URL
_LIMIT = 16 << 20
_IN_WORK = 409
_DIGITS = 20  # of a number of rows


def put(client: RestClient, outgoing: Outgoing, rows: pa.Table) -> int:
    """How many rows the inbox did not have and took; those that it refuses are in its acknowledgements.

    Raises:
        UnusableFeedError: the inbox refuses a batch, or does not account for each of its rows.
    """
    names = [*ENVELOPE, *outgoing.columns]
    frame = pl.DataFrame(rows.select(names)).unique("delivery_id", keep="first", maintain_order=True)
    size = int(outgoing.options.get("batch_rows", BATCH))
    return sum(_send(client, outgoing, part) for part in frame.iter_slices(size))


def announce(client: RestClient, outgoing: Outgoing, night: str, rows: int) -> None:
    """Put the announcement of this recipient's night there, over the one that was there.

    Raises:
        UnusableFeedError: what answers is a web page, or JSON that tells of an error, whatever its status.
    """
    url = _url(client, outgoing, "announcements", night, outgoing.recipient)
    body = {"delivery": outgoing.delivery, "row_count": rows}
    answer = client.ask(Question("PUT", url, json=body))
    if not is_web_page(answer):
        kind = media_type(answer.headers.get("content-type"))
        if not answer.body.strip() or not (kind == JSON or kind.endswith("+json")):
            return
    said = document_of(client.office, client.feed, answer)
    if any(at(said, name) not in (MISSING, None, False, "") for name in ("error", "errors")):
        raise _contract(client, "to an announcement tells of an error, with a status of success")


def acknowledgements(client: RestClient, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
    """The answers, as text, to these deliveries and to what else the agency answers beside them; what it has
    not answered is left out."""
    found: list[tuple[str | None, ...]] = []
    beside: dict[tuple[str | None, ...], None] = {}  # each once, however often an inbox says it
    for part in _questions(delivery_ids):
        asked = [("delivery_id", one) for one in part]
        answer = client.ask(
            Question("GET", _url(client, outgoing, "acks"), asked, _LIMIT),
        )
        acks = at(document_of(client.office, client.feed, answer), "acks")
        if not isinstance(acks, list):
            raise _contract(client, "has no list `acks`")
        for position, ack in enumerate(acks, 1):
            row = tuple(_text(client, ack, name, position) for name in ANSWER)
            if row[1] is None:
                continue
            if row[0] in part:
                found.append(row)
            else:
                beside[row] = None
    every = frozenset(delivery_ids)
    return canonical.columns_of([*(row for row in beside if row[0] not in every), *found], ANSWER)


def _send(client: RestClient, outgoing: Outgoing, part: pl.DataFrame) -> int:
    ids = part["delivery_id"].to_list()
    # For this sending and its repetitions: rows sent again a later night are looked at anew, by their id.
    key = uuid4().hex
    batch = Question(
        "POST",
        _url(client, outgoing, "rows"),
        json={"delivery": outgoing.delivery, "recipient": outgoing.recipient, "rows": part.to_dicts()},
        limit=_LIMIT,
        headers={KEY: key},
    )
    status = Question("GET", _url(client, outgoing, "batches", key), limit=_LIMIT)

    def attempt(number: int) -> Answer:
        if number:  # it may have been taken, with only its answer lost
            known = client.once(status)
            if known.status != 404:
                return known
        return client.once(batch)

    answer = client.patiently(attempt, TRY_AGAIN | {_IN_WORK})
    if not 200 <= answer.status < 300:
        raise of_status(client.office, client.feed, answer.status)
    return _taken(client, answer, frozenset(ids))


def _taken(client: RestClient, answer: Answer, ids: frozenset[str]) -> int:
    said = document_of(client.office, client.feed, answer)
    received, known = (_count(client, said, name) for name in ("received", "known"))
    refused = at(said, "refused")
    if not isinstance(refused, list):
        raise _contract(client, "has no list `refused`")
    names = {at(one, "delivery_id") for one in refused if isinstance(one, dict)}
    if not names <= ids or len(names) != len(refused) or received + known + len(names) != len(ids):
        raise _contract(client, f"does not account for each of the {len(ids)} rows that were sent")
    return received


def _count(client: RestClient, said: Any, name: str) -> int:
    found = at(said, name)
    if not isinstance(found, Number) or not found.isdecimal() or len(found) > _DIGITS:
        raise _contract(client, f"has no number `{name}`")
    return int(found)


def _text(client: RestClient, ack: Any, name: str, position: int) -> str | None:
    found = at(ack, name)
    if found is None or isinstance(found, str):
        return None if found is None else str(found)
    raise _contract(client, f"has no text or null in {name} of acks {position}")


def _questions(delivery_ids: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    length = 0
    for one in delivery_ids:
        length += len(one) + len("&delivery_id=")
        if part and length > ASKED:
            yield part
            part, length = [], len(one) + len("&delivery_id=")
        part.append(one)
    if part:
        yield part


def _url(client: RestClient, outgoing: Outgoing, *parts: str) -> str:
    return client.address.at("/".join(("inbox", outgoing.target, *(quote(part, safe="") for part in parts))))


def _contract(client: RestClient, problem: str) -> Exception:
    return unusable(
        client.office,
        client.feed,
        f"The inbox's answer {problem}.",
        "Compare it with schemas/rest/inbox.openapi.yaml; the rows stay pending until it keeps to that.",
    )
