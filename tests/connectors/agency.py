"""One agency as a test sees it: what every `*_agency.py` beside this file gives, whatever the transport."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from jendela.model.ports import FeedSource, Outgoing, Window

COLUMNS = ("KPJ", "NAMA", "UPAH", "TGL_UBAH")
# Joko Susilo's row is the newest; Siti was entered by hand and never stamped.
WORKERS = (
    ("12345678901", "Joko Susilo", "4500000.50", "2026-03-01 23:10:00"),
    ("12345678902", "Sri Wahyuni", "3200000.00", "2026-03-01 22:00:00"),
    ("12345678903", "Siti", None, None),
    ("12345678904", "Budi Santoso", "5100000.00", "2026-02-27 08:15:00.25"),
)
INBOX_COLUMNS = ("KPJ", "NO_SURAT")
ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")
NIGHT = "2026-03-02"


@dataclass
class Agency:
    """A connector to an agency with the four workers and an empty inbox, and ways to act in its name.

    `answer` writes the agency's answers (rows of `ANSWER`) to what was delivered; `delivered` reads the inbox
    with the agency's own tools (`ENVELOPE` and `INBOX_COLUMNS` of each row, an empty value is None);
    `broken` are changed sources on which pulling must fail without quoting a value. `windowed`: it can be
    asked for a window. `typed`: a wage is a number there, so that it comes as 4500000.5 and not as written.
    """

    connector: Any
    source: FeedSource
    outgoing: Outgoing
    answer: Callable[[Sequence[tuple[str | None, ...]]], None]
    delivered: Callable[[], list[dict[str, str | None]]]
    broken: Sequence[FeedSource] = ()
    windowed: bool = False
    typed: bool = False
    act: Any = None

    def pulled(self, low=None, high=None, **changed):
        """The rows of a window in key order."""
        tables = self.connector.pull(replace(self.source, **changed), Window(low, high))
        table = pa.concat_tables([part.select(list(COLUMNS)).replace_schema_metadata() for part in tables])
        return table.sort_by("KPJ").to_pylist()


def source(mode: str = "snapshot", **where: Any) -> FeedSource:
    """The feed of the four workers."""
    return FeedSource("bpjs", "bpjs.kerja", mode, COLUMNS, ("KPJ",), **where)


def outgoing(target: str = "jdl_surat", **options: Any) -> Outgoing:
    """The delivery of letters to the agency."""
    return Outgoing("bpjs", "letters", target, INBOX_COLUMNS, recipient="bpjs", options=options)
