"""A database as a source: windows, watermarks, reading only, and servers that go away."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from connectors import canonical
from connectors.sql import SqlConnector
from connectors.sql_engines import reader
from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Window

EARLIEST, LATEST = (datetime.fromisoformat(f"{year}-01-01") for year in (1900, 2200))
WINDOW_LOW, WINDOW_HIGH = "2026-03-01 22:00:00", "2026-03-01 23:10:00"


def test_a_window_is_half_open_and_keeps_what_was_never_stamped(database):
    """Sri, at the lower bound, is in; Joko, at the upper, is not yet; Siti, without a date, always is."""
    assert [row["NAMA"] for row in database.pulled(WINDOW_LOW, WINDOW_HIGH)] == ["Sri Wahyuni", "Siti"]
    assert [row["NAMA"] for row in database.pulled(WINDOW_HIGH, None)] == ["Joko Susilo", "Siti"]


def test_the_newest_watermark_is_told_in_canonical_text(database):
    """Joko's row is the newest; of an empty table there is none."""
    assert database.connector.high_watermark(database.source) == "2026-03-01 23:10:00"
    empty = replace(database.source, query=f"SELECT * FROM ({database.source.query}\n) z WHERE 1 = 0")
    assert database.connector.high_watermark(empty) is None
    assert [table.num_rows for table in database.connector.pull(empty, Window(None, None))] == [0]


def test_names_may_be_folded_by_the_database(database):
    """PostgreSQL answers `kpj` to a query for KPJ: the column is named as agreed all the same."""
    (table,) = database.connector.pull(database.source, Window(None, None))
    assert table.column_names == list(database.source.columns)


@pytest.mark.parametrize("statement", ["DELETE FROM {kerja}", "CREATE TABLE jdl_tulis (x INT)"])
def test_the_database_itself_refuses_a_write(database, statement):
    """Whatever our account may do: on the connections we read with, nothing can be changed."""
    engine = reader(database.connector._url)
    table = database.source.query.split("FROM ")[1].split()[0]
    with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError):
        conn.execute(sa.text(statement.format(kerja=table)))


def test_a_query_that_writes_changes_nothing(postgres_agency):
    """Even a feed's own query cannot: a function that deletes fails, and the rows are still there."""
    postgres_agency.act(
        "CREATE FUNCTION hapus() RETURNS integer LANGUAGE sql AS 'DELETE FROM {kerja}; SELECT 1'"
    )
    query = postgres_agency.source.query.replace("UPAH", "hapus() AS UPAH", 1)
    with pytest.raises(FeedError):
        postgres_agency.pulled(query=query)
    assert len(postgres_agency.pulled()) == 4


@pytest.mark.parametrize("column", ["NAMA", "UPAH"])
def test_a_watermark_that_does_not_sort_by_time_is_refused(database, column):
    """A name, a wage, a date written DD-MM-YYYY: `max` of it is not the newest row."""
    for attempt in (database.connector.check, database.connector.high_watermark):
        with pytest.raises(UnusableFeedError, match=f"watermark {column} "):
            attempt(replace(database.source, watermark=column))


@pytest.mark.parametrize(
    ("values", "highest"),
    [
        (["01-03-2026", "28-02-2026"], None),
        (["2026-03-01", "2026-02-28"], "2026-03-01"),
        (["2026-03-01T23:10:00", "2026-02-28 01:00:00.500000"], "2026-03-01 23:10:00"),
        (["2026-03-01 23:10:00Z", "2026-02-28T01:00:00Z"], "2026-03-01 23:10:00"),
        (["2026-03-01 23:10:00+07:00", "2026-02-28 01:00:00"], None),
        ([7, 1_000], "1000"),
        ([7, "2026-03-01 23:10:00"], None),
    ],
)
def test_sqlite_is_judged_by_what_is_in_the_column(tmp_path, values, highest):
    """SQLite has no timestamps: ISO texts and whole numbers sort by time, everything else does not."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as conn:
        conn.execute(sa.text("CREATE TABLE t (K INTEGER, W)"))
        conn.execute(
            sa.text("INSERT INTO t VALUES (:k, :w)"), [{"k": k, "w": w} for k, w in enumerate(values)]
        )
    source = FeedSource("d", "d.t", "delta", ("K", "W"), ("K",), query="SELECT K, W FROM t", watermark="W")
    connector = SqlConnector("d", url)
    if highest is None:
        with pytest.raises(UnusableFeedError):
            connector.high_watermark(source)
        return
    assert connector.high_watermark(source) == highest
    if "-" in highest:
        low, high = "2026-03-01", "2026-03-01 23:10:00.000001"
    else:
        low, high = "8", "1001"
    assert [row["K"] for table in connector.pull(source, Window(low, high)) for row in table.to_pylist()] == (
        ["0"] if "-" in highest else ["1"]
    )


def test_a_bound_is_never_text_of_somebody_else(sqlite_agency):
    """A window's bound is written into the query: anything but digits in their places is refused."""
    with pytest.raises(UnusableFeedError, match="bound is not a timestamp"):
        sqlite_agency.pulled("2026-01-01' OR 1=1 --")


def test_a_column_that_is_gone_is_named(database):
    """The agency renamed UPAH: the feed says so, by the name in the query."""
    database.act(
        f"ALTER TABLE {database.source.query.split('FROM ')[1].split()[0]} RENAME COLUMN UPAH TO GAJI"
    )
    with pytest.raises(UnusableFeedError, match=r"(?i)'upah', which the feed's query names") as caught:
        database.connector.check(database.source)
    assert "renamed" in caught.value.remedy


