"""The tables for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from jendela.report.csv_tables import COLUMNS, tables
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
