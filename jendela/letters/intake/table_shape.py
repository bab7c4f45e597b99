"""Where in a sheet the table is: titles, facts above it, its header, the workers, totals, what follows.

Names of columns are known in Indonesian and English (`schemas/surat_phk/intake/columns.csv`), in any
spelling of blanks, dots and capitals. What no name says is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from jendela.letters.intake.finding import NOT_A_TABLE, Refused, Said, place
from jendela.letters.intake.form import fields
from jendela.letters.intake.table_grid import Cells, Sheet, letters_of

LOOKED_AT = 60  # rows from the top in which the header is looked for
REMARK = "#"  # what begins with it is for people
ENOUGH = 3  # known names that make a row a header
EDITION = "schema_version"  # no field of the form, but what a table may say of itself
_EDITION_NAMES = ("versi_skema", EDITION)
PERSON = ("nik", "passport_no", "full_name")
_WORKER = "pekerja/"
# Of a worker, only what a lay-off may have in common stands above the table.
_SHARED = ("hubungan_kerja", "pengakhiran", "kompensasi")
_TOTAL = re.compile(r"^(grand ?|sub ?)?(total|jumlah)( .*)?$", re.IGNORECASE)
_NUMBERING = re.compile(r"^\(?[0-9]{1,3}\)?$")
_ORDER = {"no", "nomor", "no_urut", "nomor_urut", "urut", "number"}


@dataclass
class Table:
    """The workers' rows, what each column holds, and the facts that stand above the table.

    `places` are the columns' positions; `unknown` those of columns that nobody agreed; `skipped` the numbers
    of rows that are no workers.
    """

    sheet: Sheet
    facts: dict[str, str]
    places: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rows: list[Cells] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)


def find_table(sheets: list[Sheet]) -> Table:
    """The one table of workers in these sheets, with the facts of all of them.

    Raises:
        Refused: there is none or there are two, a column or a fact stands twice, or nobody is in it.
    """
    facts: dict[str, str] = {}
    tables: list[Table] = []
    without: Said | None = None
    for sheet in sheets:
        header = _header(sheet)
        if header and not any(_names().get(name) in PERSON for name in header[2]):
            without, header = place(line=sheet.numbers[header[1]]), None
        for name, value, line in _facts(sheet, header[0] if header else len(sheet.rows)):
            if facts.setdefault(name, value) != value:
                raise Refused(NOT_A_TABLE, "table.fact_twice", field=_label(name), place=place(line=line))
        if header:
            tables.append(_table(sheet, *header))
    if not tables:
        raise Refused(NOT_A_TABLE, "table.person" if without else "table.header", place=without)
    if len(tables) > 1:
        raise Refused(NOT_A_TABLE, "table.two")
    tables[0].facts = facts
    if not tables[0].rows:
        raise Refused(NOT_A_TABLE, "table.nobody")
    return tables[0]


def normal(text: str | None) -> str:
    """A name as it is compared: lower case, words with `_` between, without what stands in brackets."""
    if text is not None and text.lstrip().startswith(REMARK):
        return ""
    plain = unicodedata.normalize("NFKC", text or "").lower()
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"\([^)]*\)", " ", plain)).strip("_")


def known_names(cells: Iterable[str | None]) -> int:
    """How many columns of the form these cells name."""
    known = _names()
    return len({known[name] for name in map(normal, cells) if name in known})


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    own = {name: one.column for one in fields().values() for name in (*one.ids, *one.ens)}
    return own | dict.fromkeys(_EDITION_NAMES, EDITION)


@lru_cache(maxsize=1)
def _fact_names() -> dict[str, str]:
    """Names above the table: all but those of a person, and more for the letter and the employer."""
    own = {
        name: one.column
        for one in fields().values()
        for name in (*one.ids, *one.ens)
        if not _of_person(one.xml)
    }
    block = {name: one.column for one in fields().values() for name in one.block}
    return own | block | dict.fromkeys(_EDITION_NAMES, EDITION)


def _label(column: str) -> str:
    return EDITION if column == EDITION else fields()[column].name


def _of_person(path: str) -> bool:
    above, _, _ = path.removeprefix(_WORKER).rpartition("/")
    return path.startswith(_WORKER) and above not in _SHARED


def _header(sheet: Sheet) -> tuple[int, int, list[str]] | None:
    """The first and last row of the header and its names: the row with most known names.

    Where it has nothing, a name may stand in the row above or below, as when cells are merged over two rows.
    """
    known = _names()
    texts = [[normal(cell) for cell in cells] for cells in sheet.rows[:LOOKED_AT]]
    counts = [len({known[name] for name in names if name in known}) for names in texts]
    at = max(range(len(texts)), key=counts.__getitem__, default=0)
    if not texts or counts[at] < ENOUGH:
        return None
    first, last, names = at, at, texts[at]
    for other in (at - 1, at + 1):
        # A row with digits in it is one of facts or of a worker.
        if 0 <= other < len(texts) and not any(any(map(str.isdigit, name)) for name in texts[other]):
            both = _filled(names, texts[other])
            if any(name in known for name in set(both) - set(names)):
                first, last, names = min(first, other), max(last, other), both
    return first, last, names


def _filled(names: list[str], others: list[str]) -> list[str]:
    """The names, with those of the other row where these say nothing known; a column of row numbers stays."""
    known, width = _names(), max(len(names), len(others))
    one, other = names + [""] * (width - len(names)), others + [""] * (width - len(others))
    return [
        b if b in known and a not in known and a not in _ORDER else a for a, b in zip(one, other, strict=True)
    ]


def _facts(sheet: Sheet, until: int) -> Iterator[tuple[str, str, int]]:
    known = _fact_names()
    for number, cells in zip(sheet.numbers[:until], sheet.rows[:until], strict=True):
        filled = [cell.strip() for cell in cells if cell and cell.strip() not in ("", ":", "=")]
        filled = [cell for cell in filled if not cell.startswith(REMARK)]
        if len(filled) == 1 and ":" in filled[0]:
            filled = [part.strip() for part in filled[0].split(":", 1)]
        if len(filled) >= 2 and (column := known.get(normal(filled[0]))) and filled[1]:
            yield column, filled[1].removeprefix(":").strip(), number


def _table(sheet: Sheet, first: int, last: int, names: list[str]) -> Table:
    known = _names()
    table = Table(sheet, {})
    for at, name in enumerate(names):
        column = known.get(name)
        if column in table.places:
            values = {"field": _label(column), "place": place(cell=letters_of(at))}
            raise Refused(NOT_A_TABLE, "table.column_twice", **values)
        if column:
            table.places[column] = at
        elif name and name not in _ORDER:
            table.unknown.append(letters_of(at))
    people = [table.places[name] for name in PERSON if name in table.places]
    body = list(zip(sheet.numbers[last + 1 :], sheet.rows[last + 1 :], strict=True))
    for at, (number, cells) in enumerate(body):
        if _is_worker(cells, people, first_row=at == 0):
            table.numbers.append(number)
            table.rows.append(cells)
        elif not next(cell for cell in cells if cell and cell.strip()).startswith(REMARK):
            table.skipped.append(number)
    return table


def _is_worker(cells: Cells, people: list[int], *, first_row: bool) -> bool:
    """Not a total, not the numbering under a header, not a line of signatures or notes under the table."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled or filled[0].startswith(REMARK) or _TOTAL.match(filled[0].rstrip(":").strip()):
        return False
    if first_row and len(filled) >= ENOUGH and all(_NUMBERING.match(cell) for cell in filled):
        return False
    named = any(at < len(cells) and (cells[at] or "").strip() for at in people)
    # A row of nobody with many cells is a worker whose name is missing: that is said, not passed over.
    return (named and len(filled) > 1) or len(filled) > ENOUGH
