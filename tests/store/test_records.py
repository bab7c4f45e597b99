"""Numbers of source records: given once, in an order that does not depend on the database."""

from __future__ import annotations

import json

import polars as pl
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from jendela.store import frames, records
from jendela.store.engine import make_engine
from jendela.store.migrations import migrate
from jendela.store.tables import batch, record_version, source_row


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


@pytest.fixture
def older(settings):
    """A hub of the version before."""
    settings.state.mkdir()
    engine = make_engine(settings.database_url)
    config = Config()
    config.set_main_option("script_location", "jendela.store:migrations")
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0009")
    yield engine
    engine.dispose()


def judged_by(contract, mapping):
    """The versions of a version, as they were kept."""
    return json.dumps({"contract": contract, "mapping": mapping})


def fill(engine, *, batch="b2"):
    """Two records, three versions, two merged batches and a halted one; the last came with `batch`."""
    rows = {
        "source_row (feed, record_id, row_hash, seq, outcome, as_of)": [
            ("kemnaker.wlkp", "a", "h", 3, "held", "2026-01-01"),
            ("bpjs.tk", "d", "h", 2, "accepted", None),
            ("bpjs.tk", "c", "h", 1, "accepted", None),
        ],
        "batch (batch_id, seq, office, feed, state, complete, rows, landing, sha256, manifest)": [
            ("b2", 2, "bpjs", "bpjs.tk", "merged", True, 1, "l", "s", "{}"),
            ("b1", 1, "bpjs", "bpjs.tk", "merged", True, 1, "l", "s", "{}"),
            ("b3", 2, "kemnaker", "kemnaker.wlkp", "halted", True, 1, "l", "s", "{}"),
        ],
        "record_version"
        " (record_id, entity, seq_from, seq_to, feed, office, batch_id, row_hash, facts, versions)": [
            ("d", "claim", 2, None, "bpjs.tk", "bpjs", batch, "h", '{"now":1}', judged_by("1.1", "n")),
            ("d", "claim", 1, 2, "bpjs.tk", "bpjs", "b1", "h", '{"was":1}', judged_by("1.0", "m")),
            ("c", "employment", 1, None, "bpjs.tk", "bpjs", "b1", "h", "{}", judged_by("2.0", "m")),
        ],
        "person_version (record_id, seq_from, seq_to, sealed)": [
            ("d", 2, None, b"new"), ("d", 1, 2, b"old"), ("c", 1, None, b"other"),
        ],
    }  # fmt: skip
    with engine.begin() as conn:
        for table, given in rows.items():
            marks = ", ".join(f":v{at}" for at in range(len(given[0])))
            for row in given:
                values = {f"v{at}": value for at, value in enumerate(row)}
                conn.execute(sa.text(f"INSERT INTO {table} VALUES ({marks})"), values)


def test_an_older_hub_is_carried_over(older):
    """Records are numbered by feed and id, merged batches by night and feed; no version is lost."""
    fill(older)
    migrate(older)
    with older.connect() as conn:
        known = frames.read(conn, sa.select(source_row).order_by(source_row.c.number))
        said = frames.read(conn, records.stated_by_id).sort("number", "seq_from")
        people = frames.read(conn, records.persons_by_id).sort("number", "seq_from")
        batches = conn.execute(sa.select(batch.c.batch_id, batch.c.number, batch.c.versions)).all()
    assert known.rows() == [
        (1, "bpjs.tk", "c", "h", 1, "accepted", None, None),
        (2, "bpjs.tk", "d", "h", 2, "accepted", None, None),
        (3, "kemnaker.wlkp", "a", "h", 3, "held", None, "2026-01-01"),
    ]
    assert said.drop("number", "batch").rows() == [
        ("c", "employment", 1, None, "{}", "bpjs.tk", "bpjs", "b1"),
        ("d", "claim", 1, 2, '{"was":1}', "bpjs.tk", "bpjs", "b1"),
        ("d", "claim", 2, None, '{"now":1}', "bpjs.tk", "bpjs", "b2"),
    ]
    assert people.rows() == [("c", 1, 1, None, b"other"), ("d", 2, 1, 2, b"old"), ("d", 2, 2, None, b"new")]
    judged = {"b1": {"contracts": {"claim": "1.0", "employment": "2.0"}, "mapping": "m"}}
    judged["b2"] = {"contracts": {"claim": "1.1"}, "mapping": "n"}
    assert {one.batch_id: one.number for one in batches} == {"b1": 1, "b2": 2, "b3": None}
    assert {one.batch_id: json.loads(one.versions) for one in batches if one.versions} == judged


