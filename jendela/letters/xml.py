"""Letter files as rows: one row of text columns per worker, or one finding per file that cannot be read.

Nobody outside may make the reader work: no DTD, no entities, no network, no huge trees, a limit on the size.
Reasons name elements, lines and kinds of error, never what is written in the letter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from jendela.letters.columns import COLUMNS, SECTIONS, copied_to, primary_reason, total
from jendela.model.ports import Document

NAMESPACE = "urn:id:jendela:surat-phk:1.0"
ROOT = "berkas_phk"
MAX_BYTES = 10 * 1024 * 1024
NOT_XML, NOT_A_LETTER = "F-XML", "F-XSD"
SCHEMA = {"_name": pl.String(), "_row": pl.Int64(), **dict.fromkeys(COLUMNS, pl.String())}

KINDS = {
    "PATTERN_VALID": "does not have the agreed form",
    "ENUMERATION_VALID": "is not an agreed code",
    "DATATYPE_VALID": "is not of the agreed type",
    "MAXLENGTH_VALID": "is longer than agreed",
    "MINLENGTH_VALID": "is empty",
    "MININCLUSIVE_VALID": "is smaller than agreed",
    "MAXINCLUSIVE_VALID": "is greater than agreed",
    "TOTALDIGITS_VALID": "has more digits than agreed",
    "FRACTIONDIGITS_VALID": "has more decimals than agreed",
    "IDC": "appears twice with the same number",
    "COMPLEX_TYPE_4": "lacks an agreed attribute",
    "COMPLEX_TYPE_3": "has an attribute that is not agreed",
    "ATTRIBUTE": "has an attribute that is not agreed",
}


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


class _Refused(Exception):  # noqa: N818  not an error: a finding on its way out
    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason


def parse_letters(documents: Iterable[Document], schema: Path | None = None) -> ParsedLetters:
    """The rows of all documents in order, judged by the XSD `schema`, by default the installed one.

    `_row` counts the workers of a file from 1. Of repeated elements the row has the primary reason (null if
    none or several are marked), the sum of the compensations of rights, and of the copies that to the office
    of the workplace.
    """
    path = schema if schema is not None else Path(str(files("schemas") / "surat_phk.xsd"))
    rows: list[dict[str, Any]] = []
    unreadable = []
    for document in documents:
        try:
            rows.extend(_rows(document, _parse(document.content, str(path))))
        except _Refused as refused:
            unreadable.append(Unreadable(document.name, refused.rule, refused.reason))
    return ParsedLetters(pl.DataFrame(rows, schema=SCHEMA), unreadable)


def _parse(content: bytes, schema: str) -> Any:
    """The root element of a letter file that is valid."""
    from lxml import etree

    if len(content) > MAX_BYTES:
        raise _Refused(NOT_XML, f"is larger than {MAX_BYTES // 2**20} MB.")
    if not content.strip(b"\0 \t\r\n"):
        raise _Refused(NOT_XML, "is empty.")
    # Also in UTF-16, where every other byte is null. A letter has no need of a document type.
    if b"<!DOCTYPE" in content.replace(b"\0", b""):
        raise _Refused(NOT_XML, "has a document type or entities, which letters may not have.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        last = error.error_log.last_error if len(error.error_log) else None
        kind = last.type_name if last is not None else "ERR_UNKNOWN"
        raise _Refused(NOT_XML, f"is not well-formed XML: {kind} in line {error.lineno}.") from None
    if root.getroottree().docinfo.doctype:
        raise _Refused(NOT_XML, "has a document type or entities, which letters may not have.")
    _check_root(root)
    validator = _validator(schema)
    if not validator.validate(root):
        raise _Refused(NOT_A_LETTER, _explain(root, validator.error_log, _names(schema)))
    return root


def _check_root(root: Any) -> None:
    from lxml import etree

    name = etree.QName(root)
    if name.localname != ROOT:
        raise _Refused(NOT_A_LETTER, f"its outermost element is not {ROOT}.")
    if name.namespace != NAMESPACE:
        stated = "no namespace" if name.namespace is None else "another namespace"
        raise _Refused(NOT_A_LETTER, f'{ROOT} has {stated}: it must say xmlns="{NAMESPACE}".')


@lru_cache(maxsize=4)
def _validator(schema: str) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(schema))


@lru_cache(maxsize=4)
def _names(schema: str) -> frozenset[str]:
    """The element names that the form has: only these are repeated from a message."""
    from lxml import etree

    return frozenset(str(name) for name in etree.parse(schema).xpath("//@name"))


def _explain(root: Any, log: Any, names: frozenset[str]) -> str:
    """The path of the first element that is wrong, what is wrong with it, and how many more there are."""
    first = log[0]
    found = root.getroottree().xpath(first.path) if first.path else []
    place = _path(found[0], names) if found else ROOT
    kind = str(first.type_name)
    if "ELEMENT_CONTENT" in kind:
        expected = re.findall(r"\{[^}]*\}(\w+)", first.message.split("Expected")[-1])
        known = ", ".join(name for name in expected if name in names)
        said = "is incomplete" if "Missing child" in first.message else "is not expected here"
        said += f", expected is {known}" if known and "Expected" in first.message else ""
    else:
        said = next((words for part, words in KINDS.items() if part in kind), "is not valid")
    more = f" ({len(log) - 1} more findings)" if len(log) > 1 else ""
    return f"{place} {said}, line {first.line}{more}."


def _path(element: Any, names: frozenset[str]) -> str:
    from lxml import etree

    parts: list[str] = []
    for node in [element, *element.iterancestors()]:
        name = etree.QName(node).localname
        before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        number = f"[{before + 1}]" if name == "pekerja" or before else ""
        parts.append((name if name in names else "?") + number)
    return "/".join(reversed(parts))


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
