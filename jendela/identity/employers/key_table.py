"""The keys in the store: who shares one, and how many bear it. Costs follow the keys asked for."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, and_, distinct, exists, func, select

from jendela.identity.employers.lists import rules
from jendela.store import frames, tables

_key = tables.employer_key
RULES = "rules"  # the kind of the one row that says what made the others
_COUNTED = {"kind": pl.String, "key": pl.String, "rows": pl.Int64, "bearers": pl.Int64}
_SHARED = {"kind": pl.String, "key": pl.String, "owner_id": pl.String}


def outdated(conn: Connection) -> bool:
    """True where other rules made the keys, or none: then all employers are judged again."""
    made_by = select(_key.c.key).where(_key.c.kind == RULES)
    return conn.execute(made_by).scalars().all() != [rules()]


def start_anew(conn: Connection) -> None:
    """Forget all keys and references; say that these rules make the next ones."""
    conn.execute(_key.delete())
    conn.execute(tables.employer_reference.delete())
    frames.load(conn, _key, pl.DataFrame({"kind": [RULES], "key": [rules()], "owner_id": [""]}))


def write(conn: Connection, owners: pl.Series, keys: pl.DataFrame, *, records: bool) -> None:
    """Replace the keys of these owners; only those of records count as bearers."""
    frames.delete(conn, _key, owners.unique().alias("owner_id").to_frame())
    bearer = pl.col("bearer") if records else pl.lit(None, pl.String)
    frames.load(conn, _key, keys.select("kind", "key", bearer.alias("bearer"), owner_id="record_id"))


def owned(conn: Connection, owners: pl.Series) -> pl.DataFrame:
    """`kind, key` of the keys that any of these owners has."""
    found = frames.matching(conn, _key, owners.unique().alias("owner_id").to_frame())
    return found.select("kind", "key").unique()


def sharing(conn: Connection, keys: pl.DataFrame, *, records: bool) -> pl.DataFrame:
    """`kind, key, owner_id`: the records, or the references, that have one of these keys."""
    if keys.is_empty():
        return pl.DataFrame(schema=_SHARED)
    whose = _key.c.bearer.is_not(None) if records else and_(_key.c.bearer.is_(None), _key.c.kind != RULES)
    return frames.matching(conn, _key, keys.select("kind", "key").unique(), whose).select(*_SHARED)


def counts(conn: Connection, keys: pl.DataFrame) -> pl.DataFrame:
    """`kind, key, rows, bearers` of these keys among the records of the register; none has no row."""
    if keys.is_empty():
        return pl.DataFrame(schema=_COUNTED)
    with frames.staged(conn, keys.select("kind", "key").unique(), ["kind", "key"]) as stage:
        query = (
            select(
                stage.c.kind,
                stage.c.key,
                func.count().label("rows"),
                func.count(distinct(_key.c.bearer)).label("bearers"),
            )
            .join(stage, and_(stage.c.kind == _key.c.kind, stage.c.key == _key.c.key))
            .where(_key.c.bearer.is_not(None))
            # By the stage's columns: by its own, SQLite would go through all keys in their order.
            .group_by(stage.c.kind, stage.c.key)
        )
        return frames.read(conn, query)


def any_records(conn: Connection) -> bool:
    """True where the register knows an employer record."""
    return bool(conn.execute(select(exists().where(_key.c.bearer.is_not(None)))).scalar())
