"""Batches that a guard halted and offices whose breaker is open: looked at, released or discarded.

Who decided and why is in the ledger before it takes effect. A released batch is taken from its own landing
file in the next night or catch-up; of a discarded one nothing is ever taken, and it stays on the list of all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, select, update

from jendela.evidence import ledger
from jendela.ingest import breaker, memory, replay
from jendela.ingest.fingerprints import fingerprinted
from jendela.ingest.window import committed
from jendela.model.errors import SealBrokenError, WrongUseError
from jendela.model.ports import FeedSource
from jendela.model.receipt import night_label
from jendela.privacy.discretion import discreet
from jendela.store import frames, records, tables
from jendela.store.batches import WAITING
from jendela.store.hub import Hub

BREAKER, HALTED = "breaker", "halted"


@dataclass(frozen=True)
class Halted:
    """A halted batch, or an open breaker (without feed and batch): what stopped it, and what was decided.

    `waits` says whether it is still to be decided or, once released, to be taken.
    """

    office: str
    feed: str
    guard: str
    night: str
    rows: int
    reason: str
    state: str
    waits: bool
    batch_id: str = ""
    landing: str = ""
    decided_by: str = ""
    decided_why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def listed(hub: Hub, *, everything: bool = False) -> list[Halted]:
    """What waits for a person, by office and feed; with `everything` also what was decided or overtaken."""
    with hub.reading() as conn:
        found = [one for one in _batches(conn) if everything or one.waits]
        seq = _last(conn).seq + 1 if _any_night(conn) else 1
        for office in hub.settings.offices:
            state = breaker.read(conn, hub, office, seq)
            if state.is_open:
                found.append(_open(state))
    return sorted(found, key=lambda one: (one.office, one.feed, one.night))


def of(hub: Hub, name: str) -> list[Halted]:
    """All that was ever halted of a feed or an office, the oldest first.

    Raises:
        WrongUseError: there is no such feed or office.
    """
    _feeds(hub, name)
    return [one for one in listed(hub, everything=True) if name in (one.office, one.feed)]


def decide(hub: Hub, name: str, verdict: str, who: str, why: str) -> list[Halted]:
    """What of this feed, or of all feeds of this office, is now `released` or `discarded`.

    An office's breaker is closed by releasing it: its next night asks all of its feeds again.

    Raises:
        WrongUseError: there is no such feed or office, nothing of it waits, a night is open, who or why is
            not said, or the reason has a number or a date that may be somebody's.
    """
    if not who.strip() or not why.strip():
        raise WrongUseError("A decision says who takes it and why: --by and --because.")
    why = discreet(why)
    feeds = _feeds(hub, name)
    with hub.begin() as conn:
        last = _last(conn)
        if last.state == "open":
            label = night_label(last.day, last.supplement)
            raise WrongUseError(f"The night of {label} is still open: finish it first (jendela run).")
        waiting = [(feed, replay.waiting(conn, feed.feed, *WAITING)) for feed in feeds]
        chosen = [(feed, meant) for feed, rows in waiting if (meant := _meant(feed, rows, verdict))]
        state = breaker.read(conn, hub, name, last.seq + 1) if name in hub.agreements.offices else None
        resets = state if state is not None and state.is_open and verdict == "released" else None
        if not chosen and resets is None:
            raise WrongUseError(f"Nothing of {name} waits: jendela halted list.")
        decided = {"state": verdict, "decided_by": who, "decided_why": why, "decided_seq": last.seq}
        ids = [row.batch_id for _, rows in chosen for row in rows]
        batch = tables.batch
        waits = update(batch).where(batch.c.batch_id.in_(ids), batch.c.state.in_(WAITING))
        if conn.execute(waits.values(**decided)).rowcount != len(ids):
            raise WrongUseError(f"Somebody else has just decided on {name}: jendela halted show {name}.")
        _log(conn, name, verdict, who, why, chosen, resets)
        if verdict == "discarded":
            for feed, rows in chosen:
                _keep_out(hub, conn, feed, rows[-1], last)
        if resets is not None:
            reset = {"office": name, "seq": last.seq, "who": who, "why": why}
            row = pl.DataFrame([reset], frames.schema(tables.breaker_reset))
            frames.upsert(conn, tables.breaker_reset, row)
        made = [one for one in _batches(conn) if one.batch_id in ids]
    return [*made, *([replace(_open(resets), state=verdict, waits=False)] if resets is not None else [])]


def _meant(feed: FeedSource, rows: list[Row[Any]], verdict: str) -> list[Row[Any]]:
    """The newest brought all that earlier ones of its feed did; but every drop brought files of its own.

    What is released already stays as whoever decided it, until it is taken or discarded.
    """
    if verdict == "discarded":
        return rows
    return [row for row in (rows if feed.mode == "drop" else rows[-1:]) if row.state == HALTED]


def _keep_out(hub: Hub, conn: Connection, feed: FeedSource, batch: Row[Any], last: Row[Any]) -> None:
    """These versions of these rows are known from now on as discarded, and the window begins behind them.

    Of a batch whose landing cannot be read any more nothing is known: its rows are asked for again.
    """
    if feed.mode == "drop":
        return  # a file whose batch was discarded is not read again
    try:
        rows = pl.concat(_versions(hub, feed, batch.landing))
    except (FileNotFoundError, SealBrokenError):
        return
    rows = rows.unique("record_id", keep="last")
    known = memory.known_rows(conn, feed.feed, rows["record_id"]).filter(pl.col("deleted_seq").is_null())
    new = rows.join(known, on=["record_id", "row_hash"], how="anti")
    marked = new.with_columns(
        feed=pl.lit(feed.feed),
        seq=pl.lit(last.seq, pl.Int64),
        outcome=pl.lit("discarded"),
        deleted_seq=pl.lit(None, pl.Int64),
        as_of=pl.lit(None, pl.String),
    )
    records.note(conn, marked)
    highest = json.loads(batch.manifest).get("highest")
    if feed.watermark is not None and highest is not None:
        state = tables.feed_state
        moved = {"feed": feed.feed, "watermark": committed(highest, last.day)}
        if conn.execute(select(state.c.feed).where(state.c.feed == feed.feed)).scalar() is None:
            frames.load(conn, state, pl.DataFrame([moved | {"last_seq": last.seq}], frames.schema(state)))
        else:
            conn.execute(update(state).where(state.c.feed == feed.feed).values(watermark=moved["watermark"]))


def _versions(hub: Hub, feed: FeedSource, landing: str) -> Iterator[pl.DataFrame]:
    """`record_id, row_hash` of what landed, slice by slice."""
    for part in hub.artefacts.landing_slices(landing):
        told = fingerprinted(hub.keyring, feed, part)
        yield told.select(record_id="_record_id", row_hash="_row_hash")


def _log(
    conn: Connection,
    name: str,
    verdict: str,
    who: str,
    why: str,
    chosen: list[tuple[FeedSource, list[Row[Any]]]],
    resets: breaker.Breaker | None,
) -> None:
    said = ("feed", "batch_id", "sha256", "rows", "guard")
    batches = [{name: getattr(row, name) for name in said} for _, rows in chosen for row in rows]
    body: dict[str, Any] = {"halted": name, "verdict": verdict, "who": who, "why": why, "batches": batches}
    if resets is not None:
        body["breaker"] = {"office": resets.office, "failures": resets.failures}
    ledger.append(conn, "release", body)


def _batches(conn: Connection) -> list[Halted]:
    batch, night = tables.batch.c, tables.night.c
    query = (
        select(tables.batch, night.day, night.supplement)
        .join(tables.night, night.seq == batch.seq)
        .where((batch.guard.is_not(None)) | batch.state.in_((*WAITING, "discarded")))
        .order_by(batch.feed, batch.seq)
    )
    found = conn.execute(query).all()
    feeds = {row.feed for row in found}
    waits = {one.batch_id for feed in feeds for one in replay.waiting(conn, feed, *WAITING)}
    return [
        Halted(
            office=row.office,
            feed=row.feed,
            guard=row.guard or "measures",
            night=night_label(row.day, row.supplement),
            rows=row.rows,
            reason=row.halt_reason or "",
            state=row.state,
            waits=row.batch_id in waits,
            batch_id=row.batch_id,
            landing=row.landing,
            decided_by=row.decided_by or "",
            decided_why=row.decided_why or "",
        )
        for row in found
    ]


def _open(state: breaker.Breaker) -> Halted:
    reason = f"No feed has answered for {state.failures} nights: the office is only probed."
    return Halted(state.office, "", BREAKER, state.since or "", 0, reason, "open", True)


def _feeds(hub: Hub, name: str) -> list[FeedSource]:
    offices = hub.agreements.offices
    if name in offices:
        return [feed.source for feed in offices[name].feeds.values()]
    office = offices.get(name.split(".", maxsplit=1)[0])
    if office is None or name not in office.feeds:
        raise WrongUseError(f"There is no feed and no office {name}: jendela source list.")
    return [office.feeds[name].source]


def _any_night(conn: Connection) -> bool:
    return conn.execute(select(tables.night.c.seq).limit(1)).scalar() is not None


def _last(conn: Connection) -> Row[Any]:
    night = tables.night
    found = conn.execute(select(night).order_by(night.c.seq.desc()).limit(1)).one_or_none()
    if found is None:
        raise WrongUseError("There was no night yet: nothing is halted.")
    return found
