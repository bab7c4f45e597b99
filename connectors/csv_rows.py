"""The rows of one CSV file as agreed: every row is kept, and one that cannot be told apart is flagged.

Beside the agreed columns, as text (an empty field is null): `_row`, the row's number with the header as 1;
`_problem`, null or the rule it breaks; `_fields`, null or the JSON list of the fields as found. A row with
another number of fields than the header breaks F-FIELDS; its columns are filled from the left, and `_keys` is
the JSON list of the keys it may have had, so that nobody takes its record for deleted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import product

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from connectors import canonical
from connectors.agreed_columns import require
from connectors.csv_text import utf8_of
from connectors.folder import Found
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

FIELDS_RULE = "F-FIELDS"
MANY = 5  # fields too many or too few from which not every place of the break is tried
EXTRA = ("_row", "_problem", "_fields", "_keys")


def rows_of(source: FeedSource, file: Found) -> tuple[pa.Table, list[str]]:
    """The file's rows, and the columns it has that nobody agreed (they are left out).

    Raises:
        UnusableFeedError: a column is not in the header, the file is cut, empty, or in another encoding.
    """
    delimiter = str(source.options.get("delimiter", ","))
    encoding = str(source.options.get("encoding", "utf-8"))
    content = utf8_of(source.office, source.feed, file.name, file.content, encoding)
    if not content.strip():
        raise _unusable(
            source,
            f"{file.name} is empty, without even a header: that is no data, not zero rows.",
            "Ask the agency to export it again; a table without rows still has its header.",
        )
    header = next(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=delimiter))
    names = [name.strip() for name in header]
    wanted = dict.fromkeys((*source.columns, *source.key))
    others = [name for name in names if name not in wanted]
    # A file that lost its header shows a person's data in its place: then nothing of the first row is said.
    known = len(others) < len(names)
    require(source, [name for name in wanted if name not in names], others if known else ())
    if twice := sorted(name for name in wanted if names.count(name) > 1):
        raise _unusable(
            source,
            f"{file.name} has the column {', '.join(twice)} twice.",
            "Ask the agency which of them is meant, and to export one.",
        )
    bad: list[pc.InvalidRow] = []
    table = _parse(source, file.name, content, names, delimiter, bad)
    _require_whole(source, file.name, content, table, bad, len(names))
    return _together(source, table.select(list(wanted)), names, bad, delimiter), others


def _parse(
    source: FeedSource,
    name: str,
    content: bytes,
    names: Sequence[str],
    delimiter: str,
    bad: list[pc.InvalidRow],
) -> pa.Table:
    def keep(row: pc.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    try:
        return pc.read_csv(
            io.BytesIO(content),
            # One block and one thread: only so does a row know its number.
            read_options=pc.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=names, skip_rows=1
            ),
            parse_options=pc.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=keep
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        raise _unusable(
            source,
            f"{name} cannot be split into rows.",
            "See that its quotation marks are in pairs; ask the agency to export it again.",
        ) from None


def _require_whole(
    source: FeedSource, name: str, content: bytes, table: pa.Table, bad: Sequence[pc.InvalidRow], width: int
) -> None:
    last = table.num_rows + len(bad) + 1
    cut = next((row for row in bad if row.number == last and row.actual_columns < width), None)
    if cut is not None and not content.endswith((b"\n", b"\r")):
        raise _unusable(
            source,
            f"{name} is cut: its last row, {last}, has {cut.actual_columns} of {width} fields.",
            "Ask the agency to send it again; nothing of it was taken.",
        )
    ends_in_text = cut is not None or any(
        "\n" in (column[-1].as_py() or "") for column in table.columns if table.num_rows
    )
    if content.count(b'"') % 2 and ends_in_text:
        raise _unusable(
            source,
            f"{name} has a quotation mark that is never closed: the rows after it cannot be told apart.",
            "Ask the agency to write a quotation mark inside a text twice; nothing of the file was taken.",
        )


def _together(
    source: FeedSource, table: pa.Table, names: Sequence[str], bad: Sequence[pc.InvalidRow], delimiter: str
) -> pa.Table:
    numbers = pl.int_range(2, table.num_rows + len(bad) + 2, eager=True)
    taken = pl.Series([row.number for row in bad], dtype=pl.Int64)
    good = numbers.filter(~numbers.is_in(taken.implode())).cast(pl.String).to_arrow().cast(pa.string())
    nothing = pa.nulls(table.num_rows, pa.string())
    whole = table.append_column("_row", good)
    for name in EXTRA[1:]:
        whole = whole.append_column(name, nothing)
    rows = [
        (
            *(
                parts[at] or None if (at := names.index(name)) < len(parts) else None
                for name in table.column_names
            ),
            str(row.number),
            FIELDS_RULE,
            json.dumps(parts, ensure_ascii=False),
            json.dumps(_possible_keys(source, names, parts), ensure_ascii=False),
        )
        for row in bad
        for parts in _fields_of(row.text, delimiter)
    ]
    return pa.concat_tables([whole, canonical.columns_of(rows, [*table.column_names, *EXTRA])])


def _possible_keys(source: FeedSource, names: Sequence[str], parts: Sequence[str]) -> list[tuple[str, ...]]:
    # Left of the break a field stands where the header says, right of it as far off as fields are too many.
    off = len(parts) - len(names)
    shifts = range(min(off, 0), max(off, 0) + 1) if abs(off) <= MANY else (0, off)
    columns = [
        [parts[at].strip('"') for shift in shifts if 0 <= (at := names.index(name) + shift) < len(parts)]
        for name in source.key
    ]
    return sorted(set(product(*columns)))


def _fields_of(text: str, delimiter: str) -> list[list[str]]:
    # Over several lines, a stray quotation mark has swallowed whole rows: each line is one again.
    if "\n" in text:
        return [line.split(delimiter) for line in text.splitlines() if line]
    return [next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))]


def _unusable(source: FeedSource, reason: str, remedy: str) -> UnusableFeedError:
    return UnusableFeedError(source.office, source.feed, reason, remedy)
