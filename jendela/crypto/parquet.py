"""Encrypted Parquet files (Parquet modular encryption, AES-256-GCM, footer included)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from jendela.crypto.keyring import Keyring
from jendela.model.errors import SealBrokenError


def writer(keyring: Keyring, file: Path, path: str, schema: pa.Schema) -> Any:
    """A `ParquetWriter` to `file`, encrypted for the place `path`; close it."""
    properties = pe.create_encryption_properties(
        keyring.file_keys(path)[0], aad_prefix=path.encode(), store_aad_prefix=False
    )
    return pq.ParquetWriter(file, schema, compression="zstd", encryption_properties=properties)


def read_table(keyring: Keyring, file: Path, path: str, columns: list[str] | None = None) -> pa.Table:
    """The table of an encrypted file that was written for the place `path`.

    Raises:
        SealBrokenError: no configured key opens it: it was changed, truncated, moved, or is not encrypted.
        FileNotFoundError: it is not there.
    """
    for key in keyring.file_keys(path):
        properties = pe.create_decryption_properties(key, aad_prefix=path.encode())
        try:
            return pq.read_table(file, columns=columns, decryption_properties=properties, partitioning=None)
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowInvalid):
            continue
    raise SealBrokenError(
        f"{path} does not open with any configured key: it was changed, cut short or moved. "
        "`jendela verify --artefacts` says whether these are the bytes that were written."
    )
