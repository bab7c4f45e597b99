"""The deck's other flows in the demo as they stand on the evening before the first night."""

from __future__ import annotations

from datetime import date, timedelta

from jendela.demo import benefits, contributions, disputes, services
from jendela.demo.careers import FIRST_NIGHT, LAST_DAY
from jendela.demo.claims import Activity, Claim
from jendela.demo.contributions import month_number
from jendela.demo.flow_book import Quarrel
from jendela.demo.flow_plans import FlowPlans
from jendela.demo.habits import packed, padded
from jendela.demo.pen import Pen
from jendela.demo.register_plans import RegisterPlans
from jendela.demo.strangers import Strangers, employers, quiet_pen
from jendela.demo.truth import BadRow
from jendela.demo.world import World


def open_books(world: World, pen: Pen) -> None:
    """Everything up to the evening before the first night, and what is wrong on purpose."""
    mine = quiet_pen(world, pen)
    firms = employers(world.seed, len(world.employers))
    for firm in firms:
        mine.employer(firm)
    world.employers += firms
    _contributions(world, mine)
    _benefits(world, mine)
    _trainings(world, mine)
    _disputes(world, mine)
    count = max(2, world.workers // 6000)
    strangers = Strangers(mine, firms)
    FlowPlans(strangers, FIRST_NIGHT, count).plant()
    RegisterPlans(strangers, FIRST_NIGHT, count).plant()
    _bad_rows(world, mine)


def _contributions(world: World, pen: Pen) -> None:
    """Of all who left lately; and of some who work on, whom the feed must leave alone."""
    for employment in world.careers.all:
        left = employment.ended is not None and employment.ended >= date(2026, 3, 1)
        if employment.at_bpjs and (left or employment.number % 400 == 0):
            contributions.history(pen, employment, LAST_DAY)
            world.flows.insured.append(employment)


def _benefits(world: World, pen: Pen) -> None:
    for claim in world.claims:
        if claim.status == "APPROVED" and benefits.first_payment(claim) <= LAST_DAY:
            benefits.pay(pen, claim, 1, benefits.first_payment(claim))
    for activity, claim in reported(world, world.activities):
        day = benefits.next_weekday(activity.day + timedelta(days=4))
        if activity.order >= 2 and day <= LAST_DAY:
            benefits.pay(pen, claim, activity.order, day)


def reported(world: World, activities: list[Activity]) -> list[tuple[Activity, Claim]]:
    """Reports with the claim that they are proof for."""
    claims = {claim.employment.person.number: claim for claim in world.claims if claim.status == "APPROVED"}
    pairs = [(activity, claims.get(activity.registration.person.number)) for activity in activities]
    return [
        (activity, claim)
        for activity, claim in pairs
        if claim is not None and benefits.benefit_month(claim, activity.order) == month_number(activity.month)
    ]


def _trainings(world: World, pen: Pen) -> None:
    """An enrolment for whoever reports attendance, a referral for some others."""
    for activity, claim in reported(world, world.activities):
        served(world, pen, activity, claim)


def served(world: World, pen: Pen, activity: Activity, claim: Claim) -> None:
    """The training or the referral behind a report."""
    registration, flows = activity.registration, world.flows
    if activity.attendance is not None:
        start = activity.month + timedelta(days=2)
        enrolment = services.enrol(pen, registration, start, 1, "LULUS")
        services.attend(pen, enrolment, month_number(activity.month), activity.attendance)
        paid = benefits.next_weekday(activity.day + timedelta(days=6))
        if paid <= pen.today and claim.number not in flows.trained:
            flows.trained.add(claim.number)
            cost = services.cost_of(enrolment, world.seed)
            benefits.pay_training(pen, claim, enrolment, cost, paid)
    elif activity.serial % 3 == 0:
        day = activity.month + timedelta(days=8)
        services.refer_to_work(pen, registration, day, ("G", "T2", "M")[activity.serial // 3 % 3])


def _disputes(world: World, pen: Pen) -> None:
    """Those that the offices know as settled; one decided by the court; some that are running."""
    running = 0
    for made in world.terminations:
        letter, report = made.letter, made.report
        if made.plan == "settled" and report is not None and report.settled is not None:
            registered = report.settled - timedelta(days=5)
            number = disputes.dispute_number(pen, registered)
            disputes.open_dispute(
                pen, number, made.employment, report.letter_number, made.effective, registered,
                hasil="PB", tahap="BIP",
            )  # fmt: skip
            disputes.settle(
                pen, number, made.employment, report.settlement, report.settled, "BIP", made.effective,
                low=number[7] in "05",
            )  # fmt: skip
        elif made.plan == "silent office, no claim" and letter is not None:
            running += 1
            registered = max(made.effective, date(2026, 3, 9)) + timedelta(days=6)
            if registered >= LAST_DAY or running > 3 + world.workers // 2000:
                continue
            number = disputes.dispute_number(pen, registered)
            reached: dict[str, object] = {
                "tahap": "MED",
                "tgl_mediasi": packed(registered + timedelta(days=1)),
            }
            if running % 3 == 0 and registered < date(2026, 6, 1):
                reached |= {
                    "tahap": "PHI",
                    "no_anjuran": f"567/{running:04d}/ANJ/2026",
                    "tgl_anjuran": packed(registered + timedelta(days=30)),
                    "no_gugatan": f"{running}/Pdt.Sus-PHI/2026",
                    "no_putusan": f"{running}/Pdt.Sus-PHI/2026",
                    "tgl_putusan": packed(date(2026, 8, 5)),
                    "tgl_inkracht": packed(date(2026, 8, 20)),
                    "hasil": "MP",
                }
            else:
                world.flows.quarrels.append(Quarrel(number, made.employment, made.effective))
            disputes.open_dispute(
                pen, number, made.employment, letter.number, made.effective, registered, **reached
            )


def _bad_rows(world: World, pen: Pen) -> None:
    """Rows no contract allows, in every one of these tables that has any."""
    spoils: tuple[tuple[str, str, str, dict[str, object]], ...] = (
        ("bpjs", "IURAN_TK", "unreadable amount: UPAH", {"UPAH": "Rp empat juta", "BLTH": "07-2024"}),
        ("bpjs", "IURAN_TK", "impossible month", {"BLTH": "13-2025"}),
        ("bpjs", "BAYAR_MANFAAT", "unknown code: STS_BAYAR", {"STS_BAYAR": "7", "NO_BAYAR": "BM-RUSAK-1"}),
        ("bpjs", "BAYAR_MANFAAT", "impossible date", {"TGL_BAYAR": "31-02-2026", "NO_BAYAR": "BM-RUSAK-2"}),
        ("kemnaker", "KARIRHUB_RUJUKAN", "unknown code: hasil", {"hasil": "Z9", "id_rujukan": "RJK-RUSAK"}),
        ("kemnaker", "SKILLHUB_KEHADIRAN", "more than all", {"persen_hadir": 140, "bulan": "202512"}),
        ("kemnaker", "PES_PEMBERITAHUAN", "unknown code", {"alasan": "??", "no_pemberitahuan": "PBT-RUSAK"}),
        ("kemnaker", "EPHI_PB", "impossible date", {"tgl_pb": "20260231", "no_pb": "99/PB/RUSAK/2026"}),
    )
    for agency, table, hint, wrong in spoils:
        rows = pen.rows.get((agency, table))
        if not rows:
            continue
        wanted = [row for row in rows if table != "IURAN_TK" or row["STS_PERIODE"] == "F"] or rows
        row = {**wanted[0], **wrong}
        if table == "BAYAR_MANFAAT":
            row["NO_BAYAR"] = padded(str(row["NO_BAYAR"]), 18)
        world.truth.rows.append(BadRow(agency, table, pen.put(agency, table, row), hint))
