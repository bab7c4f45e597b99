"""What is to go wrong, how often: the plans terminations are made by. One termination follows one plan, so
that the truth about it is one sentence."""

from __future__ import annotations

from dataclasses import dataclass

ANY, TWO_BOOKS, SILENT = "any office", "an office with two books", "a silent office"
"""Where a plan is for: at any office that delivers; at one that keeps reports and letters apart; where none
delivers, so that nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`share` of the dismissals, at least `least`, at workplaces of the kind `where`.

    `claim` says whether a claim follows. `latest` is how many days before the first night the end must lie.
    """

    name: str
    share: float
    least: int
    where: str
    claim: bool
    latest: int = 20


PLANS = (
    # Defects: each gives exactly one discrepancy.
    Plan("PHK-02 nothing", 0.03, 2, ANY, claim=False, latest=27),
    Plan("PHK-02 letter only", 0.02, 2, ANY, claim=False, latest=27),
    Plan("LET-01", 0.05, 4, ANY, claim=True),
    Plan("LET-01 upload", 0.01, 1, TWO_BOOKS, claim=False),
    Plan("LET-02", 0.03, 2, TWO_BOOKS, claim=False),
    Plan("LET-07", 0.04, 2, TWO_BOOKS, claim=True),
    Plan("PES-01", 0.04, 3, ANY, claim=True),
    Plan("CLM-04", 0.04, 3, ANY, claim=True, latest=30),
    # Look like defects and are none.
    Plan("rejected before the report came", 0.02, 1, TWO_BOOKS, claim=True, latest=30),
    Plan("letter at BPJS only", 0.02, 1, TWO_BOOKS, claim=False),
    Plan("corrected", 0.02, 2, ANY, claim=True),
    Plan("withdrawn", 0.01, 2, ANY, claim=False),
    Plan("claim withdrawn", 0.02, 1, ANY, claim=True),
    Plan("too few months", 0.02, 1, ANY, claim=True),
    Plan("settled", 0.03, 2, ANY, claim=True),
    # The office is silent, or there is none: nothing may be concluded.
    Plan("silent office", 0.14, 3, SILENT, claim=True),
    Plan("silent office, no claim", 0.06, 1, SILENT, claim=False),
    # As it should be.
    Plan("in order, no claim", 0.12, 3, ANY, claim=False),
    Plan("in order", 0.29, 5, ANY, claim=True),
)

PENDING_DAYS = (26, 27, 28)
"""PHK-02 to come: dismissals at the end of August 2026 that nobody has reported. From then to Christmas no
weekday is a holiday, so the eighth working day is the eighth weekday."""


def how_many(plan: Plan, dismissals: int) -> int:
    """The number of terminations made by a plan."""
    return max(plan.least, round(plan.share * dismissals))
