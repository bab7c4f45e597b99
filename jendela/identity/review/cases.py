"""A review case: two records of whom people say whether they are one person."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from jendela.crypto import Keyring, keyed_hash
from jendela.model.errors import WrongUseError
from jendela.store.records import persons_by_id
from jendela.store.tables import review_case

OPEN, DECIDED, CLOSED = "open", "decided", "closed"
PURPOSE = "review"
LEAST_DIGITS = 8  # of a case's id; fewer would be a guess
_PAIR = ("left_id", "right_id")


@dataclass(frozen=True)
class Case:
    """One case as it is kept. `round` begins with 1; each round asks people anew."""

    case_id: str
    left_id: str
    right_id: str
    state: str
    round: int


def case_ids(keyring: Keyring, pairs: pl.DataFrame) -> pl.Series:
    """The id of each pair's case (`left_id, right_id` in order): the same for ever, and it tells nothing."""
    text = pairs.select(pl.concat_str(_PAIR, separator="|")).to_series()
    return keyed_hash(keyring, PURPOSE, text).alias("case_id")


def find(conn: Connection, case_id: str, *, to_change: bool = False) -> Case:
    """The case whose id begins like this; `to_change` keeps others from deciding it at the same moment.

    Raises:
        WrongUseError: no case, or more than one, does.
    """
    if len(case_id) < LEAST_DIGITS or not all(digit in "0123456789abcdef" for digit in case_id):
        raise WrongUseError(
            f"A case is named by at least {LEAST_DIGITS} digits of its id: `jendela review list`."
        )
    table = review_case.c
    query = select(table.case_id, table.left_id, table.right_id, table.state, table.round)
    query = query.where(table.case_id.startswith(case_id)).limit(2)
    found = conn.execute(query.with_for_update() if to_change else query).all()
    if len(found) != 1:
        raise WrongUseError(f"{'No' if not found else 'More than one'} case begins with {case_id}.")
    return Case(*found[0])


def basis(conn: Connection, case: Case) -> str | None:
    """The versions of the two records, as "3.7": what a look and a word were about. None: one is gone."""
    table = persons_by_id.c
    query = select(table.record_id, table.seq_from).where(
        table.record_id.in_((case.left_id, case.right_id)), table.seq_to.is_(None)
    )
    versions = dict(conn.execute(query).all())
    if len(versions) < len(_PAIR):
        return None
    return f"{versions[case.left_id]}.{versions[case.right_id]}"
