"""A large file of an office: read block by block, as if at once; one that is too large is refused unread."""

from __future__ import annotations

import gc
from dataclasses import replace

import pyarrow as pa
import pytest

from connectors import csv_rows, folder
from connectors.files import FilesConnector
from connectors.letters import LettersConnector
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

SOURCE = FeedSource("d", "d.laporan", "snapshot", ("NIK", "NAMA"), ("NIK",), path="laporan.csv")


def taken(path):
    """All rows of the extract."""
    return pa.concat_tables(FilesConnector("d", path.as_uri()).pull(SOURCE, Window(None, None)))


def written(path, rows):
    """An extract with texts over several lines and every hundredth row a field short."""
    lines = ["NIK,ALAMAT,NAMA"]
    for number in range(rows):
        text = f'"Jalan {number}\n RT ""01"", RW 02"'
        lines.append(f"{number}" if number % 100 == 7 else f"{number},{text},Siti {number}")
    (path / "laporan.csv").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("block", [600, 4096, 1 << 25])
def test_blocks_are_not_seen_in_the_rows(tmp_path, monkeypatch, block):
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
def test_a_file_that_is_not_whole_is_not_taken_by_blocks_either(tmp_path, monkeypatch, tail):
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
    """It says how large it is and what to ask for; the night's memory is not its own."""
    written(tmp_path, 1_000)
    monkeypatch.setattr(folder, "LARGEST", 10_000)
    with pytest.raises(UnusableFeedError, match="GiB"):
        taken(tmp_path)
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
