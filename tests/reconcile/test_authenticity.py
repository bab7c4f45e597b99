"""LET-08 and LET-09: an altered letter, a number used again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jendela.reconcile import authenticity, reuse

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
    "severance_amount": Decimal("24000000.00"),
}
OURS, THEIRS = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("status", "opens"), [("valid", False), ("none", False), (None, False), ("invalid", True)]
)
def test_let08_a_signature_that_does_not_verify(register, status, opens):
    """Unsigned is not invalid."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, signature_status=status)
    assert register.opens(authenticity.find, TODAY) == ([["o1"]] if opens else [])


def test_let08_one_case_for_a_file_that_names_thousands(register):
    """Of nobody in particular."""
    for place, person in enumerate(("siti", "ani", "dewi")):
        told = {**NOTICE, "document_sha256": OURS, "signature_status": "invalid"}
        register.add("dinas_3215", "termination_letter", f"o{place}", person=person, **told)
    (case,) = register.ask(authenticity.find, TODAY)
    assert (case["records"], case["person_id"], case["severity"]) == (["o0"], None, "high")


@pytest.mark.parametrize(
    ("theirs", "severity"),
    [
        ({"document_sha256": OURS}, None),
        ({"document_sha256": None}, None),  # only typed there
        ({"document_sha256": THEIRS}, "warn"),  # another file, the same words: perhaps a print
        ({"document_sha256": THEIRS, "severance_amount": Decimal("34000000.00")}, "high"),
        ({"document_sha256": THEIRS, "effective_date": date(2026, 10, 1)}, "high"),
        ({"document_sha256": THEIRS, "letter_number": "22/HRD"}, None),  # it claims to be another letter
        ({"document_sha256": THEIRS, "letter_type": "PHK_CONFIRMATION"}, None),
        ({"document_sha256": THEIRS, "person": "ani"}, None),
    ],
)
def test_let08_the_file_that_the_worker_handed_in(register, theirs, severity):
    """The same number, another file; graver where the contents differ too."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, document_sha256=OURS)
    register.add("bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS", **theirs})
    found = [case for case in register.ask(authenticity.files, TODAY) if case["found"]]
    assert [(case["records"], case["severity"]) for case in found] == (
        [(["b1", "o1"], severity)] if severity else []
    )


def test_let08_the_file_that_a_claim_names_and_what_closes_it(register):
    """The office gets the file that the claim rests on."""
    claim = {"letter_number": "021 hrd", "letter_sha256": THEIRS, "workplace_region": "3215"}
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, document_sha256=OURS)
    register.add("bpjs", "claim", "k1", status="FILED", **claim)
    (case,) = register.ask(authenticity.files, TODAY)
    assert (case["found"], case["records"], case["severity"]) == (True, ["k1", "o1"], "warn")
    register.add("dinas_3215", "termination_letter", "o2", seq=2, **NOTICE, document_sha256=THEIRS)
    (case,) = register.ask(authenticity.files, TODAY)
    assert (case["found"], case["records"]) == (False, ["k1", "o1"])
    assert case["closing"] == "the files are the same"


def test_let08_a_replaced_letter_is_compared_with_nothing(register):
    """The correction names it."""
    told = {**NOTICE, "document_sha256": OURS, "signature_status": "invalid"}
    register.add("dinas_3215", "termination_letter", "o1", **told)
    register.add(
        "bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS", "document_sha256": THEIRS}
    )
    corrected = {"letter_type": "CORRECTION", "letter_number": "022", "supersedes_number": "021/HRD"}
    register.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **corrected})
    assert register.opens(authenticity.find, TODAY) == []


def workers(register, *letters):
    """One letter a worker under one number: the date, and the file if there is one."""
    for place, (ended, file) in enumerate(letters):
        told = {**NOTICE, "effective_date": ended, "document_sha256": file}
        register.add("dinas_3215", "termination_letter", f"o{place}", person=f"p{place}", seq=place, **told)
    return register


LATER = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("letters", "opens"),
    [
        ([(ENDED, None), (ENDED, None), (ENDED, None)], []),  # a mass lay-off
        ([(ENDED, OURS), (LATER, OURS)], []),  # in one file, on two dates: still one letter
        ([(ENDED, None), (LATER, None)], [["o0", "o1"]]),
        ([(ENDED, OURS), (LATER, THEIRS)], [["o0", "o1"]]),
        ([(ENDED, None), (ENDED, None), (LATER, None)], [["o0", "o2"]]),
        ([(ENDED, None)], []),
    ],
)
def test_let09_one_number_for_several_workers(register, letters, opens):
    """With different dates, and not one letter that names them all; one case a number."""
    assert workers(register, *letters).opens(reuse.find, TODAY) == opens


def test_let09_of_thousands_one_case(register):
    """A lay-off of fifty, and one more under their number: the first of them and the one."""
    register = workers(register, *[(ENDED, None)] * 50, (LATER, None))
    assert register.opens(reuse.find, TODAY) == [["o0", "o50"]]


def test_let09_a_copy_typed_wrongly_is_let01(register):
    """Ani's date at BPJS is wrong, the one at the office is that of all."""
    workers(register, (ENDED, None), (ENDED, None))
    wrong = {**NOTICE, "held_at": "BPJS", "effective_date": LATER}
    register.add("bpjs", "termination_letter", "b1", person="p1", **wrong)
    assert register.opens(reuse.find, TODAY) == []


@pytest.mark.parametrize(
    "second",
    [{"firm": "jaya"}, {"letter_number": "021/PHK"}, {"person": "siti"}, {"letter_type": "WITHDRAWAL"}],
)
def test_let09_what_is_no_reuse(register, second):
    """Another employer, another number, the same worker, a withdrawal."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    told = {**NOTICE, "person": "ani", "effective_date": LATER, **second}
    register.add("dinas_3215", "termination_letter", "o2", **told)
    assert register.opens(reuse.find, TODAY) == []


def test_let09_closes_when_a_correction_replaces_one_of_them(register):
    """The employer gives the second letter a number of its own."""
    workers(register, (ENDED, None), (LATER, None))
    corrected = {"letter_type": "CORRECTION", "letter_number": "022", "supersedes_number": "021/HRD"}
    register.add("dinas_3215", "termination_letter", "o9", person="p1", **{**NOTICE, **corrected})
    assert register.opens(reuse.find, TODAY) == []
