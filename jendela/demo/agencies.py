"""Writes the demo folder: the agencies as they stand on the evening before the first night, and the truth
about them."""

from __future__ import annotations

import shutil
from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from jendela.demo import broken_day, configuration, flows, identities, planted, state
from jendela.demo.bad_rows import BadHand
from jendela.demo.careers import FIRST_NIGHT, LAST_DAY
from jendela.demo.chance import stream
from jendela.demo.changes import DATABASES, Changes
from jendela.demo.claims import Claim
from jendela.demo.connections import make_inboxes, write_connections
from jendela.demo.country import COUNTRIES, FIRST, Country, country
from jendela.demo.pen import Pen
from jendela.demo.tables import fill
from jendela.demo.world import Case, World, build


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written: rows by agency and table, defects by code, rows to be held."""

    folder: Path
    seed: int
    workers: int
    rows: Mapping[str, int]
    planted: Mapping[str, int]
    held: int
    offices: str = "first"

    def describe(self) -> str:
        """The summary in a few lines for a terminal."""
        tables = "\n".join(f"  {name:<34} {count:>8,}" for name, count in self.rows.items())
        serve = (
            f"jendela demo serve {self.folder} (in a terminal of its own); " if self.offices == "all" else ""
        )
        defects = ", ".join(f"{code} {count}" for code, count in self.planted.items())
        return (
            f"{self.workers:,} workers, seed {self.seed}, in {self.folder}\n{tables}\n"
            f"Planted: {defects}; {self.held} rows that no contract allows. "
            f"The truth is in {self.folder / 'truth'}.\n"
            f"Next: {serve}set -a; . {self.folder / 'connections.env'}; set +a; "
            f"jendela run --config {self.folder / 'jendela.yaml'}"
        )


def write(folder: Path, workers: int, seed: int, offices: str = "first") -> DemoSummary:
    """Writes the agencies of `workers` workers into `folder`, replacing a demo that is there already.

    `offices` is `first` (BPJS, Kemnaker and the labour offices of the first night) or `all` (twelve of them).
    The same seed, number of workers and offices give the same rows and files. At least 300 workers are needed
    for every planted code to occur.

    Raises:
        WrongUseError: there is no such choice of offices.
    """
    place = country(offices)
    world, pen = opening(seed, workers, place)
    known = {house.agency for one in COUNTRIES.values() for house in one.houses}
    # Half a demo is none: the hub's configuration and the state, by which one is known, come last.
    for mark in ("jendela.yaml", "state.json"):
        (folder / mark).unlink(missing_ok=True)
    broken_day.over(folder)
    for name in ("bpjs", "kemnaker", *sorted(known), "truth", "sabotage"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    _write_agencies(folder, pen, place)
    write_connections(folder, place)
    make_inboxes(folder, place)
    world.truth.write(folder / "truth")
    state.save(folder, state.State(seed=seed, workers=workers, days=0, offices=offices))
    configuration.write(folder, str(FIRST_NIGHT), place)
    rows = {f"{agency}.{table}": len(lines) for (agency, table), lines in sorted(pen.rows.items())}
    rows |= {f"{agency}.files": len(found) for agency, found in pen.files.items()}
    codes = Tally(line.code for line in world.truth.discrepancies)
    return DemoSummary(
        folder, seed, workers, rows, dict(sorted(codes.items())), len(world.truth.rows), offices
    )


def opening(seed: int, workers: int, place: Country = FIRST) -> tuple[World, Pen]:
    """The world on the evening before the first night, and everything the agencies have written about it."""
    world = build(seed, workers, place)
    pen = Pen(world, LAST_DAY)
    for employer in world.employers:
        pen.employer(employer)
    _write_employments(world, pen)
    claim_keys = _write_claims_and_papers(world, pen)
    _write_services(world, pen)
    _plant(world, claim_keys)
    BadHand(pen).write()
    flows.open_books(world, pen)
    identities.note(world, FIRST_NIGHT)
    return world, pen


def _write_employments(world: World, pen: Pen) -> None:
    rng = stream(world.seed, "double rows")
    for employment in world.careers.all:
        last = employment.deactivated or employment.registered
        if employment.at_bpjs:
            pen.spell(employment, min(last, LAST_DAY))
        if employment.ended and employment.ended < employment.start:
            world.truth.rows += planted.backwards(employment)
        if employment.at_wlkp:
            pen.worker(employment)
            if employment.ended is None and employment.at_bpjs and rng.random() < 0.002:
                world.doubles.append(
                    pen.worker(employment, f"{employment.id_tk[:5]}9{employment.number:07d}")
                )


def _write_claims_and_papers(world: World, pen: Pen) -> dict[int, tuple[str, Claim]]:
    """Claims, letters and reports; returns key and claim by the number of the employment."""
    keys: dict[int, tuple[str, Claim]] = {}
    received: dict[int, tuple[date, Claim | None]] = {}
    for claim in world.claims:
        day = min(claim.decided or claim.filed, LAST_DAY)
        keys[claim.employment.number] = (pen.claim(claim, day), claim)
        if claim.letter_number:
            received[claim.employment.number] = (claim.filed, claim)
    for _, group in groupby(world.terminations, key=lambda termination: termination.event):
        pen.papers(list(group), received)
    _repeat_some(pen)
    return keys


def _repeat_some(pen: Pen) -> None:
    """A clerk exports a line twice, and a letter is dropped twice under two names."""
    for house in pen.world.country.houses:
        for table in house.repeats:
            lines = pen.rows[house.agency, table]
            lines.append(dict(lines[len(lines) // 2]))
    for found in pen.files.values():
        name, content = next(iter(found.items()))
        found[name.replace(".xml", "_ulang.xml")] = content


def _write_services(world: World, pen: Pen) -> None:
    claimants = {claim.employment.person.number for claim in world.claims}
    for registration in world.registrations:
        pen.registration(registration, careful=registration.person.number in claimants)
    for activity in world.activities:
        pen.activity(activity)


def _plant(world: World, claims: Mapping[int, tuple[str, Claim]]) -> None:
    """Fills the truth with what the plans amount to on the first night."""
    papers = {termination.employment.number: termination for termination in world.terminations}
    for termination in world.terminations:
        key, claim = claims.get(termination.employment.number, ("", None))
        house = world.country.house(termination.employment.employer.region)
        for defect in planted.of_termination(termination, claim, key, FIRST_NIGHT, house):
            world.cases.append(Case(defect, termination, termination.employment, claim))
    for employment in world.unregistered:
        world.cases.append(Case(planted.unregistered(employment, FIRST_NIGHT), employment=employment))
    world.cases += [Case(defect) for defect in planted.shared_niks(world, FIRST_NIGHT)]
    world.truth.discrepancies += [case.defect for case in world.cases]
    lent = {
        key
        for case in world.cases
        if case.defect.code == "ID-02"
        for key in (case.defect.key_a, case.defect.key_b)
    }
    world.doubles = [key for key in world.doubles if key not in lent]
    for employment in world.careers.all:
        if employment.cause == "RESIGNATION" and employment.at_bpjs:
            made = papers.get(employment.number)
            letter = made.bpjs_keys[0] if made and made.bpjs_keys else ""
            world.truth.obligations.append(planted.obligation(employment, FIRST_NIGHT, letter))


def _write_agencies(folder: Path, pen: Pen, place: Country) -> None:
    for agency, file in DATABASES.items():
        rows = {table: lines for (owner, table), lines in pen.rows.items() if owner == agency}
        (folder / agency).mkdir()
        fill(agency, f"sqlite:///{(folder / file).resolve()}", rows)
    before = Changes(LAST_DAY, added=pen.rows, files=pen.files)
    for house in place.houses:
        house.shelf.fill(house, folder, before.work(house.agency))
