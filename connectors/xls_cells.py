"""An old Excel file (.xls), read by calamine. It tells neither merged cells nor hidden rows and columns."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.xlsx_cells import Hidden, Merged, SheetRow
from connectors.xlsx_parts import Hostile
from connectors.xlsx_values import number_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_FILE = 64 << 20
_PROTECTED = "EncryptedPackage".encode("utf-16-le")


class OldWorkbook:
    """An XLS file, opened. Its format has at most 65,536 rows of 256 columns: that bounds the memory."""

    def __init__(self, content: bytes) -> None:
        import fastexcel

        if _PROTECTED in content:
            raise Hostile("is protected by a password", "Ask the agency to save it without a password.")
        if len(content) > MAX_FILE:
            raise Hostile(f"has more than {MAX_FILE >> 20} MiB", "Ask the agency to send it in parts.")
        try:
            self._reader = fastexcel.read_excel(content)
        except fastexcel.FastExcelError:
            raise Hostile("is not a spreadsheet, is damaged, or is protected by a password") from None
        self.sheets = {name: name for name in self._reader.sheet_names}
        self.hidden: list[str] = []

    def merged(self, name: str) -> list[Merged]:
        """None: calamine gives the text of a merged cell in its first one."""
        return []

    def rows(self, name: str, hidden: Hidden) -> Iterator[SheetRow]:
        """The rows that have a cell with something in it."""
        import fastexcel

        try:
            # What is a number there, and not a text of digits, is only told by asking for truth values.
            load = self._reader.load_sheet
            texts = load(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            truths = load(name, header_row=None, skip_rows=0, dtypes="boolean").to_arrow()
        except fastexcel.FastExcelError:
            raise Hostile("is damaged: its cells cannot be read") from None
        columns = [column.to_pylist() for column in texts.columns]
        numbers = [column.to_pylist() for column in truths.columns]
        for at in range(texts.num_rows):
            cells = [
                _text(text[at], number[at] is not None) for text, number in zip(columns, numbers, strict=True)
            ]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield SheetRow(at + 1, cells)


def _text(text: str | None, number: bool) -> str | None:
    if text is None:
        return None
    if text[4:5] == text[7:8] == "-":
        return text.removesuffix(" 00:00:00")
    if not number:
        return text
    return {"true": "1", "false": "0"}.get(text) or number_text(text)
