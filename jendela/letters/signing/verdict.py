"""What is said of a letter's signature, and why it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Status = Literal["none", "valid", "invalid"]


@dataclass(frozen=True)
class Verdict:
    """The judgement of one letter's signature.

    `reason` is a key of the message catalogue (`signature.…`); null when valid. Who signed, when and how are
    said of a valid signature only: of another one nobody knows. `signed_at` is what the signer claims (XAdES
    SigningTime), null in plain XMLDSig. `signed` are the canonical bytes of the letter without its
    signature, exactly what the digest was computed over: whoever relies on the signature reads these.
    """

    status: Status
    reason: str | None = None
    subject: str | None = None
    issuer: str | None = None
    serial: str | None = None
    signed_at: datetime | None = None
    algorithm: str | None = None
    signed: bytes | None = field(default=None, repr=False)


class Refused(Exception):  # noqa: N818  not an error: a verdict on its way out
    """The signature is not accepted; `reason` is the last part of the message key."""

    def __init__(self, reason: str) -> None:
        self.reason = f"signature.{reason}"
        super().__init__(self.reason)
