"""A large file of an office: read block by block, as if at once; one that is too large is refused unread."""

from __future__ import annotations

import gc
import hashlib
import json
import tracemalloc
from dataclasses import replace

import pyarrow as pa
import pytest

from connectors import csv_rows, folder
from connectors.files import FilesConnector
from connectors.letters import LettersConnector
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Window

SOURCE = FeedSource("d", "d.laporan", "snapshot", ("NIK", "NAMA"), ("NIK",), path="laporan.csv")


def taken(path, options=None):
    """All rows of the extract."""
    source = replace(SOURCE, options=options or {})
    return pa.concat_tables(FilesConnector("d", path.as_uri()).pull(source, Window(None, None)))


@pytest.fixture(params=["held", "by blocks"])
def reads(request, monkeypatch):
    """A file in memory, and one that is read by blocks of an odd size."""
    if request.param == "by blocks":
        monkeypatch.setattr(folder, "HELD", 10)
        monkeypatch.setattr(folder, "BLOCK", 997)
    return request.param


def written(path, rows):
    """An extract with texts over several lines and every hundredth row a field short."""
    lines = ["NIK,ALAMAT,NAMA"]
    for number in range(rows):
        text = f'"Jalan {number}\n RT ""01"", RW 02"'
        lines.append(f"{number}" if number % 100 == 7 else f"{number},{text},Siti {number}")
    (path / "laporan.csv").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("block", [600, 4096, 1 << 25])
def test_blocks_are_not_seen_in_the_rows(tmp_path, monkeypatch, reads, block):
    """Row numbers, rows that cannot be told apart, and line ends within texts: whatever the block's size."""
    monkeypatch.setattr(csv_rows, "BLOCK", block)
    written(tmp_path, 1_000)
    rows = taken(tmp_path).select(["NIK", "NAMA", "_row", "_problem"]).to_pylist()
    assert sorted(int(row["_row"]) for row in rows) == list(range(2, 1_002))
    for row in rows:
        number = int(row["_row"]) - 2
        short = number % 100 == 7
        assert row["NIK"] == str(number)
        assert row["NAMA"] == (None if short else f"Siti {number}")
        assert row["_problem"] == ("F-FIELDS" if short else None)


@pytest.mark.parametrize("tail", ['9,"Jalan,Siti\n', "9,Jalan"], ids=["open quotation mark", "cut"])
def test_a_file_that_is_not_whole_is_not_taken_by_blocks_either(tmp_path, monkeypatch, reads, tail):
    """It is known at its end alone: then none of its rows counts."""
    monkeypatch.setattr(csv_rows, "BLOCK", 600)
    written(tmp_path, 200)
    with (tmp_path / "laporan.csv").open("a", encoding="utf-8") as file:
        file.write(tail)
    with pytest.raises(UnusableFeedError, match=r"cut|never closed"):
        taken(tmp_path)


def test_memory_does_not_follow_the_rows(tmp_path, monkeypatch):
    """Beside the file itself there are some blocks of rows, however many rows it has."""
    monkeypatch.setattr(csv_rows, "BLOCK", 1 << 18)
    written(tmp_path, 200_000)
    gc.collect()
    pool = pa.system_memory_pool()
    before, default = pool.bytes_allocated(), pa.default_memory_pool()
    pa.set_memory_pool(pool)
    try:
        most = 0
        for table in FilesConnector("d", tmp_path.as_uri()).pull(SOURCE, Window(None, None)):
            most = max(most, pool.bytes_allocated() - before)
            del table
    finally:
        pa.set_memory_pool(default)
    assert most < (tmp_path / "laporan.csv").stat().st_size / 4


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    """It says how large it is and what to ask for; the night's memory is not its own. No CSV is too large."""
    written(tmp_path, 1_000)
    monkeypatch.setattr(folder, "LARGEST", 10_000)
    monkeypatch.setattr(folder, "HELD", 5_000)
    assert taken(tmp_path).num_rows == 1_000
    for options in ({"format": "fixed", "widths": {"NIK": [1, 2], "NAMA": [3, 4]}}, {"format": "parquet"}):
        with pytest.raises(UnusableFeedError, match="GiB"):
            taken(tmp_path, options)
    with pytest.raises(UnusableFeedError, match="GiB"):
        list(FilesConnector("d", tmp_path.as_uri()).documents(SOURCE, ()))


