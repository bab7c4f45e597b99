"""Letters that go back to the office that sent them: held ones, and accepted ones that should be corrected.

An item is one source record. Here it is only listed, and nothing of it is opened.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver.desired import Desired
from jendela.deliver.known import Known
from jendela.letters.returns import CORRECT, HELD
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import held_row, letter_finding, night

ENTITY = "letter_return"
LETTER = "termination_letter"
VIOLATIONS = pl.List(pl.Struct(dict.fromkeys(("entity", "field", "rule", "severity"), pl.String())))
SERIOUS = "error"


def desired(hub: Hub, conn: Connection, spec: DeliverySpec, known: Known) -> Desired:
    """All returns of one office, in order of `item_key` (the record): nothing that is sealed is opened.

    A record whose newer version is held is returned as held only. `_of` names the row that the text is made
    of; `_person` repeats it, so that another row of the record is another basis.
    """
    held = frames.read(conn, _held(spec.office))
    found = frames.read(conn, _found(spec.office))
    letters = {
        name for name, feed in hub.agreements.offices[spec.office].feeds.items() if LETTER in feed.targets
    }
    both = pl.concat([_shaped(held, HELD), _shaped(found, CORRECT)]).filter(
        pl.col("_feed").is_in(sorted(letters))
    )
    nights = frames.read(conn, select(night.c.seq, night.c.day))
    due = known.law.calendar.after(pl.col("returned_date"), known.law.readings.returns.working_days)
    items = (
        both.unique("item_key", keep="first", maintain_order=True)
        .join(nights, left_on="_seq", right_on="seq", how="left")
        .with_columns(returned_date=pl.col("day").fill_null(known.day))
        .with_columns(
            mend_by_date=due,
            _days=pl.lit(known.law.readings.returns.working_days),
            _record="item_key",
            _office=pl.lit(spec.office),
            _person="_of",
            _own=pl.lit(None, pl.String),
            _copied=pl.lit(value=False),
        )
        .drop("day")
        .rename({"_seq": "version_seq"})
        .sort("item_key")
    )
    return Desired(items, pl.Series("fact_id", [], pl.String()))


def _held(office: str) -> Select[Any]:
    row = held_row.c
    return (
        select(
            row.record_id,
            row.held_id.label("_of"),
            row.feed.label("_feed"),
            row.seq.label("_seq"),
            row.source_name,
            row.source_line,
            row.violations,
        )
        .where(row.office == office, row.state == "held")
        .order_by(row.seq.desc(), row.held_id)
    )


def _found(office: str) -> Select[Any]:
    row = letter_finding.c
    return select(
        row.record_id,
        row.record_id.label("_of"),
        row.feed.label("_feed"),
        row.seq_from.label("_seq"),
        row.source_name,
        row.source_line,
        row.violations,
    ).where(row.office == office, row.seq_to.is_(None))


def _shaped(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Items of one kind; of an accepted letter only errors are returned, warnings are noted in the hub."""
    lines = errors(rows.select("violations", item_key="record_id"))
    told = pl.concat_str(pl.col("field").replace("", None), "rule", separator=" ", ignore_nulls=True)
    counted = lines.group_by("item_key").agg(
        rules=told.unique().sort().str.join("; "), rule_count=pl.len().cast(pl.Int64)
    )
    of = pl.col("_of") if kind == HELD else pl.concat_str("_of", pl.lit("/"), pl.col("_seq"))
    listed = rows.select(
        pl.lit(kind).alias("return_kind"),
        "source_name",
        pl.col("source_line").cast(pl.Int64),
        "_feed",
        pl.col("_seq").cast(pl.Int64),
        of.alias("_of"),
        item_key="record_id",
    )
    return listed.join(counted, on="item_key", how="inner", maintain_order="left")


def errors(rows: pl.DataFrame) -> pl.DataFrame:
    """`item_key, entity, field, rule` and what else the rows have, one line for each error of each item.

    `rows` has the JSON `violations`, and may have a list `told` that goes along with it. What one source row
    broke in the letter and in the report is said once.
    """
    together = ["violations", *(["told"] if "told" in rows.columns else [])]
    each = rows.with_columns(pl.col("violations").str.json_decode(VIOLATIONS)).explode(together)
    lines = each.drop_nulls("violations").unnest("violations")
    serious = lines.filter(pl.col("severity").fill_null(SERIOUS) == SERIOUS).drop("severity")
    return serious.unique(["item_key", "field", "rule"], keep="first", maintain_order=True)
