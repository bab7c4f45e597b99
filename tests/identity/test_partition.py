"""The partition: what it must unite, what it must keep apart, and that no order matters."""

from __future__ import annotations

import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.cluster.components import components
from jendela.identity.decisions import CANNOT, MUST
from jendela.identity.employers.partition import partition

IDS = list("abcdefgh")
PAIRS = [(one, other) for one in IDS for other in IDS if one < other]
EDGE = {
    "left_id": pl.String,
    "right_id": pl.String,
    "tier": pl.String,
    "probability": pl.Float64,
    "zone": pl.String,
}
DECISION = dict.fromkeys(("left_id", "right_id", "verdict"), pl.String)
NUMBER = {"record_id": pl.String, "number": pl.String}

edges_of = st.dictionaries(
    st.sampled_from(PAIRS),
    st.sampled_from(
        [("certain", 1.0, "link"), ("certain", 0.0, "apart"), ("p", 0.99, "link"), ("p", 0.995, "link")]
    ),
    max_size=14,
)
decisions_of = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([MUST, CANNOT]), max_size=3)
numbers_of = st.dictionaries(st.sampled_from(IDS), st.sampled_from(["N1", "N2"]), max_size=6)


def divide(
    edges: dict, decisions: dict, numbers: dict, nodes: list[str] = IDS, seed: int = 0
) -> dict[str, str]:
    """The cluster of each node, with all rows shuffled."""
    rng = random.Random(seed)

    def frame(rows: list, schema: dict) -> pl.DataFrame:
        rng.shuffle(rows)
        return pl.DataFrame(rows, schema=schema, orient="row")

    shuffled = list(nodes)
    rng.shuffle(shuffled)
    found = partition(
        pl.Series("record_id", shuffled, pl.String),
        frame([(*pair, *edge) for pair, edge in edges.items()], EDGE),
        frame([(*pair, verdict) for pair, verdict in decisions.items()], DECISION),
        frame(list(numbers.items()), NUMBER),
    )
    return dict(found.iter_rows())


@settings(deadline=None, max_examples=50)
@given(edges_of, decisions_of, numbers_of, st.integers(0, 999))
def test_no_order_of_rows_matters(edges: dict, decisions: dict, numbers: dict, seed: int) -> None:
    """The same edges in any order give the same clusters, named by their least record."""
    clusters = divide(edges, decisions, numbers)
    assert divide(edges, decisions, numbers, seed=seed) == clusters
    for name in set(clusters.values()):
        assert name == min(record for record, cluster in clusters.items() if cluster == name)


@settings(deadline=None, max_examples=50)
@given(edges_of, decisions_of, numbers_of)
def test_what_is_kept_apart_never_meets(edges: dict, decisions: dict, numbers: dict) -> None:
    """Neither through a third record, unless a person decided that the two are one."""
    clusters = divide(edges, decisions, numbers)
    for pair, (tier, _, zone) in edges.items():
        if zone == "apart" and tier == "certain" and decisions.get(pair) != MUST:
            assert clusters[pair[0]] != clusters[pair[1]]
    for pair, verdict in decisions.items():
        if verdict == CANNOT:
            assert clusters[pair[0]] != clusters[pair[1]]


@settings(deadline=None, max_examples=50)
@given(edges_of, decisions_of, numbers_of, st.lists(st.sampled_from(IDS), unique=True, min_size=1))
def test_no_order_of_nights_matters(edges: dict, decisions: dict, numbers: dict, arrival: list[str]) -> None:
    """Records that come one a night, dividing only what the newcomer is connected to, end the same."""
    there: list[str] = []
    clusters: dict[str, str] = {}
    for newcomer in arrival:
        there.append(newcomer)
        seen = {pair: edge for pair, edge in edges.items() if set(pair) <= set(there)}
        decided = {pair: verdict for pair, verdict in decisions.items() if set(pair) <= set(there)}
        near = [pair for pair, edge in seen.items() if edge[2] == "link"]
        near += [pair for pair, verdict in decided.items() if verdict == MUST]
        whole = components(
            pl.Series("record_id", there, pl.String),
            pl.DataFrame(near, schema=["left_id", "right_id"], orient="row")
            if near
            else pl.DataFrame(schema={"left_id": pl.String, "right_id": pl.String}),
        )
        home = dict(whole.iter_rows())
        part = [record for record in there if home[record] == home[newcomer]]
        inside = {pair: edge for pair, edge in seen.items() if set(pair) <= set(part)}
        ours = {pair: verdict for pair, verdict in decided.items() if set(pair) <= set(part)}
        said = {record: number for record, number in numbers.items() if record in part}
        clusters |= divide(inside, ours, said, part)
    last = {pair: edge for pair, edge in edges.items() if set(pair) <= set(there)}
    decided = {pair: verdict for pair, verdict in decisions.items() if set(pair) <= set(there)}
    said = {record: number for record, number in numbers.items() if record in there}
    assert clusters == divide(last, decided, said, there)


def test_a_record_without_nik_joins_no_two_people() -> None:
    """A letter without NIK fits Siti and her namesake: it goes to the likelier one, and they stay two."""
    edges = {("a", "letter"): ("p", 0.999, "link"), ("b", "letter"): ("p", 0.993, "link")}
    clusters = divide(edges, {}, {"a": "N1", "b": "N2"}, ["a", "b", "letter"])
    assert clusters == {"a": "a", "letter": "a", "b": "b"}


def test_two_numbers_of_one_person_unite_over_a_link_of_their_own() -> None:
    """A second NIK after moving: the two records that carry them are linked themselves."""
    edges = {("a", "b"): ("p", 0.995, "link")}
    assert divide(edges, {}, {"a": "N1", "b": "N2"}, ["a", "b"]) == {"a": "a", "b": "a"}


def test_a_decision_outranks_a_finding() -> None:
    """Reviewers found that the two under one NIK are one person who changed her name."""
    edges = {("a", "b"): ("certain", 0.0, "apart")}
    assert divide(edges, {("a", "b"): MUST}, {}, ["a", "b"]) == {"a": "a", "b": "a"}
    assert divide(edges, {}, {}, ["a", "b"]) == {"a": "a", "b": "b"}


def test_a_long_chain_is_one_component() -> None:
    """Thousands of links in a row, in the worst order."""
    ids = [f"{number:05d}" for number in range(3000)]
    links = pl.DataFrame({"left_id": ids[1:], "right_id": ids[:-1]}).reverse()
    assert components(pl.Series("record_id", ids), links)["component"].unique().to_list() == ["00000"]
