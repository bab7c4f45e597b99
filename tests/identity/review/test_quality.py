"""Precision and recall: weighed back to the register, group by group; silent where too little is known."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from jendela.identity.review.draw import draw
from jendela.identity.review.population import population
from jendela.identity.review.quality import quality, weighed
from jendela.model.errors import WrongUseError
from jendela.store import frames, tables
from tests.identity.review.town import BALI, JAVA, audited, label, tally, town


def test_precision_and_recall_come_near_the_truth(desk: Any) -> None:
    """Three hundred labels of a town whose errors are known: the truth lies in the intervals."""
    town(desk, 500, named=JAVA, region="3215", wrong=0.04, missed=0.06)
    desk.night()
    with desk.hub.reading() as conn:
        pairs = population(conn, desk.hub.keyring, 1).pairs
    counts = tally(pairs)
    precision = counts[True, True] / (counts[True, True] + counts[True, False])
    recall = counts[True, True] / (counts[True, True] + counts[False, True])
    found = audited(desk, 300)
    for measure, truth in (("precision", precision), ("recall", recall)):
        estimate = found.whole[measure].estimate
        assert estimate.low <= truth <= estimate.high
        assert abs(estimate.value - truth) < 0.03
    assert found.whole["recall_with_review"].estimate.value > found.whole["recall"].estimate.value
    assert found.worse_off == []


def test_a_group_that_fares_worse_is_named(desk: Any) -> None:
    """Bali is a tenth of the register and gets enough of the sample to show that its links are worse."""
    town(desk, 450, named=JAVA, region="3215", wrong=0, missed=0.04)
    town(desk, 50, named=BALI, region="5171", wrong=0.5, missed=0.04)
    desk.night()
    found = audited(desk, 320)
    groups = found.groups["tradition"]
    assert set(groups) == {"javanese_sundanese", "balinese"}
    assert groups["balinese"]["precision"].state == "below"
    assert groups["javanese_sundanese"]["precision"].state == "ok"
    assert ("tradition", "balinese", "precision") in found.worse_off
    assert ("province", "51", "precision") in found.worse_off
    assert set(found.groups["province"]) == {"32", "51"}
    drawn = sum(measure.labels for measure in (groups["balinese"]["precision"],))
    assert drawn > 0.15 * found.whole["precision"].labels


def test_groups_too_small_are_shown_as_such(desk: Any) -> None:
    """Three Balinese in the register: named, without a figure."""
    town(desk, 150, named=JAVA, region="3215", wrong=0, missed=0.1)
    town(desk, 3, named=BALI, region="5171", wrong=0, missed=0)
    desk.night()
    found = audited(desk, 150)
    small = found.groups["tradition"]["balinese"]["precision"]
    assert (small.state, small.estimate) == ("too_small", None)
    assert found.groups["tradition"]["javanese_sundanese"]["precision"].state == "ok"


def test_no_figure_while_a_stratum_is_unheard_of(desk: Any) -> None:
    """Labels for the links alone say nothing of what was missed."""
    town(desk, 200, named=JAVA, region="3215", wrong=0, missed=0.2)
    desk.night()
    draw(desk.hub, 150, 1, "auditor", desk.passes())
    assert quality(desk.hub).whole["precision"].state == "too_small"
    sampled = desk.table(tables.review_sample).filter(pl.col("stratum").str.starts_with("apart"))
    with desk.hub.begin() as conn:
        held = sampled.select("case_id", kept=pl.lit(value=False))
        frames.update(conn, tables.review_case, held, on=["case_id"])
    label(desk)
    found = quality(desk.hub)
    assert found.whole["precision"].state == "ok"
    assert found.whole["recall"].state == "too_small"


def test_weights_make_good_what_was_drawn_too_often() -> None:
    """A stratum of 1,000 pairs, a tenth of them Balinese, twenty labels each: 45 and 5 pairs a label."""
    rows = [(f"{group}{at}", "review", group, True) for group in ("a", "b") for at in range(20)]
    sample = pl.DataFrame(rows, schema=["case_id", "stratum", "tradition", "same"], orient="row")
    strata = {"review": {"pairs": 1000.0, "pool": {"a": 450, "b": 50}}}
    weights = dict(weighed(sample, strata).group_by("tradition").agg(pl.col("weight").first()).iter_rows())
    assert weights == pytest.approx({"a": 45, "b": 5})
    only = weighed(sample.filter(tradition="a"), strata)
    assert only["weight"].sum() == pytest.approx(1000)


def test_an_earlier_audit_can_be_read_again(desk: Any) -> None:
    """By default the last; none, or an unknown one, is said."""
    with pytest.raises(WrongUseError, match="No audit was drawn yet"):
        quality(desk.hub)
    with pytest.raises(WrongUseError, match="nothing to audit"):
        draw(desk.hub, 10, 1, "auditor", desk.passes())
    town(desk, 30, named=JAVA, region="3215", wrong=0, missed=0.1)
    desk.night()
    first = draw(desk.hub, 10, 1, "auditor", desk.passes())
    desk.now += timedelta(days=30)
    second = draw(desk.hub, 10, 2, "auditor", desk.passes())
    assert quality(desk.hub).audit_id == second.audit_id
    assert quality(desk.hub, first.audit_id[:12]).audit_id == first.audit_id
    with pytest.raises(WrongUseError, match="No audit begins"):
        quality(desk.hub, "zz")


def test_neither_tables_nor_report_hold_a_personal_value(desk: Any) -> None:
    """Nor the tradition or province of a pair in clear; only counts of many."""
    town(desk, 60, named=BALI, region="5171", wrong=0, missed=0.2)
    desk.night()
    found = audited(desk, 60)
    kept = [
        desk.table(table).write_json()
        for table in (tables.review_case, tables.review_audit, tables.review_look, tables.review_verdict)
    ]
    kept += [desk.table(tables.review_sample).drop("sealed").write_json(), json.dumps(found.as_dict())]
    kept += [json.dumps(desk.ledger("decision"))]
    for secret in ("WAYAN", "SUKERTI", "517101", "5171010000"):
        assert not any(secret in text for text in kept)
    assert "balinese" not in kept[4]
    assert all(b"balinese" not in blob for blob in desk.table(tables.review_sample)["sealed"])
