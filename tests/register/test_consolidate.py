"""Records of several offices become facts: who wins, what stays, what merge and split leave behind."""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.store import tables

SPELLS, WLKP = "bpjs.tk_kepesertaan", "kemnaker.wlkp_tenaga_kerja"
BPJS_LETTERS, COPIES = "bpjs.surat_klaim", "dinas_3215.surat_tembusan"
SEEKERS, ACTIVITY = "kemnaker.pes_pendaftaran", "kemnaker.pes_aktivitas"


def spell(**fields):
    """A spell of work at Maju Jaya since 2014."""
    return {"employment": {"full_name": "SITI", "npp": "JJ012345", "start_date": date(2014, 2, 3), **fields}}


def letter(**fields):
    """The notice of Siti's dismissal."""
    told = {
        "full_name": "SITI",
        "letter_type": "PHK_NOTICE",
        "letter_number": "021/HRD",
        "reason_code": "R432",
        "effective_date": date(2026, 8, 24),
        "signature_status": "none",
    }
    return {"termination_letter": {**told, **fields}}


def employed(story):
    """Siti's employment, told by BPJS and by WLKP."""
    story.judged(SPELLS, [("b1", spell(contract_type="PKWT", occupation_code="OPERATOR"))])
    story.judged(
        WLKP, [("w1", spell(contract_type="PKWTT", wlkp_code="3215.1", start_date=date(2014, 2, 10)))]
    )
    story.merge()
    story.persons(b1="siti", w1="siti")
    story.employers(b1="maju", w1="maju")


def test_one_employment_from_two_offices(story):
    """Each field from the office that is agreed for it, and why is kept beside it."""
    employed(story)
    story.consolidate()
    (fact,) = story.current("employment").values()
    assert fact["person_id"] == "siti"
    assert fact["employer_id"] == "maju"
    assert fact["facts"]["start_date"] == "2014-02-03"
    assert fact["facts"]["contract_type"] == "PKWTT"
    assert fact["provenance"]["start_date"] == ["b1", "bpjs", "order"]
    assert fact["provenance"]["contract_type"] == ["w1", "kemnaker", "order"]
    assert fact["provenance"]["wlkp_code"] == ["w1", "kemnaker", "only"]
    assert fact["provenance"]["npp"] == ["b1", "bpjs", "agreed"]
    assert "end_date" not in fact["provenance"]
    assert story.fact_of("b1") == story.fact_of("w1")


def test_all_copies_of_a_letter_are_kept(story):
    """Display follows the agreed order; that BPJS holds another date is written beside it, and its copy
    stays."""
    story.judged(COPIES, [("c1", letter(held_at="OFFICE"))])
    story.judged(BPJS_LETTERS, [("l1", letter(held_at="BPJS", effective_date=date(2026, 8, 31)))])
    story.merge()
    story.persons(c1="siti", l1="siti")
    story.employers(c1="maju", l1="maju")
    story.consolidate()
    (fact,) = story.current("termination_letter").values()
    assert fact["facts"]["effective_date"] == "2026-08-24"
    assert fact["provenance"]["_copies"] == {
        "c1": ["dinas_3215", "OFFICE", []],
        "l1": ["bpjs", "BPJS", ["effective_date"]],
    }
    assert story.table(tables.record_version)["seq_to"].to_list() == [None, None]


def test_a_signed_original_outranks_a_typed_copy(story):
    """Whoever holds it."""
    story.judged(COPIES, [("c1", letter(reason_code="R431"))])
    story.judged(BPJS_LETTERS, [("l1", letter(signature_status="valid"))])
    story.merge()
    story.persons(c1="siti", l1="siti")
    story.employers(c1="maju", l1="maju")
    story.consolidate()
    (fact,) = story.current("termination_letter").values()
    assert fact["facts"]["reason_code"] == "R432"


