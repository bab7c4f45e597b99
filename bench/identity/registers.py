"""What the two registers hold about the same people: who is in which, and what their clerks wrote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.identity.customs import customary, titled
from bench.identity.names import Lexicon, hashed
from bench.identity.noise import Noise, Rates
from bench.identity.numbers import birth_dates, family_cards, national_ids, phones
from bench.identity.people import FATHER, MOTHER, NAMESAKES, PARENTS, PREFIXES, TWINS, Country, People, parts
from bench.identity.places import Gazetteer
from bench.identity.variants import FORMS, SLIPS, letter_lost, nickname, spoil, with_father

# A million persons, as we count them, are 1,085,000 people, 937,000 left and 486,000 right records.
POPULATION = 1.085
IN_BOTH, LEFT_ONLY = 0.2212, 0.5613
SEVERAL_LEFT, SEVERAL_RIGHT = 0.08, 0.021
PEOPLE_PER_CLERK = 800

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Texts:
    """Names of one chunk of people, as they are on their birth certificates."""

    name: pl.Series
    mother: pl.Series
    father: pl.Series


def texts(rng: np.random.Generator, lexicon: Lexicon, people: People, chunk: slice) -> Texts:
    """Draw the chunk's names: parents shared by siblings, twins alike, namesakes equal."""
    count = chunk.stop - chunk.start
    lead = people.lead[chunk] - chunk.start
    kind, role, place = people.kind[chunk], people.role[chunk], people.place_in_family[chunk]
    year = parts(people.born[chunk])[0]
    tradition, female = people.tradition[chunk], people.female[chunk]
    own = lexicon.draw(rng, tradition, female, year, people.lead[chunk])
    women, men = np.ones(count, bool), np.zeros(count, bool)
    mothers = lexicon.draw(rng, tradition, women, year - 26, people.lead[chunk] + 10**8)
    fathers = lexicon.draw(rng, tradition, men, year - 29, people.lead[chunk])
    rows = np.arange(count)
    first = rows - place
    names = own.copy()
    names[role == MOTHER] = mothers[lead[role == MOTHER]]
    names[role == FATHER] = fathers[lead[role == FATHER]]
    twin = (kind == TWINS) & (place > 0) & (female == female[first]) & (rng.random(count) < 0.7)
    names[twin] = lexicon.alike(rng, names[first[twin]])
    same = (kind == NAMESAKES) & (place > 0)
    same |= (kind == PARENTS) & (role == 0) & (female == female[first]) & (rng.random(count) < 0.05)
    names[same] = names[first[same]]
    child = role == 0
    mother = np.where(child[:, None], mothers[lead], mothers)
    parent = np.flatnonzero(~child)  # the drawn mother is this person or her husband's wife: draw another
    mother[parent] = lexicon.draw(
        rng, tradition[parent], women[parent], year[parent] - 26, people.lead[chunk][parent] + 2 * 10**8
    )
    father = np.where(child[:, None], fathers[lead], fathers)
    return Texts(lexicon.text(names), lexicon.text(mother), lexicon.text(father))


def membership(rng: np.random.Generator, count: int) -> tuple[NDArray, NDArray]:
    """How many records each person has, left and right."""
    draw = rng.random(count)
    left = draw < IN_BOTH + LEFT_ONLY
    right = (draw < IN_BOTH) | ~left
    several = np.searchsorted(np.array([0.75, 0.93, 1.0]), rng.random(count)) + 1
    lefts = left * (1 + (rng.random(count) < SEVERAL_LEFT) * several)
    return lefts, right * (1 + (rng.random(count) < SEVERAL_RIGHT))


