"""The records of a page as agreed columns of text: nested fields by dotted names, numbers as written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors import canonical
from connectors.agreed_columns import require
from connectors.rest_errors import unusable
from connectors.rest_json import MISSING, steps
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

_TEXT = (str, type(None))


def table_of(
    source: FeedSource, records: Sequence[Any], names: Sequence[str], optional: Collection[str], page: int
) -> pa.Table:
    """The columns `names` of the records, all text; null is null, true and false are 1 and 0.

    A column in `optional` may be left out of a record, and is null there.

    Raises:
        UnusableFeedError: a record is no object, lacks a column, or has a list or an object in its place.
    """
    for position, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise _shape(source, f"Record {position} of page {page} is not an object.")
    if not records:
        return canonical.empty(names)
    columns = {name: [_value(record, name, steps(name)) for record in records] for name in names}
    gone = [n for n, values in columns.items() if n not in optional and all(v is MISSING for v in values)]
    others = sorted({str(name) for name in records[0]} - set(names)) if gone else []
    # A record keyed by what it is about would show a person's number here: only what looks like a name.
    require(source, gone, [name for name in others if name.isidentifier()])
    return pa.table({n: _texts(source, n, values, n in optional, page) for n, values in columns.items()})


def _value(record: dict[str, Any], name: str, path: tuple[str, ...]) -> Any:
    if name in record or len(path) == 1:
        return record.get(name, MISSING)
    node: Any = record
    for step in path:
        if node is None:
            return None
        if not isinstance(node, dict) or step not in node:
            return node if isinstance(node, list) else MISSING
        node = node[step]
    return node


def _texts(source: FeedSource, name: str, values: list[Any], may_lack: bool, page: int) -> pa.Array:
    for position, value in enumerate(values):
        if isinstance(value, _TEXT):
            continue
        if isinstance(value, bool):
            values[position] = str(int(value))
        elif value is not MISSING:
            what = "a list" if isinstance(value, list) else "an object"
            raise _shape(source, f"Column {name} is {what} in record {position + 1} of page {page}.")
        elif may_lack:
            values[position] = None
        else:
            raise unusable(
                source.office,
                source.feed,
                f"Column {name} is missing in record {position + 1} of page {page}.",
                f"If the agency leaves it out where it is empty, name it under options.optional: [{name}].",
            )
    try:
        made = pa.array(values, pa.string())
    except UnicodeEncodeError:
        raise _shape(source, f"Column {name} has half a character (a surrogate) on page {page}.") from None
    if pc.any(pc.match_substring(made, "\x00")).as_py():
        raise _shape(source, f"Column {name} has a NUL character on page {page}.")
    return made


def _shape(source: FeedSource, reason: str) -> UnusableFeedError:
    remedy = "Compare options.records and the columns of the mapping with the agency's documentation."
    return unusable(source.office, source.feed, reason, remedy)
