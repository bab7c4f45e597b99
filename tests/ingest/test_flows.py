"""The feeds of contributions, benefits, services and disputes, with rows as ugly as they come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.contracts.agreements import load_agreements
from jendela.crypto.keyring import Keyring
from jendela.ingest.canonical import map_rows
from jendela.ingest.fingerprints import record_ids
from jendela.ingest.reaching import likeness, with_reached

AGREED = load_agreements()
KEYRING = Keyring((bytes(range(32)),), "test")
PLACES = ("_row", "_name", "_record_id", "_row_hash")


def mapped(name, entity, **columns):
    """One row of a feed as its entity, and the fields that could not be read."""
    feed = AGREED.feed(name)
    row = {**dict.fromkeys(feed.source.columns), **columns}
    frame = pl.DataFrame([row], schema=dict.fromkeys(feed.source.columns, pl.String)).with_columns(
        _row=pl.lit(1, pl.Int64), _name=pl.lit(None, pl.String), _record_id=pl.lit("r"), _row_hash=pl.lit("h")
    )
    made = map_rows(with_reached(frame, feed, KEYRING), feed, AGREED.contracts)
    return made.entities[entity].row(0, named=True), set(made.problems["field"])


def record(feed, *key):
    """The id of the record that a feed has under a key."""
    names = [f"k{place}" for place in range(len(key))]
    return record_ids(KEYRING, feed, pl.DataFrame([dict(zip(names, key, strict=True))]))[0]


def test_a_month_of_contributions_finds_its_spell():
    """Padded CHAR on one side, trimmed on the other: the same spell, and no card number is kept."""
    row, problems = mapped(
        "bpjs.iuran_tk", "contribution", KPJ="01234567891  ", NPP=" JJ012345 ", URUT_KEPESERTAAN="1",
        BLTH="08-2026", UPAH="Rp 5.880.000,00", RAPEL="Rp 0,00", JML_IURAN="Rp 557.000,00", DENDA="-",
        PRG_JHT="Y", PRG_JKK="Y", PRG_JKM="Y", PRG_JP="N", PRG_JKP="Y", STS_PERIODE="F", JML_BLN_IUR="24",
    )  # fmt: skip
    assert row["spell_record"] == record("bpjs.tk_kepesertaan", "01234567891", "JJ012345", "1")
    assert (row["contribution_month"], row["wage"]) == ("2026-08", Decimal("5880000.00"))
    assert (row["programmes"], row["state"], row["paid_date"]) == ("JHT JKK JKM JKP", "FINALISED", None)
    assert problems == {"fine"}  # a dash is no amount
    assert "01234567891" not in str(row)


def test_a_month_without_its_spell_refers_to_nothing():
    """A part of the key is blank: no record, and the contract holds the row."""
    row, _ = mapped(
        "bpjs.iuran_tk", "contribution", KPJ="01234567891", NPP="  ", URUT_KEPESERTAAN="1", BLTH="08-2026"
    )
    assert row["spell_record"] is None


def test_a_payment_keeps_neither_account_nor_holder():
    """The same account twice is the same hash, of another bank another; the name becomes a percentage."""
    given_ = {"NO_BAYAR": "BM1", "NO_KLAIM": "JKP2608000012 ", "JNS_MANFAAT": "U", "BULAN_KE": "2",
              "BLTH_MANFAAT": "09-2026", "STS_BAYAR": "1", "TGL_BAYAR": "08-10-2026",
              "NILAI": "Rp 3.000.000,00",
              "KD_BANK": "014", "NO_REKENING": "1234567890", "ATAS_NAMA": "HJ SITI NUR AISYAH",
              "NAMA_PEMOHON": "SITI NUR AISYAH"}  # fmt: skip
    row, problems = mapped("bpjs.bayar_manfaat", "benefit_payment", **given_)
    assert not problems
    assert row["claim_record"] == record("bpjs.klaim_jkp", "JKP2608000012")
    assert (row["kind"], row["month_number"], row["amount"]) == ("CASH", 2, Decimal("3000000.00"))
    assert row["holder_likeness"] == 100
    again, _ = mapped("bpjs.bayar_manfaat", "benefit_payment", **{**given_, "NO_BAYAR": "BM2"})
    other, _ = mapped("bpjs.bayar_manfaat", "benefit_payment", **{**given_, "KD_BANK": "008"})
    assert row["account_reference"] == again["account_reference"] != other["account_reference"]
    assert "1234567890" not in str(row)
    assert "AISYAH" not in str(row)


def test_a_training_is_paid_into_no_account_we_know():
    """No bank, no holder: nothing to compare."""
    row, _ = mapped(
        "bpjs.bayar_manfaat", "benefit_payment",
        NO_BAYAR="BP1", NO_KLAIM="JKP1", JNS_MANFAAT="P", STS_BAYAR="1",
        NO_PESERTA_LATIH="PLT2026000001", NILAI="Rp 2.400.000,00", NAMA_PEMOHON="SITI",
    )  # fmt: skip
    assert (row["account_reference"], row["holder_likeness"], row["month_number"]) == (None, None, None)


def test_a_stop_of_bpjs_and_a_notice_of_the_service_are_one_kind_of_fact():
    """Each in its own codes; a stop of BPJS's own has no notice."""
    stop, _ = mapped(
        "bpjs.henti_manfaat", "disqualification_notice",
        ID_HENTI="HM1", NO_KLAIM="JKP1", NO_PEMBERITAHUAN="-",
        KD_SEBAB="03", TINDAKAN="H", TGL_TINDAKAN="24-10-2026",
    )  # fmt: skip
    assert (stop["notice_number"], stop["reason"], stop["action"]) == (None, "FOUND_WORK", "STOPPED")
    notice, problems = mapped(
        "kemnaker.pes_pemberitahuan", "disqualification_notice",
        no_pemberitahuan="PBT1", no_pendaftaran="PK1",
        no_klaim="JKP1", alasan="SB", tgl_kejadian="1/10/2026", tgl_kirim="3/10/2026",
        batas_jawab="31/9/2026",
    )  # fmt: skip
    assert notice["claim_record"] == stop["claim_record"] == record("bpjs.klaim_jkp", "JKP1")
    assert notice["registration_record"] == record("kemnaker.pes_pendaftaran", "PK1")
    assert (notice["reason"], problems) == ("FOUND_WORK", {"answer_by_date"})