class Register:
    """Writes the records of one register for one chunk after the other."""

    def __init__(self, side: str, noise: Noise, land: Country, gazetteer: Gazetteer, people: People) -> None:
        self.side, self.noise, self.land, self.gazetteer, self.people = side, noise, land, gazetteer, people
        self.rates: Rates = noise.left if side == LEFT else noise.right
        self.written = 0
        self.clerks = max(3, len(people) // PEOPLE_PER_CLERK)
        self.siblings = (
            np.searchsorted(people.family, people.family),
            np.searchsorted(people.family, people.family, "right"),
        )

    def write(
        self, rng: np.random.Generator, names: Texts, chunk: slice, times: NDArray
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The chunk's records and their truth, in no particular order."""
        local = np.repeat(np.arange(len(times)), times)
        copy = np.arange(len(local)) - np.repeat(np.cumsum(times) - times, times)
        order = rng.permutation(len(local))
        local, copy = local[order], copy[order]
        who = local + chunk.start
        serial = np.arange(self.written, self.written + len(local))
        self.written += len(local)
        step, start = (636413623, 11939) if self.side == LEFT else (873198461, 77003)
        prefix = "B" if self.side == LEFT else "K"
        ids = prefix + pl.Series((serial * step + start) % (10**9 + 7)).cast(pl.String).str.zfill(10)
        names_frame = self._names(rng, names, local, who)
        columns = {"record_id": ids, **self._numbers(rng, who, copy), **names_frame}
        frame = pl.DataFrame({name: columns[name] for name in COLUMNS}).cast(pl.String)
        truth = pl.DataFrame({"record_id": ids, "entity": who}).with_columns(
            pl.lit(self.side).alias("source")
        )
        return frame, truth.select("record_id", "source", pl.col("entity").cast(pl.Int32))

    def _names(
        self, rng: np.random.Generator, names: Texts, local: NDArray, who: NDArray
    ) -> dict[str, pl.Series]:
        rates, count = self.rates, len(local)
        female = pl.Series(self.people.female[who])
        frame = pl.DataFrame({"n": names.name.gather(local), "m": names.mother.gather(local), "f": female})
        renamed = np.flatnonzero(rng.random(count) < rates.name_other)
        alias = names.name.gather(rng.permutation(local)[: len(renamed)])
        frame = frame.with_columns(frame["n"].scatter(renamed, alias).alias("n"))
        frame = customary(frame, "n", rng, rates.name_custom)
        frame = spoil(frame, "n", rng, rates.name_form, FORMS)
        frame = spoil(frame, "n", rng, rates.name_slip, SLIPS)
        frame = spoil(frame, "n", rng, rates.nickname, {"nickname": (1.0, nickname)})
        patronymic = np.flatnonzero(rng.random(count) < rates.name_form * 0.08)
        titles = np.flatnonzero(rng.random(count) < rates.title)
        values = frame["n"]
        fathers = names.father.gather(local[patronymic])
        values = values.scatter(
            patronymic, with_father(values.gather(patronymic), fathers, female.gather(patronymic), rng)
        )
        values = values.scatter(titles, titled(values.gather(titles), female.gather(titles), rng))
        if self.side == RIGHT:
            lower = np.flatnonzero(rng.random(count) < self.noise.right_title_case)
            values = values.scatter(lower, values.gather(lower).str.to_titlecase())
        other = np.flatnonzero(rng.random(count) < rates.mother_other)
        frame = frame.with_columns(
            frame["m"].scatter(other, names.mother.gather(rng.permutation(local)[: len(other)])).alias("m")
        )
        frame = customary(frame, "m", rng, rates.name_custom)
        frame = spoil(frame, "m", rng, rates.mother_form, FORMS)
        frame = spoil(frame, "m", rng, rates.mother_slip, {**SLIPS, "lost": (0.1, letter_lost)})
        gone = np.flatnonzero(rng.random(count) < rates.mother_missing)
        return {"full_name": values, "mother_name": frame["m"].scatter(gone, None)}

    def _numbers(self, rng: np.random.Generator, who: NDArray, copy: NDArray) -> dict[str, pl.Series]:
        people, rates, count = self.people, self.rates, len(who)
        lives = people.lives[who].astype(np.int64)
        moved = rng.random(count) < rates.address_moved
        lives_now = np.where(moved, np.where(rng.random(count) < 0.6, lives, people.home[who]), lives)
        # A household shares its dwelling; who moved lives somewhere else.
        house = hashed(
            np.where(moved, who * 4 + 1 + (self.side == LEFT), people.family[who].astype(np.int64) * 4), 5
        )
        size = np.array(hashed(who * 8 + copy, 6)) ** 3
        employer = (
            people.lives[who].astype(np.int64) * 4000
            + (size * len(people) / 90_000 * 12).astype(np.int64) % 4000
        )
        if self.side == RIGHT:  # the employer of the first participation, or another
            size = np.array(hashed(who * 8, 6)) ** 3
            first = (
                people.lives[who].astype(np.int64) * 4000
                + (size * len(people) / 90_000 * 12).astype(np.int64) % 4000
            )
            employer = np.where(rng.random(count) < 0.65, first, employer + 1)
        office = (
            PREFIXES[employer % len(PREFIXES)] * 10**8
            + (hashed(employer, 8) * 9 * 10**7).astype(np.int64)
            + 10**7
        )
        second = people.second_nik[who]
        nik = np.where((second > 0) & (rng.random(count) < 0.5), second, people.nik[who])
        low, high = self.siblings[0][who], self.siblings[1][who]
        relative = np.where(low == who, (who + 1).clip(0, high - 1), low)
        clerk = (
            hashed((hashed(employer, 9) ** 1.2 * self.clerks).astype(np.int64), 10) * len(people)
        ).astype(np.int64)
        card = family_cards(
            rng,
            self.land.historic[people.home[who]],
            people.family[who].astype(np.int64),
            hashed(people.family[who], 11),
        )
        mixed, digits = self.noise.mixed_formats, 6 if self.side == LEFT else 4
        return {
            "national_id": national_ids(rng, rates, nik, people.nik[relative], people.nik[clerk], card),
            "birth_date": birth_dates(rng, rates, people.born[who], self._style(rng, count), mixed > 0.1),
            "birth_place": self.gazetteer.birth_places(rng, rates, people.home[who]),
            "sex": self._sexes(rng, people.female[who]),
            "phone": phones(rng, rates, people.phone[who], office),
            "email": self._emails(rng, who),
            "address": self.gazetteer.addresses(rng, rates, lives_now, house),
            "region_code": self.gazetteer.region_codes(rng, rates, lives_now, digits, mixed),
            "kpj": self._kpjs(rng, who, copy),
            "employer_id": self._employers(rng, employer),
        }  # fmt: skip

    def _style(self, rng: np.random.Generator, count: int) -> NDArray:
        usual = 0 if self.side == LEFT else 2
        return np.where(rng.random(count) < self.noise.mixed_formats, rng.integers(0, 4, count), usual)

    def _sexes(self, rng: np.random.Generator, female: NDArray) -> pl.Series:
        count = len(female)
        female = female ^ (rng.random(count) < self.rates.sex_wrong)
        usual = 0 if self.side == LEFT else 2
        style = np.where(rng.random(count) < self.noise.mixed_formats, rng.integers(0, 4, count), usual)
        words = pl.Series(["L", "P", "1", "2", "LAKI-LAKI", "PEREMPUAN", "Laki-laki", "Perempuan"])
        text = words.gather(style * 2 + female)
        return text.scatter(np.flatnonzero(rng.random(count) < self.rates.sex_missing), None)

    def _emails(self, rng: np.random.Generator, who: NDArray) -> pl.Series:
        """Addresses that tell nothing but equality: a number of the person's own before the @."""
        host = pl.Series(["@gmail.com"] * 8 + ["@yahoo.com", "@yahoo.co.id"]).gather(
            (hashed(who, 12) * 10).astype(np.int64)
        )
        stem = pl.Series(
            ["dewi", "agus", "putra", "sri", "cahaya", "bunga", "mas", "kang", "neng", "bintang"]
        )
        own = stem.gather((hashed(who, 13) * 10).astype(np.int64)) + pl.Series(
            (hashed(who, 14) * 10**7).astype(np.int64)
        ).cast(pl.String)
        return (own + host).scatter(np.flatnonzero(rng.random(len(who)) < self.rates.email_missing), None)

    def _kpjs(self, rng: np.random.Generator, who: NDArray, copy: NDArray) -> pl.Series:
        known = np.where(self.side == LEFT, copy, 0)
        other = rng.permutation(who)
        whose = np.where(rng.random(len(who)) < self.rates.kpj_wrong, other, who)
        text = pl.Series((whose * 8 + known) * 7919000003 % 99999999977).cast(pl.String).str.zfill(11)
        return text.scatter(np.flatnonzero(rng.random(len(who)) < self.rates.kpj_missing), None)

    def _employers(self, rng: np.random.Generator, employer: NDArray) -> pl.Series:
        letters = [a + b for a in "ABCDEFGHJKLMNP" for b in "ABCDEFGH"]
        head = pl.Series(letters).gather(employer // 4000 % len(letters))
        text = head + pl.Series((hashed(employer, 15) * 10**6).astype(np.int64)).cast(pl.String).str.zfill(6)
        return text.scatter(np.flatnonzero(rng.random(len(employer)) < self.rates.employer_missing), None)


COLUMNS = (
    *("record_id", "national_id", "full_name", "birth_date", "birth_place", "sex", "mother_name"),
    *("phone", "email", "address", "region_code", "kpj", "employer_id"),
)
