"""Business order: which day a file speaks of, and that an older one never overwrites a newer. Pure.

Files say their day in their name (`model.file_names`). A drop's files are compared record by record; a
snapshot's as a whole, for a complete extract says everything as of its day. A day that lies ahead of the
night is a typing mistake and orders nothing: as the newest it would make everything until then too late.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa

from jendela.ingest.window import FORWARD
from jendela.model.file_names import said
from jendela.model.ports import Connector, Document, FeedSource, Window

NO_END = "9999-12-31"


@dataclass(frozen=True)
class Ordered:
    """A batch in business order.

    `rows` may count, the oldest first; `overtaken` others come too late: something newer was taken before, or
    comes with them. `as_of` is the newest day of the batch, `stale` whether all of it is older than what was
    taken (snapshots), `confirmed` (`record_id, as_of`) what a newer file says again unchanged, `ahead` the
    names of files whose day lies ahead.
    """

    rows: pl.DataFrame
    overtaken: int
    as_of: str | None
    stale: bool
    confirmed: pl.DataFrame
    ahead: tuple[str, ...] = ()


def day_of(name: str | None, named: str | None = None) -> str | None:
    """The day in a file's name, as ISO text; None of one that says none, or a day that no calendar has."""
    told = said(name or "", named)
    return told.day if told is not None else None


def latest(night: date) -> str:
    """The last day that is believed of a file in this night."""
    return str(night + FORWARD)


def believed(day: str | None, last: str, named: str | None = None) -> str | None:
    """The day in a name (or one that was kept), unless it lies after `last`."""
    found = day_of(day, named)
    return found if found is not None and found <= last else None


def ahead_halt(source: FeedSource, ordered: Ordered) -> tuple[str, str] | None:
    """The guard that halts a complete extract of a day ahead, and why; one letter's day halts no other."""
    if not ordered.ahead or source.mode != "snapshot":
        return None
    name = ordered.ahead[-1]
    return "ahead", (
        f"The file {_shown(source, name)} says that it is of {day_of(name, _named(source))}, "
        f"which lies ahead of the night by more than {FORWARD.days} days."
    )


def _shown(source: FeedSource, name: str) -> str:
    """Of a file's name what the agreed path says itself, and its day: the rest may be of a person."""
    base = name.rpartition("/")[2]
    told = said(base, _named(source))
    begins, ends = told.span if told is not None else (0, len(base))
    agreed = re.split(r"[*?\[]", (source.path or "").rpartition("/")[2])[0]
    head = base[: min(len(agreed), begins)] if base.startswith(agreed) else ""
    stem, dot, ending = base[ends:].rpartition(".")
    between, after = ("…" if part.strip(" _-.") else part for part in (base[len(head) : begins], stem))
    return f"{head}{between}{base[begins:ends]}{after}{dot}{ending}"


def dated(source: FeedSource) -> bool:
    """Whether every file of the feed is of a day of its own: a drop, or a series of complete extracts."""
    return source.mode == "drop" or (source.mode == "snapshot" and bool(source.options.get("dated")))


