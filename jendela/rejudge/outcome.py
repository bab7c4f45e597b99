"""What judging again would change, counted by rule; no value of anybody is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

# held: as before. other_rules: still held, by other rules. released: no rule holds it any longer.
# failing: an accepted letter breaks what it did not break. mended: it breaks something no longer.
STATES = ("held", "other_rules", "released", "failing", "mended", "unchanged")
LINE = {"feed": pl.String(), "record_id": pl.String(), "field": pl.String(), "rule": pl.String()}


@dataclass(frozen=True)
class FeedOutcome:
    """One feed judged again.

    `rows` has a line for each row (`feed, kind` held or accepted, `record_id, held_id, state` of `STATES`);
    `before` and `after` are the broken rules (`LINE`), `violations` the new JSON of held rows (`held_id,
    violations`), `findings` and `judged` what becomes of `letter_finding`.
    """

    feed: str
    rows: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    violations: pl.DataFrame
    findings: pl.DataFrame
    judged: pl.DataFrame


@dataclass(frozen=True)
class Outcome:
    """All feeds judged again, by the agreements of `versions`."""

    day: str
    feeds: tuple[FeedOutcome, ...]
    versions: dict[str, str]

    @property
    def states(self) -> dict[str, int]:
        """How many rows are in which state."""
        counted = self._rows().group_by("state").len()
        found = dict(counted.iter_rows())
        return {state: found.get(state, 0) for state in STATES}

    @property
    def changes(self) -> bool:
        """Whether doing it would change anything."""
        return any(self.states[state] for state in STATES if state not in ("held", "unchanged"))

    def by_rule(self) -> list[dict[str, Any]]:
        """For each feed and rule: how many rows broke it before and break it now."""
        parts = []
        for name in ("before", "after"):
            lines = pl.concat([pl.DataFrame(schema=LINE), *(getattr(one, name) for one in self.feeds)])
            unique = lines.unique(["feed", "record_id", "rule"])
            parts.append(unique.group_by("feed", "rule").agg(pl.len().alias(name)))
        both = parts[0].join(parts[1], on=["feed", "rule"], how="full", coalesce=True)
        counts = both.with_columns(pl.col(name).fill_null(0) for name in ("before", "after"))
        found: list[dict[str, Any]] = counts.sort("feed", "rule").to_dicts()
        return found

    def as_dict(self) -> dict[str, Any]:
        """As JSON values; the ledger keeps the same."""
        return {
            "day": self.day,
            "feeds": [one.feed for one in self.feeds],
            "states": self.states,
            "rules": self.by_rule(),
            "versions": self.versions,
        }

    def _rows(self) -> pl.DataFrame:
        return pl.concat(
            [pl.DataFrame(schema={"state": pl.String()}), *(one.rows.select("state") for one in self.feeds)]
        )
