"""The rules of letters asked from here: which checks of the catalogue each record breaks."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from jendela.letters.frame import LETTERS
from jendela.letters.rules import Rules, judge, judge_cases
from jendela.letters.rules.cases import CASE
from jendela.reconcile.known import Known


def broken(records: pl.DataFrame, known: Known, *checks: str) -> pl.DataFrame:
    """`record_id, checks` (a list, in the order of the catalogue) of the records that break any of them.

    Args:
        records: `record_id` and what the checks ask for, under the names of the letter frame and of its
            case; what is missing is empty and not judged.
        known: whose law and rules judge.
        checks: names of checks that run in the same place: all of the document, or all of the case.
    """
    only = _only(known.rules, checks)
    asked = [name for name in (*LETTERS, *CASE) if name in records.columns and name not in ("file", "index")]
    frame = records.select(pl.col("record_id").alias("file"), pl.lit(1, pl.Int64).alias("index"), *asked)
    of_case = {entry.where for entry in only.entries} == {"reconcile"}
    found = (judge_cases if of_case else judge)(frame, known.law, only)
    return found.group_by("file", maintain_order=True).agg(checks="rule").rename({"file": "record_id"})


def _only(rules: Rules, checks: tuple[str, ...]) -> Rules:
    """The rules with these checks, each under its own name: a rule is broken in several ways."""
    entries = tuple(replace(entry, rule=entry.check) for entry in rules.entries if entry.check in checks)
    return replace(rules, entries=entries)
