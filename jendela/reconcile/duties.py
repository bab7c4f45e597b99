"""Who owns a discrepancy, its severity, and when it is due: `schemas/discrepancies.csv`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import schemas
from jendela.model.errors import AgreementError

COLUMNS = ("code", "severity", "owner", "working_days_due", "rule_version")


@dataclass(frozen=True)
class Duties:
    """By code: `severity, owner, working_days_due, rule_version`. `digest` is the SHA-256 of the file."""

    by_code: pl.DataFrame
    digest: str


def load_duties(agreements: Path | None) -> Duties:
    """The list of an agreements folder (the one that holds `schemas`), or of the installed one.

    Raises:
        AgreementError: the file or a column is missing, a code is twice, or a number of days is none.
    """
    installed = Path(next(iter(schemas.__path__)))
    file = (agreements / "schemas" if agreements else installed) / "discrepancies.csv"
    try:
        content = file.read_bytes()
    except OSError:
        raise AgreementError(file.name, None, "file", "is missing or cannot be read.") from None
    rows = pl.read_csv(content, infer_schema=False)
    if missing := [name for name in COLUMNS if name not in rows.columns]:
        raise AgreementError(file.name, 1, missing[0], "is a column that must be there.")
    typed = rows.select(*COLUMNS).with_columns(pl.col("working_days_due").cast(pl.Int64, strict=False))
    for line, row in enumerate(typed.iter_rows(named=True), start=2):
        if row["working_days_due"] is None or row["working_days_due"] < 1:
            raise AgreementError(file.name, line, "working_days_due", "is not a number of days.")
    if not typed["code"].is_unique().all():
        raise AgreementError(file.name, None, "code", "has a code twice.")
    return Duties(typed, hashlib.sha256(content).hexdigest())
