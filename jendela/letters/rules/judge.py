"""Judging letters: the document alone, and in reconcile with what became known of the case."""

from __future__ import annotations

import polars as pl

from jendela.law import Law
from jendela.letters.rules import cases, form, money, notice, reason, worker
from jendela.letters.rules.catalogue import Rules, Where
from jendela.letters.rules.context import prepared
from jendela.letters.rules.evaluate import Check, complete, evaluate, merged


def judge(letters: pl.DataFrame, law: Law, rules: Rules) -> pl.DataFrame:
    """Every rule that a letter breaks by itself, judged by the law of its effective date.

    Args:
        letters: one row a worker, the columns of `jendela.letters.frame.LETTERS`; what is missing is empty.
            `working_days_per_week` may say that the workplace works 6 days a week.
        law: the law.
        rules: the catalogue and its texts.

    Returns:
        One row per broken rule and worker: file, index, rule, severity (error, warning, info), field (path in
        the contract), message_id, message_en, article; in the order of the letters, then of the catalogue.
        Messages state dates, counts and the minimum amounts of the law, never who it is.
    """
    return evaluate(prepared(letters, law), document_checks(law, rules), rules, "document")


def judge_cases(letters: pl.DataFrame, law: Law, rules: Rules) -> pl.DataFrame:
    """The rules L-04, L-05, L-10 and L-13 to L-16, over letters joined with their case.

    Args:
        letters: the columns of `cases.JOINED`; what is missing is empty, and not judged. L-13 and L-14
            compare the letters of the frame with each other.
        law: the law.
        rules: the catalogue and its texts.

    Returns:
        As `judge`.
    """
    frame, compared = cases.collected(complete(letters, cases.JOINED), law)
    return evaluate(frame, merged([cases.checks(law), compared]), rules, "reconcile")


def document_checks(law: Law, rules: Rules) -> dict[str, Check]:
    """What the code knows of the document, by the name in the catalogue."""
    return merged(
        [
            reason.checks(law),
            notice.checks(law),
            money.checks(law),
            worker.checks(law, rules),
            form.checks(law),
        ]
    )


def names(law: Law, rules: Rules) -> dict[Where, set[str]]:
    """The checks that the code has: those of the catalogue, exactly."""
    empty = complete(pl.DataFrame(), cases.JOINED)
    _, compared = cases.collected(empty, law)
    return {
        "document": set(document_checks(law, rules)),
        "reconcile": set(merged([cases.checks(law), compared])),
    }
