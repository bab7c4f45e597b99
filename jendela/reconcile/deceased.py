"""ID-08: somebody who died according to one record lives and works according to another.

The benefit ends with a death (PP 6/2025 Pasal 40), and a number that goes on after it may be used by another.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import stands
from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import BPJS, Known

CODE = "ID-08"
RECORD = ("office", "feed", "record_id")
SIDE = ("person_id", *RECORD, "as_of", "first_seq")


def find(known: Known) -> pl.DataFrame:
    """One case per person of whose death a record tells, beside the first record by which that one is active.

    Found: the days of grace after the death have passed. A mark at a name tells of a death by the day on
    which it was first read, also beside what the same record says.
    """
    grace = f"{known.law.readings.id08.grace_days}d"
    over = pl.col("day").dt.offset_by(grace)
    dead = deaths(known).sort("day", "first_seq", "record_id")
    dead = dead.unique("person_id", keep="first", maintain_order=True)
    pairs = dead.join(active(known), on="person_id", suffix="_b")
    lasting = pl.col("until").is_null() | (pl.col("until") > over)
    pairs = pairs.filter(lasting & (pl.col("since").is_null() | (pl.col("since") > pl.col("day"))))
    # What is told by the record of the death itself is no contradiction, but for a mark at the name.
    pairs = pairs.filter((pl.col("record_id") != pl.col("record_id_b")) | (pl.col("field") == "full_name"))
    first = pairs.sort("order", "first_seq_b", "record_id_b").unique(
        "person_id", keep="first", maintain_order=True
    )
    return cases(
        CODE,
        first.with_columns(
            found=over < known.day,
            may_open=pl.any_horizontal(
                (pl.col("entity") == entity) & known.was_heard(pl.col("office_b"), entity)
                for entity in ("employment", "pes_registration", "claim")
            ),
            employer_id=pl.lit(None, pl.String),
            office=pl.lit(None, pl.String),
            side_a=side(*RECORD, pl.col("field"), pl.col("day"), pl.col("as_of")),
            side_b=side(
                "office_b", "feed_b", "record_id_b", pl.col("field_b"), pl.col("value_b"), pl.col("as_of_b")
            ),
            closing=pl.lit("the others may not know of the death yet"),
        ),
        ["record_id", "record_id_b"],
    )


def deaths(known: Known) -> pl.DataFrame:
    """Who died: `SIDE`, the `field` that says so, and the `day`."""
    told = known.law.readings.id08
    ended = known.records["employment"].filter(pl.col("end_cause").is_in(told.causes))
    letter = pl.col("letter_type").is_in(told.letter_types) | pl.col("reason_code").is_in(told.reasons)
    letters = known.letters.filter(letter & stands())
    reported = pl.col("reason_code").is_in(told.reasons) & pl.col("withdrawn_by").is_null()
    notices = known.records["disqualification_notice"].filter(pl.col("reason").is_in(told.notices))
    marked = known.mentions.filter(pl.col("noted").list.eval(pl.element().is_in(told.marks)).list.any())
    parts = (
        (ended, "end_date", pl.col("end_date")),
        (letters, "effective_date", pl.col("effective_date")),
        (known.reports.filter(reported), "effective_date", pl.col("effective_date")),
        (notices, "event_date", pl.coalesce("event_date", "sent_date")),
        (marked, "full_name", pl.col("as_of")),
    )
    found = [frame.select(*SIDE, field=pl.lit(field), day=day) for frame, field, day in parts]
    return pl.concat(found).drop_nulls(["person_id", "day"])


def active(known: Known) -> pl.DataFrame:
    """Who lives and works: `SIDE`, `entity`, the field and value that say so; for a spell `until` when, for a
    claim `since` when. Spells come first in `order`, those at BPJS before others."""
    told = known.law.readings.id08
    spells = known.records["employment"]
    seekers = known.records["pes_registration"].filter(pl.col("status").is_in(told.registrations))
    claims = known.claims.filter(pl.col("status").is_in(told.claim_status))
    none = pl.lit(None, pl.Date)
    parts = (
        (
            spells,
            "employment",
            "end_date",
            pl.col("end_date"),
            none,
            (pl.col("office") != BPJS).cast(pl.Int64),
        ),
        (seekers, "pes_registration", "status", none, none, pl.lit(2, pl.Int64)),
        (claims, "claim", "filed_date", none, pl.col("filed_date"), pl.lit(3, pl.Int64)),
    )
    found = [
        frame.select(
            *SIDE,
            entity=pl.lit(entity),
            field=pl.lit(field),
            value=pl.col(field).cast(pl.String),
            until=until,
            since=since,
            order=order,
        )
        for frame, entity, field, until, since, order in parts
    ]
    return pl.concat(found).drop_nulls("person_id").rename({"value": "value_b"})
