"""The step *identify*: tonight's changed mentions become persons and employers; cost follows the change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import polars as pl

from jendela.evidence import subtree
from jendela.evidence.commit import commit
from jendela.identity import fits, persons, records
from jendela.identity.employer_register import resolve, told
from jendela.identity.policy import load_policy
from jendela.identity.standard.frame import VERSION
from jendela.identity.tonight import employed, judge_tonight, read, weigh
from jendela.model.receipt import Night, Receipt
from jendela.store import receipts
from jendela.store import records as numbered
from jendela.store.hub import Hub

STEP = fits.STEP


def run(hub: Hub, night: Night) -> Receipt:
    """Who is who after tonight's changes: keys, edges, nodes and persons in one transaction with the receipt.

    A new version of the policy or of the standardisation judges every mention again, and so does a register
    that has doubled since its frequencies were counted.

    Counts under `persons`: records, gone, candidates, certain, linked, review, apart, shared_nik, persons,
    merged, split, and `tamed.<kind>` for blocks too large to compare; under `employers`: employer_records,
    employers, employers_merged, employers_split, mentions_moved.
    """
    policy = load_policy(hub.settings.agreements)
    versions = {"model": policy.version, "standardisation": VERSION}
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        opened, ended = records.changed(conn, night.seq, records.PERSON_ENTITIES)
        fit = fits.current(hub, conn, policy, versions, opened.height)
        if fit is None:
            opened = records.every(conn, records.PERSON_ENTITIES)
        numbers, gone = pl.concat([opened, ended]), ended["record_id"]
        said = told(conn, opened["number"])
        raw = records.as_mentions(records.identifying(conn, hub.keyring, opened["number"]), said)
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(read, hub.keyring, night, raw)
            # Of many mentions one thing after the other: memory is dearer than time then.
            if fit is None:
                reading.result()
            employers = resolve(conn, hub.keyring, night.seq, said, gone, numbers)
            mentions = reading.result()
        if employers.moved.is_in(raw["record_id"].implode()).all():
            mentions = employed(mentions, employers.said)
        else:
            raw = records.mentions(conn, hub.keyring, employers.said)
            mentions = read(hub.keyring, night, raw)
            numbers = numbered.numbers(conn, pl.concat([raw["record_id"], gone]))
        touched = mentions.raw["record_id"]
        judged = judge_tonight(hub, conn, night, policy, mentions, gone, numbers, fit)
        kept = fit is None and not touched.is_empty()
        artefacts = (fits.keep(hub, conn, night, judged.fit, versions),) if kept else ()
        change = persons.write_edges(
            conn, judged.edges, touched, judged.fresh, gone, judged.numbers, policy.version, night.seq
        )
        result = persons.maintain(
            conn,
            hub.keyring,
            change,
            night.seq,
            policy.link_weight,
            judged.weights,
            lambda pairs: weigh(hub, conn, night, judged, pairs),
        )
        rows = result.nodes.select(pl.concat_str("record_id", "person_id", separator=" "))
        return commit(
            conn,
            Receipt(
                night.label,
                STEP,
                "",
                {"persons": judged.counts | result.counts, "employers": employers.counts},
                artefacts=artefacts,
                versions=versions,
                subtree=subtree.root(conn, result.nodes["record_id"], rows.to_series(), result.nodes),
            ),
        )
