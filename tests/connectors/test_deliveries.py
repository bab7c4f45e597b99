"""Deliveries as files: whole, in the office's own format, and no letter of a name lost to its encoding."""

from __future__ import annotations

import csv
import errno
import hashlib
import io

import polars as pl
import pyarrow as pa
import pytest
import sqlalchemy as sa
from fsspec.implementations.local import LocalFileSystem
from hypothesis import given
from hypothesis import strategies as st

from connectors.files import FilesConnector
from connectors.letters_lacking import fitted, substitute
from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.connectors.agency import outgoing
from tests.connectors.sql_agency import AGENCIES

NIGHT = "2026-03-02"
STEM = f"jdl_surat_{NIGHT}_bpjs"


def rows(*letters):
    """A delivery of these values in NO_SURAT."""
    count = len(letters)
    return pa.table(
        {
            "delivery_id": [f"d{number}" for number in range(count)],
            "verb": ["upsert"] * count,
            "night": [NIGHT] * count,
            "recipient": ["bpjs"] * count,
            "KPJ": ["12345678901"] * count,
            "NO_SURAT": pa.array(letters, pa.string()),
        }
    )


@pytest.fixture
def inbox(tmp_path):
    """An inbox folder and its connector."""
    return tmp_path, FilesConnector("bpjs", f"file://{tmp_path}")


def test_a_letter_that_the_encoding_lacks_is_written_and_told(inbox):
    """Curly quotes, Ā and 中 on their way to ASCII: nothing becomes `?`, all of it is noted."""
    path, connector = inbox
    to = outgoing(encoding="ascii")
    connector.deliver(to, rows("Ma\u2019ruf \u0100li", "\u4e2d", "plain"))
    connector.deliver(to, rows("Ma\u2019ruf \u0100li", "\u4e2d", "plain", "\u00e9"))
    content = (path / f"{STEM}.csv").read_bytes()
    read = list(csv.DictReader(io.StringIO(content.decode("ascii"))))
    assert [row["NO_SURAT"] for row in read] == ["Ma'ruf Ali", "{U+4E2D}", "plain", "e"]
    noted = list(csv.DictReader(io.StringIO((path / f"{STEM}.letters.csv").read_text())))
    assert [tuple(row.values()) for row in noted] == [
        ("d0", "NO_SURAT", "U+2019", "'"),
        ("d0", "NO_SURAT", "U+0100", "A"),
        ("d1", "NO_SURAT", "U+4E2D", "{U+4E2D}"),
        ("d3", "NO_SURAT", "U+00E9", "e"),
    ]


def test_an_encoding_that_has_every_letter_notes_nothing(inbox):
    """UTF-8, XLSX and Parquet take all."""
    path, connector = inbox
    for options in ({}, {"format": "xlsx"}, {"format": "parquet"}):
        connector.deliver(outgoing(**options), rows("中 Ā"))
    assert not list(path.glob("*.letters.csv"))


@given(st.text(max_size=20), st.sampled_from(["ascii", "windows-1252", "cp850", "latin-1"]))
def test_every_text_can_be_written_in_every_encoding(text, encoding):
    """What fits stays as it is; what does not is replaced by something that fits, and never by `?`."""
    frame = pl.DataFrame({"delivery_id": ["d1"], "NAMA": [text]})
    written, notes = fitted(frame, encoding)
    out = written["NAMA"][0]
    assert out.encode(encoding).decode(encoding) == out
    assert out.count("?") <= text.count("?") + sum("?" in substitute(one, encoding) for one in set(text))
    kept = [letter for letter in text if letter not in {chr(int(n[2:], 16)) for n in notes["letter"]}]
    assert all(letter in out for letter in kept)


def test_digest_and_announcement_are_of_the_file_itself(inbox):
    """In every format: the digest is there before the file, the announcement after it."""
    path, connector = inbox
    for options in ({}, {"format": "xlsx"}, {"format": "parquet"}):
        to = outgoing(f"jdl_{options.get('format', 'csv')}", **options)
        connector.deliver(to, rows("7/PHK"))
        connector.announce(to, NIGHT, 1)
        ending = options.get("format", "csv")
        file = path / f"jdl_{ending}_{NIGHT}_bpjs.{ending}"
        said = (path / f"{file.name}.sha256").read_text().split()
        assert said == [hashlib.sha256(file.read_bytes()).hexdigest(), file.name]
        assert (path / f"jdl_{ending}_{NIGHT}_bpjs.announce.csv").read_text().splitlines()[1] == (
            f"bpjs,letters,{NIGHT},1"
        )


