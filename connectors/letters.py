"""An agency that drops termination letters (XML) into a folder; deliveries to it are files, as of `files`."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from connectors.files import FilesConnector
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window


class LettersConnector(FilesConnector):
    """One agency's letter folder: its feeds are drops, read with `documents`."""

    def check(self, source: FeedSource) -> None:
        """Nothing, if the folder answers: no letters tonight is usual."""
        self._folder.names(source.feed, source.path or "*")

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """Nothing: letters come as documents.

        Raises:
            UnusableFeedError: always.
        """
        raise _only_documents(source)

    def keys(self, source: FeedSource) -> pa.Table:
        """Nothing: a letter that was dropped stays dropped.

        Raises:
            UnusableFeedError: always.
        """
        raise _only_documents(source)


def _only_documents(source: FeedSource) -> UnusableFeedError:
    return UnusableFeedError(
        source.office,
        source.feed,
        "A folder of letters has no rows of its own.",
        "Use mode drop in its mapping.",
    )
