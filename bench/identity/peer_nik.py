"""A join on the national id, once it is standardised: what most offices do today."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import polars as pl

from bench.identity.cleaning import is_indonesian, national_id


def _ids(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(path, columns=["record_id", "national_id"])
    return frame.select("record_id", national_id(is_indonesian(frame))).drop_nulls()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.peer_nik")
    parser.add_argument("left", type=Path)
    parser.add_argument("right", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)
    args = parser.parse_args()
    start = time.perf_counter()
    left = _ids(args.left)
    right = _ids(args.right) if args.right else left
    read = time.perf_counter()
    links = left.join(right, on="nik").select(
        pl.col("record_id").alias("left_id"),
        pl.col("record_id_right").alias("right_id"),
        pl.lit("link").alias("zone"),
    )
    if args.right is None:
        links = links.filter(pl.col("left_id") < pl.col("right_id"))
    links.write_parquet(args.out)
    everyone = [
        pl.read_parquet(args.left, columns=["record_id"]).with_columns(pl.lit("left").alias("source"))
    ]
    known = [left.with_columns(pl.lit("left").alias("source"))]
    if args.right:
        everyone.append(
            pl.read_parquet(args.right, columns=["record_id"]).with_columns(pl.lit("right").alias("source"))
        )
        known.append(right.with_columns(pl.lit("right").alias("source")))
    clusters = pl.concat(everyone).join(pl.concat(known), on=["record_id", "source"], how="left")
    alone = pl.concat_str(pl.col("source"), pl.col("record_id"))
    clusters.select("record_id", "source", pl.coalesce("nik", alone).alias("person_id")).write_parquet(
        args.clusters
    )
    done = time.perf_counter()
    print(json.dumps({"stages": {"read": read - start, "join": done - read}}))


if __name__ == "__main__":
    main()
