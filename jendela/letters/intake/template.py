"""Empty letters to fill in, in every form that people write: what is needed, what it means, its codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from jendela.letters.agreement import Contract, contract
from jendela.letters.agreement import Field as Agreed
from jendela.letters.agreement.contract import HERE
from jendela.letters.frame import LETTERS
from jendela.letters.intake.form import Field, fields
from jendela.letters.intake.table_shape import REMARK

TITLE = "Surat PHK 1.0 / Termination letter 1.0"
NEEDED, OPTIONAL = ("wajib", "required"), ("bila ada", "optional")
HOW = (
    "Isi kolom kedua; satu baris untuk tiap pekerja di tabel bawah. Yang diawali # tidak dibaca.",
    "Fill in the second column; one row for each worker in the table. What begins with # is not read.",
)
ROWS = 2_000  # of the workbook's table that are formatted as text


def csv_template() -> bytes:
    """Facts above, one row a worker below; with `;` and a byte-order mark, as spreadsheets here open it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([f"{REMARK} {TITLE}"])
    writer.writerows([f"{REMARK} {line}"] for line in HOW)
    for field in _facts():
        writer.writerow([field.name, "", f"{REMARK} {remark(field)}"])
    writer.writerow([])
    writer.writerow([field.name for field in _of_workers()])
    writer.writerow([f"{REMARK} {remark(field)}" for field in _of_workers()])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template() -> bytes:
    """A workbook: a sheet of the letter's facts, one of workers, one of codes. Numbers are kept as text."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        grey = book.add_format({"font_color": "#666666", "italic": True})
        letter, workers, codes = (book.add_worksheet(name) for name in ("surat", "pekerja", "kode"))
        letter.write(0, 0, f"{REMARK} {TITLE}", grey)
        for row, field in enumerate(_facts(), start=1):
            letter.write(row, 0, field.name, bold)
            letter.write_blank(row, 1, None, text)
            letter.write(row, 2, f"{REMARK} {remark(field)}", grey)
            _choices(letter, field, row, 1, row)
        letter.set_column(0, 1, 32)
        for column, field in enumerate(_of_workers()):
            workers.write(0, column, field.name, bold)
            workers.write_comment(0, column, remark(field))
            _choices(workers, field, 1, column, ROWS)
        workers.set_column(0, len(_of_workers()) - 1, 20, text)
        workers.freeze_panes(1, 0)
        for column, field in enumerate(field for field in fields().values() if field.codes):
            codes.write_column(0, column, [f"{REMARK} {field.name}", *field.codes])
    return target.getvalue()


def _choices(sheet: Any, field: Field, first: int, column: int, last: int) -> None:
    choices = list(field.codes)
    # A list of choices has at most 255 characters in this form of it.
    if choices and len(",".join(choices)) <= 255:
        sheet.data_validation(first, column, last, column, {"validate": "list", "source": choices})


def json_template() -> bytes:
    """The needed fields of a letter about one worker, all empty. JSON has no remarks: see the guide."""
    agreed = contract()
    document = _object(agreed.letter.fields)
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _object(inside: Iterable[Agreed]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in inside:
        if field.inline:
            made |= _object(field.fields)
        elif field.fixed is not None:
            made[field.name] = field.fixed
        elif not field.required and field.name != "compensation":
            continue
        elif field.kind == "list":
            made[field.name] = [_object(field.fields)]
        elif field.kind == "object":
            made[field.name] = _object(field.fields)
        else:
            made[field.name] = 1 if field.unique else ""
    return made


def xml_template() -> bytes:
    """All elements of the form in their order; the optional ones stand in remarks, to be taken out."""
    from lxml import etree

    agreed = contract()
    root = etree.Element(f"{{{agreed.namespace}}}{agreed.root}", nsmap={None: agreed.namespace})
    root.append(etree.Comment(f" {TITLE} "))
    for field in agreed.letter.fields:
        _element(root, agreed, field)
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _element(parent: Any, agreed: Contract, field: Agreed) -> None:
    from lxml import etree

    if field.xml.startswith("@"):
        if field.required:
            parent.set(field.xml[1:], field.xml_fixed or "1")
        return
    if field.xml == HERE:
        for one in field.fields:
            _element(parent, agreed, one)
        return
    if field.required:
        said = f" {'/'.join(NEEDED)}: {field.description_id} / {field.description_en} "
        parent.append(etree.Comment(said + _codes(agreed, field)))
        below = etree.SubElement(parent, f"{{{agreed.namespace}}}{field.xml}")
        for one in field.fields:
            _element(below, agreed, one)
    else:
        said = f" {'/'.join(OPTIONAL)}: <{field.xml}></{field.xml}>: "
        said += f"{field.description_id} / {field.description_en} "
        parent.append(etree.Comment(said + _codes(agreed, field)))


def _codes(agreed: Contract, field: Agreed) -> str:
    if not field.codes or not field.enumerated:
        return ""
    return f"({', '.join(code.code for code in agreed.codes[field.codes].entries)}) "


def remark(field: Field) -> str:
    """Whether a field is needed, what it means, and its codes, in both languages."""
    agreed = contract().by_column[field.column]
    needed = NEEDED if field.required and field.group is None else OPTIONAL
    said = f"{'/'.join(needed)}: {agreed.description_id} / {agreed.description_en}"
    return said + (f" ({', '.join(field.codes)})" if field.codes else "")


def _facts() -> list[Field]:
    return [field for field in fields().values() if field.common and len(field.codes) != 1]


def _of_workers() -> list[Field]:
    return [field for field in fields().values() if not field.common and field.column in LETTERS]


TEMPLATES = {"json": json_template, "csv": csv_template, "xlsx": xlsx_template, "xml": xml_template}
