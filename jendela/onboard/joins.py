"""Which other tables say more of a row: by declared keys, or by columns called alike that hold the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from jendela.model.describing import TEXT, Reference, SourceTable
from jendela.onboard.draft import Join

LOOKUP_ROWS = 80  # a list of codes is not longer
OVERLAP = 0.3  # of the sampled values that must be found in the other sample, where no key is declared
LOOKUP_COLUMNS = 6
MOST = 8

Samples = Callable[[SourceTable], pl.DataFrame]


def joins_of(base: SourceTable, tables: Mapping[str, SourceTable], samples: Samples) -> list[Join]:
    """The tables that have exactly one row (or none) for each row of `base`, nearest first."""
    found: dict[str, Join] = {}
    for reference in base.references:
        other = tables.get(reference.table)
        if other is not None and other.name != base.name:
            _add(found, other, reference, declared=True)
    for other in tables.values():
        for reference in other.references:  # a child with at most one row: its key is the reference
            if reference.table == base.name and other.name != base.name and _one(other, reference.columns):
                turned = Reference(reference.targets, other.name, reference.columns)
                _add(found, other, turned, declared=True)
    if base.written:
        for other in tables.values():
            if other.name != base.name and other.name not in found and other.written:
                for reference in _called_alike(base, other, samples):
                    _add(found, other, reference, declared=False)
                    break
    return list(found.values())[:MOST]


def _add(found: dict[str, Join], other: SourceTable, reference: Reference, *, declared: bool) -> None:
    pairs = tuple(zip(reference.columns, reference.targets, strict=True))
    found.setdefault(other.name, Join(other, f"j{len(found) + 1}", pairs, declared))


def _one(table: SourceTable, columns: Sequence[str]) -> bool:
    return set(columns) in [set(key) for key in (table.key, *table.unique) if key]


def _called_alike(base: SourceTable, other: SourceTable, samples: Samples) -> Iterator[Reference]:
    """The other table's one-column key, if `base` has a column of that name with the same values."""
    names = {column.name.lower(): column.name for column in base.columns}
    for key in (other.key, *other.unique):
        if (
            len(key) != 1
            or key[0].lower() not in names
            or key[0].lower() in ("id", "nomor", "no", "kode", "code")
        ):
            continue
        own = names[key[0].lower()]
        if tuple(base.key) == (own,):
            continue
        values = samples(base)[own].drop_nulls().unique()
        there = samples(other)[key[0]].drop_nulls().unique()
        if values.len() and values.is_in(there.implode()).mean() >= OVERLAP:  # type: ignore[operator]
            yield Reference((own,), other.name, key)


def labels_of(
    base: SourceTable, column: str, tables: Mapping[str, SourceTable], samples: Samples
) -> dict[str, str]:
    """What the codes of a column are called in the agency's own list, if the column refers to one.

    Declared, or by name: `pendidikan_id` and a short table `ref_pendidikan` whose key holds all its values.
    """
    for reference in base.references:
        if reference.columns == (column,) and reference.table in tables:
            return _labels(tables[reference.table], reference.targets[0], samples)
    stem = _stem(column)
    if len(stem) < 3 or not base.written:
        return {}
    for other in tables.values():
        key = _key_of_list(other, samples) if other.name != base.name else None
        if key is not None and other.name.lower().endswith(stem):
            labels = _labels(other, key, samples)
            values = samples(base)[column].drop_nulls().unique()
            if labels and values.len() and values.is_in(list(labels)).all():
                return labels
    return {}


def _key_of_list(table: SourceTable, samples: Samples) -> str | None:
    """The column that a list of codes is looked up by: its key; where none is declared, its first.

    A list is short, so that its sample is all of it, and what differs there differs.
    """
    if table.key or not table.columns or len(table.columns) > LOOKUP_COLUMNS:
        return table.key[0] if len(table.key) == 1 else None
    first = table.columns[0].name
    rows = samples(table)
    short = 0 < rows.height <= LOOKUP_ROWS and rows[first].null_count() == 0
    return first if short and rows[first].n_unique() == rows.height else None


def _labels(table: SourceTable, key: str, samples: Samples) -> dict[str, str]:
    texts = [column.name for column in table.columns if column.name != key and column.kind == TEXT]
    if not texts or len(table.columns) > LOOKUP_COLUMNS:
        return {}
    rows = samples(table)
    if rows.is_empty() or rows.height > LOOKUP_ROWS:
        return {}
    return {str(code): str(text) for code, text in rows.select(key, texts[0]).drop_nulls().iter_rows()}


def _stem(column: str) -> str:
    return re.sub(r"^(id|kd|kode)_|_(id|kd|kode|code)$", "", column.lower())
