"""What a batch as a whole may look like: the measures there are, and the limits that are believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from jendela.contracts.agreement_file import Place
from jendela.contracts.odcs import Contract
from jendela.contracts.quick_yaml import read_quickly

FILE = "schemas/measures.yaml"
# The measures there are: validate computes them, a line each per batch (and entity, field, code).
MEASURES = (
    "received", "received_ratio", "duplicate_rate", "held_rate", "held_rate_rise", "null_rate", "blank_rate",
    "blank_rate_rise", "code_share", "code_shift", "days_behind", "feed_ratio", "feed_ratio_change",
)  # fmt: skip
MEASURED = pl.Schema(
    {
        "feed": pl.String,
        "measure": pl.String,
        "entity": pl.String,
        "field": pl.String,
        "code": pl.String,
        "value": pl.Float64,
        "rows": pl.Int64,
    }
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Strict):
    """The smallest and the greatest value that is believed, both included; None is no limit."""

    min: float | None = None
    max: float | None = None


class Expectation(Limits):
    """One expectation about one measure, judged where the measure covers `minimum_rows` or more."""

    id: str = Field(pattern="^G-[A-Z-]+$")
    measure: str
    minimum_rows: int = Field(ge=1)
    description: str
    description_id: str


class MeasureRules(_Strict):
    """All expectations, with what differs for single feeds."""

    version: str
    history_nights: int = Field(ge=1)
    expectations: list[Expectation]
    stable_codes: dict[str, list[str]]
    freshness: dict[str, list[str]]
    feeds: dict[str, dict[str, Limits]]


@dataclass(frozen=True)
class Breach:
    """A measure outside its limits: never about a person."""

    feed: str
    rule: str
    measure: str
    subject: str
    value: float
    limits: Limits

    def __str__(self) -> str:
        """The reason in one line, e.g. `G-HELD: held_rate is 0.62, at most 0.5 is believed`."""
        of = f" of {self.subject}" if self.subject else ""
        bounds = [f"at least {self.limits.min:g}"] if self.limits.min is not None else []
        bounds += [f"at most {self.limits.max:g}"] if self.limits.max is not None else []
        return f"{self.rule}: {self.measure}{of} is {self.value:.3g}, {' and '.join(bounds)} is believed"


def load_measures(folder: Path | None, contracts: Mapping[str, Contract]) -> MeasureRules:
    """The expectations in `folder`/schemas/measures.yaml; without a folder, the installed ones.

    Raises:
        AgreementError: it is not as described here, or names a field no contract has; file, line and key are
            named.
    """
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    file = read_quickly(root / FILE, root)
    rules = file.parse(MeasureRules)
    known: set[str] = set()
    for position, expectation in enumerate(rules.expectations):
        place: Place = ["expectations", position]
        if expectation.id in known:
            raise file.error(place, expectation.id, "is given twice.")
        known.add(expectation.id)
        if expectation.measure not in MEASURES:
            problem = f"is not a measure; there are {', '.join(MEASURES)}."
            raise file.error([*place, "measure"], expectation.measure, problem)
    for feed, limits in rules.feeds.items():
        for name in limits:
            if name not in known:
                raise file.error(["feeds", feed, name], name, "is not an expectation of this file.")
    for section, wanted in (("stable_codes", "code"), ("freshness", "date")):
        for entity, names in getattr(rules, section).items():
            for name in names:
                field = contracts[entity].by_name.get(name) if entity in contracts else None
                if field is None or field.type != wanted:
                    raise file.error(
                        [section, entity], f"{entity}.{name}", f"is not a field of type {wanted}."
                    )
    return rules
