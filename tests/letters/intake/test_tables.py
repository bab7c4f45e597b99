"""Tables as people make them: titles, facts above, totals below, numbers that a spreadsheet spoilt."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from jendela.letters.frame import LETTERS
from jendela.letters.intake.form import fields
from jendela.letters.intake.table_cells import Dates, as_agreed, clean
from jendela.letters.intake.template import TEMPLATES
from tests.letters.intake.layoff import THREE, as_csv, facts_and_rows, take

CONTENT = [name for name in LETTERS if name != "file"]


def _errors(found):
    return found.findings.filter(pl.col("severity") == "error")


def _changed(column: str, values: list[str]) -> bytes:
    facts, rows = facts_and_rows(THREE)
    place = rows[0].index(column)
    for row, value in zip(rows[1:], values, strict=True):
        row[place] = value
    return as_csv(facts, rows).encode()


def workbook(facts, rows, numbers=(), *, one_sheet=True) -> bytes:
    """The table as a workbook; the columns named in `numbers` are numbers there."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "DAFTAR PEKERJA YANG DI-PHK")
        for at, (name, value) in enumerate(facts, start=2):
            sheet.write_string(at, 0, name)
            sheet.write_string(at, 2, value)
        start = len(facts) + 4
        if not one_sheet:
            sheet, start = book.add_worksheet(), 0
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if at and rows[0][column] in numbers and value:
                    sheet.write_number(start + at, column, float(value))
                else:
                    sheet.write_string(start + at, column, value)
    return target.getvalue()


@pytest.fixture(scope="module")
def three():
    """The same three letters, read from XML."""
    return take(THREE).letters


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_any_delimiter_and_encoding_is_found_out_and_said(three, delimiter, encoding):
    """The note on the file names both."""
    facts, rows = facts_and_rows(THREE)
    text = as_csv(facts, rows, delimiter).replace("MARIA LESTARI", "MARIA LESTÁRI")
    found = take(text.encode(encoding))
    assert found.letters["full_name"].to_list()[2] == "MARIA LESTÁRI"
    (note,) = found.findings["message_en"].to_list()
    name = {"utf-16": "UTF-16", "windows-1252": "windows-1252"}.get(encoding, "UTF-8")
    assert (
        f"in {name}, with the delimiter {'TAB' if delimiter == chr(9) else delimiter} and dates day-month"
        in note
    )
    assert_frame_equal(found.letters.drop("full_name", "file"), three.drop("full_name", "file"))


@pytest.mark.parametrize("one_sheet", [True, False])
def test_a_workbook_with_a_merged_title_and_facts(three, one_sheet):
    """Facts above the table or on a sheet of their own; amounts as numbers."""
    facts, rows = facts_and_rows(THREE)
    found = take(workbook(facts, rows, ("upah_pokok", "pesangon", "masa_kerja_tahun"), one_sheet=one_sheet))
    assert _errors(found).is_empty()
    assert_frame_equal(found.letters.select(CONTENT), three.select(CONTENT))


def test_a_nik_that_was_a_number_is_said_with_its_cell():
    """Excel keeps 15 digits: the sixteenth is lost, and nobody can know it. Noughts in front are lost too."""
    facts, rows = facts_and_rows(THREE)
    found = take(workbook(facts, rows, ("nik",)))
    assert found.letters.is_empty()
    assert "(cell A" in _errors(found)["message_en"][0]
    assert "lost digits" in _errors(found)["message_en"][0]
    found = take(workbook(facts, rows, ("kpj",)))
    assert _errors(found)["field"].unique().to_list() == ["workers.worker.kpj"]


@pytest.mark.parametrize("text", ["6,47106E+15", "6.47106E+15", "6.471055708899E15"])
def test_a_nik_in_exponents_is_damaged_not_wrong(text):
    """The message says what happened and what to do about it, and only that row is held."""
    found = take(_changed("nik", ["6471055708899001", text, "6471055708899003"]))
    assert found.letters["index"].to_list() == [1, 3]
    (message,) = _errors(found)["message_id"].to_list()
    assert "kehilangan angkanya" in message
    assert text not in message


def test_titles_numbering_totals_and_notes_are_no_workers(three):
    """What a real list has around its rows."""
    facts, rows = facts_and_rows(THREE)
    width = len(rows[0])
    rows.insert(1, [f"({n})" for n in range(1, width + 1)])
    rows += [
        ["JUMLAH", *[""] * (width - 2), "213600000"],
        [""] * width,
        ["Balikpapan, 1 Juli 2026"],
        ["Manajer SDM"],
    ]
    found = take(as_csv([["DAFTAR PEKERJA"], *facts], rows).encode())
    assert_frame_equal(found.letters.select(CONTENT), three.select(CONTENT))
    notes = " ".join(found.findings["message_en"])
    assert "not about a worker" in notes
    assert _errors(found).is_empty()


def test_a_worker_whose_name_is_missing_is_not_passed_over():
    """Four filled cells and no name: that is a person, and is said."""
    facts, rows = facts_and_rows(THREE)
    for name in ("nik", "nama_lengkap"):
        rows[2][rows[0].index(name)] = ""
    found = take(as_csv(facts, rows).encode())
    assert found.letters["index"].to_list() == [1, 3]
    assert _errors(found)["field"].to_list() == ["workers.worker.full_name"]


