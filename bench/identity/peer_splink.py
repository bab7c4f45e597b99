"""Splink 5 as a good user sets it up in an afternoon: cleaned columns, its own comparisons, no truth seen."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.identity.cleaning import clean

LINK, REVIEW = 0.95, 0.5
RULES = (
    ("nik",),
    ("born", "first"),
    ("name", "year"),
    ("phone", "first"),
    ("mother", "born"),
    ("kpj",),
    ("email",),
)
SEED = 20
PAIRS_FOR_M = 1e6
SMALL = 60_000  # records up to which the larger sample costs little
PAIRS_FOR_U, PAIRS_FOR_U_SMALL = 1e6, 1e7


class Clock:
    """Wall seconds by stage."""

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.stages: dict[str, float] = {}

    def done(self, stage: str) -> None:
        """The stage ends here."""
        now = time.perf_counter()
        self.stages[stage] = now - self.last
        self.last = now


def identifier(name: str, distinct: int, *, fuzzy: bool = False) -> Any:  # splink has no types we follow
    """An exact comparison whose u is given: a random sample of pairs meets no equal identifier.

    `fuzzy` adds a level of one edit: good for numbers drawn at random, bad for a NIK, whose digits are the
    birth date and the region once more.
    """
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    equal = cll.ExactMatchLevel(name).configure(u_probability=1 / max(distinct, 2), fix_u_probability=True)
    near = [cll.DamerauLevenshteinLevel(name, 1)] if fuzzy else []
    return cl.CustomComparison(
        output_column_name=name, comparison_levels=[cll.NullLevel(name), equal, *near, cll.ElseLevel()]
    )


def settings(
    kind: str, filled: dict[str, float], distinct: dict[str, int], indonesian: bool
) -> dict[str, Any]:
    """Comparisons and blocking over the columns that are filled for at least a few records."""
    import splink.comparison_library as cl
    from splink import block_on

    def used(*names: str) -> bool:
        return all(filled[name] > 0.02 for name in names)

    names: list[Any] = [cl.NameComparison("name").configure(term_frequency_adjustments=True)]
    if not indonesian:  # given name and surname are known to be what they are
        names = [
            cl.ForenameSurnameComparison("first", "last", forename_surname_concat_col_name="name"),
        ]
    candidates = [
        ("nik", identifier("nik", distinct["nik"], fuzzy=not indonesian)),
        ("born", cl.DateOfBirthComparison("born", input_is_string=True, datetime_format="%Y-%m-%d")),
        (
            "mother",
            cl.JaroWinklerAtThresholds("mother", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        ),
        ("phone", cl.ExactMatch("phone").configure(term_frequency_adjustments=True)),
        ("sex", cl.ExactMatch("sex")),
        ("place", cl.ExactMatch("place").configure(term_frequency_adjustments=True)),
        ("email", identifier("email", distinct["email"])),
        ("kpj", identifier("kpj", distinct["kpj"])),
    ]
    if not indonesian:
        candidates.append(("address", cl.JaroWinklerAtThresholds("address", [0.95, 0.8])))
        candidates.append(("region", cl.ExactMatch("region").configure(term_frequency_adjustments=True)))
    rules = list(RULES)
    if not indonesian:
        rules += [
            ("born", "last"),
            ("first", "last"),
            ("address", "year"),
            ("address", "first"),
            ("born", "region"),
        ]
    return {
        "link_type": kind,
        "comparisons": names + [comparison for name, comparison in candidates if used(name)],
        "blocking_rules_to_generate_predictions": [block_on(*rule) for rule in rules if used(*rule)],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def train(linker: Any, filled: dict[str, float], records: int) -> None:  # splink has no types we follow
    """The prior from two safe rules, u from a random sample, m by expectation maximisation in two blocks."""
    from splink import block_on

    safe = [
        block_on(*rule)
        for rule in (("nik", "name"), ("name", "born", "mother"))
        if all(filled[c] > 0.02 for c in rule)
    ]
    linker.training.estimate_probability_two_random_records_match(
        safe or [block_on("name", "born")], recall=0.85
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=PAIRS_FOR_U if records > SMALL else PAIRS_FOR_U_SMALL, seed=SEED
    )
    for rule in (("nik",), ("born", "first")):
        if all(filled[column] > 0.02 for column in rule):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), max_pairs=PAIRS_FOR_M
            )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.peer_splink")
    parser.add_argument("left", type=Path)
    parser.add_argument("right", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)
    args = parser.parse_args()
    clock = Clock()
    from splink import DuckDBAPI, Linker

    clock.done("import")
    left, indonesian = clean(args.left)
    frames = [("table_left", left)]
    if args.right:
        frames.append(("table_right", clean(args.right, indonesian)[0]))
    everyone = pl.concat([frame for _, frame in frames])
    filled = {name: 1 - everyone[name].null_count() / len(everyone) for name in everyone.columns}
    unused = ["address", "region", "last"] if indonesian else []
    frames = [(name, frame.drop(unused)) for name, frame in frames]
    distinct = {name: everyone[name].n_unique() for name in ("nik", "email", "kpj")}
    del everyone, left
    clock.done("clean")
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    tables = [api.register(frame.to_arrow(), dataset_display_name=name) for name, frame in frames]
    kind = "link_and_dedupe" if args.right else "dedupe_only"
    linker = Linker(tables, settings(kind, filled, distinct, indonesian), log_level="ERROR")
    train(linker, filled, sum(len(frame) for _, frame in frames))
    clock.done("train")
    found = linker.inference.predict(threshold_match_probability=REVIEW)
    clock.done("predict")
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
        found, threshold_match_probability=LINK
    )
    clock.done("cluster")
    _write(connection, found.physical_name, grouped.physical_name, args)
    clock.done("write")
    print(json.dumps({"stages": clock.stages}))


def _write(connection: duckdb.DuckDBPyConnection, found: str, grouped: str, args: argparse.Namespace) -> None:
    zone = f"CASE WHEN match_probability >= {LINK} THEN 'link' ELSE 'review' END AS zone"
    if args.right:
        pairs = f"""
            SELECT CASE WHEN source_dataset_l = 'table_left' THEN unique_id_l ELSE unique_id_r END AS left_id,
                   CASE WHEN source_dataset_l = 'table_left'
                        THEN unique_id_r ELSE unique_id_l END AS right_id,
                   match_probability AS probability, {zone}
            FROM {found} WHERE source_dataset_l <> source_dataset_r"""
        source = "replace(source_dataset, 'table_', '')"
    else:
        pairs = f"""
            SELECT least(unique_id_l, unique_id_r) AS left_id, greatest(unique_id_l, unique_id_r) AS right_id,
                   match_probability AS probability, {zone} FROM {found}"""
        source = "'left'"
    clusters = f"SELECT unique_id AS record_id, {source} AS source, cluster_id AS person_id FROM {grouped}"
    connection.execute(f"COPY ({pairs}) TO '{args.out}' (FORMAT parquet)")
    connection.execute(f"COPY ({clusters}) TO '{args.clusters}' (FORMAT parquet)")


if __name__ == "__main__":
    main()
