"""The formats of files, by the name that a mapping gives them in `options.format`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors import csv_rows, fixed_rows, parquet_rows, sheet_rows
from connectors.found import Found, Stream
from connectors.reading import Reading, unusable
from jendela.model.ports import FeedSource

DEFAULT = "csv"
BY_BLOCKS = frozenset(("csv",))
"""The formats whose files need not be in memory."""
READERS: dict[str, Callable[[FeedSource, Any], Reading]] = {
    "csv": csv_rows.read,
    "xlsx": sheet_rows.read,
    "fixed": fixed_rows.read,
    "parquet": parquet_rows.read,
}


def read(source: FeedSource, file: Found | Stream) -> Reading:
    """The file's rows, by the reader of the feed's format.

    Raises:
        UnusableFeedError: the file is not in this format, or not as agreed; there is no such format.
    """
    name = str(source.options.get("format", DEFAULT))
    if name not in READERS:
        raise unusable(
            source,
            f"Its mapping has the format {name}, which does not exist.",
            f"Write one of {', '.join(READERS)} in options.format.",
        )
    return READERS[name](source, file)
