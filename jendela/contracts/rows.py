"""The rules that rows break, judged by pandera over polars. Nothing else imports pandera."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from jendela.contracts.codes import REGION, CodeList
from jendela.contracts.odcs import Contract, Field
from jendela.contracts.row_rules import MADE, RULES, Params, RuleKind, Situation, made_once
from jendela.model.errors import JendelaError

REQUIRED, PATTERN, LENGTH, RANGE, CODE = "C-REQ", "C-PAT", "C-LEN", "C-RNG", "C-COD"
# One line per broken rule: the row's position in the frame judged, and what follows from it. Never a value.
BROKEN = {"position": pl.UInt32, "field": pl.String, "rule": pl.String, "outcome": pl.String}


@dataclass(frozen=True)
class _Rule:
    """One rule of one field. `own`: it asks of a value that is there, and of nothing else."""

    field: str
    name: str
    outcome: str
    expression: pl.Expr
    own: bool

    @property
    def column(self) -> str:
        """Where a frame that is judged says whether it holds."""
        return f"{self.field}:{self.name}"


def broken_rules(
    contract: Contract, codes: Mapping[str, CodeList], night: date, frame: pl.DataFrame
) -> pl.DataFrame:
    """Every rule that every row of a canonical frame breaks (columns as `BROKEN`), in order of row.

    Columns that begin with `_` are not judged. What a coded column may hold is judged once for each value.

    Raises:
        JendelaError: the frame has not the columns and types of the contract.
    """
    types = frame.schema
    for name, dtype in contract.schema.items():
        found = types.get(name)
        if found != dtype and not (dtype == pl.String and isinstance(found, pl.Enum)):
            raise JendelaError(f"{contract.entity}.{name} came as {found}, the contract says {dtype}.")
    if frame.is_empty():
        return pl.DataFrame(schema=BROKEN)
    rules = _rules(contract, codes, night)
    apart = [name for name in contract.schema if isinstance(types[name], pl.Enum)]
    of_values = [rule for rule in rules if rule.own and rule.field in apart]
    of_rows = [rule for rule in rules if not (rule.own and rule.field in apart)]
    required = [field.name for field in contract.fields if field.required]
    broken = [
        pl.DataFrame(schema=BROKEN),
        *_broken(frame.select(list(contract.schema)), of_rows, required, apart),
        *_broken_values(frame, of_values, types),
    ]
    return pl.concat(broken).unique().sort("position", "field", "rule")


def _broken_values(
    frame: pl.DataFrame, rules: list[_Rule], types: Mapping[str, Any]
) -> Iterator[pl.DataFrame]:
    """The lines of the rows whose value, in a coded column, breaks a rule."""
    columns = list(dict.fromkeys(rule.field for rule in rules))
    if not columns:
        return
    values = [types[name].categories.alias(name).to_frame() for name in columns]
    for lines in _broken(pl.concat(values, how="horizontal_extend"), rules):
        field, rule, outcome = lines.row(0)[1:]
        rows = frame[field].to_physical().is_in(lines["position"].implode()).fill_null(value=False)
        yield _lines(rows, field, rule, outcome)


def _broken(
    frame: pl.DataFrame, rules: Sequence[_Rule], required: Collection[str] = (), apart: Collection[str] = ()
) -> list[pl.DataFrame]:
    """A frame of lines for every rule that some row breaks; the columns `apart` are coded."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    # All at once, so that what several rules ask (is it a plausible NIK?) is found out once.
    roots = {name for rule in rules for name in rule.expression.meta.root_names()}
    numbers = {name.partition(MADE)[0] for name in roots if MADE in name}
    asked = {name for name in apart if name in roots | numbers}
    texts = frame.lazy().with_columns(pl.col(name).cast(pl.String) for name in asked)
    for name in sorted(numbers):
        for stage in made_once(name):
            texts = texts.with_columns(stage)
    holds = texts.select(rule.expression.alias(rule.column) for rule in rules).collect()
    # That a rule holds in every row is seen at a glance; pandera costs as much for it as for a broken one.
    everywhere = holds.select(pl.all().all()).row(0) if rules else ()
    rules = [rule for rule, kept in zip(rules, everywhere, strict=True) if not kept]
    required = [name for name in required if frame[name].null_count()]
    if not rules and not required:
        return []
    outcomes = {(rule.field, rule.name): rule.outcome for rule in rules}
    try:
        # A deployment's PANDERA_VALIDATION_* must not switch the checks off.
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            # Whether there is a value is seen from its code as well.
            judged = frame.with_columns(pl.col(apart).to_physical()) if apart else frame
            judged = judged.hstack(holds.select(rule.column for rule in rules))
            _schema(frame.columns, rules, required).validate(judged, lazy=True)
    except SchemaErrors as errors:
        # The failure cases carry the values; the check outputs only say which rows.
        return [_of_check(error, outcomes) for error in errors.schema_errors]
    return []


