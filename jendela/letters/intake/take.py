"""Any number of files, in any form of a letter, as one frame of letters and one of findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import polars as pl

from jendela.letters.frame import LETTERS
from jendela.letters.intake.detect import form_of
from jendela.letters.intake.editions import by_edition
from jendela.letters.intake.finding import NOT_SIGNED, Finding, Refused, Said, frame
from jendela.letters.intake.form import Form
from jendela.letters.intake.json_letter import take_json
from jendela.letters.intake.pdf import letter_inside
from jendela.letters.intake.raw import MANY, RAW, RawRows
from jendela.letters.intake.table import take_csv, take_xlsx
from jendela.letters.intake.typed import Intake, typed
from jendela.letters.intake.xml_form import judge_form
from jendela.letters.intake.xml_letter import open_letter
from jendela.letters.intake.xml_open import check_size
from jendela.letters.intake.xml_rows import add_rows
from jendela.letters.signing import Status, Trust
from jendela.model.ports import Document


def take_in(documents: Iterable[Document], agreements: Path | None = None) -> Intake:
    """The letters of all files, and what is wrong with the files and workers that are not among them.

    Each is read by its own edition, of those in the folder `agreements`, by default the installed ones.

    Nothing raises: a file that cannot be read is one finding without an `index`, a worker that does not keep
    to the form one with it, and all others are letters.
    """
    batch = Batch(agreements=agreements)
    for document in documents:
        batch.add(document.name, document.content)
    return batch.intake()


def take_rows(rows: pl.DataFrame, file: str, agreements: Path | None = None) -> Intake:
    """The rows of an office's database, already in the columns of `LETTERS`: typed and judged as any letter.

    Columns may be text or typed, and may be missing; `file` names the feed. A worker's `index` is the row's
    place from 1, unless the frame has a column `index`. A row without `schema_version` follows the newest
    edition in force on its letter's date.
    """
    height = rows.height
    place = {
        "file": pl.repeat(file, height, eager=True),
        "index": rows["index"] if "index" in rows.columns else pl.int_range(1, height + 1, eager=True),
        "line": pl.repeat(None, height, dtype=pl.Int64(), eager=True),
    }
    columns = [_text(rows, name) for name in RAW if name not in place]
    raw = pl.DataFrame([one.alias(name) for name, one in place.items()] + columns)
    parts, wrong = by_edition(raw, agreements)
    return together([typed(part, form) for form, part in parts], wrong)


def together(parts: Iterable[Intake], found: Iterable[tuple[str, Finding]] = ()) -> Intake:
    """All of them in order, after what else was found."""
    parts = list(parts)
    letters = [part.letters for part in parts if part.letters.height]
    findings = [part.findings for part in parts if part.findings.height]
    return Intake(
        pl.concat(letters) if letters else pl.DataFrame(schema=LETTERS),
        pl.concat([frame(found), *findings]),
    )


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    if name not in rows.columns:
        return pl.repeat(None, rows.height, dtype=pl.String(), eager=True).alias(name)
    column = rows[name]
    if isinstance(column.dtype, pl.List):
        return column.cast(pl.List(pl.String())).list.join(MANY)
    return column.cast(pl.String())


class Batch:
    """Files as they come, typed together: frames over thousands of letters cost what frames over one do."""

    def __init__(
        self, trust: Trust | None = None, received: datetime | None = None, agreements: Path | None = None
    ) -> None:
        """`trust` are the anchors of signatures, by default none; `received` is when the letters came;
        `agreements` is the folder of the editions, by default the installed ones."""
        self._trust, self._received = trust if trust is not None else Trust(), received
        self._folder = agreements
        self.signatures: dict[str, Status] = {}
        self._checked: dict[Form, RawRows] = defaultdict(RawRows)
        self._unchecked: dict[Form, RawRows] = defaultdict(RawRows)
        self._found: list[tuple[str, Finding]] = []
        self._tables: list[Intake] = []

    def add(self, name: str, content: bytes) -> None:
        """One file."""
        try:
            check_size(content)
            self._take(name, content)
        except Refused as refused:
            self._found.append((name, refused.finding))

    def refuse(self, name: str, finding: Finding) -> None:
        """A file that could not even be read."""
        self._found.append((name, finding))

    def _take(self, name: str, content: bytes) -> None:
        form = form_of(content)
        if form == "csv":
            self._tables.append(take_csv(name, content, self._folder))
        elif form == "xlsx":
            self._tables.append(take_xlsx(name, content, self._folder))
        elif form == "json":
            self._found += [(name, one) for one in take_json(self._unchecked, name, content, self._folder)]
        else:
            self._xml(name, letter_inside(content) if form == "pdf" else content)

    def _xml(self, name: str, content: bytes) -> None:
        letter = open_letter(content, self._trust, self._received, self._folder)
        if letter.verdict is not None:
            self.signatures[name] = letter.verdict.status
            if letter.verdict.status == "invalid":
                said = Said(letter.verdict.reason or "signature.invalid", family="")
                self._found.append((name, Finding(NOT_SIGNED, said, field="signature")))
        findings = judge_form(letter.root, letter.form)
        self._found += [(name, one) for one in findings]
        held = {one.index for one in findings}
        if None not in held:
            workers = {index for index in held if index is not None}
            add_rows(self._checked[letter.form], name, letter.root, letter.form, workers)

    def intake(self) -> Intake:
        """All of them together, XML first, then JSON, then tables; the order within a file is kept."""
        parts = [
            *(typed(rows.frame(), form, checked=True) for form, rows in self._checked.items()),
            *(typed(rows.frame(), form) for form, rows in self._unchecked.items()),
            *self._tables,
        ]
        return together(parts, self._found)
