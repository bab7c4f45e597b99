"""The report's files: HTML for people, JSON for programs, CSV for tables. Same input, same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from jendela.model.errors import WrongUseError
from jendela.model.receipt import Digest, Night, Receipt, night_label
from jendela.privacy import places
from jendela.report.csv_tables import COLUMNS, tables
from jendela.report.groups import hidden_fields
from jendela.report.html import page
from jendela.report.night_report import NightReport, build
from jendela.report.workbook import workbook
from jendela.store.artefacts import write_whole
from jendela.store.hub import Hub
from jendela.store.slices import make_folder

HTML, JSON = "report.html", "report.json"
EDITIONS = {"html": HTML, "json": JSON, "csv": "discrepancies.csv"}


def write(
    hub: Hub,
    night: Night,
    receipts: Sequence[Receipt],
    balances: dict[str, dict[str, int]],
    statement: dict[str, Any],
) -> tuple[Digest, ...]:
    """The files of the night's report, with their digests; each is written whole or not at all."""
    hidden = hidden_fields(hub.agreements.contracts)
    with hub.begin() as conn:
        report = build(conn, night, receipts, balances, hidden, statement, partial(places.told, hub))
    folder = Path("reports") / night.label
    editions = {
        HTML: page(report, hub.agreements),
        JSON: as_json(report),
        **tables(report),
    }
    make_folder(hub.state / folder)
    return tuple(_put(hub.state, folder / name, text.encode()) for name, text in editions.items())


def as_json(report: NightReport) -> str:
    """The JSON edition; docs/how-to/read-the-report.md describes it."""
    whole = report.as_dict()
    first = ("schema", "night", "seq", "statement")
    ordered = {name: whole[name] for name in (*first, *sorted(set(whole) - set(first)))}
    return json.dumps(_sorted(ordered), indent=1, ensure_ascii=False) + "\n"


def _sorted(whole: dict[str, Any]) -> dict[str, Any]:
    """The parts in their order, each with its keys sorted."""
    return {name: json.loads(json.dumps(part, sort_keys=True)) for name, part in whole.items()}


def _put(state: Path, path: Path, content: bytes) -> Digest:
    write_whole(state / path, content)
    return Digest(path.as_posix(), hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def render(hub: Hub, day: date, fmt: str, lang: str, out: Path, supplement: int = 0) -> None:
    """A copy of a closed night's report, as it was logged; `lang` is the language the HTML opens in.

    `csv` is the table of discrepancies; the others lie beside it in the state folder; `xlsx` has all of them.

    Raises:
        WrongUseError: that night has no report.
    """
    label = night_label(day, supplement)
    folder = hub.state / "reports" / label
    if not (folder / HTML).is_file():
        raise WrongUseError(
            f"There is no report of the night {label}: it was never closed, or its date is another."
        )
    content = _edition(folder, fmt, lang)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


def _edition(folder: Path, fmt: str, lang: str) -> bytes:
    if fmt == "xlsx":
        return workbook({name: (folder / name).read_text(encoding="utf-8") for name in COLUMNS})
    content = (folder / EDITIONS[fmt]).read_bytes()
    if fmt != "html" or lang != "en":
        return content
    text = content.decode()
    text = text.replace('<html lang="id">', '<html lang="en">', 1)
    text = text.replace('id="lang-id" checked', 'id="lang-id"', 1)
    return text.replace('id="lang-en"', 'id="lang-en" checked', 1).encode()
