"""Reasons of termination as the law treats them: article, notice, whether the office is owed a letter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from jendela.law.files import Strict, parse_csv


class Reason(Strict):
    """One reason code. `jkp` is an indicator only (Y, N, C conditional, R needs a ruling): BPJS decides.

    `office_copy` says whether the labour office is owed a letter at all: resignation, end of contract,
    retirement and death need none (UU 13/2003 Pasal 151A). `notice` says which period of notice is owed
    before it (PP 35/2021 Pasal 37). `fixed_term` says when it can end a fixed-term contract: on its last day,
    before it, whenever, or not at all. `letter_types` are the kinds of letter that state it (none: any).
    """

    code: str
    article: str | None
    initiator: Literal["EMPLOYER", "WORKER", "MUTUAL", "CONTRACT_END", "LAW"] | None
    notice: Literal["ordinary", "probation", "none"]
    office_copy: Literal["required", "not_required"]
    fixed_term: Literal["at_end", "early", "any", "no"]
    letter_types: tuple[str, ...]
    jkp: Literal["Y", "N", "C", "R"]
    jkp_note: str
    verified: bool

    @field_validator("letter_types", mode="before")
    @classmethod
    def _listed(cls, cell: object) -> object:
        """Names with a blank between them; an empty cell is none."""
        return str(cell).split() if cell is not None else ()


def load_reasons(file: Path) -> dict[str, Reason]:
    """The reasons by code.

    Raises:
        AgreementError: a row cannot be used; its line is named.
    """
    return {reason.code: reason for reason in parse_csv(file, Reason)}


def without_office_copy(reasons: Iterable[Reason]) -> list[str]:
    """The codes for which the office is owed no letter."""
    return [reason.code for reason in reasons if reason.office_copy == "not_required"]


def codes_where(reasons: Iterable[Reason], **wanted: str) -> list[str]:
    """The codes of the reasons whose fields have these values: `codes_where(reasons, notice="ordinary")`."""
    return [
        reason.code
        for reason in reasons
        if all(getattr(reason, field) == value for field, value in wanted.items())
    ]
