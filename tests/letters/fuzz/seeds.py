"""Good letters in every form, from which mutations start, and hostile files with the rule against each."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable

from pypdf import PdfWriter

from tests.letters.intake.layoff import (
    EXAMPLE,
    THREE,
    WORKER,
    as_csv,
    as_json,
    facts_and_rows,
    letter,
    worker,
)
from tests.letters.intake.test_tables import workbook

HEAD = EXAMPLE[EXAMPLE.index(b"<berkas_phk") : EXAMPLE.index(b"<pekerja")]
TAIL = EXAMPLE[EXAMPLE.index(b"</pekerja>") + len(b"</pekerja>") :]
DSIG = b"http://www.w3.org/2000/09/xmldsig#"
SECRETS = ("SITI", "AISYAH", "6471055708899001", "01234567891", "1989-08-17", "RAHASIA", "root:")


def pdf(*letters: tuple[str, bytes]) -> bytes:
    """A PDF with these attachments."""
    writer, target = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    for name, content in letters:
        writer.add_attachment(name, content)
    writer.write(target)
    return target.getvalue()


def good() -> dict[str, bytes]:
    """One letter in every form."""
    table = facts_and_rows(THREE)
    return {
        "xml": THREE,
        "utf-16": EXAMPLE.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "json": as_json(THREE),
        "csv": as_csv(*table).encode(),
        "xlsx": workbook(*table),
        "pdf": pdf(("surat_phk.xml", EXAMPLE)),
    }


def _with_doctype(doctype: str, inside: str = "") -> bytes:
    return EXAMPLE.replace(
        b"<berkas_phk", f"<!DOCTYPE berkas_phk [{doctype}]>\n<berkas_phk".encode()
    ).replace(b"SITI NUR AISYAH", inside.encode() or b"SITI")


def _laughs(attribute: bool = False) -> bytes:
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    content = _with_doctype(f'<!ENTITY l0 "ha">{nested}', "&l9;")
    return content.replace(b' urut="1"', b' urut="&l9;"') if attribute else content


def _zip(parts: dict[str, bytes], level: int = 9) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _sheet(cells: str) -> bytes:
    """A workbook with one sheet of these cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return _zip(
        {
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
                "</sheets></workbook>"
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}"><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
                "</Relationships>"
            ).encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            ).encode(),
        }
    )


def _lying_zip() -> bytes:
    """A ZIP whose directory says that a part of 120 MB has 100 bytes."""
    content = bytearray(_zip({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 120_000_000}))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def _pdf_bomb() -> bytes:
    """A PDF whose attachment unpacks to 120 MB."""
    packed = zlib.compress(b" " * 120_000_000, 9)
    plain = pdf(("surat_phk.xml", b"x" * len(packed)))
    return plain.replace(b"x" * len(packed), packed).replace(
        b"/Type /EmbeddedFile", b"/Type /EmbeddedFile /Filter /FlateDecode"
    )


def _signed(inner: bytes) -> bytes:
    return EXAMPLE.replace(
        b"</berkas_phk>", b'<s:Signature xmlns:s="%s">%s</s:Signature></berkas_phk>' % (DSIG, inner)
    )


def _numbered(number: bytes) -> bytes:
    return EXAMPLE.replace(b'urut="1"', b'urut="%s"' % number)


def _with_attributes(count: int) -> bytes:
    return EXAMPLE.replace(b"<surat>", b"<surat %s>" % b" ".join(b'a%d="1"' % n for n in range(count)))


def _unbounded(element: bytes) -> bytes:
    return EXAMPLE.replace(b"<tembusan>", element * 100_000 + b"<tembusan>", 1)


def _json(**changes: object) -> bytes:
    return json.dumps(json.loads(as_json(EXAMPLE)) | changes).encode()


def _csv_of(text: str) -> bytes:
    facts, rows = facts_and_rows(THREE)
    return (as_csv(facts, rows) + text).encode()


