"""An XML letter opened: its edition, what its signature is worth, and the part of it that counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jendela.letters.intake.form import Form, named_forms
from jendela.letters.intake.xml_open import open_xml
from jendela.letters.signing import Trust, Verdict, verify


class XmlLetter(NamedTuple):
    """The outermost element, its edition, and the verdict on its signature; None of a letter without one.

    Of a validly signed letter `root` is what its signature covers, and nothing else.
    """

    root: Any
    form: Form
    verdict: Verdict | None


def open_letter(
    content: bytes, trust: Trust, received: datetime | None = None, folder: Path | None = None
) -> XmlLetter:
    """The letter in an XML file, not yet judged by its form.

    Args:
        content: the file as it came.
        trust: the anchors; without any no signature is valid.
        received: when it came (with a zone), by default now.
        folder: the agreements of which it follows an edition, by default the installed ones.

    Raises:
        Refused: nothing can be read of it, as `open_xml` says.
    """
    root, verdict = open_xml(content, folder), None
    # Also in UTF-16, where every other byte is null.
    if b"Signature" in content or b"S\0i\0g\0n" in content:
        verdict = verify(content, trust, received)
        if verdict.signed is not None:
            root = open_xml(verdict.signed, folder)
    return XmlLetter(root, named_forms(folder)[root.tag.rpartition("}")[0][1:]], verdict)
