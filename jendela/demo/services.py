"""Karirhub, Skillhub and notices: what the employment service does for a job-seeker, and tells BPJS."""

from __future__ import annotations

from datetime import date, timedelta

from jendela.demo.bpjs import stamp
from jendela.demo.chance import stream
from jendela.demo.claims import Claim, Registration
from jendela.demo.contributions import first_of
from jendela.demo.employers import Employer
from jendela.demo.flow_book import Notice
from jendela.demo.habits import loose
from jendela.demo.pen import Pen
from jendela.demo.tables import Row

COURSES = ("Operator forklif", "Las SMAW 3G", "Menjahit garmen", "Admin perkantoran", "Teknisi AC")
REASONS = {
    "REFUSED_SUITABLE_WORK": "TK",
    "STOPPED_TRAINING": "BP",
    "FOUND_WORK": "SB",
    "NOT_AVAILABLE": "TS",
}
ANSWER_DAYS = 7


def refer_to_work(
    pen: Pen,
    registration: Registration,
    day: date,
    outcome: str,
    hired: tuple[Employer, date] | None = None,
) -> str:
    """A referral to a vacancy, with its outcome as Karirhub writes it; its key."""
    number = pen.world.flows.serial("referral")
    settled = day + timedelta(days=9) if outcome != "M" else None
    row: Row = {
        "id_rujukan": f"RJK{day:%Y}{number:06d}",
        "no_pendaftaran": registration.number,
        "jenis": "KERJA",
        "id_lowongan": f"LOW-{registration.region}-{number:06d}",
        "no_peserta": None,
        "kode_jabatan": registration.person.job[0],
        "tgl_rujukan": loose(day),
        "hasil": outcome,
        "tgl_hasil": loose(settled),
        "npp_penerima": f"{hired[0].npp[:2]} {hired[0].npp[2:]}".lower() if hired else None,
        "tgl_mulai_kerja": loose(hired[1]) if hired else None,
        "diubah_pada": stamp(min(settled or day, pen.today), stream(pen.world.seed, "referral", number)),
    }
    return pen.put("kemnaker", "KARIRHUB_RUJUKAN", row)


def enrol(pen: Pen, registration: Registration, start: date, months: int, state: str = "AKTIF") -> str:
    """A training, and the referral that led to it; the number of the enrolment."""
    number = pen.world.flows.serial("training")
    rng = stream(pen.world.seed, "training", number)
    cost, enrolment = rng.choice((1_500_000, 2_000_000, 2_400_000)), f"PLT{start:%Y}{number:06d}"
    changed = stamp(min(start, pen.today), rng)
    referred = start - timedelta(days=6)
    pen.put(
        "kemnaker",
        "SKILLHUB_PESERTA",
        {
            "no_peserta": enrolment,
            "no_pendaftaran": registration.number,
            "program": rng.choice(COURSES),
            "biaya": f"{cost:,}".replace(",", ".") if rng.random() < 0.4 else str(cost),
            "tgl_mulai": loose(start),
            "tgl_selesai": loose(start + timedelta(days=30 * months)),
            "status_peserta": state,
            "diubah_pada": changed,
        },
    )
    pen.put(
        "kemnaker",
        "KARIRHUB_RUJUKAN",
        {
            "id_rujukan": f"RJK{referred:%Y}{pen.world.flows.serial('referral'):06d}",
            "no_pendaftaran": registration.number,
            "jenis": "LATIH",
            "id_lowongan": None,
            "no_peserta": enrolment,
            "kode_jabatan": registration.person.job[0],
            "tgl_rujukan": loose(referred),
            "hasil": "P",
            "tgl_hasil": loose(start),
            "npp_penerima": None,
            "tgl_mulai_kerja": None,
            "diubah_pada": changed,
        },
    )
    return enrolment


def cost_of(enrolment: str, seed: int) -> int:
    """The cost agreed for an enrolment."""
    return stream(seed, "training", int(enrolment[-6:])).choice((1_500_000, 2_000_000, 2_400_000))


def attend(pen: Pen, enrolment: str, month: int, percent: int) -> str:
    """The attendance of one month, recorded on the third of the next; its key."""
    day = first_of(month + 1) + timedelta(days=2)
    held = 20
    row: Row = {
        "no_peserta": enrolment,
        "bulan": f"{first_of(month):%Y%m}",
        "hari_latih": held,
        "hari_hadir": held * percent // 100,
        "persen_hadir": percent,
        "tgl_catat": loose(day),
        "diubah_pada": stamp(day, stream(pen.world.seed, "attendance", enrolment, month)),
    }
    return pen.put("kemnaker", "SKILLHUB_KEHADIRAN", row)


def notify(pen: Pen, claim: Claim, registration: Registration, reason: str, sent: date) -> Notice:
    """A notice to BPJS that somebody may have lost the right to the benefit."""
    flows = pen.world.flows
    number = f"PBT{sent:%Y}{flows.serial('notice'):05d}"
    rng = stream(pen.world.seed, "notice", number)
    pen.put(
        "kemnaker",
        "PES_PEMBERITAHUAN",
        {
            "no_pemberitahuan": number,
            "no_pendaftaran": registration.number,
            "no_klaim": claim.number if rng.random() < 0.8 else None,
            "alasan": REASONS[reason],
            "tgl_kejadian": loose(sent - timedelta(days=2)),
            "tgl_kirim": loose(sent),
            "batas_jawab": loose(sent + timedelta(days=ANSWER_DAYS)),
            "diubah_pada": stamp(sent, rng),
        },
    )
    notice = Notice(number, claim, reason, sent)
    flows.notices.append(notice)
    return notice
