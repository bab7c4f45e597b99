"""EPHI_PERSELISIHAN and EPHI_PB: disputes as the mediators record them, and the agreements that end them."""

from __future__ import annotations

from datetime import date, timedelta

from jendela.demo.bpjs import stamp
from jendela.demo.careers import Employment
from jendela.demo.chance import stream
from jendela.demo.clerks import Written
from jendela.demo.habits import packed
from jendela.demo.kemnaker import dotted_region
from jendela.demo.pen import Pen
from jendela.demo.tables import Row

COURTS = {"32": "PN BANDUNG", "64": "PN SAMARINDA"}
UNKNOWN = "00000000"
"""What e-PHI holds where a decision is not final yet."""


def dispute_number(pen: Pen, registered: date) -> str:
    """The next number of the register."""
    return f"567/{pen.world.flows.serial('dispute'):04d}/PPHI/{registered.year}"


def open_dispute(
    pen: Pen,
    number: str,
    employment: Employment,
    letter_number: str | None,
    effective: date,
    registered: date,
    **reached: object,
) -> str:
    """A dispute over a termination, with what was `reached` so far; its key."""
    person = employment.person
    row: Row = {
        "no_pencatatan": number,
        "urut_pekerja": 1,
        "nik": person.nik,
        "nama_pekerja": person.name,
        "tgl_lahir": packed(person.born),
        "jk": person.sex,
        "nama_perusahaan": employment.employer.name,
        "kode_pendaftaran": employment.employer.wlkp_code,
        "kode_wilayah": dotted_region(employment.employer.region),
        "jenis": "P",
        "no_surat_phk": letter_number or None,
        "tgl_phk": packed(effective),
        "tahap": "BIP",
        "tgl_bipartit": packed(registered - timedelta(days=8)),
        "tgl_bipartit_gagal": None,
        "tgl_catat": packed(registered),
        "tgl_mediasi": None,
        "no_anjuran": None,
        "tgl_anjuran": None,
        "no_gugatan": None,
        "no_putusan": None,
        "tgl_putusan": None,
        "tgl_inkracht": UNKNOWN,
        "hasil": "J",
        "diubah_pada": stamp(registered, stream(pen.world.seed, "dispute", number)),
        **reached,
    }
    key = pen.put("kemnaker", "EPHI_PERSELISIHAN", row)
    plain = Written(person.nik, person.name, person.born, person.birth_place, person.sex, person.mother)
    pen.mention("kemnaker", "EPHI_PERSELISIHAN", key, person, plain)
    return key


def settle(
    pen: Pen, number: str, employment: Employment, paper: str, day: date, stage: str, ends: date, *, low: bool
) -> str:
    """The settlement agreement of a dispute, registered at the court if that week is over; its key."""
    rng = stream(pen.world.seed, "settlement", number)
    amount = (employment.wage + employment.allowance) * rng.randrange(4, 14)
    registered = day + timedelta(days=7)
    known = registered <= pen.today
    row = {
        "no_pb": paper,
        "no_pencatatan": number,
        "urut_pekerja": 1,
        "tgl_pb": packed(day),
        "tahap": stage,
        "tgl_phk": packed(ends),
        "nilai": f"{amount}.00" if rng.random() < 0.4 else str(amount),
        "di_bawah_ketentuan": "Y" if low else "T",
        "no_akta": deed(number, registered) if known else None,
        "tgl_akta": packed(registered) if known else None,
        "pengadilan": court(employment) if known else None,
        "diubah_pada": stamp(min(registered, pen.today), rng),
    }
    return pen.put("kemnaker", "EPHI_PB", row)


def deed(number: str, registered: date) -> str:
    """The number of the deed of registration."""
    return f"{number[4:8]}/BP/{registered.year}/PHI"


def court(employment: Employment) -> str:
    """The court of the place."""
    return COURTS.get(employment.employer.region[:2], "PN JAKARTA PUSAT")
