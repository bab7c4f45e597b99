"""Tonight's held rows beside those that wait: which are new, which are judged again, which overtaken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from jendela.crypto import Keyring, keyed_hash, seal_many
from jendela.store.sealed import HELD_ROW

MENDING = ("accepted", "echo")


@dataclass(frozen=True)
class HeldRows:
    """Frames for `held_row`: rows to insert, released rows held again, and new states by `held_id`."""

    new: pl.DataFrame
    again: pl.DataFrame
    overtaken: pl.DataFrame


def settle(
    changes: pl.DataFrame,
    outcomes: pl.DataFrame,
    broken: pl.DataFrame,
    waiting: pl.DataFrame,
    batch: Mapping[str, Any],
    keyring: Keyring,
    seq: int,
) -> HeldRows:
    """What tonight's outcomes of one feed do to its held rows.

    `changes` are the source rows that were judged, `broken` the rules they broke
    (`_record_id, entity, field, rule`), `waiting` the rows of `held_row` of these records that are held or
    released. A row that was released and is held again keeps its place; any other outcome, or a newer version
    of the source row, overtakes what waits; one that was accepted mends it.
    """
    held = (
        changes.join(outcomes.filter(pl.col("outcome") == "held"), on="_record_id", how="semi")
        .join(_violations(broken), on="_record_id", how="left")
        .with_columns(pl.col("violations").fill_null("[]"))
    )
    source = [name for name in changes.columns if not name.startswith("_")]
    raw = held.select(pl.struct(source).struct.json_encode() if source else pl.lit("{}")).to_series()
    held = held.with_columns(
        sealed_row=seal_many(keyring, raw, HELD_ROW),
        held_id=keyed_hash(keyring, "held", held["_record_id"] + f"\x1f{seq}"),
    )
    came_back = pl.col("_released").fill_null(value=False)
    again = waiting.filter(pl.col("state") == "released").join(
        held.filter(came_back).select(record_id="_record_id", v="violations", s="sealed_row"), on="record_id"
    )
    again = again.unique("record_id", keep="first", maintain_order=True)
    overtaken = waiting.join(
        outcomes.select("outcome", record_id="_record_id"), on="record_id", how="inner"
    ).join(again, on="held_id", how="anti")
    new = held.join(again.select(_record_id="record_id"), on="_record_id", how="anti")
    return HeldRows(
        new=new.select(
            "held_id",
            feed=pl.lit(batch["feed"]),
            office=pl.lit(batch["office"]),
            record_id="_record_id",
            batch_id=pl.lit(batch["batch_id"]),
            seq=pl.lit(seq, pl.Int64),
            source_line=pl.col("_row").cast(pl.Int64),
            source_name="_name",
            violations="violations",
            sealed_row="sealed_row",
            state=pl.lit("held"),
        ),
        again=again.select("held_id", violations="v", sealed_row="s", state=pl.lit("held")),
        overtaken=overtaken.select(
            "held_id",
            state=pl.lit("superseded"),
            mended_by=pl.when(pl.col("outcome").is_in(MENDING)).then("record_id"),
            closed_seq=pl.lit(seq, pl.Int64),
        ),
    )


def _violations(broken: pl.DataFrame) -> pl.DataFrame:
    """The rules broken by each record as a JSON list of {entity, field, rule}, without any value."""
    rules = broken.select("_record_id", "entity", "field", "rule").unique().sort("entity", "field", "rule")
    one = pl.struct("entity", "field", "rule").struct.json_encode()
    joined = rules.group_by("_record_id", maintain_order=True).agg(one.alias("each"))
    return joined.select("_record_id", violations=pl.lit("[") + pl.col("each").list.join(",") + pl.lit("]"))
