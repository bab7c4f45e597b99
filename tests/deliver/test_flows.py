"""The flows whose records name nobody: each recipient is told of its own people, no more."""

from __future__ import annotations

import pytest

from jendela.contracts.agreements import load_agreements

ACCOUNT = "c0ffee" + "0" * 58
SECRETS = {
    "wage": "4812345.00", "back_pay": "918273.00", "amount_due": "446688.00", "fine": "57391.00",
    "amount": "2887407.00", "training_cost": "2345678.00", "agreed_amount": "61234567.00",
    "account_reference": ACCOUNT, "bank_code": "451", "holder_likeness": "37",
}  # fmt: skip
MOTHER = "ROHANI"


def shapes(value):
    """An amount in every writing of a recipient, a text as it is."""
    if not value.endswith(".00"):
        return {value} if len(value) > 3 else set()
    plain = value.removesuffix(".00")
    return {plain, value, f"{int(plain):,}".replace(",", "."), f"{int(plain):,}"}


@pytest.fixture
def everything(siti):
    """Siti with one record of every flow, all of its secret fields filled."""
    person = {
        "nik": "3215105708899001",
        "full_name": "SITI NUR AISYAH",
        "birth_date": "1989-08-17",
        "sex": "P",
    }
    siti.say("claim", "bpjs", "r-claim", **person, mother_maiden_name=MOTHER, kpj="01234567891",
             claim_number="JKP-1", filed_date="2026-10-01", status="APPROVED")  # fmt: skip
    siti.say("pes_registration", "kemnaker", "r-pes", **person, mother_maiden_name=MOTHER,
             registration_no="PK-1", status="ACTIVE")  # fmt: skip
    siti.say("contribution", "bpjs", "r-iur", spell_record="r-bpjs", contribution_month="2026-08",
             npp="JJ012345", programmes="JHT JKK", state="FINALISED", months_paid="20",
             **{name: SECRETS[name] for name in ("wage", "back_pay", "amount_due", "fine")})  # fmt: skip
    siti.say("benefit_payment", "bpjs", "r-pay", claim_record="r-claim", claim_number="JKP-1",
             payment_number="BM-1", kind="CASH", month_number="1", benefit_month="2026-10", state="PAID",
             paid_date="2026-10-08",
             **{name: SECRETS[name] for name in
                ("amount", "account_reference", "bank_code", "holder_likeness")})  # fmt: skip
    siti.say("referral", "kemnaker", "r-ref", registration_record="r-pes", referral_number="RJK-1",
             registration_no="PK-1", kind="WORK", referred_date="2026-10-07", outcome="HIRED",
             outcome_date="2026-10-12", hired_by_npp="KK012345", hired_date="2026-10-19",
             vacancy_number="LOW-1")  # fmt: skip
    siti.say("training_attendance", "kemnaker", "r-att", registration_record="r-pes", training_number="PLT-1",
             registration_no="PK-1", attendance_month="2026-10", attendance_percent="85", state="ATTENDING",
             training_cost=SECRETS["training_cost"])  # fmt: skip
    siti.say("disqualification_notice", "kemnaker", "r-not", fact="f-not", registration_record="r-pes",
             notice_number="PBT-1", registration_no="PK-1", claim_number="JKP-1", reason="FOUND_WORK",
             event_date="2026-10-19", sent_date="2026-10-20", answer_by_date="2026-10-27")  # fmt: skip
    siti.say("disqualification_notice", "bpjs", "r-stop", fact="f-not", claim_record="r-claim",
             notice_number="PBT-1", claim_number="JKP-1", reason="FOUND_WORK", acknowledged_date="2026-10-21",
             action="STOPPED", action_date="2026-10-22")  # fmt: skip
    siti.say("dispute", "kemnaker", "r-dis", **person, mother_maiden_name=MOTHER, dispute_number="567/1",
             kind="TERMINATION", npp="JJ012345", stage="MEDIATION", recorded_date="2026-09-28",
             result="AGREED")  # fmt: skip
    siti.say("settlement_agreement", "kemnaker", "r-pb", dispute_record="r-dis", settlement_number="12/PB",
             dispute_number="567/1", settled_date="2026-10-02", registration_number="88/BP",
             registration_date="2026-10-09", agreed_amount=SECRETS["agreed_amount"],
             agreed_below_minimum="Y")  # fmt: skip
    return siti


def delivered(world):
    """Every value that reached each recipient."""
    found = {}
    for inbox in world.inboxes.values():
        for row in inbox.rows.values():
            found.setdefault(row["recipient"], []).extend(value for value in row.values() if value)
    return found


def only(world, office, target):
    """The one row of an inbox table."""
    (row,) = world.inboxes[office].of(target)
    return row


def test_nobody_gets_what_he_must_not(everything):
    """Wages, amounts, accounts and the mother's name: BPJS is told a training's cost, that is all."""
    for office in ("bpjs", "kemnaker", "dinas_3215", "dinas_6471"):
        everything.deliver(office)
    told = delivered(everything)
    assert set(told) >= {"bpjs", "kemnaker.pes", "kemnaker.inspection"}
    for recipient, values in told.items():
        text = " | ".join(values)
        assert MOTHER not in text
        for name, secret in SECRETS.items():
            if (recipient, name) != ("bpjs", "training_cost"):
                assert not [shape for shape in shapes(secret) if shape in text], (recipient, name)
        if recipient != "bpjs":
            assert "01234567891" not in text


