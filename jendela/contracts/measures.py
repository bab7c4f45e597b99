"""What a batch as a whole may look like, judged by Great Expectations (which nothing else imports)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from jendela.contracts.agreement_file import Place
from jendela.contracts.odcs import Contract
from jendela.contracts.quick_yaml import read_quickly
from jendela.model.errors import JendelaError

FILE = "schemas/measures.yaml"
# The measures there are: validate computes them, a line each per batch (and entity, field, code).
MEASURES = (
    "received", "received_ratio", "duplicate_rate", "held_rate", "held_rate_rise", "null_rate", "blank_rate",
    "blank_rate_rise", "code_share", "code_shift", "days_behind",
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


def breaches(rules: MeasureRules, measured: pl.DataFrame) -> list[Breach]:
    """What of `measured` (columns as `MEASURED`, all feeds) is outside its limits, by feed and rule."""
    by_limits = [
        (expectation, limits, feeds)
        for expectation in rules.expectations
        for limits, feeds in _limits_of(rules, expectation, sorted(set(measured["feed"])))
    ]
    found = []
    for (expectation, limits, _), lines in zip(by_limits, _judge(by_limits, measured), strict=True):
        for line in measured[lines].iter_rows(named=True):
            subject = ".".join(line[part] for part in ("entity", "field", "code") if line[part])
            found.append(
                Breach(line["feed"], expectation.id, expectation.measure, subject, line["value"], limits)
            )
    return sorted(found, key=lambda breach: (breach.feed, breach.rule, breach.subject))


def _limits_of(
    rules: MeasureRules, expectation: Expectation, feeds: list[str]
) -> list[tuple[Limits, list[str]]]:
    """The limits of an expectation, each with the feeds they hold for."""
    groups: dict[tuple[float | None, float | None], list[str]] = {}
    for feed in feeds:
        own = rules.feeds.get(feed, {}).get(expectation.id, expectation)
        groups.setdefault((own.min, own.max), []).append(feed)
    return [(Limits(min=low, max=high), names) for (low, high), names in groups.items()]


def _judge(by_limits: list[tuple[Expectation, Limits, list[str]]], measured: pl.DataFrame) -> list[list[int]]:
    """For each expectation the lines of `measured` that break it: one run, in memory, of a whole night."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported; nothing here calls home
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.expectations import ExpectColumnValuesToBeBetween
    from great_expectations.expectations.row_conditions import Column

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),  # and no Data Docs: our own report says it
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context: Any = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("measures").add_dataframe_asset("measures")
    suite = context.suites.add(gx.ExpectationSuite(name="measures"))
    for position, (expectation, limits, feeds) in enumerate(by_limits):
        about = (
            (Column("measure") == expectation.measure)
            & (Column("rows") >= expectation.minimum_rows)
            & Column("feed").is_in(feeds)
        )
        suite.add_expectation(
            ExpectColumnValuesToBeBetween(
                column="value",
                min_value=limits.min,
                max_value=limits.max,
                row_condition=about,
                meta={"position": position},
            )
        )
    run = gx.ValidationDefinition(
        name="measures", data=asset.add_batch_definition_whole_dataframe("tonight"), suite=suite
    ).run(
        batch_parameters={"dataframe": measured.with_row_index("line").to_pandas()},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["line"]},
    )
    found: dict[int, list[int]] = {}
    for result in run.results:
        if (result.exception_info or {}).get("raised_exception"):
            raise JendelaError(f"{FILE}: {_name(by_limits, result)} could not be judged.")
        lines = result.result.get("unexpected_index_list") or []
        found[result.expectation_config.meta["position"]] = sorted(int(line["line"]) for line in lines)
    return [found[position] for position in range(len(by_limits))]


def _name(by_limits: list[tuple[Expectation, Limits, list[str]]], result: Any) -> str:
    position: int = result.expectation_config.meta["position"]
    return by_limits[position][0].id


def expectation_texts(rules: MeasureRules) -> Mapping[str, tuple[str, str]]:
    """The Indonesian and the English description of each expectation, by id."""
    return {item.id: (item.description_id, item.description) for item in rules.expectations}