def test_a_new_version_only_when_something_changed(story):
    """A night without news writes nothing; a change closes the version and keeps it readable."""
    employed(story)
    first = story.consolidate()
    assert first.counts["employment"] == {"facts": 1, "minted": 1, "merged": 0, "changed": 1, "closed": 0}
    story.next_night()
    assert story.consolidate().counts == {}
    story.next_night()
    story.judged(SPELLS, [("b1", spell(contract_type="PKWT", occupation_code="OPERATOR"))])
    story.merge()
    assert story.consolidate().counts["employment"]["changed"] == 0
    story.next_night()
    story.judged(SPELLS, [("b1", spell(end_date=date(2026, 8, 24), end_cause="TERMINATION"))])
    story.merge()
    story.consolidate()
    versions = story.table(tables.canonical_version).sort("seq_from")
    assert versions.select("seq_from", "seq_to").rows() == [(1, 4), (4, None)]
    assert versions["fact_id"].n_unique() == 1


def test_a_fact_without_records_is_closed(story):
    """Both sources deleted their rows: the fact ends, its history stays; coming back it is the same fact."""
    employed(story)
    story.consolidate()
    before = story.fact_of("b1")
    story.next_night()
    story.judged(SPELLS, deleted=["b1"])
    story.judged(WLKP, deleted=["w1"])
    story.merge()
    story.forget("b1", "w1")
    assert story.consolidate().counts["employment"]["closed"] == 1
    assert story.current("employment") == {}
    story.next_night()
    story.judged(SPELLS, [("b1", spell())])
    story.judged(WLKP, [("w1", spell())])
    story.merge()
    story.persons(b1="siti", w1="siti")
    story.employers(b1="maju", w1="maju")
    story.consolidate()
    assert list(story.current("employment")) == [before]


def test_the_fact_outlives_the_record_that_minted_it(story):
    """The row at BPJS is deleted, WLKP still tells of the employment: the same fact goes on."""
    employed(story)
    story.consolidate()
    before = story.fact_of("b1")
    minted_by = story.table(tables.fact)["minted_by"].item()
    feed, other = (SPELLS, "w1") if minted_by == "b1" else (WLKP, "b1")
    story.next_night()
    story.judged(feed, deleted=[minted_by])
    story.merge()
    story.forget(minted_by)
    story.consolidate()
    assert list(story.current("employment")) == [before]
    assert story.fact_of(other) == before


def test_a_record_that_comes_again_leaves_the_others_theirs(story):
    """The row that minted a fact went, and WLKP kept the fact; as somebody else's row it comes back. These
    are two employments, and neither is lost.
    """
    employed(story)
    story.consolidate()
    minted_by = story.table(tables.fact)["minted_by"].item()
    feed, other = (SPELLS, "w1") if minted_by == "b1" else (WLKP, "b1")
    story.next_night()
    story.judged(feed, deleted=[minted_by])
    story.merge()
    story.forget(minted_by)
    story.consolidate()
    story.next_night()
    story.judged(feed, [(minted_by, spell(full_name="BUDI"))])
    story.merge()
    story.persons(**{minted_by: "budi"})
    story.employers(**{minted_by: "maju"})
    story.consolidate()
    facts = story.current("employment")
    assert {told["person_id"] for told in facts.values()} == {"siti", "budi"}
    assert facts[story.fact_of(other)]["person_id"] == "siti"
    assert facts[story.fact_of(minted_by)]["person_id"] == "budi"


