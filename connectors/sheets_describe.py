"""What a workbook says of itself before anything is agreed: which sheets hold a list, and their headers.

The header is the first row that fills at least half as many cells as the fullest one; below what is merged
across, it goes on. As everywhere, the reader finds it again by the agreed columns alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from connectors.sheet_head import LINES, names_of
from connectors.sheet_rows import opened
from connectors.xlsx_cells import MAX_TOP, Hidden, Merged, SheetRow

NUMBERED = 3  # cells from which a row of 1, 2, 3 … below the header is one of column numbers


def lists_of(content: bytes) -> dict[str, tuple[list[str], bool]]:
    """The visible sheets with a header: its names from the left (without those said twice), and whether the
    row below it numbers the columns.

    Raises:
        Hostile: it is no workbook, is protected, damaged or out of bounds.
    """
    book = opened(content)
    found = {}
    for sheet in book.sheets:
        top = list(islice(book.rows(sheet, Hidden()), MAX_TOP))
        names, numbered = _header(top, book.merged(sheet))
        if names:
            found[sheet] = (names, numbered)
    return found


def _header(top: Sequence[SheetRow], merged: Sequence[Merged]) -> tuple[list[str], bool]:
    filled = [sum(bool(cell and cell.strip()) for cell in row.cells) for row in top]
    first = next((at for at, count in enumerate(filled) if 2 * count >= max(filled) and count > 1), None)
    if first is None:
        return [], False
    start = top[first].number
    last = _last(start, merged)
    cells = {row.number: row.cells for row in top}
    names = names_of(cells, start, last - start + 1, merged)
    below = cells.get(last + 1, [])
    once = [name for name in names if name and names.count(name) == 1]
    return once, _is_numbers(below)


def _last(start: int, merged: Sequence[Merged]) -> int:
    """The last row of a header that begins in the row `start`."""
    last = start
    for top, bottom, left, right in merged:
        if top <= start <= bottom:
            last = max(last, bottom, bottom + 1 if left < right else bottom)
    return min(last, start + LINES[-1] - 1)


def _is_numbers(cells: Sequence[str | None]) -> bool:
    texts = [cell.strip().strip("()") for cell in cells if cell]
    return len(texts) >= NUMBERED and texts == [str(at + 1) for at in range(len(texts))]
