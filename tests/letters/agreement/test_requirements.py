"""What a kind of letter needs beyond the base, told for Siti and the people who left the same factory."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jendela.letters.agreement import contract
from jendela.letters.agreement.requirements import broken, missing
from jendela.letters.frame import LETTERS, VIOLATIONS

AGREED = contract()
SITI: dict[str, Any] = {
    "file": "siti.xml",
    "index": 1,
    "letter_type": "PHK_NOTICE",
    "reason_codes": ["R432"],
    "reason_code": "R432",
    "citizenship": "WNI",
    "nik": "6471055708899001",
    "severance_multiplier": 1,
    "upmk_multiplier": 1,
    "attachment_types": [],
}


def _missing(**changes: Any) -> list[tuple[str, str]]:
    found = missing(pl.DataFrame([SITI | changes], schema=LETTERS), AGREED)
    assert found.columns == list(VIOLATIONS)
    return list(zip(found["rule"], found["field"], strict=True))


def _breaks(rule: str, **changes: Any) -> bool:
    asked = next(one for one in AGREED.letter.requirements if one.id == rule)
    frame = pl.DataFrame([SITI | changes], schema=LETTERS)
    return bool(frame.select(broken(asked, AGREED.letter, LETTERS)).item())


def test_a_whole_notice_lacks_nothing() -> None:
    """Siti's letter."""
    assert _missing() == []


def test_severance_is_stated_with_its_multiple_where_the_reason_gives_it() -> None:
    """PP 35/2021 Pasal 43(2) gives both; Pasal 50 gives neither."""
    assert _missing(severance_multiplier=None) == [("C-WHEN", "workers.compensation.severance_multiplier")]
    left = {
        "letter_type": "RESIGNATION_STATEMENT",
        "reason_code": "R50",
        "attachment_types": ["RESIGNATION_REQUEST"],
    }
    assert _missing(severance_multiplier=None, upmk_multiplier=None, **left) == []


def test_a_correction_says_of_which_day_the_letter_was() -> None:
    """Numbers start again every year."""
    assert _missing(letter_type="CORRECTION", supersedes_number="1") == [("C-WHEN", "supersedes_date")]


def test_the_papers_that_belong_to_a_letter() -> None:
    """Worth a note or a warning, in both languages and with the article."""
    found = missing(
        pl.DataFrame([SITI | {"letter_type": "RETIREMENT", "reason_code": "R55T"}], schema=LETTERS), AGREED
    )
    (row,) = found.rows(named=True)
    assert (row["file"], row["index"], row["severity"]) == ("siti.xml", 1, "warning")
    assert (row["message_id"], row["article"]) == (
        "Cacat total tetap dinyatakan oleh dokter.",
        "PP 37/2021 Pasal 20",
    )


BOTH_SIDES = [
    ("nik_of_a_citizen", {"nik": None}, {"nik": None, "citizenship": "WNA"}),
    ("supersedes_number_needed", {"letter_type": "WITHDRAWAL"},
     {"letter_type": "WITHDRAWAL", "supersedes_number": "1"}),
    ("severance_needed", {}, {"severance_amount": 0}),
    ("severance_needed", {"letter_type": "DEATH", "reason_code": "R57"}, {"reason_code": "R522"}),
    ("upmk_needed", {"reason_code": "R542"}, {"reason_code": "R541"}),
    ("pkwt_compensation_needed", {"reason_code": "RPK3"}, {"reason_code": "RPK3", "citizenship": "WNA"}),
    ("separation_pay_stated", {"reason_code": "R51"},
     {"letter_type": "RESIGNATION_STATEMENT", "reason_code": "R50"}),
    ("reason_of_a_death", {"letter_type": "DEATH"}, {"letter_type": "DEATH", "reason_code": "R57"}),
    ("reason_of_a_notice", {"reason_code": "R50"}, {"reason_code": "R431"}),
    ("copy_to_the_office", {}, {"copy_offices": ["6471"]}),
    ("copy_to_the_office", {"copy_offices": []}, {"reason_code": "RPK1"}),
    ("warning_letters", {"reason_code": "R521", "attachment_types": ["WARNING_LETTER_1"]}, {}),
    ("summons", {"reason_code": "R51", "attachment_types": None},
     {"reason_code": "R51", "attachment_types": ["SUMMONS_1", "SUMMONS_2"]}),
    ("union_named", {"union_exists": True}, {"union_exists": None}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "breaks", "keeps"), BOTH_SIDES)
def test_both_sides_of_a_requirement(rule: str, breaks: dict[str, Any], keeps: dict[str, Any]) -> None:
    """One letter that breaks it and one that does not."""
    assert _breaks(rule, **breaks)
    assert not _breaks(rule, **keeps)


def test_every_requirement_of_the_letter_can_be_judged() -> None:
    """Each is about columns that the frame has."""
    empty = pl.DataFrame(schema=LETTERS)
    for asked in AGREED.letter.requirements:
        assert empty.select(broken(asked, AGREED.letter, LETTERS)).height == 0
    assert missing(empty, AGREED).height == 0


def test_the_case_has_requirements_of_its_own() -> None:
    """Permenaker 2/2025 Pasal 9(3): a settlement has its number, a decision the day it became final."""
    case = pl.DataFrame(
        {
            "evidence_kind": ["E1", "E2a", "E3"],
            "pb_number": [None, "12/PB/2026", None],
            "inkracht_date": [None] * 3,
        },
        schema={"evidence_kind": pl.String(), "pb_number": pl.String(), "inkracht_date": pl.Date()},
    )
    rules = {one.id: one for one in AGREED.case.requirements}
    judged = case.select(
        settlement=broken(rules["settlement_numbered"], AGREED.case, case.schema),
        final=broken(rules["decision_final"], AGREED.case, case.schema),
    )
    assert judged.to_dict(as_series=False) == {
        "settlement": [False, False, False],
        "final": [False, False, True],
    }