def test_a_referral_with_an_npp_as_typed():
    """Blank and lower case inside the employer's number."""
    row, problems = mapped(
        "kemnaker.karirhub_rujukan", "referral", id_rujukan="RJK1", no_pendaftaran="PK1", jenis="KERJA",
        tgl_rujukan="7/10/2026", hasil="D", tgl_hasil="16/10/2026", npp_penerima="jj 012345",
        tgl_mulai_kerja="19/10/2026",
    )  # fmt: skip
    assert (row["kind"], row["outcome"], row["hired_by_npp"]) == ("WORK", "HIRED", "JJ012345")
    assert not problems


@pytest.mark.parametrize("cost", ["2400000", "2.400.000"])
def test_attendance_with_the_cost_written_either_way(cost):
    """Skillhub types the cost with dots or without."""
    row, problems = mapped(
        "kemnaker.skillhub_kehadiran", "training_attendance", no_peserta="PLT1", bulan="202610",
        no_pendaftaran="PK1", persen_hadir="65", biaya=cost, status_peserta="TIDAK HADIR",
    )  # fmt: skip
    assert (row["training_cost"], row["state"], problems) == (Decimal("2400000.00"), "NEVER_CAME", set())


def test_a_dispute_and_its_agreement():
    """The dispute names the worker; the agreement only the dispute."""
    row, problems = mapped(
        "kemnaker.ephi_perselisihan", "dispute",
        no_pencatatan="567/1", urut_pekerja="1", nik="3215105708899001",
        nama_pekerja="Siti Nur Aisyah", tgl_lahir="19890817", jk="P", npp="jj 012345", kode_wilayah="32.15",
        jenis="P", tahap="MED", tgl_phk="20260924", tgl_catat="20261007", hasil="J",
    )  # fmt: skip
    assert (row["nik"], row["stage"], row["npp"], row["workplace_region"]) == (
        "3215105708899001", "MEDIATION", "JJ012345", "3215",
    )  # fmt: skip
    assert not problems
    agreed, _ = mapped(
        "kemnaker.ephi_pb", "settlement_agreement", no_pb="12/PB", no_pencatatan="567/1", urut_pekerja="1",
        tgl_pb="20261102", tahap="MED", nilai="60000000.00", di_bawah_ketentuan="Y",
    )  # fmt: skip
    assert agreed["dispute_record"] == record("kemnaker.ephi_perselisihan", "567/1", "1")
    assert (agreed["agreed_amount"], agreed["agreed_below_minimum"]) == (Decimal("60000000.00"), "Y")


def test_a_monthly_report_with_its_proof():
    """Numbers in any order and with any comma, each once; a meeting nobody came to."""
    row, _ = mapped(
        "kemnaker.pes_aktivitas", "pes_activity", id_aktivitas="7", no_pendaftaran="PK1", periode="202610",
        jml_lamaran="5", ref_lamaran="LMR-0000009,LMR-0000007, LMR-0000009", bukti_dari="2/10/2026",
        bukti_sampai="", tgl_pertemuan="14/10/2026", hadir_pertemuan="T", tgl_lapor="2/11/2026",
    )  # fmt: skip
    assert row["application_numbers"] == "LMR-0000007 LMR-0000009"
    assert (row["meeting"], row["meeting_date"]) == ("NO_SHOW", date(2026, 10, 14))
    assert (row["proof_from_date"], row["proof_to_date"]) == (date(2026, 10, 2), None)


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("SITI NUR AISYAH", "SITI NUR AISYAH", 100, 100),
        ("AISYAH", "SITI NUR AISYAH", 100, 100),
        ("DRS. H. SLAMET RIYADI", "slamet riyadi", 100, 100),
        ("MUHAMAD ANWAR", "MUHAMMAD ANWAR", 90, 99),
        ("KOPERASI SEJAHTERA ABADI", "SITI NUR AISYAH", 0, 70),
    ],
)
def test_how_much_two_names_are_one(left, right, least, most):
    """A mononym or a title is the same person; a cooperative is not."""
    assert least <= likeness(pl.Series([left]), pl.Series([right]))[0] <= most


NAMES = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_likeness_of_any_two_texts(pairs):
    """A percentage or nothing, the same both ways, in order."""
    left = pl.Series([one for one, _ in pairs], dtype=pl.String)
    right = pl.Series([other for _, other in pairs], dtype=pl.String)
    there, back = likeness(left, right), likeness(right, left)
    assert there.to_list() == back.to_list()
    assert len(there) == len(pairs)
    assert all(value is None or 0 <= value <= 100 for value in there)
