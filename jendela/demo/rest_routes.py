"""The paths of a demo office: a token endpoint, its records page by page, its files, and its inbox."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote_plus, unquote, urlencode, urlsplit

from jendela.demo.rest_store import Asked, RestStore, is_name, written

BASE, TOKEN = "/api", "/oauth/token"
LARGEST = 1_000  # records of a page, whatever is asked for


@dataclass(frozen=True)
class Account:
    """Whom the office lets in: by OAuth2 client credentials, HTTP Basic, or the secret as token or header."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Request:
    """One request, its body read."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Its path, without the query."""
        return urlsplit(self.target).path

    def asked(self, name: str, default: str = "") -> str:
        """The last value of a parameter."""
        return self.every(name)[-1] if self.every(name) else default

    def every(self, name: str) -> list[str]:
        """All values of a parameter."""
        return parse_qs(urlsplit(self.target).query).get(name, [])


@dataclass
class Reply:
    """One answer. `document` is sent as JSON unless there is `content`."""

    status: int = 200
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def body(self) -> bytes:
        """Its bytes."""
        return written(self.document) if self.content is None else self.content


class Routes:
    """What an office answers. `lasts` is how many seconds a token says it lasts."""

    def __init__(self, store: RestStore, account: Account) -> None:
        self.store, self.account = store, account
        self.lasts = 3600
        self._tokens: set[str] = set()

    def revoke(self) -> None:
        """No token given so far is accepted any more."""
        self._tokens.clear()

    def answer(self, request: Request) -> Reply:
        """The answer to a request."""
        if request.path == TOKEN:
            return self._token(request)
        if not self._knows(request):
            return Reply(401, {"error": "unauthorized"})
        parts = [unquote(part) for part in request.path.removeprefix(BASE).strip("/").split("/")]
        route: Callable[[], Reply | None] | None = {
            ("GET", "v1", 2): lambda: self._records(request, parts[1]),
            ("GET", "v1", 4): lambda: self._file(*parts[1:]),
            ("POST", "inbox", 3): lambda: self._rows(request, *parts[1:]),
            ("GET", "inbox", 3): lambda: self._acks(request, *parts[1:]),
            ("GET", "inbox", 4): lambda: self._batch(*parts[1:]),
            ("PUT", "inbox", 5): lambda: self._announcement(request, *parts[1:]),
        }.get((request.method, parts[0], len(parts)))
        found = route() if route and request.path.startswith(f"{BASE}/") else None
        return found or Reply(404, {"error": "not found"})

    def _token(self, request: Request) -> Reply:
        form = parse_qs(request.body.decode("ascii", "replace"))
        # RFC 6749, 2.3.1: form-encoded before they are joined.
        coded = (quote_plus(self.account.client_id), quote_plus(self.account.secret))
        if form.get("grant_type") != ["client_credentials"] or not _is_basic(request, *coded):
            return Reply(401, {"error": "invalid_client"})
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        return Reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts})

    def _knows(self, request: Request) -> bool:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = request.headers.get("X-Api-Key", "")
        return (
            bearer in {*self._tokens, self.account.secret}
            or key == self.account.secret
            or _is_basic(request, self.account.client_id, self.account.secret)
        )

    def _records(self, request: Request, table: str) -> Reply | None:
        size = int(request.asked("size") or request.asked("limit") or 100)
        page = int(request.asked("page", "1"))
        start = int(request.asked("offset") or request.asked("cursor") or (page - 1) * size)
        bounds = [
            request.asked(name).replace("T", " ").removesuffix("Z") or None for name in ("since", "until")
        ]
        asked = Asked(table, start, min(size, LARGEST), bounds[0], bounds[1], request.asked("sort"))
        found = self.store.listed(asked)
        if found is None:
            return None
        records, total = found
        after = start + len(records)
        more = after < total and bool(records)
        kept = {
            name: request.asked(name)
            for name in ("size", "limit", "since", "until", "sort")
            if request.asked(name)
        }
        link = f"{request.path}?{urlencode({**kept, 'offset': after})}" if more else None
        meta = {"total": total, "next_cursor": str(after) if more else None, "next": link}
        headers = {"X-Total-Count": str(total)}
        if link:
            headers["Link"] = f'<{link}>; rel="next"'
        return Reply(200, {"data": records, "meta": meta}, headers)

    def _file(self, table: str, column: str, rowid: str) -> Reply | None:
        content = self.store.file(table, column, int(rowid)) if rowid.isdecimal() else None
        if content is None:
            return None
        return Reply(200, headers={"Content-Type": "application/octet-stream"}, content=content)

    def _rows(self, request: Request, target: str, last: str) -> Reply | None:
        key = request.headers.get("Idempotency-Key", "")
        rows = json.loads(request.body)["rows"]
        if last != "rows" or not is_name(target):
            return None
        if not key or not all(is_name(name) for row in rows for name in row):
            return Reply(422, {"error": "unprocessable"})
        return Reply(200, self.store.take(target, key, rows))

    def _batch(self, target: str, middle: str, key: str) -> Reply | None:
        said = self.store.batch(key) if middle == "batches" else None
        return Reply(200, said) if said else None

    def _acks(self, request: Request, target: str, last: str) -> Reply | None:
        if last != "acks" or not is_name(target):
            return None
        return Reply(200, {"acks": self.store.acks(target, request.every("delivery_id"))})

    def _announcement(
        self, request: Request, target: str, middle: str, night: str, recipient: str
    ) -> Reply | None:
        if middle != "announcements":
            return None
        said = json.loads(request.body)
        self.store.announce(recipient, str(said["delivery"]), night, int(said["row_count"]))
        return Reply(204)


def _is_basic(request: Request, user: str, secret: str) -> bool:
    pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {pair}"
