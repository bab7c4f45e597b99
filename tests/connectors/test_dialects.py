"""CSV whose dialect the mapping leaves open: found and stated, or an error that says what to write."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from connectors.csv_rows import read
from connectors.found import Found
from jendela.model.errors import FeedError, UnusableFeedError
from jendela.model.ports import FeedSource

COLUMNS = ("NIK", "NAMA", "TGL_PHK")
OPEN = FeedSource("d", "d.laporan", "snapshot", COLUMNS, ("NIK",), path="laporan.csv")
ROWS = [
    ("3215014101900001", "Siti Nurhaliza, S.H.", "01/03/2026"),
    ("3215010202880002", "André", "02/03/2026"),
]


def write(rows, encoding="utf-8", delimiter=",", quote='"', end="\r\n", quoting=csv.QUOTE_MINIMAL):
    """The rows under their header, as some program writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator=end, quoting=quoting).writerows(
        [COLUMNS, *rows]
    )
    return text.getvalue().encode(encoding)


def found(content, **options):
    """The rows, and the dialect stated."""
    reading = read(replace(OPEN, options=options), Found("laporan.csv", content, ""))
    rows = [tuple(row[name] for name in COLUMNS) for table in reading.tables for row in table.to_pylist()]
    return rows, reading.stated["dialect"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "pipe"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "latin-1"]
)
def test_every_usual_dialect_is_found(encoding, delimiter, end):
    """The same two workers, whatever program exported them; what was found is stated."""
    rows, dialect = found(write(ROWS, encoding, delimiter, end=end))
    assert rows == ROWS
    assert dialect["delimiter"] == {"\t": "tab"}.get(delimiter, delimiter)
    assert dialect["encoding"] == {"latin-1": "windows-1252"}.get(encoding, encoding)
    assert dialect["line_end"] == {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}[end]
    assert dialect["detected"] == ["encoding", "delimiter", "quote"]


def test_apostrophes_quote_where_the_header_says_so():
    """Everything between apostrophes, and Ma'ruf's own doubled."""
    rows, dialect = found(write([("1", "Ma'ruf, S.H.", "x")], quote="'", quoting=csv.QUOTE_ALL))
    assert rows == [("1", "Ma'ruf, S.H.", "x")]
    assert dialect["quote"] == "'"


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ("NIK;NAMA;TGL_PHK\n1;Mu\xf1oz;x\n".encode("cp850"), "Write options.encoding"),
        (b"NIK;NAMA;TGL_PHK\n1;M\x81ller;x\n", "Write options.encoding"),
        (b"NIK;NAMA;TGL_PHK\n1;'Ali';x\n", "Write options.quote"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_guessed(content, remedy):
    """Muñoz of a DOS program is no Mu¤oz; 'Ali' may be quoted or not: the mapping has to say."""
    with pytest.raises(UnusableFeedError) as caught:
        found(content)
    assert remedy in caught.value.remedy
    assert "Ali" not in str(caught.value)


def test_a_single_column_needs_a_delimiter_only_where_its_rows_have_one():
    """A list of NIK is read; a list of names with commas is asked about."""
    one = replace(OPEN, columns=("NAMA",), key=("NAMA",))
    table = next(read(one, Found("nama.csv", b"NAMA\nSiti\n", "")).tables)
    assert table["NAMA"].to_pylist() == ["Siti"]
    with pytest.raises(UnusableFeedError, match="does not show by what its columns are parted"):
        read(one, Found("nama.csv", b"NAMA\nSiti, S.H.\n", ""))


def test_a_file_in_another_delimiter_than_agreed_is_told():
    """The office changed its program; the mapping still says semicolons."""
    with pytest.raises(UnusableFeedError, match="the delimiter agreed is ;, found is ,"):
        found(write(ROWS), delimiter=";")


def test_what_is_agreed_is_not_found_out():
    """A stated dialect stays stated."""
    _, dialect = found(write(ROWS, delimiter=";"), delimiter=";", encoding="utf-8", quote='"')
    assert dialect["detected"] == []


@given(st.binary(max_size=300))
@example(b"NIK,NAMA,TGL_PHK\n\xff\xfe")
def test_any_bytes_are_rows_or_a_reason(content):
    """Nothing that an office sends escapes as another error."""
    for whole in (content, b"NIK;NAMA;TGL_PHK\n" + content):
        try:
            rows, _ = found(whole)
        except FeedError:
            continue
        assert all(len(row) == 3 for row in rows)


LETTERS = st.text(st.characters(codec="windows-1252", exclude_categories=("Cc",)), min_size=1, max_size=9)


@given(
    st.lists(st.tuples(LETTERS, LETTERS, LETTERS), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
)
def test_a_dialect_is_found_rightly_or_asked_about(rows, delimiter, encoding):
    """Whatever stands in the fields: the rows are as written, or the mapping is to say more; never others."""
    assume(all(cell.strip() == cell for row in rows for cell in row))
    try:
        read_back, dialect = found(write(rows, encoding, delimiter, quoting=csv.QUOTE_ALL))
    except UnusableFeedError as error:
        event(error.remedy)
        return
    assert dialect["delimiter"] == {"\t": "tab"}.get(delimiter, delimiter)
    if dialect["encoding"] == encoding:
        assert read_back == rows
    else:
        # Only what is valid UTF-8 by chance, or plain ASCII, is taken for another encoding.
        content = write(rows, encoding, delimiter, quoting=csv.QUOTE_ALL)
        assert content.decode(dialect["encoding"])
