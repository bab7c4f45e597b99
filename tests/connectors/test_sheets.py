"""Spreadsheets as offices keep them: titles, merged headers, totals, damaged numbers, and traps."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from connectors.found import Found
from connectors.sheet_rows import read
from connectors.xls_cells import OldWorkbook
from connectors.xlsx_cells import Hidden
from connectors.xlsx_values import CLOCK, DATE, MOMENT, date_text, kind_of, number_text, unescaped
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

COLUMNS = ("NO", "PEKERJA / NAMA", "PEKERJA / NIK", "UPAH")
SOURCE = FeedSource(
    "d", "d.rekap", "snapshot", COLUMNS, ("PEKERJA / NIK",), path="rekap.xlsx",
    options={"format": "xlsx", "footer": ["JUMLAH", "MENGETAHUI"]},
)  # fmt: skip


def book(fill, **options):
    """The bytes of a workbook that `fill` writes."""
    content = io.BytesIO()
    made = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    fill(made)
    made.close()
    return content.getvalue()


def rekap(rows, after=lambda sheet, line: None, name="Rekap"):
    """A sheet with a title, a header of two lines, the rows, and what `after` adds below."""

    def fill(made):
        sheet = made.add_worksheet(name)
        sheet.merge_range("A1:D1", "REKAP PHK KABUPATEN KARAWANG")
        sheet.write("A2", "Bulan Maret 2026")
        sheet.merge_range("A4:A5", "NO")
        sheet.merge_range("B4:C4", "PEKERJA")
        sheet.write_row("B5", ["NAMA", "NIK"])
        sheet.merge_range("D4:D5", "UPAH")
        for line, row in enumerate(rows, 5):
            sheet.write_row(line, 0, row)
        after(sheet, len(rows) + 5)

    return book(fill)


def found(content, **changed):
    """The rows as read, and what is stated of the file."""
    reading = read(replace(SOURCE, **changed), Found("rekap.xlsx", content, ""))
    rows = [row for table in reading.tables for row in table.to_pylist()]
    return rows, reading.stated


SITI = ["1", "Siti Nurhaliza", "3215014101900001", 4500000.5]
ALI = ["2", "Ali", "3215010202880002", 3200000]


def refused(content, **changed):
    """The error of a file that is not taken."""
    with pytest.raises(UnusableFeedError) as caught:
        found(content, **changed)
    return str(caught.value)


def test_a_recap_is_read_below_its_title_and_two_lines_of_header():
    """Merged cells stand for what they cover; the rows have their numbers in the sheet."""
    rows, stated = found(rekap([SITI, ALI]))
    assert [(row["_row"], row["PEKERJA / NAMA"], row["PEKERJA / NIK"], row["UPAH"]) for row in rows] == [
        ("6", "Siti Nurhaliza", "3215014101900001", "4500000.5"),
        ("7", "Ali", "3215010202880002", "3200000"),
    ]
    assert stated["dialect"] == {"format": "xlsx", "sheet": "Rekap", "header_rows": [4, 5], "title_rows": 2}


def test_totals_and_signatures_are_left_out_and_told():
    """Every row that is no data is in the manifest with its reason; the official's name is not."""

    def below(sheet, line):
        sheet.write(line, 0, "JUMLAH")
        sheet.write_formula(line, 3, "=SUM(D6:D7)", None, 7700000.5)
        sheet.write(line + 2, 3, "Mengetahui:")
        sheet.write(line + 3, 3, "Drs. Hartono")

    rows, stated = found(rekap([SITI, ALI], below))
    assert len(rows) == 2
    assert stated["skipped"] == [
        {"reason": "JUMLAH", "count": 1, "rows": [8]},
        {"reason": "blank", "count": 1, "rows": [9]},
        {"reason": "MENGETAHUI", "count": 1, "rows": [10]},
        {"reason": "below the footer", "count": 1, "rows": [11]},
    ]
    assert "Hartono" not in json.dumps(stated)


def test_a_worker_called_like_a_total_is_held_and_not_dropped():
    """Jumlah Santoso has a NIK: the row may be data, and a person looks at it."""
    rows, _ = found(rekap([SITI, ["JUMLAH", "Jumlah Santoso", "3215010303770003", 1]]))
    assert [(row["_row"], row["_problem"]) for row in rows] == [("6", None), ("7", "F-ROW")]
    assert json.loads(rows[1]["_keys"]) == [["3215010303770003"]]


def test_a_row_without_a_key_above_the_total_is_a_row():
    """Nobody decides here that it is none: the hub holds it for its key."""
    rows, _ = found(rekap([SITI, ["2", "Ali", None, 5]]))
    assert [row["PEKERJA / NIK"] for row in rows] == ["3215014101900001", None]


