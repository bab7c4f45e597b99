"""The whole letter as it is signed: its canonical bytes, computed once on the tree that was looked at."""

from __future__ import annotations

from typing import Any

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
CANONICAL_1_0 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def cut(signature: Any) -> bytes:
    """The signature as a document of its own, every namespace in scope on its root; it leaves the letter.

    What stands behind it stays: that is the enveloped-signature transform (XMLDSig 6.6.4).
    """
    from lxml import etree

    alone = bytes(etree.tostring(signature, with_tail=False))
    parent, before = signature.getparent(), signature.getprevious()
    if signature.tail:
        if before is None:
            parent.text = (parent.text or "") + signature.tail
        else:
            before.tail = (before.tail or "") + signature.tail
    parent.remove(signature)
    return alone


def canonical(root: Any, algorithm: str) -> bytes:
    """The document of `root` by one of `profile.CANONICAL`, comments left out (a reference of URI "")."""
    from lxml import etree

    # Of a document without xml:id and xml:base, Canonical XML 1.1 is 1.0.
    return bytes(
        etree.tostring(
            root.getroottree(), method="c14n", exclusive=algorithm == EXCLUSIVE, with_comments=False
        )
    )
