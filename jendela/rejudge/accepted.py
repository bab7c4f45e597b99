"""Accepted letters judged again, by their contract and by the rules of letters. Reads only.

What fails now stays accepted: it becomes a finding, which its sender is told of.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from jendela.contracts.facts import decode, facts_schema, identifying_schema
from jendela.contracts.mapping import Feed
from jendela.contracts.rows import broken_rules
from jendela.crypto import unseal_many
from jendela.law import Law
from jendela.letters.rows import judge_rows
from jendela.letters.rules import Rules
from jendela.model.receipt import Night
from jendela.privacy import places
from jendela.register.findings import TOLD
from jendela.rejudge.documents import judge_landed
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import persons_by_id, stated_by_id
from jendela.store.sealed import LETTER_FINDING, PERSON_VERSION
from jendela.store.tables import letter_finding

LETTER = "termination_letter"
TEXT = pl.String()
FOUND = dict.fromkeys(("_record_id", "rule", "severity", "field", *TOLD), TEXT)
PLACES = {"_record_id": TEXT, "_row": pl.Int64(), "_name": TEXT, "key": TEXT}
VIOLATIONS = pl.List(pl.Struct(dict.fromkeys(("field", "rule", "severity"), TEXT)))
ERROR, NOTED = "error", ("error", "warning")


@dataclass(frozen=True)
class Accepted:
    """The accepted letters of a feed judged again.

    `rows` has `record_id, state` (failing, mended, unchanged); `before` and `after` are their errors
    (`record_id, field, rule`); `found` all that is said now, `places` where each letter stands.
    """

    rows: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    found: pl.DataFrame
    places: pl.DataFrame


def rejudged(hub: Hub, conn: Connection, night: Night, feed: Feed, law: Law, rules: Rules) -> Accepted:
    """All current letters of a feed under the agreements of today.

    Letters that came as files are read again from what landed; one whose landing is no longer kept is judged
    by its contract only, and what the rules said of it stays.
    """
    letters = _letters(hub, conn, feed)
    current = _current(hub, conn, feed)
    if feed.source.mode == "drop":
        ruled, unread = judge_landed(hub, conn, feed, letters, law, rules)
        kept = current.lines.join(unread.to_frame("_record_id"), on="_record_id", how="semi")
        ruled = pl.concat([ruled.select(list(FOUND)), kept.filter(pl.col("rule").str.contains("^[LN]"))])
    else:
        judged = judge_rows(letters, feed.targets[LETTER].fields, law, rules)
        ruled = judged.select("file", *list(FOUND)[1:]).rename({"file": "_record_id"})
    found = pl.concat([_broken(hub, night, letters), ruled]).filter(pl.col("severity").is_in(NOTED))
    found = found.unique(["_record_id", "field", "rule"], keep="last", maintain_order=True)
    before, after = _errors(current.lines), _errors(found)
    return Accepted(
        _states(letters.select(record_id="_record_id"), before, after), before, after, found, current.places
    )


@dataclass(frozen=True)
class _Current:
    lines: pl.DataFrame
    places: pl.DataFrame


def _current(hub: Hub, conn: Connection, feed: Feed) -> _Current:
    """What is said of the feed's letters so far, opened."""
    row = letter_finding.c
    found = frames.read(conn, select(letter_finding).where(row.feed == feed.name, row.seq_to.is_(None)))
    sealed = unseal_many(hub.keyring, found["sealed"], LETTER_FINDING).cast(TEXT)
    schema = pl.Struct({"key": TEXT, "told": pl.List(pl.Struct(dict.fromkeys(TOLD, TEXT)))})
    opened = found.select(
        _record_id="record_id",
        _row=pl.col("source_line").cast(pl.Int64),
        _name=places.opened(hub.keyring, found, letter_finding.name),
        said=pl.col("violations").str.json_decode(VIOLATIONS),
        told=sealed.str.json_decode(schema),
    ).with_columns(key=pl.col("told").struct.field("key"), told=pl.col("told").struct.field("told"))
    lines = opened.select("_record_id", "said", "told").explode("said", "told").unnest("said", "told")
    return _Current(lines.select(list(FOUND)), opened.select(list(PLACES)))


def _letters(hub: Hub, conn: Connection, feed: Feed) -> pl.DataFrame:
    """The current letters of a feed: `_record_id, _batch` and all fields of the contract, typed."""
    contract = hub.agreements.contracts[LETTER]
    row = stated_by_id.c
    clear = frames.read(
        conn,
        select(row.record_id.label("_record_id"), row.batch_id.label("_batch"), row.facts).where(
            row.feed == feed.name, row.entity == LETTER, row.seq_to.is_(None)
        ),
    )
    persons = frames.matching(conn, persons_by_id, clear.select(record_id="_record_id"))
    persons = persons.filter(pl.col("seq_to").is_null())
    names = persons.select(
        _record_id="record_id",
        plain=unseal_many(hub.keyring, persons["sealed"], PERSON_VERSION).cast(TEXT),
    )
    typed = decode(clear, "facts", facts_schema(contract)).join(
        decode(names, "plain", identifying_schema(contract)), on="_record_id", how="left"
    )
    return typed.select("_record_id", "_batch", *contract.schema).sort("_record_id")


def _broken(hub: Hub, night: Night, letters: pl.DataFrame) -> pl.DataFrame:
    """What the contract would hold, had the letters come tonight."""
    contract = hub.agreements.contracts[LETTER]
    broken = broken_rules(contract, hub.agreements.codes, night.day, letters.select(list(contract.schema)))
    ids = letters.select("_record_id").with_row_index("position")
    held = broken.filter(pl.col("outcome") == "hold").join(ids, on="position", how="left")
    nothing = {name: pl.lit(None, TEXT).alias(name) for name in TOLD}
    return held.with_columns(severity=pl.lit(ERROR), **nothing).select(list(FOUND))


def _errors(lines: pl.DataFrame) -> pl.DataFrame:
    errors = lines.filter(pl.col("severity") == ERROR)
    return errors.select("field", "rule", record_id="_record_id").unique()


def _states(records: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    keys = ["record_id", "field", "rule"]
    new = after.join(before, on=keys, how="anti")["record_id"].unique()
    gone = before.join(after, on=keys, how="anti")["record_id"].unique()
    state = (
        pl.when(pl.col("record_id").is_in(new.implode()))
        .then(pl.lit("failing"))
        .when(pl.col("record_id").is_in(gone.implode()))
        .then(pl.lit("mended"))
        .otherwise(pl.lit("unchanged"))
    )
    return records.with_columns(state=state)
