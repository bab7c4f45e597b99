"""A day passes in a demo folder: the agencies answer what they were sent, work on their books, and change
their minds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jendela.demo import broken_day, sabotage, state, takeover
from jendela.demo.agencies import opening
from jendela.demo.changes import DATABASES
from jendela.demo.country import country
from jendela.demo.day import play
from jendela.demo.inboxes import answer_all
from jendela.demo.truth import read_mentions, write_mentions

SILENT = {1: frozenset({"dinas_6471"})}
"""Balikpapan answers nothing on the first day, and everything from the second."""


@dataclass(frozen=True, slots=True)
class AdvanceSummary:
    """What the day brought: the night that can run next, rows touched by agency and table, answers given."""

    day: date
    night: date
    changed: Mapping[str, int]
    accepted: int
    refused: int
    taken_over: int
    silent: tuple[str, ...]

    def describe(self) -> str:
        """The day in a few lines for a terminal."""
        changed = ", ".join(f"{name} {count}" for name, count in self.changed.items() if count)
        silent = f"; silent today: {', '.join(self.silent)}" if self.silent else ""
        return (
            f"{self.day} passed: {self.accepted:,} deliveries accepted, {self.refused:,} refused, "
            f"{self.taken_over:,} taken over{silent}.\nChanged: {changed or 'nothing'}.\n"
            f"The night of {self.night} can run."
        )


def advance(folder: Path) -> AdvanceSummary:
    """Lets the next day pass in `folder`.

    The same demo, after the same number of days and with the same inboxes, becomes the same. Faults somebody
    has applied with `sabotage` are in force again afterwards: the agency's work goes on behind them. A day
    that was broken off, by whatever, is taken back first and passes whole; it is over when the state says so.

    Raises:
        WrongUseError: there is no demo in the folder.
    """
    now = state.load(folder)
    day = now.days + 1
    place = country(now.offices)
    books = (*DATABASES, *(house.agency for house in place.houses), "truth", "sabotage")
    broken_day.put_back(folder, now.days, books)
    world, _ = opening(now.seed, now.workers, place)
    for past in range(1, day):
        play(world, past)
    changes = play(world, day)
    today, silent = now.night, SILENT.get(day, frozenset())
    broken_day.keep(folder, day, books)
    faults = sabotage.lift_all(folder)
    answers = answer_all(folder, today, silent, place)
    taken, mentions = takeover.take_over(folder, world, today, answers.letters)
    changes.apply(folder, place.houses)
    taken.apply(folder, place.houses)
    answers.write()
    earlier = read_mentions(folder / "truth" / "taken_over.csv")
    write_mentions(folder / "truth" / "taken_over.csv", [*earlier, *mentions])
    world.truth.persons += [*earlier, *mentions]
    world.truth.write(folder / "truth")
    sabotage.apply_all(folder, faults)
    after = replace(now, days=day)
    state.save(folder, after)
    broken_day.over(folder)
    counts = dict(changes.tally())
    for name, count in taken.tally().items():
        counts[name] = counts.get(name, 0) + count
    return AdvanceSummary(
        today,
        after.night,
        counts,
        answers.accepted,
        answers.refused,
        len(mentions),
        tuple(sorted(silent)),
    )
