"""Which encoding a text file is in, where its mapping leaves that to the file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from connectors.csv_text import HEAD, Utf8
from jendela.model.errors import UnusableFeedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In windows-1252 the letters are C0 to FF. Any other high byte inside a word is a letter of a DOS code page
# (Mu\xa4oz is Muñoz there); the apostrophe 92, the blank A0 and the accent B4 do stand inside words.
_DOS = re.compile(rb"[A-Za-z][\x80-\x91\x93-\x9f\xa1-\xb3\xb5-\xbf][A-Za-z]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def encoding_of(office: str, feed: str, name: str, blocks: Iterable[bytes]) -> str:
    """The encoding of the content, by its mark or by what it can be: utf-8 (ASCII too), utf-16, windows-1252.

    Latin-1 text is given as windows-1252, which reads it alike. Without a mark all blocks are looked at.

    Raises:
        UnusableFeedError: it may be windows-1252 or a DOS code page; the mapping has to say which.
    """
    found = iter(blocks)
    first = next(found, b"")
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    head = first[:HEAD]
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        # Of two bytes of a Latin letter one is null, nearly always; one null alone is a fault of a program.
        if min(even, odd) * 10 < max(even, odd) and max(even, odd) * 5 > len(head) // 2:
            return "utf-16-be" if even > odd else "utf-16-le"
        raise UnusableFeedError(
            office,
            feed,
            f"{name} has null bytes: it is not text in any encoding.",
            "Ask the agency for a text export, or set options.format to what it is.",
        )
    as_utf8, doubtful, before = Utf8(), False, b""
    for block in _again(first, found):
        as_utf8.add(block)
        if not doubtful and not block.isascii():
            seam = before + block  # a word may lie over the end of a block
            doubtful = _UNDEFINED.search(block) is not None or _DOS.search(seam) is not None
        before = block[-2:]
    # All of it but a last letter that is cut: UTF-8 still, for the reader to say so.
    if as_utf8.ended() != "none":
        return "utf-8"
    if doubtful:
        raise UnusableFeedError(
            office,
            feed,
            f"{name} is not UTF-8, and may be windows-1252 or a DOS code page.",
            "Write options.encoding in the mapping (windows-1252, cp437, cp850 …), as the agency has it.",
        )
    return "windows-1252"


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
