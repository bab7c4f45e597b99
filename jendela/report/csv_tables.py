"""The tables for spreadsheets: fixed columns, RFC 4180, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jendela.report.groups import Section
from jendela.report.night_report import NightReport

SIDE = ("office", "feed", "record_id", "field", "value", "as_of")
COLUMNS = {
    "statement.csv": (
        "office", "feed", "state", "due", "rows", "as_of", "late_since", "late_days", "repeated_files",
    ),
    "withheld.csv": ("code", "withheld"),
    "completeness.csv": ("office", "feed", "state", "received", "complete", "last"),
    "balance.csv": ("kind", "name", "count", "number"),
    "held.csv": ("rule", "held", "office", "feed", "place", "fields", "since"),
    "discrepancies.csv": (
        "code", "severity", "id", "state", "owner", "office", "person", "first", "age", "due", "overdue",
        *(f"side_a_{name}" for name in SIDE), *(f"side_b_{name}" for name in SIDE), "closing",
    ),
    "obligations.csv": ("kind", "id", "state", "owner", "person", "first", "age", "due", "overdue"),
}  # fmt: skip
# What makes a spreadsheet take a text for a formula, and the wide forms that it reads the same way.
FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def tables(report: NightReport) -> dict[str, str]:
    """The text of every table by its file's name."""
    rows = {
        "statement.csv": iter(report.statement["lines"]),
        "withheld.csv": (
            {"code": code, "withheld": count} for code, count in report.statement["withheld"].items()
        ),
        "completeness.csv": iter(report.completeness),
        "balance.csv": _balance(report),
        "held.csv": _sections(report.held, "rule"),
        "discrepancies.csv": _sections(report.discrepancies, "code", "severity"),
        "obligations.csv": _sections(report.obligations, "kind"),
    }
    return {name: _csv(columns, rows[name]) for name, columns in COLUMNS.items()}


def _balance(report: NightReport) -> Iterator[dict[str, Any]]:
    for kind, lines in (("feed", report.feeds), ("delivery", report.deliveries)):
        for name, counts in lines.items():
            for count, number in counts.items():
                yield {"kind": kind, "name": name, "count": count, "number": number}


def _sections(sections: Sequence[Section], key: str, *figures: str) -> Iterator[dict[str, Any]]:
    for section in sections:
        for row in section.rows:
            yield {key: section.key, **{name: section.figures[name] for name in figures}, **_flat(row)}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}_{part}": inner for part, inner in value.items()})
        else:
            flat[name] = " ".join(value) if isinstance(value, list) else value
    return flat


def _csv(columns: Sequence[str], rows: Iterator[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return out.getvalue()


def _inert(value: Any) -> Any:  # whatever a row holds
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; the rest stays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    one_kind = value.replace("\r\n", "\n").replace("\r", "\n")  # a lone return would end the row for some
    return f"'{one_kind}" if one_kind.lstrip(" ").startswith(FORMULA) else one_kind
