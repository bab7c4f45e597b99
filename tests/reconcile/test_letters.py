"""LET-02 and LET-07: copies that are missing, letters that the office does not know."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import letters

TODAY = date(2026, 9, 10)
ENDED = date(2026, 8, 24)
KARAWANG = {"workplace_region": "3215", "effective_date": ENDED}


@pytest.fixture
def reported(register):
    """The office in Karawang has a report of Siti's dismissal."""
    return register.add(
        "dinas_3215",
        "termination_case",
        "c1",
        report_receipt_no="560/1",
        reason_code="R432",
        letter_number="021/HRD",
        **KARAWANG,
    )


@pytest.fixture
def claimed(register):
    """Siti claims with a letter that BPJS holds."""
    register.add(
        "bpjs",
        "claim",
        "k1",
        status="FILED",
        letter_number="021/HRD",
        termination_date=ENDED,
        workplace_region="3215",
    )
    return register.add(
        "bpjs", "termination_letter", "l1", letter_type="PHK_NOTICE", letter_number="021/HRD", **KARAWANG
    )


def copy(office="dinas_3215", **fields):
    """A copy of the letter somewhere."""
    told = {"letter_type": "PHK_NOTICE", "letter_number": "021/HRD", "effective_date": ENDED}
    return {"office": office, "entity": "termination_letter", "record": "x1", **told, **fields}


def test_let02_a_report_without_any_copy(reported):
    """Neither at the office nor at BPJS."""
    (case,) = reported.ask(letters.missing_copies, TODAY)
    assert case["found"]
    assert case["may_open"]
    assert case["side_a"]["value"] == "560/1"
    assert case["office"] == "dinas_3215"


@pytest.mark.parametrize(
    ("held", "opens"),
    [
        (copy(), False),
        (copy(office="bpjs"), False),
        (copy(office="bpjs", letter_number="77/X"), False),  # another number, the same days
        (copy(letter_number="021 hrd", effective_date=date(2025, 1, 1)), False),  # the number, another year
        (copy(letter_type="CORRECTION"), False),
        (copy(office="dinas_6471"), True),  # a third office's copy helps neither
        (copy(effective_date=date(2025, 1, 1), letter_number="3/Y"), True),  # of another dismissal
        (copy(letter_type="RESIGNATION_STATEMENT"), True),
        (copy(firm="jaya"), True),
        (copy(firm=None), False),
    ],
)
def test_let02_which_copy_is_an_answer(reported, held, opens):
    """A letter of this person and employer, by number or near in date, here or at BPJS."""
    reported.add(**held)
    assert bool(reported.opens(letters.missing_copies, TODAY)) is opens


@pytest.mark.parametrize("reason", ["R50", "RPK1", "R56", "R57"])
def test_let02_no_letter_is_owed_for_these(register, reason):
    """Resignation, end of a fixed term, retirement, death."""
    register.add("dinas_3215", "termination_case", "c1", reason_code=reason, **KARAWANG)
    assert register.ask(letters.missing_copies, TODAY) == []


def test_let02_a_file_that_is_both_report_and_letter(register):
    """One XML file makes both: the same source record, so nothing is missing even if nobody is identified
    alike."""
    register.add("dinas_6471", "termination_case", "x1", firm=None, workplace_region="6471")
    register.add("dinas_6471", "termination_letter", "x1", firm="maju", letter_type="PHK_NOTICE")
    assert register.opens(letters.missing_copies, TODAY) == []


@pytest.mark.parametrize("silent", ["dinas_3215", "bpjs", ("bpjs", "termination_letter")])
def test_let02_both_must_have_been_heard(reported, silent):
    """The copy could be with whoever was silent."""
    reported.silent = {silent}
    assert reported.opens(letters.missing_copies, TODAY) == []


def test_let07_the_office_knows_nothing_of_the_letter(claimed):
    """The letter is the case, the competent office its other side."""
    (case,) = [case for case in claimed.ask(letters.unknown_to_office, TODAY) if case["found"]]
    assert case["records"] == ["l1"]
    assert case["side_a"]["value"] == "021/HRD"
    assert case["side_b"]["office"] == "dinas_3215"


@pytest.mark.parametrize(
    ("record", "opens"),
    [
        (copy(), False),
        (copy(letter_number="77/X"), False),  # another number of the same days: LET-01 looks at that
        (copy(office="dinas_6471"), True),  # not the competent office
        (
            {
                "office": "dinas_3215",
                "entity": "termination_case",
                "record": "c1",
                "letter_number": "021/HRD",
                "effective_date": ENDED,
            },
            False,
        ),  # a report that names the letter
        (
            {"office": "dinas_3215", "entity": "termination_case", "record": "c1", "effective_date": ENDED},
            True,
        ),
        (
            {
                "office": "dinas_3215",
                "entity": "termination_case",
                "record": "c1",
                "letter_number": "9/Z",
                "effective_date": ENDED,
            },
            True,
        ),
    ],
)
def test_let07_what_the_office_knows(claimed, record, opens):
    """A copy of the letter, or a report that names it; a report that names none is not enough."""
    claimed.add(**record)
    assert bool(claimed.opens(letters.unknown_to_office, TODAY)) is opens


def test_let07_needs_a_claim_that_stands(register):
    """A withdrawn claim rests on nothing, and a letter without a claim is nobody's concern here."""
    register.add(
        "bpjs", "termination_letter", "l1", letter_type="PHK_NOTICE", letter_number="021/HRD", **KARAWANG
    )
    assert register.ask(letters.unknown_to_office, TODAY) == []
    register.add("bpjs", "claim", "k1", status="WITHDRAWN", letter_number="021/HRD", termination_date=ENDED)
    assert register.ask(letters.unknown_to_office, TODAY) == []


def test_let07_a_resignation_statement_is_not_a_dismissal(register):
    """The office is owed none of it."""
    register.add(
        "bpjs", "termination_letter", "l1", letter_type="RESIGNATION_STATEMENT", letter_number="1", **KARAWANG
    )
    register.add("bpjs", "claim", "k1", status="FILED", termination_date=ENDED)
    assert register.ask(letters.unknown_to_office, TODAY) == []


def test_let07_without_a_competent_office_or_a_word_from_it(claimed):
    """Makassar is not configured; a silent Karawang withholds."""
    claimed.silent = {("dinas_3215", "termination_case")}
    assert claimed.opens(letters.unknown_to_office, TODAY) == []
    claimed.silent = set()
    for entity in ("termination_letter", "claim"):
        claimed.rows[entity][0]["workplace_region"] = "7371"
    assert claimed.ask(letters.unknown_to_office, TODAY) == []


def test_let07_is_withheld_by_a_review(claimed):
    """The office's letter is of somebody who may yet be Siti."""
    claimed.add(**copy(person="siti a"))
    claimed.review = [("siti", "siti a")]
    assert claimed.opens(letters.unknown_to_office, TODAY) == []
