"""PES-01, CLM-01 and CLM-04: what goes wrong around a claim."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import claims, jobsearch

TODAY = date(2026, 9, 10)
ENDED, DECIDED = date(2026, 7, 20), date(2026, 8, 5)


@pytest.fixture
def claimant(register):
    """Siti, of a workplace in Karawang, has applied."""
    return register.add(
        "bpjs", "claim", "k1", status="FILED", filed_date=date(2026, 8, 1), workplace_region="3215"
    )


@pytest.fixture
def rejected(register):
    """Her claim was rejected on 5 August for want of proof."""
    return register.add(
        "bpjs",
        "claim",
        "k1",
        status="REJECTED",
        rejection_reason="MISSING_PROOF",
        decision_date=DECIDED,
        termination_date=ENDED,
        workplace_region="3215",
        letter_number="021/HRD",
    )


def report(**fields):
    """A report at the office in Karawang."""
    told = {
        "office": "dinas_3215",
        "entity": "termination_case",
        "record": "c1",
        "effective_date": ENDED,
        "report_received_date": date(2026, 7, 22),
    }
    return {**told, **fields}


def letter(**fields):
    """A letter at the office in Karawang."""
    told = {
        "office": "dinas_3215",
        "entity": "termination_letter",
        "record": "o1",
        "letter_type": "PHK_NOTICE",
        "effective_date": ENDED,
        "held_since": date(2026, 7, 1),
    }
    return {**told, **fields}


def test_pes01_an_applicant_without_a_registration(claimant):
    """The claim is the case; the central service is its other side."""
    (case,) = claimant.ask(jobsearch.find, TODAY)
    assert case["found"]
    assert case["side_a"]["value"] == "2026-08-01"
    assert case["side_b"]["office"] == "kemnaker"


@pytest.mark.parametrize("office", ["kemnaker", "dinas_3215"])
def test_pes01_registered_centrally_or_at_any_counter(claimant, office):
    """Either will do, whichever employer it was."""
    claimant.add(office, "pes_registration", "p1", firm=None)
    (case,) = claimant.ask(jobsearch.find, TODAY)
    assert not case["found"]
    assert case["closing"] == f"{office}.pes_registration: a registration, record p1"


@pytest.mark.parametrize(
    ("status", "opens"),
    [("FILED", True), ("UNDER_REVIEW", True), ("APPROVED", True), ("REJECTED", True), ("WITHDRAWN", False)],
)
def test_pes01_any_claim_but_a_withdrawn_one(register, status, opens):
    """Who takes the application back owes no registration."""
    register.add("bpjs", "claim", "k1", status=status, workplace_region="3215")
    assert bool(register.opens(jobsearch.find, TODAY)) is opens


@pytest.mark.parametrize("silent", ["kemnaker", "dinas_3215"])
def test_pes01_the_centre_and_the_competent_office_must_be_heard(claimant, silent):
    """The registration could be with whoever was silent: the centre, or the office of the workplace."""
    claimant.silent = {silent}
    assert claimant.opens(jobsearch.find, TODAY) == []
    claimant.silent = {"dinas_6471"}
    assert claimant.opens(jobsearch.find, TODAY) == [["k1"]]


def test_pes01_does_not_wait_for_an_office_on_another_island(claimant):
    """An office counts where the claimant worked or lives, and nowhere else."""
    claimant.silent = {"dinas_3215"}
    claimant.rows["claim"][0]["workplace_region"] = "6471"
    assert claimant.opens(jobsearch.find, TODAY) == [["k1"]]
    claimant.rows["claim"][0]["residence_region"] = "321503"
    assert claimant.opens(jobsearch.find, TODAY) == []


def test_pes01_read_so_that_everybody_must_be_heard(claimant):
    """The agencies may read it so that all who keep job-seekers count, wherever they are."""
    every = claimant.law.readings.pes01.model_copy(update={"offices": "every"})
    readings = claimant.law.readings.model_copy(update={"pes01": every})
    claimant.law = type(claimant.law)(**{**vars(claimant.law), "readings": readings})
    claimant.rows["claim"][0]["workplace_region"] = "6471"
    claimant.silent = {"dinas_3215"}
    assert claimant.opens(jobsearch.find, TODAY) == []
    claimant.silent = {"dinas_6471"}
    assert claimant.opens(jobsearch.find, TODAY) == [["k1"]]


def test_pes01_waits_for_a_review(claimant):
    """Somebody registered who may yet be Siti."""
    claimant.add("kemnaker", "pes_registration", "p1", person="siti n", firm=None)
    claimant.review = [("siti n", "siti")]
    assert claimant.opens(jobsearch.find, TODAY) == []


@pytest.mark.parametrize(
    ("proof", "opens"),
    [
        (report(), True),
        (report(report_received_date=DECIDED), True),  # on the day itself
        (report(report_received_date=date(2026, 8, 6)), False),  # a day late
        (report(report_received_date=None), False),  # nobody knows since when
        (report(effective_date=date(2025, 7, 20)), False),  # of another dismissal
        (report(effective_date=date(2025, 7, 20), letter_number="021/HRD"), True),  # names the claim's letter
        (report(firm="jaya"), False),
        (report(person="ani"), False),
        (letter(), True),
        (letter(held_since=date(2026, 8, 6)), False),
        (letter(letter_type="RESIGNATION_STATEMENT"), False),
    ],
)
def test_clm04_what_the_office_held_when_bpjs_decided(rejected, proof, opens):
    """The report or the letter, there on the day of the decision."""
    rejected.add(**proof)
    assert bool(rejected.opens(claims.rejected_for_proof, TODAY)) is opens


def test_clm04_the_report_is_shown_before_the_letter(rejected):
    """The office's receipt is the legal proof."""
    rejected.add(**letter()).add(**report())
    (case,) = rejected.ask(claims.rejected_for_proof, TODAY)
    assert case["records"] == ["k1"]
    assert case["side_a"]["value"] == "MISSING_PROOF 2026-08-05"
    assert case["side_b"] == {
        "office": "dinas_3215",
        "feed": "dinas_3215.termination_case",
        "record_id": "c1",
        "field": "report_received_date",
        "value": "2026-07-22",
        "as_of": "2026-09-01",
    }


