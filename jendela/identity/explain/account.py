"""The account of a pair: its verdict, who else it could be, and what each field adds. Pure.

Every number is a weight in bits, the log2 of a ratio: +1 makes one person twice as likely. The steps of an
account add up to the weight that decided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.compare.names import SPELT
from jendela.identity.compare.reasons import CODES
from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.contributions import PRIOR, STRANGER, contributions, together
from jendela.identity.judge.judge import CERTAIN
from jendela.identity.judge.model import BY_COMMONNESS, LEVELS
from jendela.identity.judge.sums import row_totals
from jendela.identity.resolve import Fit

# Steps of an account that are no field; CERTAIN is another.
BEFORE, OTHERS = "before", "others"
# Kinds of commonness: who bears a value, and among whom such a finding is how rare.
BEARERS, PARTS, BORN, STRANGERS, OWN = "bearers", "parts", "born", "strangers", "own"
# Where one in four or more looks so, nothing need be said.
USUAL = 0.25


@dataclass(frozen=True)
class Common:
    """How common a finding is: one in so many, of a kind."""

    kind: str
    one_in: float


@dataclass(frozen=True)
class Line:
    """One field. `code` is a reason code, None where one record does not say; `bits` by other explanation."""

    field: str
    code: str | None
    common: Common | None
    bits: dict[str, float]


@dataclass(frozen=True)
class Account:
    """One pair.

    left, right: the ids of the records.
    zone, tier, weight, against: as the judgement has them; `against` is the likeliest other explanation.
    before, totals: by other explanation the weight before any field is looked at, and after all.
    together: the weight against all of them at once; the certain tier lifts it to `weight`.
    evidence: the grades and bits that it is made from.
    notes: keys of the catalogue that say what else there is to know, each with its values.
    """

    left: str
    right: str
    zone: str
    tier: str
    weight: float
    against: str
    lines: tuple[Line, ...]
    before: dict[str, float]
    totals: dict[str, float]
    together: float
    evidence: dict[str, int | None]
    notes: tuple[tuple[str, dict[str, str]], ...] = ()

    @property
    def rival(self) -> str:
        """The likeliest explanation that is not a stranger."""
        rivals = {name: weight for name, weight in self.totals.items() if name != STRANGER}
        return min(rivals, key=rivals.__getitem__)

    @property
    def lift(self) -> float:
        """What the certain tier adds to the weight; 0 in the other."""
        return self.weight - self.together if self.tier == CERTAIN else 0.0

    @property
    def probability(self) -> float:
        """That the two are one person."""
        return 1 / (1 + 2**-self.weight)

    def steps(self, other: str) -> Iterator[tuple[str, float]]:
        """What the weight is made of, beginning with one other explanation: fields by name, and the rest."""
        yield BEFORE, self.before[other]
        for line in self.lines:
            if line.code:
                yield line.field, line.bits[other]
        yield OTHERS, self.together - self.totals[other]
        if self.lift:
            yield CERTAIN, self.lift

    def as_dict(self) -> dict[str, Any]:
        """The account as JSON values."""
        return {**asdict(self), "probability": self.probability, "rival": self.rival}


def accounts(
    ids: Sequence[tuple[str, str]], judged: pl.DataFrame, zones: Sequence[str], fit: Fit
) -> list[Account]:
    """The accounts of pairs, in order.

    Args:
        ids: what the two records of each pair are called.
        judged: the pairs as `fit.judged` gives them.
        zones: what became of each: link, review or apart.
    """
    parts = contributions(judged, fit.model, fit.rivals, fit.matches, fit.counted.population)
    totals = {other: row_totals(frame) for other, frame in parts.items()}
    joint = together(totals)
    made = []
    for row, (left, right) in enumerate(ids):
        said = judged.row(row, named=True)
        bits = {other: frame.row(row, named=True) for other, frame in parts.items()}
        made.append(
            Account(
                left,
                right,
                zones[row],
                said["tier"],
                said["weight"],
                said["against"],
                tuple(_line(field, said, bits, fit.model) for field in LEVELS),
                {other: values[PRIOR] for other, values in bits.items()},
                {other: values[row] for other, values in totals.items()},
                joint[row],
                {name: said[name] for name in (*GRADES, *SHARES)},
            )
        )
    return made


def _line(field: str, said: dict[str, Any], bits: dict[str, dict[str, float]], fitted: Probabilities) -> Line:
    grade = said[f"{field}_grade"]
    if grade is None:
        return Line(field, None, None, dict.fromkeys(bits, 0.0))
    adds = {other: values[field] for other, values in bits.items()}
    return Line(field, f"{field}_{CODES[field][grade]}", _common(field, grade, said, fitted), adds)


def _common(field: str, grade: int, said: dict[str, Any], fitted: Probabilities) -> Common | None:
    """Agreements: how many others would agree so; disagreements: how often one person's records differ so."""
    m, u = fitted[field][grade]
    if grade in BY_COMMONNESS.get(field, ()):
        whole = BEARERS if grade >= SPELT else PARTS
        return Common(BORN if field == "birth" else whole, 2.0 ** said[f"{field}_bits"])
    kind, share = (STRANGERS, u) if m > u else (OWN, m)
    return None if share >= USUAL else Common(kind, 1 / share)


def strongest_first(found: Sequence[Account]) -> list[Account]:
    """The pairs in order: first the strongest path that joins the records, then the others by weight."""
    ranked = sorted(found, key=lambda account: (-account.weight, account.left, account.right))
    group: dict[str, str] = {}

    def end(record: str) -> str:
        while group.setdefault(record, record) != record:
            record = group[record]
        return record

    path: list[Account] = []
    rest: list[Account] = []
    for account in ranked:
        one, other = end(account.left), end(account.right)
        (rest if one == other else path).append(account)
        group[other] = one
    return path + rest


def odds(bits: float) -> float:
    """How many times likelier (above one) or less likely (below) so many bits make one person."""
    return math.pow(2.0, min(bits, 1000.0))
