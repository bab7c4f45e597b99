"""What a folder of exports says of itself: each kind of file, its header, its form, and its first rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pyarrow as pa

from connectors.files import FilesConnector
from connectors.folder import Folder
from jendela.model import describing as d
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

DELIMITERS = ";,\t|"
SEEN = 200_000  # bytes of a file that its form is told from
_STAMP = re.compile(r"\d{4}[-_]?\d{2}[-_]?\d{2}|\d{6}")
_KNOWN = (".csv", ".txt", ".tsv")


class FilesDescriber:
    """One agency's export folder."""

    def __init__(self, office: str, url: str) -> None:
        self.office, self._address = office, url
        self._folder = Folder(office, url)

    def tables(self) -> list[d.SourceTable]:
        """A table for every kind of CSV file; files whose names differ only in a date are one kind.

        Raises:
            UnusableFeedError: the folder has none, and says which other files there are.
        """
        names = self._folder.names("folder", "**")
        kinds: dict[str, list[str]] = {}
        for name in names:
            if name.lower().endswith(_KNOWN):
                kinds.setdefault(_STAMP.sub("*", name), []).append(name)
        if not kinds:
            others = sorted({name.rpartition(".")[2].lower() for name in names if "." in name})
            found = f"it holds files of the kind {', '.join(others)}" if others else "it is empty"
            raise UnusableFeedError(
                self.office,
                "folder",
                f"No CSV file is in the folder: {found}. Only CSV can describe itself.",
                "Ask for each list as CSV, or write the mapping by hand (docs/reference/mapping.md).",
            )
        return [self._table(path, found) for path, found in sorted(kinds.items())]

    def sample(self, table: d.SourceTable, rows: int) -> pa.Table:
        """The first rows of the newest file that can be told apart."""
        names = tuple(column.name for column in table.columns)
        source = FeedSource(
            self.office, table.name, "snapshot", names, names[:1], path=table.path, options=table.options
        )
        parts: list[pa.Table] = []
        for part in FilesConnector(self.office, self._address).pull(source, Window(None, None)):
            parts.append(part.filter(part["_problem"].is_null()).select(list(names)))
            if sum(part.num_rows for part in parts) >= rows:
                break
        return pa.concat_tables(parts).replace_schema_metadata(None).slice(0, rows)

    def together(self, columns: Sequence[str]) -> str | None:
        """None: a file computes nothing."""
        return None

    def day_of(self, column: str) -> str | None:
        """None: a file computes nothing."""
        return None

    def _table(self, path: str, names: Sequence[str]) -> d.SourceTable:
        newest = sorted(names)[-1]
        file = self._folder.read("folder", newest)
        content = file.content if file is not None else b""
        encoding = _encoding(content)
        lines = content[:SEEN].decode(encoding, errors="ignore")
        delimiter = _delimiter(lines)
        header = next(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter), [])
        options: dict[str, object] = {"encoding": encoding, "delimiter": delimiter}
        if len(names) > 1:
            options["take"] = "last"
        columns = dict.fromkeys(name.strip() for name in header if name.strip())
        return d.SourceTable(
            name=path.rpartition("/")[2],
            columns=tuple(d.SourceColumn(name, "VARCHAR", d.TEXT, written=name) for name in columns),
            path=path,
            options=options,
        )


def _encoding(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The sign that splits the first lines into the same number of fields, and into most."""

    def width(sign: str) -> tuple[bool, int]:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) if row][:20]
        widths = [len(row) for row in rows] or [0]
        return len(set(widths)) == 1, widths[0]

    return max(DELIMITERS, key=lambda sign: (width(sign)[1] > 1, *width(sign)))
