"""Judging everything again: what it would change, and doing it once a person has said so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, select

from jendela.contracts.mapping import Feed
from jendela.evidence import ledger
from jendela.law import Law, load_law
from jendela.letters.rules import Rules, load_rules
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night
from jendela.privacy.discretion import discreet
from jendela.register import findings
from jendela.rejudge import accepted, held
from jendela.rejudge.outcome import LINE, FeedOutcome, Outcome
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import held_row, night

TEXT = pl.String()
ROWS = {"kind": TEXT, "record_id": TEXT, "held_id": TEXT, "state": TEXT}


def judge_again(hub: Hub, feed: str | None) -> Outcome:
    """What judging everything again under the agreements of today would change. Nothing is written.

    Rows are judged as the next night would judge them: dates by its day.

    Raises:
        WrongUseError: there is no such feed, or there was no night yet.
    """
    with hub.reading() as conn:
        return _judged(hub, conn, _chosen(hub, feed))


def decide(hub: Hub, feed: str | None, who: str, why: str) -> Outcome:
    """The same, and done: the decision is in the ledger first, in the same transaction.

    Held rows that no rule holds any longer are released, and judged in the next night like any released row;
    accepted letters that fail now become findings.

    Raises:
        WrongUseError: as above; a night is open; who or why is not said, or the reason has a number or a date
            that may be somebody's.
    """
    if not who.strip() or not why.strip():
        raise WrongUseError("A decision says who takes it and why: --by and --because.")
    why = discreet(why)
    feeds = _chosen(hub, feed)
    with hub.begin() as conn:
        _keep_still(conn, feeds)
        last = _last(conn)
        if last.state == "open":
            raise WrongUseError(f"The night of {last.day} is still open: finish it first (jendela run).")
        outcome = _judged(hub, conn, feeds)
        if not outcome.changes:
            return outcome
        body = {"verdict": "rejudged", "who": who, "why": why, **outcome.as_dict()}
        ledger.append(conn, "release", body)
        for one in outcome.feeds:
            _do(conn, one, who, why, last.seq)
    return outcome


def _keep_still(conn: Connection, feeds: list[Feed]) -> None:
    """Until the decision is taken no night opens, and nobody decides on what waits. (SQLite has one writer.)

    The rows before the ledger, as whoever releases one of them takes them.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"LOCK TABLE {night.name} IN SHARE ROW EXCLUSIVE MODE")
    row = held_row.c
    waiting = select(row.held_id).where(row.feed.in_([one.name for one in feeds]), row.state == "held")
    conn.execute(waiting.order_by(row.held_id).with_for_update()).all()


def _do(conn: Connection, one: FeedOutcome, who: str, why: str, seq: int) -> None:
    free = one.rows.filter((pl.col("kind") == "held") & (pl.col("state") == "released")).select("held_id")
    decided = {"decided_by": pl.lit(who), "decided_why": pl.lit(why), "decided_seq": pl.lit(seq, pl.Int64)}
    frames.update(conn, held_row, free.with_columns(state=pl.lit("released"), **decided), on=["held_id"])
    frames.update(conn, held_row, one.violations, on=["held_id"])
    # Known from the next night on, in which its sender is told.
    findings.replace(conn, one.judged, one.findings, seq + 1)


def _judged(hub: Hub, conn: Connection, feeds: list[Feed]) -> Outcome:
    last = _last(conn)
    day: date = last.day + timedelta(days=1)
    next_night = Night(day, last.seq + 1, ())
    folder = hub.settings.agreements
    law, rules = load_law(folder), load_rules(folder)
    versions = {"agreements": hub.agreements.digest, "law": law.digest, "letter_rules": rules.digest}
    made = tuple(_of_feed(hub, conn, next_night, feed, law, rules) for feed in feeds)
    return Outcome(str(day), made, versions)


def _of_feed(hub: Hub, conn: Connection, night: Night, feed: Feed, law: Law, rules: Rules) -> FeedOutcome:
    waiting = held.rejudged(hub, conn, night, feed)
    rows = [waiting.select(pl.lit("held").alias("kind"), "record_id", "held_id", "state")]
    before, after = ([held.lines(waiting, name, feed.name)] for name in ("before", "after"))
    new, judged = pl.DataFrame(), pl.DataFrame(schema={"record_id": TEXT})
    if accepted.LETTER in feed.targets:
        letters = accepted.rejudged(hub, conn, night, feed, law, rules)
        rows.append(letters.rows.select(pl.lit("accepted").alias("kind"), "record_id", "state"))
        for many, part in ((before, letters.before), (after, letters.after)):
            many.append(part.select(pl.lit(feed.name).alias("feed"), *list(LINE)[1:]))
        judged = letters.rows.filter(pl.col("state") != "unchanged").select("record_id")
        said = letters.found.join(judged, left_on="_record_id", right_on="record_id", how="semi")
        versions = {"law": law.digest, "letter_rules": rules.digest}
        new = findings.as_rows(said, letters.places, feed, versions, hub.keyring)
    return FeedOutcome(
        feed.name,
        pl.concat(rows, how="diagonal").select(list(ROWS)),
        pl.concat(before),
        pl.concat(after),
        waiting.filter(pl.col("state") == "other_rules").select("held_id", violations="after"),
        new,
        judged,
    )


def _chosen(hub: Hub, feed: str | None) -> list[Feed]:
    feeds = {
        name: one
        for office in hub.settings.offices
        if office in hub.agreements.offices
        for name, one in hub.agreements.offices[office].feeds.items()
    }
    if feed is None:
        return [feeds[name] for name in sorted(feeds)]
    if feed not in feeds:
        raise WrongUseError(f"There is no feed {feed}; there are {', '.join(sorted(feeds))}.")
    return [feeds[feed]]


def _last(conn: Connection) -> Row[Any]:
    found = conn.execute(select(night).order_by(night.c.seq.desc()).limit(1)).one_or_none()
    if found is None:
        raise WrongUseError("There was no night yet: nothing is held or accepted.")
    return found
