"""Records that name nobody: whose they are says the record that they refer to, whenever it comes."""

from __future__ import annotations

from jendela.store import tables

IURAN, PAID, CLAIMS, SPELLS = "bpjs.iuran_tk", "bpjs.bayar_manfaat", "bpjs.klaim_jkp", "bpjs.tk_kepesertaan"
NOTICES, STOPS, SEEKERS = "kemnaker.pes_pemberitahuan", "bpjs.henti_manfaat", "kemnaker.pes_pendaftaran"
DISPUTES, AGREEMENTS = "kemnaker.ephi_perselisihan", "kemnaker.ephi_pb"


def month(spell="b1", **changes):
    """A month of contributions."""
    return {
        "contribution": {"spell_record": spell, "contribution_month": "2026-08", "wage": 5_000_000, **changes}
    }


def payment(claim="c1", number="BM1"):
    """A payment."""
    return {"benefit_payment": {"claim_record": claim, "claim_number": "JKP1", "payment_number": number}}


def claim():
    """A claim."""
    return {"claim": {"full_name": "SITI", "claim_number": "JKP1", "status": "APPROVED"}}


def notice(**fields):
    """A notice, as one of the two tells it."""
    return {"disqualification_notice": {"reason": "FOUND_WORK", **fields}}


def test_a_month_is_of_the_person_and_employer_of_its_spell(story):
    """Both come from the spell; the wage stays with the fact, under the person's id."""
    story.judged(SPELLS, [("b1", {"employment": {"full_name": "SITI", "npp": "JJ012345"}})])
    story.judged(IURAN, [("i1", month())])
    story.merge()
    story.persons(b1="siti")
    story.employers(b1="maju")
    story.consolidate()
    (fact,) = story.current("contribution").values()
    assert (fact["person_id"], fact["employer_id"]) == ("siti", "maju")
    assert fact["facts"]["wage"] == "5000000.00"


def test_a_payment_waits_for_its_claim_and_follows_its_person(story):
    """First nobody's, then Siti's, then that of whom she turns out to be; always the same fact."""
    story.judged(PAID, [("p1", payment())])
    story.merge()
    story.consolidate()
    (alone,) = story.current("benefit_payment").values()
    assert alone["person_id"] is None
    story.next_night()
    story.judged(CLAIMS, [("c1", claim())])
    story.merge()
    story.persons(c1="siti")
    story.consolidate()
    (known,) = story.current("benefit_payment").values()
    assert (known["person_id"], known["fact_id"]) == ("siti", alone["fact_id"])
    story.next_night()
    story.persons(c1="siti the elder")
    story.consolidate()
    (moved,) = story.current("benefit_payment").values()
    assert (moved["person_id"], moved["fact_id"]) == ("siti the elder", alone["fact_id"])


def test_a_notice_and_what_was_done_upon_it_are_one_fact(story):
    """The service says why, BPJS what it did, on another night; the fact is the same."""
    story.judged(SEEKERS, [("s1", {"pes_registration": {"full_name": "SITI", "registration_no": "PK1"}})])
    story.judged(CLAIMS, [("c1", claim())])
    told = notice(registration_record="s1", notice_number="PBT1", registration_no="PK1")
    story.judged(NOTICES, [("n1", told)])
    story.merge()
    story.persons(s1="siti", c1="siti")
    story.consolidate()
    (before,) = story.current("disqualification_notice")
    story.next_night()
    done = notice(
        claim_record="c1", notice_number="PBT1", claim_number="JKP1", action="STOPPED", reason="NOT_AVAILABLE"
    )
    story.judged(
        STOPS, [("h1", done), ("h2", notice(claim_record="c1", claim_number="JKP1", action="STOPPED"))]
    )
    story.merge()
    story.consolidate()
    facts = story.current("disqualification_notice")
    assert len(facts) == 2  # the stop without a notice stays alone
    joined = facts[before]["facts"]
    assert (joined["reason"], joined["action"], joined["claim_number"]) == ("FOUND_WORK", "STOPPED", "JKP1")


def test_a_notice_about_another_person_is_another_fact(story):
    """The same number typed by mistake on somebody else's claim."""
    story.judged(SEEKERS, [("s1", {"pes_registration": {"full_name": "SITI", "registration_no": "PK1"}})])
    story.judged(CLAIMS, [("c1", claim())])
    story.judged(NOTICES, [("n1", notice(registration_record="s1", notice_number="PBT1"))])
    story.judged(STOPS, [("h1", notice(claim_record="c1", notice_number="PBT1", action="STOPPED"))])
    story.merge()
    story.persons(s1="siti", c1="budi")
    story.consolidate()
    owners = {fact["person_id"] for fact in story.current("disqualification_notice").values()}
    assert owners == {"siti", "budi"}


def test_a_revision_is_a_version_and_a_deletion_closes_it(story):
    """The employer pays later: what was known before stays known; a month taken out is gone."""
    story.judged(SPELLS, [("b1", {"employment": {"full_name": "SITI"}})])
    story.judged(IURAN, [("i1", month(state="FINALISED"))])
    story.merge()
    story.persons(b1="siti")
    story.consolidate()
    story.next_night()
    story.judged(IURAN, [("i1", month(state="POSTED"))])
    story.merge()
    story.consolidate()
    (now,) = story.current("contribution").values()
    assert now["facts"]["state"] == "POSTED"
    assert story.table(tables.canonical_version).height == 3
    story.next_night()
    story.judged(IURAN, deleted=["i1"])
    story.merge()
    story.consolidate()
    assert story.current("contribution") == {}


def test_an_agreement_belongs_to_the_party_of_its_dispute(story):
    """The agreement names no worker."""
    story.judged(DISPUTES, [("d1", {"dispute": {"full_name": "SITI", "dispute_number": "567/1"}})])
    made = {"dispute_record": "d1", "settlement_number": "12/PB", "dispute_number": "567/1"}
    story.judged(AGREEMENTS, [("g1", {"settlement_agreement": made})])
    story.merge()
    story.persons(d1="siti")
    story.employers(d1="maju")
    story.consolidate()
    (agreed,) = story.current("settlement_agreement").values()
    assert (agreed["person_id"], agreed["employer_id"]) == ("siti", "maju")
