"""Nothing we wrote comes back as news: what was delivered is known again as validation will see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from jendela.privacy.echo import comparable, echo_hash
from jendela.store import tables


def back(world, **changes):
    """Siti's letter as BPJS's own table gives it after taking our row over: capitals, zeros for no amount."""
    row = {
        "nik": "3215105708899001", "full_name": "SITI NUR AISYAH", "birth_date": date(1989, 8, 17),
        "sex": "P", "kpj": "01234567891", "letter_type": "PHK_NOTICE", "letter_number": "021/HRD-PHK/IX/2026",
        "letter_date": date(2026, 9, 3), "employer_name": "PT MAJU JAYA TEKSTIL", "npp": "JJ012345",
        "contract_type": "PKWTT", "start_date": date(2014, 2, 3), "reason_code": "R432",
        "reason_narrative": "Efisiensi", "notice_delivered_date": date(2026, 9, 3),
        "effective_date": date(2026, 9, 24), "last_wage_basic": Decimal("4800000.00"),
        "fixed_allowance": Decimal("0.00"), "severance_amount": Decimal("45000000.00"),
        "upmk_amount": Decimal("25000000.00"), "uph_amount": Decimal("0.00"),
        "separation_pay": Decimal("0.00"),
        "pkwt_compensation": Decimal("0.00"), "total_net": Decimal("70000000.00"),
        "workplace_region": "3215", "signature_status": "none", "held_at": "BPJS",
        "held_since": date(2026, 9, 2),
    } | changes  # fmt: skip
    contract = world.hub.agreements.contracts["termination_letter"]
    return pl.DataFrame([row], schema=contract.schema)


def known(world):
    """The hashes that validation looks up, by office and entity."""
    return {(row["office"], row["entity"], row["echo_hash"]) for row in world.rows(tables.echo)}


def is_echo(world, frame):
    """Whether validation would call the one row of `frame` an echo at BPJS."""
    (found,) = echo_hash(world.hub, "bpjs", "termination_letter", frame)
    return ("bpjs", "termination_letter", found) in known(world)


def test_our_letter_is_known_when_bpjs_hands_it_back(siti, letter):
    """Though BPJS shortened, capitalised and padded it, and keeps the day it received it."""
    siti.say("termination_letter", "dinas_3215", "r-o", **letter | {"full_name": "Siti Nur Aisyah"})
    siti.deliver("bpjs")
    assert is_echo(siti, back(siti))


@pytest.mark.parametrize(
    "change",
    [
        {"effective_date": date(2026, 9, 25)},
        {"reason_code": "R521"},
        {"total_net": Decimal("1.00")},
        {"nik": None},
    ],
)
def test_a_row_that_says_anything_else_is_news(siti, letter, change):
    """Field by field: one difference makes it the agency's own word."""
    siti.say("termination_letter", "dinas_3215", "r-o", **letter)
    siti.deliver("bpjs")
    assert not is_echo(siti, back(siti, **change))


def test_only_the_last_delivery_echoes(siti, letter):
    """We corrected the date since: the old date is now the agency's claim, and somebody must look at it."""
    siti.say("termination_letter", "dinas_3215", "r-o", **letter)
    siti.deliver("bpjs")
    siti.next_night()
    siti.say("termination_letter", "dinas_3215", "r-o", **letter | {"effective_date": "2026-10-01"})
    siti.deliver("bpjs")
    assert not is_echo(siti, back(siti))
    assert is_echo(siti, back(siti, effective_date=date(2026, 10, 1)))


def test_what_the_agency_told_us_first_is_no_echo(siti, letter):
    """BPJS and the office hold equal copies: both are witnesses, although we deliver one to the other."""
    siti.say("termination_letter", "dinas_3215", "r-o", fact="f", **letter)
    siti.say("termination_letter", "bpjs", "r-b", fact="f", **letter | {"kpj": "01234567891"})
    siti.deliver("bpjs")
    assert not is_echo(siti, back(siti))


def test_a_letter_only_bpjs_has_is_no_echo_of_ours(siti, letter):
    """We send BPJS its own letter with what the office says of it; its own row stays its own."""
    siti.say("termination_letter", "bpjs", "r-b", **letter | {"kpj": "01234567891"})
    siti.deliver("bpjs")
    assert known(siti) == set()


def test_what_never_comes_back_is_not_compared(siti):
    """BPJS keeps no register of job-seekers: nothing to compare, and no hash."""
    assert comparable(siti.hub, "bpjs", "pes_registration") is None
    frame = pl.DataFrame({"registration_no": ["PK-1"]})
    assert echo_hash(siti.hub, "bpjs", "pes_registration", frame).to_list() == [None]
    assert echo_hash(siti.hub, "bpjs", "termination_letter", back(siti).clear()).to_list() == []


def test_what_the_hub_made_itself_is_not_compared(siti):
    """The verification state and the signature that we checked say nothing about an origin."""
    spec, columns = comparable(siti.hub, "bpjs", "termination_letter")
    assert spec.key == "bpjs.letters"
    assert {"no_surat", "tgl_berlaku", "total_diterima"} <= set(columns)
    assert not {"status_verifikasi", "tanda_tangan", "kantor"} & set(columns)
