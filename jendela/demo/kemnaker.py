"""How Kemnaker keeps its books: lower-case columns, YYYYMMDD in WLKP, D/M/YYYY at the employment service."""

from __future__ import annotations

import random
from datetime import date, datetime

from jendela.demo.bpjs import stamp
from jendela.demo.careers import Employment
from jendela.demo.claims import Activity, Registration
from jendela.demo.clerks import Written
from jendela.demo.employers import Employer, written_by_others
from jendela.demo.habits import loose, packed, phone_as_typed
from jendela.demo.people import Person
from jendela.demo.proofs import proof_columns
from jendela.demo.tables import Row

FORMS = {"PT": "PT", "CV": "CV", "UD": "UD", "KOPERASI": "KOP", "YAYASAN": "YYS"}
SCHOOLING = {
    "SD": "01",
    "SMP": "02",
    "SMA": "03",
    "SMK": "04",
    "D1": "05",
    "D3": "07",
    "D4": "08",
    "S1": "09",
    "S2": "10",
}
SCHOOLING_AT_PES = {
    "SD": "SD",
    "SMP": "SLTP",
    "SMA": "SLTA",
    "SMK": "SMK",
    "D1": "D-I",
    "D3": "D-III",
    "D4": "D-IV",
    "S1": "SARJANA",
    "S2": "PASCASARJANA",
}
CONTRACTS = {"PKWTT": "1", "PKWT": "2", "HARIAN_LEPAS": "3"}
CAUSES = {
    "RESIGNATION": "1",
    "TERMINATION": "2",
    "MISCONDUCT": "2",
    "CONTRACT_END": "3",
    "RETIREMENT": "4",
    "DEATH": "5",
}
STATES = {"ACTIVE": "A", "PLACED": "B", "LAPSED": "K", "CLOSED": "D"}
OUTCOMES = {
    "NONE": "0",
    "CONTINUES": "1",
    "REFERRED": "2",
    "PLACED": "3",
    "REFUSED_SUITABLE_WORK": "4",
    "STOPPED_TRAINING": "5",
}


def dotted_region(region: str) -> str:
    """3215 as 32.15."""
    return f"{region[:2]}.{region[2:]}"


def cased(name: str, rng: random.Random) -> str:
    """A name as employers type it: capitals or not."""
    return name if rng.random() < 0.55 else name.title()


def _npp_as_typed(npp: str, rng: random.Random) -> str | None:
    kind = rng.random()
    if kind < 0.8:
        return npp
    if kind < 0.88:
        return f"{npp[:2]} {npp[2:]}"
    return npp.lower() if kind < 0.94 else None


def employer_row(employer: Employer, rng: random.Random) -> Row:
    """WLKP_PERUSAHAAN. A head office without its NPP is known by its tax number; a branch always gives its
    NPP."""
    renewed = date(2026, rng.randrange(1, 8), 15)
    return {
        "kode_pendaftaran": employer.wlkp_code,
        "kode_pusat": employer.head.wlkp_code if employer.head else None,
        "nib": employer.nib if rng.random() < 0.95 else None,
        "npwp": employer.npwp if rng.random() < 0.6 else f"0{employer.npwp}",
        "npp": employer.npp if employer.head else _npp_as_typed(employer.npp, rng),
        "nama_perusahaan": written_by_others(employer, rng),
        "bentuk_badan": FORMS[employer.form],
        "kode_kbli": "".join(employer.kbli),
        "versi_kbli": f"KBLI {employer.kbli_edition}",
        "skala": employer.size,
        "alamat": employer.street.title(),
        "kode_wilayah": dotted_region(employer.region),
        "kode_pos": employer.postcode,
        "telepon": phone_as_typed(employer.phone, rng),
        "email": None,
        "tgl_berdiri": packed(employer.founded),
        "tgl_lapor": packed(employer.registered),
        "tgl_perpanjangan": packed(renewed),
        "status_lapor": "AKTIF",
        "updated_at": stamp(renewed, rng),
    }


def ending(employment: Employment) -> Row:
    """The columns of WLKP_TENAGA_KERJA that say whether and how the employment ended: a row is never deleted
    for it."""
    return {
        "status_kerja": "TIDAK BEKERJA" if employment.ended else "MASIH BEKERJA",
        "tgl_berhenti": packed(employment.ended),
        "alasan_berhenti": CAUSES.get(employment.cause),
    }


def worker_row(employment: Employment, written: Written, rng: random.Random, id_tk: str = "") -> Row:
    """WLKP_TENAGA_KERJA."""
    person = employment.person
    wage = employment.wage + employment.allowance
    return {
        "id_tk": id_tk or employment.id_tk,
        "kode_pendaftaran": employment.employer.wlkp_code,
        "nik": written.nik,
        "nama": cased(written.name, rng),
        "jk": written.sex,
        "tempat_lahir": written.birth_place.title()[:40],
        "tgl_lahir": packed(written.born),
        "warga_negara": "WNA" if person.passport else "WNI",
        "pendidikan": SCHOOLING[person.education],
        "kode_jabatan": person.job[0],
        "jabatan": person.job[1],
        "status_hubungan": CONTRACTS[employment.contract],
        "tgl_mulai": packed(employment.start),
        "tgl_akhir_kontrak": packed(employment.contract_end),
        "upah": f"{wage}" if rng.random() < 0.7 else f"{wage}.00",
        "disabilitas": "Y" if rng.random() < 0.005 else "T",
        **ending(employment),
        "tgl_lapor": packed(employment.reported),
    }


def account_row(registration: Registration, written: Written, rng: random.Random, changed: datetime) -> Row:
    """SIAPKERJA_AKUN."""
    person: Person = registration.person
    return {
        "id_akun": registration.account,
        "nik": written.nik,
        "nama_lengkap": written.name,
        "nama_ibu_kandung": written.mother,
        "jenis_kelamin": "LAKI-LAKI" if written.sex == "L" else "PEREMPUAN",
        "tempat_lahir": written.birth_place,
        "tgl_lahir": loose(written.born),
        "email": person.email,
        "no_hp": phone_as_typed(person.phone, rng),
        "alamat": person.street.title(),
        "kode_wilayah": dotted_region(person.region),
        "pendidikan": SCHOOLING_AT_PES[person.education],
        "diubah_pada": changed,
    }


def registration_row(registration: Registration, changed: datetime) -> Row:
    """PES_PENDAFTARAN."""
    day = registration.day
    return {
        "no_pendaftaran": registration.number,
        "id_akun": registration.account,
        "no_ak1": registration.ak1 if registration.counter else None,
        "tgl_daftar": loose(day),
        "berlaku_sampai": loose(date(day.year + 2, day.month, min(day.day, 28))),
        "kode_kantor": dotted_region(registration.region),
        "jabatan_diminati": registration.person.job[1],
        "bersedia_bekerja": "YA",
        "status": STATES[registration.status],
        "diubah_pada": changed,
    }


def activity_row(activity: Activity, written_at: datetime) -> Row:
    """PES_AKTIVITAS."""
    return {
        "id_aktivitas": activity.serial,
        "no_pendaftaran": activity.registration.number,
        "periode": f"{activity.month:%Y%m}",
        "bulan_ke": activity.order,
        "jml_lamaran": activity.applications,
        "jml_wawancara": activity.interviews,
        "tgl_asesmen_diri": loose(activity.assessed),
        "hadir_pelatihan_persen": activity.attendance,
        "tgl_konseling": loose(activity.counselled),
        "hasil": OUTCOMES[activity.outcome],
        "tgl_lapor": loose(activity.day),
        "dibuat_pada": written_at,
        **proof_columns(activity),
    }
