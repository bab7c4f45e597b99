"""Which labour offices the demo has, and where its employers are: those of the first night, or twelve."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jendela.demo import balikpapan, karawang
from jendela.demo.chance import Weighted
from jendela.demo.house import House
from jendela.demo.houses import OTHERS
from jendela.demo.plans import SILENT, TWO_BOOKS
from jendela.demo.regions import ELSEWHERE, MAKASSAR
from jendela.model.errors import WrongUseError

OFFLINE = "dinas_7371"
"""Kota Makassar: configured, and out of reach."""


@dataclass(frozen=True, slots=True)
class Country:
    """`houses` are the offices that deliver, `workplaces` where employers are.

    `least` are the employers that even a small demo has (region and size). `seeker_home` draws where
    somebody lives who looks for a job. `walk_ins` are the job-seekers who come to each counter on a working
    day.
    """

    name: str
    houses: tuple[House, ...]
    workplaces: Weighted[str]
    least: tuple[tuple[str, str], ...]
    seeker_home: Callable[[random.Random], str]
    walk_ins: int = 0
    by_region: Mapping[str, House] = field(default_factory=dict)

    @property
    def offices(self) -> tuple[str, ...]:
        """The ids of the labour offices, the one out of reach among them."""
        return tuple(sorted((*(house.agency for house in self.houses), OFFLINE)))

    @property
    def counters(self) -> frozenset[str]:
        """The regions whose office keeps a register of job-seekers."""
        return frozenset(house.region for house in self.houses if house.seekers)

    def house(self, region: str) -> House | None:
        """The office competent for a workplace if it delivers, else None."""
        return self.by_region.get(region)

    def office(self, region: str) -> str | None:
        """Its id."""
        house = self.by_region.get(region)
        return house.agency if house else None

    def where(self, kind: str, *, prompt: bool = False) -> tuple[str, ...]:
        """The regions a plan is for; with `prompt`, only those whose office sends the same day."""
        if kind == SILENT:
            return ()
        return tuple(
            house.region
            for house in self.houses
            if (house.reports or kind != TWO_BOOKS) and not (prompt and house.slow)
        )


def _first() -> Country:
    houses = (karawang.HOUSE, balikpapan.HOUSE)
    workplaces = Weighted(
        ["3215", "6471", MAKASSAR, *ELSEWHERE],
        [0.55, 0.25, 0.10, *[0.10 / len(ELSEWHERE)] * len(ELSEWHERE)],
    )

    def home(rng: random.Random) -> str:
        if rng.random() < 0.5:
            return "3215"
        return "6471" if rng.random() < 0.5 else workplaces.draw(rng)

    # Small demos need large employers too, or nobody there is insured against the loss of a job.
    least = (
        ("3215", "BESAR"),
        ("3215", "MENENGAH"),
        ("3215", "KECIL"),
        ("6471", "BESAR"),
        ("6471", "MENENGAH"),
        (MAKASSAR, "BESAR"),
        ("3216", "MENENGAH"),
    )
    return Country("first", houses, workplaces, least, home, by_region={one.region: one for one in houses})


def _all() -> Country:
    houses = (karawang.HOUSE, balikpapan.HOUSE, *OTHERS)
    regions = [house.region for house in houses]
    beyond = [region for region in ELSEWHERE if region not in regions]
    workplaces = Weighted(
        [*regions, MAKASSAR, *beyond],
        [*[0.80 / len(regions)] * len(regions), 0.08, *[0.12 / len(beyond)] * len(beyond)],
    )
    least = tuple((region, size) for region in [*regions, MAKASSAR] for size in ("BESAR", "MENENGAH"))
    return Country(
        "all",
        houses,
        workplaces,
        (*least, ("3173", "MENENGAH")),
        workplaces.draw,
        walk_ins=2,
        by_region={one.region: one for one in houses},
    )


COUNTRIES: Mapping[str, Country] = {"first": _first(), "all": _all()}
FIRST = COUNTRIES["first"]


def country(name: str) -> Country:
    """The country of that name.

    Raises:
        WrongUseError: there is none.
    """
    if name not in COUNTRIES:
        raise WrongUseError(f"There is no choice of offices {name!r}: say {' or '.join(COUNTRIES)}.")
    return COUNTRIES[name]