def test_text_that_is_not_text_is_the_feeds_error(sqlite_agency):
    """SQLite takes any bytes for text; ours would be broken further on."""
    sqlite_agency.act("UPDATE {kerja} SET NAMA = CAST(x'ff41' AS TEXT)")
    with pytest.raises(UnusableFeedError):
        sqlite_agency.pulled()


def test_a_damaged_file_is_not_tried_again(tmp_path):
    """Half a database file is no database."""
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(UnusableFeedError):
        SqlConnector("d", f"sqlite:///{tmp_path / 'a.db'}").check(
            FeedSource("d", "d.t", "snapshot", ("K",), ("K",), query="SELECT K FROM t")
        )


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(
            ("postgres", "SELECT generate_series(1, 3000000) AS n, repeat('x', 200) AS t"),
            marks=pytest.mark.servers,
            id="postgresql",
        ),
        pytest.param(
            ("mariadb", "SELECT seq AS n, REPEAT('x', 200) AS t FROM seq_1_to_3000000"),
            marks=pytest.mark.servers,
            id="mariadb",
        ),
    ],
)
def test_a_database_that_vanishes_mid_pull_is_tried_again(request, server):
    """Rows are flowing when the server ends our session: the pull fails as unreachable, nothing hangs."""
    name, query = server
    agency = request.getfixturevalue(f"{name}_agency")
    mark = f"m{uuid.uuid4().hex}"
    source = FeedSource("d", "d.t", "snapshot", ("N", "T"), ("N",), query=f"/* {mark} */ {query}")
    rows = agency.connector.pull(source, Window(None, None))
    assert next(rows).num_rows
    if name == "postgres":
        agency.act(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE query LIKE '%{mark}%' AND pid <> pg_backend_pid()"
        )
    else:
        found = agency.act(
            "SELECT id FROM information_schema.processlist"
            f" WHERE info LIKE '%{mark}%' AND id <> connection_id()"
        )
        for (session,) in found:
            agency.act(f"KILL {session}")
    with pytest.raises(UnreachableError):
        for _ in rows:
            pass


def test_another_engine_is_read_through_its_drivers_values(sqlite_agency):
    """An engine without a flavour of ours gives the same rows, window and watermark."""
    from connectors.sql_engines import Flavour

    expected = sqlite_agency.pulled(WINDOW_LOW, WINDOW_HIGH)
    everything = sqlite_agency.pulled()
    sqlite_agency.connector._flavour = Flavour("portable", moment="'{bound}'")
    # SQLite's own driver gives timestamps as text, which the portable way refuses as a watermark.
    assert sqlite_agency.pulled() == everything
    with pytest.raises(UnusableFeedError):
        sqlite_agency.pulled(WINDOW_LOW, WINDOW_HIGH)
    assert len(expected) == 2


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_one_number_has_one_text(value):
    """However many zeros an engine adds, a number has one text, and that text is the number."""
    import pyarrow as pa

    zeros = pa.chunked_array([[format(value, "f"), format(value, "f") + "00"]])
    short, long = canonical.settle(zeros, canonical.DECIMAL).to_pylist()
    assert short == long == canonical.text_of(value)
    assert type(value)(short) == value


@given(st.datetimes(EARLIEST, LATEST), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_text_order_is_time_order(moment, later):
    """A later moment has a greater text, whatever its fraction."""
    first, second = canonical.text_of(moment), canonical.text_of(moment + later)
    assert (first < second) == (later > timedelta(0))


@pytest.mark.servers
def test_bits_and_bytes_of_mariadb_are_told_apart(mariadb_agency):
    """Yes and no in a BIT are 1 and 0; of two keys in BINARY(16) that are no text, both are kept."""
    mariadb_agency.act("CREATE TABLE kunci (ID BINARY(16), AKTIF BIT(1), NAMA CHAR(9))")
    mariadb_agency.act(
        "INSERT INTO kunci VALUES (UNHEX('00112233445566778899aabbccddeeff'), 1, 'Siti'),"
        " (UNHEX('00112233445566778899aabbccddeef0'), 0, 'José')"
    )
    names = ("ID", "AKTIF", "NAMA")
    source = FeedSource("d", "d.x", "snapshot", names, ("ID",), query="SELECT * FROM kunci")
    (rows,) = mariadb_agency.connector.pull(source, Window(None, None))
    assert {tuple(row.values()) for row in rows.to_pylist()} == {
        ("00112233445566778899aabbccddeeff", "1", "Siti"),
        ("00112233445566778899aabbccddeef0", "0", "José"),
    }


def test_bytes_in_sqlite_are_hex(tmp_path):
    """As everywhere; what a column of text holds as bytes stays text."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (id BLOB, nama TEXT)")
        conn.exec_driver_sql("INSERT INTO t VALUES (x'00ff', x'53697469')")
    source = FeedSource("d", "d.x", "snapshot", ("id", "nama"), ("id",), query="SELECT * FROM t")
    (rows,) = SqlConnector("d", str(engine.url)).pull(source, Window(None, None))
    assert rows.to_pylist() == [{"id": "00ff", "nama": "Siti"}]
    engine.dispose()


@pytest.mark.parametrize("url", ["bpjs", "post gres://u:geheim@h", "postgresql://u:geheim@h:port/x"])
def test_a_url_that_is_none_is_said_so(url):
    """By the night, which goes on without the office, and by `source check`; its password is not repeated."""
    with pytest.raises(UnusableFeedError, match="The connection's URL cannot be read") as caught:
        SqlConnector("bpjs", url)
    assert "geheim" not in str(caught.value)
