"""A night's delta: new records against a stored, sealed register, by the step *identify* itself.

    python -m bench.identity.delta [--persons N] [--in-nights N] [--new N] [--hub URL | --register FOLDER]

The register of BPJS's records of a population is written into a hub as the merge leaves it and identified
once; then `--new` further records come, and `identify` runs again in the same process, from accepted rows to
links and clusters written. Imports and the making of the register are outside what is timed; so is what the
hub does afterwards beside the work (`settle`), which is told.

With `--in-nights` the register comes in so many nights of other people each, in far less memory than one
night of all would need; new records are measured after the first of them and after the last, in one process,
so that what a register ten times as large costs is one ratio. The first night's fit judges them all then: a
register that doubles would be judged anew, whole, in memory that grows with it (`jendela.identity.fits`).
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
from sqlalchemy import func, select

from bench.identity.noise import PROFILES
from jendela.crypto import seal_many
from jendela.crypto.keyring import Keyring
from jendela.identity import fits, records, step
from jendela.model.config import Settings
from jendela.model.receipt import Night, Receipt
from jendela.store import frames, tables
from jendela.store.hub import Hub
from jendela.store.records import note
from jendela.store.sealed import PERSON_VERSION

FIRST = date(2026, 9, 1)
CANONICAL = {"national_id": "nik", "mother_name": "mother_maiden_name"}
IDENTIFYING = [name for name in records.IDENTIFYING if name != "sex"]
FACTS = {"sex": "sex", "region_code": "residence_region", "employer_id": "npp"}
SLICE = 200_000


def open_hub(state: Path, url: str) -> Hub:
    """An empty hub with a key of its own."""
    return Hub.open(
        settings=Settings(state=state, first_night=FIRST, offices=("bpjs",), hub_url=url),
        agreements=None,
        keyring=Keyring((b"k" * 32,), "the benchmark"),
        connector=lambda *_: None,
        resolve=lambda name: name,
    )


def merge(hub: Hub, mentions: pl.DataFrame, seq: int) -> None:
    """Write mentions into the register as accepted in night `seq`."""
    for part in mentions.iter_slices(SLICE):
        named = part.rename(CANONICAL)
        plain = named.select(pl.struct(IDENTIFYING).struct.json_encode()).to_series()
        facts = named.select(
            pl.struct(pl.col(raw).alias(name) for raw, name in FACTS.items()).struct.json_encode()
        ).to_series()
        with hub.begin() as conn:
            numbers = note(conn, _rows(part, seq))
            keyed = part.select("record_id").join(numbers, on="record_id", maintain_order="left")
            keyed = keyed.select("number", seq_from=pl.lit(seq))
            frames.load(
                conn,
                tables.record_version,
                keyed.with_columns(entity=pl.lit("employment"), batch=pl.lit(1), facts=facts),
            )
            frames.load(
                conn,
                tables.person_version,
                keyed.with_columns(sealed=seal_many(hub.keyring, plain, PERSON_VERSION)),
            )


def _rows(mentions: pl.DataFrame, seq: int) -> pl.DataFrame:
    return mentions.select(
        feed=pl.lit("bpjs.bench"),
        record_id="record_id",
        row_hash=pl.lit("h"),
        seq=pl.lit(seq),
        outcome=pl.lit("accepted"),
        deleted_seq=pl.lit(None, pl.Int64),
        as_of=pl.lit(None, pl.String),
    )


def identify(hub: Hub, seq: int) -> tuple[Receipt, float, float]:
    """The step of night `seq`, and its seconds: on the clock, and of the processor."""
    begun, used = time.perf_counter(), cpu()
    receipt = step.run(hub, Night(FIRST + timedelta(days=seq - 1), seq, ("bpjs",)))
    return receipt, time.perf_counter() - begun, cpu() - used


def ids(mentions: pl.DataFrame) -> pl.DataFrame:
    """With record ids of the length that keyed hashes have."""
    return mentions.with_columns(pl.col("record_id").hash(1).cast(pl.String).str.pad_start(64, "0"))


def cpu() -> float:
    """Processor seconds of this process so far, in it and in the system for it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print one line a night."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.delta")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--in-nights", type=int, default=1, help="nights in which the register comes")
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--nights", type=int, default=2, help="nights of new records")
    parser.add_argument("--hub", default="", help="SQLAlchemy URL; SQLite in a scratch folder without it")
    parser.add_argument("--noise", default="usual", choices=sorted(PROFILES))
    parser.add_argument("--profile", action="store_true", help="where the time of the last night goes")
    parser.add_argument(
        "--register", type=Path, help="SQLite only: keep the register here, and start from it"
    )
    args = parser.parse_args()
    if args.register and args.hub:
        parser.error("--register keeps a folder: it goes without --hub.")
    if args.in_nights > 1:
        fits.GROWTH = sys.maxsize
    with tempfile.TemporaryDirectory(prefix="jendela-delta-") as scratch:
        made = Path(scratch) / "made"
        if args.register and args.register.exists():
            shutil.copytree(args.register, made)
            hub = open_hub(made / "state", args.hub)
        else:
            hub = _make(made, args)
            if args.register:
                hub.close()  # what is copied has no log beside it
                shutil.copytree(made, args.register)
                hub = open_hub(made / "state", args.hub)
        _new(hub, made, args, slice(int(args.in_nights > 1), None, 2 if args.in_nights > 1 else 1))
        hub.close()


