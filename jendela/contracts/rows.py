"""The rules that rows break, judged by pandera over polars. Nothing else imports pandera."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import polars as pl

from jendela.contracts.codes import REGION, CodeList
from jendela.contracts.odcs import Contract, Field
from jendela.contracts.row_rules import RULES, Situation
from jendela.model.errors import JendelaError

REQUIRED, PATTERN, LENGTH, RANGE, CODE = "C-REQ", "C-PAT", "C-LEN", "C-RNG", "C-COD"
# One line per broken rule: the row's position in the frame judged, and what follows from it. Never a value.
BROKEN = {"position": pl.UInt32, "field": pl.String, "rule": pl.String, "outcome": pl.String}


def broken_rules(
    contract: Contract, codes: Mapping[str, CodeList], night: date, frame: pl.DataFrame
) -> pl.DataFrame:
    """Every rule that every row of a canonical frame breaks (columns as `BROKEN`), in order of row.

    Columns that begin with `_` are not judged.

    Raises:
        JendelaError: the frame has not the columns and types of the contract.
    """
    for name, dtype in contract.schema.items():
        if frame.schema.get(name) != dtype:
            raise JendelaError(
                f"{contract.entity}.{name} came as {frame.schema.get(name)}, the contract says {dtype}."
            )
    if frame.is_empty():
        return pl.DataFrame(schema=BROKEN)
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    schema, outcomes = _schema(contract, codes, night)
    broken = []
    try:
        # A deployment's PANDERA_VALIDATION_* must not switch the checks off.
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame.select(list(contract.schema)), lazy=True)
    except SchemaErrors as errors:
        # The failure cases carry the values; the check outputs only say which rows.
        broken = [_of_check(error, outcomes) for error in errors.schema_errors]
    return pl.concat([pl.DataFrame(schema=BROKEN), *broken]).unique().sort("position", "field", "rule")


def _of_check(error: Any, outcomes: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    if error.check_output is None:
        raise JendelaError(f"{error.schema.name}: pandera could not judge it ({error.reason_code}).")
    field = str(error.schema.name)
    rule = REQUIRED if error.check == "not_nullable" else str(error.check.name)
    passed: pl.Series = error.check_output.to_series()
    return pl.select(position=(~passed).arg_true()).select(
        pl.col("position").cast(pl.UInt32),
        field=pl.lit(field),
        rule=pl.lit(rule),
        outcome=pl.lit(outcomes[field, rule]),
    )


def _schema(
    contract: Contract, codes: Mapping[str, CodeList], night: date
) -> tuple[Any, Mapping[tuple[str, str], str]]:
    """The pandera schema of a contract on a night, and what follows from each of its (field, rule)."""
    import pandera.polars as pa

    situation = Situation(night, codes[REGION].codes)
    outcomes: dict[tuple[str, str], str] = {}
    columns: dict[str, pa.Column] = {}
    for field in contract.fields:
        checks = {rule: (field.outcome, expression) for rule, expression in _own_rules(field, codes)}
        for rule in contract.rules:
            if rule.field == field.name:
                checks[rule.rule] = (rule.outcome, RULES[rule.kind].build(rule.params, situation))
        outcomes |= {(field.name, rule): outcome for rule, (outcome, _) in checks.items()}
        outcomes[field.name, REQUIRED] = "hold"
        columns[field.name] = pa.Column(
            nullable=not field.required,
            checks=[pa.Check(_judge(expression), name=rule) for rule, (_, expression) in checks.items()],
        )
    return pa.DataFrameSchema(columns), outcomes


def _judge(expression: pl.Expr) -> Callable[[Any], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(held=expression)


def _own_rules(field: Field, codes: Mapping[str, CodeList]) -> list[tuple[str, pl.Expr]]:
    """What the field's own description asks of a value that is there."""
    value = pl.col(field.name)
    rules = []
    if field.pattern is not None:
        rules.append((field.pattern_rule, value.str.contains(field.pattern)))
    if field.max_length is not None:
        rules.append((LENGTH, value.str.len_chars() <= field.max_length))
    if field.codes is not None:
        rules.append((CODE, value.is_in(sorted(codes[field.codes].codes))))
    limits = [value >= field.minimum] if field.minimum is not None else []
    limits += [value <= field.maximum] if field.maximum is not None else []
    if limits:
        rules.append((RANGE, pl.all_horizontal(limits)))
    return rules
