"""An inbox of files: `<target>_<night>_<recipient>` in the office's own format, its digest, answers to it.

In this order appear the digest (`<file>.sha256`), the file, where letters had to be changed for the office's
encoding `<stem>.letters.csv`, and last the announcement `<stem>.announce.csv`. The agency answers in
`<stem>.ack.csv` (`delivery_id, ack_status, ack_at, ack_reason`), in the delivery's own delimiter and
encoding, or in `<stem>.ack.xlsx`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from connectors import folder_answers, formats, letters_lacking, writers
from connectors.folder import Folder
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Outgoing

ENVELOPE = ("delivery_id", "verb", "night", "recipient")
_FILE = ("night", "recipient")
_LETTERS = ".letters.csv"


def put(folder: Folder, outgoing: Outgoing, rows: pa.Table) -> int:
    """How many rows were new: their `delivery_id` is in no file of this delivery that is still there."""
    names = [*ENVELOPE, *outgoing.columns]
    frame = pl.DataFrame(rows.select(names)).unique("delivery_id", keep="first", maintain_order=True)
    there = {name: _ours(folder, outgoing, name, names) for name in _files(folder, outgoing)}
    none = pl.Series("delivery_id", [], pl.String)
    known = pl.concat([none, *(old["delivery_id"] for old in there.values())])
    new = frame.filter(~pl.col("delivery_id").is_in(known.implode()).fill_null(value=False))
    for (night, recipient), part in new.group_by(_FILE, maintain_order=True):
        stem = f"{outgoing.target}_{night}_{recipient}"
        name = stem + _extension(outgoing)
        part, changed = _fitted(outgoing, part)
        _write(folder, outgoing, name, pl.concat([there[name], part]) if name in there else part)
        _tell_changed(folder, outgoing, stem + _LETTERS, changed)
    return new.height


def announce(folder: Folder, outgoing: Outgoing, night: str, rows: int) -> None:
    """Say that the files of this night are complete; with zero rows, a file of only a header says so too."""
    stem = f"{outgoing.target}_{night}_{outgoing.recipient}"
    name = stem + _extension(outgoing)
    if not folder.matching(outgoing.delivery, name):
        nothing = pl.DataFrame(schema=dict.fromkeys([*ENVELOPE, *outgoing.columns], pl.String))
        _write(folder, outgoing, name, nothing)
    said = pl.DataFrame(
        {"recipient": outgoing.recipient, "delivery": outgoing.delivery, "night": night, "row_count": rows}
    )
    folder.write(outgoing.delivery, f"{stem}.announce.csv", writers.csv(said, outgoing.options))


def acknowledgements(folder: Folder, outgoing: Outgoing) -> pa.Table:
    """All answers in the files that are there; where a later file answers again, it comes later."""
    return folder_answers.read(folder, outgoing, _dialect(outgoing.options))


def _format(outgoing: Outgoing) -> str:
    return str(outgoing.options.get("format", "csv"))


def _extension(outgoing: Outgoing) -> str:
    return writers.EXTENSIONS[_format(outgoing)]


def _files(folder: Folder, outgoing: Outgoing) -> list[str]:
    pattern = f"{outgoing.target}_????-??-??_*{_extension(outgoing)}"
    beside = (".ack.csv", ".ack.xlsx", ".announce.csv", _LETTERS)
    return [name for name in folder.matching(outgoing.delivery, pattern) if not name.endswith(beside)]


def _ours(folder: Folder, outgoing: Outgoing, name: str, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of a file that we wrote: taken without its digest, which is written first."""
    found = _read(folder, outgoing, name, columns, _own(outgoing.options))
    if found is None:
        raise UnreachableError(
            outgoing.office,
            outgoing.delivery,
            f"{name} in the inbox changes while it is read.",
            "It is tried again; nobody but us may write into the files that we deliver.",
        )
    return found


def _read(
    folder: Folder,
    outgoing: Outgoing,
    name: str,
    columns: Sequence[str],
    options: Mapping[str, Any],
) -> pl.DataFrame | None:
    source = FeedSource(
        outgoing.office, outgoing.delivery, "snapshot", tuple(columns), (columns[0],), options=dict(options)
    )
    found = folder.read(outgoing.delivery, name)
    if found is None:
        return None
    if not found.content:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    tables = [
        table.filter(table["_problem"].is_null()).select(list(columns))
        for table in formats.read(source, found).tables
    ]
    return pl.DataFrame(pa.concat_tables(tables))


def _fitted(outgoing: Outgoing, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    if _format(outgoing) in ("csv", "fixed"):
        return letters_lacking.fitted(rows, str(outgoing.options.get("encoding") or "utf-8"))
    return rows, pl.DataFrame(schema=dict.fromkeys(letters_lacking.NOTE, pl.String))


def _tell_changed(folder: Folder, outgoing: Outgoing, name: str, changed: pl.DataFrame) -> None:
    if changed.is_empty():
        return
    if folder.matching(outgoing.delivery, name):
        known = _read(folder, outgoing, name, letters_lacking.NOTE, _dialect(outgoing.options))
        changed = pl.concat([known, changed]).unique(maintain_order=True) if known is not None else changed
    folder.write(outgoing.delivery, name, writers.csv(changed, outgoing.options))


def _write(folder: Folder, outgoing: Outgoing, name: str, frame: pl.DataFrame) -> None:
    try:
        content = writers.write(frame, outgoing.options)
    except writers.Unwritable as error:
        raise UnusableFeedError(outgoing.office, outgoing.delivery, error.reason, error.remedy) from None
    digest = hashlib.sha256(content).hexdigest()
    folder.write(outgoing.delivery, name, content, {f"{name}.sha256": f"{digest}  {name}\n".encode()})


def _own(options: Mapping[str, Any]) -> dict[str, Any]:
    """How a file that we wrote is read: nothing of it is to be found out."""
    return {**options, **_dialect(options)} if options.get("format", "csv") != "xlsx" else {"format": "xlsx"}


def _dialect(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "delimiter": str(options.get("delimiter") or ","),
        "encoding": str(options.get("encoding") or "utf-8"),
        "quote": str(options.get("quote") or '"'),
    }
