"""Judge the rows of one office by their contracts: the step `validate`."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from jendela.evidence.commit import once
from jendela.model.errors import BalanceError, JendelaError
from jendela.model.receipt import Digest, Night, Receipt
from jendela.privacy.echo import echo_hash
from jendela.store import coded, frames, receipts
from jendela.store.hub import Hub
from jendela.store.tables import echo as echo_table
from jendela.validate.letters import ENTITY as LETTER
from jendela.validate.letters import LetterJudge
from jendela.validate.slices import STEP, judge_feed
from jendela.validate.verdict import EchoTest


def run(hub: Hub, night: Night, office: str) -> Receipt:
    """The receipt of judging what the office's feeds brought tonight; a feed without news costs nothing.

    Counts per feed: accepted, held and echo (source rows), warned (rows with a value set aside or noticed),
    and of letters to_correct (accepted, with an error that their sender is told of).

    Raises:
        JendelaError: the office was not pulled and mapped yet.
        BalanceError: a row that pull handed on has no outcome.
    """
    with hub.reading() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
        pulled = receipts.find(conn, night, "pull", office)
    if pulled is None:
        raise JendelaError(f"{office}: nothing to judge, it was not pulled this night.")
    agreements = hub.agreements
    counts: dict[str, dict[str, int]] = {}
    digests: list[Digest] = []
    versions = {"agreements": agreements.digest}
    letters = LetterJudge(hub, night)
    for feed in agreements.offices[office].feeds.values():
        coming = pulled.counts.get(feed.name, {}).get("changes", 0)
        if not coming:
            continue
        counts[feed.name], written = judge_feed(hub, night, feed, echo_test(hub, feed.office))
        outcomes = sum(counts[feed.name][outcome] for outcome in ("accepted", "held", "echo"))
        if outcomes != coming:
            raise BalanceError(f"{feed.name}: {coming} rows were handed on, {outcomes} have an outcome.")
        digests += written
        if LETTER in feed.targets:
            name = f"{feed.name}.{LETTER}.accepted"
            known = hub.artefacts.exists(night, STEP, name)
            accepted = hub.artefacts.read(night, STEP, name) if known else pl.DataFrame()
            found = letters.judge(feed, accepted)
            wrong = found.filter(pl.col("severity") == "error")
            counts[feed.name]["to_correct"] = wrong["_record_id"].n_unique()
            digests.append(hub.artefacts.write(night, STEP, f"{feed.name}.letters", found))
        versions |= {f"contract.{entity}": agreements.contracts[entity].version for entity in feed.targets}
    receipt = Receipt(
        night=night.label,
        step=STEP,
        scope=office,
        counts=counts,
        artefacts=tuple(digests),
        versions=versions | letters.versions,
    )
    return once(hub, night, STEP, office, lambda _: receipt)


def echo_test(hub: Hub, office: str) -> EchoTest:
    """Whether canonical rows of an office are equal to our last delivery to it."""

    sent: dict[str, pl.Series] = {}

    def is_echo(entity: str, frame: pl.DataFrame) -> pl.Series:
        if entity not in sent:
            ours = select(echo_table.c.echo_hash).where(
                echo_table.c.office == office, echo_table.c.entity == entity
            )
            with hub.reading() as conn:
                sent[entity] = frames.read(conn, ours)["echo_hash"]
        if sent[entity].is_empty():
            return pl.Series("echo", [False] * frame.height, dtype=pl.Boolean)
        hashes = echo_hash(hub, office, entity, coded.plain(frame))
        return hashes.is_in(sent[entity].implode()).fill_null(value=False)

    return is_echo
