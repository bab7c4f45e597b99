"""The pairs an audit draws from: the linked, those in doubt, and those that could have been missed.

In a large register only the pairs of some records are looked at. Record ids are keyed hashes, so that all ids
between two random bounds are a random sample of the records, and the pairs they have in common with anybody
stand for all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from jendela.crypto import Keyring, hash_one
from jendela.identity.key_store import every
from jendela.store import frames
from jendela.store.tables import identity_edge, identity_node, identity_record, source_row

LINKED = ("linked_certain", "linked_scored", "linked_through")
REVIEW = "review"
KEPT_APART = ("apart_near", "apart_far")
STRATA = (*LINKED, REVIEW, *KEPT_APART)
RECORDS = 20_000  # looked at, of a register that has more
LARGEST_BLOCK = 400  # mentions with one key; a commoner key says nothing, and its pairs are without number
KIND_BITS = 4  # of a stored key, the last ones: its kind
NEAR = 2  # kinds of key in common from which two that were kept apart count as near
_PAIR = ["left_id", "right_id"]
_DIGITS = 12


@dataclass(frozen=True)
class Population:
    """`pairs`: `left_id, right_id, stratum`, each once. `sizes`: how many pairs each stratum has in all.

    linked_certain   one person, and a certain link between the two records
    linked_scored    one person, linked by probability
    linked_through   one person, by way of other records only
    review           two persons, in doubt
    apart_near       two persons, not in doubt, whose records have two or more kinds of blocking key in common
    apart_far        the same with one
    `records` in the register, `looked_at` of them; `left_out`: keys too common to compare.
    """

    pairs: pl.DataFrame
    sizes: dict[str, float]
    records: int
    looked_at: int
    left_out: int


def population(conn: Connection, keyring: Keyring, seed: int) -> Population:
    """The pairs of this register, the same for the same register and seed."""
    records = conn.execute(select(func.count()).select_from(identity_node)).scalar_one()
    share = min(1.0, RECORDS / max(records, 1))
    bounds = _bounds(keyring, seed, share)
    review = _pairs(
        frames.read(
            conn, select(*(identity_edge.c[name] for name in _PAIR)).where(identity_edge.c.zone == "review")
        )
    )
    linked = _linked(conn, bounds)
    apart, left_out = _apart(conn, bounds)
    review = _of_two(conn, review).with_columns(stratum=pl.lit(REVIEW))
    apart = _of_two(conn, apart.join(review, on=_PAIR, how="anti"))
    near = pl.when(pl.col("kinds") >= NEAR).then(pl.lit(KEPT_APART[0])).otherwise(pl.lit(KEPT_APART[1]))
    drawn = pl.concat([linked, apart.select(*_PAIR, "times", stratum=near)])
    # A pair is met from either of its records, so both ends inside the bounds count it twice.
    met = dict(drawn.group_by("stratum").agg(pl.col("times").sum()).iter_rows())
    sizes = {name: met.get(name, 0) / (2 * share) for name in STRATA}
    sizes[REVIEW] = float(review.height)
    looked_at = records if share == 1 else _count(conn, bounds)
    pairs = pl.concat([drawn.select(*_PAIR, "stratum"), review.select(*_PAIR, "stratum")])
    return Population(pairs.sort("stratum", *_PAIR), sizes, records, looked_at, left_out)


def _bounds(keyring: Keyring, seed: int, share: float) -> tuple[str, str] | None:
    """The first id and the one after the last, as hexadecimal digits; None: all records."""
    if share == 1:
        return None
    whole = 16**_DIGITS
    start = int(hash_one(keyring, "audit", f"bounds|{seed}")[:_DIGITS], 16) * (1 - share)
    return f"{int(start):0{_DIGITS}x}", f"{int(start + share * whole):0{_DIGITS}x}"


def _inside(column: ColumnElement[str], bounds: tuple[str, str] | None) -> ColumnElement[bool]:
    return true() if bounds is None else and_(column >= bounds[0], column < bounds[1])


def _count(conn: Connection, bounds: tuple[str, str] | None) -> int:
    inside = select(func.count()).select_from(identity_node)
    return conn.execute(inside.where(_inside(identity_node.c.record_id, bounds))).scalar_one()


def _linked(conn: Connection, bounds: tuple[str, str] | None) -> pl.DataFrame:
    """`left_id, right_id, times, stratum` of the pairs inside one person."""
    one, other = identity_node.alias("one"), identity_node.alias("other")
    query = (
        select(one.c.record_id.label("left_id"), other.c.record_id.label("right_id"))
        .join(other, and_(other.c.person_id == one.c.person_id, other.c.record_id != one.c.record_id))
        .where(_inside(one.c.record_id, bounds))
    )
    pairs = _pairs(frames.read(conn, query))
    edges = frames.matching(conn, identity_edge, pairs.select(_PAIR), identity_edge.c.zone == "link")
    scored = pl.when(pl.col("tier") == "certain").then(pl.lit(LINKED[0])).otherwise(pl.lit(LINKED[1]))
    kinds = edges.select(*_PAIR, stratum=scored)
    return pairs.join(kinds, on=_PAIR, how="left").with_columns(pl.col("stratum").fill_null(LINKED[2]))


def _apart(conn: Connection, bounds: tuple[str, str] | None) -> tuple[pl.DataFrame, int]:
    """`left_id, right_id, times, kinds`: pairs with a key in common; and the number of keys too common."""
    record = identity_record.c
    said = select(record.number).join(source_row, source_row.c.number == record.record)
    mine = frames.read(conn, said.where(_inside(source_row.c.record_id, bounds)))
    keys = _keys(conn, mine, on="number")
    shared = _keys(conn, keys.select("key").unique(), on="key")
    with frames.asked(conn, shared.select(asked="number")) as wanted:
        query = select(record.number, record.record_id).join(wanted, wanted.c.asked == record.number)
        named = frames.read(conn, query)
    # A number that is nobody's any longer is not among them.
    shared = shared.join(named, on="number", how="semi")
    sized = shared.group_by("key").agg(size=pl.len())
    usable = sized.filter(pl.col("size").is_between(2, LARGEST_BLOCK)).select("key")
    ours = keys.join(usable, on="key", how="semi").join(named, on="number").rename({"record_id": "one"})
    theirs = shared.join(usable, on="key", how="semi").join(named, on="number").rename({"record_id": "other"})
    both = ours.join(theirs, on="key").filter(pl.col("one") != pl.col("other"))
    kind = pl.col("key") & ((1 << KIND_BITS) - 1)
    met = both.group_by("one", "other").agg(kinds=kind.n_unique())
    pairs = _pairs(met.rename({"one": "left_id", "other": "right_id"}))
    return pairs, sized.filter(pl.col("size") > LARGEST_BLOCK).height


def _keys(conn: Connection, wanted: pl.DataFrame, on: str) -> pl.DataFrame:
    """`key, number` of the stored keys that are wanted, or whose numbers are."""
    none = pl.DataFrame(schema={"key": pl.Int64, "number": pl.Int64})
    read = (pl.DataFrame({"key": key, "number": number}) for key, number in every(conn))
    return pl.concat([none, *(part.join(wanted, on=on, how="semi") for part in read)])


def _of_two(conn: Connection, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of the pairs whose records belong to two present persons."""
    ends = pl.concat([pairs["left_id"], pairs["right_id"]]).unique().alias("record_id").to_frame()
    nodes = frames.matching(conn, identity_node, ends).select("record_id", "person_id")
    placed = pairs.join(nodes, left_on="left_id", right_on="record_id")
    placed = placed.join(nodes, left_on="right_id", right_on="record_id", suffix="_right")
    return placed.filter(pl.col("person_id") != pl.col("person_id_right")).drop(
        "person_id", "person_id_right"
    )


def _pairs(met: pl.DataFrame) -> pl.DataFrame:
    """Each pair once, its records in order, with the number of `times` it was met; other columns stay."""
    ordered = met.with_columns(left_id=pl.min_horizontal(_PAIR), right_id=pl.max_horizontal(_PAIR))
    rest = [name for name in met.columns if name not in _PAIR]
    return ordered.group_by(_PAIR).agg(pl.col(rest).first(), times=pl.len().cast(pl.Int64))
