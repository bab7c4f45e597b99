"""`recordlinkage` as its guide sets it up: several blocks, string comparisons, the ECM classifier.

Runs in its own environment (environment.py). Feasible up to about a hundred thousand people.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import recordlinkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bench.identity.cleaning import clean

BLOCKS = (("nik",), ("born", "first"), ("born", "last"), ("name", "year"), ("phone",), ("first", "last"))
METHODS = {
    "nik": "exact",
    "name": "jarowinkler",
    "born": "damerau_levenshtein",
    "mother": "jarowinkler",
    "address": "jarowinkler",
    "phone": "exact",
    "sex": "exact",
    "place": "exact",
    "region": "exact",
}
WIDEST = 4_000_000  # pairs a block may bring; recordlinkage compares each of them in Python and pandas


def _frame(path: Path, indonesian: bool | None = None) -> tuple[pd.DataFrame, bool]:
    frame, indonesian = clean(path, indonesian)
    return frame.to_pandas().set_index("unique_id"), indonesian


def _size(left: pd.DataFrame, right: pd.DataFrame, columns: tuple[str, ...]) -> int:
    """How many pairs a block would bring."""
    keys = list(columns)
    one, other = left.dropna(subset=keys).groupby(keys).size(), right.dropna(subset=keys).groupby(keys).size()
    return int(one.mul(other).dropna().sum())


def candidates(left: pd.DataFrame, right: pd.DataFrame, dedupe: bool) -> pd.MultiIndex:
    """The pairs of every block that is small enough."""
    indexer = recordlinkage.Index()
    for block in BLOCKS:
        if 0 < _size(left, right, block) <= WIDEST:
            indexer.block(list(block))
    return indexer.index(left) if dedupe else indexer.index(left, right)


def compare(pairs: pd.MultiIndex, left: pd.DataFrame, right: pd.DataFrame, dedupe: bool) -> pd.DataFrame:
    """Agreement of every field that is filled, as the guide does: 1 or 0."""
    comparer = recordlinkage.Compare()
    for column, method in METHODS.items():
        if left[column].notna().mean() < 0.1 or right[column].notna().mean() < 0.1:
            continue
        if method == "exact":
            comparer.exact(column, column, label=column)
        else:
            comparer.string(column, column, method=method, threshold=0.85, label=column)
    return comparer.compute(pairs, left) if dedupe else comparer.compute(pairs, left, right)


def clusters(links: pd.MultiIndex, left: pd.DataFrame, right: pd.DataFrame, dedupe: bool) -> pl.DataFrame:
    """Connected components over all records."""
    offset = 0 if dedupe else len(left)
    count = offset + len(right)
    one = left.index.get_indexer(links.get_level_values(0))
    other = right.index.get_indexer(links.get_level_values(1)) + offset
    graph = coo_matrix((np.ones(len(one), np.int8), (one, other)), (count, count))
    labels = connected_components(graph, directed=False)[1]
    ids = list(right.index) if dedupe else [*left.index, *right.index]
    source = ["left"] * (count if dedupe else len(left)) + ["right"] * (0 if dedupe else len(right))
    return pl.DataFrame({"record_id": ids, "source": source, "person_id": labels.astype(str)})


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.peer_recordlinkage")
    parser.add_argument("left", type=Path)
    parser.add_argument("right", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)
    args = parser.parse_args()
    dedupe = args.right is None
    start = time.perf_counter()
    left, indonesian = _frame(args.left)
    right = left if dedupe else _frame(args.right, indonesian)[0]
    cleaned = time.perf_counter()
    pairs = candidates(left, right, dedupe)
    blocked = time.perf_counter()
    features = compare(pairs, left, right, dedupe)
    compared = time.perf_counter()
    links = recordlinkage.ECMClassifier(binarize=0.8).fit_predict(features)
    table = pl.DataFrame(
        {"left_id": links.get_level_values(0).to_list(), "right_id": links.get_level_values(1).to_list()},
        schema={"left_id": pl.String, "right_id": pl.String},
    ).with_columns(pl.lit("link").alias("zone"))
    if dedupe:
        low, high = pl.min_horizontal("left_id", "right_id"), pl.max_horizontal("left_id", "right_id")
        table = table.select(low.alias("left_id"), high.alias("right_id"), "zone")
    table.write_parquet(args.out)
    clusters(links, left, right, dedupe).write_parquet(args.clusters)
    done = time.perf_counter()
    stages = {
        "clean": cleaned - start,
        "block": blocked - cleaned,
        "compare": compared - blocked,
        "decide": done - compared,
    }
    print(json.dumps({"stages": stages}))


if __name__ == "__main__":
    main()
