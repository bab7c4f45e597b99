"""Any number of files, in any form of a letter, as one frame of letters and one of findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl

from jendela.letters.frame import LETTERS
from jendela.letters.intake.detect import form_of
from jendela.letters.intake.finding import NOT_SIGNED, Finding, Refused, Said, frame
from jendela.letters.intake.json_letter import take_json
from jendela.letters.intake.pdf import letter_inside
from jendela.letters.intake.raw import MANY, RAW, RawRows
from jendela.letters.intake.table import take_csv, take_xlsx
from jendela.letters.intake.typed import Intake, typed
from jendela.letters.intake.xml_form import judge_form
from jendela.letters.intake.xml_open import check_size, open_xml
from jendela.letters.intake.xml_rows import add_rows
from jendela.letters.signing import Status, Trust, verify
from jendela.model.ports import Document


def take_in(documents: Iterable[Document]) -> Intake:
    """The letters of all files, and what is wrong with the files and workers that are not among them.

    Nothing raises: a file that cannot be read is one finding without an `index`, a worker that does not keep
    to the form one with it, and all others are letters.
    """
    batch = Batch()
    for document in documents:
        batch.add(document.name, document.content)
    return batch.intake()


def take_rows(rows: pl.DataFrame, file: str) -> Intake:
    """The rows of an office's database, already in the columns of `LETTERS`: typed and judged as any letter.

    Columns may be text or typed, and may be missing; `file` names the feed. A worker's `index` is the row's
    place from 1, unless the frame has a column `index`.
    """
    height = rows.height
    place = {
        "file": pl.repeat(file, height, eager=True),
        "index": rows["index"] if "index" in rows.columns else pl.int_range(1, height + 1, eager=True),
        "line": pl.repeat(None, height, dtype=pl.Int64(), eager=True),
    }
    columns = [_text(rows, name) for name in RAW if name not in place]
    return typed(pl.DataFrame([one.alias(name) for name, one in place.items()] + columns))


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    if name not in rows.columns:
        return pl.repeat(None, rows.height, dtype=pl.String(), eager=True).alias(name)
    column = rows[name]
    if isinstance(column.dtype, pl.List):
        return column.cast(pl.List(pl.String())).list.join(MANY)
    return column.cast(pl.String())


class Batch:
    """Files as they come, typed together: frames over thousands of letters cost what frames over one do."""

    def __init__(self, trust: Trust | None = None, received: datetime | None = None) -> None:
        """`trust` are the anchors of signatures, by default none; `received` is when the letters came."""
        self._trust, self._received = trust if trust is not None else Trust(), received
        self.signatures: dict[str, Status] = {}
        self._checked, self._unchecked = RawRows(), RawRows()
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
            self._tables.append(take_csv(name, content))
        elif form == "xlsx":
            self._tables.append(take_xlsx(name, content))
        elif form == "json":
            self._found += [(name, one) for one in take_json(self._unchecked, name, content)]
        else:
            self._xml(name, letter_inside(content) if form == "pdf" else content)

    def _xml(self, name: str, content: bytes) -> None:
        root = open_xml(content)
        if b"Signature" in content or b"S\0i\0g\0n" in content:
            root = self._signed(name, content, root)
        findings = judge_form(root)
        self._found += [(name, one) for one in findings]
        held = {one.index for one in findings}
        if None not in held:
            add_rows(self._checked, name, root, {index for index in held if index is not None})

    def _signed(self, name: str, content: bytes, root: Any) -> Any:
        """The part of a letter that its signature covers: nothing else of it is read."""
        verdict = verify(content, self._trust, self._received)
        self.signatures[name] = verdict.status
        if verdict.status == "invalid":
            said = Said(verdict.reason or "signature.invalid", family="")
            self._found.append((name, Finding(NOT_SIGNED, said, field="signature")))
        return root if verdict.signed is None else open_xml(verdict.signed)

    def intake(self) -> Intake:
        """All of them together, XML first, then JSON, then tables; the order within a file is kept."""
        parts = [
            typed(self._checked.frame(), checked=True),
            typed(self._unchecked.frame()),
            *self._tables,
        ]
        letters = [part.letters for part in parts if part.letters.height]
        findings = [part.findings for part in parts if part.findings.height]
        return Intake(
            pl.concat(letters) if letters else pl.DataFrame(schema=LETTERS),
            pl.concat([frame(self._found), *findings]),
        )
