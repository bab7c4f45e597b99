"""A question to an office and its answer, as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """An office's answer: the URL that gave it, its status, headers and body (not encoded any more)."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Question:
    """What is asked; `limit` is the most bytes the answer may have, `accept` the media type wanted."""

    method: str
    url: str
    parameters: Parameters = ()
    limit: int = 1 << 20
    accept: str = "application/json"
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
