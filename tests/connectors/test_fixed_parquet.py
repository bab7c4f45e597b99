"""Lines of fixed width as a mainframe writes them, and Parquet of any types."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import fixed_rows, parquet_rows, writers
from connectors.found import Found
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

WIDTHS = {"NIK": [1, 16], "NAMA": [17, 10], "TGL": [27, 8]}
FIXED = FeedSource(
    "d", "d.phk", "snapshot", ("NIK", "NAMA", "TGL"), ("NIK",), path="phk.txt",
    options={"format": "fixed", "widths": WIDTHS, "trailer": {"starts": "T", "count": [2, 6]}},
)  # fmt: skip
SITI = "3215014101900001Siti      20260301"
ANDRE = "3215010202880002André     20260302"


def fixed(content, **options):
    """The rows of lines of fixed width, and what is stated."""
    asked = {**FIXED.options, **options}
    source = replace(FIXED, options={name: value for name, value in asked.items() if value is not None})
    content = content if isinstance(content, bytes) else content.encode("windows-1252")
    reading = fixed_rows.read(source, Found("phk.txt", content, ""))
    return [row for table in reading.tables for row in table.to_pylist()], reading.stated


def test_each_column_stands_at_its_places():
    """Blanks around a value are none of it; the trailer is no row, and is told."""
    rows, stated = fixed(f"{SITI}\r\n{ANDRE}\r\nT000002\r\n\x1a")
    assert [(row["_row"], row["NAMA"], row["TGL"]) for row in rows] == [
        ("1", "Siti", "20260301"),
        ("2", "André", "20260302"),
    ]
    assert stated["dialect"]["encoding"] == "windows-1252"
    assert stated["skipped"] == [{"reason": "trailer", "count": 1, "rows": [3]}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{SITI}\n{ANDRE}\n", "does not end with its trailer record"),
        (f"{SITI}\nT000002\n", "its T record says 2 rows, and there are 1"),
        (f"{SITI}\nTxxxxxx\n", "does not say how many rows there are"),
        ("", "is empty"),
    ],
)
def test_a_file_whose_trailer_does_not_agree_is_not_taken(content, said):
    """Half a file, or two files in one: nothing of it is taken, and nobody is named."""
    with pytest.raises(UnusableFeedError, match=said) as caught:
        fixed(content)
    assert "Siti" not in str(caught.value)


def test_a_header_is_checked_too():
    """It may count the rows as well."""
    header = {"starts": "H", "count": [2, 3]}
    assert len(fixed(f"H001\n{SITI}\nT000001\n", header=header)[0]) == 1
    for first, said in (("", "does not begin with its header"), ("H002\n", "its H record says 2 rows")):
        with pytest.raises(UnusableFeedError, match=said):
            fixed(f"{first}{SITI}\nT000001\n", header=header)


def test_a_line_of_another_length_is_held_with_all_it_has():
    """One is short, one too long: problem rows beside the sound ones, under the keys they may have."""
    rows, _ = fixed(f"{SITI}\n{ANDRE[:-3]}\n{ANDRE}99\nT000003\n")
    assert [(row["_row"], row["_problem"]) for row in rows] == [
        ("1", None),
        ("2", "F-LENGTH"),
        ("3", "F-LENGTH"),
    ]
    assert json.loads(rows[1]["_fields"]) == [ANDRE[:-3]]
    assert json.loads(rows[1]["_keys"]) == [["3215010202880002"]]


def test_blanks_that_a_program_cut_off_may_be_agreed():
    """`trimmed`: a line may end after the start of its last column."""
    content = f"{SITI}\n{ANDRE[:28]}\nT000002\n"
    assert [row["_problem"] for row in fixed(content)[0]] == [None, "F-LENGTH"]
    assert [row["_problem"] for row in fixed(content, trimmed=True)[0]] == [None, None]


def test_places_may_be_bytes():
    """A UTF-8 program counts é as two: the columns behind it stand where it says."""
    line = b"3215010202880002" + "André".encode().ljust(10) + b"20260302"
    rows, _ = fixed(line + b"\nT000001\n", count="bytes", encoding="utf-8")
    assert (rows[0]["NAMA"], rows[0]["TGL"], rows[0]["_problem"]) == ("André", "20260302", None)
    assert fixed(line + b"\nT000001\n", encoding="utf-8")[0][0]["_problem"] == "F-LENGTH"


WORDS = st.text(st.sampled_from("abcXYZ019'.,;-éñÉ"), max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=6), st.booleans())
def test_what_is_written_is_read_back(rows, in_bytes):
    """Our own files of fixed width: the same rows, their trailer counted."""
    frame = pl.DataFrame(rows, dict.fromkeys(("NIK", "NAMA", "TGL"), pl.String), orient="row")
    options = {**FIXED.options, "encoding": "windows-1252", "count": "bytes" if in_bytes else "characters"}
    content = writers.write(frame, options)
    found = fixed(content, **options)[0]
    assert [tuple(row[name] or "" for name in WIDTHS) for row in found] == rows
    assert not [row for row in found if row["_problem"]]


def test_a_value_longer_than_its_place_stops_the_delivery_and_is_not_cut():
    """Its column is named; nobody is."""
    with pytest.raises(writers.Unwritable, match="A value of NAMA is longer than its 10 places") as caught:
        writers.write(pl.DataFrame({"NIK": ["1"], "NAMA": ["Siti Nurhaliza"], "TGL": [None]}), FIXED.options)
    assert "Siti" not in str(caught.value)


TYPES = {
    "TEKS": (pa.array(["Siti", "", None]), ["Siti", None, None]),
    "SANDI": (pa.array(["L", "P", None]).dictionary_encode(), ["L", "P", None]),
    "BULAT": (pa.array([7, -1, None], pa.int64()), ["7", "-1", None]),
    "UPAH": (pa.array([Decimal("4500000.50"), Decimal("0.00"), None]), ["4500000.5", "0", None]),
    "PECAHAN": (pa.array([4500000.0, 0.1, None]), ["4500000", "0.1", None]),
    "YA": (pa.array([True, False, None]), ["1", "0", None]),
    "TGL": (pa.array([date(2026, 3, 1), date(1960, 1, 1), None]), ["2026-03-01", "1960-01-01", None]),
    "SAAT": (
        pa.array([datetime.fromisoformat("2026-03-01 23:10:00.250"), None, None], pa.timestamp("ns")),
        ["2026-03-01 23:10:00.25", None, None],
    ),
    "UTC": (
        pa.array([datetime(2026, 3, 1, 23, 10, tzinfo=UTC), None, None], pa.timestamp("us", "Asia/Jakarta")),
        ["2026-03-01 23:10:00Z", None, None],
    ),
    "JAM": (pa.array([time(8, 15), None, None]), ["08:15:00", None, None]),
    "BITA": (pa.array([b"\x00\xff", None, None]), ["00ff", None, None]),
    "KOSONG": (pa.nulls(3), [None, None, None]),
}
PARQUET = FeedSource(
    "d", "d.p", "snapshot", tuple(TYPES), ("TEKS",), path="p.parquet", options={"format": "parquet"}
)


def parquet(table, source=PARQUET, **options):
    """The rows of a table that was written as Parquet."""
    content = io.BytesIO()
    pq.write_table(table, content, **options)
    reading = parquet_rows.read(source, Found("p.parquet", content.getvalue(), ""))
    return pa.concat_tables(reading.tables), reading


def test_every_type_comes_in_its_canonical_text():
    """Text as the other transports give it, across row groups; what nobody agreed is told."""
    table = pa.table({name: column for name, (column, _) in TYPES.items()} | {"IBU": ["Wati"] * 3})
    read, reading = parquet(table, row_group_size=2)
    assert {name: read[name].to_pylist() for name in TYPES} == {
        name: text for name, (_, text) in TYPES.items()
    }
    assert read["_row"].to_pylist() == ["1", "2", "3"]
    assert reading.others == ["IBU"]
    assert reading.stated["dialect"]["types"]["UPAH"] == "decimal128(9, 2)"


def test_a_nested_column_is_named():
    """A list in a cell has no one text; a nested column that nobody agreed is no trouble."""
    source = replace(PARQUET, columns=("TEKS", "ANAK"))
    table = pa.table({"TEKS": ["Siti"], "ANAK": [["Ali", "Budi"]]})
    with pytest.raises(UnusableFeedError, match="the column ANAK is nested") as caught:
        parquet(table, source)
    assert "Budi" not in str(caught.value)
    assert parquet(table, replace(PARQUET, columns=("TEKS",)))[0].num_rows == 1


def test_zero_rows_are_a_fact_and_damage_is_not():
    """A table without rows has its columns; a file that is cut or changed is not taken."""
    table = pa.table({name: column for name, (column, _) in TYPES.items()})
    assert parquet(table.slice(0, 0))[0].num_rows == 0
    content = io.BytesIO()
    pq.write_table(table, content)
    raw = content.getvalue()
    for damaged in (raw[:-9], b"PAR1", b"", b"NIK;NAMA\n"):
        with pytest.raises(UnusableFeedError, match="not a Parquet file"):
            parquet_rows.read(PARQUET, Found("p.parquet", damaged, ""))
    broken = bytearray(raw)
    broken[4:200] = bytes(196)
    with pytest.raises(UnusableFeedError, match="is damaged"):
        list(parquet_rows.read(PARQUET, Found("p.parquet", bytes(broken), "")).tables)
