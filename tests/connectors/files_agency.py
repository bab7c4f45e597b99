"""Agencies that export files in each format into a folder of this machine, and keep an inbox folder."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from connectors.files import FilesConnector
from connectors.letters import LettersConnector
from tests.connectors.agency import (
    ANSWER,
    COLUMNS,
    ENVELOPE,
    INBOX_COLUMNS,
    NIGHT,
    WORKERS,
    Agency,
    outgoing,
    source,
)

OFFLINE = {"files": (FilesConnector, "file:///nowhere"), "letters": (LettersConnector, "file:///nowhere")}
SERVERS = set()
INBOX = (*ENVELOPE, *INBOX_COLUMNS)
WIDTHS = {"KPJ": (1, 11), "NAMA": (12, 30), "UPAH": (42, 15), "TGL_UBAH": (57, 26)}
INBOX_WIDTHS = {"delivery_id": (1, 64), "verb": (65, 8), "night": (73, 10), "recipient": (83, 40)} | {
    "KPJ": (123, 11),
    "NO_SURAT": (134, 40),
}


class CsvExport:
    """Semicolons in windows-1252, as an old program writes them."""

    ending, typed = ".csv", False
    options: ClassVar[dict[str, Any]] = {"delimiter": ";", "encoding": "windows-1252"}
    inbox: ClassVar[dict[str, Any]] = options

    def export(self, rows):
        """The workers as the agency's program writes them."""
        return _csv([COLUMNS, *rows])

    def delivered(self, content):
        """The rows of a delivered file, as the agency's program reads them."""
        return list(csv.DictReader(io.StringIO(content.decode("windows-1252"), newline=""), delimiter=";"))

    def answer(self, rows):
        """The answer file's ending and content."""
        return ".ack.csv", _csv([ANSWER, *rows])


class XlsxExport(CsvExport):
    """A sheet with a title, a header of two lines, real numbers and dates, a total and a signature."""

    ending, typed = ".xlsx", True
    options: ClassVar[dict[str, Any]] = {"format": "xlsx", "footer": ["JUMLAH", "MENGETAHUI"]}
    inbox: ClassVar[dict[str, Any]] = {"format": "xlsx"}

    def export(self, rows):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"in_memory": True})
        sheet = book.add_worksheet("Rekap")
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet.merge_range("A1:D1", "DAFTAR PESERTA")
        for column, name in enumerate(COLUMNS):
            sheet.merge_range(2, column, 3, column, name)
        for line, (kpj, name, wage, changed) in enumerate(rows, 4):
            sheet.write_string(line, 0, kpj)
            sheet.write_string(line, 1, name)
            if wage:
                sheet.write_number(line, 2, float(wage))
            if changed:
                sheet.write_datetime(line, 3, datetime.fromisoformat(changed), moment)
        sheet.write(len(rows) + 4, 0, "JUMLAH")
        sheet.write_formula(len(rows) + 4, 2, "=SUM(C5:C8)", None, 12800000.5)
        sheet.write(len(rows) + 6, 3, "Mengetahui,")
        sheet.write(len(rows) + 7, 3, "Kepala Bidang")
        book.close()
        return content.getvalue()

    def delivered(self, content):
        sheet = fastexcel.read_excel(content).load_sheet(0, dtypes="string")
        return sheet.to_arrow().to_pylist()

    def answer(self, rows):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"in_memory": True})
        sheet = book.add_worksheet()
        for line, row in enumerate([ANSWER, *rows]):
            sheet.write_row(line, 0, [value or "" for value in row])
        book.close()
        return ".ack.xlsx", content.getvalue()


class FixedExport(CsvExport):
    """Lines of fixed width, with a trailer that counts them; the inbox in bytes of windows-1252."""

    ending = ".txt"
    options: ClassVar[dict[str, Any]] = {
        "format": "fixed",
        "encoding": "windows-1252",
        "widths": WIDTHS,
        "header": {"starts": "H"},
        "trailer": {"starts": "T", "count": [2, 8]},
    }
    inbox: ClassVar[dict[str, Any]] = {"format": "fixed", "encoding": "windows-1252", "widths": INBOX_WIDTHS}

    def export(self, rows):
        lines = [
            "".join((value or "").ljust(WIDTHS[name][1]) for name, value in zip(COLUMNS, row, strict=True))
            for row in rows
        ]
        return "\r\n".join(["HKERJA", *lines, f"T{len(rows):08}", ""]).encode("windows-1252")

    def delivered(self, content):
        lines = content.decode("windows-1252").splitlines()
        return [
            {n: line[at - 1 :][:size].strip() for n, (at, size) in INBOX_WIDTHS.items()} for line in lines
        ]

    def answer(self, rows):
        return ".ack.csv", _csv([ANSWER, *rows], ",")


class ParquetExport(CsvExport):
    """Typed columns: a decimal wage, a timestamp."""

    ending, typed = ".parquet", True
    options: ClassVar[dict[str, Any]] = {"format": "parquet"}
    inbox: ClassVar[dict[str, Any]] = options

    def export(self, rows):
        kpj, name, wage, changed = zip(*rows, strict=True)
        table = pa.table(
            {
                "KPJ": pa.array(kpj),
                "NAMA": pa.array(name).dictionary_encode(),
                "UPAH": pa.array([text and Decimal(text) for text in wage], pa.decimal128(15, 2)),
                "TGL_UBAH": pa.array([text and datetime.fromisoformat(text) for text in changed]),
            }
        )
        content = io.BytesIO()
        pq.write_table(table, content, row_group_size=3)
        return content.getvalue()

    def delivered(self, content):
        return pq.read_table(io.BytesIO(content)).to_pylist()

    def answer(self, rows):
        return ".ack.csv", _csv([ANSWER, *rows], ",")


def _csv(rows, delimiter=";"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("windows-1252")


FORMATS = {"csv": CsvExport(), "xlsx": XlsxExport(), "fixed": FixedExport(), "parquet": ParquetExport()}


class LocalStore:
    """A folder as the agency itself reaches it; `url` is how we do."""

    def __init__(self, path, url=None):
        self.path, self.url = path, url or f"file://{path}"

    def put(self, name, content):
        """Write a file."""
        (self.path / name).write_bytes(content)

    def get(self, name):
        """Read a file."""
        return (self.path / name).read_bytes()


def agency_of(store, form):
    """An agency that exports in this format into this store."""
    store.put(f"kerja{form.ending}", form.export(WORKERS))
    feed = source(path=f"kerja*{form.ending}", options=form.options)

    def answer(answers):
        ending, content = form.answer(answers)
        store.put(f"jdl_surat_{NIGHT}_bpjs{ending}", content)

    def delivered():
        rows = form.delivered(store.get(f"jdl_surat_{NIGHT}_bpjs{form.ending}"))
        return [{name: row[name] or None for name in INBOX} for row in rows]

    other = "parquet" if form.options.get("format") != "parquet" else "xlsx"
    return Agency(
        FilesConnector("bpjs", store.url),
        feed,
        outgoing(**form.inbox),
        answer,
        delivered,
        broken=[replace(feed, columns=("NIK",)), replace(feed, options={"format": other})],
        typed=form.typed,
    )


def on_folder(form):
    """How an agency of this format on a folder is made."""

    @contextmanager
    def build(folder):
        yield agency_of(LocalStore(folder), form)

    return build


AGENCIES = {name: on_folder(form) for name, form in FORMATS.items()}
