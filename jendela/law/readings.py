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


class Payments(Strict):
    """PAY, MON, TRN, PLC, DSQ, CLM-06: states in which a payment counts as paid."""

    states: Types


class Arrears(Strict):
    """CON-01: causes at BPJS, and days after a month by which its contribution is due."""

    causes: Types
    due_days: int = Field(ge=0)


class WageJump(Strict):
    """CON-03: causes at BPJS; more than so many percent within so many months up to the end."""

    causes: Types
    months: int = Field(ge=1)
    percent: int = Field(ge=0)


class AfterTheEnd(Strict):
    """CON-04: causes at BPJS that end a spell for good."""

    causes: Types


class StrangeHolder(Strict):
    """PAY-02: a likeness in percent of the account holder to the claimant below which they are not one."""

    likeness_below: int = Field(ge=0, le=100)


class WrongAmount(Strict):
    """PAY-03: rupiah by which an amount may differ."""

    amount_tolerance: int = Field(ge=0)


class Proof(Strict):
    """MON-01: the first month of the benefit that needs proof of the search for work."""

    first_month: int = Field(ge=1)


class MissedMeeting(Strict):
    """MON-04: what the report says of a meeting that was missed."""

    meetings: Types


class NeverAttended(Strict):
    """TRN-02: days after the payment during which no attendance at all may be recorded yet."""

    grace_days: int = Field(ge=0)


class ActedUpon(Strict):
    """DSQ-01: what BPJS did that is acting upon a notice, and what it did that makes the payment right."""

    actions: Types
    upheld: Types


class StoppedAlone(Strict):
    """DSQ-02: what stops a benefit, for reasons that only the employment service can know."""

    actions: Types
    reasons: Types


class JudgedClaims(Strict):
    """CLM-02, CLM-03: claims that are looked at."""

    claim_status: Types


class DeniedAsResigned(Strict):
    """CLM-05: rejections that are looked at, and the cause whose reasons (LET-05) tell of a dismissal."""

    claim_status: Types
    rejection_reasons: Types
    dismissed: str


class ExcludedCause(Strict):
    """CLM-06: causes at BPJS that exclude the benefit, and reasons of reports that contradict them."""

    causes: Types
    dismissed: str


class SeekingAtWork(Strict):
    """PES-02: states of a registration, and days of grace since it and since the spell began."""

    states: Types
    grace_days: int = Field(ge=0)


class Employers(Strict):
    """EMP-01, EMP-02, EMP-04, EMP-06: states of an employer that owes a registration."""

    states: Types


class MissingEmployer(Strict):
    """EMP-01, EMP-02: days of grace after the registration with the other body."""

    grace_days: int = Field(ge=0)


class DifferingFirms(Strict):
    """EMP-03: words that tell no names apart, those before a branch, types of the NPWP of persons."""

    ignored: Types
    branch: Types
    persons: Types


class MissingProgrammes(Strict):
    """EMP-04: by size of the enterprise the programmes that it must be registered for, the largest first."""

    programmes: Mapping[str, Types]


class NotRenewed(Strict):
    """EMP-06: months for which a report to WLKP holds, and days of grace after them."""

    months: int = Field(ge=1)
    grace_days: int = Field(ge=0)


class DeadAndActive(Strict):
    """ID-08: what says that somebody died, what that somebody is active, and the days of grace between."""

    grace_days: int = Field(ge=0)
    causes: Types
    letter_types: Types
    reasons: Types
    notices: Types
    marks: Types
    registrations: Types
    claim_status: Types


class UnreportedWorker(Strict):
    """WRK-02: days of grace after the registration; days between two starts that may be one worker's."""

    grace_days: int = Field(ge=0)
    mirror_days: int = Field(ge=0)


class DifferingStarts(Strict):
    """WRK-03: days by which two starts of one employment may differ."""

    days: int = Field(ge=0)


class Overlap(Strict):
    """WRK-04: days for which two spells may overlap."""

    days: int = Field(ge=0)


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
    payments: Payments
    con01: Arrears = Field(alias="CON-01")
    con03: WageJump = Field(alias="CON-03")
    con04: AfterTheEnd = Field(alias="CON-04")
    pay02: StrangeHolder = Field(alias="PAY-02")
    pay03: WrongAmount = Field(alias="PAY-03")
    mon01: Proof = Field(alias="MON-01")
    mon04: MissedMeeting = Field(alias="MON-04")
    trn02: NeverAttended = Field(alias="TRN-02")
    dsq01: ActedUpon = Field(alias="DSQ-01")
    dsq02: StoppedAlone = Field(alias="DSQ-02")
    clm02: JudgedClaims = Field(alias="CLM-02")
    clm03: JudgedClaims = Field(alias="CLM-03")
    clm05: DeniedAsResigned = Field(alias="CLM-05")
    clm06: ExcludedCause = Field(alias="CLM-06")
    pes02: SeekingAtWork = Field(alias="PES-02")
    employers: Employers
    emp01: MissingEmployer = Field(alias="EMP-01")
    emp02: MissingEmployer = Field(alias="EMP-02")
    emp03: DifferingFirms = Field(alias="EMP-03")
    emp04: MissingProgrammes = Field(alias="EMP-04")
    emp06: NotRenewed = Field(alias="EMP-06")
    id08: DeadAndActive = Field(alias="ID-08")
    wrk02: UnreportedWorker = Field(alias="WRK-02")
    wrk03: DifferingStarts = Field(alias="WRK-03")
    wrk04: Overlap = Field(alias="WRK-04")
    resignation_statement: OwedStatement
    letters: Letters
    returns: Returns
