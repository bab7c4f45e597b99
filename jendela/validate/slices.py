"""The rows of one feed, judged slice by slice; a record and all that was made of it stand in one slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.model.receipt import Digest, Night
from jendela.store.ahead import in_turn
from jendela.store.apart import apart
from jendela.store.artefacts import artefact_path
from jendela.store.hub import Hub
from jendela.store.slices import SliceReader
from jendela.validate.verdict import PROBLEM, WARNING, EchoTest, Verdict, judge

STEP = "validate"
UNJUDGED = "_row_hash"  # of all columns the one that no judge needs


def judge_feed(hub: Hub, night: Night, feed: Feed, is_echo: EchoTest) -> tuple[dict[str, int], list[Digest]]:
    """The counts of one feed (accepted, held, echo, warned), and the digests of what was written.

    Accepted rows are written over the mapped ones and outcomes over the changes: as positions, with the
    values that were set aside marked as empty.
    """
    agreements = hub.agreements
    counts: Counter[str] = Counter(accepted=0, held=0, echo=0, warned=0)
    held, warnings = [pl.DataFrame(schema=PROBLEM)], [pl.DataFrame(schema=WARNING)]
    with ExitStack() as stack:
        changes, mapped = _opened(hub, night, feed, stack)
        readers = [(changes, mapped)]
        if len(changes) > 1:  # reading takes longer than judging: two slices at once
            readers.append(_opened(hub, night, feed, stack))
        read = [_slices(*one, number, len(readers)) for number, one in enumerate(readers)]
        problems = _problems(hub, night, feed)
        writers = {
            entity: stack.enter_context(
                hub.artefacts.writer(
                    night,
                    STEP,
                    f"{feed.name}.{entity}.accepted",
                    over=artefact_path(night, "map", f"{feed.name}.{entity}"),
                )
            )
            for entity in mapped
        }
        below = artefact_path(night, "pull", f"{feed.name}.changes")
        told = stack.enter_context(hub.artefacts.writer(night, STEP, f"{feed.name}.outcomes", over=below))
        for ids, entities in stack.enter_context(closing(in_turn(read))):
            own = _of(problems, ids["_record_id"])
            verdict = judge(entities, own, agreements.contracts, agreements.codes, night.day, is_echo)
            for entity, frame in verdict.accepted.items():
                emptied = _emptied(verdict, entity, entities[entity], frame)
                writers[entity].add(pl.DataFrame(), frame["_at"], mapped[entity].columns, emptied)
            outcomes = _outcomes(ids, verdict.outcomes).with_row_index("_at")
            outcomes = outcomes.filter(pl.col("outcome").is_not_null())
            told.add(outcomes.select("outcome"), outcomes["_at"], ("_record_id", "outcome"))
            counts.update(dict(outcomes.group_by("outcome").len().iter_rows()))
            counts["warned"] += verdict.warnings["_record_id"].n_unique()
            held.append(apart(verdict.held))
            warnings.append(apart(verdict.warnings))
    digests = [writer.digest for writer in (*writers.values(), told)]
    for name, lines in (("held", held), ("warnings", warnings)):
        frame = pl.concat(lines)
        frame = frame.sort(frame.columns, nulls_last=True)
        digests.append(hub.artefacts.write(night, STEP, f"{feed.name}.{name}", frame))
    return dict(counts), digests


def _opened(
    hub: Hub, night: Night, feed: Feed, stack: ExitStack
) -> tuple[SliceReader, dict[str, SliceReader]]:
    """The changes of the feed and what was made of them by entity, open until the stack is unwound."""
    changes = stack.enter_context(hub.artefacts.reader(night, "pull", f"{feed.name}.changes"))
    mapped = {
        entity: stack.enter_context(hub.artefacts.reader(night, "map", f"{feed.name}.{entity}"))
        for entity in feed.targets
        if hub.artefacts.exists(night, "map", f"{feed.name}.{entity}")
    }
    return changes, mapped


def _slices(
    changes: SliceReader, mapped: dict[str, SliceReader], first: int, step: int
) -> Iterator[tuple[pl.DataFrame, dict[str, pl.DataFrame]]]:
    """Of every so many of the slices of the changes the record ids, and the rows by entity."""
    for number in range(first, len(changes), step):
        entities = {
            entity: reader.coded(
                number, [name for name in reader.columns if name != UNJUDGED]
            ).with_row_index("_at")
            for entity, reader in mapped.items()
        }
        # An entity that every row makes has them already.
        whole = (frame for frame in entities.values() if frame.height == changes.height(number))
        found = next(whole, None)
        ids = changes.slice(number, ["_record_id"]) if found is None else found.select("_record_id")
        yield ids, entities


def _of(problems: pl.DataFrame, records: pl.Series) -> pl.DataFrame:
    """The problems of these records: few, so the many are only looked up among them."""
    if problems.is_empty():
        return problems
    named = problems["_record_id"].unique().implode()
    here = records.filter(records.is_in(named, nulls_equal=True))
    return problems.filter(pl.col("_record_id").is_in(here.implode(), nulls_equal=True))


def _outcomes(ids: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """`_record_id, outcome` in the order of `ids`; null of a record that nothing is told of."""
    if told.height < ids.height:
        return ids.join(told, on="_record_id", how="left", maintain_order="left")
    # Each has one: most were accepted, and the others are few.
    found = pl.lit("accepted")
    for (outcome,), records in told.filter(pl.col("outcome") != "accepted").group_by("outcome"):
        these = pl.col("_record_id").is_in(records["_record_id"].implode(), nulls_equal=True)
        found = pl.when(these).then(pl.lit(outcome)).otherwise(found)
    return ids.with_columns(outcome=found)


def _problems(hub: Hub, night: Night, feed: Feed) -> pl.DataFrame:
    name = f"{feed.name}.problems"
    if not hub.artefacts.exists(night, "map", name):
        return pl.DataFrame(schema=PROBLEM)
    return hub.artefacts.read(night, "map", name)


def _emptied(
    verdict: Verdict, entity: str, before: pl.DataFrame, accepted: pl.DataFrame
) -> dict[str, pl.Series]:
    """Of each field of the accepted rows of which a value was set aside, in which rows that is."""
    aside = verdict.warnings.filter((pl.col("outcome") == "set_aside") & (pl.col("entity") == entity))
    return {
        name: accepted[name].is_null() & before[name][accepted["_at"]].is_not_null()
        for name in aside["field"].unique().sort()
    }
