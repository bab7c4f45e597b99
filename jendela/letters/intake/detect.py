"""Which form a file is in, by what it begins with and never by its name."""

from __future__ import annotations

from typing import Literal

from jendela.letters.intake.finding import NOT_A_FORM, NOT_A_TABLE, Refused

Form = Literal["xml", "json", "csv", "xlsx", "pdf"]
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def form_of(content: bytes) -> Form:
    """The form of a file.

    Raises:
        Refused: it is none of ours: an old workbook, a picture, a program.
    """
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(_OLD_OFFICE):
        raise Refused(NOT_A_TABLE, "xlsx.old")
    head = content[:1024]
    if b"%PDF-" in head:
        return "pdf"
    for mark in _MARKS:
        head = head.removeprefix(mark)
    # Of UTF-16, every other byte is null.
    first = head.lstrip(b" \t\r\n\0")[:1]
    if first == b"<":
        return "xml"
    if first in (b"{", b"["):
        return "json"
    if any(byte < 9 or 13 < byte < 32 for byte in head[:256] if byte) or not first:
        raise Refused(NOT_A_FORM, "form")
    return "csv"
