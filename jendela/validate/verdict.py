"""What becomes of the rows of one feed: accepted, held with every rule they broke, or an echo. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jendela.contracts.codes import CodeList
from jendela.contracts.odcs import Contract
from jendela.contracts.rows import REQUIRED, broken_rules

PROBLEM = pl.Schema(
    {
        "_record_id": pl.String,
        "_row": pl.Int64,
        "_name": pl.String,
        "entity": pl.String,
        "field": pl.String,
        "rule": pl.String,
    }
)
WARNING = pl.Schema([*PROBLEM.items(), ("outcome", pl.String)])
OUTCOME = pl.Schema({"_record_id": pl.String, "outcome": pl.String})

# (entity, canonical rows) to whether each is what we delivered ourselves.
EchoTest = Callable[[str, pl.DataFrame], pl.Series]


@dataclass(frozen=True)
class Verdict:
    """`accepted` by entity; `held` and `warnings`, one line per broken rule; `outcomes`, one per source row.

    A warning's outcome says whether the value was emptied (set_aside) or only noticed (note).
    No line carries a value.
    """

    accepted: dict[str, pl.DataFrame]
    held: pl.DataFrame
    warnings: pl.DataFrame
    outcomes: pl.DataFrame

    def count(self, outcome: str) -> int:
        """How many source rows had this outcome."""
        return self.outcomes.filter(pl.col("outcome") == outcome).height


def judge(
    entities: Mapping[str, pl.DataFrame],
    problems: pl.DataFrame,
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    night: date,
    is_echo: EchoTest,
) -> Verdict:
    """The verdict over the canonical rows of one feed, and over what could not be read of it.

    A source row has one outcome: held if any of its canonical rows broke a rule or could not be read,
    else accepted, unless all of them are what we delivered ourselves.
    """
    held, warnings, clean = (
        [problems.select(PROBLEM.names()).cast(PROBLEM)],
        [pl.DataFrame(schema=WARNING)],
        {},
    )
    for entity, rows in entities.items():
        frame, broken = _judge_rows(contracts[entity], codes, night, rows)
        lines = _lines(entity, frame, broken)
        held.append(lines.filter(pl.col("outcome") == "hold").select(PROBLEM.names()))
        warnings.append(lines.filter(pl.col("outcome") != "hold"))
        clean[entity] = frame
    all_held = _without_consequences(pl.concat(held)).unique().sort(PROBLEM.names(), nulls_last=True)
    held_ids = all_held["_record_id"].unique()
    outcomes = [pl.DataFrame({"_record_id": held_ids, "outcome": "held"}, schema=OUTCOME)]
    accepted = {}
    for entity, frame in clean.items():
        sound = frame
        if not held_ids.is_empty():  # they are few: a join would look the other way round
            bad = pl.col("_record_id").is_in(held_ids.implode()).fill_null(value=False)
            sound = frame.filter(~bad)
        echo = _echoes(entity, sound, is_echo)
        accepted[entity] = sound.filter(~echo) if echo.any() else sound
        found = pl.when(echo).then(pl.lit("echo")).otherwise(pl.lit("accepted"))
        outcomes.append(sound.select("_record_id", found.alias("outcome")))
    if len(clean) == 1:  # then each row has one already
        firsts = pl.concat(outcomes)
        return Verdict(accepted, all_held, pl.concat(warnings).sort(WARNING.names(), nulls_last=True), firsts)
    # Of the outcomes of a row's entities the first in this order counts: held, accepted, echo.
    order = pl.col("outcome").replace_strict({"held": 0, "accepted": 1, "echo": 2}, return_dtype=pl.Int8)
    firsts = (
        pl.concat(outcomes).sort("_record_id", order).unique("_record_id", keep="first", maintain_order=True)
    )
    return Verdict(accepted, all_held, pl.concat(warnings).sort(WARNING.names(), nulls_last=True), firsts)


def _judge_rows(
    contract: Contract, codes: Mapping[str, CodeList], night: date, rows: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows without the values that were set aside, and every rule that they broke before and after."""
    broken = broken_rules(contract, codes, night, rows)
    aside = broken.filter(pl.col("outcome") == "set_aside")
    if aside.is_empty():
        return rows, broken
    positions = {str(field): found["position"] for (field,), found in aside.group_by("field")}
    emptied = rows.with_columns(
        pl.when(~pl.int_range(pl.len()).is_in(found.implode())).then(pl.col(field)).alias(field)
        for field, found in sorted(positions.items())
    )
    # An emptied field may leave the row without what another rule asks for.
    touched = aside["position"].unique().sort()
    again = broken_rules(contract, codes, night, emptied[touched]).filter(pl.col("outcome") == "hold")
    again = again.with_columns(position=pl.lit(touched).gather(pl.col("position")).cast(pl.UInt32))
    return emptied, pl.concat([broken, again]).unique().sort("position", "field", "rule")


def _without_consequences(held: pl.DataFrame) -> pl.DataFrame:
    """A value that could not be read is not missing besides."""
    place = ["_record_id", "entity", "field"]
    unread = (
        held.filter(pl.col("rule").str.starts_with("M-") & (pl.col("field") != "")).select(place).unique()
    )
    missing = held.filter(pl.col("rule") == REQUIRED).join(unread, on=place, how="anti", nulls_equal=True)
    return pl.concat([held.filter(pl.col("rule") != REQUIRED), missing])


def _lines(entity: str, frame: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
    rows = frame.select("_record_id", "_row", "_name").with_row_index("position")
    return (
        broken.join(rows, on="position", how="left", maintain_order="left")
        .with_columns(entity=pl.lit(entity))
        .select(WARNING.names())
        .cast(WARNING)
    )


def _echoes(entity: str, frame: pl.DataFrame, is_echo: EchoTest) -> pl.Series:
    """Which rows have no origin of their own and say just what we delivered."""
    if frame.is_empty() or frame["_independent"].all():
        return pl.Series("echo", [False] * frame.height, dtype=pl.Boolean)
    return (is_echo(entity, frame) & ~frame["_independent"]).alias("echo")