def test_data_below_a_total_is_still_data():
    """A subtotal in the middle of the list."""
    rows, stated = found(rekap([SITI, ["JUMLAH", None, None, 1], ALI]))
    assert [row["_row"] for row in rows] == ["6", "8"]
    assert stated["skipped"][0]["rows"] == [7]


def test_a_header_said_again_and_a_line_of_column_numbers_are_left_out():
    """Forms number their columns below the header; long prints repeat it."""

    def fill(made):
        sheet = made.add_worksheet()
        for line, row in enumerate(
            [["NIK", "NAMA"], ["(1)", "(2)"], ["7", "Siti"], ["NIK", "NAMA"], ["8", "Ali"]]
        ):
            sheet.write_row(line, 0, row)

    options = {"format": "xlsx", "column_numbers": True}
    rows, stated = found(book(fill), columns=("NIK", "NAMA"), key=("NIK",), options=options)
    assert [row["NIK"] for row in rows] == ["7", "8"]
    assert [one["reason"] for one in stated["skipped"]] == ["column numbers", "header again"]


def test_a_nik_typed_as_a_number_is_shown_to_be_damaged():
    """The sixteenth digit is lost: it stays visible that it was a number, and validation holds it."""
    rows, _ = found(rekap([["1", "Siti", 3215014101900001, 1]]))
    assert rows[0]["PEKERJA / NIK"] == "3.21501410190000E+15"


def test_half_a_character_stays_as_it_is_written():
    """A program may write any number between the marks; a text can hold neither this one nor a NUL."""
    assert unescaped("a_x000D_b") == "a\rb"
    assert unescaped("a_xD800_b_x0000_") == "a_xD800_b_x0000_"


def test_hidden_rows_are_read_and_stated():
    """A filter hides rows; they are data all the same."""

    def hide(sheet, line):
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})

    rows, stated = found(rekap([SITI, ALI], hide))
    assert len(rows) == 2
    assert stated["hidden"] == {"rows": 1, "columns": ["UPAH"]}


def test_a_formula_that_nobody_calculated_holds_its_row():
    """A program wrote the formula and no value: what it would be is not guessed."""
    content = rekap([SITI], lambda sheet, line: sheet.write_formula(5, 3, "=A1*2", None, ""))
    patched = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(patched, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b' t="str"><f>', b"><f>").replace(b"<v></v>", b""))
    rows, _ = found(patched.getvalue())
    assert [row["_problem"] for row in rows] == ["F-CELL"]


def test_an_old_workbook_gives_the_same_text():
    """What calamine reads: numbers told from texts of digits, days without midnight, rows in their place."""

    def fill(made):
        sheet = made.add_worksheet("Rekap")
        sheet.write_string(3, 1, "3215014101900001")
        sheet.write_number(3, 2, 3215014101900001)
        sheet.write_datetime(3, 3, datetime.fromisoformat("2026-03-01"), made.add_format({"num_format": 14}))
        sheet.write(4, 1, True)
        sheet.write_number(4, 2, 4500000.50)
        sheet.write_string(4, 3, "007")

    old = OldWorkbook(book(fill))
    rows = [(row.number, row.cells) for row in old.rows("Rekap", Hidden())]
    assert rows == [
        (4, ["3215014101900001", "3.21501410190000E+15", "2026-03-01"]),
        (5, ["1", "4500000.5", "007"]),
    ]


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_come_alike_from_both_epochs(epoch):
    """1900 and 1904: the same day, the same text; a time only where the format shows one."""

    def fill(made):
        sheet = made.add_worksheet()
        day, moment = made.add_format({"num_format": "dd/mm/yyyy"}), made.add_format({"num_format": 22})
        sheet.write_row(0, 0, ["NIK", "TGL", "JAM"])
        sheet.write(1, 0, "7")
        sheet.write_datetime(1, 1, datetime.fromisoformat("2026-03-01"), day)
        sheet.write_datetime(1, 2, datetime.fromisoformat("2026-03-01 08:15"), moment)

    rows, _ = found(book(fill, date_1904=epoch), columns=("NIK", "TGL", "JAM"), key=("NIK",))
    assert (rows[0]["TGL"], rows[0]["JAM"]) == ("2026-03-01", "2026-03-01 08:15:00")


