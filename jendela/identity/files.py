"""Files in, links and clusters out: what `jendela link` and `jendela dedupe` do.

Any Parquet or CSV with the columns of `standard.frame.RAW`, in any habit of writing; others are ignored. A
Parquet file is read column by column, so that what a run needs is the size of what it compares.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from jendela.identity.compare.reasons import reasons, shared_number
from jendela.identity.resolve import APART, LINK, REVIEW, Resolution
from jendela.identity.standard.frame import RAW
from jendela.identity.standard.sex import sex
from jendela.model.errors import WrongUseError

LEFT, RIGHT = "left", "right"
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class FileMentions:
    """The mentions of one or two files, those of the left first. `ids` are their `record_id`; another column
    is read when it is asked for.
    """

    frames: tuple[pl.LazyFrame, ...]
    heights: tuple[int, ...]
    names: tuple[frozenset[str], ...]
    ids: pl.Series

    @property
    def height(self) -> int:
        """How many mentions."""
        return sum(self.heights)

    @property
    def columns(self) -> list[str]:
        """The known columns that any of the files has."""
        return [name for name in RAW if any(name in names for names in self.names)]

    def __getitem__(self, name: str) -> pl.Series:
        """A column of all files as text, null where a file lacks it."""
        return pl.concat([self._one(place, name) for place in range(len(self.frames))], rechunk=True)

    def _one(self, place: int, name: str) -> pl.Series:
        if name not in self.names[place]:
            return pl.repeat(None, self.heights[place], dtype=pl.String, eager=True).alias(name)
        column = self.frames[place].select(pl.col(name).cast(pl.String)).collect()[name]
        # What a code of sex means is a register's own convention.
        return sex(column).cast(pl.String).alias(name) if name == "sex" else column


def read_mentions(*paths: Path) -> FileMentions:
    """The mentions of these files.

    Raises:
        WrongUseError: a file is missing or of another format, or its `record_id` is missing or not unique.
    """
    frames = tuple(_scan(path) for path in paths)
    names = tuple(frozenset(_names(path, frame)) for path, frame in zip(paths, frames, strict=True))
    ids = [_checked(path, frame) for path, frame in zip(paths, frames, strict=True)]
    return FileMentions(frames, tuple(map(len, ids)), names, pl.concat(ids, rechunk=True))


def _scan(path: Path) -> pl.LazyFrame:
    if not path.is_file():
        raise WrongUseError(f"{path}: There is no such file.")
    kind = path.suffix.lower()
    if kind == ".parquet":
        return pl.scan_parquet(path)
    if kind == ".csv":
        with path.open("rb") as file:
            header = file.readline(1 << 20).decode("utf-8-sig", errors="replace")
        separator = max(SEPARATORS, key=header.count)
        try:
            text = pl.read_csv(path, separator=separator, infer_schema=False, encoding="utf8-lossy")
        except pl.exceptions.PolarsError as error:
            raise WrongUseError(f"{path}: This is no readable CSV file ({type(error).__name__}).") from None
        return text.lazy()
    raise WrongUseError(f"{path}: A file of mentions is .parquet or .csv.")


def _names(path: Path, frame: pl.LazyFrame) -> list[str]:
    try:
        names = frame.collect_schema().names()
    except pl.exceptions.PolarsError as error:
        raise WrongUseError(f"{path}: This is no readable Parquet file ({type(error).__name__}).") from None
    if "record_id" not in names:
        raise WrongUseError(f"{path}: The file has no column record_id, by which a link names a record.")
    return names


def _checked(path: Path, frame: pl.LazyFrame) -> pl.Series:
    ids = frame.select(pl.col("record_id").cast(pl.String)).collect()["record_id"]
    if ids.null_count():
        row = ids.is_null().arg_true()[0] + 1
        raise WrongUseError(f"{path}: row {row}: record_id: It is empty; every record needs one of its own.")
    if ids.n_unique() < len(ids):
        row = int(np.flatnonzero(~ids.is_first_distinct().to_numpy())[0]) + 1
        raise WrongUseError(f"{path}: row {row}: record_id: An earlier row has the same; make them unique.")
    return ids


def links(found: Resolution, mentions: FileMentions) -> pl.DataFrame:
    """`left_id, right_id, probability, zone, reasons`, in the order of the two ids.

    Of two files only pairs across; of one file each pair once, `left_id < right_id`. Zone `apart` is written
    where a number is shared all the same: those are findings, the other pairs are merely two people.
    """
    ids = mentions.ids
    pairs = found.pairs
    if len(mentions.frames) == 2:
        border = mentions.heights[0]
        pairs = pairs.filter((pl.col("left") < border) & (pl.col("right") >= border))
    pairs = pairs.filter((pl.col("zone") != APART) | shared_number().is_not_null())
    one, other = ids.gather(pairs["left"]), ids.gather(pairs["right"])
    if len(mentions.frames) == 1:
        swapped = one > other
        one, other = other.zip_with(swapped, one), one.zip_with(swapped, other)
    # A pair that others of the same person bring together may say little of itself.
    leading = (
        pl.when(pl.col("zone") == REVIEW)
        .then(pl.format("maybe_{}", "against"))
        .when(pl.col("zone") == APART)
        .then(shared_number())
        .when((pl.col("zone") == LINK) & (pl.col("weight") < 0))
        .then(pl.lit("by_others"))
    )
    written = pairs.select(
        one.alias("left_id"),
        other.alias("right_id"),
        (1 / (1 + (-pl.col("weight") * pl.lit(2.0).log()).exp())).round(6).alias("probability"),
        "zone",
        reasons(leading).alias("reasons"),
    )
    return written.sort("left_id", "right_id")


def clusters(found: Resolution, mentions: FileMentions) -> pl.DataFrame:
    """`record_id, source, person_id` of every record; a person is named by its first, as `L:` or `R:`."""
    ids, border = mentions.ids, mentions.heights[0]
    left = pl.int_range(pl.len()) < border
    return pl.DataFrame({"record_id": ids, "first": found.person}).select(
        "record_id",
        pl.when(left).then(pl.lit(LEFT)).otherwise(pl.lit(RIGHT)).alias("source"),
        pl.concat_str(pl.when(left).then(pl.lit("L:")).otherwise(pl.lit("R:")), "record_id")
        .gather("first")
        .alias("person_id"),
    )


def check_writable(path: Path) -> None:
    """Say now what would only be found out at the end.

    Raises:
        WrongUseError: nothing can be written there, or the format is not told.
    """
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise WrongUseError(f"{path}: What is written is .parquet or .csv.")
    if not path.absolute().parent.is_dir():
        raise WrongUseError(f"{path}: There is no such folder.")


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write Parquet or CSV by the ending, whole or not at all."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        if path.suffix.lower() == ".csv":
            frame.write_csv(draft)
        else:
            frame.write_parquet(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
