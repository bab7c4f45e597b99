"""What mentions say of their employer, each wording once, and whom that means, kept over the nights.

Thousands of workers' rows name their employer in the same words. The wording is resolved, not the row: a
night costs what is worded anew, and what tonight's employer records can mean to older wordings.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring, keyed_hash
from jendela.identity import records
from jendela.identity.employers import key_table, meaning, numbers
from jendela.identity.employers.keys import employer_keys, finding, trusted
from jendela.identity.employers.nearby import current
from jendela.identity.employers.standard import nobody, standard_employers
from jendela.store import frames, tables

FIELDS = ("npp", "npp_division", "wlkp_code", "nib", "npwp", "employer_name", "region_code")
ID_LENGTH = 32  # 128 bits are enough to keep a few million wordings apart
_reference, _node, _employer = tables.employer_reference, tables.employer_node, tables.employer


@dataclass(frozen=True)
class Resolved:
    """`turned`: the older references that mean another employer now; `employers`: whom those that were
    resolved tonight mean, or meant before.
    """

    turned: pl.Series
    employers: pl.Series


def worded(keyring: Keyring, said: pl.DataFrame) -> pl.DataFrame:
    """`record_id, reference_id, facts` of the mentions that say anything of their employer.

    `said` has the fields of a mention as text, the area as `workplace_region`. A resident's NIK in the place
    of the tax number is left out: it names a person.
    """
    named = said.rename({"workplace_region": "region_code"}).with_columns(
        npwp=pl.when(numbers.entity(pl.col("npwp")).is_not_null()).then(
            pl.col("npwp").str.replace_all(r"\D", "")
        ),
        employer_name=pl.col("employer_name").str.strip_chars().str.replace_all(r"\s+", " "),
    )
    speaking = pl.any_horizontal(pl.col(*FIELDS[:-1]).fill_null("") != "")
    named = named.filter(speaking).select("record_id", facts=pl.struct(FIELDS).struct.json_encode())
    wordings = named.select("facts").unique().sort("facts")
    hashes = keyed_hash(keyring, "employer_reference", wordings["facts"]).str.slice(0, ID_LENGTH)
    return named.join(
        wordings.with_columns(reference_id=hashes), on="facts", how="left", maintain_order="left"
    )


def resolve_references(
    conn: Connection, keyring: Keyring, seq: int, wordings: pl.DataFrame, keys: pl.DataFrame
) -> Resolved:
    """Resolve tonight's new wordings, and the older ones that share a key with what changed.

    Args:
        wordings: `reference_id, facts` of tonight's mentions.
        keys: `kind, key` of the employer records that changed or moved.
    """
    wordings = wordings.unique("reference_id")
    stored = frames.matching(conn, _reference, wordings.select("reference_id"))
    fresh = wordings.join(stored, on="reference_id", how="anti").select("reference_id", "facts")
    concerned = key_table.sharing(conn, keys, records=False).select(reference_id="owner_id").unique()
    older = frames.matching(conn, _reference, concerned)
    asked = pl.concat([fresh, older.select("reference_id", "facts")])
    if asked.is_empty():
        return Resolved(*(pl.Series([], dtype=pl.String) for _ in range(2)))
    found, kept = _resolved(conn, asked)
    found = _mint(conn, keyring, seq, found)
    before = older.select("reference_id", was="employer_id")
    found = found.join(asked, on="reference_id").join(before, on="reference_id", how="left")
    moved = ~pl.col("employer_id").eq_missing(pl.col("was")) & pl.col("reference_id").is_in(
        older["reference_id"].implode()
    )
    columns = ["reference_id", "facts", "employer_id", "verdict"]
    frames.upsert(conn, _reference, found.select(*columns, pl.lit(seq, pl.Int64).alias("seq")))
    key_table.write(conn, found["reference_id"], kept, records=False)
    employers = pl.concat([found["employer_id"], found["was"]]).drop_nulls().unique()
    return Resolved(found.filter(moved)["reference_id"], employers)


def forget(conn: Connection, left: pl.Series) -> pl.Series:
    """Forget those of these references that no mention has any longer; whom they meant."""
    asked = left.drop_nulls().unique().alias("reference_id").to_frame()
    used = frames.matching(conn, _node, asked).select("reference_id").unique()
    unused = asked.join(used, on="reference_id", how="anti")
    meant = frames.matching(conn, _reference, unused)["employer_id"].drop_nulls()
    frames.delete(conn, _reference, unused)
    frames.delete(conn, tables.employer_key, unused.rename({"reference_id": "owner_id"}))
    return meant.unique()


def _resolved(conn: Connection, asked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`reference_id, employer_id, verdict, minting`, and the keys by which each is found again."""
    plain = asked["facts"].str.json_decode(pl.Struct(dict.fromkeys(FIELDS, pl.String))).struct.unnest()
    said = standard_employers(plain.insert_column(0, asked["reference_id"].alias("record_id")))
    keys = employer_keys(said)
    numbered = keys.filter(pl.col("kind").is_in(("npp", "wlkp")))
    known, counts = _known(conn, numbered)
    done = meaning.settled(trusted(said, counts), trusted(known, counts))
    done = done.with_columns(verdict=pl.lit(meaning.NUMBER), minting=pl.lit(None, pl.String))
    # Most mentions have a number that tells: their names need not be looked up, now or later.
    rest = pl.col("record_id").is_in(done["reference_id"].implode())
    open_keys = keys.filter(~rest)
    known, counts = _known(conn, open_keys)
    found = meaning.meant(trusted(said.filter(~rest), counts), trusted(known, counts), counts)
    kept = pl.concat([numbered.filter(rest), open_keys])
    return pl.concat([done.select(found.columns), found]), kept


def _known(conn: Connection, keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The employer records that share a telling key, with their `employer_id`; and the counts of all keys."""
    counted = key_table.counts(conn, keys)
    usable = finding(counted).filter(pl.col("kind") != "firm")
    if usable.is_empty():
        return nobody().with_columns(employer_id=pl.lit(None, pl.String)), counted
    ids = key_table.sharing(conn, usable, records=True)["owner_id"].unique()
    known = current(conn, ids)
    nodes = records.employers(conn, ids)
    known = known.join(nodes, on="record_id", how="inner", maintain_order="left")
    counts = key_table.counts(conn, pl.concat([keys, employer_keys(known.drop("employer_id"))]))
    return known, counts


def _mint(conn: Connection, keyring: Keyring, seq: int, found: pl.DataFrame) -> pl.DataFrame:
    """With an `employer_id` for the keys that stand for an employer of their own; a redirected one stands for
    itself again.
    """
    minted = keyed_hash(keyring, "employer", found["minting"])
    found = found.with_columns(employer_id=pl.coalesce("employer_id", minted))
    wanted = found.drop_nulls("minting").select("employer_id").unique()
    there = frames.matching(conn, _employer, wanted)
    fresh = wanted.join(there, on="employer_id", how="anti").with_columns(pl.lit(seq, pl.Int64).alias("seq"))
    frames.load(conn, _employer, fresh)
    redirected = there.filter(pl.col("merged_into").is_not_null())
    none = pl.lit(None)
    frames.upsert(conn, _employer, redirected.with_columns(merged_into=none, merged_seq=none))
    return found.select("reference_id", "employer_id", "verdict")
