"""How BPJS keeps its books: CHAR columns, DD-MM-YYYY, "Rp 4.500.000,00", sex as 1 and 2, causes of its
own."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from jendela.demo.careers import Employment
from jendela.demo.claims import Claim
from jendela.demo.clerks import Written
from jendela.demo.employers import Employer, written_by_bpjs
from jendela.demo.habits import dashed, padded, phone_as_typed, rupiah
from jendela.demo.identifiers import npwp_dotted
from jendela.demo.letters import Letter
from jendela.demo.people import Person
from jendela.demo.regions import old_codes
from jendela.demo.tables import Row

CAUSES = {
    "RESIGNATION": "01",
    "TERMINATION": "02",
    "CONTRACT_END": "03",
    "RETIREMENT": "04",
    "DEATH": "05",
    "MISCONDUCT": "07",
}
CONTRACTS = {"PKWTT": "T", "PKWT": "K", "HARIAN_LEPAS": "H"}
SIZES = {"MIKRO": "01", "KECIL": "02", "MENENGAH": "03", "BESAR": "04"}
ARTICLES = {
    "R431": "43-1",
    "R432": "43-2",
    "R441": "44-1",
    "R442": "44-2",
    "R521": "52-1",
    "RPK3": "K-3",
    "RPK1": "K-1",
    "R50": "50",
}
KINDS = {
    "PHK_NOTICE": "01",
    "RESIGNATION_STATEMENT": "03",
    "PKWT_END_STATEMENT": "04",
    "CORRECTION": "05",
    "WITHDRAWAL": "06",
}
STATES = {"FILED": "P1", "VERIFIED": "P2", "APPROVED": "S1", "REJECTED": "T1", "WITHDRAWN": "X1"}
REJECTIONS = {
    "MISSING_PROOF": "B01",
    "MONTHS": "B02",
    "EXCLUDED": "B03",
    "LATE": "B04",
    "DOCUMENTS": "B05",
    "RESIGNED": "B06",
}


def stamp(day: date, rng: random.Random) -> datetime:
    """A moment in the office hours of `day`, UTC without a zone, as the agencies' change columns hold it."""
    return datetime.combine(day, time(1)) + timedelta(seconds=rng.randrange(9 * 3600))


def _sex(sex: str) -> str:
    return "1" if sex == "L" else "2"


def _yes(condition: bool) -> str:
    return "Y" if condition else "N"


def region_code(region: str, rng: random.Random) -> str:
    """The region, at times by the code it had before its province was divided (E14)."""
    return old_codes()[region] if region in old_codes() and rng.random() < 0.7 else region


def employer_row(employer: Employer, rng: random.Random) -> Row:
    """PERUSAHAAN."""
    programmes = employer.programmes
    return {
        "NPP": padded(employer.npp, 10),
        "KD_DIVISI": "000",
        "NAMA_PERUSAHAAN": written_by_bpjs(employer, rng)[:60],
        "NPWP": npwp_dotted(employer.npwp),
        "NIB": employer.nib if rng.random() < 0.8 else None,
        "SKALA_USAHA": SIZES[employer.size],
        "KD_KBLI": employer.kbli[1],
        "VERSI_KBLI": employer.kbli_edition,
        "ALAMAT": employer.street,
        "KD_KAB": region_code(employer.region, rng),
        "KODE_POS": employer.postcode,
        "TELEPON": phone_as_typed(employer.phone, rng),
        "TGL_KEPESERTAAN": dashed(employer.registered),
        "PRG_JKK": "Y",
        "PRG_JKM": "Y",
        "PRG_JHT": _yes("JHT" in programmes),
        "PRG_JP": _yes("JP" in programmes),
        "PRG_JKP": _yes("JHT" in programmes),
        "STATUS_PERUSAHAAN": "A",
        "BLN_TUNGGAKAN": 0,
        "TGL_UBAH": stamp(employer.registered, rng),
    }


def card_row(
    person: Person, kpj: str, written: Written, phone: str, rng: random.Random, changed: datetime
) -> Row:
    """TK_BIODATA: one row a card."""
    foreign = person.passport is not None
    return {
        "KPJ": padded(kpj, 13),
        "JENIS_IDENTITAS": "2" if foreign else "1",
        "NOMOR_IDENTITAS": padded(person.passport if foreign else written.nik, 20),
        "NAMA_LENGKAP": written.name[:40],
        "TEMPAT_LAHIR": written.birth_place[:30],
        "TGL_LAHIR": dashed(written.born),
        "JENIS_KELAMIN": _sex(written.sex),
        "STATUS_KAWIN": person.married,
        "NAMA_IBU_KANDUNG": written.mother[:40] if rng.random() < 0.93 else None,
        "KEWARGANEGARAAN": "2" if foreign else "1",
        "ALAMAT": person.street,
        "KECAMATAN": person.district[:40].upper(),
        "KD_KAB": region_code(person.region, rng),
        "KODE_POS": None,
        "NO_HP": phone_as_typed(phone, rng),
        "EMAIL": person.email if rng.random() < 0.4 else None,
        "KPJ_GABUNG": None,
        "TGL_UBAH": changed,
    }