def _of_check(error: Any, outcomes: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    if error.check_output is None:
        raise JendelaError(f"{error.schema.name}: pandera could not judge it ({error.reason_code}).")
    field = str(error.schema.name)
    rule = REQUIRED if error.check == "not_nullable" else str(error.check.name)
    passed: pl.Series = error.check_output.to_series()
    return _lines(~passed, field, rule, "hold" if rule == REQUIRED else outcomes[field, rule])


def _lines(rows: pl.Series, field: str, rule: str, outcome: str) -> pl.DataFrame:
    return pl.select(position=rows.arg_true()).select(
        pl.col("position").cast(pl.UInt32),
        field=pl.lit(field),
        rule=pl.lit(rule),
        outcome=pl.lit(outcome),
    )


class _Itself:
    """A thing by which something is remembered, as long as it is the same one and not merely equal."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


def _rules(contract: Contract, codes: Mapping[str, CodeList], night: date) -> Sequence[_Rule]:
    """The rules of a contract on a night; of two with one name and field the row rule counts."""
    return _remembered_rules(_Itself(contract), _Itself(codes), night)


@lru_cache(maxsize=64)  # every slice of a feed asks for them
def _remembered_rules(contract: _Itself, codes: _Itself, night: date) -> Sequence[_Rule]:
    return _built_rules(contract.thing, codes.thing, night)


def _built_rules(contract: Contract, codes: Mapping[str, CodeList], night: date) -> Sequence[_Rule]:
    situation = Situation(night, codes[REGION].codes)
    found: dict[str, _Rule] = {}
    for field in contract.fields:
        own = [_Rule(field.name, name, field.outcome, asks, True) for name, asks in _own_rules(field, codes)]
        more = [
            _Rule(field.name, rule.rule, rule.outcome, _asks(rule.params, kind, situation), kind.of_value)
            for rule, kind in ((rule, RULES[rule.kind]) for rule in contract.rules)
            if rule.field == field.name
        ]
        found |= {rule.column: rule for rule in (*own, *more)}
    return tuple(found.values())


def _asks(params: Params, kind: RuleKind, situation: Situation) -> pl.Expr:
    return kind.build({**params, "made": True} if kind.of_number else params, situation)


def _schema(names: Sequence[str], rules: list[_Rule], required: Collection[str]) -> Any:
    """The pandera schema of these columns: the rules they must keep, those that must have a value."""
    import pandera.polars as pa

    asked = {*required, *(rule.field for rule in rules)}
    checks: dict[str, list[pa.Check]] = {name: [] for name in names if name in asked}
    for rule in rules:
        checks[rule.field].append(pa.Check(_told(rule.column), name=rule.name))
    columns = {name: pa.Column(nullable=name not in required, checks=own) for name, own in checks.items()}
    return pa.DataFrameSchema(columns)


def _told(column: str) -> Callable[[Any], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(held=column)


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
