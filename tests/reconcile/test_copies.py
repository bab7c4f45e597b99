"""LET-01: two letters of one termination that differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jendela.reconcile import copies

TODAY = date(2026, 9, 10)
NOTICE = {
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD",
    "reason_code": "R432",
    "workplace_region": "3215",
    "effective_date": date(2026, 8, 24),
    "severance_amount": Decimal("45000000.00"),
}


@pytest.fixture
def letters(register):
    """Puts the office's copy and BPJS' copy of a letter side by side."""

    def both(ours=None, theirs=None):
        register.add("dinas_3215", "termination_letter", "o1", **{**NOTICE, **(ours or {})})
        return register.add("bpjs", "termination_letter", "b1", **{**NOTICE, **(theirs or {})})

    return both


@pytest.mark.parametrize(
    ("theirs", "field", "values"),
    [
        ({"reason_code": "R431"}, "reason_code", ("R432", "R431")),
        ({"effective_date": date(2026, 9, 7)}, "effective_date", ("2026-08-24", "2026-09-07")),
        ({"severance_amount": Decimal("50000000.00")}, "severance_amount", ("45000000.00", "50000000.00")),
        (
            {"letter_number": "021/PHK", "severance_amount": Decimal(0)},
            "severance_amount",
            ("45000000.00", "0.00"),
        ),
        (
            {"effective_date": date(2026, 8, 31), "reason_code": "R431"},
            "effective_date, reason_code",
            ("2026-08-24, R432", "2026-08-31, R431"),
        ),
    ],
)
def test_what_differs_is_said_on_both_sides(letters, theirs, field, values):
    """The office's letter first, then BPJS', each with its own values of the fields that differ."""
    (case,) = letters(theirs=theirs).ask(copies.find, TODAY)
    assert case["found"]
    assert case["records"] == ["b1", "o1"]
    assert (case["side_a"]["field"], case["side_a"]["value"]) == (field, values[0])
    assert (case["side_b"]["office"], case["side_b"]["value"]) == ("bpjs", values[1])
    assert case["office"] == "dinas_3215"


@pytest.mark.parametrize(
    "theirs",
    [
        {},
        {"letter_number": "021 / hrd"},
        {"severance_amount": Decimal("45000001.00")},  # sums agree to one rupiah
        {"severance_amount": None},  # not typed there
        {"reason_code": "RUNK"},  # unknown contradicts nothing
        {
            "letter_number": "021/PHK",
            "effective_date": date(2026, 9, 1),
            "reason_code": "R431",
        },  # 8 days: another one
        {"firm": "jaya", "reason_code": "R431"},
        {"person": "ani", "reason_code": "R431"},
        {"letter_type": "RESIGNATION_STATEMENT", "reason_code": "R50"},  # that contradiction is LET-06
    ],
)
def test_what_is_no_difference(letters, theirs):
    """Equal copies, what one side does not say, and other terminations open nothing."""
    assert letters(theirs=theirs).opens(copies.find, TODAY) == []


@pytest.mark.parametrize("kind", ["CORRECTION", "WITHDRAWAL"])
@pytest.mark.parametrize("holder", ["dinas_3215", "bpjs"])
def test_a_correction_that_names_the_other_explains_itself(letters, register, kind, holder):
    """Held here or there: original and correction differ because they say so."""
    letters()
    register.add(
        holder,
        "termination_letter",
        "n1",
        **{
            **NOTICE,
            "letter_type": kind,
            "letter_number": "022/RALAT",
            "supersedes_number": "021/HRD",
            "severance_amount": Decimal("46000000.00"),
        },
    )
    assert register.opens(copies.find, TODAY) == []


def test_a_correction_of_another_letter_explains_nothing(letters, register):
    """It names a number that BPJS does not have."""
    letters(theirs={"letter_number": "099/HRD"})
    register.add(
        "dinas_3215",
        "termination_letter",
        "n1",
        **{
            **NOTICE,
            "letter_type": "CORRECTION",
            "letter_number": "022/RALAT",
            "supersedes_number": "001/XYZ",
            "reason_code": "R431",
        },
    )
    assert register.opens(copies.find, TODAY) == [["b1", "n1"]]


def test_duplicates_add_nothing(letters, register):
    """The office has the copy twice: no second finding, and none where the copies agree."""
    letters(theirs={"reason_code": "R431"})
    register.add("dinas_3215", "termination_letter", "o2", seq=2, **NOTICE)
    assert register.opens(copies.find, TODAY) == [["b1", "o1"]]


def test_two_letters_at_one_holder_are_not_compared(register):
    """Different holders only: what one office has twice in two forms is its own business."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    register.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, "reason_code": "R431"})
    assert register.ask(copies.letters, TODAY) == []


