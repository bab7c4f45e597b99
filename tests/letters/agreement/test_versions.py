"""Two editions at once: 1.0 as it is, and an invented 2.0 that asks for the business number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from jendela.letters.agreement import (
    UnknownEdition,
    contract,
    contract_of,
    from_xml,
    to_xml,
    version_of,
    versions,
    xsd,
)
from jendela.letters.agreement.compatibility import compatibility, lowest_version, snapshot
from jendela.letters.agreement.contract import editions
from jendela.letters.agreement.generated import generated, stale, write
from jendela.letters.agreement.json_form import check
from jendela.model.errors import AgreementError
from tests.letters.agreement.letters_of import ROOT, copy_agreements

SITI = ROOT / "docs/examples/surat_phk.xml"
FIRST, SECOND = "urn:id:jendela:surat-phk:1.0", "urn:id:jendela:surat-phk:2.0"


@pytest.fixture(scope="module")
def agreements(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both editions: 2.0 from 2028 on, 1.0 until the middle of that year."""
    folder = tmp_path_factory.mktemp("two")
    copy_agreements(folder)
    home = folder / "schemas/surat_phk"
    text = (home / "1.0/surat_phk.odcs.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("version: 1.0.0", "version: 2.0.0"),
        ("surat-phk/1.0", "surat-phk/2.0"),
        ("surat-phk:1.0", "surat-phk:2.0"),
        ("{property: xmlFixed, value: '1.0'}", "{property: xmlFixed, value: '2.0'}"),
        (
            "name: nib, logicalType: string, physicalType: text, required: false",
            "name: nib, logicalType: string, physicalType: text, required: true",
        ),
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
    return folder


def test_today_there_is_one_edition() -> None:
    """Found by the namespace of a file and by what a letter calls it."""
    assert [one.version for one in versions()] == editions() == ["1.0"]
    assert version_of(FIRST) is version_of("surat-phk/1.0", date(2026, 7, 1))
    with pytest.raises(UnknownEdition, match=r"not an edition of the letter; there are surat-phk/1\.0"):
        version_of(SECOND)


def test_both_are_in_force_for_half_a_year(agreements: Path) -> None:
    """The letter's date decides, and an error says what is in force."""
    assert version_of(FIRST, date(2028, 6, 30), agreements).version == "1.0"
    assert version_of("surat-phk/2.0", date(2028, 1, 1), agreements).version == "2.0"
    with pytest.raises(
        UnknownEdition, match=r"surat-phk/1\.0 is not in force on that date; in force: surat-phk/2\.0"
    ):
        version_of(FIRST, date(2028, 7, 1), agreements)
    with pytest.raises(UnknownEdition, match=r"in force: surat-phk/1\.0\."):
        version_of(SECOND, date(2027, 12, 31), agreements)


def test_each_letter_is_read_by_its_own_edition(agreements: Path) -> None:
    """Siti's letter in both: the second refuses it without the business number."""
    old, new = contract_of(FIRST, agreements), contract_of(SECOND, agreements)
    letter = from_xml(etree.parse(SITI).getroot())
    later = letter | {"schema_version": "surat-phk/2.0"}
    root = to_xml(later, new)
    assert (root.tag, root.get("version")) == (f"{{{SECOND}}}berkas_phk", "2.0")
    assert from_xml(root, new) == later
    assert etree.XMLSchema(etree.fromstring(xsd(new))).validate(root)
    assert not etree.XMLSchema(etree.fromstring(xsd(old))).validate(root)
    del letter["employer"]["nib"]  # `later` has the same employer
    assert check(letter, old) == []
    assert [(fault.path, fault.keyword) for fault in check(later, new)] == [("employer", "required")]


def test_the_second_had_to_be_a_new_major_version(agreements: Path) -> None:
    """A field that becomes required breaks what was valid."""
    changes = compatibility(snapshot(contract("1.0", agreements)), snapshot(contract("2.0", agreements)))
    assert ("employer.nib", "is required now.") in {(one.path, one.what) for one in changes}
    assert lowest_version(changes, "1.0.0") == "2.0.0"


def test_each_edition_has_its_own_files(agreements: Path) -> None:
    """And the newest is the current one."""
    files = generated(agreements)
    assert files["schemas/surat_phk.xsd"] == files["schemas/surat_phk/2.0/surat_phk.xsd"]
    assert files["schemas/surat_phk/1.0/surat_phk.xsd"] != files["schemas/surat_phk/2.0/surat_phk.xsd"]
    assert "Surat PHK <span>2.0.0" in files["docs/reference/surat-phk.html"].decode()
    assert "schemas/surat_phk/2.0/surat_phk.schema.json" in write(agreements)
    assert stale(agreements) == []


HEADER = "version,schema_version,namespace,valid_from,valid_to\n"
WRONG = {
    "another header": ("version,namespace\n", "must be version,schema_version"),
    "a date of another habit": (f"{HEADER}1.0,a,{FIRST},1-1-2026,\n", "is not a date"),
    "an end before the beginning": (
        f"{HEADER}1.0,a,{FIRST},2026-01-02,2026-01-01\n",
        "valid to a day before",
    ),
    "a name twice": (f"{HEADER}1.0,a,{FIRST},,\n2.0,b,{FIRST},,\n", "given twice"),
    "a line too short": (f"{HEADER}1.0,a\n", "lacks a value"),
}


@pytest.mark.parametrize(("content", "problem"), WRONG.values(), ids=WRONG.keys())
def test_a_spoilt_list_of_editions_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    """With its file, and the line where there is one."""
    (tmp_path / "schemas/surat_phk").mkdir(parents=True)
    (tmp_path / "schemas/surat_phk/versions.csv").write_text(content, encoding="utf-8")
    with pytest.raises(AgreementError, match=problem):
        versions(tmp_path)
