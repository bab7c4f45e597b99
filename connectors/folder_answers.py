"""What an office answered in files beside our own: `<stem>.ack.csv` or `<stem>.ack.xlsx`.

Each file is read by itself. One that is not as agreed keeps nobody waiting but those whom it answers: it is
told, night by night until it is mended, and the others count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pyarrow as pa

from connectors import formats
from connectors.folder import Folder
from jendela.model.errors import FeedError, UnreachableError
from jendela.model.ports import FeedSource, Outgoing

ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")
ENDINGS: Mapping[str, str] = {".ack.csv": "csv", ".ack.xlsx": "xlsx"}
_SCHEMA = pa.schema([(name, pa.string()) for name in ANSWER])
_STEM = re.compile(r"(.+?)_\d{4}-\d{2}-\d{2}_[a-z0-9_.]+")

Unread = tuple[str, str]
"""What is wrong with an answer file, and what to do; neither has a value of it."""


def read(folder: Folder, outgoing: Outgoing, text: Mapping[str, Any]) -> pa.Table:
    """All answers in the files of this delivery, in order of the files' names; `text` is how CSV is written.

    The metadata says under `jendela` what could not be read: `{"unread": [[reason, what to do], …]}`.

    Raises:
        UnreachableError: the folder does not answer.
    """
    parts, unread = [pl.DataFrame(schema=dict.fromkeys(ANSWER, pl.String))], list[Unread]()
    for name in folder.matching(outgoing.delivery, f"{outgoing.target}_*.ack.*"):
        ending = next((one for one in ENDINGS if name.lower().endswith(one)), None)
        if ending is None or _of_another(outgoing, name):
            continue
        options = {"format": "xlsx"} if ENDINGS[ending] == "xlsx" else text
        try:
            answers, wrong = _of_file(folder, outgoing, name, options)
        except UnreachableError as error:
            folder.matching(outgoing.delivery, name)  # raises, where it is not this file alone
            wrong = (f"{_called(name)}: {error.reason}", error.remedy)
        except FeedError as error:
            wrong = (_named(name, error.reason), error.remedy)
        else:
            parts.append(answers)
        if wrong is not None:
            unread.append(wrong)
    table = pl.concat(parts).to_arrow().cast(_SCHEMA)
    return table.replace_schema_metadata({"jendela": json.dumps({"unread": unread})}) if unread else table


def _of_file(
    folder: Folder, outgoing: Outgoing, name: str, options: Mapping[str, Any]
) -> tuple[pl.DataFrame, Unread | None]:
    nothing = pl.DataFrame(schema=dict.fromkeys(ANSWER, pl.String))
    found = folder.finished(outgoing.delivery, name)
    if found is None or not found.content:
        what = "is not whole yet, or is not what its .sha256 says" if found is None else "is empty"
        return nothing, (f"{_called(name)} {what}.", "If it stays so, ask the agency to write it again.")
    source = FeedSource(
        outgoing.office, outgoing.delivery, "snapshot", ANSWER, ANSWER[:1], options=dict(options)
    )
    table = pa.concat_tables(formats.read(source, replace(found, name=_called(name))).tables)
    frame = pl.DataFrame(table.select([*ANSWER, "_problem"]))
    lines = frame.filter(pl.col("_problem").is_not_null()).height
    wrong = (
        f"{_called(name)} has {lines} lines with more or fewer fields than its header.",
        "Ask the agency to write them anew, with a delimiter inside of a text in quotation marks.",
    )
    answered = pl.col("_problem").is_null() & pl.col("ack_status").is_not_null()
    return frame.filter(answered).select(ANSWER), wrong if lines else None


def _of_another(outgoing: Outgoing, name: str) -> bool:
    """Whether the file answers another delivery, whose target begins as ours does: surat, surat_kembali."""
    found = _STEM.match(name.lower())
    return found is not None and found[1] != outgoing.target.lower()


def _called(name: str) -> str:
    """The file as it may be told: an office may have written anything behind our own stem."""
    stem = name[: name.lower().rindex(".ack.")]
    return name if _STEM.fullmatch(stem) else "A file of answers"


def _named(name: str, reason: str) -> str:
    called = _called(name)
    return reason if called in reason else f"{called}: {reason}"
