"""`make bench ARGS=night`: two nights of the demo agencies by their steps, beside a bare copy of the tables.

`ARGS="night --workers N"` sets the size. Wall and CPU seconds, and the process's peak memory after the step.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from jendela import night
from jendela.configured import open_hub
from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.model.config import load_settings

COPIED = {
    "bpjs/smile.sqlite": ("TK_BIODATA", "TK_KEPESERTAAN"),
    "kemnaker/pusat.sqlite": ("WLKP_TENAGA_KERJA",),
}


def bare_copy(folder: Path, target: Path) -> None:
    """What one would write in ten minutes: the large tables to Parquet; no key, check or encryption."""
    for database, names in COPIED.items():
        with sqlite3.connect(folder / database) as conn:
            for name in names:
                frame = pl.read_database(f"SELECT * FROM {name}", conn, infer_schema_length=None)
                frame.write_parquet(target / f"{name}.parquet")


def timed(what: str, act) -> None:  # noqa: ANN001  # any callable
    """Perform `act` and print its line."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:<26}{time.perf_counter() - wall:8.2f}{time.process_time() - cpu:8.2f}{peak:9.0f}")


def one_night(folder: Path, environ: dict[str, str]) -> None:
    """Every step of the next night, each timed; the hub is opened once."""
    with open_hub(load_settings(folder / "jendela.yaml", environ), environ) as hub:
        opened = night.begin(hub, None, (), "bench", os.getpid())
        print(f"night {opened.day}                 wall s   cpu s  peak MB")
        for step, scope in night.plan(opened):
            timed(f"{step} {scope}", lambda s=step, o=scope: night.perform(hub, opened, s, o))


def main(arguments: Sequence[str]) -> None:
    """The first night, and the one after a day has passed."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=night")
    parser.add_argument("--workers", type=int, default=20_000)
    workers = parser.parse_args(arguments).workers
    with tempfile.TemporaryDirectory(prefix="jendela-bench-") as scratch:
        folder = Path(scratch) / "demo"
        print(f"{workers:,} workers                    wall s   cpu s  peak MB")
        timed("demo agencies written", lambda: write(folder, workers, 20260901))
        lines = (folder / "connections.env").read_text(encoding="utf-8").splitlines()
        environ = {**os.environ, **dict(line.split("=", 1) for line in lines if line.startswith("JENDELA"))}
        timed("bare copy to Parquet", lambda: bare_copy(folder, Path(scratch)))
        one_night(folder, environ)
        timed("a day passes", lambda: advance(folder))
        timed("bare copy to Parquet", lambda: bare_copy(folder, Path(scratch)))
        one_night(folder, environ)