def in_order(
    source: FeedSource,
    rows: pl.DataFrame,
    known: pl.DataFrame,
    taken: str | None,
    last: str = NO_END,
    files: Collection[str] = (),
) -> Ordered:
    """The rows (`_name, _record_id, _row_hash`) that may count against what was taken before.

    `known` is `source_row` of these records (`record_id, row_hash, as_of, deleted_seq`), `taken` the newest
    day taken of this feed; days after `last` order nothing. `files` are the names of all files of an extract:
    those too of which no row is left.
    """
    nothing = pl.DataFrame(schema={"record_id": pl.String(), "as_of": pl.String()})
    if source.mode not in ("drop", "snapshot") or source.path is None:
        return Ordered(_undated(rows), 0, None, False, nothing)
    names = rows["_name"].unique().to_list()
    named = _named(source)
    by_name = {name: day for name in names if (day := believed(name, last, named)) is not None}
    ahead = tuple(sorted(name for name in names if name not in by_name and day_of(name, named)))
    marked = rows.with_columns(
        pl.col("_name").replace_strict(by_name, default=None, return_dtype=pl.String).alias("_as_of")
    )
    days = [day for name in (*by_name, *files) if (day := believed(name, last, named)) is not None]
    newest = max(days, default=None)
    if source.mode == "snapshot":
        stale = newest is not None and taken is not None and newest < taken and not ahead
        counts = marked.clear() if stale else marked
        if not stale and dated(source) and (ahead or newest is not None):
            # Who releases an extract of a day ahead means it: it counts, and the feed's day stays as it was.
            counts = marked.filter(pl.col("_name").is_in(ahead) if ahead else pl.col("_as_of") == newest)
        overtaken = marked.height - counts.height
        return Ordered(_undated(counts), overtaken, newest, stale, nothing, ahead)
    before = known.filter(pl.col("deleted_seq").is_null()).select(
        _record_id="record_id",
        _known_as_of=pl.when(pl.col("as_of") <= last).then("as_of"),
        _known_hash="row_hash",
    )
    joined = marked.join(before, on="_record_id", how="left", maintain_order="left")
    late = (pl.col("_as_of") < pl.col("_known_as_of")).fill_null(value=False)
    counting = joined.filter(~late).sort("_as_of", nulls_last=False, maintain_order=True)
    again = counting.filter(
        (pl.col("_row_hash") == pl.col("_known_hash"))
        & (pl.col("_as_of") > pl.col("_known_as_of").fill_null(""))
    )
    confirmed = again.group_by(record_id="_record_id").agg(as_of=pl.col("_as_of").max())
    # Of files that say the same the first goes on: it speaks as of the newest of them.
    newest_of_record = pl.col("_as_of").max().over("_record_id")
    counting = counting.drop("_known_as_of", "_known_hash").with_columns(newest_of_record.alias("_as_of"))
    return Ordered(counting, rows.height - counting.height, newest, False, confirmed, ahead)


def _named(source: FeedSource) -> str | None:
    return source.options.get("named")


def _undated(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.lit(None, pl.String).alias("_as_of"))


class OneDay:
    """A connector that gives the files of one business day: the oldest that was not taken yet.

    A catch-up reads through it, so that every day is a supplement of its own. Files without a day come with
    the first. `later` counts the days that remain.
    """

    def __init__(self, connector: Connector, taken: str | None) -> None:
        self._connector, self._taken = connector, taken
        self.later = 0

    def __getattr__(self, name: str) -> Any:
        """Everything else is the connector's own."""
        return getattr(self._connector, name)

    def documents(self, source: FeedSource, seen: Container[tuple[str, str]]) -> Iterator[Document]:
        """The files of the oldest day among those not seen."""
        names = [document.name for document in self._connector.documents(source, seen)]
        named = _named(source)
        day = self._choose({found for name in names if (found := day_of(name, named))}, None)
        for document in self._connector.documents(source, seen):
            if day_of(document.name, named) in (None, day):
                yield document

    def pull(self, source: FeedSource, window: Window) -> Iterator[pa.Table]:
        """The rows of the extract of the oldest day after the one taken last."""
        names: set[str | None] = set()
        named = _named(source)
        for table in self._connector.pull(source, window):
            names |= set(table["_name"].unique().to_pylist())
        day = self._choose({found for name in names if (found := day_of(name, named))}, self._taken)
        for table in self._connector.pull(source, window):
            mine = [day_of(name, named) in (None, day) for name in table["_name"].to_pylist()]
            if table.num_rows == 0 or any(mine):
                yield table.filter(pa.array(mine, pa.bool_()))

    def _choose(self, days: set[str], taken: str | None) -> str | None:
        coming = sorted(day for day in days if taken is None or day > taken)
        self.later = max(len(coming) - 1, 0)
        return coming[0] if coming else max(days, default=None)
