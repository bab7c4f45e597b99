"""What `jendela explain` found out: accounts of pairs, and the values behind them if they were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.compare.reasons import CODES
from jendela.identity.decisions import MUST
from jendela.identity.explain.account import Account
from jendela.identity.judge.contributions import prior
from jendela.identity.judge.model import settings
from jendela.identity.judge.waterfall import Waterfalls, waterfalls
from jendela.identity.policy import Policy
from jendela.identity.resolve import APART, LINK, Fit

# The columns of a mention that stand behind a comparison, in the order of the screen.
BEHIND = {
    "name": ("full_name",),
    "nik": ("national_id",),
    "birth": ("birth_date",),
    "mother": ("mother_name",),
    "sex": ("sex",),
    "email": ("email",),
    "kpj": ("kpj",),
    "phone": ("phone",),
    "place": ("birth_place",),
    "employer": ("employer_name", "employer_id", "start_date"),
    "residence": ("address", "region_code"),
}
# Numbers of one's own, by the grade of the same one: two people who share one are a finding.
SHARED = {"nik": max(CODES["nik"]), "kpj": max(CODES["kpj"])}
SHORT, OF_HUB = 16, 40
Values = dict[str, str]


@dataclass(frozen=True)
class Explained:
    """`own`: the pair, or the pairs of one person; `outside`: pairs of that person's records with others'.

    fit: what judged them.
    values: by record what it says, by comparison; empty unless somebody asked to see it.
    """

    fit: Fit
    own: tuple[Account, ...]
    outside: tuple[Account, ...] = ()
    person: str = ""
    records: int = 2
    values: Mapping[str, Values] = field(default_factory=dict)

    @property
    def pairs(self) -> tuple[Account, ...]:
        """All pairs in order."""
        return self.own + self.outside

    def waterfalls(self, most: int) -> Waterfalls:
        """Splink's waterfalls of the first pairs."""
        rows = [account.evidence for account in self.pairs[:most]]
        evidence = pl.DataFrame(rows, schema=dict.fromkeys((*GRADES, *SHARES), pl.Int8))
        chance = prior(self.fit.matches, self.fit.counted.population)
        return waterfalls(evidence, settings(self.fit.model, chance))


def short(identifier: str) -> str:
    """The beginning of an id of the hub, enough to ask again; an id of a file as it is."""
    return identifier[:SHORT] if len(identifier) >= OF_HUB else identifier


def values_of(row: Mapping[str, Any]) -> Values:
    """What a mention says, by comparison. In the hub an employer is shown by its name."""
    said: Values = {}
    for comparison, columns in BEHIND.items():
        shown = [str(row[name]) for name in columns if row.get(name) is not None]
        if comparison == "employer" and row.get("employer_name") is not None:
            shown = [str(row[name]) for name in ("employer_name", "start_date") if row.get(name) is not None]
        said[comparison] = ", ".join(_printable(part) for part in shown)
    return said


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def notes_on(
    account: Account, policy: Policy, decided: tuple[str, str] | None = None, *, met: bool = True
) -> tuple[tuple[str, dict[str, str]], ...]:
    """What else there is to know of a pair: keys of the catalogue, each with its values.

    Args:
        decided: what people said of it, and when.
        met: whether the two have a key in common, by which they would have been compared.
    """
    notes: list[tuple[str, dict[str, str]]] = []
    if decided:
        verdict, day = decided
        notes.append((f"explain.note.{'must_link' if verdict == MUST else 'cannot_link'}", {"day": day}))
    strong = account.weight >= policy.link_weight
    if account.zone == LINK and not strong and not decided:
        notes.append(("explain.note.by_others", {}))
    if account.zone != LINK and strong and not decided:
        notes.append(("explain.note.contested", {}))
    if account.zone == APART:
        notes += [
            (f"reason.shared_{field}", {})
            for field in SHARED
            if account.evidence[f"{field}_grade"] == SHARED[field]
        ]
    if not met:
        notes.append(("explain.note.not_met", {}))
    return tuple(notes)
