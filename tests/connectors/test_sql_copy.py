"""What PostgreSQL sends by COPY is what stands in the database, whatever stands there."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from connectors import canonical, sql_copy
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

HARD = [
    ("1", None),
    ("2", ""),
    ("3", "a,b"),
    ("4", 'kata "orang"'),
    ("5", "dua\nbaris"),
    ("6", "\r\n"),
    ("7", "\ufeffdepan"),
    ("8", "\\."),
    ("9", "NULL"),
    ("10", " tepi "),
    ("11", '"'),
]


def rows(agency, query: str, columns: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    """The rows of a query, table after table."""
    source = FeedSource("d", "d.t", "snapshot", columns, columns[:1], query=query)
    tables = agency.connector.pull(source, Window(None, None))
    return [row for table in tables for row in zip(*table.to_pydict().values(), strict=True)]


def literal(text: str | None) -> str:
    """A text in SQL."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("together", [1, 2, 1000])
def test_every_text_arrives_as_it_is(postgres_agency, monkeypatch, together):
    """Nothing and the empty text, line ends, quotes, a mark of byte order: one by one, or together."""
    monkeypatch.setattr(sql_copy, "ROWS", together)
    values = ", ".join(f"({number}, {literal(text)})" for number, text in HARD)
    query = f"SELECT * FROM (VALUES {values}) v (n, t)"
    assert rows(postgres_agency, query, ("n", "t")) == HARD
    first = query.replace("SELECT *", "SELECT t, n")
    assert rows(postgres_agency, first, ("t", "n")) == [(text, number) for number, text in HARD]
    assert rows(postgres_agency, f"SELECT t FROM ({query}) z", ("t",)) == [(text,) for _, text in HARD]


@pytest.mark.parametrize("piece", [1, 9, 20, 1000])
@pytest.mark.parametrize("together", [1, 3, len(HARD), 1000])
def test_a_table_put_together_from_pieces_is_the_same(postgres_agency, monkeypatch, piece, together):
    """Its text is read in pieces as small as a row, and the last may end where a table ends."""
    monkeypatch.setattr(sql_copy, "PIECE", piece)
    monkeypatch.setattr(sql_copy, "ROWS", together)
    values = ", ".join(f"({number}, {literal(text)})" for number, text in HARD)
    query = f"SELECT t, n FROM (VALUES {values}) v (n, t)"
    assert rows(postgres_agency, query, ("t", "n")) == [(text, number) for number, text in HARD]
    source = FeedSource("d", "d.t", "snapshot", ("t", "n"), ("n",), query=query)
    sizes = [table.num_rows for table in postgres_agency.connector.pull(source, Window(None, None))]
    assert sizes[:-1] == [together] * (len(sizes) - 1)
    assert sum(sizes) == len(HARD)


def test_text_that_is_not_utf8_is_found():
    """A piece is looked at as a whole: one value that cannot be read is found among the others."""
    good, bad = bytearray(b"1,a\n2,b\n"), bytearray(b"1,a\n2,\xff\n")
    assert sql_copy._parsed(2, good, ("n", "t"))["t"].to_pylist() == ["a", "b"]
    with pytest.raises(pa.ArrowInvalid):
        sql_copy._parsed(2, bad, ("n", "t"))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["10.00", "0.50", None, "-3.10"], ["10", "0.5", None, "-3.1"]),
        (["100", "10.00"], ["100", "10"]),
        (["1.50E-10", "2.00"], ["1.50E-10", "2"]),
        (["NaN", "2.00"], ["NaN", "2"]),
        ([None], [None]),
        ([], []),
    ],
)
def test_a_decimal_loses_the_zeros_behind_its_fraction(values, texts):
    """Those of one scale all at once, and others each by itself: a hundred stays a hundred."""
    given = pa.array(values, pa.string())
    assert canonical.settle(given, canonical.DECIMAL).to_pylist() == texts
    assert canonical.settle(pa.chunked_array([given]), canonical.DECIMAL).to_pylist() == texts


def test_a_table_is_cut_by_its_bytes_too(postgres_agency, monkeypatch):
    """Rows as wide as they like do not fill the memory."""
    monkeypatch.setattr(sql_copy, "BYTES", 1000)
    query = "SELECT n, repeat('x', 400) AS t FROM generate_series(1, 10) n"
    source = FeedSource("d", "d.t", "snapshot", ("n", "t"), ("n",), query=query)
    sizes = [table.num_rows for table in postgres_agency.connector.pull(source, Window(None, None))]
    assert sizes == [3, 3, 3, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'ab'::char(5)", "ab"),
        ("' a b  '::char(9)", " a b"),
        ("'ab  '::varchar(9)", "ab  "),
        ("4500000.00::numeric(15,2)", "4500000"),
        ("4500000.50::numeric", "4500000.5"),
        ("'NaN'::numeric", "NaN"),
        ("1e20::float8", "1e+20"),
        ("0.1::float4", "0.1"),
        ("true", "1"),
        ("'\\x0aff'::bytea", "0aff"),
        ("date '2026-09-01'", "2026-09-01"),
        ("date 'infinity'", "infinity"),
        ("timestamp '2026-09-01 10:00:00.500'", "2026-09-01 10:00:00.5"),
        ("timestamptz '2026-09-01 07:00:00+07'", "2026-09-01 00:00:00Z"),
        ("'10.0.0.1'::inet", "10.0.0.1/32"),
        ("'{a,b}'::text[]", "{a,b}"),
        ("interval '1 day'", "1 day"),
        ("-7::smallint", "-7"),
    ],
)
def test_every_type_has_the_text_that_it_had(postgres_agency, value, text):
    """Without a cast where the server writes the same, with one where it would not."""
    assert rows(postgres_agency, f"SELECT {value} AS v", ("v",)) == [(text,)]


def test_a_refusal_within_the_rows_is_the_feeds_error(postgres_agency):
    """Rows flow, and then one cannot be computed: no half of a feed is taken for all of it."""
    source = replace(
        postgres_agency.source,
        columns=("n",),
        key=("n",),
        watermark=None,
        query="SELECT 1 / (200000 - n) AS n FROM generate_series(1, 200000) n",
    )
    with pytest.raises(UnusableFeedError):
        list(postgres_agency.connector.pull(source, Window(None, None)))