def test_merging_persons_merges_facts_and_splitting_gives_them_back(story):
    """Two mentions turn out to be one person, then not: ids come back, and no value of the other stays
    behind."""
    story.judged(SPELLS, [("b1", spell(contract_type="PKWT", occupation_code="JAHIT"))])
    story.judged(WLKP, [("w1", spell(wlkp_code="3215.1"))])
    story.merge()
    story.persons(b1="siti", w1="situ")
    story.employers(b1="maju", w1="maju")
    story.consolidate()
    apart = {story.fact_of("b1"), story.fact_of("w1")}
    assert len(apart) == 2

    story.next_night()
    story.persons(w1="siti")
    story.consolidate()
    (one,) = story.current("employment")
    assert one in apart
    merged = story.table(tables.fact).filter(pl.col("merged_into").is_not_null())
    assert merged["merged_into"].to_list() == [one]

    story.next_night()
    story.persons(w1="situ")
    story.consolidate()
    facts = story.current("employment")
    assert set(facts) == apart
    assert story.table(tables.fact)["merged_into"].to_list() == [None, None]
    of_situ = facts[story.fact_of("w1")]
    assert of_situ["person_id"] == "situ"
    assert of_situ["facts"]["occupation_code"] is None
    assert of_situ["facts"]["contract_type"] is None
    assert {value[0] for value in of_situ["provenance"].values()} == {"w1"}


def test_the_person_left_behind_is_consolidated_too(story):
    """One of two records moves to another person: what the first person keeps is made again without it."""
    employed(story)
    story.consolidate()
    story.next_night()
    story.persons(w1="someone else")
    story.consolidate()
    facts = story.current("employment")
    assert facts[story.fact_of("b1")]["facts"]["wlkp_code"] is None
    assert facts[story.fact_of("w1")]["person_id"] == "someone else"


def test_activity_belongs_to_whoever_is_registered(story):
    """An activity names a registration, not a person; it finds its person when the registration comes."""
    story.judged(
        ACTIVITY,
        [
            (
                "a1",
                {
                    "pes_activity": {
                        "registration_record": "p1",
                        "registration_no": "PK1",
                        "activity_month": "2026-08",
                        "applications": 6,
                    }
                },
            )
        ],
    )
    story.merge()
    story.consolidate()
    (alone,) = story.current("pes_activity").values()
    assert alone["person_id"] is None
    story.next_night()
    story.judged(SEEKERS, [("p1", {"pes_registration": {"full_name": "SITI", "registration_no": "PK1"}})])
    story.merge()
    story.persons(p1="siti")
    story.consolidate()
    (known,) = story.current("pes_activity").values()
    assert known["person_id"] == "siti"
    assert known["fact_id"] == alone["fact_id"]
    story.next_night()
    story.persons(p1="siti the elder")
    story.consolidate()
    assert next(iter(story.current("pes_activity").values()))["person_id"] == "siti the elder"


def test_employers_are_facts_of_their_own(story):
    """WLKP and BPJS describe one employer."""
    story.judged(
        "bpjs.perusahaan", [("e1", {"employer": {"employer_name": "PT MAJU JAYA", "npp": "JJ012345"}})]
    )
    story.judged(
        "kemnaker.wlkp_perusahaan",
        [("e2", {"employer": {"employer_name": "Maju Jaya", "wlkp_code": "3215.1"}})],
    )
    story.merge()
    story.employers(e1="maju", e2="maju")
    story.consolidate()
    (fact,) = story.current("employer").values()
    assert fact["facts"]["employer_name"] == "Maju Jaya"
    assert fact["facts"]["npp"] == "JJ012345"
    assert fact["person_id"] is None


def test_ids_do_not_depend_on_when_records_came(story):
    """A fact's id is made of the record that minted it: the same rows on two nights or on one give the same
    facts."""
    story.judged(SPELLS, [("b1", spell())])
    story.merge()
    story.persons(b1="siti")
    story.employers(b1="maju")
    story.consolidate()
    before = story.fact_of("b1")
    story.next_night()
    story.judged(WLKP, [("a-wlkp-row-with-a-smaller-id", spell())])
    story.merge()
    story.persons(**{"a-wlkp-row-with-a-smaller-id": "siti"})
    story.employers(**{"a-wlkp-row-with-a-smaller-id": "maju"})
    story.consolidate()
    assert list(story.current("employment")) == [before]
