"""Letter files as rows: one row of text columns per worker, or one finding per file that cannot be read.

What the nightly pull reads from an office's folder. The files are opened and judged as by the letter check
(`intake.xml_letter`, `intake.xml_form`): bounded, without network or other files, each by its own edition.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from jendela.letters.columns import COLUMNS, SECTIONS, copied_to, primary_reason, total
from jendela.letters.intake.finding import NOT_AS_AGREED, NOT_XML, Finding, Refused, words
from jendela.letters.intake.form import WORKER, Form
from jendela.letters.intake.xml_form import judge_form
from jendela.letters.intake.xml_letter import XmlLetter, open_letter
from jendela.letters.signing import Trust, Verdict
from jendela.model.ports import Document

HELD = ("_problem", "_field")
SCHEMA = {"_name": pl.String(), "_row": pl.Int64(), **dict.fromkeys((*COLUMNS, *HELD), pl.String())}
# The findings that are about a value. Those about what is missing or misplaced name the element that was met.
_OF_A_VALUE = {f"field.{key}" for key in ("pattern", "code", "type", "long", "empty", "small", "great")}
_NUMBER, _NUMBERED = f"{WORKER}/@urut", re.compile(r"\+?0*([1-9][0-9]*)")


class Unreadable(NamedTuple):
    """A file that gives no rows: its name, the rule, and why: the element, never a value of the letter."""

    name: str
    rule: str
    reason: str


class Held(NamedTuple):
    """A worker who does not keep to the form: the file's name, its place in it from 1, and why, as above."""

    name: str
    row: int
    rule: str
    reason: str


@dataclass(frozen=True)
class ParsedLetters:
    """The workers' rows, the files that gave none, the workers that are held, the verdicts on signatures.

    Rows have `_name`, `_row`, the columns of `columns.COLUMNS`, `_problem` (the rule that the worker breaks,
    null of a sound one) and `_field` (the column that it is about, null if it is about none). Verdicts are by
    the file's name, of signed files only, without the bytes that were signed.
    """

    rows: pl.DataFrame
    unreadable: list[Unreadable]
    held: list[Held] = field(default_factory=list)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


def parse_letters(
    documents: Iterable[Document],
    trust: Trust | None = None,
    received: datetime | None = None,
    agreements: Path | None = None,
) -> ParsedLetters:
    """The rows of all documents in order, each judged by its edition's XSD.

    `_row` counts the workers of a file from 1. An error inside of one worker holds that worker, one outside
    the file. Of repeated elements the row has the primary reason (null if none or several are marked), the
    sum of the compensations of rights, and of the copies that to the office of the workplace.

    Args:
        documents: the files as they came.
        trust: the anchors of signatures, by default none: then no signature is valid.
        received: when the files came (with a zone), by default now: signatures are judged by it.
        agreements: the folder with the editions of the letter, by default the installed ones.
    """
    rows: list[dict[str, Any]] = []
    unreadable: list[Unreadable] = []
    held: list[Held] = []
    verdicts: dict[str, Verdict] = {}
    for document in documents:
        try:
            letter = open_letter(document.content, trust or Trust(), received, agreements)
            if letter.verdict is not None:
                verdicts[document.name] = replace(letter.verdict, signed=None)
            findings = judge_form(letter.root, letter.form)
        except Refused as refused:
            unreadable.append(_unreadable(document.name, [refused.finding]))
            continue
        if any(one.index is None for one in findings):
            unreadable.append(_unreadable(document.name, findings))
        else:
            held += _held(document.name, findings)
            rows.extend(_rows(document, letter, findings))
    return ParsedLetters(pl.DataFrame(rows, schema=SCHEMA), unreadable, held, verdicts)


def _unreadable(name: str, findings: list[Finding]) -> Unreadable:
    # The night knows two rules of a file: it can be read as XML, and it keeps to the form.
    whole = [one for one in findings if one.index is None] or findings
    rule = NOT_AS_AGREED if whole[0].rule == NOT_AS_AGREED else NOT_XML
    return Unreadable(name, rule, _said(whole[0], len(findings)))


def _held(name: str, findings: list[Finding]) -> Iterator[Held]:
    """The first finding of each worker."""
    count = Counter(one.index for one in findings)
    for one in _firsts(findings).values():
        yield Held(name, one.index or 0, one.rule, _said(one, count[one.index]))


