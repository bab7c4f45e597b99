"""Whether a source still has the columns that were agreed."""

from __future__ import annotations

from collections.abc import Sequence

from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource


def require(source: FeedSource, gone: Sequence[str], others: Sequence[str]) -> None:
    """Nothing, if no agreed column is gone.

    Raises:
        UnusableFeedError: it names the columns that are gone, and the columns found that nobody agreed.
    """
    if not gone:
        return
    found = f" Found instead, and not agreed: {', '.join(others)}." if others else ""
    raise UnusableFeedError(
        source.office,
        source.feed,
        f"Agreed but not there: {', '.join(gone)}.{found}",
        "Ask the agency whether it was removed or renamed; then correct its mapping.",
    )
