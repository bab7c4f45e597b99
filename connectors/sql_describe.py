"""What a SQL database says of itself: tables, views, columns, keys, comments, and a few rows. Read only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.engine.reflection import ObjectKind

from connectors.sql import SqlConnector
from connectors.sql_engines import reader, url_of
from connectors.sql_errors import translated
from jendela.model import describing as d
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

_KINDS: tuple[tuple[type, str], ...] = (
    (types.Boolean, d.BOOLEAN),
    (types.Integer, d.INTEGER),
    (types.Numeric, d.DECIMAL),
    (types.DateTime, d.TIMESTAMP),
    (types.Date, d.DATE),
    (types.LargeBinary, d.BYTES),
    (types.BINARY, d.BYTES),
    (types.VARBINARY, d.BYTES),
    (types.String, d.TEXT),
)
WHOLE = "schema"  # the feed that an error about all of the database names


class SqlDescriber:
    """One agency's database, as our account sees it."""

    def __init__(self, office: str, url: str) -> None:
        self.office, self._address = office, url
        self._url = url_of(office, url)
        with translated(office, "connection"):
            self._engine = reader(self._url)
        self._quote = self._engine.dialect.identifier_preparer.quote

    def tables(self) -> list[d.SourceTable]:
        """The tables and views of the account's own schema, in order of name.

        Raises:
            UnusableFeedError: the account sees none.
        """
        with translated(self.office, WHOLE), self._engine.connect() as connection:
            inspector = sa.inspect(connection)
            columns: dict[Any, Any] = dict(inspector.get_multi_columns(kind=ObjectKind.ANY))
            keys: dict[Any, Any] = dict(inspector.get_multi_pk_constraint(kind=ObjectKind.ANY))
            unique: dict[Any, Any] = dict(inspector.get_multi_unique_constraints(kind=ObjectKind.ANY))
            foreign: dict[Any, Any] = dict(inspector.get_multi_foreign_keys(kind=ObjectKind.ANY))
            comments = _comments(inspector)
        found = [
            d.SourceTable(
                name=place[1],
                columns=tuple(self._column(column) for column in described),
                key=tuple((keys.get(place) or {}).get("constrained_columns") or ()),
                unique=tuple(tuple(item["column_names"]) for item in unique.get(place) or () if _plain(item)),
                references=tuple(_references(foreign.get(place) or ())),
                comment=str((comments.get(place) or {}).get("text") or ""),
                written=self._quote(place[1]),
            )
            for place, described in columns.items()
        ]
        if not found:
            raise UnusableFeedError(
                self.office,
                WHOLE,
                "Our account sees no table or view.",
                "Ask the agency to grant SELECT on what it offers, or name the database in the URL.",
            )
        return sorted(found, key=lambda table: table.name)

    def sample(self, table: d.SourceTable, rows: int) -> pa.Table:
        """At most `rows` rows: the first and the last of its key where it has one, else any."""
        wanted = tuple(column for column in table.columns if column.kind != d.BYTES)
        names = tuple(column.name for column in wanted)
        if not names:
            return pa.table({})
        base: Any = sa.select(*(sa.column(name) for name in names)).select_from(sa.table(table.name))
        if not table.key:
            return self._pulled(table, names, base.limit(rows))
        up: list[sa.ColumnElement[Any]] = [sa.column(name) for name in table.key]
        orders = (up, [column.desc() for column in up])
        ends = [self._pulled(table, names, base.order_by(*order).limit(rows // 2 + 1)) for order in orders]
        return _once(ends, table.key)

    def together(self, columns: Sequence[str]) -> str | None:
        """The columns with a blank between, empty where one is null."""
        parts: list[Any] = []
        for column in columns:
            text = sa.func.coalesce(
                sa.cast(sa.literal_column(column), sa.String(120)), sa.literal_column("''")
            )
            parts += [text, sa.literal_column("' '", sa.String())]
        whole = parts[0]
        for part in parts[1:-1]:
            whole = sa.type_coerce(whole, sa.String()).concat(part)
        return self._sql(sa.func.trim(whole))

    def day_of(self, column: str) -> str | None:
        """The day of a timestamp."""
        if self._engine.dialect.name == "sqlite":
            return f"substr({column}, 1, 10)"
        return self._sql(sa.cast(sa.literal_column(column), sa.Date()))

    def _pulled(self, table: d.SourceTable, names: tuple[str, ...], select: sa.Select[Any]) -> pa.Table:
        # Read as a night would read it: the same connector, the same text of every value.
        query = self._sql(select)
        source = FeedSource(self.office, table.name, "snapshot", names, names[:1], query=query)
        return pa.concat_tables(
            list(SqlConnector(self.office, self._address).pull(source, Window(None, None)))
        )

    def _sql(self, clause: Any) -> str:
        compiled = clause.compile(self._engine, compile_kwargs={"literal_binds": True})
        # The drivers' own percent sign is doubled for parameters, of which there are none.
        return str(compiled).replace("%%", "%")

    def _column(self, column: Any) -> d.SourceColumn:
        kind = column["type"]
        codes = tuple(kind.enums) if isinstance(kind, types.Enum) else ()
        return d.SourceColumn(
            name=column["name"],
            type=self._type(kind),
            kind=next((name for known, name in _KINDS if isinstance(kind, known)), d.OTHER),
            nullable=bool(column.get("nullable", True)),
            comment=str(column.get("comment") or ""),
            written=self._quote(column["name"]),
            codes=codes,
        )

    def _type(self, kind: Any) -> str:
        try:
            text = str(kind.compile(self._engine.dialect))
        except sa.exc.CompileError:
            return type(kind).__name__.upper()
        return text.split(" COLLATE ", maxsplit=1)[0].split(" CHARACTER SET ", maxsplit=1)[0]


def _comments(inspector: Any) -> dict[Any, Any]:
    try:
        found: dict[Any, Any] = inspector.get_multi_table_comment(kind=ObjectKind.ANY)
    except NotImplementedError:  # SQLite keeps none
        return {}
    return found


def _plain(unique: Any) -> bool:
    return bool(unique["column_names"]) and None not in unique["column_names"]


def _references(foreign: Iterable[Any]) -> Iterable[d.Reference]:
    for key in foreign:
        yield d.Reference(
            tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"])
        )


def _once(ends: Sequence[pa.Table], key: Sequence[str]) -> pa.Table:
    """Both ends of a table; of a short one, whose ends overlap, each row once."""
    seen: set[tuple[Any, ...]] = set()
    keep = []
    whole = pa.concat_tables(ends)
    held = [name for name in key if name in whole.column_names]
    if len(held) < len(key):
        return ends[0]
    for row in zip(*(whole[name].to_pylist() for name in held), strict=True):
        keep.append(row not in seen)
        seen.add(row)
    return whole.filter(pa.array(keep, pa.bool_()))
