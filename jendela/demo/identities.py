"""Who is who, as the clerks wrote it: the truth about ID-01, ID-03, ID-04, ID-05 and ID-07, anew each day.

These need not be planted: clerks mistype numbers and dates, people move and get a second NIK, every employer
hands out a card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from rapidfuzz.distance import OSA

from jendela.demo.clerks import Written
from jendela.demo.planted import Place, discrepancy
from jendela.demo.world import World

Said = list[tuple[Place, Written]]


def note(world: World, night: date) -> None:
    """Writes into the truth what is wrong from `night` on, and what is so no longer."""
    now = {(code, person): places for code, person, *places in findings(world, night)}
    for case, (one, other) in now.items():
        if case not in world.identities:
            world.identities[case] = discrepancy(case[0], night, one, other, f"person {case[1]}")
            world.truth.identities.append(world.identities[case])
    for case in set(world.identities) - set(now):
        world.identities.pop(case).until_night = night


def findings(world: World, night: date) -> Iterator[tuple[str, int, Place, Place]]:
    """Code and person of each case, with the records that say so."""
    told = _told(world, night)
    carriers = defaultdict(set)
    for person, said in told.items():
        for _, written in said:
            carriers[written.nik].add(person)
    shared = {nik for nik, persons in carriers.items() if len(persons) > 1}
    for person, said in told.items():
        yield from _numbers(person, said, shared)
    yield from _cards(world)


def _told(world: World, night: date) -> Mapping[int, Said]:
    """What the agencies have of each person by that night, without what is held."""
    held = {(row.agency, row.table, row.key) for row in world.truth.rows}
    spells = {one.bpjs_key: one.kpj for one in world.careers.all if one.at_bpjs}
    in_use = {card for key, card in spells.items() if ("bpjs", "TK_KEPESERTAAN", key) not in held}
    idle = {key.partition("|")[0] for agency, table, key in held if table == "TK_KEPESERTAAN"} - in_use
    told: dict[int, Said] = defaultdict(list)
    for place, (person, written) in world.said.items():
        seen = world.seen_from.get(place, night) <= night
        if seen and place not in held and (place[1] != "TK_BIODATA" or place[2] not in idle):
            told[person].append((place, written))
    return told


def _numbers(person: int, said: Said, shared: set[str | None]) -> Iterator[tuple[str, int, Place, Place]]:
    first: dict[str, Place] = {}
    for place, written in said:
        if written.nik and len(written.nik) == 16 and written.nik.isdigit():
            first.setdefault(written.nik, place)
    numbers = sorted(first)
    for one, nik in enumerate(numbers):
        for other in numbers[one + 1 :]:
            if not {nik, other} & shared:
                code = "ID-01" if OSA.distance(nik, other) == 1 else "ID-03"
                yield code, person, first[nik], first[other]
    sexes = {written.sex: place for place, written in said}
    if len(sexes) > 1:
        yield "ID-05", person, sexes["L"], sexes["P"]
    if len(numbers) != 1 or numbers[0] in shared:
        return
    (nik,) = numbers
    if (day := _day(nik)) is None:
        return
    for place, written in said:
        if written.nik == nik and day[:3] != (written.born.day, written.born.month, written.born.year % 100):
            yield "ID-04", person, place, place
            break
    for place, written in said:
        if len(sexes) == 1 and written.nik == nik and day[3] != written.sex:
            yield "ID-05", person, place, place
            break


def _day(nik: str) -> tuple[int, int, int, str] | None:
    """Day, month, year of the century and sex that the NIK says, if that is a day."""
    day, month, year = (int(nik[place : place + 2]) for place in (6, 8, 10))
    sex, day = ("P", day - 40) if day > 40 else ("L", day)
    try:
        date(2000 + year, month, day)
    except ValueError:
        return None
    return day, month, year, sex


def _cards(world: World) -> Iterator[tuple[str, int, Place, Place]]:
    held = {(row.agency, row.table, row.key) for row in world.truth.rows}
    alone: dict[int, list[str]] = defaultdict(list)
    for one in world.careers.all:
        at_bpjs = one.at_bpjs and ("bpjs", "TK_KEPESERTAAN", one.bpjs_key) not in held
        mine = alone[one.person.number]
        if at_bpjs and one.kpj not in mine and not world.merged.get(one.kpj):
            mine.append(one.kpj)
    for person, cards in alone.items():
        if len(cards) > 1:
            yield "ID-07", person, ("bpjs", "TK_BIODATA", cards[0]), ("bpjs", "TK_BIODATA", cards[1])
