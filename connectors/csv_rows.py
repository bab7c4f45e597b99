"""The rows of one CSV file as agreed: every row is kept, and one that cannot be told apart is flagged.

A row with another number of fields than the header breaks F-FIELDS; its columns are filled from the left.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from connectors.csv_dialect import SAMPLE, Dialect, dialect_of, header_of
from connectors.csv_encoding import encoding_of
from connectors.csv_not import blank_rows, failed_cells, headers_again, kind_of, swallowed_rows
from connectors.csv_text import utf8_blocks
from connectors.csv_whole import Text
from connectors.found import Found, Stream
from connectors.reading import CELL_RULE, Broken, Reading, agreed, broken, sliced, unusable, wanted_of, whole
from connectors.sheet_footer import Skipped
from jendela.model.ports import FeedSource

FIELDS_RULE = "F-FIELDS"
BLOCK = 4 << 20  # bytes of a file that are rows at once; Arrow reads up to 32 of them ahead
MANY = 5  # fields too many or too few from which not every place of the break is tried


def read(source: FeedSource, file: Found | Stream) -> Reading:
    """The file's rows. Memory is bounded by some blocks of them, and by the file where it is held.

    Raises:
        UnusableFeedError: a column is not in the header, the file is cut or empty, in another encoding or
            dialect than agreed, or in one that cannot be told. What the beginning does not show of a file
            that is not held is raised by the tables: then nothing of it is to be taken.
        UnreachableError: the same, where it changes while it is read.
    """
    if (kind := kind_of(next(file.blocks(), b""))) is not None:
        raise unusable(
            source,
            f"{file.name} is not CSV but {kind}.",
            "Ask the agency for a text export, or set options.format to what it is.",
        )
    declared = source.options.get("encoding")
    found = declared or encoding_of(source.office, source.feed, file.name, file.blocks())
    blocks = utf8_blocks(source.office, source.feed, file.name, file.blocks(), str(found))
    text = Text(list(blocks) if isinstance(file, Found) else blocks)
    if not text.head.strip():
        raise unusable(
            source,
            f"{file.name} is empty, without even a header: that is no data, not zero rows.",
            "Ask the agency to export it again; a table without rows still has its header.",
        )
    # A letter may be cut at the end of the sample.
    sample = text.head[:SAMPLE].decode("utf-8", errors="ignore")
    dialect = dialect_of(source, file.name, sample, str(found), declared is None)
    names = header_of(sample, dialect.delimiter, dialect.quote)
    others = agreed(source, file.name, names)
    stated: dict[str, Any] = {"dialect": dialect.stated()}
    return Reading(_tables(source, file.name, text, names, dialect, stated), others, stated)


def _tables(
    source: FeedSource,
    name: str,
    text: Text,
    names: list[str],
    dialect: Dialect,
    stated: dict[str, Any],
) -> Iterator[pa.Table]:
    """The agreed columns by parts of the file; behind them, those rows that cannot be told apart.

    Whether the file is whole is known at its end alone: it raises there, and nothing of the file is taken.
    """
    wanted = wanted_of(source)
    bad: list[pc.InvalidRow] = []
    swallowed: list[tuple[int, list[str]]] = []
    number, ends_in_text, skipped = 1, False, Skipped()
    for table in _parsed(source, name, text, names, dialect, bad):
        if not table.num_rows:
            continue
        good = _numbers(number + 1, table.num_rows, [row.number for row in bad])
        number = int(good[-1])
        ends_in_text = any("\n" in (column[-1].as_py() or "") for column in table.columns)
        rows = whole(table.select(wanted), good.to_arrow())
        for reason, left in (("header again", headers_again(table, names)), ("blank", blank_rows(table))):
            if left is not None:
                skipped.add_all(reason, list(map(int, rows.filter(left)["_row"].to_pylist())))
                stated["skipped"] = skipped.stated()
                rows, table = rows.filter(compute.invert(left)), table.filter(compute.invert(left))
        if (failed := failed_cells(rows, wanted)) is not None:
            yield _failed(source, wanted, table.filter(failed), rows.filter(failed)["_row"])
            rows, table = rows.filter(compute.invert(failed)), table.filter(compute.invert(failed))
        if dialect.quote and text.counted[dialect.quote]:
            swallowing = swallowed_rows(table, dialect.delimiter)
            if swallowing is not None:
                swallowed += _swallowed(table.filter(swallowing), rows.filter(swallowing), dialect)
                rows = rows.filter(compute.invert(swallowing))
        yield from sliced(rows)
    last = max(number, bad[-1].number if bad else 0)
    _require_whole(name, source, text, last, bad, len(names), dialect, ends_in_text)
    untold = [(row.number, parts) for row in bad for parts in _fields_of(row.text, dialect)] + swallowed
    if untold or number == 1:
        yield from sliced(_untold(source, wanted, names, untold, dialect))


def _failed(source: FeedSource, wanted: Sequence[str], table: pa.Table, numbers: pa.ChunkedArray) -> pa.Table:
    """The rows with a formula that failed, which can be told apart: held, with the key they have."""
    return broken(
        wanted,
        [
            Broken(
                int(number),
                CELL_RULE,
                list(row.values()),
                [keys] if all(keys := [str(row[name] or "") for name in source.key]) else [],
                [row[name] for name in wanted],
            )
            for row, number in zip(table.to_pylist(), numbers.to_pylist(), strict=True)
        ],
    )


def _swallowed(table: pa.Table, rows: pa.Table, dialect: Dialect) -> list[tuple[int, list[str]]]:
    """The number and fields of the rows that stray quotation marks made one: each line is one again."""
    return [
        (int(number), line.split(dialect.delimiter))
        for row, number in zip(table.to_pylist(), rows["_row"].to_pylist(), strict=True)
        for line in dialect.delimiter.join(value or "" for value in row.values()).splitlines()
    ]


def _numbers(first: int, count: int, taken: Sequence[int]) -> pl.Series:
    """The next `count` numbers from `first` on that are not taken."""
    numbers = pl.int_range(first, first + count + len(taken), eager=True)
    return numbers.filter(~numbers.is_in(pl.Series(taken, dtype=pl.Int64).implode())).head(count)


def _parsed(
    source: FeedSource,
    name: str,
    text: Text,
    names: Sequence[str],
    dialect: Dialect,
    bad: list[pc.InvalidRow],
) -> Iterator[pa.Table]:
    """All columns as text, block by block; a row that is skipped is in `bad` when the rows after it come."""

    if len(text.head) < SAMPLE and not {b"\n"[0], b"\r"[0]} & set(text.head):
        return  # a header alone, whose line does not end

    def keep(row: pc.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    try:
        with pc.open_csv(
            pa.PythonFile(text, mode="r"),
            # One thread: only so does a row know its number.
            read_options=pc.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, skip_rows=1),
            parse_options=pc.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=True,
                invalid_row_handler=keep,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        ) as batches:
            for batch in batches:
                yield pa.Table.from_batches([batch])
    except pa.ArrowInvalid:
        raise unusable(
            source,
            f"{name} cannot be split into rows.",
            "See that its quotation marks are in pairs; ask the agency to export it again.",
        ) from None


def _require_whole(
    name: str,
    source: FeedSource,
    text: Text,
    last: int,
    bad: Sequence[pc.InvalidRow],
    width: int,
    dialect: Dialect,
    ends_in_text: bool,
) -> None:
    cut = next((row for row in bad if row.number == last and row.actual_columns < width), None)
    if cut is not None and not text.ends_line:
        raise unusable(
            source,
            f"{name} is cut: its last row, {last}, has {cut.actual_columns} of {width} fields.",
            "Ask the agency to send it again; nothing of it was taken.",
        )
    open_ended = cut is not None or ends_in_text
    if dialect.quote and text.counted[dialect.quote] % 2 and open_ended:
        raise unusable(
            source,
            f"{name} has a quotation mark that is never closed: the rows after it cannot be told apart.",
            "Ask the agency to write a quotation mark inside a text twice; nothing of the file was taken.",
        )


def _untold(
    source: FeedSource,
    wanted: Sequence[str],
    names: Sequence[str],
    untold: Sequence[tuple[int, list[str]]],
    dialect: Dialect,
) -> pa.Table:
    rows = [
        Broken(
            number,
            FIELDS_RULE,
            parts,
            _possible_keys(source, names, parts, dialect.quote),
            [parts[at] or None if (at := names.index(name)) < len(parts) else None for name in wanted],
        )
        for number, parts in untold
    ]
    return broken(wanted, rows)


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
