"""One employer merged over her workers: only the first row has it, and that is told."""

from __future__ import annotations

import io

import xlsxwriter

from connectors.found import Found
from connectors.sheet_rows import read
from jendela.model.ports import FeedSource

SOURCE = FeedSource(
    "d", "d.rekap", "snapshot", ("NIK", "PT"), ("NIK",), path="rekap.xlsx", options={"format": "xlsx"}
)


def stated(merge):
    """What is said of a list of three workers below a merged title, and each row's employer."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B2", "REKAP")
        sheet.write_row(2, 0, ["NIK", "PT"])
        sheet.write_column(3, 0, ["1", "2", "3"])
        if merge:
            sheet.merge_range(3, 1, 5, 1, "PT MAJU")
        else:
            sheet.write_column(3, 1, ["PT MAJU"] * 3)
    reading = read(SOURCE, Found("rekap.xlsx", out.getvalue(), ""))
    employers = [row["PT"] for table in reading.tables for row in table.to_pylist()]
    return employers, reading.stated.get("merged")


def test_a_cell_merged_over_rows_is_told():
    """Which rows it begins in: the office is asked to fill each; nothing is guessed."""
    assert stated(True) == (["PT MAJU", None, None], {"cells": 1, "rows": [4]})
    assert stated(False) == (["PT MAJU"] * 3, None)