def ending(employment: Employment) -> Row:
    """The columns of TK_KEPESERTAAN that say whether and how the spell ended."""
    return {
        "STATUS_TK": "N" if employment.ended else "A",
        "SEBAB_NA": CAUSES.get(employment.cause),
        "TGL_NA": dashed(employment.ended),
        "TGL_LAPOR_NA": dashed(employment.deactivated),
        "KETERANGAN_NA": None,
    }


def spell_row(employment: Employment, today: date, changed: datetime) -> Row:
    """TK_KEPESERTAAN."""
    programmes = employment.employer.programmes
    last = employment.ended or today
    return {
        "KPJ": padded(employment.kpj, 13),
        "NPP": padded(employment.employer.npp, 10),
        "URUT_KEPESERTAAN": employment.ordinal,
        "KD_DIVISI": "000",
        "TGL_KEPESERTAAN": dashed(employment.registered),
        "TGL_MULAI_KERJA": dashed(employment.start),
        "STATUS_KERJA": CONTRACTS[employment.contract],
        "TGL_AKHIR_KONTRAK": dashed(employment.contract_end),
        "JABATAN": employment.person.job[1].upper(),
        "UPAH": rupiah(employment.wage + employment.allowance),
        "BLTH_UPAH": f"{last:%m-%Y}",
        "PRG_JHT": _yes("JHT" in programmes),
        "PRG_JKK": "Y",
        "PRG_JKM": "Y",
        "PRG_JP": _yes("JP" in programmes),
        "PRG_JKP": _yes(employment.insured_for_job_loss),
        "JML_BLN_IUR": employment.months_paid(today),
        "BLN_TUNGGAKAN": 0,
        **ending(employment),
        "TGL_UBAH": changed,
    }


def verdict(claim: Claim) -> Row:
    """The columns of KLAIM_JKP that say how the claim stands."""
    return {
        "STATUS_KLAIM": STATES[claim.status],
        "TGL_KEPUTUSAN": dashed(claim.decided),
        "KD_TOLAK": REJECTIONS.get(claim.rejection),
        "MANFAAT_BULANAN": rupiah(claim.monthly),
    }


def claim_row(claim: Claim, written: Written, changed: datetime) -> Row:
    """KLAIM_JKP: the name and NIK come from the card."""
    employment = claim.employment
    return {
        "NO_KLAIM": padded(claim.number, 20),
        "KPJ": padded(employment.kpj, 13),
        "NPP": padded(employment.employer.npp, 10),
        "NOMOR_IDENTITAS": padded(written.nik, 20),
        "NAMA_PEMOHON": written.name[:40],
        "TGL_LAHIR": dashed(written.born),
        "TGL_PENGAJUAN": dashed(claim.filed),
        "TGL_PHK": dashed(claim.claimed_end),
        "NO_SURAT_PHK": claim.letter_number or None,
        "KD_BANK": claim.bank,
        "NO_REKENING": claim.account,
        "ATAS_NAMA": written.name[:40],
        **verdict(claim),
        "UPAH_DASAR": rupiah(claim.base),
        "TGL_UBAH": changed,
    }


def letter_row(
    letter: Letter,
    serial: int,
    origin: str,
    claim: str | None,
    written: Written,
    received: date,
    changed: datetime,
) -> Row:
    """SURAT_KLAIM: a letter handed in with a claim, or uploaded by the employer."""
    employment = letter.employment
    return {
        "ID_SURAT": padded(f"SK{received:%y}{serial:08d}", 16),
        "ASAL_SURAT": origin,
        "REF_JENDELA": None,
        "NO_KLAIM": padded(claim, 20),
        "JENIS_SURAT": KINDS[letter.kind],
        "NO_SURAT": letter.number,
        "TGL_SURAT": dashed(letter.day),
        "NO_SURAT_DIGANTI": letter.supersedes,
        "KPJ": padded(employment.kpj, 13),
        "NOMOR_IDENTITAS": padded(written.nik, 20),
        "NAMA_TK": written.name[:40],
        "TGL_LAHIR": dashed(written.born),
        "JENIS_KELAMIN": _sex(written.sex),
        "NPP": padded(employment.employer.npp, 10),
        "NAMA_PERUSAHAAN": letter.employer_name[:60],
        "STATUS_KERJA": CONTRACTS[employment.contract],
        "TGL_MULAI_KERJA": dashed(employment.start),
        "TGL_AKHIR_KONTRAK": dashed(employment.contract_end),
        "KD_ALASAN": padded(ARTICLES[letter.reason], 4),
        "URAIAN_ALASAN": letter.narrative,
        "TGL_PEMBERITAHUAN": dashed(letter.notice),
        "TGL_BERLAKU": dashed(letter.effective),
        "TGL_PERMOHONAN_MUNDUR": dashed(letter.requested),
        "UPAH_POKOK": rupiah(employment.wage),
        "TUNJANGAN_TETAP": rupiah(employment.allowance),
        "UANG_PESANGON": rupiah(letter.severance),
        "UANG_UPMK": rupiah(letter.upmk),
        "UANG_UPH": rupiah(letter.uph),
        "UANG_PISAH": rupiah(letter.separation),
        "UANG_KOMPENSASI": rupiah(letter.pkwt),
        "TOTAL_DITERIMA": rupiah(letter.total),
        "TGL_TERIMA": dashed(received),
        "TGL_UBAH": changed,
    }
