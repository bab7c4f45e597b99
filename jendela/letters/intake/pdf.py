"""The XML letter inside a PDF: the attachment `surat_phk.xml`. What is drawn on the pages is not read."""

from __future__ import annotations

import io
import logging
from typing import Any

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_OUR_PDF, TOO_MUCH, Refused

ATTACHMENT = "surat_phk.xml"


def letter_inside(content: bytes) -> bytes:
    """The bytes of the embedded letter.

    Raises:
        Refused: it is no readable PDF, is locked, has no such attachment, several, or too many of any.
    """
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    # It warns of every oddity it gets over; those of strangers' files are no news.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused(NOT_OUR_PDF, "pdf.locked")
        return _attachment(reader)
    except Refused:
        raise
    except (LimitReachedError, MemoryError):
        raise Refused(TOO_MUCH, "pdf.large", limit=limits.MAX_BYTES >> 20) from None
    except Exception:  # noqa: BLE001  a broken PDF breaks its reader in any way; there is nothing to tell apart
        raise Refused(NOT_OUR_PDF, "pdf.broken") from None


def _attachment(reader: Any) -> bytes:
    found: list[Any] = []
    for count, one in enumerate(reader.attachment_list, start=1):
        if count > limits.MAX_ATTACHMENTS:
            raise Refused(TOO_MUCH, "pdf.many", limit=limits.MAX_ATTACHMENTS)
        if one.name == ATTACHMENT or one.alternative_name == ATTACHMENT:
            found.append(one)
    if not found:
        raise Refused(NOT_OUR_PDF, "pdf.none", name=ATTACHMENT)
    if len(found) > 1:
        raise Refused(NOT_OUR_PDF, "pdf.several", name=ATTACHMENT)
    content = bytes(found[0].content)
    if len(content) > limits.MAX_BYTES:
        raise Refused(TOO_MUCH, "large", limit=limits.MAX_BYTES >> 20)
    return content
