"""What has happened so far to contributions, benefits, trainings and disputes: the memory of these flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jendela.demo.careers import Employment
    from jendela.demo.claims import Claim, Registration
    from jendela.demo.truth import Discrepancy


@dataclass(slots=True)
class Notice:
    """A notice of the employment service to BPJS; `acted` is the day on which BPJS stopped the benefit."""

    number: str
    claim: Claim
    reason: str
    sent: date
    acted: date | None = None


@dataclass(slots=True)
class Ended:
    """A planted defect that ends some day, and how: the row that is changed then."""

    defect: Discrepancy
    on: date
    agency: str
    table: str
    where: dict[str, object]
    values: dict[str, object]


@dataclass(slots=True)
class Late:
    """A monthly report that is handed in on a day long after its month, and ends a defect."""

    defect: Discrepancy
    on: date
    registration: Registration
    month: date
    order: int


@dataclass(slots=True)
class Quarrel:
    """A dispute that goes on while days pass."""

    number: str
    employment: Employment
    effective: date


@dataclass
class FlowBook:
    """`paid` is the number of months paid by claim; `stopped` are claims that are paid no longer.

    `insured` are the employments whose months are written, `final` the keys of
    periods that are not posted yet.
    """

    paid: dict[str, int] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    trained: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)
    endings: list[Ended] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    quarrels: list[Quarrel] = field(default_factory=list)
    insured: list[Employment] = field(default_factory=list)
    final: list[dict[str, object]] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)

    def serial(self, purpose: str) -> int:
        """The next number of a series of its own."""
        self.serials[purpose] = self.serials.get(purpose, 0) + 1
        return self.serials[purpose]
