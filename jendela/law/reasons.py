"""Reasons of termination as the law treats them: article, notice, whether the office is owed a letter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from jendela.law.files import Strict, parse_csv


class Reason(Strict):
    """One reason code. `jkp` is an indicator only (Y, N, C conditional, R needs a ruling): BPJS decides.

    `office_copy` says whether the labour office is owed a letter at all: resignation, end of contract,
    retirement and death need none (UU 13/2003 Pasal 151A).
    """

    code: str
    article: str | None
    initiator: Literal["EMPLOYER", "WORKER", "MUTUAL", "CONTRACT_END", "LAW"] | None
    notice_working_days: int | None
    office_copy: Literal["required", "not_required"]
    jkp: Literal["Y", "N", "C", "R"]
    verified: bool


def load_reasons(file: Path) -> dict[str, Reason]:
    """The reasons by code.

    Raises:
        AgreementError: a row cannot be used; its line is named.
    """
    return {reason.code: reason for reason in parse_csv(file, Reason)}


def without_office_copy(reasons: Iterable[Reason]) -> list[str]:
    """The codes for which the office is owed no letter."""
    return [reason.code for reason in reasons if reason.office_copy == "not_required"]
