"""The tables for spreadsheets."""

from __future__ import annotations

import csv
import io

import fastexcel
import pytest

from jendela.model.errors import WrongUseError
from jendela.report.csv_tables import COLUMNS, tables
from jendela.report.workbook import workbook
from tests.report.conftest import case, sample, side, silent


@pytest.mark.parametrize(
    "value", ["=1+1", "+62811", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1", "＝1", "＠a"]
)
def test_no_value_is_run_as_a_formula(value):
    """What a spreadsheet would run gets an apostrophe before it, and stays one field."""
    report = sample()
    report.discrepancies[0].rows = [case(1, side(value=value, office="bpjs"), side())]
    [row] = list(csv.DictReader(io.StringIO(tables(report)["discrepancies.csv"], newline="")))[:1]
    assert row["side_a_value"] == "'" + value.replace("\r", "\n")


def test_the_columns_are_the_same_on_every_night():
    """A table of a night without rows has its head."""
    for report in (sample(), silent()):
        for name, text in tables(report).items():
            assert text.split("\n")[0] == ",".join(COLUMNS[name])
    assert tables(silent())["held.csv"].count("\n") == 1


def test_all_rows_are_there():
    """What the page cuts off at a hundred rows is whole here."""
    assert tables(sample())["held.csv"].count("\n") == 1 + 101 + 1


def test_a_workbook_has_every_table_as_it_is():
    """A sheet each, head and rows the same; what would be a formula is text; figures are numbers."""
    report = sample()
    report.discrepancies[0].rows = [case(1, side(value="=1+1", office="bpjs"), side())]
    made = tables(report)
    content = workbook(made)
    assert content == workbook(made)
    book = fastexcel.read_excel(content)
    assert book.sheet_names == [name.removesuffix(".csv") for name in COLUMNS]
    for name, text in made.items():
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        sheet = book.load_sheet(name.removesuffix(".csv"), header_row=None, dtypes="string").to_polars()
        shown = [[value or "" for value in row] for row in sheet.iter_rows()]
        assert shown == [head, *rows], name
    numbers = book.load_sheet("balance").to_polars()["number"]
    assert numbers.dtype.is_numeric()


@pytest.mark.parametrize("text", ["a\n" + "1\n" * 1_048_576, f"a\n{'x' * 32_768}\n"])
def test_what_a_workbook_cannot_hold_is_refused_and_not_cut(text):
    """A sheet ends at its 1,048,576th row, and a cell at 32,767 characters."""
    with pytest.raises(WrongUseError, match=r"held\.csv does not fit"):
        workbook({"held.csv": text})
