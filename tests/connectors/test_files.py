"""CSV exports as offices really send them: in another encoding, cut, half-written, with stray marks."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.csv_not import _are_rows as swallows
from connectors.csv_rows import read as read_csv
from connectors.files import FilesConnector
from connectors.folder import Folder
from connectors.found import Found
from connectors.letters import LettersConnector
from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Window

COLUMNS = ("NIK", "NAMA", "TGL_PHK")
SOURCE = FeedSource(
    "dinas_3215", "dinas_3215.laporan_phk", "snapshot", COLUMNS, ("NIK",), path="laporan_phk*.csv",
    options={"delimiter": ";", "encoding": "windows-1252"},
)  # fmt: skip
HEADER = "NIK;NAMA;TGL_PHK\r\n"
SITI = "3215014101900001;Siti Nurhaliza;01/03/2026\r\n"
ANDRE = "3215010202880002;André;02/03/2026\r\n"


def read(text, encoding="windows-1252", declared=None):
    """The rows of a file with this text."""
    content = text if isinstance(text, bytes) else text.encode(encoding)
    options = {"delimiter": ";", "encoding": declared or encoding}
    source = FeedSource(**{**vars(SOURCE), "options": options})
    found = read_csv(source, Found("laporan_phk.csv", content, "0" * 64))
    return [row for table in found.tables for row in table.to_pylist()]


@pytest.fixture
def folder(tmp_path):
    """An export folder, and its connector."""
    return tmp_path, FilesConnector("dinas_3215", f"file://{tmp_path}")


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_name_is_read_in_the_agreed_encoding(encoding):
    """André is André in each of them, and a byte-order mark is no part of the first column's name."""
    rows = read(HEADER + SITI + ANDRE, encoding)
    assert [row["NAMA"] for row in rows] == ["Siti Nurhaliza", "André"]
    assert [row["_row"] for row in rows] == ["2", "3"]


@pytest.mark.parametrize(
    ("written", "declared", "said"),
    [
        ("utf-8", "windows-1252", "agreed is windows-1252, found is UTF-8"),
        ("utf-8-sig", "windows-1252", "found is UTF-8 with a byte-order mark"),
        ("windows-1252", "utf-8", "agreed is utf-8, found is perhaps windows-1252: line 3 cannot be read"),
        ("utf-16", "utf-8-sig", "found is UTF-16"),
        ("utf-16-le", "windows-1252", "found is UTF-16"),
        ("utf-8", "utf-9", "declares the encoding utf-9, which does not exist"),
    ],
)
def test_another_encoding_is_told_apart(written, declared, said):
    """AndrÃ© is nobody's name: the file is refused, with the encoding agreed and the one found."""
    with pytest.raises(UnusableFeedError, match=said) as caught:
        read(HEADER + SITI + ANDRE, written, declared)
    assert "Andr" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + SITI + "3215010202880002;And", "cut: its last row, 3, has 2 of 3 fields"),
        (HEADER + SITI + "321501", "cut: its last row, 3, has 1 of 3 fields"),
        (
            HEADER + SITI + '3215010202880002;"André;02/03/2026\r\n' + SITI,
            "quotation mark that is never closed",
        ),
        ("", "empty, without even a header"),
        (" \r\n", "empty, without even a header"),
        (
            "NIK;NAMA LENGKAP;TGL_PHK\r\n" + SITI,
            "not there: NAMA. Found instead, and not agreed: NAMA LENGKAP",
        ),
        ("NIK;NAMA;NAMA;TGL_PHK\r\n", "has the column NAMA twice"),
    ],
)
def test_a_file_that_is_not_whole_is_not_taken(text, said):
    """Cut in transfer, a header renamed, nothing at all: none of it is taken, and the reason is given."""
    with pytest.raises(UnusableFeedError, match=said) as caught:
        read(text)
    assert "321501" not in str(caught.value)


def test_a_file_cut_inside_a_letter_is_called_cut():
    """The last byte of é is missing: that is a cut, not another encoding."""
    with pytest.raises(UnusableFeedError, match="is cut"):
        read((HEADER + "3215010202880002;André").encode()[:-1], declared="utf-8")


