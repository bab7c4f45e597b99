"""Which law judges a date. A termination is judged by the regime in force on its effective date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl

from jendela.law.files import Strict, parse_yaml
from jendela.model.errors import AgreementError


class Regime(Strict):
    """One regime: valid on both of its dates, `valid_to` None while in force. `instrument` is its source."""

    id: str
    valid_from: date
    valid_to: date | None
    instrument: str
    report_working_days: int
    working_week: tuple[int, ...]
    verified: bool


class _File(Strict):
    regimes: tuple[Regime, ...]


def load_regimes(file: Path) -> tuple[Regime, ...]:
    """The regimes in order of time.

    Raises:
        AgreementError: a value cannot be used, or two regimes overlap or leave a gap.
    """
    regimes = tuple(sorted(parse_yaml(file, _File).regimes, key=lambda regime: regime.valid_from))
    for earlier, later in pairwise(regimes):
        if earlier.valid_to is None or earlier.valid_to + timedelta(days=1) != later.valid_from:
            raise AgreementError(file.name, None, later.id, f"must begin the day after {earlier.id} ends.")
    return regimes


def regime_on(regimes: Sequence[Regime], day: date) -> Regime | None:
    """The regime in force on a local date; None before the first."""
    valid = (r for r in regimes if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to))
    return next(valid, None)


def regime_column(regimes: Sequence[Regime], day: pl.Expr) -> pl.Expr:
    """The id of the regime in force on each local date; null before the first and for no date."""
    chosen = pl.lit(None, pl.String)
    for regime in regimes:
        until = day <= pl.lit(regime.valid_to) if regime.valid_to else pl.lit(value=True)
        chosen = pl.when((day >= pl.lit(regime.valid_from)) & until).then(pl.lit(regime.id)).otherwise(chosen)
    return chosen
