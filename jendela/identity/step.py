"""The step *identify*: tonight's changed mentions become persons and employers; cost follows the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from typing import TypeVar

import polars as pl
from sqlalchemy import Connection

from jendela.evidence import subtree
from jendela.evidence.commit import commit
from jendela.identity import fits, key_store, persons, records
from jendela.identity.block.pairs import Guard
from jendela.identity.employer_register import Employers, resolve, told
from jendela.identity.found import Mentions, Met, employed, employed_too, meet, read
from jendela.identity.policy import Policy, load_policy
from jendela.identity.resolve import Fit
from jendela.identity.standard.frame import VERSION
from jendela.identity.tonight import Judged, judge_tonight, keep, weigh
from jendela.model.receipt import Night, Receipt
from jendela.store import frames, receipts
from jendela.store import records as numbered
from jendela.store.ahead import AtOnce
from jendela.store.hub import Hub

Found = TypeVar("Found")
View = Callable[[], AbstractContextManager[Connection]]
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
    with hub.begin() as conn, ExitStack() as looking_up:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        opened, ended = records.changed(conn, night.seq, records.PERSON_ENTITIES)
        fit = fits.current(hub, conn, policy, versions, opened.height)
        if fit is None:
            opened = records.every(conn, records.PERSON_ENTITIES)
        else:
            looking_up.enter_context(frames.by_index(conn))
        numbers, gone = pl.concat([opened, ended]), ended["record_id"]
        said = told(conn, opened)
        # Found for this alone: what all mentions of a register say is not kept longer than it is needed.
        judged, touched, at_hand, resolved = _judged(
            policy, fit, *_found(hub, conn, night, policy, fit, said, gone, numbers)
        )
        kept = fit is None and not touched.is_empty()
        artefacts = (fits.keep(hub, conn, night, judged.fit, versions),) if kept else ()
        counts = {"records": touched.len(), "gone": gone.len()}
        change = persons.write_edges(
            conn, judged.edges, touched, judged.fresh, gone, at_hand, policy.version, night.seq
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
                {"persons": counts | judged.counts | result.counts, "employers": resolved},
                artefacts=artefacts,
                versions=versions,
                subtree=subtree.root(conn, result.nodes["record_id"], rows.to_series(), result.nodes),
            ),
        )


def _judged(
    policy: Policy,
    fit: Fit | None,
    mentions: Mentions,
    met: Met,
    employers: Employers,
    numbers: pl.DataFrame,
) -> tuple[Judged, pl.Series, pl.DataFrame, dict[str, int]]:
    """What was judged, of which records, the numbers at hand (`record_id, number`), and the counts of
    employers.
    """
    judged = judge_tonight(policy, mentions, met, fit)
    return judged, mentions.raw["record_id"], pl.concat([numbers, met.others]), employers.counts


def _found(
    hub: Hub,
    conn: Connection,
    night: Night,
    policy: Policy,
    fit: Fit | None,
    said: pl.DataFrame,
    gone: pl.Series,
    numbers: pl.DataFrame,
) -> tuple[Mentions, Met, Employers, pl.DataFrame]:
    """Tonight's mentions, stored; whom they met; the employers; and the numbers of all these records.

    Args:
        said: what the changed mentions say in clear.
        numbers: `record_id, number` of these and of those that are `gone`.
    """
    counted = fit.counted if fit else None
    reader = partial(read, keyring=hub.keyring, day=night.day)
    meeter = partial(
        meet, keyring=hub.keyring, day=night.day, guard=Guard(policy.largest_block), counted=counted
    )
    # What mentions say was committed by the merge, and who has which key by the nights before: a view of its
    # own sees both, while here the employers are written.
    view: View
    beside, view = hub.beside(), partial(_looking_up, hub)
    if fit is None:
        # Of many mentions one thing after the other: memory is dearer than time then.
        key_store.start_anew(conn)
        beside, view = AtOnce(), lambda: nullcontext(conn)
    with beside:
        reading = beside.submit(_by, view, partial(reader, said=said, records=numbers))
        meeting = beside.submit(_by, view, lambda by: meeter(by, mentions=reading.result()))
        employers = resolve(conn, hub.keyring, night.seq, said, gone, numbers)
        mentions = reading.result()
        if employers.moved.is_in(mentions.raw["record_id"].implode()).all():
            mentions = employed(mentions, employers.said)
            keep(conn, hub.keyring, mentions, numbers)
            return mentions, employed_too(meeting.result(), mentions), employers, numbers
    # Mentions of before have another employer now: they are judged again too.
    numbers = numbered.numbers(conn, pl.concat([employers.said["record_id"], gone]))
    mentions = reader(conn, said=employers.said, records=numbers)
    met = meeter(conn, mentions=mentions)
    keep(conn, hub.keyring, mentions, numbers)
    return mentions, met, employers, numbers


@contextmanager
def _looking_up(hub: Hub) -> Iterator[Connection]:
    with hub.reading() as conn, frames.by_index(conn):
        yield conn


def _by(view: View, look: Callable[[Connection], Found]) -> Found:
    """What there is to find by a connection of that view."""
    with view() as conn:
        return look(conn)