# The file, and the rules of which one must be said.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a local file": (lambda: _with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "F-XML"),
    "another host": (lambda: _with_doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:9/a">%x;'), "F-XML"),
    "a billion laughs": (_laughs, "F-XML"),
    "laughs in an attribute": (lambda: _laughs(attribute=True), "F-XML"),
    "a quadratic blow-up": (lambda: _with_doctype(f'<!ENTITY x "{"x" * 50_000}">', "&x;" * 50_000), "F-XML"),
    "an entity in UTF-16": (lambda: _laughs().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "F-XML"),
    "UTF-16 that says UTF-8": (lambda: EXAMPLE.decode().encode("utf-16"), "F-XML"),
    "UTF-8 that says UTF-16": (lambda: EXAMPLE.replace(b"UTF-8", b"UTF-16"), "F-XML"),
    "UTF-16 without a mark": (lambda: EXAMPLE.decode().encode("utf-16-le"), "F-XML"),
    "UTF-7": (lambda: EXAMPLE.replace(b'"UTF-8"', b'"UTF-7"'), "F-XML"),
    "a doctype in UTF-7": (
        lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-' + HEAD,
        "F-XML",
    ),
    "an encoding of its own": (lambda: EXAMPLE.replace(b'"UTF-8"', b'"x-RAHASIA"'), "F-XML"),
    "null characters": (lambda: EXAMPLE.replace(b"SITI", b"SI\0TI"), "F-XML"),
    "only null characters": (lambda: b"\0" * 10, "F-XML"),
    "200,000 levels": (lambda: HEAD + b"<a>" * 200_000, "F-SIZE"),
    "300 levels": (lambda: HEAD + b"<a>" * 300 + b"</a>" * 300 + TAIL, "F-SIZE"),
    "an attribute of 12 MB": (lambda: _numbered(b"1" * 12_000_000), "F-SIZE"),
    "300,000 attributes": (lambda: _with_attributes(300_000), "F-SIZE"),
    "a field of 50 MB": (lambda: EXAMPLE.replace(b"SITI", b"S" * 50_000_000), "F-SIZE"),
    "a field of 11 MB": (lambda: EXAMPLE.replace(b"SITI", b"S" * 11_000_000), "F-SIZE"),
    "a field of 9 MB": (lambda: EXAMPLE.replace(b"SITI", b"S" * 9_000_000), "F-XSD"),
    "a million elements": (lambda: EXAMPLE.replace(b"<kpj>", b"<x/>" * 3_000_000 + b"<kpj>"), "F-SIZE"),
    "100,000 wrong copies": (lambda: _unbounded(b"<tembusan/>"), "F-SIZE"),
    "100,000 wrong enclosures": (lambda: _unbounded(b"<lampiran><x/></lampiran>"), "F-SIZE"),
    "30,000 workers": (lambda: letter(*(b"<pekerja/>" for _ in range(30_000))), "F-SIZE"),
    "15,000 empty workers": (lambda: letter(*(b"<pekerja/>" for _ in range(15_000))), "F-XSD"),
    "two workers with one number": (lambda: letter(worker(1), worker(1)), "F-XSD"),
    "no namespace": (lambda: EXAMPLE.replace(b' xmlns="urn:id:jendela:surat-phk:1.0"', b""), "F-XSD"),
    "another namespace": (lambda: EXAMPLE.replace(b"surat-phk:1.0", b"surat-phk:9.9"), "F-XSD"),
    "a worker in another namespace": (
        lambda: letter(worker(1).replace(b"<pekerja", b'<pekerja xmlns="x:y"')),
        "F-XSD",
    ),
    "something else": (lambda: b"<html><body>RAHASIA</body></html>", "F-XSD"),
    "a fetched schema": (
        lambda: EXAMPLE.replace(
            b"<berkas_phk",
            b'<berkas_phk xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
            b'i:schemaLocation="urn:x http://127.0.0.1:9/x.xsd" i:type="RAHASIA"',
        ),
        "F-XSD",
    ),
    "an inclusion": (
        lambda: EXAMPLE.replace(
            b"<nik>", b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><nik>'
        ),
        "F-XSD",
    ),
    "a signature of nothing": (lambda: _signed(b""), "F-SIGN"),
    "a signature of another element": (
        lambda: _signed(
            b'<s:SignedInfo><s:Reference URI="#lain"/></s:SignedInfo><s:Object Id="lain">'
            + HEAD
            + WORKER
            + b"</berkas_phk></s:Object>"
        ),
        "F-SIGN",
    ),
    "two elements with one Id": (lambda: _signed(b'<s:Object Id="a"/><s:Object Id="a"/>'), "F-XML"),
    "JSON of 100,000 levels": (lambda: b"[" * 100_000, "F-JSON"),
    "JSON of 100,000 objects deep": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "F-JSON"),
    "JSON of two million lists": (lambda: b"[" + b"[]," * 2_000_000 + b"[]]", "F-SIZE"),
    "a JSON number of a million digits": (lambda: b'{"npp": ' + b"9" * 1_000_000 + b"}", "F-JSON"),
    "a JSON exponent": (lambda: as_json(EXAMPLE).replace(b"45000000", b"1e999999999"), "F-JSON"),
    "NaN": (lambda: as_json(EXAMPLE).replace(b"45000000", b"NaN"), "F-JSON"),
    "a name twice": (
        lambda: as_json(EXAMPLE).replace(b"{", b'{"schema_version": "surat-phk/0.1",', 1),
        "F-JSON",
    ),
    "JSON that is a list": (lambda: b"[1, 2]", "F-JSON"),
    "JSON that breaks off": (lambda: as_json(EXAMPLE)[:-20], "F-JSON"),
    "JSON in Latin-1": (lambda: as_json(EXAMPLE).replace(b"SITI", b"S\xcfTI"), "F-JSON"),
    "JSON of another edition": (lambda: _json(schema_version="surat-phk/9.9"), "F-JSON"),
    "JSON with no workers": (lambda: _json(workers=[]), "F-FIELD"),
    "JSON with a text for workers": (lambda: _json(workers="RAHASIA"), "F-FIELD"),
    "JSON with more in it": (lambda: _json(RAHASIA="SITI"), "F-FIELD"),
    "a million columns": (lambda: b"nik;nama_lengkap;npp" + b";x" * 1_000_000 + b"\n", "F-SIZE"),
    "a million rows": (lambda: _csv_of("1;2;3;4;5\n" * 1_000_000), "F-SIZE"),
    "a quotation mark never closed": (lambda: _csv_of('"x;1;2\n' + "1;2;3;4;5\n" * 5_000), "F-TABLE"),
    "a cell of 100 KB": (lambda: _csv_of("x" * 100_000 + ";1;2;3\n"), "F-SIZE"),
    "null characters in a table": (lambda: _csv_of("a;\0;b\n"), "F-TABLE"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 100, "F-FORM"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "F-TABLE"),
    "an empty file": (lambda: b"", "F-XML"),
    "a ZIP bomb": (
        lambda: _zip({"xl/workbook.xml": b"<a/>", "xl/worksheets/x.xml": b" " * 120_000_000}),
        "F-SIZE",
    ),
    "a ZIP that lies of its sizes": (_lying_zip, "F-TABLE"),
    "a ZIP of 2,000 parts": (lambda: _zip({f"xl/worksheets/{n}.xml": b"" for n in range(2_000)}), "F-SIZE"),
    "a ZIP that is no workbook": (lambda: _zip({"RAHASIA.txt": b"SITI"}), "F-TABLE"),
    "the last cell of a sheet": (
        lambda: _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "F-SIZE",
    ),
    "an entity in a sheet": (
        lambda: _zip(
            {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
        ),
        "F-TABLE",
    ),
    "a PDF without the letter": (lambda: pdf(("catatan.txt", b"RAHASIA")), "F-PDF"),
    "a PDF with two letters": (lambda: pdf(("surat_phk.xml", EXAMPLE), ("surat_phk.xml", EXAMPLE)), "F-PDF"),
    "a PDF with 200 attachments": (lambda: pdf(*((f"{n:03}.txt", b"") for n in range(200))), "F-SIZE"),
    "a PDF bomb": (_pdf_bomb, "F-SIZE"),
    "a PDF that breaks off": (lambda: pdf(("surat_phk.xml", EXAMPLE))[:300], "F-PDF"),
    "a PDF with a billion laughs": (lambda: pdf(("surat_phk.xml", _laughs())), "F-XML"),
}
