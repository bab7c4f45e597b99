"""LET-05 and LET-06: why an employment ended, as letter, report and BPJS tell it."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import reasons, resigned

TODAY = date(2026, 10, 15)
ENDED = date(2026, 9, 24)
NOTICE = {
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD",
    "letter_date": date(2026, 9, 3),
    "reason_code": "R432",
    "workplace_region": "3215",
    "effective_date": ENDED,
    "held_at": "OFFICE",
}
STATEMENT = {
    **NOTICE,
    "letter_type": "RESIGNATION_STATEMENT",
    "letter_number": "044/HRD",
    "reason_code": "R50",
    "held_at": "BPJS",
}


@pytest.fixture
def letter(register):
    """The office in Karawang has Siti's notice."""
    return register.add("dinas_3215", "termination_letter", "o1", **NOTICE)


def report(register, **fields):
    """The employer's report."""
    told = {
        "letter_number": "021/HRD",
        "reason_code": "R432",
        "effective_date": ENDED,
        "workplace_region": "3215",
    }
    return register.add("dinas_3215", "termination_case", "c1", **{**told, **fields})


def spell(register, **fields):
    """The end at BPJS."""
    told = {"end_cause": "TERMINATION", "end_date": ENDED, "workplace_region": "3215"}
    return register.add("bpjs", "employment", "b1", **{**told, **fields})


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({}, False),
        ({"reason_code": "R431"}, True),
        ({"reason_code": "R50"}, True),
        ({"reason_code": "RUNK"}, False),  # unknown contradicts nothing
        ({"reason_code": None}, False),
        ({"reason_code": "R431", "letter_number": None}, True),  # the dates tell that it is this one
        ({"reason_code": "R431", "letter_number": None, "effective_date": date(2025, 9, 24)}, False),
        ({"reason_code": "R431", "firm": "jaya"}, False),
        ({"reason_code": "R431", "person": "ani"}, False),
    ],
)
def test_let05_report_and_letter(letter, fields, opens):
    """The report is the case, the letter its other side."""
    report(letter, **fields)
    assert letter.opens(reasons.find, TODAY) == ([["c1"]] if opens else [])


@pytest.mark.parametrize(
    ("cause", "reason", "opens"),
    [
        ("TERMINATION", "R432", False),
        ("TERMINATION", "R521", False),
        ("TERMINATION", "RPK1", True),
        ("RESIGNATION", "R432", True),
        ("RESIGNATION", "R51", True),  # absence is a reason of its own since PP 35/2021
        ("RESIGNATION", "R422", True),  # often recorded as a resignation, and is none
        ("CONTRACT_END", "RPK1", False),
        ("CONTRACT_END", "RPK3", True),
        ("RETIREMENT", "R56", False),
        ("TOTAL_DISABILITY", "R551", False),
        ("MOVED", "R432", False),  # says nothing about the reason
        ("UNKNOWN", "R432", False),
        ("RESIGNATION", "RUNK", False),
        (None, "R432", False),
    ],
)
def test_let05_the_cause_at_bpjs(register, cause, reason, opens):
    """What a cause may stand for is a reading."""
    register.add("dinas_3215", "termination_letter", "o1", **{**NOTICE, "reason_code": reason})
    spell(register, end_cause=cause)
    assert register.opens(reasons.find, TODAY) == ([["b1"]] if opens else [])


def test_let05_the_cause_against_the_report_where_nobody_has_the_letter(register):
    """And against the letter as soon as there is one; the case stays the same."""
    report(spell(register, end_cause="RESIGNATION"))
    (case,) = [case for case in register.ask(reasons.find, TODAY) if case["found"]]
    assert (case["records"], case["side_a"]["value"]) == (["b1"], "RESIGNATION")
    assert (case["side_b"]["record_id"], case["side_b"]["value"]) == ("c1", "R432")
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    (case,) = [case for case in register.ask(reasons.find, TODAY) if case["found"]]
    assert (case["records"], case["side_b"]["record_id"]) == (["b1"], "o1")


def test_let05_two_letters_that_differ_are_let01(letter):
    """The office's copy agrees with its report: what BPJS typed otherwise is not told twice."""
    report(letter)
    letter.add("bpjs", "termination_letter", "b1", **{**NOTICE, "reason_code": "R431", "held_at": "BPJS"})
    assert letter.opens(reasons.find, TODAY) == []


