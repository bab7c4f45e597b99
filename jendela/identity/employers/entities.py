"""The legal entity of an establishment: what unites a head office and its branches.

Establishments are one legal entity that share an NPWP or a NIB, or a name and legal form so rare that nobody
else in the country is expected to bear them. So a letter that names the head office and an employment at the
branch can be told to be of one company, though not of one establishment.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring, keyed_hash
from jendela.identity.cluster.components import components
from jendela.identity.employers import key_table
from jendela.identity.employers.keys import OF_ENTITY, uniting
from jendela.identity.employers.meaning import MINTED
from jendela.identity.stable import assign
from jendela.store import frames, tables

_node, _reference = tables.employer_node, tables.employer_reference
_employer, _entity, _key = tables.employer, tables.legal_entity, tables.employer_key


def bring_entities_up(conn: Connection, keyring: Keyring, seq: int, concerned: pl.Series) -> dict[str, int]:
    """Bring `legal_entity` and `employer.entity_id` up to tonight; counts for the receipt.

    `concerned` are the employers that tonight gained, kept or lost a record or a mention's meaning.
    """
    while True:
        borne = _borne(conn, concerned)
        alive = borne["employer_id"].unique().sort()
        minted = pl.DataFrame({"record_id": alive, "id": keyed_hash(keyring, "legal_entity", alive)})
        every = pl.concat([concerned, alive]).unique()
        before = frames.matching(conn, _employer, every.alias("employer_id").to_frame()).drop_nulls(
            "entity_id"
        )
        # Who had the same entity until tonight, or one that one of these minted, is named anew with them.
        ids = pl.concat([before["entity_id"], minted["id"]]).unique().alias("entity_id")
        holding = frames.matching(conn, _employer, ids.to_frame())["employer_id"]
        holding = holding.filter(~holding.is_in(every.implode()))
        if holding.is_empty():
            break
        concerned = pl.concat([concerned, holding])
    previous = before.select(record_id="employer_id", id="entity_id")
    clusters = legal_entities(borne)
    asked = pl.concat([previous["id"], minted["id"]]).unique().alias("entity_id").to_frame()
    known = frames.matching(conn, _entity, asked).rename({"entity_id": "id"})
    assigned = assign(clusters, previous, minted, known, seq)
    frames.upsert(conn, _entity, assigned.identities.rename({"id": "entity_id"}))
    named = assigned.nodes.select(employer_id="record_id", entity_id="id")
    lost = previous.select(employer_id="record_id").join(named, on="employer_id", how="anti")
    named = pl.concat([named, lost.with_columns(entity_id=pl.lit(None, pl.String))])
    was = previous.rename({"record_id": "employer_id", "id": "was"})
    other = ~pl.col("entity_id").eq_missing(pl.col("was"))
    changed = named.join(was, on="employer_id", how="left").filter(other)
    frames.update(conn, _employer, changed.drop("was"), ["employer_id"])
    return {"legal_entities": clusters["cluster"].n_unique(), "legal_entities_merged": assigned.merged}


def legal_entities(borne: pl.DataFrame) -> pl.DataFrame:
    """`record_id, cluster`: the division of employers into legal entities.

    `borne` has `employer_id, kind, key` of every employer, `kind` null where nothing tells. A name unites
    only where not two entities with numbers of their own bear it.
    """
    nodes = borne["employer_id"].unique()
    by_number = components(nodes, _to_first(borne.filter(pl.col("kind") != "firm")))
    names = borne.filter(pl.col("kind") == "firm")
    numbered = borne.filter(pl.col("kind").is_in(("npwp", "nib")))["employer_id"].unique()
    placed = names.join(by_number, left_on="employer_id", right_on="record_id")
    own = pl.when(pl.col("component").is_in(_components_of(by_number, numbered).implode())).then("component")
    disputed = (
        placed.with_columns(own=own).group_by("key").agg(entities=pl.col("own").drop_nulls().n_unique())
    )
    disputed = disputed.filter(pl.col("entities") > 1)
    united = pl.concat(
        [
            _to_first(borne.filter(pl.col("kind") != "firm")),
            _to_first(names.join(disputed, on="key", how="anti")),
        ]
    )
    return components(nodes, united).rename({"component": "cluster"})


def _components_of(by_number: pl.DataFrame, numbered: pl.Series) -> pl.Series:
    return by_number.filter(pl.col("record_id").is_in(numbered.implode()))["component"].unique()


def _to_first(borne: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("employer_id").min().over("kind", "key")
    return borne.select(left_id=first, right_id="employer_id").filter(pl.col("left_id") != pl.col("right_id"))


def _borne(conn: Connection, concerned: pl.Series) -> pl.DataFrame:
    """`employer_id, kind, key` of these employers and of all that are one legal entity with them."""
    known = _keys_of(conn, concerned.unique())
    frontier = known
    while not (keys := frontier.drop_nulls("key").select("kind", "key").unique()).is_empty():
        found = _bearing(conn, keys)
        frontier = _keys_of(conn, found.filter(~found.is_in(known["employer_id"].implode())))
        known = pl.concat([known, frontier])
    return known.unique().sort("employer_id", "kind", "key")


def _keys_of(conn: Connection, employers: pl.Series) -> pl.DataFrame:
    """`employer_id, kind, key` of the keys that count, of the records of these employers; where no record
    knows one, of the mentions that stand for it. An employer without a key has a row of nulls.
    """
    asked = employers.alias("employer_id").to_frame()
    by_record = frames.matching(conn, _node, asked, _node.c.reference_id.is_(None)).select(
        "employer_id", owner_id="record_id"
    )
    rest = asked.join(by_record, on="employer_id", how="anti")
    by_mention = frames.matching(conn, _reference, rest, _reference.c.verdict == MINTED).select(
        "employer_id", owner_id="reference_id"
    )
    owners = pl.concat([by_record, by_mention])
    keys = frames.matching(conn, _key, owners.select("owner_id"), _key.c.kind.in_(OF_ENTITY))
    telling = uniting(key_table.counts(conn, keys))
    keys = keys.join(telling, on=["kind", "key"], how="semi").select("owner_id", "kind", "key")
    return owners.join(keys, on="owner_id", how="left").select("employer_id", "kind", "key").unique()


def _bearing(conn: Connection, keys: pl.DataFrame) -> pl.Series:
    """The employers that bear one of these keys."""
    of_records = key_table.sharing(conn, keys, records=True).select(record_id="owner_id").unique()
    of_mentions = key_table.sharing(conn, keys, records=False).select(reference_id="owner_id").unique()
    by_record = frames.matching(conn, _node, of_records)["employer_id"]
    by_mention = frames.matching(conn, _reference, of_mentions, _reference.c.verdict == MINTED)["employer_id"]
    return pl.concat([by_record, by_mention]).drop_nulls().unique()
