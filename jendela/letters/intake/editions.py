"""Rows of text by the edition that each follows: of tables and databases, which have no namespace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from jendela.letters.intake.finding import NOT_A_VALUE, Finding, Said, place
from jendela.letters.intake.form import Form, forms, named_forms

Parts = list[tuple[Form, pl.DataFrame]]
Wrong = list[tuple[str, Finding]]


def by_edition(raw: pl.DataFrame, folder: Path | None = None) -> tuple[Parts, Wrong]:
    """The rows of `raw.RAW` by edition, `schema_version` filled in, and what is said of those left out.

    A row that names no edition follows the newest that is in force on its letter's date, without a date the
    newest. Left out is one that names an edition nobody knows, or one not in force on its letter's date.
    """
    known = forms(folder)
    if len(known) == 1 and known[0].always and raw["schema_version"].null_count() == raw.height:
        return [(known[0], _named(raw, known[0]))], []
    day = pl.col("letter_date").str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    name = pl.col("schema_version").str.strip_chars().replace("", None)
    edition = pl.lit(known[-1].edition.schema_version)
    for form in known:
        begins, ends = form.edition.valid_from, form.edition.valid_to
        on = day.is_not_null() if begins is None else day >= begins
        on = on if ends is None else on & (day <= ends)
        edition = pl.when(on).then(pl.lit(form.edition.schema_version)).otherwise(edition)
    raw = raw.with_columns(pl.coalesce(name, edition).alias("schema_version"))
    parts: Parts = []
    wrong: Wrong = []
    for (named,), part in raw.group_by("schema_version", maintain_order=True):
        form_named = named_forms(folder).get(str(named))
        if form_named is None:
            said = Said("edition.unknown", {"known": ", ".join(one.edition.schema_version for one in known)})
            wrong += [_held(*at, said) for at in _places(part)]
            continue
        if not form_named.always:
            part, late = _in_force(part.with_columns(day.alias("_day")), form_named)
            wrong += late
        if part.height:
            parts.append((form_named, _named(part, form_named)))
    return parts, wrong


def _in_force(rows: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, Wrong]:
    """The rows whose letter's date (`_day`) the edition is in force on, and what is said of the others."""
    days = {day: form.not_in_force(day) for day in rows["_day"].drop_nulls().unique()}
    out = pl.col("_day").is_in([day for day, said in days.items() if said]).fill_null(value=False)
    wrong = [
        _held(file, index, line, said)
        for file, index, line, day in rows.filter(out).select("file", "index", "line", "_day").iter_rows()
        if (said := days[day])
    ]
    return rows.filter(~out).drop("_day"), wrong


def _named(rows: pl.DataFrame, form: Form) -> pl.DataFrame:
    return rows.with_columns(pl.lit(form.edition.schema_version).alias("schema_version"))


def _places(rows: pl.DataFrame) -> Iterator[tuple[str, int, int | None]]:
    return rows.select("file", "index", "line").iter_rows()


def _held(file: str, index: int, line: int | None, said: Said) -> tuple[str, Finding]:
    values = {**said.values, "place": place(line, index=index)}
    return file, Finding(NOT_A_VALUE, said._replace(values=values), index, "schema_version")
