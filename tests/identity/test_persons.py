"""Persons kept over the nights are those of one division of all: whatever comes, goes or is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from jendela.identity import persons
from jendela.identity.cluster.divide import CANNOT, MUST, divide
from jendela.identity.tonight import EDGES
from jendela.store import frames, tables
from tests.identity.conftest import Register, open_register
from tests.store.known import known

LINK, REVIEW = 3.0, -2.0
RECORDS = "abcdefgh"
Pair = tuple[str, str]
PAIRS: list[Pair] = list(combinations(RECORDS, 2))
VERDICTS = {"must_link": MUST, "cannot_link": CANNOT}
# What evidence says of a pair, and whether a key brings the two together.
evidence_of = st.dictionaries(
    st.sampled_from(PAIRS),
    st.tuples(st.sampled_from([-12.0, 0.5, 3.0, 6.0, 14.0, 40.0]), st.booleans()),
    max_size=14,
)
# Night, pair, verdict; of two on one pair the later holds.
decisions_of = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(PAIRS), st.sampled_from(sorted(VERDICTS))), max_size=5
)
OTHERWISE = (-6.0, False)


@dataclass
class Nights:
    """A hub in which pairs weigh what the example says."""

    register: Register
    evidence: dict[Pair, tuple[float, bool]]
    seq: int = 0
    known: set[str] = field(default_factory=set)

    def night(self, new: set[str], gone: set[str], decisions: dict[Pair, str]) -> None:
        """Records come, change or go, and reviewers have decided."""
        self.seq += 1
        self.known = self.known - gone | new
        hub = self.register.hub
        met = [pair for pair in PAIRS if set(pair) <= self.known and set(pair) & new and self._met(pair)]
        weights = self._weigh(pl.DataFrame(met, schema=["left_id", "right_id"], orient="row"))
        touched, left = (pl.Series("record_id", sorted(ids), dtype=pl.String) for ids in (new, gone))
        with hub.begin() as conn:
            self._decide(conn, decisions)
            numbers = known(conn, new | gone)
            change = persons.write_edges(
                conn, self._edges(weights), touched, touched.clear(), left, numbers, "m", self.seq
            )
            persons.maintain(conn, hub.keyring, change, self.seq, LINK, weights, self._weigh)
        assert self.register.persons().keys() == self.known

    def _met(self, pair: Pair) -> bool:
        return self.evidence.get(pair, OTHERWISE)[1]

    def _weigh(self, pairs: pl.DataFrame) -> pl.DataFrame:
        rows = [
            (*pair, self.evidence.get(pair, OTHERWISE)[0])
            for pair in pairs.select("left_id", "right_id").iter_rows()
        ]
        schema = {"left_id": pl.String, "right_id": pl.String, "weight": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _edges(self, weights: pl.DataFrame) -> pl.DataFrame:
        """As a night stores them: partings by weight alone are not kept."""
        zone = pl.when(pl.col("weight") >= LINK).then(pl.lit("link")).otherwise(pl.lit("review"))
        kept = weights.filter(pl.col("weight") >= REVIEW).with_columns(
            zone.alias("zone"), tier=pl.lit("probabilistic"), probability=pl.lit(0.5), reasons=pl.lit("[]")
        )
        return kept.select(*EDGES)

    def _decide(self, conn: object, decisions: dict[Pair, str]) -> None:
        rows = [
            {
                "decision_id": f"{self.seq} {left} {right}",
                "left_id": left,
                "right_id": right,
                "verdict": verdict,
                "who": "two reviewers",
                "why": "seen the papers",
                "decided_at": datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=self.seq, minutes=place),
            }
            for place, ((left, right), verdict) in enumerate(decisions.items())
        ]
        if rows:
            conn.execute(insert(tables.identity_decision), rows)  # type: ignore[attr-defined]

    def at_once(self, decisions: dict[Pair, str]) -> set[frozenset[str]]:
        """The persons of everything that is known, divided in one go."""
        weights = {pair: self.evidence.get(pair, OTHERWISE)[0] for pair in PAIRS}
        linked = {pair: weights[pair] for pair in PAIRS if self._met(pair) and weights[pair] >= LINK}
        decided = {pair: VERDICTS[verdict] for pair, verdict in decisions.items()}
        linked = {pair: weight for pair, weight in (linked | decided).items() if weight >= LINK}
        label = {record: record for record in self.known}
        for left, right in linked:
            if {left, right} <= self.known:
                least, most = sorted((label[left], label[right]))
                label = {record: least if name == most else name for record, name in label.items()}
        groups: set[frozenset[str]] = set()
        for name in set(label.values()):
            rows = [RECORDS.index(record) for record in label if label[record] == name]
            inside = (
                (*map(RECORDS.index, pair), (weights | decided)[pair])
                for pair in PAIRS
                if {RECORDS.index(record) for record in pair} <= set(rows)
            )
            division = divide(rows, inside, LINK).group  # type: ignore[arg-type]
            for least in set(division.values()):
                groups.add(frozenset(RECORDS[row] for row in rows if division[row] == least))
        return groups


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register that every example empties first."""
    register = open_register(tmp_path_factory.mktemp("persons"))
    yield register
    register.hub.close()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    evidence_of,
    st.lists(st.integers(0, 3), min_size=len(RECORDS), max_size=len(RECORDS)),
    decisions_of,
    st.sets(st.sampled_from(RECORDS), max_size=2),
    st.sets(st.sampled_from(RECORDS), max_size=2),
)
def test_nights_divide_as_all_at_once(
    hub: Register,
    evidence: dict[Pair, tuple[float, bool]],
    night_of: list[int],
    decisions: list[tuple[int, Pair, str]],
    gone: set[str],
    again: set[str],
) -> None:
    """Four nights of arrivals, a fifth on which some go and some change; then nothing moves any more."""
    with hub.hub.begin() as conn:
        for table in (tables.identity_pair, tables.person_member, tables.person, tables.identity_decision):
            conn.execute(delete(table))
    nights = Nights(hub, evidence)
    for number in range(5):
        new = {record for record, night in zip(RECORDS, night_of, strict=True) if night == number}
        made = {pair: verdict for when, pair, verdict in decisions if when == number}
        last = number == 4
        nights.night(new | (again - gone if last else set()), gone if last else set(), made)
    ordered = sorted(decisions, key=lambda decision: decision[0])
    expected = nights.at_once({pair: verdict for _, pair, verdict in ordered})
    assert hub.groups() == expected
    before = hub.table(tables.identity_node).sort("record_id")
    nights.night(set(), set(), {})
    assert hub.table(tables.identity_node).sort("record_id").equals(before)
    with hub.hub.reading() as conn:
        named = frames.read(conn, tables.person).filter(pl.col("merged_into").is_null())["person_id"]
    assert set(hub.persons().values()) <= set(named)
