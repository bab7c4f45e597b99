"""How right a linkage is: `python -m bench.identity.measure FOLDER LINKS [CLUSTERS] [--errors FILE]`.

FOLDER holds left.parquet, truth.parquet and, unless one file is to be freed of duplicates, right.parquet.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Scores:
    """Pairs of zone `link`, the same with `review`, and clusters over every record of both files."""

    precision: float
    recall: float
    recall_review: float  # of link and review together
    review_per_1000: float  # review pairs per thousand true pairs
    true_pairs: int
    cube_precision: float | None = None
    cube_recall: float | None = None
    exact: float | None = None  # persons whose cluster is exactly their records

    @property
    def f1(self) -> float:
        """The harmonic mean of pairwise precision and recall."""
        return _f1(self.precision, self.recall)

    @property
    def cube_f1(self) -> float | None:
        """The same of B-cubed precision and recall."""
        if self.cube_precision is None or self.cube_recall is None:
            return None
        return _f1(self.cube_precision, self.cube_recall)

    def line(self) -> str:
        """Everything on one line."""
        text = (
            f"P {self.precision:.4f}  R {self.recall:.4f}  F1 {self.f1:.4f}  "
            f"R+review {self.recall_review:.4f}  review/1000 {self.review_per_1000:.1f}  "
            f"true {self.true_pairs:,}"
        )
        if self.exact is None or self.cube_f1 is None:
            return text
        cubed = f"B3 {self.cube_precision:.4f}/{self.cube_recall:.4f}  F1 {self.cube_f1:.4f}"
        return f"{text}  {cubed}  exact {self.exact:.4f}"


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True)
class Truth:
    """Which record is whom."""

    left: pl.DataFrame  # record_id, entity
    right: pl.DataFrame
    dedupe: bool

    @property
    def pairs(self) -> int:
        """The number of true pairs."""
        left = self.left.group_by("entity").len("l")
        if self.dedupe:
            return int(left.select((pl.col("l").cast(pl.Int64) * (pl.col("l") - 1) // 2).sum()).item())
        both = left.join(self.right.group_by("entity").len("r"), on="entity")
        return int(both.select((pl.col("l").cast(pl.Int64) * pl.col("r")).sum()).item())


def read_truth(folder: Path) -> Truth:
    """The truth of a data set; without a right file its pairs are those inside the left one."""
    truth = pl.read_parquet(folder / "truth.parquet")
    left = truth.filter(pl.col("source") == "left").select("record_id", "entity")
    right = truth.filter(pl.col("source") == "right").select("record_id", "entity")
    return Truth(left, left if right.is_empty() else right, right.is_empty())


def judged(truth: Truth, links: pl.DataFrame) -> pl.DataFrame:
    """The links with `right_one`: whether both are one person. Each pair once; unknown ids are wrong."""
    pairs = links.select("left_id", "right_id", "zone").unique(["left_id", "right_id"], keep="first")
    if truth.dedupe:
        pairs = pairs.filter(pl.col("left_id") != pl.col("right_id"))
    joined = pairs.join(truth.left, left_on="left_id", right_on="record_id", how="left").join(
        truth.right, left_on="right_id", right_on="record_id", how="left", suffix="_right"
    )
    return joined.select(
        "left_id",
        "right_id",
        "zone",
        pl.col("entity").eq(pl.col("entity_right")).fill_null(value=False).alias("right_one"),
    )


def measure(truth: Truth, links: pl.DataFrame, clusters: pl.DataFrame | None = None) -> Scores:
    """Score links (left_id, right_id, zone) and clusters (record_id, source, person_id)."""
    counts = (
        judged(truth, links).group_by("zone").agg(pl.len().alias("n"), pl.col("right_one").sum().alias("t"))
    )
    table = {row["zone"]: (row["n"], row["t"]) for row in counts.iter_rows(named=True)}
    linked, found = table.get("link", (0, 0))
    asked, hidden = table.get("review", (0, 0))
    true = truth.pairs
    scores = (
        _share(found, linked),
        _share(found, true),
        _share(found + hidden, true),
        1000 * _share(asked, true),
        true,
    )
    return Scores(*scores) if clusters is None else Scores(*scores, *cubed(truth, clusters))


def cubed(truth: Truth, clusters: pl.DataFrame) -> tuple[float, float, float]:
    """B-cubed precision and recall over all records, and the share of persons exactly right."""
    everyone = [truth.left.with_columns(pl.lit("left").alias("source"))]
    if not truth.dedupe:
        everyone.append(truth.right.with_columns(pl.lit("right").alias("source")))
    records = pl.concat(everyone)
    found = clusters.select("record_id", "source", "person_id").unique(["record_id", "source"], keep="first")
    joined = records.join(found, on=["record_id", "source"], how="left")
    lost = joined["person_id"].null_count()
    if lost:
        raise ValueError(f"{lost:,} records are in no cluster")
    cells = joined.group_by("entity", "person_id").agg(pl.len().cast(pl.Int64).alias("n"))
    cells = cells.with_columns(
        pl.col("n").sum().over("entity").alias("person"), pl.col("n").sum().over("person_id").alias("cluster")
    )
    whole = (pl.col("n") == pl.col("person")) & (pl.col("n") == pl.col("cluster"))
    sums = cells.select(
        (pl.col("n") ** 2 / pl.col("cluster")).sum().alias("p"),
        (pl.col("n") ** 2 / pl.col("person")).sum().alias("r"),
        whole.sum().alias("exact"),
    ).row(0)
    return sums[0] / len(records), sums[1] / len(records), sums[2] / records["entity"].n_unique()


def errors(folder: Path, links: pl.DataFrame, sample: int, seed: int = 1) -> str:
    """A sample of false links and of missed pairs, both records below each other."""
    truth = read_truth(folder)
    left = pl.read_parquet(folder / "left.parquet")
    right = left if truth.dedupe else pl.read_parquet(folder / "right.parquet")
    verdict = judged(truth, links)
    false = verdict.filter((pl.col("zone") == "link") & ~pl.col("right_one")).select("left_id", "right_id")
    true = truth.left.join(truth.right, on="entity", suffix="_right").select(
        pl.col("record_id").alias("left_id"), pl.col("record_id_right").alias("right_id")
    )
    if truth.dedupe:
        true = true.filter(pl.col("left_id") < pl.col("right_id"))
    zones = verdict.select("left_id", "right_id", "zone")
    missed = true.join(zones.filter(pl.col("zone") == "link"), on=["left_id", "right_id"], how="anti")
    review = missed.join(zones, on=["left_id", "right_id"])
    lost = missed.join(zones.filter(pl.col("zone") == "review"), on=["left_id", "right_id"], how="anti")
    parts = []
    for title, pairs in (("FALSE LINKS", false), ("TRUE, IN REVIEW", review), ("MISSED", lost)):
        parts.append(f"{title}: {len(pairs):,}\n")
        chosen = pairs.select("left_id", "right_id").sort("left_id", "right_id")
        chosen = chosen.sample(min(sample, len(pairs)), seed=seed, shuffle=True)
        parts.extend(_beside(chosen, left, right))
    return "\n".join(parts)


def _beside(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> list[str]:
    """Each pair as a small table: one column of the data a line when they differ or are filled."""
    sides = (
        pairs.join(left, left_on="left_id", right_on="record_id", how="left", maintain_order="left"),
        pairs.join(right, left_on="right_id", right_on="record_id", how="left", maintain_order="left"),
    )
    columns = [name for name in left.columns if name != "record_id" and name in right.columns]
    blocks = []
    for one, other in zip(sides[0].iter_rows(named=True), sides[1].iter_rows(named=True), strict=True):
        lines = [f"{one['left_id']}  {one['right_id']}"]
        for name in columns:
            if one[name] is not None or other[name] is not None:
                same = " " if one[name] == other[name] else "*"
                lines.append(f"  {same} {name:<12} {one[name] or '':<44} {other[name] or ''}")
        blocks.append("\n".join(lines) + "\n")
    return blocks


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.identity.measure")
    parser.add_argument("folder", type=Path)
    parser.add_argument("links", type=Path)
    parser.add_argument("clusters", type=Path, nargs="?")
    parser.add_argument("--errors", type=Path, help="write a sample of false links and missed pairs here")
    parser.add_argument("--sample", type=int, default=60, help="how many of each")
    args = parser.parse_args()
    links = pl.read_parquet(args.links)
    clusters = pl.read_parquet(args.clusters) if args.clusters else None
    print(measure(read_truth(args.folder), links, clusters).line())
    if args.errors:
        args.errors.write_text(errors(args.folder, links, args.sample), encoding="utf-8")


if __name__ == "__main__":
    main()
