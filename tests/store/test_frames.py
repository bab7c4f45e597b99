"""Frames go into the database and come out the same, on both databases, inside the caller's transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jendela.store import frames
from jendela.store.tables import identity_decision, identity_pair, night, person_version, record_version

# What agencies really send: quotes, separators, line ends, the marks of COPY, a thousand scripts; never NUL.
TEXT = st.one_of(
    st.sampled_from(
        ['""', '"', "\\N", "\\.", "", " ", "a,b", "x\ny", "\r\n", "Ny. Siti Nurhaliza,S.Pd.", "ꦗꦮ"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
)


def versions(count, seq=1):
    """That many record versions of the demo's employer 'PT Sinar Jaya'."""
    return pl.DataFrame({"number": range(count)}).with_columns(
        entity=pl.lit("employer"),
        seq_from=pl.lit(seq),
        seq_to=pl.lit(None, pl.Int64),
        batch=pl.lit(7),
        facts=pl.lit('{"employer_name":"PT \\"Sinar\\" Jaya"}'),
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, st.binary(max_size=8)), min_size=1, max_size=8))
def test_every_value_comes_back_as_it_went(hub, rows):
    """Text, binary and null survive COPY and SQLite byte for byte; an empty text does not become null."""
    decisions = pl.DataFrame(
        {
            "decision_id": [str(number) for number in range(len(rows))],
            "left_id": [left for left, _, _ in rows],
            "right_id": "r",
            "verdict": "must_link",
            "who": "a reviewer",
            "why": [why for _, why, _ in rows],
            "decided_at": datetime(2026, 3, 2, 18, 0, 0, 123456, tzinfo=UTC),
        }
    )
    sealed = pl.DataFrame(
        {
            "number": range(len(rows)),
            "seq_from": 1,
            "seq_to": [None if number % 2 else 5 for number in range(len(rows))],
            "sealed": [blob for _, _, blob in rows],
        },
        schema=frames.schema(person_version),
    )
    with hub.reading() as conn:
        frames.load(conn, identity_decision, decisions)
        frames.load(conn, person_version, sealed)
        back = frames.read(conn, sa.select(identity_decision).order_by(identity_decision.c.decision_id))
        opened = frames.read(conn, sa.select(person_version).order_by(person_version.c.number))
    assert_frame_equal(back.select(decisions.columns), decisions)
    assert_frame_equal(opened, sealed)


@pytest.mark.parametrize("rows", [0, 1, 2, 7, 8])
def test_slices_lose_no_row(hub, monkeypatch, rows):
    """Read by slices of three, on either database, every row comes once: the first one too."""
    monkeypatch.setattr(frames, "SLICE", 3)
    with hub.begin() as conn:
        frames.load(conn, record_version, versions(rows))
        parts = list(frames.slices(conn, sa.select(record_version.c.number)))
    assert all(0 < part.height <= 3 for part in parts)
    found = sorted(name for part in parts for name in part["number"])
    assert found == versions(rows)["number"].to_list()