def test_of_a_letter_that_is_too_large_the_name_is_not_told(tmp_path, monkeypatch):
    """Such a name may be a person's, and errors go into receipts, reports and logs: its place says which."""
    (tmp_path / "A.xml").write_bytes(b"x")
    (tmp_path / "PHK_SITI_AMINAH_6471014502900003.xml").write_bytes(b"x" * 20_000)
    monkeypatch.setattr(folder, "LARGEST", 10_000)
    letters = replace(SOURCE, mode="drop", path="*.xml")
    with pytest.raises(UnusableFeedError, match="File 2 of 2, in order of their names, has") as refused:
        list(LettersConnector("d", tmp_path.as_uri()).documents(letters, ()))
    assert "SITI" not in str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_a_stream_says_of_itself_what_a_held_file_says(tmp_path, reads, encoding, found):
    """Encoding, dialect, digest, size and every letter, whatever lies over the end of a block."""
    lines = "".join(f"{number};Jalan Dé {number};Siti Zoë {number}\r\n" for number in range(2_000))
    content = f"sep=;\r\nNIK;ALAMAT;NAMA\r\n{lines}\x1a\x1a".encode(encoding)
    (tmp_path / "laporan.csv").write_bytes(content)
    table = taken(tmp_path)
    assert table["NAMA"].to_pylist() == [f"Siti Zoë {number}" for number in range(2_000)]
    (about,) = json.loads(table.schema.metadata[b"jendela"])["files"] if table.schema.metadata else [None]
    if about is None:
        (about,) = FilesConnector("d", tmp_path.as_uri()).stated(SOURCE)
    assert (about["bytes"], about["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (about["dialect"]["encoding"], about["dialect"]["delimiter"]) == (found, ";")


@pytest.mark.parametrize(
    ("declared", "spoilt", "reason"),
    [
        ("utf-8", b"\xe9", "windows-1252: line 1503 cannot be read"),
        (None, b"a\x81b", "DOS code page"),
        ("windows-1252", "é".encode(), "found is UTF-8"),
        ("utf-8", b"\xc3", "line 1503 cannot be read"),
    ],
)
def test_what_is_wrong_far_down_names_its_line(tmp_path, reads, declared, spoilt, reason):
    """It is seen when the reader comes there: an error, and nothing of the file counts."""
    lines = [f"{number};Siti".encode() for number in range(3_000)]
    lines[1_501] = b"9;" + spoilt
    (tmp_path / "laporan.csv").write_bytes(b"\n".join([b"NIK;NAMA", *lines, b""]))
    with pytest.raises(UnusableFeedError, match=reason):
        taken(tmp_path, {"encoding": declared} if declared else {})


def test_a_stream_that_changes_between_two_readings_is_not_taken(tmp_path, monkeypatch):
    """The digest of what became rows is that of the file that was looked at, or nothing counts tonight."""
    monkeypatch.setattr(folder, "HELD", 10)
    monkeypatch.setattr(folder, "BLOCK", 997)
    written(tmp_path, 500)
    tables = FilesConnector("d", tmp_path.as_uri())._snapshot(SOURCE)
    file = next(tables)
    content = (tmp_path / "laporan.csv").read_bytes()
    (tmp_path / "laporan.csv").write_bytes(content.replace(b"Siti 3", b"Budi 3"))
    with pytest.raises(UnreachableError, match="changes while it is read"):
        list(csv_rows.read(SOURCE, file).tables)
    (tmp_path / "laporan.csv").unlink()
    with pytest.raises(UnreachableError, match="does not answer"):
        csv_rows.read(SOURCE, file)


def test_a_stream_that_does_not_keep_its_digest_is_left_alone(tmp_path, monkeypatch):
    """As a file in memory."""
    monkeypatch.setattr(folder, "HELD", 10)
    written(tmp_path, 100)
    (tmp_path / "laporan.csv.sha256").write_text("0" * 64)
    with pytest.raises(UnreachableError, match="still being written"):
        taken(tmp_path)


def test_memory_does_not_follow_a_stream(tmp_path, monkeypatch):
    """Not even the file itself is in it."""
    monkeypatch.setattr(csv_rows, "BLOCK", 1 << 16)  # Arrow reads some thirty ahead
    monkeypatch.setattr(folder, "HELD", 10)
    monkeypatch.setattr(folder, "BLOCK", 1 << 16)
    lines = "".join(f"{number};Siti Nurhaliza binti Tarudin\n" for number in range(200_000))
    (tmp_path / "laporan.csv").write_text(f"NIK;NAMA\n{lines}")
    tracemalloc.start()
    try:
        for table in FilesConnector("d", tmp_path.as_uri()).pull(SOURCE, Window(None, None)):
            del table
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(lines) / 2
