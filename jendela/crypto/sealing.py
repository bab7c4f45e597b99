"""Sealing: AES-256-GCM over one value, bound to the key and to the place it belongs to.

A sealed value is `version (1) || key id (4) || nonce (12) || ciphertext and tag`. Nonces are random, so that
one key may seal 2^32 values (NIST SP 800-38D, 8.3), forty times 17 M persons in six versions each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from struct import iter_unpack

import polars as pl
from cryptography.exceptions import InvalidTag

from jendela.crypto.keyring import KEY_ID_BYTES, Keyring
from jendela.model.errors import KeyMissingError, SealBrokenError

VERSION = b"\x01"
NONCE_BYTES = 12
HEADER = len(VERSION) + KEY_ID_BYTES
TOGETHER = 1_024  # values: their memory serves the next ones again, in the processor's cache; a third less


def seal(keyring: Keyring, plain: bytes, context: str) -> bytes:
    """The value sealed with the newest key; it opens only under the same context (a table and column)."""
    key_id, cipher = next(iter(keyring.ciphers.items()))
    header, nonce = VERSION + key_id, os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, plain, header + context.encode())


def unseal(keyring: Keyring, sealed: bytes, context: str) -> bytes:
    """The value that `seal` was given.

    Raises:
        KeyMissingError: it was sealed with a key that is not configured.
        SealBrokenError: it was changed, or was sealed for another context.
    """
    header, nonce = sealed[:HEADER], sealed[HEADER : HEADER + NONCE_BYTES]
    if not sealed.startswith(VERSION):
        raise SealBrokenError(f"A value of {context} is not sealed, or its first bytes were changed.")
    cipher = keyring.ciphers.get(header[len(VERSION) :])
    if cipher is None:
        key_id = header[len(VERSION) :].hex()
        raise KeyMissingError(
            f"A value of {context} was sealed with key {key_id}, which is not configured. Add it."
        )
    try:
        return cipher.decrypt(nonce, sealed[HEADER + NONCE_BYTES :], header + context.encode())
    except (InvalidTag, ValueError):
        raise SealBrokenError(f"A sealed value of {context} was changed, or belongs elsewhere.") from None


def seal_many(keyring: Keyring, plain: pl.Series, context: str) -> pl.Series:
    """Every value of a text or binary column sealed, as binary; null stays null."""
    return _by_parts(plain, lambda some: _sealed(keyring, some, context))


def _by_parts(values: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    some = [work(values[at : at + TOGETHER]) for at in range(0, len(values), TOGETHER)]
    return pl.concat(some, rechunk=True) if some else pl.Series(values.name, dtype=pl.Binary)


def _sealed(keyring: Keyring, plain: pl.Series, context: str) -> pl.Series:
    key_id, cipher = next(iter(keyring.ciphers.items()))
    header = VERSION + key_id
    bound = header + context.encode()
    values = plain.cast(pl.Binary).to_list()
    # Nonces in one draw: a system call for each would double the time.
    nonces = iter_unpack(f"{NONCE_BYTES}s", os.urandom(NONCE_BYTES * len(values)))
    encrypt = cipher.encrypt
    sealed = [
        None if value is None else header + nonce + encrypt(nonce, value, bound)
        for (nonce,), value in zip(nonces, values, strict=True)
    ]
    return pl.Series(plain.name, sealed, dtype=pl.Binary)


def unseal_many(keyring: Keyring, sealed: pl.Series, context: str) -> pl.Series:
    """Every value opened, as binary (cast to `pl.String` where it was text); null stays null.

    Raises:
        KeyMissingError, SealBrokenError: as `unseal`.
    """
    return _by_parts(sealed, lambda some: _unsealed(keyring, some, context))


def _unsealed(keyring: Keyring, sealed: pl.Series, context: str) -> pl.Series:
    return pl.Series(sealed.name, unseal_each(keyring, sealed.to_list(), context), dtype=pl.Binary)


def unseal_each(keyring: Keyring, sealed: Iterable[bytes | None], context: str) -> list[bytes | None]:
    """The same of values that are in no column yet."""
    known = {VERSION + key_id: cipher.decrypt for key_id, cipher in keyring.ciphers.items()}
    bound = {header: header + context.encode() for header in known}
    plain: list[bytes | None] = []
    add, body = plain.append, HEADER + NONCE_BYTES
    for value in sealed:
        if value is None:
            add(None)
            continue
        header = value[:HEADER]
        try:
            add(known[header](value[HEADER:body], value[body:], bound[header]))
        except (KeyError, InvalidTag, ValueError):
            # It tells what is wrong.
            add(unseal(keyring, value, context))
    return plain
