"""Signed checkpoints: size and root of the log, as a C2SP tlog-checkpoint in a C2SP signed note (Ed25519).

https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jendela.crypto import Keyring
from jendela.model.errors import EvidenceError

ORIGIN = "jendela/ledger"
ED25519 = b"\x01"  # signature type of the signed-note format
KEY_ID_BYTES = 4
PUBLIC_BYTES = 32


@dataclass(frozen=True)
class Checkpoint:
    """The log at one moment: its number of entries and its Merkle root."""

    size: int
    root: bytes

    def text(self, origin: str = ORIGIN) -> bytes:
        """What is signed."""
        return f"{origin}\n{self.size}\n{_base64(self.root)}\n".encode()


@dataclass(frozen=True)
class Verifier:
    """The public half of the ledger's key, with the name it signs under."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first bytes of a signature: which key made it."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def text(self) -> str:
        """The verifier key in one line, as `evidence/ledger.pub` holds it."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """The key in such a line.

        Raises:
            EvidenceError: it is not a verifier key of this form, or was changed.
        """
        try:
            name, _, key = text.split("+", 2)
            found = cls(name, base64.b64decode(key, validate=True)[len(ED25519) :])
        except (ValueError, binascii.Error):
            raise EvidenceError("The public key is not a C2SP verifier key.") from None
        if found.text() != text or len(found.public) != PUBLIC_BYTES:
            raise EvidenceError("The public key does not fit its own key id.")
        return found

    def open(self, note: bytes) -> Checkpoint:
        """The checkpoint in a signed note.

        Raises:
            EvidenceError: it is not signed with this key, or not exactly in the form that `sign` writes.
        """
        found, signature, signed = read(note)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
        except InvalidSignature:
            raise EvidenceError("is not signed with the ledger's key, or was changed.") from None
        # Base64 has bits that decoding ignores: only the one way to write it is accepted.
        if _note(found, self, signature) != note:
            raise EvidenceError("is not written as the ledger writes a checkpoint.")
        return found


def read(note: bytes) -> tuple[Checkpoint, bytes, bytes]:
    """What a signed note says, its signature and the bytes that are signed; whose it is, is not looked at.

    Raises:
        EvidenceError: it has not the form of a checkpoint.
    """
    try:
        text, signature_line = note.rsplit(b"\n\n", 1)
        _, size, root = (text + b"\n").decode().splitlines()
        found = Checkpoint(int(size), base64.b64decode(root, validate=True))
        signature = base64.b64decode(signature_line.split()[-1], validate=True)[KEY_ID_BYTES:]
    except (ValueError, IndexError, binascii.Error):
        raise EvidenceError("is not a checkpoint.") from None
    return found, signature, text + b"\n"


def verifier(keyring: Keyring) -> Verifier:
    """The public key of this hub's ledger."""
    return Verifier(ORIGIN, _private(keyring).public_key().public_bytes_raw())


def sign(keyring: Keyring, checkpoint: Checkpoint) -> bytes:
    """The checkpoint as a signed note; the same bytes every time (Ed25519 draws nothing)."""
    return _note(checkpoint, verifier(keyring), _private(keyring).sign(checkpoint.text()))


def _private(keyring: Keyring) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring.derive("ledger-signature"))


def _note(checkpoint: Checkpoint, by: Verifier, signature: bytes) -> bytes:
    return checkpoint.text(by.name) + f"\n— {by.name} {_base64(by.key_id + signature)}\n".encode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
