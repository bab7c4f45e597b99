"""Which letter replaced which, which copies are one letter, and what a withdrawal ends."""

from __future__ import annotations

import random
from datetime import date

import pytest

from jendela.reconcile import claims, lateness, letters, obligations, proof
from jendela.reconcile.editions import history
from jendela.reconcile.step import RULES

TODAY = date(2026, 10, 15)
ENDED = date(2026, 9, 24)
NOTICE = {
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD-PHK/IX/2026",
    "letter_date": date(2026, 9, 3),
    "reason_code": "R432",
    "workplace_region": "3215",
    "effective_date": ENDED,
    "held_at": "OFFICE",
}
CORRECTION = {
    **NOTICE,
    "letter_type": "CORRECTION",
    "letter_number": "022/HRD-RALAT/IX/2026",
    "letter_date": date(2026, 9, 8),
    "supersedes_number": "21/HRD PHK/09/2026",  # as a clerk copied it
}
WITHDRAWAL = {
    **NOTICE,
    "letter_type": "WITHDRAWAL",
    "letter_number": "030/HRD-CABUT/IX/2026",
    "letter_date": date(2026, 9, 20),
    "supersedes_number": "021/HRD-PHK/IX/2026",
}


def replaced(register):
    """By letter, what replaced it."""
    return {row["record_id"]: row["replaced_by"] for row in register.known(TODAY).letters.to_dicts()}


@pytest.fixture
def corrected(register):
    """Siti's notice at both holders; the office has its correction."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    register.add("bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS"})
    return register.add("dinas_3215", "termination_letter", "o2", seq=2, **CORRECTION)


def test_a_correction_replaces_every_copy_of_what_it_names(corrected):
    """Also the one at BPJS, which has never seen the correction."""
    assert replaced(corrected) == {"o1": "o2", "b1": "o2", "o2": None}


def test_the_history_tells_which_letter_replaced_which(corrected):
    """Notice, correction, its correction, withdrawal: nothing is lost, each says what followed."""
    again = {**CORRECTION, "letter_number": "023/RALAT", "supersedes_number": "022/HRD-RALAT/IX/2026"}
    corrected.add("bpjs", "termination_letter", "b3", seq=3, **{**again, "letter_date": date(2026, 9, 10)})
    corrected.add(
        "bpjs", "termination_letter", "b4", seq=4, **{**WITHDRAWAL, "supersedes_number": "023/RALAT"}
    )
    told = history(corrected.known(TODAY).letters)
    assert told.select("record_id", "replaced_by", "replaced_how").rows() == [
        ("b1", "o2", "CORRECTION"),
        ("o1", "o2", "CORRECTION"),
        ("o2", "b3", "CORRECTION"),
        ("b3", "b4", "WITHDRAWAL"),
        ("b4", None, None),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"person": "ani"},
        {"firm": "jaya"},
        {"supersedes_number": "099/HRD"},
        {"letter_date": date(2026, 9, 1)},  # older than what it would replace: another letter of that number
        {"supersedes_number": None},
    ],
)
def test_what_replaces_nothing(register, other):
    """Of another worker or employer, of another number, or written before."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    register.add("dinas_3215", "termination_letter", "o2", **{**CORRECTION, **other})
    assert replaced(register)["o1"] is None


def test_a_correction_that_keeps_the_number(register):
    """Two copies of it do not replace each other."""
    same = {**CORRECTION, "letter_number": NOTICE["letter_number"]}
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    register.add("dinas_3215", "termination_letter", "o2", **same)
    register.add("bpjs", "termination_letter", "b2", **same)
    assert replaced(register) == {"o1": "b2", "o2": None, "b2": None}


