"""`make bench-identity`: tools × data sets, every number measured in this run.

    python -m bench.identity [--persons N] [--noise NAME …] [--only TOOL …] [--data NAME …] [--seed S]

Data: `population` (Indonesian workers in two registers; --persons and --noise vary it), `febrl1` to `febrl4`,
`pseudopeople`. Tools: jendela, splink (an afternoon's set-up), nik (a join), recordlinkage.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.identity import datasets
from bench.identity.measure import Scores, measure, read_truth
from bench.identity.noise import PROFILES
from bench.identity.peers import TOOLS, Cost, run

PUBLIC = ("febrl1", "febrl2", "febrl3", "febrl4", "pseudopeople")
HEAD = (
    f"{'data':<22}{'tool':<14}{'P':>7}{'R':>7}{'F1':>7}{'R+rev':>7}{'rev/1k':>7}"
    f"{'B3 P':>7}{'B3 R':>7}{'B3 F1':>7}{'exact':>7}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}"
)


@dataclass(frozen=True)
class Data:
    """A data set by name, and how it is written into a folder."""

    name: str
    persons: int
    write: Callable[[Path], None]


def _population(persons: int, noise: str, seed: int) -> Data:
    def write(folder: Path) -> None:  # in a process of its own: its memory is given back
        command = [
            "-m",
            "bench.identity.population",
            str(folder),
            "--persons",
            str(persons),
            "--noise",
            noise,
        ]
        subprocess.run([sys.executable, *command, "--seed", str(seed)], check=True)

    size = f"{persons // 1_000_000}M" if persons % 1_000_000 == 0 else f"{persons // 1000}k"
    return Data(f"population {size} {noise}", persons, write)


def _public(name: str, seed: int) -> Data:
    if name == "pseudopeople":
        return Data(name, 25_000, lambda folder: datasets.pseudopeople(folder, seed))
    return Data(name, 5_000, lambda folder: datasets.febrl(folder, int(name[-1])))


def _chosen(args: argparse.Namespace) -> Iterator[Data]:
    wanted = args.data or ["population", *PUBLIC]
    for name in wanted:
        if name == "population":
            for noise in args.noise:
                yield _population(args.persons, noise, args.seed)
        else:
            yield _public(name, args.seed)


def line(data: str, tool: str, scores: Scores, cost: Cost) -> str:
    """One row of the table."""

    def number(value: float | None) -> str:
        return f"{value:7.4f}" if value is not None else f"{'':>7}"

    quality = (
        f"{number(scores.precision)}{number(scores.recall)}{number(scores.f1)}{number(scores.recall_review)}"
    )
    cubes = (scores.cube_precision, scores.cube_recall, scores.cube_f1, scores.exact)
    cubed = "".join(number(value) for value in cubes)
    spent = f"{cost.wall:8.1f}{cost.cpu:8.1f}{cost.peak_mb:9.0f}"
    return f"{data:<22}{tool:<14}{quality}{scores.review_per_1000:7.1f}{cubed}{spent}"


def bench(data: Data, folder: Path, only: list[str]) -> None:
    """Write the data, run every tool over it, print its rows."""
    data.write(folder)
    left, right = folder / "left.parquet", folder / "right.parquet"
    truth = read_truth(folder)
    for name in only:
        tool = TOOLS[name]
        if tool.persons is not None and data.persons > tool.persons:
            print(f"{data.name:<22}{name:<14}  not run above {tool.persons:,} persons", flush=True)
            continue
        links, clusters = folder / f"{name}.links.parquet", folder / f"{name}.clusters.parquet"
        cost = run(tool, left, None if truth.dedupe else right, links, clusters)
        if cost.error:
            print(f"{data.name:<22}{name:<14}  failed: {cost.error.splitlines()[-1]}", flush=True)
            continue
        grouped = pl.read_parquet(clusters) if clusters.exists() else None
        print(line(data.name, name, measure(truth, pl.read_parquet(links), grouped), cost), flush=True)
        if cost.stages:
            print(
                " " * 24 + "  ".join(f"{stage} {value:.2f}" for stage, value in cost.stages.items()),
                flush=True,
            )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity", description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--noise", nargs="+", choices=sorted(PROFILES), default=["usual"])
    parser.add_argument("--only", nargs="+", choices=list(TOOLS), default=list(TOOLS), help="tools")
    parser.add_argument("--data", nargs="+", choices=["population", *PUBLIC], help="data sets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write data and results here and leave them")
    args = parser.parse_args()
    print(HEAD, flush=True)
    for data in _chosen(args):
        if args.keep:
            bench(data, args.keep.resolve() / data.name.replace(" ", "-"), args.only)
        else:
            with tempfile.TemporaryDirectory(prefix="jendela-bench-") as scratch:
                bench(data, Path(scratch), args.only)


if __name__ == "__main__":
    main()
