"""OpenDocument spreadsheets: the same list as in XLSX gives the same rows; a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.formats import read
from connectors.found import Found
from connectors.ods_cells import OpenDocument
from connectors.xlsx_cells import Hidden
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
FOREIGN = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
WORKBOOKS = Path(__file__).parent / "workbooks"
MIME = "application/vnd.oasis.opendocument.spreadsheet"
SOURCE = FeedSource(
    "d", "d.rekap", "snapshot", ("NIK", "NAMA", "TGL", "UPAH"), ("NIK",), path="rekap.ods",
    options={"format": "xlsx", "footer": ["JUMLAH"]},
)  # fmt: skip


def cell(text="", kind="string", **more):
    """One cell; attributes of the table's namespace, but for the value."""
    said = {
        f"office:{name}" if name.endswith("value") else f"table:{name.replace('_', '-')}": one
        for name, one in more.items()
    }
    attributes = " ".join(f'{name.replace("_", "-")}="{one}"' for name, one in said.items())
    value = f'office:value-type="{kind}" calcext:value-type="{kind}"' if kind else ""
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {value} {attributes}>{shown}</table:table-cell>"


def row(*cells, **more):
    """One row."""
    attributes = " ".join(f'table:{name.replace("_", "-")}="{one}"' for name, one in more.items())
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods(*sheets, doctype="", manifest="<m/>"):
    """An .ods file of sheets (name, style, rows)."""
    tables = "".join(
        f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'
        for name, style, rows in sheets
    )
    styles = '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>'
    content = (
        f'<?xml version="1.0"?>{doctype}<office:document-content {NAMES} {FOREIGN}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest)
    return made.getvalue()


HEAD = row(*map(cell, ("NIK", "NAMA", "TGL", "UPAH")))
COMMENT = "<office:annotation><text:p>tanya Bu Rini</text:p></office:annotation>"
LIST = [
    "<table:table-column table:number-columns-repeated='3'/>",
    "<table:table-column table:visibility='collapse'/>",
    row(cell("REKAP PHK", number_columns_spanned="4"), cell(kind="", number_columns_repeated="1020")),
    row(cell(kind="", number_columns_repeated="1024"), number_rows_repeated="2"),
    HEAD,
    row(
        cell("3215105708899001"),
        f'<table:table-cell office:value-type="string">{COMMENT}'
        '<text:p>SITI<text:s text:c="2"/>NUR</text:p></table:table-cell>',
        cell("17 Agustus 1989", "date", date_value="1989-08-17"),
        cell("4.800.000", "currency", value="4800000"),
    ),
    row(
        cell("2", "float", value="3215105708899001"),
        cell("BUDI"),
        cell("x", "date", date_value="2026-09-01T08:30:00"),
        cell("1.5", "float", value="1.5"),
        visibility="collapse",
    ),
    row(cell("3215105708899003"), cell("ANI"), cell(kind=""), cell(kind="", formula="of:=1+1")),
    row(cell("JUMLAH"), cell(kind=""), cell(kind=""), cell("9", "float", value="9")),
    row(cell(kind="", number_columns_repeated="1024"), number_rows_repeated="1048569"),
]


def found(content, **changed):
    """The rows of a file, those that break a rule, and what is said of it."""
    reading = read(replace(SOURCE, **changed), Found("rekap.ods", content, ""))
    table = pl.concat([pl.DataFrame(part) for part in reading.tables])
    return table, reading.stated


def test_a_list_is_read_like_one_of_excel():
    """Title, header, values as stored, a footer, a formula nobody calculated, what is hidden: all told."""
    table, stated = found(ods(("Rekap", "on", LIST), ("Lama", "off", [HEAD, row(cell("1"))])))
    sound = table.filter(pl.col("_problem").is_null())
    assert sound.select(SOURCE.columns).rows() == [
        ("3215105708899001", "SITI  NUR", "1989-08-17", "4800000"),
        ("3.21510570889900E+15", "BUDI", "2026-09-01 08:30:00", "1.5"),
    ]
    assert sound["_row"].cast(pl.Int64).to_list() == [5, 6]
    assert table.filter(pl.col("_problem").is_not_null()).select(
        "_problem", pl.col("_row").cast(pl.Int64)
    ).rows() == [("F-CELL", 7)]
    assert stated["dialect"] == {
        "format": "ods", "sheet": "Rekap", "header_rows": [4, 4], "title_rows": 1, "hidden_sheets": ["Lama"],
    }  # fmt: skip
    assert stated["hidden"] == {"rows": 1, "columns": ["UPAH"]}


def test_merged_headers_and_repeated_cells_stand_where_they_stand():
    """A cell that is written once and repeated is there as often as it says."""
    covered = "<table:covered-table-cell/>"
    twice = cell("x", number_columns_repeated="2")
    rows = [
        row(cell("A", number_rows_spanned="2"), cell("B", number_columns_spanned="2"), covered),
        row(covered, twice, number_rows_repeated="2"),
    ]
    book = OpenDocument(ods(("S", "on", rows)))
    assert book.merged("S") == [(1, 2, 0, 0), (1, 1, 1, 2)]
    assert [(one.number, one.cells) for one in book.rows("S", Hidden())] == [
        (1, ["A", "B"]), (2, [None, "x", "x"]), (3, [None, "x", "x"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            ods(
                ("S", "on", [row(cell("x", number_columns_repeated="1000"), number_rows_repeated="1048576")])
            ),
            "repeats its cells",
        ),
        (ods(("S", "on", [row(cell("x", number_columns_repeated="2000"))])), "more than 1,000 columns"),
        (ods(("S", "on", [HEAD]), doctype='<!DOCTYPE a [<!ENTITY b "c">]>'), "declares a document type"),
        (ods(("S", "on", [HEAD]), manifest="<a><manifest:encryption-data/></a>"), "protected by a password"),
        (ods(("S", "on", [HEAD]))[:-40], "is not an XLSX file, or is cut"),
    ],
)
def test_a_hostile_or_protected_file_is_refused(content, problem):
    """In words, and without a value of it."""
    with pytest.raises(UnusableFeedError, match=problem):
        found(content)


def test_calamine_reads_the_same_texts():
    """Another reader of the format agrees about what stands where."""
    import fastexcel

    plain = [
        HEAD,
        row(
            cell("3215105708899001"),
            cell("SITI"),
            cell("", "date", date_value="1989-08-17"),
            cell("5", "float", value="5"),
        ),
    ]
    content = ods(("S", "on", plain))
    theirs = fastexcel.read_excel(content).load_sheet("S", header_row=None, dtypes="string").to_polars()
    ours = [one.cells for one in OpenDocument(content).rows("S", Hidden())]
    assert [list(line) for line in theirs.rows()][1][:2] == ours[1][:2]
    assert ours[1] == ["3215105708899001", "SITI", "1989-08-17", "5"]


LISTED = ("NO", "PEKERJA / NAMA", "PEKERJA / NIK", "TGL PHK", "GAJI", "PESANGON", "KODE", "KETERANGAN")


def rows_of_office(name):
    """The rows, and what is said, of a workbook that LibreOffice itself wrote."""
    options = {"format": "xlsx", "footer": ["JUMLAH", "MENGETAHUI"], "column_numbers": True}
    source = FeedSource("d", "d.rekap", "snapshot", LISTED, ("NO",), path="rekap.*", options=options)
    reading = read(source, Found(name, (WORKBOOKS / name).read_bytes(), ""))
    tables = [pl.from_arrow(table) for table in reading.tables]
    return pl.concat(tables).sort(pl.col("_row").cast(int)), reading.stated


def test_what_libreoffice_wrote_as_ods_and_as_xlsx_is_one_list():
    """Title, merged header, dates, currency, formulas, a hidden row and sheet, paint to row 1,048,576."""
    ours, said = rows_of_office("rekap.ods")
    theirs, told = rows_of_office("rekap.xlsx")
    assert ours.rows() == theirs.rows()
    assert ours.height == 12
    assert ours.row(0, named=True).items() >= {
        "PEKERJA / NAMA": "BUDI  SANTOSO", "PEKERJA / NIK": "3171010101600000", "TGL PHK": "2026-08-01",
        "GAJI": "4500000.5", "PESANGON": "9000001", "KODE": "R1",
    }.items()  # fmt: skip
    assert {**said, "dialect": {**said["dialect"], "format": "xlsx"}} == told


@pytest.mark.parametrize("name", ["rekap.ods", "rekap.xlsx"])
def test_a_formula_that_failed_is_no_value(name):
    """`#N/A` where VLOOKUP found nothing: held, not taken without its code, nor with that for one."""
    rows, _ = rows_of_office(name)
    broken = rows.filter(pl.col("_problem").is_not_null())
    assert broken.select("NO", "_problem", "KODE").rows() == [("5", "F-CELL", "#N/A")]