def test_a_file_that_lost_its_header_gives_nobody_away():
    """The first row is then a worker, and the error must not repeat it."""
    with pytest.raises(UnusableFeedError) as caught:
        read(SITI + ANDRE)
    assert "Siti" not in str(caught.value)
    assert "3215014101900001" not in str(caught.value)


def test_a_header_alone_is_zero_rows():
    """Nobody was dismissed: a fact, with its columns."""
    assert read(HEADER) == []
    (table,) = read_csv(SOURCE, Found("laporan_phk.csv", HEADER.encode(), "")).tables
    assert table.column_names == [*COLUMNS, "_row", "_problem", "_fields", "_keys"]


def test_a_last_row_without_a_line_end_is_a_row():
    """Many programs write none; with all its fields the row is whole."""
    assert len(read((HEADER + SITI).rstrip())) == 1


def test_a_row_that_broke_is_kept_and_flagged():
    """A semicolon inside a name, a field that is missing: two problem rows beside the sound ones."""
    ali, budi = "3215010202880002;Ali; S.H.;02/03/2026\r\n", "3215010303770003;Budi\r\n"
    rows = read(HEADER + SITI + ali + budi + ANDRE)
    assert [(row["_row"], row["_problem"]) for row in rows] == [
        ("2", None), ("5", None), ("3", "F-FIELDS"), ("4", "F-FIELDS"),
    ]  # fmt: skip
    assert json.loads(rows[2]["_fields"]) == ["3215010202880002", "Ali", " S.H.", "02/03/2026"]
    assert ["3215010202880002"] in json.loads(rows[2]["_keys"])
    assert rows[3]["NIK"] == "3215010303770003"
    assert rows[3]["TGL_PHK"] is None


def test_rows_swallowed_by_a_quotation_mark_are_each_kept():
    """A stray mark joins three lines to one; each of them is a problem row again, with its possible key."""
    rows = read(
        HEADER + '3215010202880002;"Ali;02/03/2026\r\n' + ANDRE + '3215010303770003;Budi";X;1/1/2026\r\n'
    )
    assert [row["_problem"] for row in rows] == ["F-FIELDS"] * 3
    possible = {key[0] for row in rows for key in json.loads(row["_keys"])}
    assert {"3215010202880002", "3215010303770003"} <= possible


def test_columns_nobody_agreed_are_left_out_and_told(folder):
    """The office adds the mother's name: it never enters, and the manifest says that the column is there."""
    path, connector = folder
    (path / "laporan_phk.csv").write_text("NIK;IBU;NAMA;TGL_PHK\n1;Wati;Siti;01/03/2026\n", "windows-1252")
    (table,) = connector.pull(SOURCE, Window(None, None))
    assert "IBU" not in table.column_names
    assert "Wati" not in str(table.to_pylist())
    about = json.loads(table.schema.metadata[b"jendela"])
    assert about["extra_columns"] == ["IBU"]
    assert about["files"][0]["name"] == "laporan_phk.csv"


def test_no_file_is_no_data_and_is_looked_for_again(folder):
    """Not zero rows; perhaps the office exports later tonight. A half-written file does not count."""
    path, connector = folder
    (path / "laporan_phk.csv.part").write_text(HEADER)
    (path / "laporan_phk.tmp").write_text(HEADER)
    with pytest.raises(UnreachableError, match="no data tonight, which is not zero rows"):
        connector.check(SOURCE)


def test_which_of_several_files_is_never_guessed(folder):
    """Two exports match: the newest, or two halves? The mapping must say."""
    path, connector = folder
    for day, row in (("01", SITI), ("02", ANDRE)):
        (path / f"laporan_phk_2026-03-{day}.csv").write_text(HEADER + row, "windows-1252")
    with pytest.raises(UnusableFeedError, match="2 files match"):
        connector.check(SOURCE)

    def names(take):
        source = FeedSource(**{**vars(SOURCE), "options": {**SOURCE.options, "take": take}})
        return [
            row["NAMA"] for table in connector.pull(source, Window(None, None)) for row in table.to_pylist()
        ]

    assert names("last") == ["André"]
    assert names("all") == ["Siti Nurhaliza", "André"]


