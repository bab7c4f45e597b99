"""What stands around the rows of a CSV file, and what is no CSV though it is called so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.csv_rows import read as read_csv
from connectors.files import FilesConnector
from connectors.found import Found
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

SOURCE = FeedSource("d", "d.laporan", "snapshot", ("NIK", "NAMA"), ("NIK",), path="laporan.csv")


def read(content):
    """The rows of a file, each by its key, name and number; and what is said of the file."""
    content = content if isinstance(content, bytes) else content.encode()
    reading = read_csv(SOURCE, Found("laporan.csv", content, ""))
    rows = [row for table in reading.tables for row in table.to_pylist()]
    return [(row["NIK"], row["NAMA"], row["_row"]) for row in rows], reading.stated


@pytest.mark.parametrize("hint", ["sep=;\n", '"sep=;"\r\n', "\ufeffSEP=;\r\n"])
def test_what_excel_is_told_is_no_header(hint):
    """The first line says the delimiter to Excel alone."""
    rows, _ = read(f"{hint}NIK;NAMA\n1;Budi\n")
    assert rows == [("1", "Budi", "2")]


def test_files_that_were_put_together_say_their_header_again():
    """`copy a.csv + b.csv`: nobody is called NAMA; what is left out is counted, rows keep their numbers."""
    rows, stated = read("NIK;NAMA\n1;Budi\n NIK ;Nama\n2;Siti\nNIK;Ani\n")
    assert rows == [("1", "Budi", "2"), ("2", "Siti", "4"), ("NIK", "Ani", "5")]
    assert stated["skipped"] == [{"reason": "header again", "count": 1, "rows": [3]}]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "XLSX"),
        (b"\x1f\x8b\x08\0abc", "gzip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\n<!DOCTYPE html><html><body>Sesi Anda habis</body></html>", "web page"),
        (b"<table><tr><td>NIK</td></tr></table>", "web page"),
    ],
)
def test_what_is_no_csv_is_called_what_it_is(content, what):
    """Before, its columns were said to be gone, or its encoding to be another."""
    with pytest.raises(UnusableFeedError, match=f"is not CSV but .*{what}"):
        read(content)


def test_the_last_of_numbered_files_is_that_of_the_greatest_number(tmp_path):
    """By letters `lap 9` is behind `lap 10`: an office that counts would be read up to the ninth for ever."""
    for number in (2, 9, 10):
        (tmp_path / f"lap {number}.csv").write_text(f"NIK;NAMA\n{number};Budi\n")
    source = replace(SOURCE, path="lap *.csv", options={"take": "last"})
    (table,) = FilesConnector("d", tmp_path.as_uri()).pull(source, Window(None, None))
    assert table["NIK"].to_pylist() == ["10"]


def test_a_formula_that_failed_is_no_value_in_a_text_either():
    """A list that Excel saved as CSV: nobody is called #N/A; the row is held with its key."""
    reading = read_csv(
        SOURCE, Found("l.csv", b"NIK;NAMA;KET\n1;#N/A;x\n2;Siti;#REF!\n3;#REF! ;\n#NAME?;Budi;\n", "")
    )
    rows = [row for table in reading.tables for row in table.to_pylist()]
    told = {row["_row"]: (row["NAMA"], row["_problem"], row["_keys"]) for row in rows}
    assert told == {
        "2": ("#N/A", "F-CELL", '[["1"]]'),
        "3": ("Siti", None, None),
        "4": ("#REF! ", "F-CELL", '[["3"]]'),
        "5": ("Budi", "F-CELL", '[["#NAME?"]]'),
    }
    assert next(row["_fields"] for row in rows if row["_row"] == "2") == '["1", "#N/A", "x"]'


def test_marks_of_files_that_were_put_together_are_no_letters():
    """`copy a.csv + b.csv` keeps the byte-order mark of the second amid the first."""
    rows, stated = read("\ufeffNIK;NAMA\n1;Budi\n\ufeffNIK;NAMA\n2;Siti\n\ufeff3;Ani\n")
    assert rows == [("1", "Budi", "2"), ("2", "Siti", "4"), ("3", "Ani", "5")]
    assert stated["skipped"] == [{"reason": "header again", "count": 1, "rows": [3]}]


def test_blank_rows_below_a_list_are_counted_and_nobody_is_held_for_them():
    """A sheet that was formatted far down: `;;;` ten thousand times."""
    rows, stated = read("NIK;NAMA;\n1;Budi;\n" + ";;\n" * 10_000 + "2;Siti;\n ; ;\n")
    assert rows == [("1", "Budi", "2"), ("2", "Siti", "10003")]
    assert stated["skipped"] == [{"reason": "blank", "count": 10_001, "rows": list(range(3, 23))}]


def test_a_stray_quotation_mark_makes_no_row_of_three():
    """Two of them pair up over rows: the second and third would be nobody any more, and one name all."""
    content = (
        b'NIK;NAMA;KOTA\n1;"Budi;Karawang\n2;Siti;Bekasi\n3;"Ani;Depok\n4;"Jalan\nMawar";X\n5;"Edi\n";\n'
    )
    reading = read_csv(SOURCE, Found("l.csv", content, ""))
    rows = [row for table in reading.tables for row in table.to_pylist()]
    told = [(row["NIK"], row["NAMA"], row["_row"], row["_problem"], row["_keys"]) for row in rows]
    assert told == [
        ("4", "Jalan\nMawar", "3", None, None),
        ("5", "Edi\n", "4", None, None),
        ("1", "Budi", "2", "F-FIELDS", '[["1"]]'),
        ("2", "Siti", "2", "F-FIELDS", '[["2"]]'),
        ("3", "Ani", "2", "F-FIELDS", '[["3"]]'),
    ]


def test_a_header_whose_line_does_not_end_is_a_table_without_rows():
    """As one whose line ends."""
    assert read("NIK;NAMA")[0] == read("NIK;NAMA\n")[0] == []


def test_one_null_byte_makes_no_other_encoding():
    """It said that the columns were gone."""
    with pytest.raises(UnusableFeedError, match="null bytes"):
        read(b"NIK;NAMA\n1;Bu\0di\n2;Siti\n")
