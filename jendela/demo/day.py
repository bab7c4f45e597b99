"""One day in the world: who comes and goes, what is corrected, removed, withdrawn. The same for the same
seed and day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from jendela.demo import flow_days, identities, planted
from jendela.demo.arrivals import Arrivals, spell_where
from jendela.demo.careers import FIRST_NIGHT, Employment
from jendela.demo.changes import Changes, Update
from jendela.demo.counters import learns, walk_ins
from jendela.demo.habits import padded, rupiah
from jendela.demo.house import House
from jendela.demo.mending import mend
from jendela.demo.pen import Pen
from jendela.demo.planted import Place
from jendela.demo.tables import key_of
from jendela.demo.world import Case, World


def play(world: World, day: int) -> Changes:
    """Lets the `day`-th day after the beginning pass (the first is 1 September 2026), and returns what it
    changed.

    Offices work from Monday to Friday. On other days only the employment service, which is online, has news.
    """
    today = FIRST_NIGHT + timedelta(days=day - 1)
    pen = Pen(world, today)
    workday = sum((FIRST_NIGHT + timedelta(days=past)).weekday() < 5 for past in range(day))
    changes = Changes(today, workday)
    arrivals = Arrivals(world, pen, changes, workday)
    known = set(world.said)
    arrivals.activities()
    if today.weekday() < 5:
        arrivals.hires()
        arrivals.dismissals()
        arrivals.resignations()
        arrivals.statements()
        arrivals.decisions()
        mend(world, arrivals)
        _correct(world, arrivals)
        _remove(world, arrivals)
        for house in world.country.houses:
            if house.amends:
                _second_thoughts(world, arrivals, house)
            if world.country.walk_ins:
                walk_ins(arrivals, house)
        if world.country.walk_ins:
            learns(arrivals, world.country.houses[workday % len(world.country.houses)])
    flow_days.play(world, arrivals)
    changes.added, changes.files = pen.rows, pen.files
    _seen(world, arrivals, known)
    new = [Case(defect) for defect in planted.shared_niks(world, today + timedelta(days=1))]
    world.cases += new
    world.truth.discrepancies += [case.defect for case in new]
    identities.note(world, today + timedelta(days=1))
    return changes


def _seen(world: World, arrivals: Arrivals, known: set[Place]) -> None:
    """When the hub sees what offices wrote today; what a job fair brings waits until somebody lets it in."""
    houses = {house.agency: house for house in world.country.houses}
    for place in world.said.keys() - known:
        if house := houses.get(place[0]):
            crowded = house.fair == arrivals.today and house.seekers and place[1] == house.seekers.table
            world.seen_from[place] = date.max if crowded else arrivals.seen_from(house)


def _correct(world: World, arrivals: Arrivals) -> None:
    """BPJS raises wages (one of them committed late), spells names rightly, and puts a bad row right."""
    rng, changes = arrivals.rng, arrivals.changes
    active = [
        one for one in world.careers.all if one.at_bpjs and one.ended is None and one.start < FIRST_NIGHT
    ]
    for place, employment in enumerate(rng.sample(active, max(2, len(active) // 2000))):
        employment.wage += 150_000
        values: dict[str, object] = {"UPAH": rupiah(employment.wage + employment.allowance)}
        if place == 0 and arrivals.workday % 3 == 2:
            changes.updated.append(
                Update("bpjs", "TK_KEPESERTAAN", spell_where(employment), values, late=True)
            )
        else:
            arrivals.update("bpjs", "TK_KEPESERTAAN", spell_where(employment), values)
    misspelt = [one for one in active if world.cards[one.kpj].name != one.person.name]
    for employment in rng.sample(misspelt, min(2, len(misspelt))):
        world.cards[employment.kpj] = replace(world.cards[employment.kpj], name=employment.person.name)
        key: dict[str, object] = {"KPJ": padded(employment.kpj, 13)}
        arrivals.update("bpjs", "TK_BIODATA", key, {"NAMA_LENGKAP": employment.person.name[:40]})
    if world.spoilt and arrivals.workday % 3 == 1:
        spoilt = world.spoilt.pop(0)
        where = spell_where(spoilt.employment)
        key = {"KPJ": where["KPJ"]} if spoilt.table == "TK_BIODATA" else where
        arrivals.update("bpjs", spoilt.table, key, spoilt.right)
        arrivals.pen.worker(spoilt.employment)
        person, card = spoilt.employment.person.number, world.cards[spoilt.employment.kpj]
        world.said["bpjs", "TK_BIODATA", spoilt.employment.kpj] = (person, card)
        world.truth.rows.remove(spoilt.line)


def _remove(world: World, arrivals: Arrivals) -> None:
    """WLKP removes a row it had twice; now and then an old spell is removed on both sides."""
    if arrivals.workday % 2 == 0 and world.doubles:
        _gone(world, arrivals, "kemnaker", "WLKP_TENAGA_KERJA", {"id_tk": world.doubles.pop(0)})
    if arrivals.workday % 3 == 0 and (old := _removable(world)):
        old.at_bpjs = old.at_wlkp = False
        _gone(world, arrivals, "bpjs", "TK_KEPESERTAAN", spell_where(old))
        world.said.pop(("bpjs", "TK_BIODATA", old.kpj), None)
        _gone(world, arrivals, "kemnaker", "WLKP_TENAGA_KERJA", {"id_tk": old.id_tk})


def _removable(world: World) -> Employment | None:
    """The first fixed-term spell of before this year, on a card of its own, that the truth does not name."""
    cards = Counter(employment.kpj for employment in world.careers.all)
    shared = _shared(world)
    for employment in world.careers.all:
        old = employment.ended is not None and employment.ended < date(2026, 1, 1)
        alone = employment.at_bpjs and cards[employment.kpj] == 1
        named = {("TK_BIODATA", employment.kpj), ("WLKP_TENAGA_KERJA", employment.id_tk)} & shared
        if old and alone and employment.cause == "CONTRACT_END" and not named:
            return employment
    return None


def _shared(world: World) -> set[tuple[str, str]]:
    """Table and key of the records with a NIK that two persons have: they are not removed, the truth names
    them."""
    return {
        (table, key)
        for carriers in world.niks.values()
        if len(carriers) > 1
        for mentions in carriers.values()
        for _, table, key in mentions
    }


def _gone(world: World, arrivals: Arrivals, agency: str, table: str, where: dict[str, object]) -> None:
    key = key_of(table, where)
    arrivals.changes.removed.append((agency, table, where))
    world.truth.persons = [one for one in world.truth.persons if (one.table, one.key) != (table, key)]
    world.said.pop((agency, table, key), None)


def _second_thoughts(world: World, arrivals: Arrivals, house: House) -> None:
    """A notice one day, a correction the next, and the day after that the notice is taken back."""
    turn, today = arrivals.workday % 5, arrivals.today
    if turn == 1:
        arrivals.notice(house)
    for made in reversed(world.terminations):
        letter = made.letter
        if made.office != house.agency or letter is None or letter.line > 1 or made.amended:
            continue
        if turn == 2 and made.plan == "in order, no claim":
            amendment = replace(letter, kind="CORRECTION", uph=letter.uph + 500_000)
        elif turn == 3 and made.plan == "withdrawn" and not made.at_office:
            amendment = replace(letter, kind="WITHDRAWAL")
        else:
            continue
        made.amended = True
        book = "/RALAT-" if amendment.kind == "CORRECTION" else "/CABUT-"
        amendment = replace(
            amendment,
            number=letter.number.replace("/HRD-", book),
            day=today,
            supersedes=letter.number,
            supersedes_day=letter.day,
        )
        arrivals.pen.letters_in_form(house, [amendment], today, None)
        return