@pytest.mark.parametrize(
    ("second", "letters_known"),
    [
        ({"letter_number": "21 hrd-phk 9 2026"}, 1),  # by number
        ({"letter_number": "77/X", "document_sha256": "a" * 64}, 1),  # by file, whatever somebody typed
        ({"letter_number": "77/X", "document_sha256": "b" * 64}, 2),
        ({"person": "ani"}, 2),
        ({"letter_type": "PHK_CONFIRMATION"}, 2),
    ],
)
def test_copies_of_one_letter(register, second, letters_known):
    """By number or by file."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, document_sha256="a" * 64)
    register.add("bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS", **second})
    assert register.known(TODAY).documents.height == letters_known


def test_the_best_copy_speaks_and_the_first_one_names_the_case(register):
    """A signed original, then the office's copy, then BPJS'; the id stays that of the one known first."""
    register.add("bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS"})
    register.add("dinas_3215", "termination_letter", "o1", seq=2, **NOTICE)
    (one,) = register.known(TODAY).documents.to_dicts()
    assert (one["record_id"], one["anchor"]) == ("o1", "b1")
    signed = {**NOTICE, "held_at": "BPJS", "signature_status": "valid"}
    register.add("bpjs", "termination_letter", "b2", seq=3, **signed)
    (one,) = register.known(TODAY).documents.to_dicts()
    assert (one["record_id"], one["anchor"]) == ("b2", "b1")


CASE = {
    "letter_number": "021/HRD-PHK/IX/2026",
    "effective_date": ENDED,
    "workplace_region": "3215",
    "reason_code": "R432",
    "worker_response": "REJECTED",
    "evidence_kind": "E1",
    "report_received_date": date(2026, 10, 14),
}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (letters.missing_copies, "LET-02"),
        (lateness.reports, "PHK-03"),
        (proof.find, "PHK-05"),
        (proof.find, "PHK-06"),
    ],
)
def test_a_withdrawal_ends_what_the_case_owed(register, rule, code):
    """Open before it, closed by it; and open again when the employer dismisses anew."""
    register.add("dinas_3215", "termination_case", "c1", **CASE)
    assert register.opens(rule, TODAY, code) == [["c1"]]
    register.add("dinas_6471", "termination_letter", "w1", **WITHDRAWAL)
    (case,) = register.ask(rule, TODAY, code)
    assert not case["found"]
    assert case["closing"] == "the termination was withdrawn, record w1"
    register.add("dinas_6471", "termination_letter", "n2", **{**NOTICE, "letter_number": "040/HRD"})
    assert register.opens(rule, TODAY, code) == [["c1"]]


def test_a_withdrawal_of_another_termination_ends_nothing(register):
    """Of last year."""
    register.add("dinas_3215", "termination_case", "c1", **CASE)
    old = {
        "effective_date": date(2025, 9, 24),
        "supersedes_number": "007/HRD",
        "letter_date": date(2025, 9, 1),
    }
    register.add("dinas_6471", "termination_letter", "w1", **{**WITHDRAWAL, **old})
    assert register.opens(lateness.reports, TODAY) == [["c1"]]


def test_a_withdrawn_letter_is_neither_unknown_nor_proof(register):
    """LET-07 and CLM-04 ask for letters that stand."""
    claim = {"termination_date": ENDED, "workplace_region": "3215", "letter_number": NOTICE["letter_number"]}
    register.add("bpjs", "claim", "k1", status="FILED", **claim)
    register.add("bpjs", "termination_letter", "b1", **{**NOTICE, "held_at": "BPJS"})
    assert register.opens(letters.unknown_to_office, TODAY) == [["b1"]]
    register.add("bpjs", "termination_letter", "w1", **{**WITHDRAWAL, "held_at": "BPJS"})
    (case,) = register.ask(letters.unknown_to_office, TODAY)
    assert (case["found"], case["closing"][:8]) == (False, "replaced")

    rejected = {"status": "REJECTED", "rejection_reason": "MISSING_PROOF", "decision_date": date(2026, 10, 9)}
    register.rows["claim"][0].update(rejected)
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, held_since=date(2026, 9, 5))
    assert register.opens(claims.rejected_for_proof, TODAY) == []
    register.rows["termination_letter"] = [
        row for row in register.rows["termination_letter"] if row["record_id"] != "w1"
    ]
    assert register.opens(claims.rejected_for_proof, TODAY) == [["k1"]]


def test_a_withdrawn_resignation_leaves_nothing_to_state(register):
    """BPJS is owed a statement until the resignation itself is withdrawn, not some dismissal."""
    register.add("bpjs", "employment", "b1", end_cause="RESIGNATION", end_date=ENDED)
    dismissal = {**WITHDRAWAL, "supersedes_number": "001/HRD"}
    register.add("bpjs", "termination_letter", "w1", **dismissal)
    assert obligations.find(register.known(TODAY))["owed"].to_list() == [True]
    register.add("bpjs", "termination_letter", "w2", **{**dismissal, "reason_code": "R50"})
    assert obligations.find(register.known(TODAY)).is_empty()


def test_the_order_of_the_rows_changes_nothing(register):
    """Same input, same findings from every rule, with the same sides: the register has no order."""
    short = {"notice_delivered_date": date(2026, 9, 18)}
    for person, firm in (("siti", "maju"), ("ani", "maju"), ("dewi", None)):
        told = {"person": person, "firm": firm, **short}
        moved = {**NOTICE, "effective_date": date(2026, 9, 25), "reason_code": "R431", "held_at": "BPJS"}
        register.add("dinas_3215", "termination_letter", f"{person}-o1", **{**NOTICE, **told})
        register.add("dinas_6471", "termination_letter", f"{person}-o2", **{**NOTICE, **told})
        register.add("bpjs", "termination_letter", f"{person}-b1", **{**moved, **told})
        register.add(
            "bpjs", "termination_letter", f"{person}-b2", **{**CORRECTION, **told, "held_at": "BPJS"}
        )
        where = {"person": person, "firm": firm}
        register.add("dinas_3215", "termination_case", f"{person}-c1", **where, **CASE)
        register.add("dinas_6471", "termination_case", f"{person}-c2", **where, **CASE)
        cause = {"end_cause": "RESIGNATION", "end_date": ENDED, "workplace_region": "3215"}
        register.add("bpjs", "employment", f"{person}-e1", **where, **cause)
        claim = {"status": "FILED", "filed_date": TODAY, "termination_date": date(2026, 1, 5)}
        register.add("bpjs", "claim", f"{person}-k1", **where, **claim, workplace_region="3215")

    def answers():
        return [sorted(map(str, register.ask(rule.find, TODAY))) for rule in RULES]

    once = answers()
    codes = {case["code"] for rule in RULES for case in register.ask(rule.find, TODAY) if case["found"]}
    assert codes >= {"LET-03", "LET-05", "PHK-03", "PHK-05", "PHK-06", "PES-01", "CLM-01"}
    for seed in range(4):
        for rows in register.rows.values():
            random.Random(seed).shuffle(rows)
        assert answers() == once
