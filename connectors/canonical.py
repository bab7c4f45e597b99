"""The one text form of a source value, whichever engine it came from.

NULL stays null. Text is as stored, without the padding of CHAR columns where the engine removes it itself.
Whole numbers are digits; decimals and floats have no zeros after the last digit of their fraction
(`4500000`, `4500000.5`). Dates are `YYYY-MM-DD`, timestamps `YYYY-MM-DD HH:MM:SS` with a fraction only where
it is not zero; with a zone they are in UTC and end in `Z`. Booleans are `1` and `0`, bytes lower-case hex.
So equal values hash equally, and timestamps sort as text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INTEGER, DECIMAL, REAL, BOOLEAN = "integer", "decimal", "real", "boolean"
DATE, TIMESTAMP, INSTANT = "date", "timestamp", "instant"
BYTES, TEXT, UNDECLARED = "bytes", "text", "undeclared"
STRING, PADDED = "string", "padded"  # text by its type, and text that the engine fills up with blanks

FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - the calendar's ends
_DECIMAL = r"^([+-]?\d+)(?:\.0+|(\.\d*?[1-9])0+)$"
_TIMESTAMP = r"^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.0+|(\.\d*?[1-9])0*)?(Z?)$"


def settle(texts: pa.Array | pa.ChunkedArray, kind: str) -> pa.Array:
    """The texts an engine gave for a column of `kind`, in the canonical form."""
    texts = pc.cast(texts, pa.string())
    if kind == DECIMAL:
        if _with_fractions(texts):
            return pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")
        return _each(texts, lambda values: pc.replace_substring_regex(values, _DECIMAL, r"\1\2"))
    if kind in (TIMESTAMP, INSTANT):
        return _each(texts, lambda values: pc.replace_substring_regex(values, _TIMESTAMP, r"\1 \2\3\4"))
    if kind == PADDED:
        return pc.ascii_rtrim(texts, " ")
    return texts


def _with_fractions(texts: pa.Array | pa.ChunkedArray) -> bool:
    """Whether all are digits with a point among them, without an exponent: so engines write one scale."""
    for part in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        written = part.buffers()[2]
        if written is not None and written.size and np.frombuffer(written, np.uint8).max() > ord("9"):
            return False
    return bool(pc.all(pc.match_substring(texts, "."), min_count=0).as_py())


def _each(texts: pa.Array | pa.ChunkedArray, rewrite: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The texts rewritten, each different one once: amounts and days repeat themselves."""
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    coded = pc.dictionary_encode(whole)
    return pc.take(rewrite(coded.dictionary), coded.indices)


def in_utc(moment: datetime) -> datetime:
    """A moment with a zone as that of UTC, without it.

    Programs write the first and the last moment of the calendar for "never" (`0001-01-01T00:00:00+07:00`); in
    UTC they would lie outside of it, and stay the first and the last.
    """
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return FIRST if moment.year == 1 else LAST


def text_of(value: Any) -> str | None:
    """The canonical text of one Python value, for drivers that offer no text of their own."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, datetime):
        zone = "Z" if value.tzinfo else ""
        plain = in_utc(value) if value.tzinfo else value
        text = plain.isoformat(sep=" ")
        return (text.rstrip("0") if plain.microsecond else text) + zone
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def columns_of(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pa.Table:
    """The rows of a driver as a table of text columns."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    arrays = [pa.array(map(text_of, column), pa.string()) for column in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))


def empty(names: Sequence[str]) -> pa.Table:
    """No rows, with the agreed columns: zero rows is a fact too."""
    return pa.schema([(name, pa.string()) for name in names]).empty_table()
