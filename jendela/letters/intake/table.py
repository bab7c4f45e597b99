"""A mass lay-off as a table: the facts that all share and one row a worker, in CSV or XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from jendela.letters.frame import LETTERS
from jendela.letters.intake import limits
from jendela.letters.intake.editions import by_edition
from jendela.letters.intake.finding import (
    INFO,
    NOT_A_TABLE,
    NOT_A_VALUE,
    TOO_MUCH,
    WARNING,
    Finding,
    Refused,
    Said,
    frame,
    place,
)
from jendela.letters.intake.form import Field, fields
from jendela.letters.intake.raw import MANY, RAW, TEXT_COLUMNS
from jendela.letters.intake.table_cells import Dates, as_agreed, clean, damaged
from jendela.letters.intake.table_csv import read_csv
from jendela.letters.intake.table_grid import Number, letters_of
from jendela.letters.intake.table_shape import EDITION, Table, find_table
from jendela.letters.intake.typed import Intake, typed
from jendela.letters.intake.xlsx import read_xlsx

SHOWN = 10  # row numbers in a message


def take_csv(file: str, content: bytes, folder: Path | None = None) -> Intake:
    """The letters of a CSV file.

    Raises:
        Refused: there is no table of workers in it, or it asks for more than a letter needs.
    """
    text = read_csv(content)
    return _take(file, find_table([text.sheet]), text.encoding, text.delimiter, folder, cells=False)


def take_xlsx(file: str, content: bytes, folder: Path | None = None) -> Intake:
    """The letters of an XLSX file: facts on any visible sheet, one table of workers.

    Raises:
        Refused: there is no table of workers in it, or it asks for more than a letter needs.
    """
    return _take(file, find_table(read_xlsx(content)), "XLSX", "XLSX", folder, cells=True)


def _take(
    file: str, table: Table, encoding: str, delimiter: str, folder: Path | None, *, cells: bool
) -> Intake:
    if len(table.rows) > limits.MAX_WORKERS:
        raise Refused(TOO_MUCH, "workers", limit=limits.MAX_WORKERS)
    texts = {name: _column(table, name) for name in fields() if name in table.places or name in table.facts}
    dates = Dates.of([text for name, text in texts.items() if LETTERS[name] == pl.Date()])
    columns = {name: as_agreed(fields()[name], text, dates) for name, text in texts.items()}
    spoilt = {name: damaged(fields()[name], columns[name], _was_number(table, name)) for name in columns}
    raw = _raw(file, table, columns)
    findings = [(file, one) for one in _about_table(table, dates, encoding, delimiter)]
    bad = [name for name, mask in spoilt.items() if mask.any()]
    for name in bad:
        findings += [
            (file, _damaged(fields()[name], table, index, cells=cells)) for index in spoilt[name].arg_true()
        ]
    if len(findings) > limits.MAX_FINDINGS:
        raise Refused(TOO_MUCH, "findings", limit=limits.MAX_FINDINGS)
    held = (
        pl.Series([False] * raw.height)
        if not bad
        else pl.DataFrame({n: spoilt[n] for n in bad}).max_horizontal()
    )
    names = {name: letters_of(at) for name, at in table.places.items()} if cells else {}
    parts, wrong = by_edition(raw.filter(~held), folder)
    found = [typed(part, form, places=names) for form, part in parts]
    letters = [one.letters for one in found if one.letters.height]
    return Intake(
        pl.concat(letters).sort("index") if letters else pl.DataFrame(schema=LETTERS),
        pl.concat([frame([*findings, *wrong]), *(one.findings for one in found)]),
    )


def _column(table: Table, name: str) -> pl.Series:
    """The cells of a column; where it has none, or is not there, the fact above the table."""
    fact, at = table.facts.get(name), table.places.get(name)
    values: Sequence[str | None] = [None] * len(table.rows)
    if at is not None:
        values = [cells[at] if at < len(cells) else None for cells in table.rows]
    column = clean(pl.Series(name, values, pl.String()))
    if fact is None:
        return column
    return column.fill_null(clean(pl.Series([fact]))[0])


def _was_number(table: Table, name: str) -> pl.Series:
    at = table.places.get(name, -1)
    flags = [0 <= at < len(cells) and isinstance(cells[at], Number) for cells in table.rows]
    return pl.Series(flags, dtype=pl.Boolean())


def _raw(file: str, table: Table, columns: dict[str, pl.Series]) -> pl.DataFrame:
    height = len(table.rows)
    reasons = columns.get("reason_codes")
    single = None
    if reasons is not None:
        single = pl.select(pl.when(~reasons.str.contains(MANY, literal=True)).then(reasons)).to_series()
    found: dict[str, pl.Series | str | None] = {
        EDITION: _column(table, EDITION),  # it need not say which it follows
        "language": fields()["language"].codes[0],
        **columns,
        "reason_code": single,
    }
    return pl.DataFrame(
        [
            pl.repeat(file, height, eager=True).alias("file"),
            pl.int_range(1, height + 1, eager=True).alias("index"),
            pl.Series("line", table.numbers, pl.Int64()),
        ]
    ).select(
        *("file", "index", "line"),
        *(pl.lit(found.get(name), RAW[name]).alias(name) for name in TEXT_COLUMNS),
    )


def _damaged(field: Field, table: Table, index: int, *, cells: bool) -> Finding:
    line, at = table.numbers[index], table.places.get(field.column)
    where = place(cell=f"{letters_of(at)}{line}") if cells and at is not None else place(line=line)
    said = Said("field.damaged", {"field": field.name, "place": where})
    return Finding(NOT_A_VALUE, said, index + 1, field.json)


def _about_table(table: Table, dates: Dates, encoding: str, delimiter: str) -> list[Finding]:
    """How the table was read, and what of it was not."""
    values = {
        "encoding": encoding,
        "delimiter": delimiter,
        "order": Said("table.month_first" if dates.month_first else "table.day_first"),
        "workers": len(table.rows),
    }
    found = [
        Finding(NOT_A_TABLE, Said("table.read", values), severity=WARNING if dates.month_first else INFO)
    ]
    if table.unknown:
        said = Said("table.unknown", {"columns": ", ".join(table.unknown[:SHOWN])})
        found.append(Finding(NOT_A_TABLE, said, severity=WARNING))
    if table.skipped:
        shown = ", ".join(map(str, table.skipped[:SHOWN])) + (" …" if len(table.skipped) > SHOWN else "")
        found.append(Finding(NOT_A_TABLE, Said("table.skipped", {"lines": shown}), severity=INFO))
    return found
