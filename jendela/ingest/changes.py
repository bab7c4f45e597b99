"""What a batch says that is news: pure, over frames.

Every row received or released has exactly one outcome here: it goes on (`changes`), or it is superseded,
a duplicate, or unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from jendela.crypto.hashes import as_bytes
from jendela.ingest.fingerprints import DIGESTS
from jendela.ingest.known import Known
from jendela.ingest.marks import Marks, among, short
from jendela.model.ports import FeedSource

_NO_DAY = pl.lit(None, pl.String).alias("_as_of")
OUTCOMES = ("changes", "unchanged", "duplicate", "superseded")


@dataclass(frozen=True)
class Classified:
    """The rows that go on, and how many had which outcome; `received + released` is their sum."""

    changes: pl.DataFrame
    counts: dict[str, int]


def classify(
    source: FeedSource, rows: pl.DataFrame, released: pl.DataFrame, known: pl.DataFrame, gone: pl.Series
) -> Classified:
    """The batch's rows against what the hub knows of them.

    `rows` and `released` have `_record_id` and `_row_hash`; `known` is what `source_row` says of these
    records (`record_id, row_hash, deleted_seq`); `gone` are those that the agency deleted. Of several
    versions of one record the last counts, by the watermark and then by position. A released row goes on
    unless a newer version of it came tonight, or the agency deleted it.
    """
    judged = _outcomes(source, rows, known)
    overtaken = pl.concat([judged.filter(pl.col("_outcome") == "changes")["_record_id"], gone])
    back = released.with_columns(
        pl.when(pl.col("_record_id").is_in(overtaken.implode()))
        .then(pl.lit("superseded"))
        .when(pl.col("_record_id").is_first_distinct())
        .then(pl.lit("changes"))
        .otherwise(pl.lit("duplicate"))
        .alias("_outcome"),
        pl.lit(value=True).alias("_released"),
    )
    together = pl.concat([judged.with_columns(pl.lit(value=False).alias("_released")), back], how="diagonal")
    counted = dict(together.group_by("_outcome").len().iter_rows())
    counts = {
        "received": rows.height,
        "released": released.height,
        **{name: counted.get(name, 0) for name in OUTCOMES},
    }
    return Classified(together.filter(pl.col("_outcome") == "changes").drop("_outcome"), counts)


@dataclass
class Judged:
    """What becomes of a feed's rows. `released` are released rows that go on; of every slice of the landing,
    `slices` gives in turn the rows that go on: their marks (hashes as bytes), `_released`, and `_at`, their
    place in it.
    """

    released: pl.DataFrame
    counts: dict[str, int]
    slices: Iterator[pl.DataFrame]


def judge(
    source: FeedSource,
    marks: Marks,
    known: Known,
    known_rows: Callable[[pl.Series], pl.DataFrame],
    released: pl.DataFrame,
    gone: pl.Series,
    ordered: pl.DataFrame | None = None,
) -> Judged:
    """The same as `classify`, slice by slice; `counts` are complete when the slices have been read.

    What becomes of a row depends on rows of its own record only. Those of a record that stands in the
    batch more than once, or was released, are judged together; `known_rows` gives what the hub knows of
    these. All others are new, changed or unchanged whatever else came.
    """
    repeated = marks.rows() if ordered is not None else marks.repeated(short(released["_record_id"]))
    together = marks.of(repeated).with_columns(_NO_DAY) if ordered is None else ordered
    classified = classify(source, together, released, known_rows(together["_record_id"]), gone)
    counts = classified.counts
    chosen = classified.changes

    def slices() -> Iterator[pl.DataFrame]:
        for number, part in enumerate(marks.slices()):
            keys = short(part["_record_id"])
            single = ~among(keys, repeated) if ordered is None else np.zeros(len(keys), np.bool_)
            unchanged = known.unchanged(keys, short(part["_row_hash"])) & single
            news = part.with_row_index("_at").with_columns(_NO_DAY).filter(pl.Series(single & ~unchanged))
            counts["received"] += int(single.sum())
            counts["unchanged"] += int(unchanged.sum())
            counts["changes"] += news.height
            others = chosen.filter((pl.col("_slice") == number) & ~pl.col("_released"))
            own = [
                news.with_columns(_released=pl.lit(value=False)),
                others.select(*news.columns, "_released").with_columns(
                    as_bytes(others[name]) for name in DIGESTS
                ),
            ]
            yield pl.concat(own).sort("_at")

    return Judged(chosen.filter(pl.col("_released")).select(*released.columns, "_released"), counts, slices())


def halt_reason(before: int | None, now: int, limit: float) -> str | None:
    """Why a source that had `before` rows and has `now` is not believed; None if it is.

    One row less is always believed: in a list of three it is a third.
    """
    if not before or limit >= 1:
        return None
    if now == 0:
        return f"It is empty, and had {before} rows the night before."
    if before - now > max(limit * before, 1):
        return f"It shrank from {before} rows to {now}, by more than {limit:.0%}."
    return None


def _outcomes(source: FeedSource, rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    hashes = known.filter(pl.col("deleted_seq").is_null()).select(
        pl.col("record_id").alias("_record_id"), pl.col("row_hash").alias("_known_hash")
    )
    ordered = (
        rows.with_row_index("_position")
        .with_columns(_order(source))
        .sort("_order", "_position", nulls_last=False)
    )
    latest = ordered.with_columns(pl.col("_row_hash").last().over("_record_id").alias("_latest")).sort(
        "_position"
    )
    first = pl.int_range(pl.len()).over("_record_id", "_row_hash") == 0
    joined = latest.with_columns(first.alias("_first")).join(
        hashes, on="_record_id", how="left", maintain_order="left"
    )
    return joined.with_columns(
        pl.when(pl.col("_row_hash") != pl.col("_latest"))
        .then(pl.lit("superseded"))
        .when(~pl.col("_first"))
        .then(pl.lit("duplicate"))
        .when(pl.col("_row_hash") == pl.col("_known_hash"))
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("changes"))
        .alias("_outcome")
    ).drop("_position", "_order", "_latest", "_first", "_known_hash")


def _order(source: FeedSource) -> pl.Expr:
    """What sorts a record's versions: a whole number as a number, a timestamp as text."""
    if source.watermark is None:
        return pl.lit(None, pl.String).alias("_order")
    text = pl.col(source.watermark).str.strip_chars_end("Z")
    digits = text.str.zfill(20)
    return pl.when(text.str.contains(r"^\d+$")).then(digits).otherwise(text).alias("_order")
