"""Identifiers over time: minted once, kept through merges and splits, never reused for somebody else."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.stable import Assigned, assign

IDS = list("abcdef")


class Life:
    """A register of identifiers that goes from partition to partition."""

    def __init__(self) -> None:
        self.nodes: dict[str, str] = {}
        self.known: dict[str, tuple[int, str | None, int | None]] = {}
        self.seq = 0

    def night(self, *groups: str) -> Assigned:
        """Divide the records into these groups; those in none are gone."""
        self.seq += 1
        clusters = {record: min(group) for group in groups for record in group}
        assigned = assign(
            _frame(clusters, "record_id", "cluster"),
            _frame(self.nodes, "record_id", "id"),
            _frame({record: f"id-{record}" for record in clusters}, "record_id", "id"),
            pl.DataFrame(
                [(name, *rest) for name, rest in self.known.items()],
                schema={"id": pl.String, "seq": pl.Int64, "merged_into": pl.String, "merged_seq": pl.Int64},
                orient="row",
            ),
            self.seq,
        )
        self.nodes = dict(assigned.nodes.select("record_id", "id").iter_rows())
        self.known |= {name: tuple(rest) for name, *rest in assigned.identities.iter_rows()}
        return assigned


def _frame(rows: dict[str, str], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(list(rows.items()), schema=dict.fromkeys(columns, pl.String), orient="row")


def test_a_merge_keeps_the_older_and_redirects_the_younger() -> None:
    """The identifier of the first night survives, even if its least record id is the greater."""
    life = Life()
    life.night("cd")
    life.night("cd", "ab")
    assert life.night("abcd").merged == 1
    assert set(life.nodes.values()) == {"id-c"}
    assert life.known["id-a"] == (2, "id-c", 3)


def test_a_split_keeps_the_id_with_the_minting_record() -> None:
    """The others get back the identifier they had before, no longer a redirect."""
    life = Life()
    life.night("ab", "cd")
    life.night("abcd")
    assert life.night("ab", "cd").split == 1
    assert life.nodes == {"a": "id-a", "b": "id-a", "c": "id-c", "d": "id-c"}
    assert life.known["id-c"] == (1, None, None)


def test_a_person_outlives_the_record_that_minted_it() -> None:
    """The row that came first is deleted; the others remain who they were."""
    life = Life()
    life.night("abc")
    life.night("bc")
    assert life.nodes == {"b": "id-a", "c": "id-a"}
    life.night("b", "c")
    assert life.nodes == {"b": "id-a", "c": "id-c"}


def test_moved_are_who_came_and_who_was_left() -> None:
    """Those left behind are told too: their person no longer holds what the leaver brought. To whom somebody
    came is found by who came.
    """
    life = Life()
    life.night("abc", "d")
    moved = life.night("ab", "cd").nodes
    assert set(moved.filter("moved")["record_id"]) == {"a", "b", "c"}
    assert not life.night("ab", "cd").nodes["moved"].any()


partitions = st.lists(st.sampled_from([*IDS, None]), min_size=6, max_size=6)


@settings(deadline=None, max_examples=50)
@given(st.lists(partitions, min_size=1, max_size=5))
def test_identifiers_name_clusters_one_to_one(nights: list[list[str | None]]) -> None:
    """After any history records share an identifier just if they share a cluster; none in use redirects."""
    life = Life()
    for labels in nights:
        groups: dict[str, str] = {}
        for record, label in zip(IDS, labels, strict=True):
            if label is not None:
                groups[label] = groups.get(label, "") + record
        assigned = life.night(*groups.values())
        assert len(set(life.nodes.values())) == len(groups)
        for group in groups.values():
            assert len({life.nodes[record] for record in group}) == 1
        assert all(life.known[name][1] is None for name in life.nodes.values())
        assert assigned.nodes.height == len(life.nodes)
