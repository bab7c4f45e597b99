"""The step *identify*: tonight's changed mentions become persons and employers; cost follows the change."""

from __future__ import annotations

import polars as pl

from jendela.evidence import subtree
from jendela.evidence.commit import commit
from jendela.identity import candidates, persons, records
from jendela.identity.employer_register import resolve
from jendela.identity.linking import judge
from jendela.identity.policy import load_policy
from jendela.identity.standardise import VERSION, standardise
from jendela.model.receipt import Night, Receipt
from jendela.store import frames, receipts, tables
from jendela.store.hub import Hub

STEP = "identify"


def run(hub: Hub, night: Night) -> Receipt:
    """Who is who after tonight's changes: keys, edges, nodes and persons in one transaction with the receipt.

    A new version of the policy or of the standardisation judges every mention again.

    Counts under `persons`: records, gone, candidates, certain, linked, review, apart, shared_nik, persons,
    merged, split, and `tamed.<kind>` for blocks too large to compare; under `employers`: employer_records,
    employers, employers_merged, employers_split, mentions_moved.
    """
    policy = load_policy(hub.settings.agreements)
    versions = {"model": policy.version, "standardisation": VERSION}
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        opened, gone = records.changed_ids(conn, night.seq, records.PERSON_ENTITIES)
        if records.last_versions(conn, STEP) not in (None, versions):
            opened = records.all_ids(conn, records.PERSON_ENTITIES)
        employers = resolve(conn, hub.keyring, night.seq, opened, gone)
        standard = standardise(records.mentions(conn, hub.keyring, employers.said), night.day)
        touched = standard["record_id"]
        keys = candidates.hashed_keys(hub.keyring, standard)
        candidates.forget_keys(conn, pl.concat([touched, gone]))
        found = candidates.tonight(conn, keys, touched, policy.largest_block)
        frames.load(conn, tables.identity_key, keys)

        ends = pl.concat([found.pairs["left_id"], found.pairs["right_id"]]).unique().alias("record_id")
        others = ends.filter(~ends.is_in(touched.implode()))
        known = standardise(records.stored(conn, hub.keyring, others), night.day)
        edges = judge(found.pairs, pl.concat([standard, known]), policy)
        persons.write_edges(conn, edges, touched, gone, policy.version, night.seq)
        result = persons.maintain(conn, hub.keyring, touched, gone, night.seq)

        counts = {
            "records": touched.len(),
            "gone": gone.len(),
            "candidates": found.pairs.height,
            **_outcomes(edges),
            **result.counts,
            **{f"tamed.{kind}": blocks for kind, blocks in sorted(found.tamed.items())},
        }
        rows = result.nodes.select(pl.concat_str("record_id", "person_id", separator=" "))
        return commit(
            conn,
            Receipt(
                str(night.day),
                STEP,
                "",
                {"persons": counts, "employers": employers.counts},
                versions=versions,
                subtree=subtree.root(conn, result.nodes["record_id"], rows.to_series()),
            ),
        )


def _outcomes(edges: pl.DataFrame) -> dict[str, int]:
    certain, zone = pl.col("tier") == "certain", pl.col("zone")
    counted = edges.select(
        certain=(certain & (zone == "link")).sum(),
        linked=(~certain & (zone == "link")).sum(),
        review=(zone == "review").sum(),
        apart=(zone == "apart").sum(),
        shared_nik=pl.col("reasons").str.contains("shared_nik", literal=True).sum(),
    )
    return {name: int(value) for name, value in counted.row(0, named=True).items()}
