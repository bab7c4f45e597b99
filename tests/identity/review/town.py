"""A town whose truth is known, and reviewers who find it: what the audit is tried on."""

from __future__ import annotations

import random
from typing import Any

import polars as pl

from jendela.identity.review.draw import draw
from jendela.identity.review.quality import Quality, quality
from jendela.store import frames, tables

JAVA = ("SUGIYANTO", "SLAMET WIBOWO", "SRI LESTARI", "BAMBANG NUGROHO")
BALI = ("I WAYAN SUDIANA", "NI MADE SUKERTI", "I KETUT ARDANA")


def town(desk: Any, people: int, *, named: tuple[str, ...], region: str, wrong: float, missed: float) -> None:
    """People with two records each; some are linked to a stranger, some are not found, some are in doubt.

    The truth is in the ids: what stands before the dash is the person.
    """
    rng = random.Random(f"{region}{people}")
    stranger = ""
    for number in range(people):
        person = f"{region}p{number:04d}"
        one, other = f"{person}-1", f"{person}-2"
        name = rng.choice(named)
        for record in (one, other):
            desk.say(record, full_name=name, residence_region=region, nik=f"{region}01{number:010d}")
        fate = rng.random()
        if fate < wrong and stranger:
            desk.link(stranger, one)
            desk.link(stranger, other)
            stranger = ""
            continue
        if fate < wrong + missed:
            desk.share(one, other, kind="birth")
            desk.share(one, other, kind="cohort")
        elif fate < wrong + missed + 0.05:
            desk.doubt(one, other)
        else:
            desk.link(one, other, "certain" if fate < 0.6 else "probabilistic")
        if number % 3 == 0 and stranger:
            desk.share(stranger, one, kind="year")
        stranger = stranger or one


def label(desk: Any) -> None:
    """Two people decide the cases of the sample as the truth is."""
    cases = desk.table(tables.review_case).filter(state="open", kept=True)
    one, other = (pl.col(name).str.split("-").list.first() for name in ("left_id", "right_id"))
    decided = cases.select(
        "left_id",
        "right_id",
        decision_id="case_id",
        verdict=pl.when(one == other).then(pl.lit("must_link")).otherwise(pl.lit("cannot_link")),
        who=pl.lit("ani, budi"),
        why=pl.lit("seen"),
        decided_at=pl.lit(desk.passes()).cast(pl.Datetime("us", "UTC")),
    )
    with desk.hub.begin() as conn:
        frames.load(conn, tables.identity_decision, decided)
        done = cases.select("case_id", state=pl.lit("decided"))
        frames.update(conn, tables.review_case, done, on=["case_id"])


def audited(desk: Any, size: int, seed: int = 1) -> Quality:
    """Drawn and labelled."""
    draw(desk.hub, size, seed, "auditor", desk.passes())
    label(desk)
    return quality(desk.hub)


def tally(pairs: pl.DataFrame) -> dict[tuple[bool, bool], int]:
    """How many pairs there are, by whether they are linked and whether they are true."""
    one, other = (pl.col(name).str.split("-").list.first() for name in ("left_id", "right_id"))
    told = pairs.select(linked=pl.col("stratum").str.starts_with("linked"), true=one == other)
    return {(linked, true): n for linked, true, n in told.group_by("linked", "true").len().iter_rows()}
