"""An inbox of files: `<target>_<night>_<recipient>.csv` with its digest, an announcement and answers.

The announcement is `<target>_<night>_<recipient>.announce.csv`, written last; the agency answers in
`<target>_<night>_<recipient>.ack.csv` (`delivery_id, ack_status, ack_at, ack_reason`), in the delivery's own
delimiter and encoding.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from connectors.csv_rows import rows_of
from connectors.folder import Folder, Found
from jendela.model.ports import FeedSource, Outgoing

ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")
_FILE = ("night", "recipient")


def put(folder: Folder, outgoing: Outgoing, rows: pa.Table) -> int:
    """How many rows were new: their `delivery_id` is in no file of this delivery that is still there."""
    names = [*ENVELOPE, *outgoing.columns]
    frame = pl.DataFrame(rows.select(names)).unique("delivery_id", keep="first", maintain_order=True)
    there = {name: _read(folder, outgoing, name, names) for name in _files(folder, outgoing)}
    none = pl.Series("delivery_id", [], pl.String)
    known = pl.concat([none, *(old["delivery_id"] for old in there.values())])
    new = frame.filter(~pl.col("delivery_id").is_in(known.implode()).fill_null(value=False))
    for (night, recipient), part in new.group_by(_FILE, maintain_order=True):
        name = f"{outgoing.target}_{night}_{recipient}.csv"
        whole = pl.concat([there[name], part]) if name in there else part
        _write(folder, outgoing, name, whole)
    return new.height


def announce(folder: Folder, outgoing: Outgoing, night: str, rows: int) -> None:
    """Say that the files of this night are complete; with zero rows, a file of only a header says so too."""
    stem = f"{outgoing.target}_{night}_{outgoing.recipient}"
    if not folder.matching(outgoing.delivery, f"{stem}.csv"):
        nothing = pl.DataFrame(schema=dict.fromkeys([*ENVELOPE, *outgoing.columns], pl.String))
        _write(folder, outgoing, f"{stem}.csv", nothing)
    said = pl.DataFrame(
        {"recipient": outgoing.recipient, "delivery": outgoing.delivery, "night": night, "row_count": rows}
    )
    folder.write(outgoing.delivery, f"{stem}.announce.csv", _encoded(outgoing, said))


def acknowledgements(folder: Folder, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
    """The answers to these deliveries; where a later file answers again, it counts."""
    names = folder.matching(outgoing.delivery, f"{outgoing.target}_*.ack.csv")
    nothing = pl.DataFrame(schema=dict.fromkeys(ANSWER, pl.String))
    parts = [nothing, *(_read(folder, outgoing, name, ANSWER) for name in names)]
    asked = pl.Series(delivery_ids, dtype=pl.String).implode()
    answers = pl.concat(parts).filter(pl.col("ack_status").is_not_null(), pl.col("delivery_id").is_in(asked))
    return answers.unique("delivery_id", keep="last", maintain_order=True).to_arrow().cast(_SCHEMA)


_SCHEMA = pa.schema([(name, pa.string()) for name in ANSWER])


def _files(folder: Folder, outgoing: Outgoing) -> list[str]:
    found = folder.matching(outgoing.delivery, f"{outgoing.target}_????-??-??_*.csv")
    return [name for name in found if not name.endswith((".ack.csv", ".announce.csv"))]


def _read(folder: Folder, outgoing: Outgoing, name: str, columns: Sequence[str]) -> pl.DataFrame:
    source = FeedSource(
        outgoing.office,
        outgoing.delivery,
        "snapshot",
        tuple(columns),
        (columns[0],),
        options=_dialect(outgoing),
    )
    found = folder.read(outgoing.delivery, name)
    if found is None or not found.content:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    table, _ = rows_of(source, Found(name, found.content, found.sha256))
    return pl.DataFrame(table).filter(pl.col("_problem").is_null()).select(columns)


def _write(folder: Folder, outgoing: Outgoing, name: str, frame: pl.DataFrame) -> None:
    content = _encoded(outgoing, frame)
    digest = hashlib.sha256(content).hexdigest()
    folder.write(outgoing.delivery, f"{name}.sha256", f"{digest}  {name}\n".encode())
    folder.write(outgoing.delivery, name, content)


def _encoded(outgoing: Outgoing, frame: pl.DataFrame) -> bytes:
    dialect = _dialect(outgoing)
    text = io.StringIO()
    text.write(frame.write_csv(separator=dialect["delimiter"]))
    # A letter that the agency's encoding does not have becomes `?`: it must not stop a whole delivery.
    return text.getvalue().encode(dialect["encoding"], errors="replace")


def _dialect(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "delimiter": str(outgoing.options.get("delimiter", ",")),
        "encoding": str(outgoing.options.get("encoding", "utf-8")),
    }
