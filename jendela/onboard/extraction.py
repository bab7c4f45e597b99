"""How a feed's rows are asked for: the query with its joins, the key, and the mode that its columns allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jendela.model.describing import INTEGER, TIMESTAMP, SourceTable
from jendela.onboard.draft import Join, Origin, Reason
from jendela.onboard.names import Names
from jendela.onboard.profile import Profile

CHANGED = (
    ("updated",), ("modified",), ("changed",), ("last", "update"), ("diubah",), ("ubah",), ("perubahan",),
    ("write", "date"), ("update", "date"), ("waktu", "update"), ("tanggal", "update"), ("terakhir", "update"),
)  # fmt: skip
WATERMARK = "berubah_pada"

Profiles = Mapping[str, Mapping[str, Profile]]


def change_column(
    table: SourceTable, profiles: Mapping[str, Profile], names: Names
) -> tuple[str | None, Reason | None]:
    """The column that says when a row was last changed; why not, where one is called so."""
    problem = None
    for column in table.columns:
        tokens = set(names.tokens(column.name)) - {"at", "on", "pada", "by"}
        if "by" in names.tokens(column.name) or not any(set(words) - {"at"} <= tokens for words in CHANGED):
            continue
        seen = profiles.get(column.name)
        if column.kind != TIMESTAMP:
            problem = Reason("mode.text_date", {"column": column.name, "type": column.type})
        elif seen is not None and seen.rows and seen.filled < seen.rows:
            problem = Reason("mode.gaps", {"column": column.name})
        elif seen is not None and seen.rows > 20 and seen.distinct < 2:
            problem = Reason("mode.one_value", {"column": column.name})
        else:
            return column.name, None
    return None, problem


def key_of(table: SourceTable, profiles: Mapping[str, Profile]) -> tuple[tuple[str, ...], Reason]:
    """The columns that identify a row, and why these; empty where no sample column can."""
    if table.key:
        return table.key, Reason("key.primary")
    for unique in table.unique:
        return unique, Reason("key.unique")
    alone = [
        column.name
        for column in table.columns
        if (seen := profiles.get(column.name)) is not None
        and seen.unique
        and seen.longest <= 40
        and not seen.share("person", "email", "date-iso", "date-dmy") > 0.5
    ]
    if alone:
        return (alone[0],), Reason("key.seen", {"rows": profiles[alone[0]].rows, "column": alone[0]})
    return (), Reason("key.none")


def mode_of(
    table: SourceTable, entity: str, used: Sequence[Join], profiles: Profiles, names: Names
) -> tuple[str, list[tuple[str, str]], Reason]:
    """The mode, the (table alias, column) pairs whose greatest is the watermark, and why."""
    if table.path is not None:
        return "snapshot", [], Reason("mode.file")
    changed: list[tuple[str, str]] = []
    for alias, part in (("t", table), *((join.alias, join.table) for join in used)):
        column, problem = change_column(part, profiles.get(part.name, {}), names)
        if column is None:
            key = table.key
            grows = len(key) == 1 and table.column(key[0]).kind == INTEGER
            if entity == "pes_activity" and grows and not used:
                return "append", [("t", key[0])], Reason("mode.append", {"column": key[0]})
            if problem is not None:
                return "snapshot", [], problem
            return "snapshot", [], Reason("mode.snapshot", {"table": part.name})
        changed.append((alias, column))
    return "delta", changed, Reason("mode.delta", {"columns": ", ".join(column for _, column in changed)})


def greatest(columns: Sequence[str]) -> str:
    """The SQL for the greatest of several written columns, of which all but the first may be null."""
    if len(columns) == 1:
        return columns[0]
    cases = []
    for column in columns[1:]:
        others = [other for other in columns[1:] if other != column]
        beats = [
            f"{column} > {columns[0]}",
            *(f"({other} IS NULL OR {column} >= {other})" for other in others),
        ]
        cases.append(f"WHEN {' AND '.join(beats)} THEN {column}")
    return f"CASE {' '.join(cases)} ELSE {columns[0]} END"


def query_of(table: SourceTable, origins: Sequence[Origin], joins: Sequence[Join]) -> str:
    """The query that gives the origins, each under its alias."""
    selected = ",\n       ".join(
        origin.expression if origin.plain else f"{origin.expression} AS {origin.alias}" for origin in origins
    )
    lines = [f"SELECT {selected}", f"FROM {table.written} t"]
    for join in joins:
        on = " AND ".join(
            f"{join.alias}.{join.table.column(theirs).written} = t.{table.column(own).written}"
            for own, theirs in join.pairs
        )
        lines.append(f"LEFT JOIN {join.table.written} {join.alias} ON {on}")
    return "\n".join(lines)
