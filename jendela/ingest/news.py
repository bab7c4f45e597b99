"""The artefact `pull/<feed>.changes`: the rows that go on, over the landing in which they stand."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from jendela.crypto.hashes import as_bytes
from jendela.ingest.changes import Judged
from jendela.ingest.fingerprints import DIGESTS
from jendela.ingest.landing import Landed
from jendela.model.ports import FeedSource
from jendela.model.receipt import Digest, Night
from jendela.store.artefacts import Artefacts

STEP = "pull"
TYPES = {"_row": pl.Int64(), "_released": pl.Boolean(), **dict.fromkeys(DIGESTS, pl.Binary())}  # or text
OWN = ("_row", "_name", "_record_id", "_row_hash", "_released", "_problem", "_field", "_fields", "_as_of")


def write_changes(
    artefacts: Artefacts, night: Night, source: FeedSource, landed: Landed, judged: Judged
) -> Digest:
    """The digest of the feed's changes. Their values are those of the landing; where other rows stand among
    them, letters or released ones, the file has the values itself.
    """
    name, order = f"{source.feed}.changes", (*OWN, *source.columns)
    itself = landed.rows is not None or not judged.released.is_empty()
    with artefacts.writer(night, STEP, name, over=None if itself else landed.digest.path) as out:
        if not itself:
            for chosen in judged.slices:
                out.add(chosen.select(OWN), chosen["_at"], order)
        else:
            values = iter([landed.rows]) if landed.rows is not None else _values(artefacts, landed)
            for chosen, rows in zip(judged.slices, values, strict=True):
                out.add(_whole(chosen, rows, order))
            if not judged.released.is_empty():
                hashes = [as_bytes(judged.released[name]) for name in DIGESTS]
                out.add(_shaped(judged.released.with_columns(hashes), order))
    return out.digest


def write_nothing(artefacts: Artefacts, night: Night, source: FeedSource) -> Digest:
    """The digest of the changes of a feed that is halted: none."""
    return artefacts.write(
        night, STEP, f"{source.feed}.changes", _shaped(pl.DataFrame(), (*OWN, *source.columns))
    )


def _values(artefacts: Artefacts, landed: Landed) -> Iterator[pl.DataFrame]:
    return artefacts.landing_slices(landed.digest.path)


def _whole(chosen: pl.DataFrame, rows: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    values = rows.select(name for name in order if name not in OWN)[chosen["_at"]]
    return _shaped(pl.concat([chosen.select(OWN), values], how="horizontal"), order)


def _shaped(frame: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    """All columns in their order, empty ones where the frame has none."""
    schema: pl.Schema = pl.Schema({name: TYPES.get(name, pl.String()) for name in order})
    columns = ((pl.col(name) if name in frame.columns else pl.lit(None)).alias(name) for name in order)
    return frame.select(columns).cast(schema) if frame.width else pl.DataFrame(schema=schema)
