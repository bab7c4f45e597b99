"""What a folder of exports says of itself: each kind of file, its header, its form, and its first rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.files import FilesConnector
from connectors.folder import Folder
from connectors.reading import CELL_RULE
from connectors.sheets_describe import lists_of
from connectors.xlsx_parts import Hostile
from jendela.model import describing as d
from jendela.model.errors import UnusableFeedError
from jendela.model.file_names import UnorderedError, last_of
from jendela.model.ports import FeedSource, Window

DELIMITERS = ";,\t|"
SEEN = 200_000  # bytes of a file that its form is told from
_STAMP = re.compile(r"\d{4}[-_]?\d{2}[-_]?\d{2}|\d{6}")
_TEXTS, _SHEETS, _PARQUET = (".csv", ".txt", ".tsv"), (".xlsx", ".ods", ".xls"), (".parquet",)
_KNOWN = (*_TEXTS, *_SHEETS, *_PARQUET)


class FilesDescriber:
    """One agency's export folder."""

    def __init__(self, office: str, url: str) -> None:
        self.office, self._address = office, url
        self._folder = Folder(office, url)

    def tables(self) -> list[d.SourceTable]:
        """A table for every kind of file, and in workbooks for every sheet with a list.

        Files whose names differ only in a date are one kind.

        Raises:
            UnusableFeedError: the folder has none, and says which other files there are.
        """
        names = self._folder.names("folder", "**")
        kinds: dict[str, list[str]] = {}
        for name in names:
            if name.lower().endswith(_KNOWN):
                kinds.setdefault(_STAMP.sub("*", name), []).append(name)
        tables = [table for path, found in sorted(kinds.items()) for table in self._lists(path, found)]
        if not tables:
            others = sorted({name.rpartition(".")[2].lower() for name in names if "." in name})
            found = f"it holds files of the kind {', '.join(others)}" if others else "it is empty"
            raise UnusableFeedError(
                self.office,
                "folder",
                f"No list is in the folder: {found}. CSV, spreadsheets and Parquet can describe themselves.",
                "Ask for each list in one of them, or write the mapping by hand (docs/reference/mapping.md).",
            )
        return tables

    def sample(self, table: d.SourceTable, rows: int) -> pa.Table:
        """The first rows of the newest file that can be told apart."""
        names = tuple(column.name for column in table.columns)
        source = FeedSource(
            self.office, table.name, "snapshot", names, names[:1], path=table.path, options=table.options
        )
        parts: list[pa.Table] = []
        for part in FilesConnector(self.office, self._address).pull(source, Window(None, None)):
            # A row with a formula that failed is one; its other columns say what they are.
            told = pc.is_in(part["_problem"], pa.array([None, CELL_RULE]))
            parts.append(part.filter(told).select(list(names)))
            if sum(part.num_rows for part in parts) >= rows:
                break
        return pa.concat_tables(parts).replace_schema_metadata(None).slice(0, rows)

    def together(self, columns: Sequence[str]) -> str | None:
        """None: a file computes nothing."""
        return None

    def day_of(self, column: str) -> str | None:
        """None: a file computes nothing."""
        return None

    def _lists(self, path: str, names: Sequence[str]) -> list[d.SourceTable]:
        """The lists in the newest file of one kind; none while it is being written or cannot be read."""
        file = self._folder.read("folder", _newest(names))
        content = file.content if file is not None else b""
        latest: dict[str, object] = {"take": "last"} if len(names) > 1 else {}
        if path.lower().endswith(_SHEETS):
            return _sheets(path, content, latest)
        if path.lower().endswith(_PARQUET):
            return _parquet(path, content, latest)
        return [self._text(path, content, latest)]

    def _text(self, path: str, content: bytes, latest: dict[str, object]) -> d.SourceTable:
        encoding = _encoding(content)
        lines = content[:SEEN].decode(encoding, errors="ignore")
        delimiter = _delimiter(lines)
        header = next(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter), [])
        options = {"encoding": encoding, "delimiter": delimiter, **latest}
        return _listed(path, dict.fromkeys(name.strip() for name in header if name.strip()), options)


def _newest(names: Sequence[str]) -> str:
    """The last of the files, or any where their names do not say: its form is looked at, not its rows."""
    try:
        return last_of(names)
    except UnorderedError:
        return max(names)


def _listed(path: str, columns: Iterable[str], options: dict[str, object], sheet: str = "") -> d.SourceTable:
    name = path.rpartition("/")[2]
    return d.SourceTable(
        name=f"{sheet} ({name})" if sheet else name,
        columns=tuple(d.SourceColumn(one, "VARCHAR", d.TEXT, written=one) for one in columns),
        path=path,
        options=options,
    )


def _sheets(path: str, content: bytes, latest: dict[str, object]) -> list[d.SourceTable]:
    try:
        lists = lists_of(content)
    except Hostile:
        return []
    found = []
    for sheet, (names, numbered) in lists.items():
        options: dict[str, object] = {"format": "xlsx", **latest}
        if len(lists) > 1:
            options["sheet"] = sheet
        if numbered:
            options["column_numbers"] = True
        found.append(_listed(path, names, options, sheet if len(lists) > 1 else ""))
    return found


def _parquet(path: str, content: bytes, latest: dict[str, object]) -> list[d.SourceTable]:
    try:
        schema = pq.read_schema(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError):
        return []
    plain = [field.name for field in schema if not pa.types.is_nested(field.type)]
    return [_listed(path, plain, {"format": "parquet", **latest})]


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
