"""A hub of before records had numbers: its persons, pairs, employers, keys and secrets are carried over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from jendela.identity import forgotten, key_runs, key_store
from jendela.store import frames, tables
from jendela.store.engine import make_engine
from jendela.store.migrations import migrate

# More keys than a chunk holds, of two levels; number 3 was given and is nobody's.
KEYS = [(2, key * 16, 1 + key % 2) for key in range(-400, 400)] + [(0, 48, 4), (0, 5 * 16, 4)]
ROWS = {
    "source_row (number, feed, record_id, row_hash, seq, outcome)": [
        (1, "f", "b", "h", 1, "accepted"),
        (2, "f", "a", "h", 1, "accepted"),
        (3, "f", "c", "h", 2, "accepted"),
    ],
    "person (person_id, seq, merged_into, merged_seq)": [("p1", 1, None, None), ("p0", 1, "p1", 2)],
    "identity_node (record_id, person_id, seq)": [("a", "p1", 2), ("b", "p1", 2), ("c", "p1", 2)],
    "identity_edge (left_id, right_id, tier, probability, weight, zone, reasons, model, seq)": [
        ("a", "b", "certain", 0.5, 30.0, "link", "[]", "1", 1),
        ("b", "c", "probabilistic", 0.25, 1.0, "review", "[]", "1", 2),
    ],
    "identity_record (number, record_id, nik, sealed)": [
        (1, "a", "n", b"1"),
        (2, "b", None, b"2"),
        (4, "c", None, b"4"),
    ],
    "identity_key (level, key, number)": KEYS,
    "identity_fit (seq, day, population, numbered, versions, body)": [(1, "2026-09-01", 2, 4, "{}", "{}")],
    "employer_node (record_id, employer_id, reference_id, seq)": [("a", "e", None, 1), ("c", None, "w", 2)],
    "leaf_secret (record_id, secret)": [("a", b"s1"), ("c", b"s3")],
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A hub in which the merge numbers records, and nobody else knows of it yet."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    else:
        engine = request.getfixturevalue("postgresql_register").hub.engine
        schema = engine.url.query["options"].rsplit("=", 1)[1]
        with engine.begin() as conn:
            conn.execute(sa.schema.DropSchema(schema, cascade=True))
            conn.execute(sa.schema.CreateSchema(schema))
    config = Config()
    config.set_main_option("script_location", "jendela.store:migrations")
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0010")
        for target, rows in ROWS.items():
            marks = ", ".join("?" if engine.dialect.name == "sqlite" else "%s" for _ in rows[0])
            conn.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", rows)
    yield engine
    engine.dispose()


def rows(conn: sa.Connection, table: sa.Table, *names: str) -> set[tuple[object, ...]]:
    """These columns of a whole table."""
    return set(frames.read(conn, table).select(names).iter_rows())


def test_what_was_kept_by_id_is_kept_by_number(older: sa.Engine) -> None:
    """Persons keep their ids, pairs their order, and who asks by record id is answered as before."""
    migrate(older)
    with older.connect() as conn:
        assert rows(conn, tables.identity_node, "record_id", "number", "person_id", "seq") == {
            ("a", 2, "p1", 2), ("b", 1, "p1", 2), ("c", 3, "p1", 2)
        }  # fmt: skip
        assert rows(conn, tables.person, "person_id", "seq", "merged_into", "merged_seq") == {
            ("p0", 1, "p1", 2), ("p1", 1, None, None)
        }  # fmt: skip
        assert rows(conn, tables.identity_pair, "left", "right", "weight") == {(2, 1, 30.0), (1, 3, 1.0)}
        assert rows(conn, tables.identity_edge, "left_id", "right_id", "zone") == {
            ("a", "b", "link"), ("b", "c", "review")
        }  # fmt: skip
        assert rows(conn, tables.identity_record, "number", "record", "record_id", "nik") == {
            (1, 2, "a", "n"), (2, 1, "b", None), (4, 3, "c", None)
        }  # fmt: skip
        assert rows(conn, tables.employer_node, "record_id", "employer_id", "reference_id") == {
            ("a", "e", None), ("c", None, "w")
        }  # fmt: skip
        assert rows(conn, tables.leaf_secret, "number", "secret") == {(2, b"s1"), (3, b"s3")}


def test_keys_lie_in_runs_and_forgotten_numbers_are_noted(older: sa.Engine) -> None:
    """Each level is one run, the oldest first; a key is found as a key of tonight would be."""
    migrate(older)
    with older.connect() as conn:
        runs = key_runs.runs(conn)
        assert [(run.level, run.size, len(run.begins)) for run in runs] == [(2, 800, 3), (0, 2, 1)]
        kept = {pair for keys, numbers in key_store.every(conn) for pair in zip(keys, numbers, strict=True)}
        assert kept == {(key, number) for _, key, number in KEYS}
        asked = pl.DataFrame({"key": [48, 49], "most": [5, 5]})
        assert sorted(key_store.before(conn, asked, 9).rows()) == [(48, 2), (48, 4)]
        given = np.arange(1, 5)
        assert forgotten.still(conn, given).tolist() == [True, True, False, True]


def test_a_row_of_nobody_stops_the_migration(older: sa.Engine) -> None:
    """It is not left behind: the hub stays as it was."""
    with older.begin() as conn:
        conn.exec_driver_sql("INSERT INTO leaf_secret (record_id, secret) VALUES ('lost', 'x')")
    with pytest.raises(ValueError, match="1 rows of leaf_secret"):
        migrate(older)
    with older.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM leaf_secret").scalar_one() == 3
