"""Great Expectations (which nothing else imports) judges one office's measures of one night."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from jendela.contracts.measures import FILE, Breach, Expectation, Limits, MeasureRules
from jendela.model.errors import JendelaError


@dataclass(frozen=True)
class Judged:
    """What of an office's night is not believed, and what its Data Docs show.

    `result` is Great Expectations' own; `too_few` tells of measures over too few rows to be judged, as the
    `meta` of an expectation does, with their `value`.
    """

    breaches: list[Breach]
    result: Any
    too_few: list[dict[str, Any]]


@dataclass(frozen=True)
class _Asked:
    """One measure that one expectation is about; `column` is its name in the batch and in the Data Docs."""

    column: str
    expectation: Expectation
    limits: Limits
    line: Mapping[str, Any]


class MeasureJudge:
    """One context in memory for a whole night: opened once, as its import costs ten seconds."""

    def __init__(self, rules: MeasureRules) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported; nothing here calls home
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        self._rules = rules
        self._context: Any = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        self._asset = self._context.data_sources.add_pandas("jendela").add_dataframe_asset("measures")

    def judge(self, office: str, night: date, measured: pl.DataFrame, usual: pl.DataFrame) -> Judged:
        """The verdict on `measured` (columns as `MEASURED`): one batch of one row, a column for each measure.

        `usual` has the same columns: what each measure was on earlier nights, told beside the verdict.

        Raises:
            JendelaError: a measure could not be judged.
        """
        import great_expectations as gx
        from great_expectations.core.run_identifier import RunIdentifier
        from great_expectations.expectations import ExpectColumnMaxToBeBetween

        concerned = list(self._concerned(measured))
        asked = [one for one in concerned if one.line["rows"] >= one.expectation.minimum_rows]
        before = {_subject(line): line["value"] for line in usual.iter_rows(named=True)}
        suite = self._context.suites.add(
            gx.ExpectationSuite(
                name=office,
                expectations=[
                    ExpectColumnMaxToBeBetween(
                        column=one.column,
                        min_value=one.limits.min,
                        max_value=one.limits.max,
                        meta={"position": position, **_told(one, before.get(_subject(one.line)))},
                    )
                    for position, one in enumerate(asked)
                ],
            )
        )
        definition = gx.ValidationDefinition(
            name=office, data=self._asset.add_batch_definition_whole_dataframe(office), suite=suite
        )
        frame = pl.DataFrame({"rows": [1], **{one.column: [one.line["value"]] for one in asked}}).to_pandas()
        began = datetime(night.year, night.month, night.day, tzinfo=UTC)
        result = definition.run(
            batch_parameters={"dataframe": frame},
            result_format="BASIC",
            run_id=RunIdentifier(run_name=str(night), run_time=began),
        )
        too_few = [
            {**_told(one, before.get(_subject(one.line))), "value": one.line["value"]}
            for one in concerned
            if one.line["rows"] < one.expectation.minimum_rows
        ]
        return Judged(list(_breaches(asked, result)), result, too_few)

    def _concerned(self, measured: pl.DataFrame) -> Iterator[_Asked]:
        for line in measured.iter_rows(named=True):
            for expectation in self._rules.expectations:
                if line["measure"] != expectation.measure:
                    continue
                own = self._rules.feeds.get(line["feed"], {}).get(expectation.id, expectation)
                column = " ".join(part for part in (line["feed"], line["measure"], _of(line)) if part)
                yield _Asked(column, expectation, Limits(min=own.min, max=own.max), line)


def _breaches(asked: list[_Asked], result: Any) -> Iterator[Breach]:
    answered = {answer.expectation_config.meta["position"]: answer for answer in result.results}
    for position, one in enumerate(asked):
        answer = answered.get(position)
        if answer is None or (answer.exception_info or {}).get("raised_exception"):
            raise JendelaError(f"{FILE}: {one.expectation.id} could not be judged for {one.column}.")
        if not answer.success:
            yield Breach(
                one.line["feed"],
                one.expectation.id,
                one.expectation.measure,
                _of(one.line),
                one.line["value"],
                one.limits,
            )


def _of(line: Mapping[str, Any]) -> str:
    """What a measure is about beyond its feed: `employment.sex`."""
    return ".".join(line[part] for part in ("entity", "field", "code") if line[part])


def _subject(line: Mapping[str, Any]) -> tuple[str, str, str]:
    return line["feed"], line["measure"], _of(line)


def _told(one: _Asked, usual: float | None) -> dict[str, Any]:
    """What the Data Docs say of an expectation beside its verdict."""
    return {
        "rule": one.expectation.id,
        "text_id": one.expectation.description_id,
        "text_en": one.expectation.description,
        "feed": one.line["feed"],
        "measure": one.line["measure"],
        "of": _of(one.line),
        "rows": one.line["rows"],
        "usual": usual,
    }