def test_a_letter_is_compared_with_its_counterpart_only(register):
    """Notice and confirmation at both holders, equal by number: the notice is not compared with the
    confirmation."""
    confirmation = {
        **NOTICE,
        "letter_type": "PHK_CONFIRMATION",
        "letter_number": "030/HRD",
        "severance_amount": None,
        "effective_date": date(2026, 8, 25),
    }
    for office, prefix in (("dinas_3215", "o"), ("bpjs", "b")):
        register.add(office, "termination_letter", f"{prefix}1", **NOTICE)
        register.add(office, "termination_letter", f"{prefix}2", **confirmation)
    assert register.opens(copies.find, TODAY) == []
    assert all(case["closing"] == "the letters agree" for case in register.ask(copies.find, TODAY))


@pytest.mark.parametrize(
    ("theirs", "fields"),
    [
        ({"contract_type": "PKWT"}, None),  # opens nothing by itself
        ({"reason_code": "R431"}, "reason_code"),
        ({"reason_code": "R431", "contract_type": "PKWT"}, "reason_code, contract_type"),
        ({"reason_code": "R431", "contract_type": None}, "reason_code"),  # not typed there
    ],
)
def test_what_differs_beside_it_is_told_too(letters, theirs, fields):
    """Where reason, date or amount differ, the other fields that do are shown with them."""
    found = [
        case
        for case in letters({"contract_type": "PKWTT"}, {"contract_type": "PKWTT", **theirs}).ask(
            copies.letters, TODAY
        )
        if case["found"]
    ]
    assert [case["side_a"]["field"] for case in found] == ([fields] if fields else [])


@pytest.mark.parametrize("kind", ["CORRECTION", "WITHDRAWAL"])
def test_copies_of_a_replaced_letter_are_compared_no_more(letters, register, kind):
    """BPJS had typed it wrongly; the letter itself is replaced since, and the office has the new one."""
    letters(theirs={"reason_code": "R431"})
    assert register.opens(copies.find, TODAY) == [["b1", "o1"]]
    revision = {"letter_type": kind, "letter_number": "022/X", "supersedes_number": "021 hrd"}
    register.add("dinas_3215", "termination_letter", "n1", **{**NOTICE, **revision})
    assert register.opens(copies.find, TODAY) == []
    (case,) = [case for case in register.ask(copies.find, TODAY) if case["records"] == ["b1", "o1"]]
    assert case["closing"] == f"replaced by a letter that names it ({kind}), record n1"


def test_the_same_file_twice_is_one_letter(letters, register):
    """The office has it in two forms of one file: whatever was typed from the second, the first counts."""
    letters({"document_sha256": "a" * 64}, {"reason_code": "R431"})
    register.add(
        "dinas_3215",
        "termination_letter",
        "o2",
        seq=2,
        **{**NOTICE, "letter_number": "21/HRD/X", "document_sha256": "a" * 64},
    )
    assert register.opens(copies.find, TODAY) == [["b1", "o1"]]


@pytest.mark.parametrize(
    ("report", "opens"),
    [
        ({}, False),
        ({"effective_date": date(2026, 8, 31)}, True),
        ({"effective_date": None}, False),
        ({"effective_date": date(2026, 8, 31), "letter_number": "22/HRD"}, False),  # of another letter
        ({"effective_date": date(2026, 8, 31), "letter_number": None}, False),
        ({"effective_date": date(2025, 8, 31)}, False),  # of another year
        ({"effective_date": date(2026, 8, 31), "firm": "jaya"}, False),
    ],
)
def test_the_report_that_names_the_letter_says_another_day(register, report, opens):
    """The employer's own report is the third holder; its reason is LET-05."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    told = {"letter_number": "21-HRD", "effective_date": NOTICE["effective_date"], "reason_code": "R431"}
    register.add("dinas_3215", "termination_case", "c1", **{**told, **report})
    assert register.opens(copies.find, TODAY) == ([["c1", "o1"]] if opens else [])


def test_a_report_from_before_the_correction_is_no_contradiction(register):
    """The correction moved the date; the report names the letter that it replaced."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    moved = {"letter_type": "CORRECTION", "letter_number": "022/X", "supersedes_number": "021/HRD"}
    later = {"effective_date": date(2026, 9, 7)}
    register.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **moved, **later})
    told = {"letter_number": "021/HRD", "effective_date": date(2026, 8, 31)}
    register.add("dinas_3215", "termination_case", "c1", **told)
    (case,) = register.ask(copies.reports, TODAY)
    assert (case["found"], case["closing"][:11]) == (False, "replaced by")
