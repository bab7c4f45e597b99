"""BAYAR_MANFAAT and HENTI_MANFAAT: what BPJS pays, month by month, and when it stops."""

from __future__ import annotations

from datetime import date, timedelta

from jendela.demo.bpjs import stamp
from jendela.demo.chance import stream
from jendela.demo.claims import Claim
from jendela.demo.contributions import first_of, month_number
from jendela.demo.habits import dashed, padded, rupiah
from jendela.demo.pen import Pen
from jendela.demo.tables import Row

CAUSES = {
    "REFUSED_SUITABLE_WORK": "01",
    "STOPPED_TRAINING": "02",
    "FOUND_WORK": "03",
    "NOT_AVAILABLE": "04",
}


def next_weekday(day: date) -> date:
    """The day itself from Monday to Friday, else the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def first_payment(claim: Claim) -> date:
    """Within three working days after the decision."""
    return next_weekday((claim.decided or claim.filed) + timedelta(days=2))


def benefit_month(claim: Claim, order: int) -> int:
    """The number of the benefit's month `order`: the first is that of the decision."""
    return month_number(claim.decided or claim.filed) + order - 1


def pay(
    pen: Pen,
    claim: Claim,
    order: int,
    day: date,
    *,
    amount: int | None = None,
    account: tuple[str, str] | None = None,
    holder: str | None = None,
) -> str:
    """One month of cash; its key."""
    flows, written = pen.world.flows, pen.world.cards[claim.employment.kpj]
    bank, number = account or (claim.bank, claim.account)
    rng = stream(pen.world.seed, "payment", claim.number, order)
    typed = f"{number[:4]}-{number[4:]}" if rng.random() < 0.15 else number
    flows.paid[claim.number] = max(order, flows.paid.get(claim.number, 0))
    row: Row = {
        "NO_BAYAR": padded(f"BM{day:%y%m}{flows.serial('payment'):08d}", 18),
        "NO_KLAIM": padded(claim.number, 20),
        "JNS_MANFAAT": "U",
        "BULAN_KE": order,
        "BLTH_MANFAAT": f"{first_of(benefit_month(claim, order)):%m-%Y}",
        "NO_PESERTA_LATIH": None,
        "STS_BAYAR": "1",
        "TGL_BAYAR": dashed(day),
        "NILAI": rupiah(claim.monthly if amount is None else amount),
        "KD_BANK": bank,
        "NO_REKENING": typed,
        "ATAS_NAMA": (holder or written.name)[:40],
        "TGL_UBAH": stamp(day, rng),
    }
    return pen.put("bpjs", "BAYAR_MANFAAT", row)


def pay_training(pen: Pen, claim: Claim, enrolment: str, cost: int, day: date) -> str:
    """The cost of a training, paid to whoever holds it; its key."""
    flows, rng = pen.world.flows, stream(pen.world.seed, "training payment", enrolment)
    row: Row = {
        "NO_BAYAR": padded(f"BP{day:%y%m}{flows.serial('payment'):08d}", 18),
        "NO_KLAIM": padded(claim.number, 20),
        "JNS_MANFAAT": "P",
        "BULAN_KE": None,
        "BLTH_MANFAAT": None,
        "NO_PESERTA_LATIH": enrolment,
        "STS_BAYAR": "1",
        "TGL_BAYAR": dashed(day),
        "NILAI": rupiah(cost),
        "KD_BANK": None,  # it goes to the training provider
        "NO_REKENING": None,
        "ATAS_NAMA": None,
        "TGL_UBAH": stamp(day, rng),
    }
    return pen.put("bpjs", "BAYAR_MANFAAT", row)


def stop(pen: Pen, claim: Claim, reason: str, day: date, notice: str | None, action: str = "H") -> str:
    """What BPJS did, upon a notice or of its own (`action` as BPJS writes it); its key."""
    flows = pen.world.flows
    if action == "H":
        flows.stopped.add(claim.number)
    row: Row = {
        "ID_HENTI": padded(f"HM{day:%y%m}{flows.serial('stop'):06d}", 14),
        "NO_KLAIM": padded(claim.number, 20),
        "NO_PEMBERITAHUAN": notice,
        "KD_SEBAB": CAUSES[reason],
        "TGL_TERIMA": dashed(day - timedelta(days=1)) if notice else None,
        "TINDAKAN": action,
        "TGL_TINDAKAN": dashed(day),
        "TGL_UBAH": stamp(day, stream(pen.world.seed, "stop", claim.number, day)),
    }
    return pen.put("bpjs", "HENTI_MANFAAT", row)
