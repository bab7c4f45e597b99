"""Judge tonight's batches by their measures: the step `measures`. Out of its limits, a batch is halted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from sqlalchemy import Connection, select, update

from jendela.contracts.measure_judge import Judged, MeasureJudge
from jendela.contracts.measures import MEASURED, Breach, MeasureRules, load_measures
from jendela.evidence.commit import once
from jendela.model.receipt import Digest, Night, Receipt, parse_label
from jendela.store import receipts
from jendela.store.hub import Hub
from jendela.store.tables import batch as batch_table
from jendela.store.tables import receipt as receipt_table
from jendela.validate import data_docs
from jendela.validate.batch_measures import compare, measure, ratios, usual_values, wanted

STEP = "measures"  # and the guard of a batch that was out of its limits
UNJUDGED = "unjudged"  # the guard of one that could not be judged
_HISTORY = pl.Schema([*MEASURED.items(), ("night", pl.Date)])
LOOKED_BACK = timedelta(days=400)  # a feed that comes once a month has seven nights with news in that
NOT_VALIDATED = "Its rows were not validated this night; they are read again the next night."


@dataclass(frozen=True)
class _Batch:
    """A batch that landed tonight: its feed's counts of pull and validate, and how many rows go on.

    `released`: a person released it after it had been halted, so no measure halts it again; what it measures
    is what later nights are compared with, as of any other.
    """

    office: str
    feed: str
    complete: bool
    counts: Mapping[str, int]
    coming: int
    validated: bool
    released: bool


def run(hub: Hub, night: Night) -> Receipt:
    """The receipt of judging every batch that landed tonight, each office by its own past.

    Counts per feed: rows (that go on), halted (those of them that do not), history (earlier nights it was
    compared with), breaches. A night without news judges without Great Expectations; the others leave their
    Data Docs beside the night's report.
    """
    agreements = hub.agreements
    with hub.reading() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        landed = _landed(conn, night)
        rules = load_measures(hub.settings.agreements, agreements.contracts)
        news = [batch for batch in landed if batch.coming and batch.validated]
        earlier = _earlier(conn, night, {batch.feed for batch in news}, rules.history_nights)
    judged = [batch for batch in news if not batch.released]
    found: list[Breach] = []
    digests: list[Digest] = []
    history = _history(hub, earlier)
    if news:
        measured = _measured(hub, night, news, rules, history)
        digests.append(hub.artefacts.write(night, STEP, "batches", measured))
    if judged:
        verdicts = _judge(rules, night, judged, measured, usual_values(history))
        found = [breach for verdict in verdicts.values() for breach in verdict.breaches]
        digests += [
            hub.artefacts.write(night, STEP, "breaches", _frame(found)),
            *data_docs.write(hub, night, verdicts, history),
        ]
    unjudged = {batch.feed for batch in landed if not batch.validated}
    reasons = dict.fromkeys(sorted(unjudged), NOT_VALIDATED)
    for breach in found:
        reasons[breach.feed] = f"{reasons[breach.feed]}; {breach}" if breach.feed in reasons else str(breach)
    nights = dict(history.group_by("feed").agg(pl.col("night").n_unique()).iter_rows())
    receipt = Receipt(
        night=night.label,
        step=STEP,
        scope="",
        counts={
            batch.feed: {
                "rows": batch.coming,
                "halted": batch.coming if batch.feed in reasons else 0,
                "history": nights.get(batch.feed, 0),
                "breaches": sum(breach.feed == batch.feed for breach in found),
            }
            for batch in landed
        },
        artefacts=tuple(digests),
        versions={"measures": rules.version},
    )

    def judge(conn: Connection) -> Receipt:
        ours = (batch_table.c.seq == night.seq, batch_table.c.state == "landed")
        for feed, reason in reasons.items():
            halt = update(batch_table).where(*ours, batch_table.c.feed == feed)
            guard = UNJUDGED if feed in unjudged else STEP
            conn.execute(halt.values(state="halted", halt_reason=reason, guard=guard))
        conn.execute(update(batch_table).where(*ours).values(state="judged"))
        return receipt

    return once(hub, night, STEP, "", judge)


def _landed(conn: Connection, night: Night) -> list[_Batch]:
    table = batch_table.c
    columns = (table.office, table.feed, table.complete, table.taken_from)
    query = select(*columns).where(batch_table.c.seq == night.seq, batch_table.c.state == "landed")
    found = []
    for office, feed, complete, taken_from in conn.execute(query.order_by(batch_table.c.feed)):
        pulled = receipts.find(conn, night, "pull", office)
        validated = receipts.find(conn, night, "validate", office)
        counts = dict(pulled.counts.get(feed, {})) if pulled else {}
        coming = counts.get("changes", 0)
        if validated:
            counts |= validated.counts.get(feed, {})
        done = validated is not None or not coming
        found.append(_Batch(office, feed, complete, counts, coming, done, taken_from is not None))
    return found


def _earlier(
    conn: Connection, night: Night, feeds: Collection[str], limit: int
) -> list[tuple[str, list[str]]]:
    """The nights that these feeds are compared with, the earliest first: label, and which feeds.

    Of each feed its own last ones with news that were believed: an office that was away for a week, or sends
    once a month, is compared with what it brought before, however many nights and supplements lie between.
    """
    of, left = receipt_table.c, dict.fromkeys(feeds, limit)
    query = select(of.body).where(of.step == STEP, of.day >= night.day - LOOKED_BACK).order_by(of.leaf.desc())
    found = []
    with conn.execute(query.execution_options(yield_per=10)) as bodies:
        for body in bodies.scalars():
            if not any(left.values()):
                break
            past = Receipt.from_json(body)
            good = [
                feed
                for feed, counts in past.counts.items()
                if left.get(feed) and counts["rows"] and not counts["halted"]
            ]
            left |= {feed: left[feed] - 1 for feed in good}
            if good:
                found.append((past.night, good))
    return found[::-1]


def _history(hub: Hub, earlier: list[tuple[str, list[str]]]) -> pl.DataFrame:
    """The measures of these feeds on these nights."""
    parts = [pl.DataFrame(schema=_HISTORY)]
    for label, feeds in earlier:
        day, supplement = parse_label(label)
        night = Night(day=day, seq=0, offices=(), supplement=supplement)
        if not hub.artefacts.exists(night, STEP, "batches"):
            continue
        frame = hub.artefacts.read(night, STEP, "batches").filter(pl.col("feed").is_in(feeds))
        parts.append(frame.with_columns(night=pl.lit(night.day)).select(_HISTORY.names()))
    return pl.concat(parts)


def _measured(
    hub: Hub, night: Night, news: list[_Batch], rules: MeasureRules, history: pl.DataFrame
) -> pl.DataFrame:
    """Every measure of tonight, those that compare with `history` too."""
    agreements = hub.agreements
    contracts = agreements.contracts
    parts = []
    for batch in news:
        entities = {
            entity: _slices(hub, night, f"{batch.feed}.{entity}", wanted(entity, contracts[entity], rules))
            for entity in agreements.feed(batch.feed).targets
            if hub.artefacts.exists(night, "map", f"{batch.feed}.{entity}")
        }
        parts.append(
            measure(batch.feed, batch.counts, entities, contracts, agreements.codes, rules, night.day)
        )
    complete = frozenset(batch.feed for batch in news if batch.complete)
    measured = pl.concat(parts)
    by_office = [[batch.feed for batch in news if batch.office == office] for office in _offices(news)]
    measured = pl.concat([measured, ratios(measured, [complete & set(feeds) for feeds in by_office])])
    return pl.concat([measured, compare(measured, history, complete)])


def _slices(hub: Hub, night: Night, name: str, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Mapped rows, one slice in memory at a time."""
    with hub.artefacts.reader(night, "map", name) as found:
        for number in range(len(found)):
            yield found.coded(number, columns)


def _judge(
    rules: MeasureRules, night: Night, judged: list[_Batch], measured: pl.DataFrame, usual: pl.DataFrame
) -> dict[str, Judged]:
    """The verdict on each office that brought news."""
    judge = MeasureJudge(rules)
    verdicts = {}
    for office in _offices(judged):
        own = pl.col("feed").is_in([batch.feed for batch in judged if batch.office == office])
        verdicts[office] = judge.judge(office, night.day, measured.filter(own), usual.filter(own))
    return verdicts


def _offices(batches: list[_Batch]) -> list[str]:
    return sorted({batch.office for batch in batches})


def _frame(found: list[Breach]) -> pl.DataFrame:
    """The breaches as the report shows them."""
    texts = ("feed", "rule", "measure", "subject", "reason")
    rows = [{**vars(breach), "reason": str(breach)} for breach in found]
    schema = {**dict.fromkeys(texts, pl.String), "value": pl.Float64}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
