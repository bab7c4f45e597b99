"""How often the links are right and how many are missed, in all and for every group, from an audit's labels.

Precision: of the pairs of records linked as one person, the share that is one. Recall: of the pairs that are
one person and have a blocking key in common, the share that is linked. Pairs without any key in common cannot
be sampled, so that the recall is that of what is compared.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from jendela.crypto import Keyring, unseal_many
from jendela.identity.decisions import MUST
from jendela.identity.review.contradiction import last_decisions
from jendela.identity.review.estimates import Estimate, found_of_all, proportion
from jendela.identity.review.population import KEPT_APART, LINKED, REVIEW, STRATA
from jendela.model.errors import WrongUseError
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.sealed import REVIEW_SAMPLE
from jendela.store.tables import review_audit, review_case, review_sample

# With fewer labels an interval says nothing; the group is named, without figures.
LEAST_LABELS = 20
ROUNDING = 1e-9  # sums of weights do not come out even
# Of the pairs that a group has linked, the part that may be unheard of.
NEGLIGIBLE = 0.01
# Where true pairs are found, and where they are missed, by measure.
SIDES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "precision": (LINKED, ()),
    "recall": (LINKED, (REVIEW, *KEPT_APART)),
    "recall_with_review": ((*LINKED, REVIEW), KEPT_APART),
}
MEASURES = tuple(SIDES)
GROUPS = ("province", "tradition")


@dataclass(frozen=True)
class Measured:
    """One measure of one group. `state`: ok, below (its interval lies below the whole's value), too_small."""

    labels: int
    estimate: Estimate | None
    state: str


@dataclass(frozen=True)
class Quality:
    """An audit's result. `strata`: pairs, drawn, labelled, same. `groups`: kind, name, measure."""

    audit_id: str
    drawn_at: datetime
    size: int
    seed: int
    records: int
    looked_at: int
    left_out: int
    strata: dict[str, dict[str, float]]
    whole: dict[str, Measured]
    groups: dict[str, dict[str, dict[str, Measured]]]

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        return {**asdict(self), "drawn_at": self.drawn_at.isoformat()}

    @property
    def worse_off(self) -> list[tuple[str, str, str]]:
        """Kind, group and measure of everyone who fares worse than the whole."""
        return [
            (kind, name, measure)
            for kind, members in self.groups.items()
            for name, measured in members.items()
            for measure, result in measured.items()
            if result.state == "below"
        ]


def quality(hub: Hub, audit_id: str | None = None) -> Quality:
    """What an audit says with the labels it has by now: the last one, or that whose id begins so.

    Raises:
        WrongUseError: there is no audit, or none or several with this id.
    """
    with hub.reading() as conn:
        audit = _audit(conn, audit_id)
        frame = json.loads(audit.strata)
        sample = _sample(conn, hub.keyring, audit.audit_id)
    strata = frame["strata"]
    labelled = weighed(sample.drop_nulls("same"), strata)
    sizes = _sizes(sample, strata)
    whole = {name: _measured(name, labelled, sizes[""][""], None) for name in MEASURES}
    return Quality(
        audit_id=audit.audit_id,
        drawn_at=audit.drawn_at,
        size=audit.size,
        seed=audit.seed,
        **{key: frame[key] for key in ("records", "looked_at", "left_out")},
        strata={name: _stratum(name, strata, sample) for name in STRATA},
        whole=whole,
        groups={kind: _groups(kind, labelled, sizes[kind], whole) for kind in GROUPS},
    )


def weighed(rows: pl.DataFrame, strata: dict[str, Any]) -> pl.DataFrame:
    """Pairs of the sample with `weight`: how many pairs of the register each stands for.

    A cell (stratum and tradition) has the stratum's pairs times its part of the pool, shared by its `rows`.
    What cells without any row should have goes to the stratum's others.
    """
    cells = _cells(strata)
    counted = rows.group_by("stratum", "tradition").agg(rows=pl.len())
    there = counted.join(cells, on=["stratum", "tradition"])
    whole = cells.group_by("stratum").agg(whole=pl.col("pairs").sum())
    part = pl.col("pairs") / pl.col("pairs").sum().over("stratum")
    weights = there.join(whole, on="stratum").select(
        "stratum", "tradition", weight=pl.col("whole") * part / pl.col("rows")
    )
    return rows.join(weights, on=["stratum", "tradition"]).sort("case_id")


def _cells(strata: dict[str, Any]) -> pl.DataFrame:
    """`stratum, tradition, pairs` of the register."""
    return pl.DataFrame(
        [
            (name, group, stratum["pairs"] * count / sum(stratum["pool"].values()))
            for name, stratum in strata.items()
            for group, count in stratum["pool"].items()
        ],
        schema={"stratum": pl.String, "tradition": pl.String, "pairs": pl.Float64},
        orient="row",
    )


def _sizes(sample: pl.DataFrame, strata: dict[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """By kind of group and group ("" and "" for the whole), how many pairs each stratum has of it."""
    cells, drawn = _cells(strata), weighed(sample, strata)
    parts = {
        "": cells.with_columns(name=pl.lit("")),
        "tradition": cells.rename({"tradition": "name"}),
        "province": drawn.rename({"province": "name", "weight": "pairs"}),
    }
    sizes: dict[str, dict[str, dict[str, float]]] = {kind: {} for kind in parts}
    for kind, part in parts.items():
        summed = part.group_by("name", "stratum").agg(pl.col("pairs").sum()).sort("name", "stratum")
        for name, stratum, pairs in summed.iter_rows():
            sizes[kind].setdefault(name, {})[stratum] = pairs
    sizes[""].setdefault("", {})
    return sizes


def _measured(
    measure: str, labels: pl.DataFrame, sizes: dict[str, float], of_whole: Measured | None
) -> Measured:
    found, missed = SIDES[measure]
    of_found = labels.filter(pl.col("stratum").is_in(found))
    of_missed = labels.filter(pl.col("stratum").is_in(missed))
    number = min(side.height for side in ([of_found, of_missed] if missed else [of_found]))
    # A stratum of which nobody said anything could hold any number of misses, unless it is next to nothing.
    unheard = sum(sizes.get(name, 0) for name in {*found, *missed} - set(labels["stratum"]))
    linked = sum(sizes.get(name, 0) for name in LINKED)
    if number < LEAST_LABELS or unheard > NEGLIGIBLE * linked:
        return Measured(number, None, "too_small")
    estimate = found_of_all(of_found, of_missed) if missed else proportion(of_found)
    if estimate is None:
        return Measured(number, None, "too_small")
    whole = of_whole.estimate if of_whole else None
    worse = whole is not None and estimate.high < whole.value - ROUNDING
    return Measured(number, estimate, "below" if worse else "ok")


def _groups(
    kind: str, labels: pl.DataFrame, sizes: dict[str, dict[str, float]], whole: dict[str, Measured]
) -> dict[str, dict[str, Measured]]:
    return {
        name: {
            measure: _measured(measure, labels.filter(pl.col(kind) == name), strata, whole[measure])
            for measure in MEASURES
        }
        for name, strata in sorted(sizes.items())
    }


def _stratum(name: str, strata: dict[str, Any], sample: pl.DataFrame) -> dict[str, float]:
    drawn = sample.filter(pl.col("stratum") == name)
    labels = drawn["same"].drop_nulls()
    return {
        "pairs": strata[name]["pairs"],
        "drawn": drawn.height,
        "labelled": labels.len(),
        "same": int(labels.sum()),
    }


def _audit(conn: Connection, audit_id: str | None) -> Any:
    query = select(review_audit).order_by(review_audit.c.drawn_at.desc(), review_audit.c.audit_id)
    if audit_id:
        query = query.where(review_audit.c.audit_id.startswith(audit_id, autoescape=True))
    found = conn.execute(query.limit(2)).all()
    if not found or (audit_id and len(found) > 1):
        raise WrongUseError(
            f"{'More than one' if found else 'No'} audit begins with {audit_id}."
            if audit_id
            else "No audit was drawn yet: `jendela review audit draw`."
        )
    return found[0]


def _sample(conn: Connection, keyring: Keyring, audit_id: str) -> pl.DataFrame:
    """`case_id, stratum, province, tradition, same`; the last is null until the case is decided."""
    case, item = review_case.c, review_sample.c
    query = (
        select(case.case_id, case.left_id, case.right_id, item.stratum, item.sealed)
        .join(review_sample, item.case_id == case.case_id)
        .where(item.audit_id == audit_id)
    )
    drawn = frames.read(conn, query)
    told = unseal_many(keyring, drawn["sealed"], REVIEW_SAMPLE).cast(pl.String)
    group = told.str.json_decode(pl.Struct(dict.fromkeys(GROUPS, pl.String))).struct.unnest()
    decided = last_decisions(conn).select("left_id", "right_id", same=pl.col("verdict") == MUST)
    joined = drawn.drop("sealed").hstack(group).join(decided, on=["left_id", "right_id"], how="left")
    return joined.drop("left_id", "right_id")