def _new(hub: Hub, folder: Path, args: argparse.Namespace, some: slice) -> None:
    """Nights of new records, drawn from `some` of those of the second source."""
    columns = list(pl.read_parquet_schema(folder / "left.parquet"))
    fresh = ids(_drawn(folder / "right.parquet", args.new * args.nights, some)).select(columns)
    for place, some_new in enumerate(fresh.iter_slices(args.new), 1):
        seq = _next(hub)
        merge(hub, some_new, seq)
        profiler = cProfile.Profile()
        last = args.profile and place * args.new >= fresh.height
        if last:
            profiler.enable()
        receipt, wall, used = identify(hub, seq)
        if last:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
        begun = time.perf_counter()
        hub.settle()
        beside = f"{time.perf_counter() - begun:5.2f} s more to settle"
        print(_line(f"{some_new.height:,} new", receipt, wall, used, beside), flush=True)


def _drawn(file: Path, count: int, some: slice) -> pl.DataFrame:
    """So many of some rows of a file, or all, at random, without reading all of it into memory."""
    rows = pl.scan_parquet(file).with_row_index("row")
    every = range(rows.select(pl.len()).collect().item())[some]
    count = min(count, len(every))
    places = pl.Series("row", every, pl.get_index_type()).sample(count, seed=3, shuffle=True)
    drawn = rows.filter(pl.col("row").is_in(places.implode())).collect(engine="streaming")
    return places.to_frame().join(drawn, on="row", maintain_order="left").drop("row")


def _next(hub: Hub) -> int:
    """The night after the last one that identified."""
    with hub.reading() as conn:
        done = select(func.count()).select_from(tables.receipt).where(tables.receipt.c.step == fits.STEP)
        return int(conn.execute(done).scalar_one()) + 1


def _make(folder: Path, args: argparse.Namespace) -> Hub:
    """The population, and the register of its first source, identified as it came."""
    folder.mkdir()
    # By a process of its own: peak memory is that of the nights.
    asked = (folder, "--persons", args.persons, "--noise", args.noise, "--seed", 7)
    subprocess.run([sys.executable, "-m", "bench.identity.population", *map(str, asked)], check=True)
    hub = open_hub(folder / "state", args.hub)
    register = pl.scan_parquet(folder / "left.parquet")
    height = register.select(pl.len()).collect().item()
    edges = [height * night // args.in_nights for night in range(args.in_nights + 1)]
    for night, (begin, end) in enumerate(pairwise(edges), 1):
        begun = time.perf_counter()
        seq = _next(hub)
        merge(hub, ids(register.slice(begin, end - begin).collect()), seq)
        print(f"{end - begin:,} records written in {time.perf_counter() - begun:.1f} s")
        receipt, wall, used = identify(hub, seq)
        hub.settle()
        if hub.engine.dialect.name == "postgresql":  # as the server does by itself within a day
            with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql("VACUUM ANALYZE")
        print(_line(f"night {night} of {args.in_nights}", receipt, wall, used), flush=True)
        if night == 1 < args.in_nights:
            people = pl.scan_parquet(folder / "right.parquet").select(pl.len()).collect().item()
            _new(hub, folder, args, slice(0, people // args.in_nights, 2))
    return hub


def _line(what: str, receipt: Receipt, wall: float, used: float, beside: str = "") -> str:
    counts = receipt.counts["persons"]
    told = {name: counts[name] for name in ("records", "candidates", "certain", "linked", "review", "merged")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = f"{wall:8.2f} s, {used:7.2f} s of processor,{peak:7.0f} MB"
    return f"{what:<14}{seconds}  {beside}  {json.dumps(told)}"


main()
