"""Intervals: the textbook's for one stratum, and limits that hold as often as they say for several."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from jendela.identity.review.estimates import exact, found_of_all, proportion, total

SCHEMA = {"stratum": pl.String, "weight": pl.Float64, "same": pl.Boolean}


def labels(*strata: tuple[str, int, int, float]) -> pl.DataFrame:
    """Labels by stratum: its name, how many `same`, how many in all, and the weight of each."""
    rows = [(name, weight, at < same) for name, same, number, weight in strata for at in range(number)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_the_exact_interval_is_that_of_the_textbook() -> None:
    """Clopper and Pearson, as every table has it; none wrong of n leaves about 3.7/n (0.025 a side)."""
    assert exact(0.4, 10) == pytest.approx((0.12155, 0.73762), abs=1e-5)
    assert exact(1.0, 50) == pytest.approx((0.92887, 1.0), abs=1e-5)
    assert exact(0.0, 50) == pytest.approx((0.0, 0.07113), abs=1e-5)


def test_one_stratum_of_equal_weights_is_the_exact_interval() -> None:
    """Whatever the weight: it is a share."""
    found = proportion(labels(("linked", 48, 50, 1234.5)))
    assert (found.low, found.high) == pytest.approx(exact(0.96, 50))
    assert found.value == pytest.approx(0.96)


def test_a_stratum_counts_by_its_pairs_and_not_by_its_labels() -> None:
    """A tenth of the pairs, half of the labels: its errors weigh a tenth."""
    found = proportion(labels(("certain", 50, 50, 18.0), ("scored", 40, 50, 2.0)))
    assert found.value == pytest.approx(0.98)
    assert found.low < 0.98 < found.high <= 1


def test_unequal_weights_cost_certainty() -> None:
    """One label that stands for most of the pairs says less than many."""
    even = proportion(labels(("linked", 30, 30, 10.0)))
    rows = pl.concat([labels(("linked", 29, 29, 1.0)), labels(("linked", 1, 1, 271.0))])
    assert proportion(rows).low < even.low


def test_recall_counts_what_was_missed_by_what_it_stands_for() -> None:
    """Two of a hundred in a stratum of ten thousand are two hundred missed pairs."""
    found = found_of_all(
        labels(("linked", 100, 100, 98.0)), labels(("near", 2, 100, 100.0), ("far", 0, 50, 1.0))
    )
    assert found is not None
    assert found.value == pytest.approx(9800 / 10000)
    assert found.low < 0.98 < found.high < 1


def test_no_miss_found_is_no_proof_of_none() -> None:
    """The upper limit is one; the lower follows the number of pairs that could hold misses."""
    few = found_of_all(labels(("linked", 50, 50, 10.0)), labels(("near", 0, 50, 1.0)))
    many = found_of_all(labels(("linked", 50, 50, 10.0)), labels(("near", 0, 50, 100.0)))
    assert few is not None
    assert many is not None
    assert few.high == many.high == few.value == 1
    assert many.low < 0.7 < 0.98 < few.low


def test_nothing_true_among_the_links_gives_no_recall() -> None:
    """There is nothing to divide by."""
    assert found_of_all(labels(("linked", 0, 30, 1.0)), labels(("near", 1, 30, 1.0))) is None
    assert total(labels(("linked", 0, 30, 1.0))).value == 0


TRUE = {"certain": (9000, 0.999), "scored": (1000, 0.97), "review": (300, 0.4), "near": (5000, 0.01)}
DRAWN = {"certain": 60, "scored": 120, "review": 60, "near": 160}


def test_the_limits_hold_as_often_as_they_say() -> None:
    """Six hundred audits of one register: the true value is inside in at least 95 of 100."""
    rng = np.random.default_rng(7)
    linked = sum(pairs for name, (pairs, _) in TRUE.items() if name in ("certain", "scored"))
    hits = sum(pairs * share for name, (pairs, share) in TRUE.items() if name in ("certain", "scored"))
    misses = sum(pairs * share for name, (pairs, share) in TRUE.items() if name in ("review", "near"))
    inside = {"precision": 0, "recall": 0}
    audits = 600
    for _ in range(audits):
        drawn = {
            name: (name, int(rng.binomial(DRAWN[name], share)), DRAWN[name], pairs / DRAWN[name])
            for name, (pairs, share) in TRUE.items()
        }
        found = labels(drawn["certain"], drawn["scored"])
        missed = labels(drawn["review"], drawn["near"])
        precision, recall = proportion(found), found_of_all(found, missed)
        assert recall is not None
        inside["precision"] += precision.low <= hits / linked <= precision.high
        inside["recall"] += recall.low <= hits / (hits + misses) <= recall.high
    assert min(inside.values()) / audits >= 0.95, inside
