"""Source records by number: what the hub knows of them is written here, and new ones get theirs.

`versions_by_id`, `stated_by_id` and `persons_by_id` are the versions of records, with the id by which all
others know a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.schema import AddConstraint, DropConstraint

from jendela.store import frames
from jendela.store.landing_tables import batch
from jendela.store.record_tables import person_version, record_version, source_row

SEEN = 10  # hundredths of what PostgreSQL looks at: enough to know what is large and what is null
SORTED_IN = "256MB"  # of PostgreSQL's memory, one index at a time: in its usual 64 MB ids take twice as long
FILLED = (source_row, record_version, person_version)
INDEXES = sorted((index for table in FILLED for index in table.indexes), key=lambda index: str(index.name))
NUMBERS = {"record_id": pl.String(), "number": pl.Int64()}

# Not less than the server's own setting.
_SORT = f"""SELECT set_config('maintenance_work_mem', '{SORTED_IN}', true)
    WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('{SORTED_IN}')"""

_id, _same = source_row.c.record_id, source_row.c.number == record_version.c.number
versions_by_id = select(_id, record_version).join(source_row, _same).subquery("version")
stated_by_id = (  # the same with who said it: feed, office, batch_id
    select(_id, record_version, batch.c.feed, batch.c.office, batch.c.batch_id)
    .join(source_row, _same)
    .join(batch, batch.c.number == record_version.c.batch)
    .subquery("stated")
)
persons_by_id = (
    select(_id, person_version)
    .join(source_row, source_row.c.number == person_version.c.number)
    .subquery("person_said")
)


class Numbering:
    """The numbers that new records get, within one transaction: the last one given is asked for once.

    While an empty register is filled that question has no index: it would pass through all that is there.
    """

    def __init__(self, conn: Connection) -> None:
        self._last = int(conn.execute(select(func.coalesce(func.max(source_row.c.number), 0))).scalar_one())
        self.began_empty = not self._last

    def of_next(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with a new `number` each, in their order."""
        first, self._last = self._last + 1, self._last + rows.height
        return rows.with_columns(number=pl.int_range(first, first + rows.height, dtype=pl.Int64, eager=True))


@contextmanager
def filling(conn: Connection) -> Iterator[Numbering]:
    """The first records of an empty register get their indexes when all are there, by sorting once: row by
    row every leaf of the ids' would be written again and again. On PostgreSQL their keys too, which then take
    half the time of their rows instead of three quarters. It is told then how the tables look, as the night
    goes on before it would see for itself. In a register that knows records nothing is different.

    Raises:
        sqlalchemy.exc.IntegrityError: a record or a version is there twice.
    """
    numbering = Numbering(conn)
    on_postgresql = conn.dialect.name == "postgresql"
    if numbering.began_empty:
        for index in INDEXES:
            index.drop(conn)
        for table in FILLED if on_postgresql else ():  # SQLite keeps a row by its key
            conn.execute(DropConstraint(table.primary_key))
    yield numbering
    if numbering.began_empty:
        if on_postgresql:
            conn.exec_driver_sql(_SORT)
        for table in FILLED if on_postgresql else ():
            conn.execute(AddConstraint(table.primary_key, isolate_from_table=False))
        for index in INDEXES:
            index.create(conn)
        if on_postgresql:
            conn.exec_driver_sql(f"SET LOCAL default_statistics_target = {SEEN}")
            for table in FILLED:
                conn.exec_driver_sql(f"ANALYZE {table.name}")
            for name in ("default_statistics_target", "maintenance_work_mem"):
                conn.exec_driver_sql(f"SET LOCAL {name} TO DEFAULT")


def by_id(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The rows in the order of their record ids.

    Ids are keyed hashes: their first 64 bits tell nearly all apart, and take a tenth of the time to compare.
    """
    ids = rows[name]
    if ids.is_sorted():
        return rows
    begins = ids.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64, strict=False)
    ordered = rows[begins.arg_sort()]
    return ordered if ordered[name].is_sorted() else rows.sort(name)


def numbers(conn: Connection, records: pl.Series) -> pl.DataFrame:
    """`record_id, number` of those of these records that the hub knows."""
    asked = pl.DataFrame({"record_id": records}, {"record_id": pl.String})
    return frames.matching(conn, source_row, asked).select(list(NUMBERS))


def named(conn: Connection, known: pl.Series) -> pl.DataFrame:
    """`record_id, number` of the records with these numbers."""
    asked = known.alias("asked").to_frame()
    with frames.asked(conn, asked) as wanted:
        query = select(_id, source_row.c.number)
        return frames.read(conn, query.join(wanted, wanted.c.asked == source_row.c.number))


def numbered(conn: Connection, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the `number` of each row's record in place of its `record_id`."""
    named = numbers(conn, frame["record_id"].unique())
    return frame.join(named, on="record_id", maintain_order="left").drop("record_id")


def up_to_last(conn: Connection, column: ColumnElement[int], numbers: pl.Series) -> pl.Series:
    """Those of these numbers that a table may have in its indexed `column`: new ones are above all others."""
    last = conn.execute(select(func.coalesce(func.max(column), -1))).scalar_one()
    return numbers.filter(numbers <= int(last))


def note(
    conn: Connection, rows: pl.DataFrame, *, all_new: bool = False, numbering: Numbering | None = None
) -> pl.DataFrame:
    """`record_id, number` of these source rows, now known as `rows` say (every column but `number`).

    A record's number is given once and stays. New ones follow the last, in the order of their ids: two hubs
    that are told the same give the same. `all_new` says that none can be known yet; `numbering` is of this
    transaction, if more than these rows are told in it.

    Raises:
        sqlalchemy.exc.IntegrityError, psycopg.errors.UniqueViolation: a record is there twice.
    """
    rows = by_id(rows, "record_id")
    known = numbers(conn, rows["record_id"].clear() if all_new else rows["record_id"])
    new = rows.join(known, on="record_id", how="anti", maintain_order="left") if known.height else rows
    new = (numbering or Numbering(conn)).of_next(new)
    frames.load(conn, source_row, new)
    frames.upsert(conn, source_row, rows.join(known, on="record_id"))
    return pl.concat([known, new.select(list(NUMBERS))])
