"""What held on that date? One parameter for one day, or for every row of a column of dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

import polars as pl

from jendela.law.regimes import FOLDER, Parameter
from jendela.model.errors import AgreementError

Span = tuple[date, date | None]


def within(day: pl.Expr, span: Span) -> pl.Expr:
    """Whether each date lies in the span, both ends included; null for no date."""
    start, end = span
    since = day >= pl.lit(start)
    return since if end is None else since & (day <= pl.lit(end))


@dataclass(frozen=True)
class Parameters:
    """All parameters of the law, each with its values in order of time."""

    entries: Mapping[str, tuple[Parameter, ...]]

    def of(self, key: str) -> tuple[Parameter, ...]:
        """The values of a parameter in order of time.

        Raises:
            AgreementError: no regime gives it.
        """
        if key not in self.entries:
            raise AgreementError(f"law/{FOLDER}", None, key, "is asked for and given by no regime: add it.")
        return self.entries[key]

    def entry(self, key: str, day: date) -> Parameter | None:
        """The value in force on a local date with its source; None if there was none."""
        return next((entry for entry in self.of(key) if entry.holds(day)), None)

    @overload
    def held(self, key: str, day: date) -> Any: ...
    @overload
    def held(self, key: str, day: pl.Expr) -> pl.Expr: ...
    def held(self, key: str, day: date | pl.Expr) -> Any:
        """What held on a local date (None if nothing did), or an expression of it over a column of dates.

        The expression gives numbers, texts, truth values, dates, or lists of them; null where nothing held.
        """
        if isinstance(day, date):
            entry = self.entry(key, day)
            return None if entry is None else entry.value
        return self._chosen(key, day, lambda entry: pl.lit(entry.value))

    def regime(self, key: str, day: pl.Expr) -> pl.Expr:
        """The id of the regime that gives the parameter on each date; null where none does."""
        return self._chosen(key, day, lambda entry: pl.lit(entry.regime))

    def steps(self, key: str, amount: pl.Expr, day: pl.Expr) -> pl.Expr:
        """The value of a table of steps `[[from, value], …]`: that of the highest step not above `amount`."""

        def table(entry: Parameter) -> pl.Expr:
            chosen = pl.lit(None, pl.Float64)
            for start, value in sorted(entry.value):
                chosen = pl.when(amount >= start).then(pl.lit(float(value))).otherwise(chosen)
            return chosen

        return self._chosen(key, day, table)

    def mapped(self, key: str, name: pl.Expr, day: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        """The value of a table `{name: value}` for each name and date; null for a name it lacks."""
        return self._chosen(key, day, lambda entry: _looked_up(entry.value, name, dtype))

    def family(self, family: str, field: str, name: pl.Expr, day: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        """The `field` of the parameter `family.<name>` for each name and date; null where none holds."""
        spans: dict[Span, dict[str, Any]] = defaultdict(dict)
        for key, entries in self.entries.items():
            head, _, member = key.partition(".")
            for entry in entries if head == family else ():
                spans[entry.valid_from, entry.valid_to][member] = entry.value[field]
        found = [
            pl.when(within(day, span)).then(_looked_up(values, name, dtype)) for span, values in spans.items()
        ]
        return pl.coalesce(*found) if found else pl.lit(None, dtype)

    def is_held(self, family: str, name: pl.Expr, day: pl.Expr) -> pl.Expr:
        """Whether the parameter `family.<name>` holds on each date; null for no name or no date."""
        found = pl.lit(value=False)
        for key, entries in self.entries.items():
            head, _, member = key.partition(".")
            for entry in entries if head == family else ():
                found = found | ((name == member) & within(day, (entry.valid_from, entry.valid_to)))
        return pl.when(name.is_not_null() & day.is_not_null()).then(found)

    def first_day(self, family: str) -> date:
        """The first day on which any parameter of the family holds.

        Raises:
            AgreementError: there is no such parameter.
        """
        starts = [
            entries[0].valid_from for key, entries in self.entries.items() if key.startswith(f"{family}.")
        ]
        if not starts:
            raise AgreementError(
                f"law/{FOLDER}", None, family, "is asked for and given by no regime: add it."
            )
        return min(starts)

    def _chosen(self, key: str, day: pl.Expr, value: Any) -> pl.Expr:
        entries = self.of(key)
        return pl.coalesce(
            *(
                pl.when(within(day, (entry.valid_from, entry.valid_to))).then(value(entry))
                for entry in entries
            )
        )


def _looked_up(values: Mapping[Any, Any], name: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):  # which replace_strict does not know
        listed = (pl.when(name == key).then(pl.lit(value, dtype)) for key, value in values.items())
        return pl.coalesce(*listed)
    found = pl.Series(list(values.values()), dtype=dtype, strict=False)
    return name.replace_strict(list(values), found, default=None, return_dtype=dtype)
