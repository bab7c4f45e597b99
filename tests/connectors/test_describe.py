"""A source describes itself: tables, keys, a few rows, on every engine, and nothing is written."""

from __future__ import annotations

import uuid

import pyarrow as pa
import pytest
import sqlalchemy as sa

from connectors.files_describe import FilesDescriber
from connectors.sql_describe import SqlDescriber
from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.servers import server

TABLES = (
    "CREATE TABLE jabatan_{s} (id INTEGER PRIMARY KEY, nama VARCHAR(20))",
    """CREATE TABLE pekerja_{s} (nomor INTEGER PRIMARY KEY, nama_depan VARCHAR(20), nama_belakang VARCHAR(20),
       jabatan_id INTEGER, masuk {timestamp}, gaji DECIMAL(12,2),
       FOREIGN KEY (jabatan_id) REFERENCES jabatan_{s} (id))""",
    "INSERT INTO jabatan_{s} VALUES (1, 'Penjahit')",
)


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def described(request, tmp_path):
    """A describer of two tables on an engine, and the name of the second."""
    suffix = uuid.uuid4().hex[:8]
    url = f"sqlite:///{tmp_path / 'd.db'}"
    engine = sa.create_engine(url) if request.param == "sqlite" else server(request.param)
    timestamp = "DATETIME NULL" if engine.dialect.name == "mysql" else "TIMESTAMP"
    with engine.begin() as conn:
        for statement in TABLES:
            conn.execute(sa.text(statement.format(s=suffix, timestamp=timestamp)))
        for number in range(1, 31):
            values = f"({number}, 'Siti', 'Aminah', 1, '2026-03-01 08:15:00', 100)"
            conn.exec_driver_sql(f"INSERT INTO pekerja_{suffix} VALUES {values}")
    yield SqlDescriber("baru", engine.url.render_as_string(hide_password=False)), f"pekerja_{suffix}"
    with engine.begin() as conn:
        conn.execute(sa.text(f"DROP TABLE pekerja_{suffix}"))
        conn.execute(sa.text(f"DROP TABLE jabatan_{suffix}"))
    engine.dispose()


def test_a_database_tells_its_keys_and_types(described):
    """Columns in order, the primary key, the foreign key, kinds that are the same on every engine."""
    describer, name = described
    table = next(table for table in describer.tables() if table.name == name)
    assert [column.name for column in table.columns][:3] == ["nomor", "nama_depan", "nama_belakang"]
    assert table.key == ("nomor",)
    assert [(key.columns, key.targets) for key in table.references] == [(("jabatan_id",), ("id",))]
    assert [column.kind for column in table.columns] == [
        "integer", "text", "text", "integer", "timestamp", "decimal",
    ]  # fmt: skip


def test_a_sample_is_from_both_ends_and_bounded(described):
    """Old rows and new ones; of a short table each row once."""
    describer, name = described
    table = next(table for table in describer.tables() if table.name == name)
    few = describer.sample(table, 6)
    numbers = [int(text) for text in few["nomor"].to_pylist()]
    assert {1, 30} <= set(numbers)
    assert len(numbers) <= 8
    assert describer.sample(table, 1000).num_rows == 30
    assert all(field.type == pa.string() for field in few.schema)


def test_what_is_computed_is_in_the_engines_own_words(described):
    """A name in two parts, and the day of a timestamp: the SQL that a mapping's query will hold."""
    from connectors.sql import SqlConnector
    from jendela.model.ports import FeedSource, Window

    describer, name = described
    both, day = describer.together(["t.nama_depan", "t.nama_belakang"]), describer.day_of("t.masuk")
    query = f"SELECT t.nomor, {both} AS nama, {day} AS hari FROM {name} t"
    source = FeedSource("baru", "baru.x", "snapshot", ("nomor", "nama", "hari"), ("nomor",), query=query)
    connector = SqlConnector("baru", describer._address)
    first = next(iter(connector.pull(source, Window(None, None)))).to_pylist()[0]
    assert (first["nama"], first["hari"]) == ("Siti Aminah", "2026-03-01")


def test_a_database_that_does_not_answer_is_tried_again():
    """Nobody listens there."""
    describer = SqlDescriber("baru", "postgresql+psycopg://x@127.0.0.1:59731/x?connect_timeout=2")
    with pytest.raises(UnreachableError):
        describer.tables()


def test_a_folder_without_csv_says_what_it_holds(tmp_path):
    """XLSX cannot describe itself yet: that is said, not guessed."""
    (tmp_path / "laporan.xlsx").write_bytes(b"PK")
    with pytest.raises(UnusableFeedError, match="xlsx"):
        FilesDescriber("baru", tmp_path.as_uri()).tables()
