"""What a day brings to the deck's other flows: payments, periods, notices, disputes, a mass lay-off."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from jendela.demo import benefits, bpjs, contributions, disputes, services
from jendela.demo.arrivals import Arrivals
from jendela.demo.careers import FIRST_NIGHT, Employment
from jendela.demo.changes import Update
from jendela.demo.contributions import month_number
from jendela.demo.flows import reported, served
from jendela.demo.habits import dashed, packed
from jendela.demo.pen import Pen
from jendela.demo.planted import discrepancy
from jendela.demo.regions import BALIKPAPAN
from jendela.demo.strangers import quiet_pen
from jendela.demo.terminations import dismiss
from jendela.demo.world import World

LAID_OFF = 12
"""Workers whom one employer in Balikpapan dismisses by one letter, at most."""
LAY_OFF_DAY, NOTICE_DAY, IGNORED_DAY = 6, 2, 3
CHANGED = {"PES_PENDAFTARAN": "diubah_pada", "WLKP_PERUSAHAAN": "updated_at"}
"""The columns of Kemnaker that say when a row was changed last."""
SUSPENDED_AFTER = 3
"""Days until BPJS acts upon a notice."""


def play(world: World, arrivals: Arrivals) -> None:
    """Lets the day of `arrivals` pass for these flows; offices work from Monday to Friday."""
    pen = quiet_pen(world, arrivals.pen)
    if pen.today.weekday() > 4:
        return
    _notices(world, pen)
    _pay(world, pen)
    _serve(world, pen)
    _post(world, arrivals, pen)
    _quarrels(world, arrivals, pen)
    _mend(world, arrivals)
    _late_reports(world, pen)
    if _day(pen.today) == LAY_OFF_DAY:
        _lay_off(world, arrivals)


def _day(today: date) -> int:
    """The first day after the beginning is day 0."""
    return (today - FIRST_NIGHT).days


def _pay(world: World, pen: Pen) -> None:
    """The first month after the decision, a further one after its report, unless BPJS has stopped.

    Whoever was told of and is paid all the same is a case of DSQ-01.
    """
    flows, today = world.flows, pen.today
    for claim in world.claims:
        due = claim.status == "APPROVED" and benefits.first_payment(claim) <= today
        if due and claim.number not in flows.paid:
            benefits.pay(pen, claim, 1, today)
    for activity, claim in reported(world, world.activities):
        ready = today - timedelta(days=12) <= activity.day <= today - timedelta(days=4)
        paid = flows.paid.get(claim.number, 0)
        if not ready or activity.order != paid + 1 or claim.number in flows.stopped:
            continue
        key = benefits.pay(pen, claim, activity.order, today)
        for notice in flows.notices:
            if notice.claim is claim and notice.acted is None and notice.sent < today:
                told = ("kemnaker", "PES_PEMBERITAHUAN", notice.number)
                note, since = "paid on as if nothing was", today + timedelta(days=1)
                places = (told, ("bpjs", "BAYAR_MANFAAT", key))
                world.truth.flows.append(discrepancy("DSQ-01", since, *places, note))


def _serve(world: World, pen: Pen) -> None:
    for activity, claim in reported(world, world.activities):
        if activity.day == pen.today:
            served(world, pen, activity, claim)


def _notices(world: World, pen: Pen) -> None:
    """Two beneficiaries refuse work: of one BPJS is told and stops, of the other it is told and pays on."""
    flows, day = world.flows, _day(pen.today)
    if day in (NOTICE_DAY, IGNORED_DAY):
        told = {notice.claim.number for notice in flows.notices}
        reporting = [
            (activity, claim)
            for activity, claim in reported(world, world.activities)
            if activity.day >= FIRST_NIGHT - timedelta(days=1)
            and activity.order == flows.paid.get(claim.number, 0) + 1
            and claim.number not in told
        ]
        for activity, claim in reporting[:1]:
            services.refer_to_work(pen, activity.registration, pen.today - timedelta(days=9), "T1")
            reason = "REFUSED_SUITABLE_WORK"
            notice = services.notify(pen, claim, activity.registration, reason, pen.today)
            if day == NOTICE_DAY:
                notice.acted = benefits.next_weekday(pen.today + timedelta(days=SUSPENDED_AFTER))
                flows.stopped.add(claim.number)
    for notice in flows.notices:
        if notice.acted == pen.today:
            benefits.stop(pen, notice.claim, notice.reason, pen.today, notice.number)


def _post(world: World, arrivals: Arrivals, pen: Pen) -> None:
    """On the tenth the month before is final, on the fifteenth posted and paid (or on the Monday after).

    Whoever was dismissed meanwhile brings the months before along.
    """
    flows, today = world.flows, pen.today
    for made in world.terminations:
        one = made.employment
        if one.at_bpjs and one.ended is not None and one not in flows.insured:
            flows.insured.append(one)
            contributions.history(pen, one, today)
    last = month_number(today) - 1
    tenth, fifteenth = (benefits.next_weekday(date(today.year, today.month, day)) for day in (10, 15))
    if today == tenth:
        for one in flows.insured:
            if one.ended is not None and month_number(one.ended) >= last:
                row = contributions.period_row(one, last, bpjs.stamp(today, pen.rng), paid=False)
                pen.put("bpjs", "IURAN_TK", row)
                flows.final.append({name: row[name] for name in ("KPJ", "NPP", "URUT_KEPESERTAAN", "BLTH")})
    elif today == fifteenth:
        values: dict[str, object] = {
            "STS_PERIODE": "P",
            "TGL_BAYAR": dashed(today - timedelta(days=1)),
            "TGL_POSTING": dashed(today),
        }
        for key in flows.final:
            arrivals.update("bpjs", "IURAN_TK", key, values)
        flows.final.clear()


def _quarrels(world: World, arrivals: Arrivals, pen: Pen) -> None:
    """A dispute a week gets its recommendation, ends by agreement a week later, and is then registered."""
    turn, step = divmod(_day(pen.today), 7)
    if step != 3 or not world.flows.quarrels:
        return
    stages = world.flows.quarrels[:3]
    for place, quarrel in enumerate(stages):
        where: dict[str, object] = {"no_pencatatan": quarrel.number, "urut_pekerja": 1}
        if turn == place:
            told: dict[str, object] = {
                "no_anjuran": f"567/{place + 90:04d}/ANJ/2026",
                "tgl_anjuran": packed(pen.today),
            }
            _change(arrivals, pen, "EPHI_PERSELISIHAN", where, told)
        elif turn == place + 1:
            paper = f"{place + 30:02d}/PB/{quarrel.employment.employer.initials}/2026"
            disputes.settle(
                pen, quarrel.number, quarrel.employment, paper, pen.today, "MED", quarrel.effective, low=False
            )
            _change(arrivals, pen, "EPHI_PERSELISIHAN", where, {"hasil": "PB"})
        elif turn == place + 2:
            paper = f"{place + 30:02d}/PB/{quarrel.employment.employer.initials}/2026"
            values: dict[str, object] = {
                "no_akta": disputes.deed(quarrel.number, pen.today),
                "tgl_akta": packed(pen.today),
                "pengadilan": disputes.court(quarrel.employment),
            }
            _change(arrivals, pen, "EPHI_PB", {"no_pb": paper, **where}, values)


def _change(
    arrivals: Arrivals, pen: Pen, table: str, where: dict[str, object], values: dict[str, object]
) -> None:
    stamped = {**values, "diubah_pada": bpjs.stamp(pen.today, pen.rng)}
    arrivals.changes.updated.append(Update("kemnaker", table, where, stamped))


def _mend(world: World, arrivals: Arrivals) -> None:
    """What somebody puts right today: a status, a date, an amount."""
    for ending in world.flows.endings:
        due = ending.on
        while due.weekday() > 4:
            due += timedelta(days=1)
        if due != arrivals.today:
            continue
        values = dict(ending.values)
        if ending.table in CHANGED:
            values[CHANGED[ending.table]] = bpjs.stamp(arrivals.today, arrivals.rng)
        arrivals.update(ending.agency, ending.table, ending.where, values)
        ending.defect.until_night = arrivals.night


def _late_reports(world: World, pen: Pen) -> None:
    """A report comes months after its month; what was paid without it has its proof now."""
    for late in world.flows.late:
        if benefits.next_weekday(late.on) == pen.today:
            activity = world.counter.activity(late.registration, late.month, late.order, pen.today)
            activity.attendance, activity.outcome = None, "CONTINUES"
            pen.activity(activity)
            late.defect.until_night = pen.today + timedelta(days=1)


def _lay_off(world: World, arrivals: Arrivals) -> None:
    """One employer in Balikpapan dismisses many workers by one letter."""
    desk, today = world.desk, arrivals.today
    effective = today - timedelta(days=1)

    staff = Counter(
        one.employer.number
        for one in world.careers.all
        if one.employer.region == BALIKPAPAN and one.ended is None and one.contract == "PKWTT"
    )
    largest = max(staff, key=lambda number: staff[number], default=0)

    def fits(one: Employment) -> bool:
        return one.employer.number == largest and one.contract == "PKWTT" and one.at_bpjs

    first = desk.take((BALIKPAPAN,), fits)
    if first is None:
        return
    group = [first, *desk.colleagues(first, LAID_OFF - 1, fits)]
    made = dismiss(desk, "in order, no claim", group, effective, today, today)
    for one in made:
        arrivals.ended(one.employment)
    arrivals.pen.papers(made, {})
    world.terminations += made
