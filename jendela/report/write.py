"""The report's files: HTML for people, JSON for programs, CSV for spreadsheets. Same input, same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jendela.model.errors import WrongUseError
from jendela.model.receipt import Digest, Night, Receipt
from jendela.report.html import page
from jendela.report.night_report import NightReport, build
from jendela.store.hub import Hub

HTML, JSON = "report.html", "report.json"
TABLES = {"csv": "discrepancies.csv"}


def write(
    hub: Hub, night: Night, receipts: Sequence[Receipt], balances: dict[str, dict[str, int]]
) -> tuple[Digest, ...]:
    """The files of the night's report, with their digests; each is written whole or not at all."""
    with hub.begin() as conn:
        report = build(conn, night, receipts, balances)
    folder = Path("reports") / str(night.day)
    editions: dict[str, Callable[[], str]] = {
        HTML: lambda: page(report, hub.agreements),
        JSON: lambda: json.dumps(report.as_dict(), indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        "balance.csv": lambda: _csv(_balance_rows(report)),
        "held.csv": lambda: _csv(_section_rows(report.held, "rule")),
        "discrepancies.csv": lambda: _csv(_section_rows(report.discrepancies, "code")),
        "obligations.csv": lambda: _csv(_section_rows(report.obligations, "kind")),
    }
    return tuple(_write(hub.state, folder / name, make().encode()) for name, make in editions.items())


def _write(state: Path, path: Path, content: bytes) -> Digest:
    target = state / path
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
    return Digest(path.as_posix(), hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def render(hub: Hub, day: date, fmt: str, lang: str, out: Path) -> None:
    """A copy of a closed night's report, as it was logged; `lang` is the language the HTML opens in.

    `csv` is the table of discrepancies; the others lie beside it in the state folder.

    Raises:
        WrongUseError: that night has no report.
    """
    name = {"html": HTML, "json": JSON, **TABLES}[fmt]
    source = hub.state / "reports" / str(day) / name
    if not source.is_file():
        raise WrongUseError(
            f"There is no report of the night {day}: it was never closed, or its date is another."
        )
    content = source.read_text(encoding="utf-8")
    if fmt == "html" and lang == "en":
        content = content.replace('id="lang-id" checked', 'id="lang-id"').replace(
            'id="lang-en"', 'id="lang-en" checked', 1
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(content, encoding="utf-8")


def _balance_rows(report: NightReport) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "name": name, "count": count, "number": number}
        for kind, lines in (("feed", report.feeds), ("delivery", report.deliveries))
        for name, counts in lines.items()
        for count, number in counts.items()
    ]


def _section_rows(sections: Sequence[Any], key: str) -> list[dict[str, Any]]:
    return [
        {
            key: section.key,
            **{f: v for f, v in section.figures.items() if f in ("entity", "field", "severity")},
            **_flat(row),
        }
        for section in sections
        for row in section.rows
    ]


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{name}_{part}": inner for part, inner in value.items()})
        else:
            flat[name] = value
    return flat


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """RFC 4180 text; a value that a spreadsheet would run as a formula is quoted with an apostrophe."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return out.getvalue()


def _inert(value: Any) -> Any:  # whatever a row holds
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