def _firsts(findings: list[Finding]) -> dict[int | None, Finding]:
    return {one.index: one for one in reversed(findings)}


def _said(finding: Finding, count: int) -> str:
    more = f" ({count - 1} more findings)" if count > 1 else ""
    return f"{words(finding.said, 'en')}{more}"


def _rows(document: Document, letter: XmlLetter, findings: list[Finding]) -> Iterator[dict[str, Any]]:
    root, form = letter.root, letter.form
    day = re.search(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)", document.name)
    common: dict[str, Any] = {
        "_name": document.name,
        "document_sha256": hashlib.sha256(document.content).hexdigest(),
        "signature_status": letter.verdict.status if letter.verdict is not None else "none",
        "dropped_date": "-".join(day.groups()) if day else None,
    }
    for section in ("surat", "pengusaha", "penerimaan"):
        common |= _section(form, root, section)
    offices = _texts(form, root, "surat", "tembusan/kode_kantor")
    common["surat/tembusan/kode_kantor"] = copied_to(offices, common.get("pengusaha/wilayah_kerja"))
    workers, wrong = root.findall(_tag(form, WORKER)), _firsts(findings)
    numbers = Counter(_number(worker) for worker in workers) if wrong else Counter()
    for index, worker in enumerate(workers, start=1):
        row = common | _worker(form, worker) | {"_row": index}
        if index in wrong:
            row |= {"_problem": wrong[index].rule, "_field": _column(form, wrong[index])}
            number = _number(worker)
            # Without a number of its own nobody could tell it from another worker of the letter.
            row[_NUMBER] = number if numbers[number] == 1 else None
        yield row


def _worker(form: Form, worker: Any) -> dict[str, Any]:
    row: dict[str, Any] = _fields(form, worker, WORKER) | {_NUMBER: (worker.get("urut") or "").strip()}
    reasons = [
        (_clean(code) or "", (code.get("utama") or "").strip() in ("true", "1"))
        for code in worker.iterfind(_tag(form, "pengakhiran/kode_alasan"))
    ]
    row["pekerja/pengakhiran/kode_alasan"] = primary_reason(reasons)
    rights = worker.iterfind(_tag(form, "kompensasi/uph/jumlah"))
    row["pekerja/kompensasi/uph/jumlah"] = total([text for one in rights if (text := _clean(one))])
    return row


def _number(worker: Any) -> str | None:
    """The worker's number as every spelling of it has it; null where it is none."""
    found = _NUMBERED.fullmatch((worker.get("urut") or "").strip())
    return found[1] if found else None


def _column(form: Form, finding: Finding) -> str | None:
    """The column whose value a finding is about."""
    if finding.said.key not in _OF_A_VALUE:
        return None
    path = next((one.xml for one in form.fields.values() if one.json == finding.field), finding.field)
    return path if path in COLUMNS else None


def _section(form: Form, root: Any, section: str) -> dict[str, str | None]:
    element = root.find(_tag(form, section))
    return {} if element is None else _fields(form, element, section)


def _fields(form: Form, element: Any, section: str) -> dict[str, str | None]:
    found: dict[str, Any] = {}
    _walk(f"{{{form.namespace}}}", element, "", found)
    return {f"{section}/{name}": _clean(found.get(name)) for name in SECTIONS[section] if name in found}


def _walk(namespace: str, element: Any, path: str, found: dict[str, Any]) -> None:
    """The first element at every path below `element`, in one pass: asking path by path takes far longer."""
    for child in element:
        if not child.tag.startswith(namespace):
            continue
        name = path + child.tag[len(namespace) :]
        if len(child):
            _walk(namespace, child, f"{name}/", found)
        else:
            found.setdefault(name, child)


def _texts(form: Form, root: Any, section: str, name: str) -> list[str]:
    return [text for one in root.iterfind(_tag(form, f"{section}/{name}")) if (text := _clean(one))]


@lru_cache(maxsize=256)
def _tag(form: Form, path: str) -> str:
    return "/".join(f"{{{form.namespace}}}{name}" for name in path.split("/"))


def _clean(element: Any) -> str | None:
    """The element's text as the form's type xs:token has it: one blank between words; empty is null."""
    if element is None or element.text is None:
        return None
    return " ".join(element.text.split()) or None
