"""Indonesian workers seen by two registers, with the truth: `python -m bench.identity.population DIR`.

`left.parquet` is BPJS, `right.parquet` Kemnaker, `truth.parquet` says which record is whom. Sizes follow
`persons`: a million gives about 937,000 left and 486,000 right records and 270,000 true cross pairs.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bench.identity.names import Lexicon
from bench.identity.noise import PROFILES, Noise
from bench.identity.people import country, settle
from bench.identity.places import Gazetteer
from bench.identity.registers import LEFT, POPULATION, RIGHT, Register, membership, texts

CHUNK = 200_000


def _chunks(family: np.ndarray) -> list[slice]:
    """Slices of about CHUNK people that no family straddles."""
    edges = [0]
    while edges[-1] < len(family):
        wanted = min(edges[-1] + CHUNK, len(family))
        if wanted < len(family):
            wanted = int(np.searchsorted(family, family[wanted]))
        edges.append(wanted)
    return [slice(a, b) for a, b in pairwise(edges)]


class _Sheet:
    """A Parquet file that grows by one row group after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: pq.ParquetWriter | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Append the rows."""
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


def write(folder: Path, persons: int, noise: Noise, seed: int) -> None:
    """Write left.parquet, right.parquet and truth.parquet into `folder`; same arguments, same files."""
    folder.mkdir(parents=True, exist_ok=True)
    lexicon = Lexicon(seed)
    land = country(lexicon, seed)
    shape = (noise.scattered_serials, noise.two_niks, noise.nik_of_other_date)
    people = settle(lexicon, land, round(persons * POPULATION), seed, shape)
    gazetteer = Gazetteer(land)
    registers = [Register(side, noise, land, gazetteer, people) for side in (LEFT, RIGHT)]
    sheets = [_Sheet(folder / f"{side}.parquet") for side in (LEFT, RIGHT)]
    truth = _Sheet(folder / "truth.parquet")
    for number, chunk in enumerate(_chunks(people.family)):
        rng = np.random.default_rng([seed, 4, number])
        names = texts(rng, lexicon, people, chunk)
        for register, sheet, times in zip(registers, sheets, membership(rng, len(names.name)), strict=True):
            records, whose = register.write(rng, names, chunk, times)
            sheet.add(records)
            truth.add(whose)
    for sheet in (*sheets, truth):
        sheet.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.population")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--noise", choices=sorted(PROFILES), default="usual")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    write(args.folder, args.persons, PROFILES[args.noise], args.seed)


if __name__ == "__main__":
    main()