def test_a_version_without_its_batch_stops_the_migration(older):
    """It is not left behind: the hub stays as it was."""
    fill(older, batch="lost")
    with pytest.raises(sa.exc.IntegrityError):
        migrate(older)
    with older.connect() as conn:
        left = sa.text("SELECT count(*) FROM record_version WHERE batch_id = 'lost'")
        assert conn.execute(left).scalar_one() == 1


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


def test_an_empty_register_has_its_keys_when_it_is_filled(hub):
    """A version that came twice is refused, at the latest then; the tables are as they were before."""

    def keys(conn):
        return {
            table.name: sa.inspect(conn).get_pk_constraint(table.name)["constrained_columns"]
            for table in records.FILLED
        }

    def said(*entities):
        rows = [(1, entity, 1, None, 1, "{}") for entity in entities]
        return pl.DataFrame(rows, frames.schema(record_version), orient="row")

    with hub.begin() as conn:
        before = keys(conn)
    refused = (sa.exc.IntegrityError, psycopg.errors.UniqueViolation)
    with pytest.raises(refused), hub.begin() as conn, records.filling(conn):
        frames.load(conn, record_version, said("claim", "claim"))
    with hub.begin() as conn, records.filling(conn):
        records.note(conn, told("a"), all_new=True)
        frames.load(conn, record_version, said("claim", "employment"))
    with hub.begin() as conn:
        assert (
            keys(conn)
            == before
            == {table.name: list(table.primary_key.columns.keys()) for table in records.FILLED}
        )


@pytest.mark.parametrize(
    "ids", [["b", "a", "B"], ["0f" * 32, "0e" * 32], [f"{'0f' * 8}{end:x}" for end in (9, 3, 7)]]
)
def test_records_are_ordered_by_their_whole_ids(ids):
    """Keyed hashes, those that begin alike, and ids that are no hashes at all."""
    assert records.by_id(pl.DataFrame({"id": ids}), "id")["id"].to_list() == sorted(ids)


def test_an_empty_register_is_as_it_was_when_it_is_filled(hub):
    """Its indexes are defined as before, and those by block are summed up."""
    with hub.begin() as conn:
        before = definitions(conn)
    with hub.begin() as conn, records.filling(conn) as numbering:
        records.note(conn, told("a", "b"), all_new=True, numbering=numbering)
    with hub.begin() as conn:
        assert definitions(conn) == before
        if conn.dialect.name == "postgresql":
            blocks = "SELECT brin_summarize_new_values('ix_source_row_feed')"
            assert conn.exec_driver_sql(blocks).scalar_one() == 0  # nothing was left to sum up


def definitions(conn):
    """Every index of the tables of records, as the database defines it."""
    names = [table.name for table in records.FILLED]
    if conn.dialect.name == "sqlite":
        query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN :names")
    else:
        query = sa.text(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = current_schema() AND tablename IN :names"
        )
    return set(conn.execute(query.bindparams(sa.bindparam("names", names, expanding=True))).tuples())


def test_the_server_sorts_in_its_memory_what_fills_a_register(hub):
    """At least; a server that was given more keeps it, and the next transaction knows nothing of it."""
    if hub.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no such setting")
    asked = "SHOW maintenance_work_mem"

    def while_it_sorts(own):
        found = []

        @sa.event.listens_for(hub.engine, "before_cursor_execute")
        def look(conn, cursor, statement, *_):
            if "ADD CONSTRAINT pk_source_row" in statement:
                cursor.execute(asked)
                found.append(cursor.fetchone()[0])

        with hub.engine.connect() as conn:
            conn.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{own}'")
            with records.filling(conn):
                pass
            conn.rollback()
        sa.event.remove(hub.engine, "before_cursor_execute", look)
        return found

    assert while_it_sorts("64MB") == [records.SORTED_IN]
    assert while_it_sorts("1GB") == ["1GB"]
