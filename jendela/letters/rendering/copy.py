"""Is a worker's copy what it says it is? From the PDF alone; where the ledger has it is asked elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from jendela.letters.rendering.payload import Payload
from jendela.letters.rendering.pdf import Opened, open_pdf
from jendela.letters.rendering.worker_copy import ALL, WHOSE, maker, render
from jendela.letters.signing import Trust, Verdict, verify
from jendela.model.errors import WrongUseError

Page = Literal["same", "differs", "other_maker", "unchecked"]
"""The page drawn again from the letter has the same bytes, or not; `other_maker`: another version drew it."""


@dataclass(frozen=True)
class Copy:
    """What was found of a copy; `problems` and `open_points` are keys of the catalogue (`render.copy.…`).

    With a problem the copy is not to be believed. An open point is what could not be looked at here.
    """

    sha256: str | None
    payload: Payload | None
    signature: Verdict | None
    page: Page
    problems: tuple[str, ...]
    open_points: tuple[str, ...]


def verify_copy(
    pdf: bytes | None,
    trust: Trust,
    *,
    scanned: str | None = None,
    letter: bytes | None = None,
    at: datetime | None = None,
) -> Copy:
    """Whether a copy carries its letter unchanged and shows what the letter says.

    Args:
        pdf: the file of the copy; null where there is only paper, and then `scanned` is all there is.
        scanned: what a telephone read from the printed QR code.
        letter: the letter's XML, for a copy that does not carry it.
        at: when the letter was received, for its signature.
    """
    problems: list[str] = []
    open_points: list[str] = []
    opened = open_pdf(pdf) if pdf is not None else Opened(None, None, "", readable=True)
    if not opened.readable:
        problems.append("unreadable")
    payload = _payload(opened, scanned, problems, has_pdf=pdf is not None)
    xml = opened.letter if opened.letter is not None else letter
    if xml is None:
        open_points.append("no_letter")
        return _found(None, payload, None, "unchecked", problems, open_points)
    sha256 = hashlib.sha256(xml).hexdigest()
    if payload is not None and payload.sha256 != sha256:
        problems.append("other_letter")
    signature = verify(xml, trust, at)
    if signature.reason == "signature.no_trust":
        open_points.append("no_trust")
    elif signature.status == "invalid":
        problems.append("signature")
    page = _page(pdf, opened, xml, payload)
    if page == "differs":
        problems.append("page")
    elif page == "other_maker":
        open_points.append("other_maker")
    return _found(sha256, payload, signature, page, problems, open_points)


def _found(
    sha256: str | None,
    payload: Payload | None,
    signature: Verdict | None,
    page: Page,
    problems: list[str],
    open_points: list[str],
) -> Copy:
    said = (tuple(f"render.copy.{key}" for key in keys) for keys in (problems, open_points))
    return Copy(sha256, payload, signature, page, *said)


def _payload(opened: Opened, scanned: str | None, problems: list[str], *, has_pdf: bool) -> Payload | None:
    """What the code says: as the file keeps it, and as it was scanned; they must be one."""
    kept = Payload.parse(opened.code) if opened.code else None
    if has_pdf and opened.readable and kept is None:
        problems.append("no_code")
    if scanned is None:
        return kept
    read = Payload.parse(scanned)
    if read is None:
        problems.append("not_our_code")
    elif kept is not None and read != kept:
        problems.append("other_code")
    return read or kept


def _page(pdf: bytes | None, opened: Opened, xml: bytes, payload: Payload | None) -> Page:
    if pdf is None or not opened.readable or payload is None:
        return "unchecked"
    made, _, whose = opened.subject.rpartition(f" {WHOSE}")
    if made != maker():
        return "other_maker"
    try:
        again = render(xml, worker=None if whose == ALL else int(whose), place=payload.place)
    except (ValueError, WrongUseError):
        return "differs"
    return "same" if again == pdf else "differs"
