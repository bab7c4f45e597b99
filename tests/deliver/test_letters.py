"""What BPJS is told of a letter, and which letters HI is given."""

from __future__ import annotations

import pytest

FEED = "dinas_3215.surat_tembusan"


def told(world, office="bpjs", target="jdl_surat"):
    """The rows of one inbox table after tonight's deliveries, newest last."""
    world.deliver(office)
    return world.inboxes[office].of(target)


def states(world):
    """The verification state of each letter by its number."""
    return {row["no_surat"]: row["status_verifikasi"] for row in told(world)}


def test_an_equal_copy_at_the_office_verifies_the_letter(siti, letter):
    """Both sides hold the letter and agree on reason, date and amounts."""
    siti.say("termination_letter", "bpjs", "r-b", fact="f", **letter)
    siti.say("termination_letter", "dinas_3215", "r-o", fact="f", **letter)
    (row,) = told(siti)
    assert (row["status_verifikasi"], row["beda_pada"], row["kantor"]) == ("COCOK", None, "dinas_3215")


@pytest.mark.parametrize(
    ("field", "value", "state"),
    [
        ("effective_date", "2026-10-24", "BERBEDA"),
        ("reason_code", "R521", "BERBEDA"),
        ("total_net", "70000002.00", "BERBEDA"),
        ("total_net", "70000001.00", "COCOK"),  # sums in a letter agree to one rupiah
        ("reason_code", "RUNK", "COCOK"),  # "not known" contradicts nothing
        ("severance_amount", None, "COCOK"),  # a typed copy seldom has every amount
    ],
)
def test_a_letter_that_differs_says_where(siti, letter, field, value, state):
    """The fields are named, the values are not."""
    siti.say("termination_letter", "bpjs", "r-b", fact="f", **letter | {field: value})
    siti.say("termination_letter", "dinas_3215", "r-o", fact="f", **letter)
    (row,) = told(siti)
    assert row["status_verifikasi"] == state
    assert row["beda_pada"] == (field if state == "BERBEDA" else None)


def test_silence_is_not_a_no(siti, letter):
    """The office has not delivered since the letter came: nothing is concluded until it has."""
    siti.heard(FEED)
    siti.next_night()
    siti.say("termination_letter", "bpjs", "r-b", **letter)
    assert states(siti) == {letter["letter_number"]: "DINAS BELUM MENGIRIM"}
    siti.next_night()
    siti.heard(FEED, state="halted")
    assert states(siti) == {letter["letter_number"]: "DINAS BELUM MENGIRIM"}
    siti.next_night()
    siti.heard(FEED)
    assert states(siti) == {letter["letter_number"]: "TIDAK ADA DI DINAS"}


def test_a_later_silence_does_not_unsay_it(siti, letter):
    """One night without the office changes nothing about a letter that it did not have the night before."""
    siti.heard(FEED)
    siti.say("termination_letter", "bpjs", "r-b", **letter)
    assert len(told(siti)) == 1
    siti.next_night()
    assert len(told(siti)) == 1


def test_an_office_that_is_not_connected_is_not_silent(siti, letter):
    """No office of Bandung delivers to the hub at all."""
    siti.say("termination_letter", "bpjs", "r-b", **letter | {"workplace_region": "3273"})
    assert states(siti) == {letter["letter_number"]: "DINAS BELUM TERHUBUNG"}


@pytest.mark.parametrize(
    "change", [{"letter_type": "RESIGNATION_STATEMENT", "reason_code": "R50"}, {"reason_code": "RPK1"}]
)
def test_hi_owes_nothing_for_a_resignation_or_an_end_of_contract(siti, letter, change):
    """UU 13/2003 Pasal 151A: not required is another thing than not sent."""
    siti.heard(FEED)
    siti.say("termination_letter", "bpjs", "r-b", **letter | change)
    assert states(siti) == {letter["letter_number"]: "TIDAK DIWAJIBKAN HI"}


