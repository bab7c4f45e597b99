"""The NIKs of persons who have several, or one that is doubtful: opened to be compared, and told as hashes.

Most persons have one NIK that is as it should be: nothing is opened for them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, func, select

from jendela.crypto import Keyring, keyed_hash, unseal_many
from jendela.reconcile.known import NIKS, SLIPS
from jendela.store import frames
from jendela.store.records import persons_by_id
from jendela.store.sealed import PERSON_VERSION
from jendela.store.tables import identity_node, identity_record

PURPOSE = "identity.nik"  # the hash that identify keeps of it: the two can be compared
DOUBTS = ["N3", "N4", "N5", "N6", "N7"]
"""What the contracts note of a NIK that has sixteen digits."""


def opened(conn: Connection, keyring: Keyring, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The columns of `NIKS`, and the `number` itself, which goes no further than `slips`."""
    told = pl.concat(
        frame.select("record_id", "person_id", "noted")
        for frame in records.values()
        if "sex" in frame.columns
    ).drop_nulls("person_id")
    doubtful = told.filter(pl.col("noted").list.eval(pl.element().is_in(DOUBTS)).list.any())
    asked = pl.concat([doubtful["person_id"], _several(conn)]).unique()
    mentions = told.filter(pl.col("person_id").is_in(asked.implode())).unique("record_id", keep="first")
    # Written so that SQLite does not start from all versions that are in force, which is nearly all.
    now = func.coalesce(persons_by_id.c.seq_to, -1) == -1
    sealed = frames.matching(conn, persons_by_id, mentions.select("record_id"), now)
    said = unseal_many(keyring, sealed["sealed"], PERSON_VERSION).cast(pl.String)
    number = said.str.json_decode(pl.Struct({"nik": pl.String})).struct.field("nik")
    found = sealed.select("record_id", number=number).drop_nulls("number")
    found = found.join(mentions.select("record_id", "person_id"), on="record_id")
    hashes = keyed_hash(keyring, PURPOSE, found["number"]).str.slice(0, 32)
    return found.with_columns(nik=hashes).select(*NIKS, "number").sort("person_id", "record_id")


def slips(niks: pl.DataFrame) -> pl.DataFrame:
    """The columns of `SLIPS`, of what `opened` gave."""
    once = niks.unique(["person_id", "nik"], keep="first", maintain_order=True).drop("record_id")
    pairs = once.join(once, on="person_id", suffix="_b").filter(pl.col("nik") < pl.col("nik_b"))
    edits = process.cpdist(
        pairs["number"].to_list(), pairs["number_b"].to_list(), scorer=OSA.distance, dtype=np.int64
    )
    return (
        pairs.select("person_id", "nik", "nik_b")
        .with_columns(slips=pl.Series(edits, dtype=pl.Int64))
        .select(*SLIPS)
    )


def _several(conn: Connection) -> pl.Series:
    """The persons whose records carry more than one NIK."""
    node, record = identity_node.c, identity_record.c
    query = (
        select(node.person_id)
        .join(identity_record, record.record == node.number)
        .group_by(node.person_id)
        .having(func.min(record.nik) != func.max(record.nik))
    )
    return frames.read(conn, query)["person_id"]
