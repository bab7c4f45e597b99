"""What verification found, said so that a person can go and look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    `file` is relative to the evidence folder or, for artefacts, to the state folder; `line` counts from 1.
    `night`, `step` and `scope` are those of the receipt concerned, where one is.
    """

    file: str
    problem: str
    line: int | None = None
    night: str | None = None
    step: str | None = None
    scope: str | None = None

    def __str__(self) -> str:
        """One sentence for the terminal."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        step = " ".join(part for part in (self.step, self.scope) if part)
        whose = f" (night {self.night}, {step})" if self.night and step else ""
        return f"{where}{whose}: {self.problem}"


@dataclass(frozen=True)
class Verification:
    """How many entries of the log and how many files were looked at, and what was wrong with them."""

    entries: int
    files: int
    findings: tuple[Finding, ...]
