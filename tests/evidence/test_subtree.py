"""The rows of a receipt under one root: salted for each record, the same for any order."""

from __future__ import annotations

import hmac
from hashlib import sha256

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.evidence import merkle, subtree
from jendela.store import frames
from jendela.store.tables import leaf_secret
from tests.store.known import known

ROWS = pl.DataFrame(
    {
        "record_id": ["b" * 64, "a" * 64, "b" * 64, "c" * 64, "d" * 64],
        "row": ['{"code":"WRK-01"}', '{"code":"PHK-02"}', '{"code":"LET-01"}', "", "Ny. Siti ꦗꦮ"],
    }
)


def root_of(hub, rows):
    """The subtree root in a transaction of its own."""
    with hub.begin() as conn:
        known(conn, rows["record_id"].drop_nulls())
        return subtree.root(conn, rows["record_id"], rows["row"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.text(max_size=80)), max_size=40))
def test_the_bulk_tree_is_the_plain_one(rows):
    """DuckDB's leaves and nodes are those of Python's hmac and of the tree of RFC 6962."""
    salted = pl.DataFrame(rows, schema={"secret": pl.Binary, "row": pl.String}, orient="row")
    leaves = [merkle.leaf_hash(hmac.digest(secret, row.encode(), sha256)) for secret, row in rows]
    assert subtree.merkle_root(salted) == merkle.root(leaves).hex()


def test_the_order_of_rows_does_not_matter(hub):
    """The same rows give the same root tonight and when they are computed again."""
    first = root_of(hub, ROWS)
    assert root_of(hub, ROWS.reverse()) == first == root_of(hub, ROWS)
    assert root_of(hub, ROWS.head(4)) != first


def test_no_rows_have_a_root_too(hub):
    """An empty step commits to nothing, visibly."""
    assert root_of(hub, ROWS.clear()) == sha256().hexdigest()


def test_each_record_has_one_secret_of_its_own(hub):
    """32 random bytes, drawn once; known records keep theirs."""
    root_of(hub, ROWS.head(2))
    with hub.begin() as conn:
        before = frames.read(conn, leaf_secret)
    root_of(hub, ROWS)
    with hub.begin() as conn:
        after = frames.read(conn, leaf_secret)
    assert after.height == after["secret"].n_unique() == 4
    assert after["secret"].bin.size().unique().to_list() == [32]
    assert before.join(after, on=["number", "secret"]).height == before.height == 2


def test_an_erased_record_cannot_be_guessed(hub):
    """With its secret gone, even who knows the row cannot show that it was there."""
    first = root_of(hub, ROWS)
    with hub.begin() as conn:
        number = known(conn, ["a" * 64])["number"].item()
        conn.execute(sa.delete(leaf_secret).where(leaf_secret.c.number == number))
    assert root_of(hub, ROWS) != first


def test_a_row_without_a_record_is_refused(hub):
    """It could never be erased."""
    with pytest.raises(ValueError, match="without a record"):
        root_of(hub, ROWS.with_columns(record_id=pl.lit(None, pl.String)))


def test_a_row_of_a_record_that_is_not_known_is_refused(hub):
    """It could never be erased either."""
    with hub.begin() as conn, pytest.raises(ValueError, match="never accepted"):
        subtree.root(conn, ROWS["record_id"], ROWS["row"])
