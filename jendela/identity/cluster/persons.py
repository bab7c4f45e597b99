"""Links to persons over a whole frame: most components are of one mind, the others are divided one by one."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.cluster.components import LARGEST, row_components
from jendela.identity.cluster.divide import CAUTION, divide

Rows = npt.NDArray[np.int64]


def persons(count: int, judged: pl.DataFrame, link: float, caution: float = CAUTION) -> Rows:
    """Per row the least row of its person.

    Args:
        count: how many rows there are.
        judged: `left, right, weight`; `weight` infinite for decisions.
        link: the weight from which a pair is joined.
        caution: see `divide`.
    """
    linked = judged.filter(pl.col("weight") >= link)
    person = row_components(count, linked["left"].to_numpy(), linked["right"].to_numpy())
    pairs = judged.select(
        pl.Series("component", person[judged["left"].to_numpy()]), "left", "right", "weight"
    ).filter(pl.Series(person[judged["left"].to_numpy()] == person[judged["right"].to_numpy()]))
    size = np.bincount(person, minlength=count)
    doubtful = pairs.filter(
        (pl.col("weight") < link) | pl.Series(size[pairs["component"].to_numpy()] > LARGEST)
    )
    contested = pairs.join(doubtful.select("component").unique(), on="component", how="semi").sort(
        "component", "left", "right"
    )
    members = _members(person, contested["component"].unique().to_numpy())
    for component, listed in groupby(contested.iter_rows(), key=lambda row: row[0]):
        division = divide(
            members[component], ((left, right, weight) for _, left, right, weight in listed), link, caution
        )
        for record, name in division.group.items():
            person[record] = name
    return person


def _members(person: Rows, wanted: Rows) -> dict[int, list[int]]:
    rows = np.flatnonzero(np.isin(person, wanted))
    listed = pl.DataFrame({"component": person[rows], "row": rows}).group_by("component").agg("row")
    return dict(listed.iter_rows())
