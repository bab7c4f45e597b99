"""The outermost element of an XML letter, from bytes that nobody trusts.

No document type, no entities, no network, no other file; the encoding is the one declared; what the tree
would take of memory is bounded before it is built.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_AS_AGREED, NOT_XML, TOO_MUCH, Refused, place
from jendela.letters.intake.form import ROOT, WORKER, forms, named_forms

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BYTES = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252"}
_WIDE = {"utf-16", "utf16", "utf-16le", "utf-16be"}
_UTF8_MARK, _WIDE_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


def open_xml(content: bytes, folder: Path | None = None) -> Any:
    """The root element, of the agreed name and a known namespace; nothing of its content is judged yet.

    Namespaces are those of the editions in the agreements `folder`, by default of the installed ones.

    Raises:
        Refused: it is empty, too large, not XML, not in the encoding that it declares, or asks for more than
            a letter needs.
    """
    from lxml import etree

    check_size(content)
    _check_encoding(content)
    # A letter has no need of a document type. Also in UTF-16, where every other byte is null.
    if b"<!DOCTYPE" in content or (b"\0" in content and b"<!DOCTYPE" in content.replace(b"\0", b"")):
        raise Refused(NOT_XML, "xml.doctype")
    if len(content) > limits.SMALL_FILE and (
        content.count(b"<") > limits.MAX_TAGS or content.count(b"=") > limits.MAX_ATTRIBUTES
    ):
        raise Refused(TOO_MUCH, "xml.tags")
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        last = error.error_log.last_error if len(error.error_log) else None
        kind = last.type_name if last is not None else "ERR_UNKNOWN"
        if kind == "ERR_RESOURCE_LIMIT":
            raise Refused(TOO_MUCH, "xml.limit", place=place(line=error.lineno)) from None
        raise Refused(NOT_XML, "xml.broken", kind=kind, place=place(line=error.lineno)) from None
    if root.getroottree().docinfo.doctype:
        raise Refused(NOT_XML, "xml.doctype")
    _check_root(root, folder)
    if len(content) > limits.SMALL_FILE:
        _check_repeated(root)
    if b"Signature" in content or b"S\0i\0g\0n" in content:
        _check_identities(root)
    return root


def check_size(content: bytes) -> None:
    """Nothing, if the file has something in it and not too much.

    Raises:
        Refused: it is empty or larger than any letter.
    """
    if len(content) > limits.MAX_BYTES:
        raise Refused(TOO_MUCH, "large", limit=limits.MAX_BYTES // 2**20)
    if len(content) < 64 and not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused(NOT_XML, "empty")


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lxml import etree

    # huge_tree=False is what bounds depth (256) and the length of one text or attribute (10 MB).
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )


def _check_encoding(content: bytes) -> None:
    """A parser that follows the byte-order mark and a reader that follows the declaration see two letters."""
    wide = content.startswith(_WIDE_MARKS)
    head = content[:512].replace(b"\0", b"") if wide else content[:512].removeprefix(_UTF8_MARK)
    if not wide and b"\0" in content[:4]:
        raise Refused(NOT_XML, "xml.encoding")
    declared = _DECLARED.match(head[2:] if wide else head)
    if declared is None:
        return
    name = declared[1].decode().lower()
    marked = content.startswith(_UTF8_MARK)
    if name not in (_WIDE if wide else _BYTES) or (marked and name not in ("utf-8", "utf8")):
        raise Refused(NOT_XML, "xml.encoding")


def _check_root(root: Any, folder: Path | None) -> None:
    namespace, _, name = root.tag.rpartition("}")
    if name != ROOT:
        raise Refused(NOT_AS_AGREED, "xml.root", root=ROOT)
    if namespace[1:] not in named_forms(folder):
        raise Refused(NOT_AS_AGREED, "xml.namespace", root=ROOT, namespace=forms(folder)[-1].namespace)


def _check_repeated(root: Any) -> None:
    """Finding the place of an error counts its siblings: few of them, or the square of many."""
    worker = f"{root.tag.rpartition('}')[0]}}}{WORKER}"
    workers = sum(1 for child in root if child.tag == worker)
    if workers > limits.MAX_WORKERS:
        raise Refused(TOO_MUCH, "workers", limit=limits.MAX_WORKERS)
    if len(root) - workers > limits.MAX_CHILDREN:
        raise Refused(TOO_MUCH, "xml.repeated", limit=limits.MAX_CHILDREN, place=place(line=root.sourceline))
    for element in root.iterdescendants():
        if len(element) > limits.MAX_CHILDREN:
            line = place(line=element.sourceline)
            raise Refused(TOO_MUCH, "xml.repeated", limit=limits.MAX_CHILDREN, place=line)


def _check_identities(root: Any) -> None:
    """Of two elements with one Id, a signature covers one and a reader takes the other."""
    seen: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2].lower() == "id":
                if value in seen:
                    raise Refused(NOT_XML, "xml.identity")
                seen.add(value)