def test_the_last_of_days_written_as_people_write_them(folder):
    """By the alphabet the thirtieth of September would be read for ever; without an agreement nothing is."""
    path, connector = folder
    for day, row in (("30-09-2026", SITI), ("01-10-2026", ANDRE)):
        (path / f"laporan_phk {day}.csv").write_text(HEADER + row, "windows-1252")
    taken = FeedSource(**{**vars(SOURCE), "options": {**SOURCE.options, "take": "last"}})
    with pytest.raises(UnusableFeedError, match="which is the last their names do not say") as caught:
        connector.check(taken)
    assert "{DD}-{MM}-{YYYY}" in str(caught.value)
    agreed = FeedSource(**{**vars(taken), "options": {**taken.options, "named": "{DD}-{MM}-{YYYY}"}})
    (table,) = connector.pull(agreed, Window(None, None))
    assert (table["NAMA"].to_pylist(), table["_name"][0].as_py()) == (["André"], "laporan_phk 01-10-2026.csv")


def test_a_file_somebody_is_writing_is_left_alone(folder, monkeypatch):
    """It grows while we read it: a snapshot is tried again, a letter is taken another night."""
    path, connector = folder
    (path / "laporan_phk.csv").write_text(HEADER + SITI, "windows-1252")
    connector.check(SOURCE)
    filesystem = connector._folder._opened.fs
    read_whole = filesystem.cat_file

    def grows(name):
        content = read_whole(name)
        with (path / "laporan_phk.csv").open("a") as file:
            file.write(ANDRE)
        return content

    monkeypatch.setattr(filesystem, "cat_file", grows)
    with pytest.raises(UnreachableError, match="still being written"):
        connector.check(SOURCE)
    monkeypatch.setattr(filesystem, "cat", lambda paths, **_: {path: grows(path) for path in paths})
    assert list(connector.documents(SOURCE, frozenset())) == []


def test_letters_are_taken_once_by_name_and_content(tmp_path):
    """A letter seen before is not taken again; the same name with other content is a new letter."""
    connector = LettersConnector("dinas_6471", f"file://{tmp_path}")
    source = FeedSource("dinas_6471", "dinas_6471.surat", "drop", ("NIK",), ("NIK",), path="*.xml")
    assert list(connector.documents(source, frozenset())) == []
    for name, text in (("a.xml", "<a/>"), ("b.xml", "<b/>"), ("c.xml.part", "<c"), (".d.xml", "<d/>")):
        (tmp_path / name).write_text(text)
    first = list(connector.documents(source, frozenset()))
    assert [document.name for document in first] == ["a.xml", "b.xml"]
    seen = frozenset(
        (one.name, Folder("d", f"file://{tmp_path}").read("f", one.name).sha256) for one in first
    )
    assert list(connector.documents(source, seen)) == []
    (tmp_path / "b.xml").write_text("<b ralat='1'/>")
    assert [document.content for document in connector.documents(source, seen)] == [b"<b ralat='1'/>"]
    connector.check(source)
    for attempt in (lambda: connector.pull(source, Window(None, None)), lambda: connector.keys(source)):
        with pytest.raises(UnusableFeedError, match="no rows of its own"):
            attempt()


def test_a_delivery_appears_whole_with_its_digest_and_announcement(files_agency_csv, tmp_path):
    """The agency's job reads the announcement last: what it names is there, and zero rows are said too."""
    import hashlib

    files_agency_csv.connector.announce(files_agency_csv.outgoing, "2026-03-03", 0)
    name = "jdl_surat_2026-03-03_bpjs"
    content = (tmp_path / f"{name}.csv").read_bytes()
    assert content.decode() == "delivery_id;verb;night;recipient;KPJ;NO_SURAT\n"
    assert (tmp_path / f"{name}.csv.sha256").read_text().split() == [
        hashlib.sha256(content).hexdigest(),
        f"{name}.csv",
    ]
    announced = (tmp_path / f"{name}.announce.csv").read_text()
    assert announced == "recipient;delivery;night;row_count\nbpjs;letters;2026-03-03;0\n"
    assert not list(tmp_path.glob("*.tmp"))


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_reason(content):
    """Whatever an office sends: rows, or an error that names the feed and never quotes the file."""
    try:
        rows = read(HEADER.encode() + content, declared="utf-8")
    except FeedError as error:
        rows = [{"_row": error.feed}]
    assert all(row["_row"] for row in rows)


