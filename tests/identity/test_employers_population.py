"""The bar for employers, on a population with the truth; and that the order of nights changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from jendela.store import tables
from tests.identity.conftest import open_register
from tests.identity.employer_nights import division, entities, night
from tests.identity.employer_population import Population, population

PRECISION, RECALL = 0.995, 0.97
# A fifth of the mentions are letters without any number, every tenth of a name that hundreds bear.
RECALL_OF_MENTIONS = 0.94
NIGHTS = 4


@pytest.fixture(params=[1, 3])
def resolved(request: Any, tmp_path: Path) -> Iterator[tuple[Population, Any]]:
    """Seven hundred legal entities after one night."""
    made = population(700, request.param)
    register = open_register(tmp_path)
    night(register, made.records, made.mentions)
    yield made, register
    register.hub.close()


def test_precision_and_recall(resolved: tuple[Population, Any]) -> None:
    """Pairs of records, and pairs of a mention with a record, against the truth."""
    made, register = resolved
    nodes = register.table(tables.employer_node).select("record_id", "employer_id").drop_nulls()
    records = made.records.select("record_id", "site").join(nodes, on="record_id")
    mentions = made.mentions.select("record_id", "site").join(nodes, on="record_id", how="left")
    for left, recall in ((records, RECALL), (mentions, RECALL_OF_MENTIONS)):
        other = pl.col("record_id") != pl.col("record_id_r")
        found = left.drop_nulls().join(records, on="employer_id", suffix="_r").filter(other)
        true = left.join(records, on="site", suffix="_r").filter(other).height
        right = found.filter(pl.col("site") == pl.col("site_r")).height
        assert right / found.height >= PRECISION
        assert right / true >= recall


def test_every_branch_finds_its_legal_entity(resolved: tuple[Population, Any]) -> None:
    """No two legal entities are one, and hardly one is two: those without a number and with a common name."""
    made, register = resolved
    truth = dict(made.records.select("record_id", "entity").iter_rows())
    found = entities(register)
    mixed = [group for group in found if len({truth[record] for record in group}) > 1]
    assert len(mixed) <= 0.002 * len(found)
    assert len(found) <= 1.02 * len(set(truth.values()))


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_the_order_of_nights_does_not_matter(seed: int, tmp_path: Path) -> None:
    """All at once, or over nights with rows corrected later and rows withdrawn: the same employers, the same
    unlinked mentions, the same legal entities."""
    made, passing = population(70, seed), population(25, seed + 100)
    whole, parts = (open_register(tmp_path / name) for name in ("whole", "parts"))
    night(whole, made.records, made.mentions)
    rng = np.random.default_rng(seed)
    first = [frame.with_columns(night=_nights(rng, frame.height)) for frame in (made.records, made.mentions)]
    # Rows that will be gone have the numbers and names of some that stay.
    shadows = [
        pl.concat([_renamed(passed, "x"), _renamed(frame.sample(frame.height // 5, seed=seed), "y")])
        for passed, frame in ((passing.records, made.records), (passing.mentions, made.mentions))
    ]
    for now in range(NIGHTS):
        said = [pl.concat([_tonight(frame, now), _wrong(frame, now, seed)]) for frame in first]
        if now == 0:
            said = [pl.concat(both) for both in zip(said, shadows, strict=True)]
        gone = pl.concat([shadow["record_id"] for shadow in shadows]) if now == NIGHTS - 1 else ()
        night(parts, *said, withdrawn=tuple(gone))
    assert division(parts) == division(whole)
    assert entities(parts) == entities(whole)
    for register in (whole, parts):
        register.hub.close()


def _nights(rng: np.random.Generator, rows: int) -> pl.Series:
    return pl.Series(rng.integers(0, NIGHTS, rows))


def _tonight(frame: pl.DataFrame, now: int) -> pl.DataFrame:
    return frame.filter(pl.col("night") == now).drop("night")


def _wrong(frame: pl.DataFrame, now: int, seed: int) -> pl.DataFrame:
    """Rows that come right on a later night, and say tonight what another row says."""
    later = frame.filter(pl.col("night") > now).sample(fraction=0.15, seed=seed + now)
    others = frame.sample(later.height, seed=seed + now, with_replacement=True)
    return others.with_columns(record_id=later["record_id"]).drop("night")


def _renamed(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    return frame.with_columns(record_id=pl.format("{}-{}", pl.lit(mark), "record_id"))
