"""The code lists: closed, labelled in two languages, with their validity; beside them the discrepancies."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from jendela.contracts.codes import load_codes
from jendela.contracts.odcs import load_contracts
from jendela.contracts.refusals import KINDS
from jendela.letters.agreement import contract
from jendela.model.errors import AgreementError

ROOT = Path(__file__).parents[2]
CODES = load_codes(ROOT)
HEADER = "code,label_id,label_en,valid_from,valid_to,source\n"


def test_the_lists_are_those_the_contracts_name() -> None:
    """None is missing, none is left over: of the canonical entities, of the letter, and of a refusal."""
    named = {
        field.codes for contract in load_contracts(ROOT).values() for field in contract.fields if field.codes
    }
    assert set(CODES) == named | set(contract().codes) | {KINDS}


def test_all_thirty_four_reasons_of_the_letter_are_there() -> None:
    """As in the XSD of the letter."""
    xsd = (ROOT / "schemas/surat_phk.xsd").read_text(encoding="utf-8")
    in_xsd = xsd[xsd.index('simpleType name="kode_alasan"') :].split("</xs:simpleType>")[0]
    assert CODES["reason"].codes == {part.split('"')[0] for part in in_xsd.split('enumeration value="')[1:]}
    assert len(CODES["reason"].codes) == 34


def test_a_reason_of_pp_35_is_valid_from_that_regulation_on() -> None:
    """2 February 2021; what is unknown was always unknown."""
    before = CODES["reason"].valid_on(date(2021, 2, 1))
    assert "R432" not in before
    assert "RUNK" in before
    assert CODES["reason"].valid_on(date(2021, 2, 2)) == CODES["reason"].codes
    assert CODES["reason"].by_code["R50"].label_id == "Mengundurkan diri"


def test_regions_are_the_union_of_all_vintages() -> None:
    """Karawang, its districts, Kaltara, and Merauke by the number it had until 2022."""
    region = CODES["region"]
    assert {"32", "3215", "321510", "6501", "9301", "9101"} <= region.codes
    assert "9101" in region.valid_on(date(2020, 1, 1))
    assert "9101" not in region.valid_on(date(2026, 1, 1)) or region.by_code["9101"].valid_to is None
    assert sum(len(code) == 4 for code in region.valid_on(date(2026, 1, 1))) == 514


@pytest.mark.parametrize(
    ("lines", "line", "problem"),
    [
        ("L,Laki-laki,Male,,,UU\nL,Laki,Male,,,UU\n", 3, "is given twice"),
        ("L,Laki-laki,,,,UU\n", 2, "has no label_en"),
        ("L,Laki-laki,Male,1-1-2020,,UU\n", 2, "is not a date YYYY-MM-DD"),
        ("L,Laki-laki,Male,2020-01-02,2020-01-01,UU\n", 2, "is valid to a day before"),
        ("L,Laki-laki,Male\n", 2, "another number of fields"),
        (",Laki-laki,Male,,,UU\n", 2, "is empty"),
    ],
)
def test_a_spoilt_list_is_refused_with_its_line(tmp_path: Path, lines: str, line: int, problem: str) -> None:
    """What somebody who adds a code gets wrong."""
    place = tmp_path / "schemas/codes"
    place.mkdir(parents=True)
    (place / "sex.csv").write_text(HEADER + lines, encoding="utf-8")
    with pytest.raises(AgreementError, match=problem) as refused:
        load_codes(tmp_path)
    assert (refused.value.file, refused.value.line) == ("schemas/codes/sex.csv", line)


def test_every_discrepancy_has_an_owner_and_days_to_answer() -> None:
    """Conflicting letters and reasons get five working days (policy default)."""
    with (ROOT / "schemas/discrepancies.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["code"]: row for row in csv.DictReader(stream)}
    assert {f"LET-{number:02d}" for number in range(1, 10)} <= set(rows)
    assert rows["LET-01"]["working_days_due"] == rows["LET-05"]["working_days_due"] == "5"
    for row in rows.values():
        assert row["severity"] in ("info", "warn", "high", "critical")
        assert int(row["working_days_due"]) > 0
        assert all(row.values())
