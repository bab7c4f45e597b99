"""The forms in which offices give their books out: tabs in UTF-16, bars, records of fixed width, Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jendela.demo.tables import Row, dictionary, sql_type, typed


def _delimited(rows: Sequence[Row], names: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Delimited:
    """A header and rows with any delimiter, in any encoding; what that does not have becomes `?`."""

    agency: str
    delimiter: str
    encoding: str

    def __call__(self, table: str, rows: Sequence[Row]) -> bytes:
        text = _delimited(rows, list(dictionary(self.agency)[table]), self.delimiter)
        return text.encode(self.encoding, errors="replace")


@dataclass(frozen=True)
class Punched:
    """Records of fixed width that begin with D, between a header with H and a trailer that counts them.

    What is too long is cut; a column of digits is filled with zeros, any other with blanks.
    """

    widths: Mapping[str, Mapping[str, int]]

    def __call__(self, table: str, rows: Sequence[Row]) -> bytes:
        widths = self.widths[table]
        length = 1 + sum(widths.values())
        lines = [f"H{table}".ljust(length)]
        for row in rows:
            cells = [self._cell(row[name], size) for name, size in widths.items()]
            lines.append(f"D{''.join(cells)}")
        lines.append(f"T{len(rows):08d}".ljust(length))
        return ("\r\n".join(lines) + "\r\n").encode("cp850", errors="replace")

    @staticmethod
    def _cell(value: object, size: int) -> str:
        text = "" if value is None else str(value)
        return text.zfill(size) if isinstance(value, int) else text[:size].ljust(size)


@dataclass(frozen=True)
class Columnar:
    """Parquet with the types of the office's dictionary."""

    agency: str

    def __call__(self, table: str, rows: Sequence[Row]) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {"DATE": pa.date32(), "BIGINT": pa.int64(), "SMALLINT": pa.int16()}
        columns = {}
        for name, (kind, _) in dictionary(self.agency)[table].items():
            values = [typed(sql_type(kind), row[name]) for row in rows]
            columns[name] = pa.array(values, kinds.get(kind, pa.string()))
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out, compression="zstd")
        return out.getvalue()
