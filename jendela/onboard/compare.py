"""An office's source beside its agreement: columns gone, new, of another type; unknown codes; no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jendela.contracts.dictionary import Dictionary
from jendela.contracts.mapping import Feed
from jendela.contracts.odcs import Contract
from jendela.ingest.canonical import map_rows
from jendela.ingest.reaching import with_reached
from jendela.ingest.values import UNKNOWN_CODE
from jendela.model import describing as d
from jendela.model.describing import SourceTable
from jendela.onboard.preview import thrown_away

_FAMILIES = (
    (d.TIMESTAMP, r"TIMESTAMP|DATETIME"),
    (d.DATE, r"DATE$"),
    (d.INTEGER, r"(TINY|SMALL|MEDIUM|BIG)?INT(EGER)?$|INT[248]$|SERIAL"),
    (d.DECIMAL, r"DECIMAL|NUMERIC|NUMBER|MONEY|REAL|FLOAT|DOUBLE"),
    (d.BOOLEAN, r"BOOL|BIT$"),
    (d.BYTES, r"BLOB|BYTEA|BINARY|VARBINARY|RAW|LONGBLOB"),
    (d.TEXT, r"CHAR|VARCHAR|N?CLOB|TEXT|NVARCHAR|NCHAR|ENUM|SET|LONGTEXT|MEDIUMTEXT|TINYTEXT|UUID"),
)
GONE, TYPE, NEW, CODE, EMPTY = "column_gone", "type_changed", "column_new", "code_unknown", "no_rows"
ROWS = "rows_broken"
BROKEN = {GONE, TYPE}
NOTED = {NEW}
MOST_NAMED = 20
MOST_LINES = 5


@dataclass(frozen=True)
class Difference:
    """One thing that is not as agreed. `detail` names types and codes; never a value of a person."""

    kind: str
    feed: str
    column: str
    detail: str

    @property
    def exit_code(self) -> int:
        """2: the mapping does not hold; 1: a person should look; 0: good to know."""
        return 2 if self.kind in BROKEN else 0 if self.kind in NOTED else 1


def family(declared: str) -> str | None:
    """The kind of a declared type in any dialect's words; None where it is not known."""
    word = re.split(r"[ (]", declared.strip().upper())[0]
    return next((kind for kind, pattern in _FAMILIES if re.match(pattern, word)), None)


def against_source(feed: Feed, dictionary: Dictionary, tables: Sequence[SourceTable]) -> Iterator[Difference]:
    """Where the columns behind a feed differ from the dictionary that the office gave."""
    found = {table.name.lower(): table for table in tables}
    used = {origin for origins in feed.origins.values() for origin in origins}
    for name in sorted({table for table, _ in used}):
        table = found.get(name.lower())
        if table is None:  # a view of the agency's own making, or a file that is not there now
            continue
        real = {column.name.lower(): column for column in table.columns}
        for _, column in sorted(origin for origin in used if origin[0] == name):
            there = real.get(column.lower())
            if there is None:
                yield Difference(GONE, feed.name, f"{name}.{column}", "")
                continue
            agreed = dictionary.columns[name, column].type
            if (
                table.path is None
                and family(agreed)
                and there.kind != d.OTHER
                and family(agreed) != there.kind
            ):
                yield Difference(TYPE, feed.name, f"{name}.{column}", f"{agreed} -> {there.type}")
        agreed_names = {column.lower() for table_name, column in dictionary.columns if table_name == name}
        for column in sorted(set(real) - agreed_names):
            yield Difference(NEW, feed.name, f"{name}.{real[column].name}", real[column].type)


def against_sample(rows: pl.DataFrame, feed: Feed, contracts: Mapping[str, Contract]) -> Iterator[Difference]:
    """Rows of a sample that their reader found broken, codes that the mapping does not translate, and a feed
    that shows us no row.
    """
    if rows.is_empty():
        yield Difference(EMPTY, feed.name, "", "")
        return
    yield from _broken(rows, feed)
    marked = rows.with_columns(
        pl.col("_row").cast(pl.String).alias("_record_id"), pl.lit("").alias("_row_hash")
    )
    problems = map_rows(with_reached(marked, feed, thrown_away()), feed, contracts).problems.filter(
        pl.col("rule") == UNKNOWN_CODE
    )
    for (entity, name), same in problems.group_by(["entity", "field"], maintain_order=True):
        made = feed.targets[str(entity)].fields[str(name)]
        if made.source is None:
            continue
        values = (
            rows.filter(pl.col("_row").is_in(same["_row"].implode()))[made.source].str.strip_chars().unique()
        )
        # Few and short they are codes; many or long, another column has come in their place.
        codes = values.len() <= MOST_NAMED and (values.str.len_chars().max() or 0) <= 24  # type: ignore[operator]
        shown = ", ".join(sorted(values)) if codes and not values.str.contains(r"\d{6}").any() else ""
        yield Difference(
            CODE, feed.name, made.source, f"{same.height}: {shown}" if shown else str(same.height)
        )


def _broken(rows: pl.DataFrame, feed: Feed) -> Iterator[Difference]:
    """By rule how many rows, and where the first are."""
    if "_problem" not in rows.columns:
        return
    for (rule,), same in rows.drop_nulls("_problem").group_by("_problem", maintain_order=True):
        first = same.head(MOST_LINES).select(pl.format("{}:{}", pl.col("_name").fill_null(""), "_row"))
        places = ", ".join(first.to_series()) + (", …" if same.height > MOST_LINES else "")
        yield Difference(ROWS, feed.name, str(rule), f"{same.height} ({places})")