def test_which_of_several_sheets_is_never_guessed():
    """Two sheets with something in them: the mapping names one, by name or number."""

    def fill(made):
        for name in ("Maret", "April"):
            made.add_worksheet(name).write_row(0, 0, COLUMNS)

    content = book(fill)
    assert "2 sheets with something in them" in refused(content)
    assert "no visible sheet Mei; it has Maret, April" in refused(
        content, options={"format": "xlsx", "sheet": "Mei"}
    )
    for sheet in ("April", 2):
        _, stated = found(content, options={"format": "xlsx", "sheet": sheet})
        assert stated["dialect"]["sheet"] == "April"


def test_a_column_that_is_gone_is_named_and_nobody_is_shown():
    """Renamed: named. Without any header, the first rows are people, and the error must not repeat them."""
    said = refused(rekap([SITI]), columns=(*COLUMNS, "GAJI"))
    assert "Agreed but not there: GAJI" in said
    bare = book(lambda made: made.add_worksheet().write_row(0, 0, SITI))
    assert "Siti" not in refused(bare)


def zipped(**parts):
    """A ZIP of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


WORKBOOK = b'<workbook xmlns:r="r"><sheets><sheet name="A" r:id="1"/></sheets></workbook>'


def hostile(sheet):
    """A workbook with one sheet of this XML."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not an XLSX file"),
        (b"NIK;NAMA\n", "is not an XLSX file"),
        (rekap([SITI])[:-300], "is not an XLSX file, or is cut"),
        (zipped(a="b"), "has no part xl/workbook.xml"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is not a spreadsheet"),
        (
            hostile('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'),
            "declares a document type",
        ),
        (hostile("<worksheet><sheetData><row><c>"), "cannot be parsed"),
        (
            hostile(
                '<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
            ),
            "more than 1,000 columns",
        ),
        (
            hostile('<worksheet><sheetData><row r="1"><c t="s"><v>7</v></c></row></sheetData></worksheet>'),
            "a text that is not in the file",
        ),
    ],
)
def test_a_hostile_or_broken_file_is_refused_by_name(content, said):
    """Not a workbook, encrypted, an external entity, a cell far away: a reason, in little memory."""
    assert said in refused(content)


def test_a_bomb_is_refused_before_it_is_unpacked():
    """300 MiB of texts in a file of 300 KiB: what it says of its size is enough."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(1 << 20))
    assert "unpacks to more than 256 MiB" in refused(content.getvalue())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_as_it_is_or_said_to_be_damaged(value):
    """Up to 15 digits the text is the number; beyond, it has an exponent that no NIK has."""
    text = number_text(repr(value))
    if abs(value) >= 10**15:
        assert "E" in text.upper()
    else:
        assert abs(float(text) - value) <= abs(value) * 1e-14


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (14, "", DATE), (22, "", MOMENT), (20, "", CLOCK), (0, "General", "plain"), (0, "0.00", "plain"),
        (0, '[$-421]dd mmmm yyyy', DATE), (0, '"Rp"#,##0', "plain"), (0, "[h]:mm", CLOCK),
        (0, "d/m/yy h:mm", MOMENT),
    ],
)  # fmt: skip
def test_a_format_tells_dates_from_numbers(number, code, kind):
    """Built-in and written ones; what stands in quotes or brackets is no part of it."""
    assert kind_of(number, code) == kind


def test_the_leap_day_that_never_was():
    """The 1900 system counts 29 February 1900; before it every day is one off."""
    assert date_text("1", DATE, epoch_1904=False) == "1900-01-01"
    assert date_text("61", DATE, epoch_1904=False) == "1900-03-01"
    assert date_text("0", DATE, epoch_1904=True) == "1904-01-01"
    assert date_text("0.34375", CLOCK, epoch_1904=False) == "08:15:00"
    assert date_text("-5", DATE, epoch_1904=False) == "-5"


def test_a_header_of_two_lines_is_said_again_on_every_page():
    """As the program prints it, merged, or as a clerk typed it: its lines are no workers."""

    def again(sheet, line):
        sheet.merge_range(line, 0, line + 1, 0, "NO")
        sheet.merge_range(line, 1, line, 2, "PEKERJA")
        sheet.write_row(line + 1, 1, ["NAMA", "NIK"])
        sheet.merge_range(line, 3, line + 1, 3, "UPAH")
        sheet.write_row(line + 2, 0, ALI)
        sheet.write_row(line + 3, 0, ["no", "Pekerja", "", "Upah "])
        sheet.write_row(line + 4, 0, ["", "nama", " NIK"])

    rows, stated = found(rekap([SITI], again))
    assert [row["PEKERJA / NAMA"] for row in rows] == ["Siti Nurhaliza", "Ali"]
    (skipped,) = stated["skipped"]
    assert (skipped["reason"], skipped["rows"]) == ("header again", [7, 8, 10, 11])