def test_a_night_that_died_between_digest_and_file_is_finished_by_the_next_try(inbox, monkeypatch):
    """The old rows are still there although the digest is already the new one's; nothing is twice."""
    path, connector = inbox
    connector.deliver(outgoing(), rows("a"))
    rename = LocalFileSystem.mv

    def dies(self, path, to, **options):
        if to.endswith(".csv"):
            raise KeyboardInterrupt
        rename(self, path, to, **options)

    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "mv", dies)
        with pytest.raises(KeyboardInterrupt):
            connector.deliver(outgoing(), rows("a", "b"))
    assert connector.deliver(outgoing(), rows("a", "b")) == 1
    read = list(csv.DictReader(io.StringIO((path / f"{STEM}.csv").read_text())))
    assert [row["delivery_id"] for row in read] == ["d0", "d1"]


def test_a_sheet_says_text_and_never_calculates(inbox):
    """A NIK keeps its sixteen digits, and a letter number that begins with = is no formula."""
    import fastexcel

    path, connector = inbox
    connector.deliver(outgoing(format="xlsx", sheet="Surat"), rows("=1+1", "3215014101900001", "_x0041_"))
    sheet = fastexcel.read_excel(str(path / f"{STEM}.xlsx")).load_sheet("Surat", dtypes="string")
    assert [row["NO_SURAT"] for row in sheet.to_arrow().to_pylist()][:2] == ["=1+1", "3215014101900001"]
    assert connector.deliver(outgoing(format="xlsx", sheet="Surat"), rows("=1+1", "x", "y")) == 0


def test_an_answer_that_is_half_there_counts_another_night(inbox):
    """The office's job puts a digest beside its answers, and is not done yet."""
    path, connector = inbox
    connector.deliver(outgoing(), rows("a"))
    answer = path / f"{STEM}.ack.csv"
    answer.write_text("delivery_id,ack_status,ack_at,ack_reason\nd0,DITERIMA,2026-03-02,\n")
    (path / f"{answer.name}.sha256").write_text("0" * 64)
    assert connector.acknowledgements(outgoing(), ["d0"]).num_rows == 0
    (path / f"{answer.name}.sha256").write_text(hashlib.sha256(answer.read_bytes()).hexdigest())
    assert connector.acknowledgements(outgoing(), ["d0"]).num_rows == 1


def test_a_value_that_does_not_fit_its_places_is_the_deliverys_error(inbox):
    """Never cut: the column is named, and nothing was written."""
    path, connector = inbox
    widths = {"delivery_id": [1, 4], "verb": [5, 8], "night": [13, 10], "recipient": [23, 4]}
    to = outgoing(format="fixed", widths=widths | {"KPJ": [27, 11], "NO_SURAT": [38, 5]})
    with pytest.raises(UnusableFeedError, match="NO_SURAT is longer than its 5 places") as caught:
        connector.deliver(to, rows("7/PHK/III/2026"))
    assert "PHK/III" not in str(caught.value)
    assert not list(path.iterdir())


@pytest.mark.servers
def test_one_nul_does_not_keep_a_whole_delivery_back(postgres_agency):
    """PostgreSQL refuses a batch for it, every night anew; it is no letter of anybody's name."""
    to = postgres_agency.outgoing
    sent = rows("7\0/PHK", "8/PHK")
    assert postgres_agency.connector.deliver(to, sent) == 2
    assert [row["NO_SURAT"] for row in postgres_agency.delivered()] == ["7/PHK", "8/PHK"]


def test_a_full_disk_leaves_the_old_file_with_its_digest_and_nothing_half_written(inbox, monkeypatch):
    """The office can go on with what it has; what did not fit comes the next night."""
    path, connector = inbox
    connector.deliver(outgoing(), rows("a"))
    put = LocalFileSystem.pipe_file

    def full(self, file, content, **options):
        put(self, file, content[:10], **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "pipe_file", full)
        with pytest.raises(UnreachableError):
            connector.deliver(outgoing(), rows("a", "b"))
    assert sorted(file.name for file in path.iterdir()) == [f"{STEM}.csv", f"{STEM}.csv.sha256"]
    said = (path / f"{STEM}.csv.sha256").read_text().split()[0]
    assert said == hashlib.sha256((path / f"{STEM}.csv").read_bytes()).hexdigest()
    assert connector.deliver(outgoing(), rows("a", "b")) == 1


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_locked_inbox_is_waited_for_a_while_and_not_for_ever(kind, tmp_path, monkeypatch):
    """The agency's own program holds the table: the night goes on, and tries again."""
    monkeypatch.setattr("connectors.sql_engines.LOCKED_SECONDS", 1)
    lock = {
        "postgresql": "LOCK TABLE {surat} IN ACCESS EXCLUSIVE MODE",
        "mariadb": "LOCK TABLES {surat} WRITE",
    }
    name = {"postgresql": "postgres"}.get(kind, kind)
    with AGENCIES[name](tmp_path) as agency:
        engine = sa.create_engine(agency.connector._url, poolclass=sa.NullPool)
        with engine.connect() as holder:
            holder.exec_driver_sql(lock[kind].format(surat=agency.outgoing.target))
            with pytest.raises(UnreachableError):
                agency.connector.deliver(agency.outgoing, rows("7/PHK"))
        assert agency.connector.deliver(agency.outgoing, rows("7/PHK")) == 1
