"""Encrypted Parquet files (Parquet modular encryption, AES-256-GCM, footer included)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from jendela.crypto.keyring import Keyring
from jendela.model.errors import SealBrokenError

DICTIONARY = 1 << 24  # bytes up to which a coded column of a slice stays one


def writer(keyring: Keyring, file: Path, path: str, schema: pa.Schema, *, packed: bool = True) -> Any:
    """A `ParquetWriter` to `file`, encrypted for the place `path`; close it.

    Not `packed`: for a file of digests that is soon removed, where compressing costs more than writing.
    """
    properties = pe.create_encryption_properties(
        keyring.file_keys(path)[0], aad_prefix=path.encode(), store_aad_prefix=False
    )
    return pq.ParquetWriter(
        file,
        schema,
        compression={field.name: "zstd" if packed and not _is_digest(field) else "none" for field in schema},
        # Of columns that come coded. What repeats in others is found by the compression, at half the cost.
        use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)],
        dictionary_pagesize_limit=DICTIONARY,
        write_statistics=False,  # nothing is looked up in these files
        encryption_properties=properties,
    )


def _is_digest(field: pa.Field) -> bool:
    """Digests are as good as random: nothing makes them shorter."""
    return bool(pa.types.is_fixed_size_binary(field.type))


@contextmanager
def opened(keyring: Keyring, file: Path, path: str) -> Iterator[pq.ParquetFile]:
    """The encrypted file that was written for the place `path`, to be read by row groups.

    Raises:
        SealBrokenError: no configured key opens it, or what is read of it was changed.
        FileNotFoundError: it is not there.
    """
    for key in keyring.file_keys(path):
        properties = pe.create_decryption_properties(key, aad_prefix=path.encode())
        try:
            # Not ahead of its use, and not all at once: memory is bounded by one row group.
            found = pq.ParquetFile(file, decryption_properties=properties, pre_buffer=False)
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowInvalid):
            continue
        with found:
            yield found
        return
    raise _broken(path)


def read_group(file: pq.ParquetFile, path: str, group: int, columns: Sequence[str] | None = None) -> pa.Table:
    """One row group of an opened file.

    Raises:
        SealBrokenError: it was changed.
    """
    try:
        return file.read_row_group(group, columns=None if columns is None else list(columns))
    except (OSError, pa.ArrowInvalid):
        raise _broken(path) from None


def _broken(path: str) -> SealBrokenError:
    return SealBrokenError(
        f"{path} does not open with any configured key: it was changed, cut short or moved. "
        "`jendela verify --artefacts` says whether these are the bytes that were written."
    )