def test_names_merged_over_two_rows(three):
    """Group titles above, and the names of other columns beside them."""
    facts, rows = facts_and_rows(THREE)
    header, body = rows[0], rows[1:]
    at = header.index("pesangon")
    upper = ["" if n >= at else name for n, name in enumerate(header)]
    upper[at] = "KOMPENSASI"
    lower = [name if n >= at else "" for n, name in enumerate(header)]
    found = take(as_csv(facts, [upper, lower, *body]).encode())
    assert_frame_equal(found.letters.select(CONTENT), three.select(CONTENT))


def test_an_unknown_column_is_said_by_its_place():
    """Its name may be somebody's data: it is not repeated."""
    facts, rows = facts_and_rows(THREE)
    rows = [["RAHASIA SITI", *rows[0]], *(["x", *row] for row in rows[1:])]
    found = take(as_csv(facts, rows).encode())
    assert found.letters.height == 3
    text = " ".join([*found.findings["message_en"], *found.findings["message_id"]])
    assert "columns A" in text
    assert "RAHASIA" not in text


WHOLE = {
    "no header": (lambda facts, rows: (facts, rows[1:]), "known names"),
    "nobody in it": (lambda facts, rows: (facts, rows[:1]), "names no worker"),
    "a column twice": (lambda facts, rows: (facts, [[*row, row[0]] for row in rows]), "is there twice"),
    "a fact in two ways": (lambda facts, rows: ([*facts, ["npp", "XX999999"]], rows), "said twice"),
    "no person": (lambda facts, rows: (facts, [row[10:] for row in rows]), "no column for the NIK"),
}


@pytest.mark.parametrize(("change", "said"), WHOLE.values(), ids=WHOLE.keys())
def test_what_is_open_is_refused_and_not_guessed(change, said):
    """The whole file, with the reason."""
    found = take(as_csv(*change(*facts_and_rows(THREE))).encode())
    assert found.letters.is_empty()
    (message,) = found.findings["message_en"].to_list()
    assert said in message


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_empty_template_names_no_worker(form):
    """Its remarks and choices are not taken for one."""
    (message,) = take(TEMPLATES[form]()).findings["message_en"].to_list()
    assert "names no worker" in message


def test_a_filled_template_is_a_letter(three):
    """What `letter new` writes can be filled in and read, its remarks and all."""
    facts, (names, *rows) = facts_and_rows(THREE)
    lines = list(csv.reader(TEMPLATES["csv"]().decode("utf-8-sig").splitlines(), delimiter=";"))
    for name, value in facts:
        for line in lines:
            if line[:1] == [name]:
                line[1] = value
    (header,) = (line for line in lines if line[:1] == ["nik"])
    filled = [[dict(zip(names, row, strict=True)).get(name, "") for name in header] for row in rows]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([*lines, *filled])
    found = take(text.getvalue().encode())
    assert _errors(found).is_empty()
    assert_frame_equal(found.letters.select(CONTENT), three.select(CONTENT))


AMOUNTS = {
    "Rp 4.800.000,00": "4800000",
    "Rp4.800.000": "4800000",
    "4,800,000.50": "4800000.50",
    "4800000": "4800000",
    "4.800": "4800",
    "12,5": "12.5",
    "IDR 5.000.000,-": "5000000",
}


@pytest.mark.parametrize(("written", "meant"), AMOUNTS.items())
def test_amounts_in_indonesian_and_english(written, meant):
    """Points or commas between thousands; nothing is guessed: both cannot be meant."""
    field = fields()["last_wage_basic"]
    found = as_agreed(field, clean(pl.Series(field.column, [written])), Dates(month_first=False))
    assert Decimal(found[0]) == Decimal(meant)


DATES = {
    "17-08-1989": date(1989, 8, 17),
    "17/8/1989": date(1989, 8, 17),
    "17.08.1989": date(1989, 8, 17),
    "17 Agustus 1989": date(1989, 8, 17),
    "17-Agu-1989": date(1989, 8, 17),
    "1989-08-17 00:00:00": date(1989, 8, 17),
    "5/3/1990": date(1990, 3, 5),
}


@pytest.mark.parametrize(("written", "meant"), DATES.items())
def test_dates_day_first_or_in_words(written, meant):
    """The Indonesian order, unless the file shows another."""
    found = take(_changed("tanggal_lahir", [written, "17-08-1989", "17-08-1989"]))
    assert found.letters["birth_date"][0] == meant


def test_a_file_with_the_month_first_says_so():
    """13 is no month: only month-day-year gives dates, and that is a warning."""
    found = take(_changed("tanggal_lahir", ["03/25/1990", "04/05/1990", "12/31/1990"]))
    assert found.letters["birth_date"].to_list() == [date(1990, 3, 25), date(1990, 4, 5), date(1990, 12, 31)]
    assert "month-day-year" in found.findings["message_en"][0]
    assert found.findings["severity"].to_list() == ["warning"]


def test_two_orders_in_one_file_are_not_both_right():
    """The day is first then, and the row that is no date so is held."""
    found = take(_changed("tanggal_lahir", ["25/03/1990", "04/25/1990", "01/02/1990"]))
    assert found.letters["index"].to_list() == [1, 3]


def test_a_year_of_two_digits_is_no_year():
    """19 or 20 hundred is not guessed."""
    assert take(_changed("tanggal_lahir", ["17-08-89", "17-08-1989", "17-08-1989"])).letters[
        "index"
    ].to_list() == [2, 3]
