"""What halts a batch before anything of it is believed: a day ahead, too little, or far too much."""

from __future__ import annotations

from functools import partial

from jendela.ingest.acquire import Pulled
from jendela.ingest.business import Ordered, ahead_halt
from jendela.ingest.changes import halt_reason
from jendela.ingest.known import Known
from jendela.ingest.marks import Marks, short
from jendela.ingest.memory import Memory
from jendela.ingest.volume import STORM, storm_reason, usual
from jendela.model.ports import FeedSource
from jendela.model.receipt import Night
from jendela.store.hub import Hub


def halt(
    hub: Hub,
    night: Night,
    source: FeedSource,
    pulled: Pulled,
    past: Memory,
    known: Known,
    ordered: Ordered,
    marks: Marks,
) -> tuple[str | None, str | None]:
    """The guard that halts the batch (ahead, shrink or storm), and why; None and None if it is believed."""
    if ahead := ahead_halt(source, ordered):
        return ahead
    settings, options = hub.settings, source.options
    least = float(options.get("shrink_limit", settings.shrink_limit))
    if shrunk := _shrink_reason(source, pulled, past, known, least):
        return "shrink", shrunk
    with hub.reading() as conn:
        usually = usual(conn, source.feed, night.seq)
    most = float(options.get("storm_limit", settings.storm_limit))
    minimum = int(options.get("storm_minimum", settings.storm_minimum))
    told = partial(storm_reason, source, pulled.asked, usually=usually, limit=most, minimum=minimum)
    # What the hub has as it is was believed before: an overlap read again, an extract that was let grow.
    if (storm := told(rows=pulled.landed.received)) and told(rows=_news(marks, known)):
        return STORM, storm
    return None, None


def _news(marks: Marks, known: Known) -> int:
    """How many of the batch's rows are not as the hub has them."""
    same = (known.unchanged(short(part["_record_id"]), short(part["_row_hash"])) for part in marks.slices())
    return marks.rows().size - int(sum(one.sum() for one in same))


def _shrink_reason(
    source: FeedSource, pulled: Pulled, past: Memory, known: Known, limit: float
) -> str | None:
    if source.mode == "drop":
        return None
    if source.mode == "snapshot":
        return halt_reason(past.last_rows, pulled.landed.received, limit)
    if past.watermark is not None and pulled.highest is None:
        return halt_reason(max(past.last_rows or 0, 1), 0, limit)
    if pulled.swept is not None:
        return halt_reason(known.alive, known.alive - known.lost, limit)
    return None