def test_a_signed_copy_speaks_before_a_typed_one(siti, letter):
    """Of two copies at offices the one whose signature is valid is delivered."""
    siti.say("termination_letter", "dinas_3215", "r-1", fact="f", **letter | {"letter_place": "a"})
    signed = letter | {"signature_status": "valid", "reason_narrative": "asli"}
    siti.say("termination_letter", "dinas_6471", "r-2", fact="f", **signed)
    (row,) = told(siti)
    assert (row["tanda_tangan"], row["uraian_alasan"], row["kantor"]) == ("SAH", "asli", "dinas_6471")


def test_the_receipt_of_the_report_comes_with_the_letter(siti, letter):
    """The receipt number is the pivot between the agencies: it must be about this end of this employment."""
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    case = {"report_receipt_no": "560/1234/Disnaker", "report_receipt_date": "2026-09-28"}
    siti.say("termination_case", "dinas_3215", "r-1", **case, effective_date="2026-09-24")
    siti.say("termination_case", "dinas_3215", "r-0", report_receipt_no="560/1", effective_date="2019-01-31")
    (row,) = told(siti)
    assert (row["no_tanda_terima"], row["tgl_tanda_terima"]) == ("560/1234/Disnaker", "28-09-2026")


def test_hi_gets_what_bpjs_has_and_it_lacks(siti, letter):
    """In the office's own words, with the amounts: the letter is copied to the office of the workplace."""
    siti.say("termination_letter", "bpjs", "r-b", **letter)
    (row,) = told(siti, "dinas_3215", "surat_hi")
    assert (row["ALASAN"], row["TGL_BERLAKU"]) == ("EFISIENSI CEGAH RUGI", "24 September 2026")
    assert (row["PESANGON"], row["UPAH_POKOK"]) == ("45.000.000", "4.800.000")
    assert told(siti, "dinas_6471", "surat_hi") == []


def test_hi_sees_no_amount_of_a_letter_copied_elsewhere(siti, letter):
    """The letter names Jakarta's office as the one copied; Karawang learns of it, not of the money."""
    siti.say("termination_letter", "bpjs", "r-b", **letter | {"copy_office": "3171"})
    (row,) = told(siti, "dinas_3215", "surat_hi")
    assert row["ALASAN"] == "EFISIENSI CEGAH RUGI"
    assert {row[name] for name in ("PESANGON", "UPAH_POKOK", "UPMK", "TOTAL")} == {None}


def test_a_resignation_statement_never_goes_to_hi(siti, letter):
    """Nor its correction, nor its withdrawal, whatever reason they state."""
    resigned = letter | {
        "reason_code": "R50",
        "letter_type": "RESIGNATION_STATEMENT",
        "letter_number": "PD-1",
    }
    siti.say("termination_letter", "bpjs", "r-1", **resigned)
    corrected = {"letter_type": "CORRECTION", "letter_number": "PD-2", "reason_code": "R50"}
    siti.say("termination_letter", "bpjs", "r-2", **letter | corrected)
    withdrawn = {"letter_type": "WITHDRAWAL", "supersedes_number": "PD-1", "reason_code": None}
    siti.say("termination_letter", "bpjs", "r-3", **letter | withdrawn)
    assert told(siti, "dinas_3215", "surat_hi") == []
    assert told(siti, "kemnaker", "jdl_hi_surat") == []
    assert len(told(siti)) == 3


def test_a_letter_the_office_comes_to_hold_is_not_taken_back(siti, letter):
    """Karawang received its own copy: we are silent about it from then on."""
    siti.say("termination_letter", "bpjs", "r-b", fact="f", **letter)
    assert len(told(siti, "dinas_3215", "surat_hi")) == 1
    siti.next_night()
    siti.say("termination_letter", "dinas_3215", "r-o", fact="f", **letter)
    assert len(told(siti, "dinas_3215", "surat_hi")) == 1


def test_a_letter_bpjs_no_longer_has_is_taken_back(siti, letter):
    """Then nobody vouches for it any longer."""
    siti.say("termination_letter", "bpjs", "r-b", **letter)
    told(siti, "dinas_3215", "surat_hi")
    siti.next_night()
    siti.unsay("r-b", "termination_letter")
    assert [row["verb"] for row in told(siti, "dinas_3215", "surat_hi")] == ["upsert", "retract"]