@pytest.mark.parametrize(
    ("fields", "closing"),
    [
        ({"status": "APPROVED"}, "the claim is APPROVED now"),
        ({"status": "WITHDRAWN"}, "the claim is WITHDRAWN now"),
        ({"rejection_reason": "CONTRIBUTION_PERIOD"}, "the claim is REJECTED now"),
    ],
)
def test_clm04_a_revised_decision_closes_it(rejected, fields, closing):
    """Another status or another reason."""
    rejected.add(**report())
    rejected.rows["claim"][0].update(fields)
    (case,) = rejected.ask(claims.rejected_for_proof, TODAY)
    assert not case["found"]
    assert case["closing"] == closing


def test_clm04_without_a_competent_office_nothing_is_concluded(rejected):
    """The workplace is in Makassar, which is not configured here."""
    rejected.add(**report())
    rejected.rows["claim"][0]["workplace_region"] = "7371"
    assert rejected.ask(claims.rejected_for_proof, TODAY) == []


@pytest.mark.parametrize(
    ("ended", "filed", "opens"),
    [
        (date(2026, 2, 10), date(2026, 8, 10), False),  # six months to the day
        (date(2026, 2, 10), date(2026, 8, 11), True),
        (date(2025, 2, 6), date(2025, 5, 7), True),  # by the law of that day: three months
        (date(2025, 2, 7), date(2025, 5, 8), False),
        (None, date(2026, 8, 11), False),
    ],
)
def test_clm01_filed_after_the_time_limit(register, ended, filed, opens):
    """By the law of the day on which the employment ended."""
    claim = {"filed_date": filed, "termination_date": ended, "workplace_region": "3215"}
    register.add("bpjs", "claim", "k1", status="FILED", **claim)
    assert register.opens(claims.late, TODAY) == ([["k1"]] if opens else [])


def test_clm01_by_the_letter_where_the_claim_says_no_date(register):
    """And the last day is told beside the day of filing."""
    claim = {"filed_date": date(2026, 8, 11), "letter_number": "21 HRD", "workplace_region": "3215"}
    register.add("bpjs", "claim", "k1", status="APPROVED", **claim)
    ended = {"effective_date": date(2026, 2, 10), "letter_number": "021/HRD", "letter_type": "PHK_NOTICE"}
    register.add("dinas_3215", "termination_letter", "o1", **ended)
    (case,) = register.ask(claims.late, TODAY)
    assert (case["side_a"]["value"], case["side_b"]["value"]) == ("2026-08-11", "2026-08-10")
    assert case["regime"] == "pp-6-2025"


@pytest.mark.parametrize("status", ["REJECTED", "WITHDRAWN"])
def test_clm01_closes_when_the_claim_is_rejected_or_withdrawn(register, status):
    """It costs nobody anything then."""
    claim = {"filed_date": date(2026, 8, 11), "termination_date": date(2026, 2, 10)}
    register.add("bpjs", "claim", "k1", status=status, **claim)
    (case,) = register.ask(claims.late, TODAY)
    assert (case["found"], case["closing"]) == (False, f"the claim is {status} now")
