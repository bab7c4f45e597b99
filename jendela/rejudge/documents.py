"""Letters that came as files, read again from what landed: all of a letter is judged, not only its row."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from jendela.contracts.mapping import Feed
from jendela.ingest.fingerprints import record_ids
from jendela.law import Law
from jendela.letters.rows import judge_files
from jendela.letters.rules import Rules
from jendela.model.errors import JendelaError
from jendela.model.ports import Document
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import batch


def judge_landed(
    hub: Hub, conn: Connection, feed: Feed, letters: pl.DataFrame, law: Law, rules: Rules
) -> tuple[pl.DataFrame, pl.Series]:
    """What the rules say of the letters (`_record_id, _batch`), by `_record_id`; and those not read again.

    One landing file is in memory at a time; a letter is that of the batch that its current version came with.
    """
    from jendela.letters.xml import parse_letters

    places = frames.matching(conn, batch, letters.select(batch_id="_batch"))
    found, read = [], [pl.Series("_record_id", [], pl.String())]
    for batch_id, landing in places.select("batch_id", "landing").iter_rows():
        mine = letters.filter(pl.col("_batch") == batch_id)["_record_id"]
        documents = _documents(hub, landing)
        rows = parse_letters(documents).rows
        known = rows.select("_name", "_row").with_columns(
            record_ids(hub.keyring, feed.name, rows.select(feed.source.key)).alias("_record_id")
        )
        known = known.filter(pl.col("_record_id").is_in(mine.implode())).unique("_record_id", keep="last")
        judged = judge_files(
            [one for one in documents if one.name in set(known["_name"])], law, rules, hub.settings.agreements
        )
        found.append(judged.join(known, left_on=["file", "index"], right_on=["_name", "_row"], how="inner"))
        read.append(known["_record_id"])
    unread = letters.filter(~pl.col("_record_id").is_in(pl.concat(read).implode()))["_record_id"]
    return pl.concat(found) if found else judge_files([], law, rules).with_columns(
        _record_id=pl.lit(None, pl.String())
    ), unread


def _documents(hub: Hub, landing: str) -> list[Document]:
    """The files of one landing; none where it is no longer kept (retention) or cannot be read."""
    try:
        rows = hub.artefacts.read_landing(landing)
    except (OSError, JendelaError):
        return []
    return [Document(name, content) for name, content in rows.select("name", "content").iter_rows()]
