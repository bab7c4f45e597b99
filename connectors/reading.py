"""What every reader of a file gives: rows as agreed, and what is to be said of the file.

Beside the agreed columns, as text (an empty field is null), a table has `_row`, the row's number in the file
with the first line as 1; `_problem`, null or the rule the row breaks; `_fields`, null or the JSON list of its
fields as found; `_keys`, null or the JSON list of the keys it may have had, so that nobody takes its record
for deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from connectors import canonical
from connectors.agreed_columns import require
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

EXTRA = ("_row", "_problem", "_fields", "_keys")
SLICE = 50_000
CELL_RULE = "F-CELL"
# What a spreadsheet shows where a formula failed, in what it exports too: no value, and no name of anybody.
FAILED = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"))


@dataclass(frozen=True)
class Reading:
    """A file's rows, the columns that nobody agreed (left out), and what the manifest says of the file."""

    tables: Iterator[pa.Table]
    others: list[str]
    stated: dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """A row that cannot be taken as it is: its number, the rule, its fields, and the keys it may have."""

    row: int
    rule: str
    fields: Sequence[str | None]
    keys: Sequence[Sequence[str]]
    values: Sequence[str | None]


def wanted_of(source: FeedSource) -> list[str]:
    """The agreed columns, the key's among them, each once."""
    return list(dict.fromkeys((*source.columns, *source.key)))


def agreed(source: FeedSource, name: str, found: Sequence[str]) -> list[str]:
    """The columns found that nobody agreed, in order.

    Raises:
        UnusableFeedError: an agreed column is not among those found, or is there twice.
    """
    wanted = wanted_of(source)
    others = [column for column in found if column not in set(wanted)]
    # A file that lost its header shows a person's data in its place: then nothing of the first row is said.
    known = len(others) < len(found)
    require(source, [column for column in wanted if column not in found], others if known else ())
    if twice := sorted(column for column in wanted if found.count(column) > 1):
        raise unusable(
            source,
            f"{name} has the column {', '.join(twice)} twice.",
            "Ask the agency which of them is meant, and to export one.",
        )
    return [column for column in others if column]


def whole(table: pa.Table, numbers: pa.Array) -> pa.Table:
    """The sound rows with their numbers, and nothing to be said of them."""
    nothing = pa.nulls(table.num_rows, pa.string())
    table = table.append_column("_row", numbers.cast(pa.string()))
    for name in EXTRA[1:]:
        table = table.append_column(name, nothing)
    return table


def broken(names: Sequence[str], rows: Sequence[Broken]) -> pa.Table:
    """The rows that break a rule; `values` of each are those of the columns `names`, as far as known."""
    return canonical.columns_of(
        [
            (
                *row.values,
                str(row.row),
                row.rule,
                json.dumps(list(row.fields), ensure_ascii=False),
                json.dumps([list(key) for key in row.keys], ensure_ascii=False),
            )
            for row in rows
        ],
        [*names, *EXTRA],
    )


def sliced(table: pa.Table) -> Iterator[pa.Table]:
    """The table in parts of at most `SLICE` rows; at least one, empty where it has none."""
    for start in range(0, max(table.num_rows, 1), SLICE):
        yield table.slice(start, SLICE)


def unusable(source: FeedSource, reason: str, remedy: str) -> UnusableFeedError:
    """The error that the source is not as agreed, to be raised."""
    return UnusableFeedError(source.office, source.feed, reason, remedy)
