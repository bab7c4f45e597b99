"""Letters as an office's own records tell them: the frame that rules judge, and which rules can judge it.

A list kept at a counter states some twenty fields of a letter. A check that asks for another one would blame
the clerk for what the list has no column for, so it is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl

from jendela.law import Law
from jendela.letters.frame import LETTERS, PLACE, VIOLATIONS
from jendela.letters.rules import Rules, judge
from jendela.letters.rules.judge import document_checks
from jendela.model.ports import Document

# What the rules work out of a letter, by the fields it is worked out from.
_OF_REASON = ("_initiator", "_notice", "_ends", "_office_copy", "_separation", "_reason_article")
_OF_WAGES = ("start_date", "contract_type", "reason_code", "last_wage_basic", "fixed_allowance",
             "enterprise_size")  # fmt: skip
WORKED_OUT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_OF_REASON, ("reason_code",)),
    "_live": ("letter_type",),
    "_legal": ("effective_date",),
    "_fixed_term": ("contract_type",),
    "_by_agreement": ("enterprise_size",),
    "service_counted": ("start_date",),
    "severance_times": ("reason_code",),
    "upmk_times": ("reason_code",),
    "severance_minimum": _OF_WAGES,
    "upmk_minimum": _OF_WAGES,
    "pkwt_minimum": (*_OF_WAGES, "citizenship", "contract_end_date"),
}
# Hardly any record says it; the law presumes what it is.
PRESUMED = frozenset({"working_days_per_week"})
# One value in a record, a list in the letter.
LISTS = {"copy_office": "copy_offices", "reason_code": "reason_codes"}


def as_letters(rows: pl.DataFrame) -> pl.DataFrame:
    """Canonical rows of `termination_letter` (with `_record_id`) as `LETTERS`: `file` is the record's id."""
    named = {"file": pl.col("_record_id"), "index": pl.lit(1, pl.Int64())}
    for name, dtype in LETTERS.items():
        if name in rows.columns:
            named[name] = pl.col(name).cast(dtype)
    for one, many in LISTS.items():
        if one in rows.columns:
            value = pl.col(one).cast(pl.String())
            named[many] = pl.when(value.is_not_null()).then(pl.concat_list(value))
    return rows.select(made.alias(name) for name, made in named.items())


def judge_rows(rows: pl.DataFrame, stated: Collection[str], law: Law, rules: Rules) -> pl.DataFrame:
    """What canonical rows of `termination_letter` break, as `judge` says it; `file` is the `_record_id`.

    Args:
        rows: typed canonical rows with `_record_id`.
        stated: the contract's fields that the office's records have a place for.
        law: the law.
        rules: the catalogue; checks that ask for what is not stated are left out.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=VIOLATIONS)
    return judge(as_letters(rows), law, judgeable(stated, law, rules))


def judge_files(
    documents: Iterable[Document], law: Law, rules: Rules, agreements: Path | None = None
) -> pl.DataFrame:
    """What the letters of these files break, as `judge` says it: all of a letter is at hand.

    Args:
        agreements: the folder whose editions of the letter are in force; the installed ones without it.
    """
    from jendela.letters.intake.take import take_in

    return judge(take_in(documents, agreements).letters, law, rules)


def judgeable(stated: Collection[str], law: Law, rules: Rules) -> Rules:
    """The catalogue without the checks that need a field which these records never state."""
    known = {*stated, *(LISTS[name] for name in LISTS if name in stated), *PLACE, *PRESUMED}
    checks = document_checks(law, rules)

    def answered(name: str) -> bool:
        asked = set(checks[name].broken.meta.root_names())
        return all(set(WORKED_OUT.get(column, (column,))) <= known for column in asked)

    entries = (entry for entry in rules.entries if entry.where == "reconcile" or answered(entry.check))
    return replace(rules, entries=tuple(entries))
