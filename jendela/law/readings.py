"""The readings of the agreed codes: where the law leaves room, what the product does, as configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from jendela.law.files import Strict

Types = tuple[str, ...]


class Facts(Strict):
    """When records are about one thing; all in days."""

    spell_start_days: int = Field(ge=0)
    termination_days: int = Field(ge=0)
    spell_end_days: int = Field(ge=0)


class MissingWorker(Strict):
    """WRK-01: days of grace after the registration."""

    grace_days: int = Field(ge=0)


class MissingReport(Strict):
    """PHK-02: the causes at BPJS that an office must have been told of."""

    causes: Types


class DifferingLetters(Strict):
    """LET-01: which letters, which amounts, and which letters explain a difference themselves.

    `told` are fields that open nothing by themselves and are shown when they differ too.
    """

    letter_types: Types
    explained_by: Types
    unknown_reasons: Types
    amounts: Types
    amount_tolerance: int = Field(ge=0)
    told: Types


class MissingCopy(Strict):
    """LET-02: letters that count as a copy."""

    letter_types: Types


class JudgedLetters(Strict):
    """LET-03, LET-04, LET-09, CON-02: letters that are looked at."""

    letter_types: Types


class DifferingReasons(Strict):
    """LET-05: letters that are looked at, and the reasons that a cause at BPJS may stand for.

    A cause that is not listed says nothing about the reason.
    """

    letter_types: Types
    unknown_reasons: Types
    causes: Mapping[str, Types]


class DisguisedDismissal(Strict):
    """LET-06: what says that somebody resigned, and the cause at BPJS that says dismissed.

    Reasons that tell of a dismissal are those that this cause may stand for (LET-05).
    """

    letter_types: Types
    reasons: Types
    dismissed: str


class AlteredLetter(Strict):
    """LET-08: states of a signature that are a finding, and claims whose file is compared."""

    signatures: Types
    claim_status: Types


class LateClaim(Strict):
    """CLM-01: claims that are looked at."""

    claim_status: Types


class UnknownLetter(Strict):
    """LET-07: letters that carry a claim, and claims that are looked at."""

    letter_types: Types
    claim_status: Types


class MissingRegistration(Strict):
    """PES-01: claims that are looked at, and whose silence withholds a finding."""

    claim_status: Types
    offices: Literal["every", "competent"]


class RejectedForProof(Strict):
    """CLM-04: rejections that are looked at, and letters that are proof."""

    claim_status: Types
    rejection_reasons: Types
    letter_types: Types


class OwedStatement(Strict):
    """A resignation: the causes at BPJS, the statement owed, who chases it, in how many working days."""

    causes: Types
    letter_types: Types
    owner: str
    working_days: int = Field(ge=1)


class Letters(Strict):
    """Rules of letters where the agreed form, not a law, sets the measure: rupiah, days, months, percent."""

    sum_tolerance: int = Field(ge=0)
    contract_end_days: int = Field(ge=0)
    service_months: int = Field(ge=0)
    wage_percent: int = Field(ge=0)


class Returns(Strict):
    """A letter that goes back to its sender: in how many working days it should be mended."""

    working_days: int = Field(ge=1)


class Readings(Strict):
    """All readings; `version` is recorded with everything that they judge."""

    version: str
    facts: Facts
    withheld_by_review: Types
    wrk01: MissingWorker = Field(alias="WRK-01")
    phk02: MissingReport = Field(alias="PHK-02")
    let01: DifferingLetters = Field(alias="LET-01")
    let02: MissingCopy = Field(alias="LET-02")
    let03: JudgedLetters = Field(alias="LET-03")
    let04: JudgedLetters = Field(alias="LET-04")
    let05: DifferingReasons = Field(alias="LET-05")
    let06: DisguisedDismissal = Field(alias="LET-06")
    let07: UnknownLetter = Field(alias="LET-07")
    let08: AlteredLetter = Field(alias="LET-08")
    let09: JudgedLetters = Field(alias="LET-09")
    pes01: MissingRegistration = Field(alias="PES-01")
    clm01: LateClaim = Field(alias="CLM-01")
    clm04: RejectedForProof = Field(alias="CLM-04")
    con02: JudgedLetters = Field(alias="CON-02")
    resignation_statement: OwedStatement
    letters: Letters
    returns: Returns
