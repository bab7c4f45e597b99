"""Agreements with two editions of the letter: 1.0 as it is, and an invented 2.0 with one element more."""

from __future__ import annotations

from pathlib import Path

from jendela.letters.agreement.generated import write
from tests.letters.agreement.letters_of import copy_agreements
from tests.letters.intake.layoff import EXAMPLE

FIRST, SECOND = "urn:id:jendela:surat-phk:1.0", "urn:id:jendela:surat-phk:2.0"
# 1.0 ends in the middle of 2028, and 2.0 begins with that year.
OVERLAP, BEFORE, AFTER = "2028-03-01", "2027-12-31", "2028-07-01"
_NEW = """\
          - {name: branch_name, logicalType: string, physicalType: text,
             required: false, classification: public,
             logicalTypeOptions: {pattern: '^[A-Z]{3}$'}, examples: ['BPN'],
             description: 'Short name of the branch; invented for a test.',
             customProperties: [{property: descriptionId, value: 'Nama singkat cabang; karangan untuk uji.'},
                                {property: xmlName, value: nama_cabang},
                                {property: source, value: PP 28/2025 Pasal 206},
                                {property: neededBy, value: [hi]}]}
"""


def make_agreements(folder: Path) -> None:
    """Both editions below `folder`, with the files that are written from them."""
    copy_agreements(folder)
    home = folder / "schemas/surat_phk"
    text = (home / "1.0/surat_phk.odcs.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("version: 1.0.0", "version: 2.0.0"),
        ("surat-phk/1.0", "surat-phk/2.0"),
        ("surat-phk:1.0", "surat-phk:2.0"),
        ("{property: xmlFixed, value: '1.0'}", "{property: xmlFixed, value: '2.0'}"),
        ("          - {name: nib,", f"{_NEW}          - {{name: nib,"),
    ):
        assert old in text
        text = text.replace(old, new)
    (home / "2.0").mkdir()
    (home / "2.0/surat_phk.odcs.yaml").write_text(text, encoding="utf-8")
    (home / "versions.csv").write_text(
        "version,schema_version,namespace,valid_from,valid_to\n"
        f"1.0,surat-phk/1.0,{FIRST},,2028-06-30\n"
        f"2.0,surat-phk/2.0,{SECOND},2028-01-01,\n",
        encoding="utf-8",
    )
    write(folder)


def dated(day: str, content: bytes = EXAMPLE) -> bytes:
    """The letter of another date."""
    return content.replace(b"<tanggal_surat>2026-07-01", b"<tanggal_surat>" + day.encode())


def second(content: bytes, branch: str | None = None) -> bytes:
    """The letter by edition 2.0, with its new element if `branch` is given."""
    new = content.replace(b"surat-phk:1.0", b"surat-phk:2.0").replace(b'version="1.0">', b'version="2.0">')
    element = f"<nama_cabang>{branch}</nama_cabang>" if branch else ""
    return new.replace(b"<nib>", element.encode() + b"<nib>")
