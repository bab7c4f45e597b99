"""The hub's keys: master keys of 32 bytes, newest first, and what is derived from them (HKDF-SHA-256)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
KEY_ID_BYTES = 4


@dataclass(frozen=True, repr=False)
class Keyring:
    """The master keys, newest first, and where they came from (never the keys themselves).

    The newest seals; all of them open. Hashes and the ledger's signing key come from the oldest, the *root*,
    because a rotation must change neither a record's id nor the auditor's public key.
    """

    masters: tuple[bytes, ...]
    origin: str

    def __repr__(self) -> str:
        """Key ids and origin: fit for a log."""
        return f"Keyring({', '.join(key.hex() for key in self.ciphers)}; {self.origin})"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same for ever: from the root key."""
        return _hkdf(self.masters[-1], purpose)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell one root key from another and reveal nothing of it."""
        return self.derive("fingerprint")[:8].hex()

    @cached_property
    def ciphers(self) -> dict[bytes, AESGCM]:
        """The sealing cipher of every master key by its key id; the first is the one that seals."""
        return {_hkdf(key, "key-id")[:KEY_ID_BYTES]: AESGCM(_hkdf(key, "seal")) for key in self.masters}

    def file_keys(self, path: str) -> tuple[bytes, ...]:
        """The Parquet keys of one file, newest first. Each path has its own, so files cannot be exchanged."""
        return tuple(_hkdf(key, f"parquet:{path}") for key in self.masters)


def _hkdf(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=b"jendela", info=purpose.encode()).derive(master)
