"""Letters of text become the typed frame of letters; what does not fit the form holds its worker alone.

The checks are those of the XSD, field by field over all letters at once, so that a row of a table or of a
database is judged as the same letter in XML would be. Only the digits differ: `\\d` of the XSD takes those of
any script, and here a number has 0 to 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from jendela.letters.frame import LETTERS, MONEY, VIOLATIONS
from jendela.letters.intake.finding import NOT_A_VALUE, Finding, Said, frame, place
from jendela.letters.intake.form import Field, Form
from jendela.letters.intake.raw import LISTS, MANY, TEXT_COLUMNS

DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
WHOLE = r"^[+-]?[0-9]+$"
MANY_DIGITS = 18  # more than any amount or count has


@dataclass(frozen=True)
class Intake:
    """The letters that can be judged, as `LETTERS`, and the findings, as `VIOLATIONS`.

    A finding without `index` holds its whole file. A worker with a finding of severity `error` is not among
    the letters.
    """

    letters: pl.DataFrame
    findings: pl.DataFrame


def typed(
    raw: pl.DataFrame,
    form: Form,
    *,
    checked: bool = False,
    places: Mapping[str, str] = MappingProxyType({}),
) -> Intake:
    """The letters of a frame of text (`raw.RAW`), all of the edition `form`.

    `checked` says that a validator has been over them (XML): then only types and digits are looked at, and
    not what is missing. `places` are the names of the columns in a spreadsheet (`full_name` is in C).
    """
    raw = raw.with_columns(_collapsed(raw))
    present = {name for name in TEXT_COLUMNS if raw[name].null_count() < raw.height}
    wrong = _wrong(raw, form, present, checked=checked)
    bad = pl.Series(values=[], dtype=pl.UInt32)
    findings = pl.DataFrame(schema=VIOLATIONS)
    if wrong:
        findings = _findings(raw, wrong, places)
        bad = pl.concat([rows for _, _, rows in wrong]).unique()
        raw = raw.with_row_index("_at").filter(~pl.col("_at").is_in(bad.implode())).drop("_at")
    return Intake(raw.select(_cast(name) for name in LETTERS), findings)


def _collapsed(raw: pl.DataFrame) -> list[pl.Expr]:
    """The text as xs:token has it, one blank between words, where it is otherwise."""
    flags = raw.select(pl.col(TEXT_COLUMNS).str.contains(r"^\s|\s$|\s\s|[\t\n\r]|^$").any()).row(
        0, named=True
    )
    return [
        pl.col(name).str.replace_all(r"[\s]+", " ").str.strip_chars().replace("", None)
        for name, flag in flags.items()
        if flag
    ]


def _cast(name: str) -> pl.Expr:
    kind, column = LETTERS[name], pl.col(name)
    if isinstance(kind, pl.List):
        return column.str.split(MANY)
    if kind == pl.Date():
        return column.str.to_date("%Y-%m-%d", strict=False)
    if kind == pl.Boolean():
        return column.replace_strict({"true": True, "1": True, "false": False, "0": False}, default=None)
    if kind == pl.Int64() and name != "index":
        return column.str.strip_prefix("+").cast(kind, strict=False)
    if isinstance(kind, pl.Decimal):
        return column.str.strip_prefix("+").cast(kind, strict=False)
    return column


Wrong = list[tuple[Field, str, pl.Series]]


def _wrong(raw: pl.DataFrame, form: Form, present: set[str], *, checked: bool) -> Wrong:
    """Field, kind of error and the places of the rows, the first kind of each field and row."""
    checks: list[tuple[Field, str, pl.Expr]] = []
    for field in form.fields.values():
        if not checked and field.required:
            checks += _missing(form, field, present)
        if field.column in present:
            checks += [(field, key, mask) for key, mask in _value_checks(field, checked=checked)]
    if not checks or not raw.height:
        return []
    broken = raw.select(mask.any().alias(str(at)) for at, (_, _, mask) in enumerate(checks)).row(0)
    suspects = [check for check, any_ in zip(checks, broken, strict=True) if any_]
    if not suspects:
        return []
    masks = raw.select(mask.fill_null(value=False).alias(str(at)) for at, (_, _, mask) in enumerate(suspects))
    seen: dict[str, pl.Series] = {}
    found: Wrong = []
    for at, (field, key, _) in enumerate(suspects):
        mask = masks[str(at)]
        if field.column in seen:
            mask = mask & ~seen[field.column]
            seen[field.column] = seen[field.column] | mask
        else:
            seen[field.column] = mask
        if mask.any():
            found.append((field, key, mask.arg_true()))
    return found


def _missing(form: Form, field: Field, present: set[str]) -> list[tuple[Field, str, pl.Expr]]:
    """A needed field is missing, or that of an optional group of which something else is there."""
    if field.group is None:
        return [(field, "missing", pl.col(field.column).is_null())]
    others = [
        one.column
        for one in form.fields.values()
        if one.group == field.group and one.column != field.column and one.column in present
    ]
    if not others:
        return []
    there = pl.any_horizontal(pl.col(name).is_not_null() for name in others)
    return [(field, "missing", pl.col(field.column).is_null() & there)]


def _value_checks(field: Field, *, checked: bool) -> list[tuple[str, pl.Expr]]:
    kind, column = LETTERS[field.column], pl.col(field.column)
    if field.column in LISTS:
        return [] if checked else _list_checks(field, column)
    checks: list[tuple[str, pl.Expr]] = []
    if kind == pl.Int64():
        whole = column.str.contains(WHOLE) & (column.str.len_chars() <= MANY_DIGITS)
        checks.append(("type", ~whole))
    elif isinstance(kind, pl.Decimal):
        plain = column.str.contains(DECIMAL) & (column.str.len_chars() <= 3 * MANY_DIGITS)
        finest = column.str.extract(r"\.([0-9]*?)0*$").str.len_chars() <= 2
        limit = 10**15 if kind == MONEY else 1000
        number = column.str.strip_prefix("+").cast(pl.Float64, strict=False)
        checks += [("type", ~plain | ~finest.fill_null(value=True)), ("great", number.abs() >= limit)]
    elif kind == pl.Date():
        # The pattern is part of the type here: a date that is none is said to be no date.
        return [
            ("type", column.is_not_null() & (_cast(field.column).is_null() | (column.str.len_chars() != 10)))
        ]
    elif kind == pl.Boolean():
        return [("type", ~column.is_in(["true", "false", "1", "0"]))]
    # A pattern is asked of XML too, for the digits; the other facets its validator has judged.
    if field.pattern:
        checks.append(("pattern", ~column.str.contains(field.pattern)))
    if checked:
        return checks
    if field.codes:
        checks.append(("code", ~column.is_in(list(field.codes))))
    if field.max_length is not None:
        checks.append(("long", column.str.len_chars() > field.max_length))
    number = column.cast(pl.Float64, strict=False)
    if field.minimum is not None:
        checks.append(("small", number < field.minimum))
    if field.maximum is not None:
        checks.append(("great", number > field.maximum))
    return checks


def _list_checks(field: Field, column: pl.Expr) -> list[tuple[str, pl.Expr]]:
    items, item = column.str.split(MANY), pl.element()
    checks = []
    if field.codes:
        checks.append(("code", ~items.list.eval(item.is_in(list(field.codes))).list.all()))
    if field.pattern:
        checks.append(("pattern", ~items.list.eval(item.str.contains(field.pattern)).list.all()))
    return checks


def _findings(raw: pl.DataFrame, wrong: Wrong, cells: Mapping[str, str]) -> pl.DataFrame:
    rows: list[tuple[str, Finding]] = []
    for field, key, places in wrong:
        letter = cells.get(field.column)
        for file, index, line in raw.select("file", "index", "line")[places].iter_rows():
            at = place(line, f"{letter}{line}" if letter else None, index)
            said = Said(f"field.{key}", {"field": field.name, "place": at})
            rows.append((file, Finding(NOT_A_VALUE, said, index, field.json)))
    return frame(rows)
