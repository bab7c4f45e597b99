"""Keyed hashes: what lets the hub find and compare a NIK or a source key without keeping it in clear."""

from __future__ import annotations

import hmac

import numpy as np
import polars as pl
import polars_hash

from jendela.crypto.keyring import Keyring
from jendela.model.cells import cells

DIGEST_BYTES = 32
SCHEME = "hmac-sha256/text-key"  # told in the state folder: under another one every record gets a new id
TOGETHER = 8_192  # words: what is worked on stays in the processor's cache
_EACH = 0x0101010101010101  # eight bytes, worked on together


def keyed_hash(keyring: Keyring, purpose: str, values: pl.Series) -> pl.Series:
    """HMAC-SHA-256 of every text, 64 hex digits, in order; null stays null.

    Hashes of different purposes cannot be compared with each other.
    """
    frame = pl.DataFrame({"text": values.cast(pl.String)})
    hashed = polars_hash.col("text").chash.hmac_sha256(key=_key(keyring, purpose))
    return frame.select(hashed).to_series().alias(values.name)


def keyed_digest(keyring: Keyring, purpose: str, values: pl.Series) -> pl.Series:
    """The same hashes as 32 bytes each."""
    return as_bytes(keyed_hash(keyring, purpose, values))


def as_bytes(hashes: pl.Series) -> pl.Series:
    """Hashes in hexadecimal as the bytes they stand for; null stays null. Polars takes longer."""
    filled = hashes.fill_null("0" * 2 * DIGEST_BYTES) if hashes.null_count() else hashes
    whole = filled.rechunk().to_arrow()
    first = whole.offset * 2 * DIGEST_BYTES
    texts = np.frombuffer(whole.buffers()[2], np.uint8)[first : first + len(whole) * 2 * DIGEST_BYTES]
    digits, digests = texts.view(np.uint64), np.empty(len(texts) // 2, np.uint8)
    for start in range(0, len(digits), TOGETHER):
        some = digits[start : start + TOGETHER]
        # In ASCII the last four bits of a digit are its value; those of a letter, which has bit 6, lack nine.
        pairs = ((some & (15 * _EACH)) + 9 * ((some >> 6) & _EACH)).view("<u2")
        digests[4 * start : 4 * (start + len(some))] = (pairs << 4) | (pairs >> 8)
    made = pl.Series(hashes.name, cells(digests.reshape(-1, DIGEST_BYTES)))
    return made if not hashes.null_count() else made.set(hashes.is_null(), None)


def sha256(values: pl.Series) -> pl.Series:
    """SHA-256 of every binary value, 32 bytes each, in order."""
    frame = pl.DataFrame({"value": values})
    return as_bytes(frame.select(polars_hash.col("value").chash.sha2_256()).to_series())


def hash_one(keyring: Keyring, purpose: str, value: str) -> str:
    """The same hash of a single text, for a person at the desk who asks for one key."""
    return hmac.digest(_key(keyring, purpose).encode(), value.encode(), "sha256").hex()


def _key(keyring: Keyring, purpose: str) -> str:
    """The derived key as 64 hexadecimal digits, one block of SHA-256: the library takes a key as text."""
    return keyring.derive(f"hash:{purpose}").hex()
