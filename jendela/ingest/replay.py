"""A halted batch that a person released, read again from its own landing file: the source is not asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa
from sqlalchemy import Connection, select

from jendela.ingest.landing import ABOUT
from jendela.model.errors import SealBrokenError
from jendela.model.ports import Document, FeedSource, Window
from jendela.store.artefacts import Artefacts, gone_path
from jendela.store.batches import unsettled
from jendela.store.tables import batch

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Replay:
    """Stands in for the connector of a feed. `batches` are the released ones, oldest first.

    Of a drop each brought other files; of the others the newest brought all that the earlier ones did.
    """

    artefacts: Artefacts
    batches: tuple[Any, ...]

    @property
    def batch_id(self) -> str:
        """The batch that is taken."""
        return str(self.batches[-1].batch_id)

    def high_watermark(self, source: FeedSource) -> str | None:
        """The newest watermark at the source when the batch landed."""
        highest: str | None = json.loads(self.batches[-1].manifest).get("highest")
        return highest

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """The rows as they landed, with what was said of their files."""
        manifest = json.loads(self.batches[-1].manifest)
        about = {name: manifest[name] for name in ("files", "extra_columns")}
        for part in self.artefacts.landing_slices(self.batches[-1].landing):
            yield part.to_arrow().replace_schema_metadata({ABOUT: json.dumps(about).encode()})

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """The files as they landed, each once."""
        given: set[tuple[str, str]] = set()
        for one in self.batches:
            landed = self.artefacts.read_landing(one.landing)
            for name, sha256, content in landed.select("name", "sha256", "content").iter_rows():
                if (name, sha256) not in given and (name, sha256) not in seen:
                    given.add((name, sha256))
                    yield Document(name, content)

    def gone(self) -> pl.DataFrame:
        """`_record_id` of what the batch's own sweep of keys found gone; none where it made none."""
        taken = self.batches[-1]
        if not json.loads(taken.manifest).get("gone"):
            return pl.DataFrame(schema={"_record_id": pl.String})
        return self.artefacts.read_landing(gone_path(taken.landing))

    def keys(self, source: FeedSource) -> pa.Table:
        """Never asked for: an empty answer would say that everything is gone."""
        raise AssertionError(f"{source.feed}: a landing has no keys to sweep, only what was `gone`.")

    def check(self, source: FeedSource) -> None:
        """It landed: it can be read."""

    def deliver(self, outgoing: Any, rows: pa.Table) -> int:
        """Nothing is delivered to a landing file."""
        return 0

    def announce(self, outgoing: Any, night: str, rows: int) -> None:
        """Nothing is announced to a landing file."""

    def acknowledgements(self, outgoing: Any, delivery_ids: Sequence[str]) -> pa.Table:
        """A landing file answers nothing."""
        return pa.table({})


def waiting(conn: Connection, feed: str, *states: str) -> list[Any]:
    """The feed's batches in these states that no later batch settled, oldest first."""
    query = select(batch).where(batch.c.feed == feed, batch.c.state.in_(states), unsettled())
    return list(conn.execute(query.order_by(batch.c.seq)).all())


def released(conn: Connection, artefacts: Artefacts, source: FeedSource) -> Replay | None:
    """What is taken in place of asking the source; None if nothing was released.

    A batch whose landing is lost cannot be taken: it is said in the log, and the source is asked again.
    """
    found = tuple(one for one in waiting(conn, source.feed, "released") if _stands(artefacts, one))
    return Replay(artefacts, found) if found else None


def _stands(artefacts: Artefacts, one: Any) -> bool:
    try:
        for _ in artefacts.landing_slices(one.landing):
            pass  # opened and decrypted: that is what there is to see
        Replay(artefacts, (one,)).gone()
    except (FileNotFoundError, SealBrokenError):
        LOG.warning("%s was released, and is not as it landed any more: %s.", one.feed, one.landing)
        return False
    return True