@pytest.mark.parametrize("who", ["letter", "report", "spell"])
def test_let05_closes_when_a_source_corrects_itself(letter, who):
    """Nobody wins by himself: the case stays until one of them says something else."""
    report(letter, reason_code="RPK1")
    spell(letter, end_cause="CONTRACT_END")
    assert sorted(letter.opens(reasons.find, TODAY)) == [["b1"], ["c1"]]
    if who == "letter":
        corrected = {"letter_type": "CORRECTION", "letter_number": "022", "supersedes_number": "021/HRD"}
        letter.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **corrected, "reason_code": "RPK1"})
        expected = []
    elif who == "report":
        letter.rows["termination_case"][0]["reason_code"] = "R432"
        expected = [["b1"]]
    else:
        letter.rows["employment"][0]["end_cause"] = "TERMINATION"
        expected = [["c1"]]
    assert letter.opens(reasons.find, TODAY) == expected


def test_let05_a_withdrawn_letter_contradicts_nothing(letter):
    """And a withdrawn report neither."""
    report(letter, reason_code="R431")
    withdrawal = {"letter_type": "WITHDRAWAL", "letter_number": "022", "supersedes_number": "021/HRD"}
    letter.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **withdrawal})
    (case,) = letter.ask(reasons.find, TODAY)
    assert not case["found"]
    assert case["closing"] == "the termination was withdrawn, record o2"


def test_let05_every_reason_but_the_unknown_one_has_a_cause(register):
    """A reason that is added to the law must be placed, or LET-05 would say nothing of it."""
    readings = register.law.readings.let05
    placed = {reason for reasons in readings.causes.values() for reason in reasons}
    assert placed == set(register.law.reasons) - set(readings.unknown_reasons)


@pytest.fixture
def statement(register):
    """BPJS has a statement that Siti resigned."""
    return register.add("bpjs", "termination_letter", "s1", **STATEMENT)


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        ([], None),
        (["letter"], "o1"),
        (["report"], "c1"),
        (["spell"], "b1"),
        (["spell", "report", "letter"], "o1"),  # the strongest
    ],
)
def test_let06_a_resignation_and_a_dismissal(statement, evidence, shown):
    """The statement is the case; what tells of a dismissal its other side."""
    for kind in evidence:
        if kind == "letter":
            statement.add("dinas_3215", "termination_letter", "o1", **NOTICE)
        elif kind == "report":
            report(statement)
        else:
            spell(statement)
    (case,) = statement.ask(resigned.find, TODAY)
    assert case["records"] == ["s1"]
    assert case["found"] is (shown is not None)
    assert case["side_b"]["record_id"] == shown


@pytest.mark.parametrize(
    "fields",
    [
        {"firm": "jaya"},
        {"person": "ani"},
        {"effective_date": date(2025, 9, 24)},  # of another employment there
        {"reason_code": "RPK1"},  # an end of contract is no dismissal
        {"letter_type": "WITHDRAWAL", "supersedes_number": "020"},
    ],
)
def test_let06_what_is_no_dismissal(statement, fields):
    """Of another employer, another year, or none."""
    statement.add("dinas_3215", "termination_letter", "o1", **{**NOTICE, **fields})
    assert statement.opens(resigned.find, TODAY) == []


def test_let06_a_spell_that_ended_by_resignation_agrees(statement):
    """As it should be."""
    spell(statement, end_cause="RESIGNATION")
    report(statement, reason_code="R50", letter_number=None)
    assert statement.opens(resigned.find, TODAY) == []
    assert statement.opens(reasons.find, TODAY) == []


def test_let06_closes_with_the_withdrawal_of_either(statement):
    """Of the dismissal, or of the statement."""
    statement.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    assert statement.opens(resigned.find, TODAY) == [["s1"]]
    withdrawal = {"letter_type": "WITHDRAWAL", "letter_number": "050", "supersedes_number": "021/HRD"}
    statement.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **withdrawal})
    assert statement.opens(resigned.find, TODAY) == []
    statement.rows["termination_letter"][-1]["supersedes_number"] = "044/HRD"
    (case,) = statement.ask(resigned.find, TODAY)
    assert case["closing"] == "replaced by a letter that names it (WITHDRAWAL), record o2"


def test_let06_a_notice_with_the_reason_of_a_resignation(register):
    """Whatever the kind of letter: what it says is that she resigned."""
    register.add("dinas_3215", "termination_letter", "o1", **{**NOTICE, "reason_code": "R50"})
    spell(register)
    assert register.opens(resigned.find, TODAY) == [["o1"]]