def test_types_do_not_depend_on_the_rows(hub):
    """An empty result and a column of nulls have the types of their table, dates and times included."""
    with hub.begin() as conn:
        empty = frames.read(conn, night)
        conn.execute(
            sa.insert(night).values(
                seq=1,
                day=date(2026, 3, 2),
                state="open",
                offices="[]",
                opened_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
        )
        one = frames.read(conn, night)
    assert empty.schema == one.schema == pl.Schema(frames.schema(night))
    assert one.select("seq", "day", "state", "offices", "opened_at", "closed_at").row(0) == (
        *(1, date(2026, 3, 2), "open", "[]"),
        *(datetime(2026, 3, 2, tzinfo=UTC), None),
    )


def test_labelled_expressions_are_read_too(hub):
    """Counts and the like come with a name; an untyped expression is given its type."""
    with hub.begin() as conn:
        frames.load(conn, record_version, versions(3))
        query = sa.select(sa.func.count().label("rows"), sa.literal_column("'x'").label("mark"))
        found = frames.read(conn, query.select_from(record_version), {"mark": pl.String()})
    assert found.to_dicts() == [{"rows": 3, "mark": "x"}]


def test_upsert_replaces_what_is_known_and_adds_what_is_new(hub):
    """Columns that the frame lacks keep their value."""
    with hub.begin() as conn:
        frames.load(conn, record_version, versions(3))
        key = {"number": [2], "entity": ["employer"], "seq_from": [1]}
        frames.upsert(conn, record_version, versions(5).filter(pl.col("number") != 2))
        frames.update(
            conn,
            record_version,
            pl.DataFrame(key | {"facts": ["{}"]}),
            on=["number", "entity", "seq_from"],
        )
        found = frames.read(conn, sa.select(record_version).order_by(record_version.c.number))
    assert found.height == 5
    assert found["facts"].to_list().count("{}") == 1
    assert found.row(2, named=True)["facts"] == "{}"
    assert found.row(2, named=True)["batch"] == 7


def test_upsert_refuses_a_key_given_twice(hub):
    """SQLite would keep the last and PostgreSQL refuse: the hub refuses on both."""
    with pytest.raises(ValueError, match="more than once"), hub.begin() as conn:
        frames.upsert(conn, record_version, pl.concat([versions(1), versions(1)]))


def test_insert_missing_leaves_the_known_alone(hub):
    """What is there stays as it is, and only the new is counted."""
    with hub.begin() as conn:
        frames.load(conn, record_version, versions(2))
        assert frames.insert_missing(conn, record_version, versions(5).with_columns(facts=pl.lit("new"))) == 3
        found = frames.read(conn, record_version)
    assert found["facts"].to_list().count("new") == 3


def test_versions_are_closed_once(hub):
    """Only the current version ends; one that ended in an earlier night keeps its end."""
    with hub.begin() as conn:
        old = versions(3).with_columns(seq_to=pl.lit(4))
        frames.load(conn, record_version, pl.concat([old, versions(3, seq=4)], how="vertical_relaxed"))
        keys = versions(2).select("number", "entity")
        assert frames.close_versions(conn, record_version, keys, 7) == 2
        assert frames.close_versions(conn, record_version, keys, 8) == 0
        found = frames.read(conn, sa.select(record_version).order_by(record_version.c.seq_from))
    assert sorted(found["seq_to"].to_list(), key=str) == [4, 4, 4, 7, 7, None]


def test_matching_and_delete_follow_any_columns(hub):
    """A delta asks for the rows of its keys, and removes them, without reading the table."""
    keys = versions(40).filter(pl.int_range(pl.len()) % 10 == 0).select("number")
    with hub.begin() as conn:
        frames.load(conn, record_version, versions(50))
        found = frames.matching(conn, record_version, keys, record_version.c.batch == 7)
        assert sorted(found["number"]) == sorted(keys["number"])
        assert frames.matching(conn, record_version, keys, record_version.c.batch == 8).is_empty()
        assert frames.delete(conn, record_version, keys) == 4
        assert frames.read(conn, record_version).height == 46
    with hub.begin() as conn:
        nothing = keys.clear()
        assert frames.matching(conn, record_version, nothing).schema == pl.Schema(
            frames.schema(record_version)
        )
        assert frames.delete(conn, record_version, nothing) == frames.load(conn, record_version, nothing) == 0


def test_a_frame_is_part_of_the_transaction(hub):
    """What was loaded before an error is gone with it, the staging table too."""

    def interrupted():
        with hub.begin() as conn:
            frames.load(conn, record_version, versions(10))
            frames.upsert(conn, record_version, versions(12))
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        interrupted()
    with hub.begin() as conn:
        assert frames.read(conn, record_version).is_empty()


def test_many_rows(hub):
    """More rows than one slice: floats and order-free content come back whole."""
    many = pl.DataFrame({"number": range(120_000)}).select(
        left="number",
        right=pl.col("number") + 1,
        tier=pl.lit("probabilistic"),
        probability=pl.col("number") / 7e5,
        weight=pl.col("number") / 7.0,
        zone=pl.lit("review"),
        reasons=pl.lit('["same_name"]'),
        model=pl.lit("1"),
        seq=pl.lit(1),
    )
    with hub.begin() as conn:
        assert frames.load(conn, identity_pair, many) == many.height
        back = frames.read(conn, identity_pair)
    assert_frame_equal(back, many.cast({"seq": pl.Int64}), check_row_order=False)
