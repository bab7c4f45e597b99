"""The people themselves: families, birth dates, homes, NIK; numbers only, so that five million fit in memory.

What makes linkage hard is here, not in the clerks' errors: twins with neighbouring NIK, namesakes born the
same day, parents and children of one name, couples with one telephone, dates heaped on the first of January.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.identity.names import Lexicon, hashed
from bench.identity.wordlists import CLERKS, lines

CODES = Path(__file__).resolve().parents[2] / "schemas" / "codes"
DAY = np.timedelta64(1, "D")

CHILD, MOTHER, FATHER = 0, 1, 2
SINGLE, SIBLINGS, TWINS, COUPLE, PARENTS, NAMESAKES = range(6)
KIND_SHARES = (0.703, 0.095, 0.007, 0.095, 0.094, 0.006)  # of families
JOB_PROVINCES = {"31": 5.0, "32": 2.0, "36": 3.0, "35": 1.2, "21": 6.0, "64": 3.0, "51": 2.0, "14": 1.5}
HEAPS = ((1, 1, 0.026), (7, 1, 0.004), (12, 31, 0.004), (8, 17, 0.003))
FASHION = (
    "javanese",
    "sundanese",
    "santri",
    "malay",
    "minang",
    "bugis",
    "aceh",
    "sasak",
)  # give way to new names
PREFIXES = np.array(CLERKS["mobile"], np.int64)


@dataclass(frozen=True)
class Country:
    """Districts and their weights, each province's traditions, and codes from before provinces split."""

    code: NDArray[np.int64]
    historic: NDArray[np.int64]
    regency: NDArray[np.int64]
    names: pl.DataFrame  # district, regency, province: one row a district
    homes: NDArray[np.float64]
    jobs: NDArray[np.float64]
    tradition: NDArray[np.float64]  # district × tradition, cumulated

    def at(self, cumulated: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
        """The districts at these quantiles of a distribution."""
        return np.searchsorted(cumulated, uniform, side="right").clip(0, len(self.code) - 1)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """For every district the first one of its regency, and one past the last."""
        edges = (
            np.searchsorted(self.regency, self.regency),
            np.searchsorted(self.regency, self.regency, "right"),
        )
        return np.stack(edges, axis=1)


def country(lexicon: Lexicon, seed: int) -> Country:
    """Read the region tables; how many live where inside a province is drawn once for each seed."""
    rng = np.random.default_rng([seed, 2])
    districts = pl.read_csv(CODES / "region_district.csv", infer_schema_length=0).sort("code")
    regencies = pl.read_csv(CODES / "region_regency.csv", infer_schema_length=0)
    provinces = pl.read_csv(CODES / "region_province.csv", infer_schema_length=0)
    alias = pl.read_csv(CODES / "region_alias.csv", infer_schema_length=0)
    alias = alias.select(pl.col("new_code").alias("regency_code"), pl.col("old_code"))
    people: dict[str, float] = {}
    shares: dict[str, NDArray[np.float64]] = {}
    for line in lines("regions.txt"):
        head, _, rest = line.partition(":")
        province, weight = head.split()
        words = rest.split()
        row = np.zeros(len(lexicon.traditions))
        for tradition, share in zip(words[::2], words[1::2], strict=True):
            row[lexicon.traditions.index(tradition)] = float(share)
        people[province], shares[province] = float(weight), np.cumsum(row) / row.sum()
    names = (
        districts.rename({"name": "district"})
        .join(regencies.rename({"code": "regency_code", "name": "regency"}), on="regency_code", how="left")
        .join(provinces.rename({"code": "province_code", "name": "province"}), on="province_code", how="left")
        .join(alias, on="regency_code", how="left")
        .sort("code")
    )  # fmt: skip
    historic = names.select(pl.coalesce("old_code", "regency_code") + pl.col("code").str.slice(4))
    kota = names["regency"].str.starts_with("KOTA").to_numpy()
    regency = names["regency_code"].cast(pl.Int64).to_numpy()
    by_regency = np.exp(rng.normal(0, 0.6, regency.max() + 1))[regency] * np.where(kota, 1.5, 1.0)
    raw = by_regency * np.exp(rng.normal(0, 0.5, len(names)))
    province = names["province_code"].to_numpy()
    home = np.zeros(len(names))
    for code, millions in people.items():
        mine = province == code
        home[mine] = raw[mine] / raw[mine].sum() * millions
    job = home * np.array([JOB_PROVINCES.get(code, 0.5) for code in province]) * np.where(kota, 2.0, 1.0)
    return Country(
        code=names["code"].cast(pl.Int64).to_numpy(),
        historic=historic.to_series().cast(pl.Int64).to_numpy(),
        regency=regency,
        names=names.select("district", "regency", "province"),
        homes=np.cumsum(home) / home.sum(),
        jobs=np.cumsum(job) / job.sum(),
        tradition=np.stack([shares[code] for code in province]),
    )


@dataclass(frozen=True)
class People:
    """One row a person, families side by side."""

    family: NDArray[np.int32]
    kind: NDArray[np.int8]
    role: NDArray[np.int8]
    lead: NDArray[np.int32]  # the person whose drawn parents this one shares
    place_in_family: NDArray[np.int8]
    female: NDArray[np.bool_]
    born: NDArray  # datetime64[D]
    home: NDArray[np.int16]
    lives: NDArray[np.int16]
    tradition: NDArray[np.int8]
    nik: NDArray[np.int64]
    second_nik: NDArray[np.int64]  # 0 for nearly all
    phone: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.family)


