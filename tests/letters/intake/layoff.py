"""The lay-off at PT Borneo Mitra Karya, as every form has it; the people and numbers are made up."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from jendela.letters.agreement import from_xml
from jendela.letters.agreement.json_form import write_json
from jendela.letters.intake import take_in
from jendela.letters.intake.form import fields
from jendela.letters.intake.xml_open import open_xml
from jendela.model.ports import Document

EXAMPLE = (Path(__file__).parents[3] / "docs" / "examples" / "surat_phk.xml").read_bytes()
WORKER = EXAMPLE[EXAMPLE.index(b"<pekerja") : EXAMPLE.index(b"</pekerja>") + len(b"</pekerja>")]
# NIK serials from 9001 are never issued.
NAMES = {9001: "SITI NUR AISYAH", 9002: "BUDI SANTOSO", 9003: "MARIA LESTARI"}


def worker(number: int) -> bytes:
    """Siti's entry in the letter, for another of the three."""
    text = WORKER.replace(b'urut="1"', b'urut="%d"' % number).replace(b"899001", b"89%d" % (9000 + number))
    return text.replace(b"SITI NUR AISYAH", NAMES[9000 + number].encode())


def letter(*workers: bytes) -> bytes:
    """The letter with these workers."""
    return EXAMPLE.replace(WORKER, b"".join(workers))


THREE = letter(worker(1), worker(2), worker(3))


def take(content: bytes, name: str = "surat.xml"):
    """The intake of one file."""
    return take_in([Document(name, content)])


def as_json(content: bytes) -> bytes:
    """The same letter as JSON."""
    return write_json(from_xml(open_xml(content)))


def facts_and_rows(content: bytes, names: str = "ids") -> tuple[list[list[str]], list[list[str]]]:
    """The same letter as a table: facts, and header with rows; empty columns are left out."""
    letters = take(content).letters
    used = [one for one in fields().values() if letters[one.column].null_count() < letters.height]
    text = {
        one.column: [
            ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
            for value in letters[one.column].to_list()
        ]
        for one in used
    }
    title = {one.column: getattr(one, names)[0] for one in used}
    facts = [[title[one.column], text[one.column][0]] for one in used if one.common]
    own = [one.column for one in used if not one.common]
    rows = [[title[name] for name in own], *([text[name][n] for name in own] for n in range(letters.height))]
    return facts, rows


def as_csv(facts: list[list[str]], rows: list[list[str]], delimiter: str = ";") -> str:
    """A table as people save it: facts, a blank line, the rows."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([*facts, [], *rows])
    return text.getvalue()
