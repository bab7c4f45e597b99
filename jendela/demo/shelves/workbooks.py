"""Books as a clerk keeps them in a spreadsheet: a title, two header lines merged by subject, a sum below."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from jendela.demo.tables import Row, dictionary

TITLES = {"rekap_phk.xlsx": "REKAPITULASI LAPORAN PHK", "buku_surat.xlsx": "BUKU AGENDA SURAT TEMBUSAN PHK"}
_ABOVE = 4  # rows of the title block


@dataclass(frozen=True)
class Workbook:
    """One sheet a book. Columns are called `Subject / name`, as the header of two lines is read."""

    agency: str

    def __call__(self, table: str, rows: Sequence[Row]) -> bytes:
        import xlsxwriter

        out = io.BytesIO()
        # The same rows are the same bytes: no clock of today.
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        book.set_properties({"created": datetime(2026, 8, 31)})  # noqa: DTZ001  as spreadsheets have it
        sheet = book.add_worksheet("Data")
        bold = book.add_format({"bold": True, "align": "center"})
        day, money = book.add_format({"num_format": "dd-mmm-yyyy"}), book.add_format({"num_format": "#,##0"})
        described = dictionary(self.agency)[table]
        names = list(described)
        sheet.merge_range(0, 0, 0, len(names) - 1, "PEMERINTAH KABUPATEN BEKASI", bold)
        sheet.merge_range(1, 0, 1, len(names) - 1, TITLES[table], bold)
        sheet.write(2, 0, "Dicetak dari buku kerja bidang hubungan industrial")
        self._header(sheet, names, bold)
        for place, row in enumerate(rows, start=_ABOVE + 2):
            for column, name in enumerate(names):
                value, kind = row[name], described[name][0]
                if value in (None, ""):
                    continue
                if kind == "DATE":
                    sheet.write_datetime(place, column, datetime.fromisoformat(str(value)), day)
                elif kind == "NUMBER":
                    sheet.write_number(place, column, float(str(value)), money)  # ours come with cents
                else:
                    sheet.write_string(place, column, str(value))
        sheet.write(_ABOVE + 2 + len(rows), 0, f"JUMLAH: {len(rows)}", bold)
        book.close()
        return out.getvalue()

    @staticmethod
    def _header(sheet: object, names: Sequence[str], bold: object) -> None:
        column = 0
        for subject, group in groupby(names, lambda name: name.partition(" / ")[0]):
            below = [name.partition(" / ")[2] for name in group]
            if len(below) > 1:
                sheet.merge_range(_ABOVE, column, _ABOVE, column + len(below) - 1, subject, bold)  # type: ignore[attr-defined]
            else:
                sheet.write(_ABOVE, column, subject, bold)  # type: ignore[attr-defined]
            for name in below:
                sheet.write(_ABOVE + 1, column, name, bold)  # type: ignore[attr-defined]
                column += 1
