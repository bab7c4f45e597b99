"""Letter files as rows: one row of text columns per worker, or one finding per file that cannot be read.

What the nightly pull reads from an office's folder. The files are opened and judged as by the letter check
(`intake.xml_open`, `intake.xml_form`): bounded, without network or other files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from jendela.letters.columns import COLUMNS, SECTIONS, copied_to, primary_reason, total
from jendela.letters.intake.finding import NOT_AS_AGREED, NOT_XML, Finding, Refused, words
from jendela.letters.intake.form import NAMESPACE
from jendela.letters.intake.xml_form import judge_form
from jendela.letters.intake.xml_open import open_xml
from jendela.model.ports import Document

SCHEMA = {"_name": pl.String(), "_row": pl.Int64(), **dict.fromkeys(COLUMNS, pl.String())}


class Unreadable(NamedTuple):
    """A file that gives no rows: its name, the rule, and why: the element, never a value of the letter."""

    name: str
    rule: str
    reason: str


@dataclass(frozen=True)
class ParsedLetters:
    """The workers' rows (`_name`, `_row` and the columns of `columns.COLUMNS`), and the unreadable files."""

    rows: pl.DataFrame
    unreadable: list[Unreadable]


def parse_letters(documents: Iterable[Document], schema: Path | None = None) -> ParsedLetters:
    """The rows of all documents in order, judged by the XSD `schema`, by default the installed one.

    `_row` counts the workers of a file from 1. Of repeated elements the row has the primary reason (null if
    none or several are marked), the sum of the compensations of rights, and of the copies that to the office
    of the workplace.
    """
    rows: list[dict[str, Any]] = []
    unreadable = []
    for document in documents:
        try:
            root = open_xml(document.content)
            findings = judge_form(root, str(schema) if schema is not None else None)
        except Refused as refused:
            unreadable.append(_unreadable(document.name, [refused.finding]))
            continue
        if findings:
            unreadable.append(_unreadable(document.name, findings))
        else:
            rows.extend(_rows(document, root))
    return ParsedLetters(pl.DataFrame(rows, schema=SCHEMA), unreadable)


def _unreadable(name: str, findings: list[Finding]) -> Unreadable:
    # The night knows two rules of a file: it can be read as XML, and it keeps to the form.
    rule = NOT_AS_AGREED if findings[0].rule == NOT_AS_AGREED else NOT_XML
    more = f" ({len(findings) - 1} more findings)" if len(findings) > 1 else ""
    return Unreadable(name, rule, f"{words(findings[0].said, 'en')}{more}")


def _rows(document: Document, root: Any) -> Iterator[dict[str, Any]]:
    day = re.search(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)", document.name)
    common: dict[str, Any] = {
        "_name": document.name,
        "document_sha256": hashlib.sha256(document.content).hexdigest(),
        "signature_status": "none",
        "dropped_date": "-".join(day.groups()) if day else None,
    }
    for section in ("surat", "pengusaha", "penerimaan"):
        common |= _section(root, section)
    offices = _texts(root, "surat", "tembusan/kode_kantor")
    common["surat/tembusan/kode_kantor"] = copied_to(offices, common.get("pengusaha/wilayah_kerja"))
    for number, worker in enumerate(root.iterfind(_tag("pekerja")), start=1):
        row = (
            common
            | _fields(worker, "pekerja")
            | {"_row": number, "pekerja/@urut": worker.get("urut").strip()}
        )
        reasons = [
            (_clean(code) or "", (code.get("utama") or "").strip() in ("true", "1"))
            for code in worker.iterfind(_tag("pengakhiran/kode_alasan"))
        ]
        row["pekerja/pengakhiran/kode_alasan"] = primary_reason(reasons)
        amounts = [text for one in worker.iterfind(_tag("kompensasi/uph/jumlah")) if (text := _clean(one))]
        row["pekerja/kompensasi/uph/jumlah"] = total(amounts)
        yield row


def _section(root: Any, section: str) -> dict[str, str | None]:
    element = root.find(_tag(section))
    return {} if element is None else _fields(element, section)


def _fields(element: Any, section: str) -> dict[str, str | None]:
    found: dict[str, Any] = {}
    _walk(element, "", found)
    return {f"{section}/{name}": _clean(found.get(name)) for name in SECTIONS[section] if name in found}


def _walk(element: Any, path: str, found: dict[str, Any]) -> None:
    """The first element at every path below `element`, in one pass: asking path by path takes far longer."""
    for child in element:
        name = path + child.tag[len(NAMESPACE) + 2 :]
        if len(child):
            _walk(child, f"{name}/", found)
        else:
            found.setdefault(name, child)


def _texts(root: Any, section: str, name: str) -> list[str]:
    return [text for one in root.iterfind(_tag(f"{section}/{name}")) if (text := _clean(one))]


@lru_cache(maxsize=256)
def _tag(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))


def _clean(element: Any) -> str | None:
    """The element's text as the form's type xs:token has it: one blank between words; empty is null."""
    if element is None or element.text is None:
        return None
    return " ".join(element.text.split()) or None
