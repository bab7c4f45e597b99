"""From findings to discrepancies: opened, still open, opened again, closed by what arrived. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from jendela.crypto import Keyring, keyed_hash
from jendela.law import Law
from jendela.letters.rules import Rules
from jendela.reconcile.duties import Duties

TOLD = ("person_id", "employer_id", "office", "side_a", "side_b")


@dataclass(frozen=True)
class Tonight:
    """What judges tonight's findings."""

    day: date
    seq: int
    law: Law
    duties: Duties
    rules: Rules


@dataclass(frozen=True)
class Settled:
    """Rows of `discrepancy`: `opened` whole ones; of the others the columns that change, by `discrepancy_id`.

    `withheld` are findings from which nothing may be concluded tonight.
    """

    opened: pl.DataFrame
    kept: pl.DataFrame
    reopened: pl.DataFrame
    closed: pl.DataFrame
    withheld: pl.DataFrame


def identified(findings: pl.DataFrame, keyring: Keyring) -> pl.DataFrame:
    """The findings with `discrepancy_id`, a keyed hash of the code and the sorted source record ids."""
    text = pl.concat_str("code", pl.col("records").list.join("\x1f"), separator="\x1f")
    ids = keyed_hash(keyring, "discrepancy", findings.select(text).to_series())
    named = findings.with_columns(discrepancy_id=ids).sort("found", descending=True, maintain_order=True)
    return named.unique("discrepancy_id", keep="first", maintain_order=True)


def settle(findings: pl.DataFrame, existing: pl.DataFrame, alive: pl.Series, tonight: Tonight) -> Settled:
    """What becomes of every discrepancy.

    `findings` are identified, `existing` the rows of `discrepancy` that are open or found again, `alive` the
    ids of all records that their sources still have. What is open and found stays open, even where nothing
    new may be concluded tonight; what is open and not found is closed, with what was found instead as
    evidence.
    """
    found = findings.filter(pl.col("found"))
    may = found.filter(pl.col("may_open"))
    is_open = existing.filter(pl.col("state") == "open")
    past = existing.filter(pl.col("state") == "closed").select("discrepancy_id", "times_opened")
    again = _as_open(may.join(past, on="discrepancy_id"), tonight)
    over = is_open.select("discrepancy_id", "code", "records").join(found, on="discrepancy_id", how="anti")
    over = over.join(findings.select("discrepancy_id", "closing"), on="discrepancy_id", how="left")
    return Settled(
        opened=_as_open(may.join(existing, on="discrepancy_id", how="anti"), tonight).with_columns(
            first_seq=pl.lit(tonight.seq, pl.Int64),
            first_day=pl.lit(tonight.day),
            times_opened=pl.lit(1, pl.Int64),
        ),
        kept=found.join(is_open.select("discrepancy_id", was="severity"), on="discrepancy_id").select(
            "discrepancy_id",
            "code",
            *TOLD,
            severity=pl.coalesce("severity", "was"),
            last_seq=pl.lit(tonight.seq, pl.Int64),
        ),
        reopened=again.with_columns(times_opened=pl.col("times_opened") + 1),
        closed=over.join(_deleted(over, alive), on="discrepancy_id", how="left").select(
            "discrepancy_id",
            "code",
            "records",
            state=pl.lit("closed"),
            closed_seq=pl.lit(tonight.seq, pl.Int64),
            closing_evidence=pl.coalesce("deleted", "closing", pl.lit("the records say something else now")),
        ),
        withheld=found.filter(~pl.col("may_open")).join(is_open, on="discrepancy_id", how="anti"),
    )


def _as_open(findings: pl.DataFrame, tonight: Tonight) -> pl.DataFrame:
    """Findings as open discrepancies, due in working days from tonight, owned as the list says."""
    listed = tonight.duties.by_code.rename({"severity": "listed"})
    known = findings.join(listed, on="code").with_columns(tonight=pl.lit(tonight.day))
    judged_by = {
        "law": tonight.law.digest[:16],
        "readings": tonight.law.readings.version,
        "list": tonight.duties.digest[:16],
        "letters": tonight.rules.digest[:16],
    }
    versions = pl.struct(
        pl.col("rule_version").alias("rule"),
        "regime",
        *(pl.lit(value).alias(name) for name, value in judged_by.items()),
    )
    return known.select(
        "discrepancy_id",
        "code",
        "owner",
        *TOLD,
        *(["times_opened"] if "times_opened" in known.columns else []),
        severity=pl.coalesce("severity", "listed"),
        state=pl.lit("open"),
        records=pl.lit('["') + pl.col("records").list.join('","') + pl.lit('"]'),
        last_seq=pl.lit(tonight.seq, pl.Int64),
        due_date=tonight.law.calendar.after(pl.col("tonight"), pl.col("working_days_due")),
        closed_seq=pl.lit(None, pl.Int64),
        closing_evidence=pl.lit(None, pl.String),
        versions=versions.struct.json_encode(),
    )


def _deleted(over: pl.DataFrame, alive: pl.Series) -> pl.DataFrame:
    """`discrepancy_id, deleted` of the cases of which a source has deleted a record."""
    each = over.select(
        "discrepancy_id", record_id=pl.col("records").str.json_decode(pl.List(pl.String))
    ).explode("record_id")
    gone = each.join(alive.alias("record_id").to_frame(), on="record_id", how="anti")
    return gone.group_by("discrepancy_id").agg(
        deleted=pl.lit("deleted at its source: record ") + pl.col("record_id").sort().str.join(", ")
    )
