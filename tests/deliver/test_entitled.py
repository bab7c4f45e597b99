"""Each recipient gets its own fields of its own people, and nobody else's."""

from __future__ import annotations

import pytest


@pytest.fixture
def everything(siti, letter):
    """Siti with a letter, a claim, a job-seeker's registration and all that nobody but BPJS may see."""
    spell = siti.spell | {
        "phone": "+628123456789", "email": "siti@example.id", "address": "Jalan Melati 3",
        "end_date": "2026-09-24", "end_cause": "TERMINATION",
    }  # fmt: skip
    siti.say("employment", "bpjs", "r-bpjs", fact="f-spell", **spell)
    siti.say("termination_letter", "bpjs", "r-let", **letter)
    claim = {
        "claim_number": "JKP-1", "filed_date": "2026-10-01", "termination_date": "2026-09-24",
        "npp": "JJ012345",
        "workplace_region": "3215", "status": "REJECTED", "rejection_reason": "MISSING_PROOF",
        "decision_date": "2026-10-09",
    }  # fmt: skip
    person = {name: letter[name] for name in ("nik", "full_name", "birth_date", "sex", "mother_maiden_name")}
    siti.say("claim", "bpjs", "r-claim", **person, **claim)
    siti.say("pes_registration", "kemnaker", "r-pes", **person, registration_no="PK-1", status="ACTIVE")
    siti.say("pes_registration", "dinas_3215", "r-ak1", **person, ak1_number="AK1-7", status="ACTIVE")
    activity = {
        "registration_record": "r-pes",
        "registration_no": "PK-1",
        "activity_month": "2026-10",
        "applications": "5",
        "outcome": "CONTINUES",
    }
    siti.say("pes_activity", "kemnaker", "r-act", **activity)
    for office in ("bpjs", "kemnaker", "dinas_3215", "dinas_6471"):
        siti.deliver(office)
    return siti


def values(world, recipient):
    """Every value that reached a recipient."""
    rows = (row for inbox in world.inboxes.values() for row in inbox.rows.values())
    return {value for row in rows if row["recipient"] == recipient for value in row.values() if value}


def only(world, office, target):
    """The one row of an inbox table."""
    (row,) = world.inboxes[office].of(target)
    return row


@pytest.mark.parametrize("recipient", ["kemnaker.pes", "dinas.3215.pes"])
def test_the_pes_never_sees_money_or_the_mothers_name(everything, recipient):
    """No wage, no severance, no participant number; what it needs to serve her it has."""
    seen = " ".join(values(everything, recipient))
    for hidden in (
        "5000000",
        "5.000.000",
        "45.000.000",
        "45000000",
        "ROHANI",
        "Efisiensi",
        "01234567891",
        "Melati",
    ):
        assert hidden not in seen
    assert "+628123456789" in seen


@pytest.mark.parametrize("recipient", ["kemnaker.hi", "dinas.3215.hi"])
def test_hi_never_sees_contact_wages_or_the_mothers_name(everything, recipient):
    """The wage is for BPJS and the inspection; her telephone is for those who find her work."""
    seen = " ".join(values(everything, recipient))
    for hidden in ("5.000.000", "5000000", "ROHANI", "+628123456789", "siti@example.id", "01234567891"):
        assert hidden not in seen.replace("45.000.000", "").replace("25.000.000", "")


def test_the_centre_sees_no_amounts_at_all(everything):
    """Letters are copied to the office of the workplace, not to the ministry."""
    seen = values(everything, "kemnaker.hi")
    assert not {value for value in seen if "45000000" in value or "45.000.000" in value}


def test_another_region_gets_nothing(everything):
    """Siti works in Karawang: Balikpapan hears of none of it."""
    assert everything.inboxes["dinas_6471"].rows == {}


def test_each_recipient_finds_its_own_keys(everything):
    """SIAPkerja's number for the PES, the card for the office's counter, NPP and KPJ for BPJS."""
    assert only(everything, "kemnaker", "jdl_pes_klaim")["no_pendaftaran"] == "PK-1"
    assert only(everything, "dinas_3215", "klaim_pes")["NO_AK1"] == "AK1-7"
    assert only(everything, "kemnaker", "jdl_hi_klaim")["kode_pendaftaran"] == "3215.0001"
    status = only(everything, "bpjs", "jdl_status_surat")
    assert (status["kpj"], status["npp"]) == ("01234567891", "JJ012345")


def test_a_claims_status_comes_without_amounts_in_their_words(everything):
    """Decision and reason, so that HI can look for the proof that is said to be missing."""
    row = only(everything, "dinas_3215", "klaim_hi")
    assert (row["STATUS"], row["ALASAN_TOLAK"], row["TGL_KEPUTUSAN"]) == (
        "DITOLAK",
        "BUKTI PHK TIDAK ADA",
        "09/10/2026",
    )


def test_bpjs_gets_job_seekers_and_their_months(everything):
    """Both registrations, and the activity under the person that its registration names."""
    numbers = {row["no_pendaftaran"] for row in everything.inboxes["bpjs"].of("jdl_pencaker")}
    assert numbers == {"PK-1", None}
    month = only(everything, "bpjs", "jdl_aktivitas")
    assert (month["kpj"], month["bulan"], month["jml_lamaran"]) == ("01234567891", "10-2026", "5")


def test_bpjs_gets_no_job_seeker_it_does_not_know(siti, budi):
    """Budi never was a participant: his registration is none of its business."""
    siti.say("pes_registration", "kemnaker", "r-pes", person="P2", **budi, registration_no="PK-9")
    siti.deliver("bpjs")
    assert siti.inboxes["bpjs"].of("jdl_pencaker") == []


def test_the_pes_gets_active_spells_of_job_seekers_only(siti, budi):
    """Siti works and seeks nothing: the PES has no business with her. Budi works again while registered."""
    spell = {name: siti.spell[name] for name in ("npp", "employer_name", "workplace_region", "start_date")}
    siti.say("employment", "bpjs", "r-2", person="P2", **budi, **spell)
    siti.say("pes_registration", "kemnaker", "r-pes", person="P2", **budi, registration_no="PK-9")
    siti.deliver("kemnaker")
    assert only(siti, "kemnaker", "jdl_pes_kepesertaan")["no_pendaftaran"] == "PK-9"
    assert len(siti.inboxes["kemnaker"].of("jdl_hi_kepesertaan")) == 2
