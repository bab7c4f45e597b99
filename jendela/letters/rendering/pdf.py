"""A worker's copy opened: the letter inside, the text of its code, and what drew it."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from jendela.letters.rendering.worker_copy import ATTACHMENT

MAX_BYTES = (
    96 * 1024 * 1024
)  # an office's copy of a mass lay-off holds the letter and a sheet for each worker
# What pypdf raises over a file that is not as the standard has it.
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError, NotImplementedError, OSError)


@dataclass(frozen=True)
class Opened:
    """What a PDF holds of ours; all of it empty where it is not one of ours, or cannot be read."""

    letter: bytes | None
    code: str | None
    subject: str
    readable: bool


def open_pdf(pdf: bytes) -> Opened:
    """The parts of a copy. Nothing of a stranger's PDF is run or fetched; a broken one is said to be that."""
    import pypdf
    from pypdf.errors import PyPdfError

    unreadable = Opened(None, None, "", readable=False)
    if len(pdf) > MAX_BYTES or not pdf.startswith(b"%PDF-"):
        return unreadable
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its warnings quote the file
    try:
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        letters = [one.content for one in reader.attachment_list if one.name == ATTACHMENT]
        about: Any = reader.metadata or {}
        code, subject = about.get("/Keywords"), about.get("/Subject")
    except (*_BROKEN, PyPdfError):
        return unreadable
    if len(letters) > 1:
        return unreadable  # two letters of one name: nobody knows which is meant
    return Opened(
        letters[0] if letters else None, str(code) if code else None, str(subject or ""), readable=True
    )
