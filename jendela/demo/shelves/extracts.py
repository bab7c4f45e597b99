"""Books that are CSV files in the office's out-folder, each complete and rewritten on a day with news."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jendela.demo.house import House, Work
from jendela.demo.shelves.files import changed, put
from jendela.demo.tables import Row, columns


@dataclass(frozen=True)
class Extracts:
    """CSV with a header and CRLF, each table in its own encoding. The files are the office's only books."""

    agency: str
    encodings: Mapping[str, str]
    delimiter: str

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """Every table, in the order its rows came."""
        for table, rows in work.added.items():
            put(folder / self.agency / "keluar" / table, self.encoded(table, rows))

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """The tables with news, rewritten."""
        out = folder / self.agency / "keluar"
        for book in house.books:
            if work.touches(book.table):
                rows = changed(self.read(out, book.table), book.table, work)
                put(out / book.table, self.encoded(book.table, rows))

    def url(self, folder: Path) -> str:
        """The out-folder."""
        return (folder.resolve() / self.agency / "keluar").as_uri()

    def encoded(self, table: str, rows: Sequence[Row]) -> bytes:
        """The extract as the office's program writes it. A row that is one text is written as it is."""
        out = io.StringIO()
        writer = csv.DictWriter(
            out, columns(self.agency, table), delimiter=self.delimiter, lineterminator="\r\n"
        )
        writer.writeheader()
        for row in rows:
            if "" in row:
                out.write(f"{row['']}\r\n")
            else:
                writer.writerow(row)
        return out.getvalue().encode(self.encodings[table])

    def read(self, out: Path, table: str) -> list[Row]:
        """The extract in the folder `out`; a line that does not fit the header is kept as one text."""
        text = (out / table).read_bytes().decode(self.encodings[table])
        lines = text.split("\r\n")
        names = columns(self.agency, table)
        found: list[Row] = []
        for line in lines[1:]:
            if line:
                values = next(csv.reader([line], delimiter=self.delimiter))
                whole = len(values) == len(names)
                found.append(dict(zip(names, values, strict=True)) if whole else {"": line})
        return found
