"""The rows of one CSV file as agreed: every row is kept, and one that cannot be told apart is flagged.

A row with another number of fields than the header breaks F-FIELDS; its columns are filled from the left.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import product

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from connectors.csv_dialect import SAMPLE, Dialect, dialect_of, header_of
from connectors.csv_encoding import encoding_of
from connectors.csv_text import utf8_of
from connectors.folder import Found
from connectors.reading import Broken, Reading, agreed, broken, sliced, unusable, wanted_of, whole
from jendela.model.ports import FeedSource

FIELDS_RULE = "F-FIELDS"
MANY = 5  # fields too many or too few from which not every place of the break is tried


def read(source: FeedSource, file: Found) -> Reading:
    """The file's rows. Memory is bounded by the file.

    Raises:
        UnusableFeedError: a column is not in the header, the file is cut or empty, in another encoding or
            dialect than agreed, or in one that cannot be told.
    """
    declared = source.options.get("encoding")
    found = declared or encoding_of(source.office, source.feed, file.name, file.content)
    content = utf8_of(source.office, source.feed, file.name, file.content, str(found))
    # An old DOS program ends its files with a mark of its own; others begin with empty lines.
    content = content.rstrip(b"\x1a").lstrip(b"\r\n")
    if not content.strip():
        raise unusable(
            source,
            f"{file.name} is empty, without even a header: that is no data, not zero rows.",
            "Ask the agency to export it again; a table without rows still has its header.",
        )
    # A letter may be cut at the end of the sample; the whole was decoded above.
    sample = content[:SAMPLE].decode("utf-8", errors="ignore")
    dialect = dialect_of(source, file.name, sample, str(found), declared is None)
    names = header_of(sample, dialect.delimiter, dialect.quote)
    others = agreed(source, file.name, names)
    bad: list[pc.InvalidRow] = []
    table = _parse(source, file.name, content, names, dialect, bad)
    _require_whole(source, file.name, content, table, bad, len(names), dialect)
    rows = _together(source, table.select(wanted_of(source)), names, bad, dialect)
    return Reading(sliced(rows), others, {"dialect": dialect.stated()})


def _parse(
    source: FeedSource,
    name: str,
    content: bytes,
    names: Sequence[str],
    dialect: Dialect,
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
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=True,
                invalid_row_handler=keep,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        raise unusable(
            source,
            f"{name} cannot be split into rows.",
            "See that its quotation marks are in pairs; ask the agency to export it again.",
        ) from None


def _require_whole(
    source: FeedSource,
    name: str,
    content: bytes,
    table: pa.Table,
    bad: Sequence[pc.InvalidRow],
    width: int,
    dialect: Dialect,
) -> None:
    last = table.num_rows + len(bad) + 1
    cut = next((row for row in bad if row.number == last and row.actual_columns < width), None)
    if cut is not None and not content.endswith((b"\n", b"\r")):
        raise unusable(
            source,
            f"{name} is cut: its last row, {last}, has {cut.actual_columns} of {width} fields.",
            "Ask the agency to send it again; nothing of it was taken.",
        )
    ends_in_text = cut is not None or any(
        "\n" in (column[-1].as_py() or "") for column in table.columns if table.num_rows
    )
    if dialect.quote and content.count(dialect.quote.encode()) % 2 and ends_in_text:
        raise unusable(
            source,
            f"{name} has a quotation mark that is never closed: the rows after it cannot be told apart.",
            "Ask the agency to write a quotation mark inside a text twice; nothing of the file was taken.",
        )


def _together(
    source: FeedSource, table: pa.Table, names: Sequence[str], bad: Sequence[pc.InvalidRow], dialect: Dialect
) -> pa.Table:
    numbers = pl.int_range(2, table.num_rows + len(bad) + 2, eager=True)
    taken = pl.Series([row.number for row in bad], dtype=pl.Int64)
    good = numbers.filter(~numbers.is_in(taken.implode())).to_arrow()
    rows = [
        Broken(
            row.number,
            FIELDS_RULE,
            parts,
            _possible_keys(source, names, parts, dialect.quote),
            [
                parts[at] or None if (at := names.index(name)) < len(parts) else None
                for name in table.column_names
            ],
        )
        for row in bad
        for parts in _fields_of(row.text, dialect)
    ]
    return pa.concat_tables([whole(table, good), broken(table.column_names, rows)])


def _possible_keys(
    source: FeedSource, names: Sequence[str], parts: Sequence[str], quote: str
) -> list[tuple[str, ...]]:
    # Left of the break a field stands where the header says, right of it as far off as fields are too many.
    off = len(parts) - len(names)
    shifts = range(min(off, 0), max(off, 0) + 1) if abs(off) <= MANY else (0, off)
    columns = [
        [parts[at].strip(quote) for shift in shifts if 0 <= (at := names.index(name) + shift) < len(parts)]
        for name in source.key
    ]
    return sorted(set(product(*columns)))


def _fields_of(text: str, dialect: Dialect) -> list[list[str]]:
    # Over several lines, a stray quotation mark has swallowed whole rows: each line is one again.
    if "\n" in text or not dialect.quote:
        return [line.split(dialect.delimiter) for line in text.splitlines() if line]
    lines = io.StringIO(text, newline="")
    try:
        return [next(csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote))]
    except csv.Error:  # a field longer than it takes
        return [text.split(dialect.delimiter)]
