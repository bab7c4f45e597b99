"""The HTML edition: one file that opens anywhere, prints, and switches languages by itself."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from jendela.contracts.messages import Messages, Text, load_messages
from jendela.report import pictures
from jendela.report.night_report import NightReport

SHOWN = 100  # rows of one group in the page; all of them are in the CSV beside it


def page(report: NightReport, agreements: Any) -> str:  # Agreements; the layer below knows its type
    """The whole page as text.

    Raises:
        AgreementError: the catalogue lacks a text the page uses.
    """
    folder = Path(agreements.folder)
    messages = load_messages(folder)
    labels = _code_labels(folder)

    def both(text: Text) -> Markup:
        return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(text.id, text.en)

    environment = Environment(
        loader=PackageLoader("jendela.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = _number
    environment.globals.update(
        t=lambda key: both(messages.text(key)),
        rule=lambda rule: both(messages.rule(rule)),
        code=lambda code: both(labels.get(code, Text(code, code))),
        office=lambda name: _office(agreements, name),
        bar=pictures.stacked, outcomes=pictures.OUTCOMES, answers=pictures.ANSWERS, bands=pictures.age_bands,
        shown=SHOWN,
    )  # fmt: skip
    return environment.get_template("night.html").render(r=report, plain=lambda key: messages.text(key).id)


def _number(value: int) -> Markup:
    """A count with thin spaces between thousands; nothing stands as a quiet dot."""
    return (
        Markup('<span class="quiet">·</span>') if not value else escape(f"{value:,}".replace(",", "\u202f"))
    )


def _office(agreements: Any, name: str) -> Markup:
    office = agreements.offices.get(name)
    if office is None:
        return escape(name)
    shown = Markup('<span lang="id">{}</span><span lang="en">{}</span> <code>{}</code>')
    return shown.format(office.name_id, office.name_en, name)


def _code_labels(folder: Path) -> dict[str, Text]:
    with (folder / "schemas" / "discrepancies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Text(row["label_id"], row["label_en"]) for row in csv.DictReader(file)}


def catalogue(folder: Path) -> Messages:
    """The catalogue of texts, for those who check that every key is used."""
    return load_messages(folder)