def said(row):
    """Whether a row says something, and none of its texts has whole rows in it."""
    whole = any(swallows(cell, at, len(row), ";") for at, cell in enumerate(row) if "\n" in cell)
    return any(cell.strip() for cell in row) and not whole


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=9)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(said)))
def test_what_is_quoted_properly_is_read_back(rows):
    """Semicolons, line ends and quotation marks inside a field are no trouble once they are quoted."""
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = read("\n".join([HEADER.strip(), *lines, ""]), "utf-8")
    assert [row["_problem"] for row in found] == [None] * len(rows)
    assert [tuple(row[name] or "" for name in COLUMNS) for row in found] == rows


def test_what_surrounds_a_table_is_no_row():
    """Empty lines above the header, and the mark with which DOS programs end a file."""
    assert [row["NAMA"] for row in read("\r\n\r\n" + HEADER + SITI + "\x1a")] == ["Siti Nurhaliza"]


def test_a_row_of_any_length_that_broke_is_kept():
    """Longer than Python's own reader takes."""
    rows = read(HEADER + '"' + "x" * 200_000 + '";1;2;3;4;5\n' + SITI)
    assert sorted(row["_problem"] or "" for row in rows) == ["", "F-FIELDS"]


def test_a_folder_may_have_any_name(tmp_path):
    """Brackets in it are no pattern."""
    (tmp_path / "Data [2026]").mkdir()
    (tmp_path / "Data [2026]" / "laporan_phk.csv").write_text(HEADER + SITI, encoding="windows-1252")
    connector = FilesConnector("dinas_3215", f"file://{tmp_path}/Data [2026]")
    assert sum(table.num_rows for table in connector.pull(SOURCE, Window(None, None))) == 1


def test_whoever_writes_into_the_folder_does_not_read_with_our_account(folder):
    """A link to another office's file is no file of this one; a link within the folder is."""
    place, _ = folder
    (place / "lain").mkdir()
    (place / "lain" / "laporan_phk.csv").write_text(HEADER + ANDRE, encoding="windows-1252")
    office = place / "dinas"
    office.mkdir()
    (office / "laporan_phk.csv").symlink_to(place / "lain" / "laporan_phk.csv")
    connector = FilesConnector("dinas_3215", f"file://{office}")
    with pytest.raises(UnreachableError, match="No finished file"):
        list(connector.pull(SOURCE, Window(None, None)))
    (office / "laporan_phk.csv").unlink()
    (office / "ekspor.csv").write_text(HEADER + SITI, encoding="windows-1252")
    (office / "laporan_phk.csv").symlink_to("ekspor.csv")
    assert sum(table.num_rows for table in connector.pull(SOURCE, Window(None, None))) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_folder_does_not_hold_the_night_up(folder):
    """Whoever reads it would wait for ever: it is no file, and neither is a digest that is one."""
    place, connector = folder
    os.mkfifo(place / "surat.xml")
    (place / "laporan_phk.csv").write_text(HEADER + SITI, encoding="windows-1252")
    os.mkfifo(place / "laporan_phk.csv.sha256")
    drop = FeedSource("dinas_3215", "dinas_3215.surat", "drop", (), (), path="*.xml")
    assert list(connector.documents(drop, frozenset())) == []
    assert sum(table.num_rows for table in connector.pull(SOURCE, Window(None, None))) == 1


def test_names_in_capitals_are_read_too(tmp_path):
    """A DOS program drops `SURAT.XML`: unread, it would be lost, and nobody told."""
    for name in ("SURAT.XML", "surat2.xml", "SURAT3.XML.PART", "x.txt"):
        (tmp_path / name).write_bytes(b"<surat/>")
    letters = FeedSource("d", "d.surat", "drop", (), (), path="[Ss]urat*.xml")
    everything = replace(letters, path="*.xml")
    connector = LettersConnector("d", tmp_path.as_uri())
    assert [one.name for one in connector.documents(everything, ())] == ["SURAT.XML", "surat2.xml"]
    assert [one.name for one in connector.documents(letters, ())] == ["SURAT.XML", "surat2.xml"]
    (tmp_path / "LAPORAN_PHK.CSV").write_text(HEADER + SITI)
    (table,) = FilesConnector("d", tmp_path.as_uri()).pull(SOURCE, Window(None, None))
    assert table["_name"].to_pylist() == ["LAPORAN_PHK.CSV"]
