"""Pairs of files: all of it is resolved, so that frequencies and the fitted model are those of the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from jendela.identity.compare.commonness import commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.explain.account import accounts
from jendela.identity.explain.explained import Explained, notes_on, values_of
from jendela.identity.files import FileMentions, read_mentions
from jendela.identity.policy import Policy
from jendela.identity.resolve import APART, LINK, REVIEW, Resolution, resolve
from jendela.identity.standard.frame import standardise
from jendela.model.errors import WrongUseError

# As it is read, and as people write it.
SEXES = {"1": "L", "2": "P"}


def of_files(
    target: str,
    paths: tuple[Path, ...],
    policy: Policy,
    as_of: date,
    begin: Callable[[str], None] = lambda _: None,
    *,
    show_values: bool = False,
) -> Explained:
    """The pair `LEFT_ID:RIGHT_ID` of one file, or of two.

    Raises:
        WrongUseError: a file is unusable, or the target does not name one record on each side.
    """
    begin("read")
    mentions = read_mentions(*paths)
    left, right = _rows(target, mentions)
    begin("standardise")
    standard = standardise(mentions, as_of)
    found = resolve(standard, policy, begin)
    begin("explain")
    fit = found.fit
    # In the order in which `resolve` compares them.
    one, other = (np.array([row], dtype=np.int64) for row in sorted((left, right)))
    judged = fit.judged(evidence(standard, commonness(standard, fit.counted), one, other))
    ids = mentions["record_id"]
    zone, met = _became(found, left, right, policy, judged["weight"][0])
    (account,) = accounts([(ids[left], ids[right])], judged, [zone], fit)
    account = replace(account, notes=notes_on(account, policy, met=met))
    if not show_values:
        return Explained(fit, (account,))
    columns = {name: mentions[name] for name in mentions.columns}
    if "sex" in columns:
        columns["sex"] = columns["sex"].replace(SEXES)
    said = {
        name: values_of({column: values[row] for column, values in columns.items()})
        for name, row in ((account.left, left), (account.right, right))
    }
    return Explained(fit, (account,), values=said)


def _became(found: Resolution, left: int, right: int, policy: Policy, weight: float) -> tuple[str, bool]:
    """The zone of the pair, and whether the two had a key in common."""
    ends = (pl.col("left") == min(left, right)) & (pl.col("right") == max(left, right))
    pair = found.pairs.filter(ends)
    if not pair.is_empty():
        return pair["zone"][0], True
    if found.person[left] == found.person[right]:
        return LINK, False
    return (REVIEW if weight >= policy.review_weight else APART), False


def _rows(target: str, mentions: FileMentions) -> tuple[int, int]:
    """The rows of the two records; an id may have a colon in it."""
    border = mentions.heights[0] if len(mentions.heights) > 1 else 0
    ids = mentions["record_id"]
    lefts, rights = ids[: border or len(ids)], ids[border:]
    cuts = [at for at, sign in enumerate(target) if sign == ":"]
    found = set()
    for at in cuts:
        left, right = _places(lefts, target[:at]), _places(rights, target[at + 1 :])
        if len(left) == 1 and len(right) == 1:
            found.add((left[0], right[0] + border))
    if len(found) != 1:
        raise WrongUseError(
            f"{target}: This names {'several pairs' if found else 'no pair'}: LEFT_ID:RIGHT_ID, each the id "
            "of one record or the beginning of only one."
        )
    ((one, other),) = found
    if one == other:
        raise WrongUseError(f"{target}: Both are one record: name two.")
    return one, other


def _places(ids: pl.Series, prefix: str) -> list[int]:
    """Where the id is, else where ids that begin like it are."""
    if not prefix:
        return []
    exact = (ids == prefix).arg_true().to_list()
    return exact or ids.str.starts_with(prefix).arg_true().to_list()[:2]
