"""A night's delta: new records against a stored, sealed register, by the step *identify* itself.

    python -m bench.identity.delta [--persons N] [--new N] [--hub URL | --register FOLDER]

The register of BPJS's records of a population is written into a hub as the merge leaves it and identified
once; then `--new` further records come, and `identify` runs again in the same process, from accepted rows to
links and clusters written. Imports and the making of the register are outside what is timed; so is what the
hub does afterwards beside the work (`settle`), which is told.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.identity.noise import PROFILES
from bench.identity.population import write
from jendela.crypto import seal_many
from jendela.crypto.keyring import Keyring
from jendela.identity import records, step
from jendela.model.config import Settings
from jendela.model.receipt import Night, Receipt
from jendela.store import frames, tables
from jendela.store.hub import Hub
from jendela.store.records import note

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
                keyed.with_columns(sealed=seal_many(hub.keyring, plain, records.SEALED)),
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


def identify(hub: Hub, seq: int) -> tuple[Receipt, float]:
    """The step of night `seq`, and its wall seconds."""
    begun = time.perf_counter()
    receipt = step.run(hub, Night(FIRST + timedelta(days=seq - 1), seq, ("bpjs",)))
    return receipt, time.perf_counter() - begun


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
    with tempfile.TemporaryDirectory(prefix="jendela-delta-") as scratch:
        made = Path(scratch) / "made"
        if args.register and args.register.exists():
            shutil.copytree(args.register, made)
        else:
            _make(made, args)
            if args.register:
                shutil.copytree(made, args.register)
        hub = open_hub(made / "state", args.hub)
        columns = list(pl.read_parquet_schema(made / "left.parquet"))
        fresh = ids(pl.read_parquet(made / "right.parquet")).select(columns)
        fresh = fresh.sample(args.new * args.nights, seed=3, shuffle=True)
        for place in range(args.nights):
            merge(hub, fresh.slice(place * args.new, args.new), place + 2)
            last = args.profile and place == args.nights - 1
            profiler = cProfile.Profile()
            if last:
                profiler.enable()
            used = cpu()
            receipt, wall = identify(hub, place + 2)
            used = cpu() - used
            if last:
                profiler.disable()
                pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
            begun = time.perf_counter()
            hub.settle()
            beside = f"{used:6.2f} s of processor, {time.perf_counter() - begun:5.2f} s more to settle"
            print(_line(f"{args.new:,} new", receipt, wall, beside), flush=True)
        hub.close()


def _make(folder: Path, args: argparse.Namespace) -> None:
    """The population, and the register of its first source, identified once."""
    folder.mkdir()
    write(folder, args.persons, PROFILES[args.noise], 7)
    left = ids(pl.read_parquet(folder / "left.parquet"))
    hub = open_hub(folder / "state", args.hub)
    begun = time.perf_counter()
    merge(hub, left, 1)
    print(f"register of {left.height:,} written in {time.perf_counter() - begun:.1f} s")
    receipt, wall = identify(hub, 1)
    print(_line("first night", receipt, wall), flush=True)
    if hub.engine.dialect.name == "postgresql":  # as the server does by itself within a day
        with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM ANALYZE")
    hub.close()


def _line(what: str, receipt: Receipt, wall: float, beside: str = "") -> str:
    counts = receipt.counts["persons"]
    told = {name: counts[name] for name in ("records", "candidates", "certain", "linked", "review", "merged")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{what:<14}{wall:8.2f} s{peak:8.0f} MB  {beside}  {json.dumps(told)}"


main()
