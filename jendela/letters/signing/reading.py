"""The parser before anything of a signature is looked at: no DTD, no entities, no network, no huge tree."""

from __future__ import annotations

from typing import Any

from jendela.letters.signing.verdict import Refused

MAX_BYTES = 64 * 1024 * 1024  # ten thousand workers in one letter are about 25 MB


def hardened(*, keep_comments: bool = True) -> Any:
    """A new lxml parser that nobody outside can make work or fetch."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )


def parse(xml: bytes, *, keep_comments: bool = True) -> Any:
    """The root element of a letter.

    Raises:
        Refused: it is too large, has a document type or an entity, or is not well-formed.
    """
    from lxml import etree

    # Also in UTF-16, where every other byte is null. A letter has no need of a document type.
    if len(xml) > MAX_BYTES or b"<!DOCTYPE" in xml.replace(b"\0", b""):
        raise Refused("unreadable")
    try:
        root = etree.fromstring(xml, hardened(keep_comments=keep_comments))
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("unreadable") from None
    if root.getroottree().docinfo.internalDTD is not None or next(root.iter(etree.Entity), None) is not None:
        raise Refused("unreadable")
    return root
