"""What goes wrong at an interface, switched on for the next requests: tests and a demo of a bad night."""

from __future__ import annotations

import gzip
import threading
from collections import deque
from dataclasses import dataclass

KINDS = frozenset(
    {
        "429", "500", "503", "401", "403", "404", "410",  # nothing else than this status
        "drop", "drop_after",  # the connection is closed without an answer: before, after the request is done
        "slow", "slow_after",  # the answer comes late: the request is done after the wait, before it
        "html", "wrong_type", "bad_json", "cut", "bomb", "packed", "big", "nan", "twice", "latin",
        "shrunk", "repeated", "more", "no_total",  # a page that is not what it should be
        "redirect", "elsewhere", "link_elsewhere",
    }
)  # fmt: skip
HTML = b"<!DOCTYPE html><html><body>Silakan masuk. Joko Susilo 12345678901</body></html>"


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, the part of a path that it waits for, and a Retry-After header for its status."""

    kind: str
    where: str = ""
    retry_after: str | None = None


class Faults:
    """The faults that are waiting. `delay` is how many seconds a slow answer takes."""

    def __init__(self) -> None:
        self.delay = 1.0
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def add(self, *kinds: str, where: str = "", retry_after: str | None = None) -> None:
        """Each of the next requests whose path has `where` in it gets one of these faults, in order."""
        if unknown := set(kinds) - KINDS:
            raise ValueError(f"There is no fault {sorted(unknown)[0]}.")
        with self._lock:
            self._waiting.extend(Fault(kind, where, retry_after) for kind in kinds)

    def take(self, path: str) -> Fault | None:
        """The fault for a request of this path; `none` is none."""
        with self._lock:
            for fault in self._waiting:
                if fault.where in path:
                    self._waiting.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """No fault waits any more."""
        with self._lock:
            self._waiting.clear()


def spoiled(kind: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The body of an answer with a fault in it; its headers are changed with it."""
    if kind == "html":
        headers["Content-Type"] = "text/html; charset=utf-8"
        return HTML
    if kind == "wrong_type":
        headers["Content-Type"] = "text/csv"
    elif kind == "bad_json":
        return body[: len(body) // 2]
    elif kind == "nan":
        return body.replace(b"[", b"[NaN, ", 1)
    elif kind == "twice":
        return body.replace(b"{", b'{"data": [], ', 1)
    elif kind == "latin":
        return body.replace(b"{", b'{"kota": "Bali\xe9", ', 1)
    elif kind == "big":
        return body + b" " * (4 << 20)
    elif kind == "bomb":
        headers["Content-Encoding"] = "gzip"
        return gzip.compress(body + b" " * (64 << 20), 9)
    elif kind == "packed":
        headers["Content-Encoding"] = "gzip, gzip"
        return gzip.compress(gzip.compress(body))
    return body
