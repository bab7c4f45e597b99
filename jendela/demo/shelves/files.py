"""What all shelves of files share: a file appears whole, and a day's work on a list of rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jendela.demo.house import Work
from jendela.demo.tables import Row


def put(file: Path, content: bytes) -> None:
    """Writes a file of an office, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.part")
    half.write_bytes(content)
    half.replace(file)


def changed(rows: list[Row], table: str, work: Work) -> list[Row]:
    """The rows of a table after the day."""
    for name, where, values in work.updated:
        if name == table:
            for row in rows:
                if _matches(row, where):
                    row.update(values)
    gone = [where for name, where in work.removed if name == table]
    kept = [row for row in rows if not any(_matches(row, where) for where in gone)]
    return [*kept, *work.added.get(table, [])]


def _matches(row: Row, where: Mapping[str, object]) -> bool:
    return all(row.get(column) == value for column, value in where.items())
