"""Data Docs: what Great Expectations said of each office's night, as pages beside the report.

Its own pages fetch styles and scripts from six hosts; ours are made from the same validation results, need
nothing from elsewhere, and speak both languages. Its results lie beside them as JSON, for its own tools.
They hold measures alone: shares, counts and days, never a value of a person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from jendela.contracts.measure_judge import Judged
from jendela.contracts.messages import Text
from jendela.model.receipt import Digest, Night
from jendela.report.words import Words, both
from jendela.store.artefacts import write_whole
from jendela.store.hub import Hub

SHARES = ("_rate", "_rise", "_share", "_shift")  # measures shown in per cent
RATIOS = ("_ratio", "_change")


@dataclass(frozen=True)
class Line:
    """One expectation of the page. `past` is (night, value) of earlier nights, the earliest first."""

    met: bool
    rule: str
    text_id: str
    text_en: str
    feed: str
    measure: str
    about: str
    rows: int
    value: str
    usual: str
    limits: str
    past: tuple[tuple[str, str], ...]


def write(
    hub: Hub, night: Night, verdicts: Mapping[str, Judged], history: pl.DataFrame
) -> tuple[Digest, ...]:
    """The digests of the pages and results of `night`, in `reports/<night>/data_docs/`.

    `history` are the measures of earlier nights (columns as `MEASURED`, and `night`).
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("jendela.validate"), PackageLoader("jendela.report")]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    words = Words(hub.agreements)
    environment.globals.update(
        w=words, t=words.t, office=words.office, night=str(night.day),
        both=lambda id_, en: both(Text(id_, en)),
    )  # fmt: skip
    past = _past(history)
    lines = {office: _lines(verdict, past) for office, verdict in verdicts.items()}
    pages = {
        f"{office}.html": environment.get_template("data_docs_office.html").render(
            of=office, feeds=_by_feed(found), met=sum(line.met for line in found), total=len(found)
        )
        for office, found in lines.items()
    }
    pages["index.html"] = environment.get_template("data_docs_index.html").render(
        offices={office: (sum(line.met for line in found), len(found)) for office, found in lines.items()}
    )
    for office, verdict in verdicts.items():
        pages[f"{office}.json"] = json.dumps(_result(verdict), indent=1, sort_keys=True) + "\n"
    folder = f"reports/{night.day}/data_docs"
    (hub.artefacts.root / folder).mkdir(parents=True, exist_ok=True)
    return tuple(_put(hub, f"{folder}/{name}", page.encode()) for name, page in sorted(pages.items()))


def _put(hub: Hub, path: str, content: bytes) -> Digest:
    write_whole(hub.artefacts.root / path, content)
    return Digest(path, hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def _result(verdict: Judged) -> dict[str, Any]:
    """Great Expectations' result without what differs when the step is repeated."""
    result: dict[str, Any] = verdict.result.to_json_dict()
    for volatile in ("batch_markers", "validation_time", "validation_id", "checkpoint_id"):
        result["meta"].pop(volatile, None)
    result.pop("id", None)
    for answer in result["results"]:
        answer["expectation_config"].pop("id", None)
    return result


def _lines(
    verdict: Judged, past: Mapping[tuple[str, str, str], tuple[tuple[date, float], ...]]
) -> list[Line]:
    """Those that are not met first, then by feed and rule."""
    found = []
    for answer in verdict.result.results:
        about = answer.expectation_config.meta
        key = (about["feed"], about["measure"], about["of"])
        measure, limits = about["measure"], answer.expectation_config.kwargs
        bounds = [(sign, limits.get(name)) for sign, name in (("≥", "min_value"), ("≤", "max_value"))]
        found.append(
            Line(
                met=bool(answer.success),
                rule=about["rule"],
                text_id=about["text_id"],
                text_en=about["text_en"],
                feed=about["feed"],
                measure=measure,
                about=about["of"],
                rows=int(about["rows"]),
                value=_shown(measure, float(answer.result["observed_value"])),
                usual=_shown(measure, about["usual"]),
                limits=" ".join(
                    f"{sign} {_shown(measure, bound)}" for sign, bound in bounds if bound is not None
                ),
                past=tuple((str(day), _shown(measure, value)) for day, value in past.get(key, ())),
            )
        )
    return sorted(found, key=lambda line: (line.met, line.feed, line.rule, line.about))


def _by_feed(lines: list[Line]) -> dict[str, list[Line]]:
    feeds = sorted({line.feed for line in lines})
    return {feed: [line for line in lines if line.feed == feed] for feed in feeds}


def _past(history: pl.DataFrame) -> dict[tuple[str, str, str], tuple[tuple[date, float], ...]]:
    """The values of each measure on earlier nights, by feed, measure and what it is about."""
    of = pl.concat_str(["entity", "field", "code"], separator=".", ignore_nulls=True)
    found: dict[tuple[str, str, str], tuple[tuple[date, float], ...]] = {}
    told = history.select("feed", "measure", of.alias("of"), "night", "value").sort("night")
    for feed, measure, about, night, value in told.iter_rows():
        found[feed, measure, about] = (*found.get((feed, measure, about), ()), (night, value))
    return found


def _shown(measure: str, value: float | None) -> str:
    """A measure as a person reads it: 12.5 %, 1.8 ×, or a number."""
    if value is None:
        return ""
    if measure.endswith(SHARES):
        return f"{100 * value:.3g} %"
    return f"{value:.3g} ×" if measure.endswith(RATIOS) else f"{value:,.0f}".replace(",", "\u202f")
