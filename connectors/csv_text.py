"""The text of a file in the encoding that was agreed, or a plain word on which one it is in."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from jendela.model.errors import UnusableFeedError

_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 with a byte-order mark"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
PIECE = 1 << 20
HEAD = 4096
_UTF8 = {"utf-8", "utf-8-sig"}
_MARK = "\ufeff"


def utf8_of(office: str, feed: str, name: str, content: bytes, declared: str) -> bytes:
    """The file's text in UTF-8 without byte-order marks; errors as in `utf8_blocks`."""
    return b"".join(utf8_blocks(office, feed, name, pieces(content), declared))


def pieces(content: bytes) -> Iterator[bytes]:
    """The content by parts: decoded at once it takes its memory again, or four times."""
    view = memoryview(content)
    return (bytes(view[start : start + PIECE]) for start in range(0, len(view), PIECE))


def utf8_blocks(office: str, feed: str, name: str, blocks: Iterable[bytes], declared: str) -> Iterator[bytes]:
    """The file's text in UTF-8, block by block, without byte-order marks, also those amid it.

    (Files that were put together have one at each seam.)

    Raises:
        UnusableFeedError: it is not in the declared encoding; the one found is named, or the first bad row.
            Of a one-byte encoding that is UTF-8 in truth it is known at the end alone.
    """
    agreed, declared = declared, _known(office, feed, declared)
    text = _Decoded(office, feed, name, agreed, declared)
    begun, ascii_only, as_utf8 = False, True, Utf8()
    one_byte = declared not in _UTF8 and not declared.startswith("utf-16")
    for block in blocks:
        if not begun:
            _require_mark(office, feed, name, agreed, declared, block)
            begun = True
        if one_byte and not (ascii_only and block.isascii()):
            ascii_only = False
            as_utf8.add(block)
        if (piece := text.of(block)) != b"":
            yield piece
    if not ascii_only and as_utf8.ended() == "whole":
        # Text of a one-byte encoding is practically never valid UTF-8 by chance: `Ã©` would be a name here.
        raise _wrong(office, feed, name, agreed, "UTF-8")
    yield text.of(b"", final=True)


class Utf8:
    """Whether blocks are UTF-8 together."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bad = self._amid = False

    def add(self, block: bytes) -> None:
        """The next block."""
        if self._bad or (block.isascii() and not self._amid):
            return
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            self._bad = True
        self._amid = bool(self._decoder.getstate()[0])

    def ended(self) -> str:
        """`whole`; `cut` of what ends in the middle of a letter; else `none`."""
        return "none" if self._bad else "cut" if self._amid else "whole"


class _Decoded:
    """Bytes in one encoding as bytes in UTF-8; it counts lines, to say where it cannot be read."""

    def __init__(self, office: str, feed: str, name: str, agreed: str, encoding: str) -> None:
        self._office, self._feed, self._name, self._agreed = office, feed, name, agreed
        self._utf8 = encoding in _UTF8
        self._shown = "utf-8" if self._utf8 else encoding
        self._decoder = codecs.getincrementaldecoder("utf-8" if self._utf8 else encoding)()
        self._lines, self._amid = 1, False

    def of(self, block: bytes, *, final: bool = False) -> bytes:
        if self._utf8 and not self._amid and block.isascii():
            self._lines += block.count(b"\n")
            return block
        try:
            text = self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            if final and error.reason in ("unexpected end of data", "truncated data"):
                raise UnusableFeedError(
                    self._office,
                    self._feed,
                    f"{self._name} is cut: it ends in the middle of a letter.",
                    "Ask the agency to send it again; nothing of it was taken.",
                ) from None
            row = self._lines + error.object.count(b"\n", 0, error.start)
            guess = "perhaps windows-1252" if self._utf8 else "another one"
            raise _wrong(
                self._office, self._feed, self._name, self._shown, f"{guess}: line {row} cannot be read"
            ) from None
        self._amid = bool(self._decoder.getstate()[0])
        self._lines += text.count("\n")
        return text.replace(_MARK, "").encode("utf-8")


def _require_mark(office: str, feed: str, name: str, agreed: str, declared: str, first: bytes) -> None:
    mark = next((text for bom, text in _MARKS if first.startswith(bom)), "")
    if mark and not (declared in _UTF8 and mark.startswith("UTF-8")) and not declared.startswith("utf-16"):
        raise _wrong(office, feed, name, agreed, mark)
    if not declared.startswith("utf-16") and b"\0" in first[:HEAD]:
        raise _wrong(office, feed, name, agreed, "UTF-16 or not text at all")


def _known(office: str, feed: str, declared: str) -> str:
    try:
        return codecs.lookup(declared).name
    except LookupError:
        raise UnusableFeedError(
            office,
            feed,
            f"Its mapping declares the encoding {declared}, which does not exist.",
            "Correct options.encoding of the mapping (utf-8, windows-1252 …).",
        ) from None


def _wrong(office: str, feed: str, name: str, declared: str, found: str) -> UnusableFeedError:
    return UnusableFeedError(
        office,
        feed,
        f"{name}: the encoding agreed is {declared}, found is {found}.",
        "Ask the agency to export it as agreed, or correct options.encoding of the mapping.",
    )
