"""A source describes itself: tables, keys, a few rows, on every engine, and nothing is written."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
import xlsxwriter

from connectors.files_describe import FilesDescriber
from connectors.sql_describe import SqlDescriber
from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.servers import server

WORKBOOKS = Path(__file__).parent / "workbooks"
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


def test_a_folder_without_a_list_says_what_it_holds(tmp_path):
    """What cannot describe itself is said, not guessed; nor is a workbook that is none."""
    (tmp_path / "laporan.xlsx").write_bytes(b"PK")
    (tmp_path / "laporan.pdf").write_bytes(b"%PDF")
    with pytest.raises(UnusableFeedError, match="pdf, xlsx"):
        FilesDescriber("baru", tmp_path.as_uri()).tables()


@pytest.mark.parametrize("name", ["rekap.ods", "rekap.xlsx"])
def test_a_workbook_tells_the_header_below_its_title(tmp_path, name):
    """Two lines, merged; the numbers below it are no row; Excel's note of who has it open is no list."""
    shutil.copy(WORKBOOKS / name, tmp_path / f"Rekap PHK 2026-08-01{Path(name).suffix}")
    shutil.copy(WORKBOOKS / name, tmp_path / f"Rekap PHK 2026-09-01{Path(name).suffix}")
    (tmp_path / f"~$Rekap PHK 2026-09-01{Path(name).suffix}").write_bytes(b"\x04clerk")
    describer = FilesDescriber("baru", tmp_path.as_uri())
    (table,) = describer.tables()
    assert [column.name for column in table.columns] == [
        "NO", "PEKERJA / NAMA", "PEKERJA / NIK", "TGL PHK", "GAJI", "PESANGON", "KODE", "KETERANGAN",
    ]  # fmt: skip
    assert table.path == f"Rekap PHK *{Path(name).suffix}"
    assert table.options == {"format": "xlsx", "take": "last", "column_numbers": True}
    rows = describer.sample(table, 50)
    assert rows.column("PEKERJA / NIK").to_pylist()[:11] == [
        f"317101{i + 1:02}016000{i:02}" for i in range(12) if i != 4
    ]


def test_each_list_of_a_workbook_is_a_table_of_its_own(tmp_path):
    """Two sheets with something in them: each is named in the options, as the reader asks for."""
    with xlsxwriter.Workbook(tmp_path / "data.xlsx") as book:
        for title in ("Laporan", "Pencaker"):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["NIK", f"NO_{title}"])
            sheet.write_row(1, 0, ["3171010101600000", "7"])
    describer = FilesDescriber("baru", tmp_path.as_uri())
    tables = describer.tables()
    assert [(table.name, table.options["sheet"]) for table in tables] == [
        ("Laporan (data.xlsx)", "Laporan"), ("Pencaker (data.xlsx)", "Pencaker"),
    ]  # fmt: skip
    assert describer.sample(tables[1], 5).to_pylist() == [{"NIK": "3171010101600000", "NO_Pencaker": "7"}]


def test_a_parquet_file_tells_its_columns(tmp_path):
    """A nested column is none: it has no one value a row."""
    table = pa.table({"NIK": ["3171010101600000"], "UPAH": [4_500_000], "RIWAYAT": [[1, 2]]})
    pq.write_table(table, tmp_path / "tk.parquet")
    describer = FilesDescriber("baru", tmp_path.as_uri())
    (found,) = describer.tables()
    assert [column.name for column in found.columns] == ["NIK", "UPAH"]
    assert describer.sample(found, 5).to_pylist() == [{"NIK": "3171010101600000", "UPAH": "4500000"}]
