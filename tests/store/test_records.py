"""Numbers of source records: given once, in an order that does not depend on the database."""

from __future__ import annotations

import polars as pl
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from jendela.store import frames, records
from jendela.store.engine import make_engine
from jendela.store.migrations import migrate
from jendela.store.tables import source_row


def told(*ids, seq=1, outcome="accepted"):
    """What `records.note` is told of these records."""
    return pl.DataFrame(
        [("bpjs.tk", record, f"hash-{seq}", seq, outcome, None, None) for record in ids],
        {name: dtype for name, dtype in frames.schema(source_row).items() if name != "number"},
        orient="row",
    )


def test_new_records_are_numbered_in_the_order_of_their_ids(hub):
    """Whatever the order in which an engine gives them; what comes later follows."""
    with hub.begin() as conn:
        first = records.note(conn, told("c", "a", "b"), all_new=True)
        later = records.note(conn, told("aa", "b", "0", seq=2, outcome="held"))
        found = frames.read(conn, sa.select(source_row).order_by(source_row.c.number))
    assert dict(first.iter_rows()) == {"a": 1, "b": 2, "c": 3}
    assert dict(later.iter_rows()) == {"b": 2, "0": 4, "aa": 5}
    assert found.select("number", "record_id", "seq", "outcome").rows() == [
        (1, "a", 1, "accepted"),
        (2, "b", 2, "held"),
        (3, "c", 1, "accepted"),
        (4, "0", 2, "held"),
        (5, "aa", 2, "held"),
    ]


def test_numbers_of_records_that_are_not_known_are_not_there(hub):
    """Nobody gets a number by being asked for."""
    with hub.begin() as conn:
        records.note(conn, told("a", "b"))
        assert records.numbers(conn, pl.Series(["b", "z", "b"])).rows() == [("b", 2)]
        assert records.numbers(conn, pl.Series([], dtype=pl.String)).is_empty()


def test_a_record_has_one_row(hub):
    """Told twice at once, or as new although it is known: the database refuses it."""
    with hub.begin() as conn:
        records.note(conn, told("b"))
    refused = (sa.exc.IntegrityError, psycopg.errors.UniqueViolation)
    with hub.engine.connect() as conn:
        with pytest.raises(refused):
            records.note(conn, told("a", "a"))
        conn.rollback()
        with pytest.raises(refused):
            records.note(conn, told("b"), all_new=True)


def test_the_records_of_an_older_hub_get_numbers(settings):
    """By feed and id; all else stays as it was."""
    settings.state.mkdir()
    engine = make_engine(settings.database_url)
    config = Config()
    config.set_main_option("script_location", "jendela.store:migrations")
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0009")
        for feed, record in (("kemnaker.wlkp", "a"), ("bpjs.tk", "d"), ("bpjs.tk", "c")):
            conn.execute(
                sa.text("INSERT INTO source_row VALUES (:feed, :record, 'h', 3, 'held', NULL, '2026-01-01')"),
                {"feed": feed, "record": record},
            )
    migrate(engine)
    with engine.connect() as conn:
        found = frames.read(conn, sa.select(source_row).order_by(source_row.c.number))
    assert found.rows() == [
        (1, "bpjs.tk", "c", "h", 3, "held", None, "2026-01-01"),
        (2, "bpjs.tk", "d", "h", 3, "held", None, "2026-01-01"),
        (3, "kemnaker.wlkp", "a", "h", 3, "held", None, "2026-01-01"),
    ]
    engine.dispose()


def test_an_empty_register_has_its_index_when_it_is_filled(hub):
    """It is there afterwards, and a record that came twice is refused then; later nights keep theirs."""

    def indexes(conn):
        return {index["name"] for index in sa.inspect(conn).get_indexes("source_row")}

    with pytest.raises(sa.exc.IntegrityError), hub.begin() as conn, records.filling(conn):
        records.note(conn, told("a", "a"), all_new=True)
    with hub.begin() as conn:
        assert "ix_source_row_record_id" in indexes(conn)
        with records.filling(conn):
            records.note(conn, told("a", "b"), all_new=True)
        assert "ix_source_row_record_id" in indexes(conn)
        with records.filling(conn):
            assert "ix_source_row_record_id" in indexes(conn)
            records.note(conn, told("b", "c"))
        assert records.numbers(conn, pl.Series(["a", "b", "c"])).height == 3
