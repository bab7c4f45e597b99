"""The text of a file in the encoding that was agreed, or a plain word on which one it is in."""

from __future__ import annotations

import codecs

from jendela.model.errors import UnusableFeedError

_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 with a byte-order mark"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
PIECE = 1 << 20
_UTF8 = {"utf-8", "utf-8-sig"}


def utf8_of(office: str, feed: str, name: str, content: bytes, declared: str) -> bytes:
    """The file's text in UTF-8 without a byte-order mark.

    Raises:
        UnusableFeedError: it is not in the declared encoding; the one found is named, or the first bad row.
    """
    agreed, declared = declared, _known(office, feed, declared)
    mark = next((text for bom, text in _MARKS if content.startswith(bom)), "")
    if mark and not (declared in _UTF8 and mark.startswith("UTF-8")) and not declared.startswith("utf-16"):
        raise _wrong(office, feed, name, agreed, mark)
    if not declared.startswith("utf-16") and b"\0" in content[:4096]:
        raise _wrong(office, feed, name, agreed, "UTF-16 or not text at all")
    if declared in _UTF8:
        content = content.removeprefix(codecs.BOM_UTF8)
        if not is_utf8(content):  # read again, for where
            _decoded(office, feed, name, content, "utf-8", "perhaps windows-1252")
        return content
    if not content.isascii() and not declared.startswith("utf-16") and is_utf8(content):
        # Text of a one-byte encoding is practically never valid UTF-8 by chance: `Ã©` would be a name here.
        raise _wrong(office, feed, name, agreed, "UTF-8")
    return _decoded(office, feed, name, content, declared, "another one").encode("utf-8")


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


def _decoded(office: str, feed: str, name: str, content: bytes, encoding: str, guess: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise UnusableFeedError(
                office,
                feed,
                f"{name} is cut: it ends in the middle of a letter.",
                "Ask the agency to send it again; nothing of it was taken.",
            ) from None
        row = content.count(b"\n", 0, error.start) + 1
        raise _wrong(office, feed, name, encoding, f"{guess}: line {row} cannot be read") from None


def is_utf8(content: bytes) -> bool:
    """Whether all of it is, seen piece by piece: decoded at once it takes its memory again, or four times."""
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(view), PIECE):
            decoder.decode(view[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wrong(office: str, feed: str, name: str, declared: str, found: str) -> UnusableFeedError:
    return UnusableFeedError(
        office,
        feed,
        f"{name}: the encoding agreed is {declared}, found is {found}.",
        "Ask the agency to export it as agreed, or correct options.encoding of the mapping.",
    )
