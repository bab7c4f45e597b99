"""Who we are to an office: HTTP Basic, a bearer token, a header of its own, or OAuth2 client credentials."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import quote_plus

from connectors.rest_address import Address
from connectors.rest_errors import unusable
from connectors.rest_exchange import Answer, Question

_EARLY = 30.0  # seconds before its end at which a token is renewed: a page may take that long


class Ask(Protocol):
    """How the token server is asked: a question, and the form to post."""

    def __call__(self, question: Question, data: Mapping[str, str]) -> Answer: ...


class Credentials:
    """What is sent with every request to one office. A token is kept until shortly before it ends.

    `clock` gives seconds that only grow.
    """

    def __init__(self, address: Address, clock: Callable[[], float] = time.monotonic) -> None:
        self._address, self._clock = address, clock
        self._token, self._ends = "", 0.0

    @property
    def renewable(self) -> bool:
        """Whether another token can be had where this one is refused."""
        return "token_url" in self._address.more

    def headers(self, ask: Ask) -> dict[str, str]:
        """The headers that say who we are; a new token is fetched with `ask` where one is due."""
        address = self._address
        if self.renewable:
            if not self._token or self._clock() >= self._ends:
                self._fetch(ask)
            return {"Authorization": f"Bearer {self._token}"}
        if header := address.more.get("header"):
            return {header: address.secret}
        if address.user:
            return {"Authorization": _basic(address.user, address.secret)}
        return {"Authorization": f"Bearer {address.secret}"} if address.secret else {}

    def forget(self, used: Mapping[str, str]) -> None:
        """A token that the office does not accept any more is not used again."""
        if used == {"Authorization": f"Bearer {self._token}"}:
            self._token = ""

    def _fetch(self, ask: Ask) -> None:
        address = self._address
        form = {"grant_type": "client_credentials"}
        if scope := address.more.get("scope"):
            form["scope"] = scope
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        known = {"Authorization": _basic(quote_plus(address.user), quote_plus(address.secret))}
        began = self._clock()
        answer = ask(Question("POST", address.more["token_url"], headers=known), form)
        try:
            said = json.loads(answer.body)
            token, lasts = said["access_token"], float(said.get("expires_in") or 3600)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            token, lasts = None, 0.0
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise unusable(
                address.office,
                "connection",
                "The token server's answer has no access_token.",
                "Check the connection's token_url with the agency: it must be its OAuth2 token endpoint.",
            )
        self._token, self._ends = token, began + max(lasts - _EARLY, lasts / 2)


def _basic(user: str, secret: str) -> str:
    return "Basic " + b64encode(f"{user}:{secret}".encode()).decode("ascii")
