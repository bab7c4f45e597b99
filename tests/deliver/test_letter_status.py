"""Each ended spell: is a letter owed to HI, did it come, and is the employer's statement still missing."""

from __future__ import annotations

from datetime import date

import pytest

FEED = "dinas_3215.surat_tembusan"


def status(world):
    """What BPJS was told last."""
    world.deliver("bpjs")
    return world.inboxes["bpjs"].of("jdl_status_surat")[-1]


def end(world, cause, day="2026-08-20", **fields):
    """Siti's spell ended."""
    ended = world.spell | {"end_date": day, "end_cause": cause, **fields}
    world.say("employment", "bpjs", "r-bpjs", fact="f-spell", **ended)


def test_an_active_spell_has_no_status(siti):
    """Nothing ended, nothing is owed."""
    siti.deliver("bpjs")
    assert siti.inboxes["bpjs"].of("jdl_status_surat") == []


@pytest.mark.parametrize(
    ("cause", "heard", "state"),
    [
        ("TERMINATION", True, "TIDAK DIKIRIM"),
        ("TERMINATION", False, "DINAS BELUM MENGIRIM"),
        ("RESIGNATION", True, "TIDAK DIWAJIBKAN HI"),
        ("RESIGNATION", False, "TIDAK DIWAJIBKAN HI"),
        ("CONTRACT_END", True, "TIDAK DIWAJIBKAN HI"),
        ("RETIREMENT", True, "TIDAK DIWAJIBKAN HI"),
        ("DEATH", True, "TIDAK DIWAJIBKAN HI"),
        ("UNKNOWN", True, "SEBAB BELUM JELAS"),
        ("MOVED", True, "SEBAB BELUM JELAS"),
    ],
)
def test_not_required_is_told_apart_from_not_sent(siti, cause, heard, state):
    """UU 13/2003 Pasal 151A decides what is owed; an office that has not delivered has not failed to send."""
    end(siti, cause)
    if heard:
        siti.heard(FEED)
    assert status(siti)["status_surat"] == state


def test_a_letter_at_the_office_is_received(siti, letter):
    """With its number, the office and the receipt of the report."""
    end(siti, "TERMINATION", "2026-09-20")
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    siti.say("termination_case", "dinas_3215", "r-c", report_receipt_no="560/1", effective_date="2026-09-24")
    row = status(siti)
    assert (row["status_surat"], row["no_surat"]) == ("DITERIMA", letter["letter_number"])
    assert (row["kantor"], row["no_tanda_terima"]) == ("dinas_3215", "560/1")


def test_the_letter_of_an_earlier_end_is_not_this_ones(siti, letter):
    """She was dismissed by the same employer years ago."""
    end(siti, "TERMINATION")
    siti.heard(FEED)
    siti.say("termination_letter", "dinas_3215", "r-let", **letter | {"effective_date": "2019-01-31"})
    assert status(siti)["status_surat"] == "TIDAK DIKIRIM"


def test_a_region_without_a_connected_office(siti):
    """Nobody could have told the hub."""
    end(siti, "TERMINATION", workplace_region="3273")
    assert status(siti)["status_surat"] == "DINAS BELUM TERHUBUNG"


def test_a_resignation_without_statement_shows_its_obligation(siti):
    """Opened, due, then overdue; the age by whole weeks, so that it is not sent again every night."""
    end(siti, "RESIGNATION")
    siti.owe("f-spell", opened=date(2026, 9, 1), due=date(2026, 9, 10))
    row = status(siti)
    assert (row["status_surat"], row["status_kewajiban"]) == ("TIDAK DIWAJIBKAN HI", "BERJALAN")
    assert (row["tgl_kewajiban"], row["tenggat"], row["umur_hari"]) == ("01-09-2026", "10-09-2026", "0")
    ages = []
    for _ in range(10):
        siti.next_night()
        row = status(siti)
        ages.append((row["umur_hari"], row["status_kewajiban"], row["night"]))
    assert ages[5] == ("0", "BERJALAN", "2026-09-01")
    assert ages[6] == ("7", "BERJALAN", "2026-09-08")
    assert ages[9] == ("7", "LEWAT", "2026-09-11")
    siti.owe("f-spell", state="met")
    siti.next_night()
    assert status(siti)["status_kewajiban"] == "TERPENUHI"