def test_bpjs_is_told_what_the_service_and_the_mediators_know(everything):
    """Under its own card number; a referral only once it ended in work; a notice with its deadline."""
    everything.deliver("bpjs")
    notice = only(everything, "bpjs", "jdl_diskualifikasi")
    assert (notice["kpj"], notice["sebab"], notice["batas_jawab"]) == ("01234567891", "03", "27-10-2026")
    assert only(everything, "bpjs", "jdl_penempatan")["tgl_mulai_kerja"] == "19-10-2026"
    attended = only(everything, "bpjs", "jdl_kehadiran_latih")
    assert (attended["hadir_persen"], attended["biaya"]) == ("85", "Rp 2.345.678,00")
    agreed = only(everything, "bpjs", "jdl_pb")
    assert (agreed["npp"], agreed["no_akta"]) == ("JJ012345", "88/BP")
    assert only(everything, "bpjs", "jdl_perselisihan")["hasil"] == "PERJANJIAN BERSAMA"


def test_a_referral_that_came_to_nothing_is_not_told(everything):
    """BPJS needs to know of work, not of every attempt."""
    everything.say("referral", "kemnaker", "r-ref", registration_record="r-pes", referral_number="RJK-1",
                   registration_no="PK-1", kind="WORK", referred_date="2026-10-07", outcome="NOT_TAKEN",
                   outcome_date="2026-10-12")  # fmt: skip
    everything.deliver("bpjs")
    assert everything.inboxes["bpjs"].of("jdl_penempatan") == []


def test_the_service_is_told_that_a_month_was_paid_and_what_bpjs_did(everything):
    """Under the registration it knows her by; others are not its business."""
    everything.deliver("kemnaker")
    paid = only(everything, "kemnaker", "jdl_pes_pembayaran")
    assert (paid["no_pendaftaran"], paid["periode"], paid["status"]) == ("PK-1", "202610", "DIBAYAR")
    done = only(everything, "kemnaker", "jdl_pes_tindakan")
    assert (done["no_pemberitahuan"], done["tindakan"], done["tgl_tindakan"]) == (
        "PBT-1",
        "DIHENTIKAN",
        "22/10/2026",
    )


def test_the_service_is_told_nothing_of_who_is_not_its_job_seeker(everything, budi):
    """Budi claims, and registered nowhere."""
    everything.say("claim", "bpjs", "r-budi", person="P2", **budi, claim_number="JKP-2", status="APPROVED")
    everything.say("benefit_payment", "bpjs", "r-pay2", person="P2", claim_record="r-budi",
                   claim_number="JKP-2", payment_number="BM-2", kind="CASH", month_number="1", state="PAID",
                   benefit_month="2026-10", paid_date="2026-10-08")  # fmt: skip
    everything.deliver("kemnaker")
    assert only(everything, "kemnaker", "jdl_pes_pembayaran")["no_klaim"] == "JKP-1"


def test_inspection_is_told_of_arrears_until_they_are_paid(everything):
    """Month, programmes and months paid; once the employer pays, the month is taken back."""
    everything.deliver("kemnaker")
    row = only(everything, "kemnaker", "jdl_was_tunggakan")
    assert (row["kode_pendaftaran"], row["nik"], row["periode"]) == (
        "3215.0001",
        "3215105708899001",
        "202608",
    )
    assert row["bulan_lunas"] == "20"
    everything.next_night()
    everything.say("contribution", "bpjs", "r-iur", spell_record="r-bpjs", contribution_month="2026-08",
                   state="POSTED", paid_date="2026-09-14", wage=SECRETS["wage"])  # fmt: skip
    everything.deliver("kemnaker")
    verbs = [row["verb"] for row in everything.inboxes["kemnaker"].of("jdl_was_tunggakan")]
    assert verbs == ["upsert", "retract"]


ACCOUNTS = {"account_reference", "bank_code", "holder_likeness"}
AGREED = load_agreements()
SPECS = [spec for office in AGREED.offices.values() for spec in office.deliveries.values()]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_no_delivery_carries_what_its_recipient_must_not_see(spec):
    """Field by field: accounts and proofs go nowhere, amounts to BPJS, supervision, or in a copied letter."""
    contract = AGREED.contracts.get(spec.entity)
    assert not spec.recipient.endswith(".jamsos"), "statistics only"
    for field in spec.fields:
        assert field.source not in ACCOUNTS | {"mother_maiden_name", "application_numbers", "agreed_amount"}
        assert not field.source.endswith("_record")
        known = contract.by_name.get(field.source) if contract else None
        if known is not None and known.type == "money" and spec.recipient != "bpjs":
            supervised = (spec.purpose, field.source) == ("SUPERVISION", "wage_reported")
            assert spec.recipient.startswith("dinas.")
            assert field.only_if_copied or (supervised and spec.recipient.endswith(".inspection"))
        if spec.recipient != "bpjs":
            assert field.source != "kpj"