def _families(rng: np.random.Generator, persons: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Families of every kind until there are enough people; for each person kind, size, family, place."""
    count = int(persons / 1.25) + 10
    kind = rng.choice(len(KIND_SHARES), count, p=KIND_SHARES)
    more = rng.binomial(2, 0.2, count)
    size = np.array([1, 2, 2, 2, 2, 2])[kind] + np.where((kind == SIBLINGS) | (kind == PARENTS), more, 0)
    family = np.repeat(np.arange(count), size)[:persons]
    ends = np.searchsorted(family, np.arange(count), side="right")
    starts = np.searchsorted(family, np.arange(count))
    return kind[family], (ends - starts)[family], family, np.arange(persons) - starts[family]


def _born(rng: np.random.Generator, kind: NDArray, family: NDArray, place: NDArray, role: NDArray) -> NDArray:
    """Birth dates as days, siblings years apart, twins none, parents a generation older."""
    count = family[-1] + 1
    year = np.round(rng.triangular(1961, 1993, 2008, count))
    year = np.where(rng.random(count) < 0.5, year, rng.integers(1966, 2006, count))
    base_kind = np.zeros(count, np.int64)
    base_kind[family] = kind
    year = np.where(base_kind == PARENTS, 1988 + rng.integers(0, 19, count), year)
    base = (year - 1970) * 365.25 + rng.integers(0, 365, count)
    gap = np.where(kind == SIBLINGS, place * rng.integers(400, 1500, len(kind)), 0)
    gap += np.where((kind == PARENTS) & (role == CHILD), -rng.integers(0, 1200, len(kind)), 0)
    gap += np.where((kind == COUPLE) & (place == 1), rng.integers(-1000, 2500, len(kind)), 0)
    gap -= np.where(role != CHILD, rng.integers(19 * 365, 31 * 365, len(kind)), 0)
    days = (base[family] + gap).astype(np.int64).astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    first = days.astype("datetime64[Y]").astype("datetime64[D]")
    draw = rng.random(len(days)) * np.where(first < np.datetime64("1975-01-01"), 0.6, 1.0)
    draw = np.where((kind == TWINS) | (kind == NAMESAKES), 1.0, draw)
    since = 0.0
    for number, day, share in HEAPS:
        heaped = (draw >= since) & (draw < since + share)
        day_in_year = first.astype("datetime64[Y]").astype("datetime64[M]") + (number - 1)
        days = np.where(heaped, day_in_year.astype("datetime64[D]") + (day - 1) * DAY, days)
        since += share
    double = (draw >= since) & (draw < since + 0.004)
    number = month.astype(np.int64) % 12
    return np.where(double, month.astype("datetime64[D]") + number * DAY, days)


def parts(days: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Year, month and day of dates."""
    month = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return year, month.astype(np.int64) % 12 + 1, (days - month.astype("datetime64[D]")).astype(np.int64) + 1


def _niks(
    rng: np.random.Generator,
    district: NDArray,
    born: NDArray,
    female: NDArray,
    after: NDArray,
    uniform: float,
) -> NDArray[np.int64]:
    """A NIK each, all different; `after` marks the twin who was written down right after the other."""
    year, month, day = parts(born)
    cell = district * 10**6 + (day + 40 * female) * 10**4 + month * 100 + year % 100
    order = np.lexsort((np.arange(len(cell)), cell))
    sorted_cell = cell[order]
    start = np.r_[True, sorted_cell[1:] != sorted_cell[:-1]]
    step = np.where(after[order] & ~start, 1, rng.geometric(0.6, len(cell)))
    total = np.cumsum(step)
    serial = total - np.maximum.accumulate(np.where(start, total - step, 0))
    # Some offices count from anywhere: a start of their own for every day, the neighbours still neighbours.
    scattered = hashed(district // 100, 3) < uniform
    offset = (hashed(cell, 4) * 9000).astype(np.int64)
    result = np.empty(len(cell), np.int64)
    serial = np.where(scattered[order], (serial + offset[order]) % 9999, serial.clip(0, 9999) % 10000)
    result[order] = sorted_cell * 10**4 + np.maximum(serial, 1)
    return result


def settle(
    lexicon: Lexicon, land: Country, persons: int, seed: int, shape: tuple[float, float, float]
) -> People:
    """Everybody, from one seed.

    `shape`: the shares of offices with scattered serials, of people with two NIK, of NIK with another date.
    """
    uniform, doubled, misdated = shape
    rng = np.random.default_rng([seed, 3])
    kind, size, family, place = _families(rng, persons)
    count = family[-1] + 1
    parent = (kind == PARENTS) & ((place == 0) | ((place == 1) & (size > 2) & (rng.random(persons) < 0.4)))
    mother_first = (rng.random(count) < 0.45)[family]
    role = np.where(parent, np.where(mother_first == (place == 0), MOTHER, FATHER), CHILD)
    last = np.searchsorted(family, family, side="right") - 1
    shared = (kind == SIBLINGS) | (kind == TWINS) | (kind == PARENTS)
    lead = np.where(shared, last, np.arange(persons))
    female = rng.random(persons) < 0.43
    female = np.where(role == CHILD, female, role == MOTHER)
    first = np.searchsorted(family, family)
    female = np.where(
        (kind == NAMESAKES) | ((kind == TWINS) & (rng.random(count)[family] < 0.66)), female[first], female
    )
    female = np.where((kind == COUPLE) & (place == 1), ~female[first], female)
    born = _born(rng, kind, family, place, role)
    home = land.at(land.homes, rng.random(count))[family]
    elsewhere = (place > 0) & (
        ((kind == COUPLE) & (rng.random(persons) < 0.4)) | ((kind == NAMESAKES) & (rng.random(persons) < 0.6))
    )
    home = np.where(elsewhere, land.at(land.homes, rng.random(persons)), home)
    move = rng.random(persons)
    near = land.first[home]
    neighbouring = near[:, 0] + (rng.random(persons) * (near[:, 1] - near[:, 0])).astype(np.int64)
    lives = np.where(
        move < 0.66, home, np.where(move < 0.8, neighbouring, land.at(land.jobs, rng.random(persons)))
    )
    together = (kind == COUPLE) & (place == 1) & (rng.random(persons) < 0.85)
    lives = np.where(together, lives[first], lives)
    tradition = (hashed(family, seed)[:, None] > land.tradition[home]).sum(axis=1)
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    fashion = 0.35 / (1 + np.exp(-(year - 1994) / 4.0))
    fashionable = np.isin(tradition, [lexicon.traditions.index(name) for name in FASHION])
    modern = fashionable & (rng.random(persons) < fashion)
    tradition = np.where(modern, lexicon.traditions.index("modern"), tradition)
    registered = np.where(rng.random(persons) < 0.1, lives, home)
    stated = born
    off = rng.random(persons) < misdated
    stated = np.where(off, born + (rng.choice([1, -1, 9, 30, -31, 365, -366, 3652], persons) * DAY), stated)
    two = np.flatnonzero(rng.random(persons) < doubled)
    after = (kind == TWINS) & (place > 0)
    niks = _niks(
        rng,
        np.r_[land.historic[registered], land.historic[lives[two]]],
        np.r_[stated, born[two]],
        np.r_[female, female[two]],
        np.r_[after, np.zeros(len(two), bool)],
        uniform,
    )
    second = np.zeros(persons, np.int64)
    second[two] = niks[persons:]
    phone = rng.choice(PREFIXES, persons) * 10**8 + rng.integers(10**7, 10**8, persons)
    phone = np.where(rng.random(persons) < 0.25, phone // 10, phone)
    one_phone = (place > 0) & (
        rng.random(persons) < np.where(kind == COUPLE, 0.3, np.where(kind == NAMESAKES, 0, 0.15))
    )
    phone = np.where(one_phone, phone[first], phone)
    return People(
        family=family.astype(np.int32),
        kind=kind.astype(np.int8),
        role=role.astype(np.int8),
        lead=lead.astype(np.int32),
        place_in_family=place.astype(np.int8),
        female=female,
        born=born,
        home=home.astype(np.int16),
        lives=lives.astype(np.int16),
        tradition=tradition.astype(np.int8),
        nik=niks[:persons],
        second_nik=second,
        phone=phone,
    )  # fmt: skip
