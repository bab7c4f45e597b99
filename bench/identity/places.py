"""Birth places and addresses as people write them: old names, abbreviations, villages instead of towns."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.identity.noise import Rates
from bench.identity.people import Country
from bench.identity.variants import letter_wrong, pick
from bench.identity.wordlists import lists


class Gazetteer:
    """The names of the districts' towns, once for all chunks."""

    def __init__(self, land: Country) -> None:
        words = lists("places.txt")
        self.streets, self.villages = pl.Series(words["street"]), pl.Series(words["village"])
        short = {town: other for other, _, town in (pair.partition(" < ") for pair in words["short"])}
        regency = land.names["regency"].str.replace("^KABUPATEN |^KOTA (ADMINISTRASI |ADM. )?", "")
        self.town = regency
        self.district = land.names["district"].str.to_uppercase()
        self.full = land.names["regency"]
        self.short = regency.replace(short)
        self.code = pl.Series(land.code).cast(pl.String)

    def birth_places(self, rng: np.random.Generator, rates: Rates, home: NDArray) -> pl.Series:
        """The column birth_place."""
        count = len(home)
        where = pl.Series(home.astype(np.int64))
        draw = pl.Series(rng.random(count) / max(rates.place_other, 1e-9))
        missing = pl.Series(rng.random(count) < rates.place_missing)
        town = self.town.gather(where)
        slip = letter_wrong(town, rng)
        elsewhere = pl.Series(rng.permutation(home).astype(np.int64))
        kab = pl.select(
            pl.when(pl.Series(rng.random(count) < 0.5))
            .then("KAB. " + town)
            .otherwise(self.full.gather(where))
        )
        return pl.select(
            pl.when(missing).then(None)
            .when(draw < 0.35).then(self.short.gather(where))
            .when(draw < 0.55).then(self.district.gather(where))
            .when(draw < 0.7).then(kab.to_series())
            .when(draw < 0.85).then(self.town.gather(elsewhere))
            .when(draw < 1).then(slip)
            .otherwise(town)
            .alias("birth_place")
        ).to_series()  # fmt: skip

    def region_codes(
        self, rng: np.random.Generator, rates: Rates, lives: NDArray, digits: int, mixed: float
    ) -> pl.Series:
        """The column region_code: four or six digits, with or without dots."""
        count = len(lives)
        code = self.code.gather(pl.Series(lives.astype(np.int64)))
        other = pl.Series(rng.random(count) < mixed)
        long = (pl.Series(np.full(count, digits == 6))) ^ other
        dotted = pl.Series(rng.random(count) < mixed)
        six = pl.select(
            pl.when(dotted).then(code.str.replace(r"^(..)(..)(..)$", "$1.$2.$3")).otherwise(code)
        ).to_series()
        four = code.str.slice(0, 4)
        short = pl.select(pl.when(dotted).then(four.str.replace(r"^(..)", "$1.")).otherwise(four)).to_series()
        gone = pl.Series(rng.random(count) < rates.region_missing)
        text = pl.when(gone).then(None).when(long).then(six).otherwise(short)
        return pl.select(text.alias("region_code")).to_series()

    def addresses(self, rng: np.random.Generator, rates: Rates, lives: NDArray, house: NDArray) -> pl.Series:
        """The column address; `house` is a uniform number that is the same for the same dwelling."""
        count = len(lives)
        digits = (house * 2**40).astype(np.int64)
        number, rt, rw = digits % 140 + 1, digits // 140 % 14 + 1, digits // 1960 % 12 + 1
        street = self.streets.gather(digits // 23520 % len(self.streets))
        village = self.villages.gather(digits // 2352000 % len(self.villages))
        road = pick(rng, ["JL. ", "JL. ", "JL ", "JLN ", "JLN. ", "JALAN ", "GG. ", "Jl. "], count)
        no = pick(rng, [" NO. ", " NO ", " NO.", " ", " No. "], count)
        style = pl.Series(rng.integers(0, 6, count))
        kel = pick(rng, [" KEL. ", " DESA ", " DS. ", " ", ", "], count)
        town = pick(rng, [" KAB. ", " KOTA ", ", ", " "], count) + self.town.gather(
            pl.Series(lives.astype(np.int64))
        )
        frame = pl.DataFrame({"rt": rt, "rw": rw, "no": number})
        two = frame.select(pl.col("rt", "rw").cast(pl.String).str.zfill(2))
        three = frame.select(pl.col("rt", "rw").cast(pl.String).str.zfill(3))
        block = pl.select(
            pl.when(style < 2).then(" RT " + three["rt"] + "/RW " + three["rw"])
            .when(style == 2).then(" RT." + two["rt"] + " RW." + two["rw"])
            .when(style == 3).then(" RT " + three["rt"] + "/" + three["rw"])
            .when(style == 4).then(" " + three["rt"] + "/" + three["rw"])
            .otherwise(pl.lit(""))
        ).to_series()  # fmt: skip
        text = road + street + no + frame["no"].cast(pl.String) + block
        text = pl.select(pl.when(style < 4).then(text + kel + village).otherwise(text)).to_series()
        text = pl.select(
            pl.when(pl.Series(rng.random(count) < 0.4)).then(text + town).otherwise(text)
        ).to_series()
        gone = pl.Series(rng.random(count) < rates.address_missing)
        return pl.select(pl.when(gone).then(None).otherwise(text).alias("address")).to_series()
