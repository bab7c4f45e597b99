"""Data Docs: what Great Expectations said of each office's night, as pages beside the report.

Its own pages fetch styles and scripts from six hosts; ours are made from the same validation results, need
nothing from elsewhere, and speak both languages. Its results lie beside them as JSON, for its own tools.
They hold measures alone: shares, counts and days, never a value of a person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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
from jendela.store.slices import make_folder

SHARES = ("_rate", "_rise", "_share", "_shift")  # measures shown in per cent
RATIOS = ("_ratio", "_change")


@dataclass(frozen=True)
class Line:
    """One expectation of the page; `met` is None where too few rows came to judge it.

    `past` is (night, value) of earlier nights, the earliest first.
    """

    met: bool | None
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
            of=office, feeds=_by_feed(found), counted=_counted(found)
        )
        for office, found in lines.items()
    }
    pages["index.html"] = environment.get_template("data_docs_index.html").render(
        offices={office: _counted(found) for office, found in lines.items()}
    )
    for office, verdict in verdicts.items():
        pages[f"{office}.json"] = json.dumps(_result(verdict), indent=1, sort_keys=True) + "\n"
    folder = f"reports/{night.label}/data_docs"
    make_folder(hub.artefacts.root / folder)
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
    """Those that are not met first, then those that are, by feed and rule; last what could not be judged."""
    found = []
    for answer in verdict.result.results:
        limits = answer.expectation_config.kwargs
        bounds = [(sign, limits.get(name)) for sign, name in (("≥", "min_value"), ("≤", "max_value"))]
        value = float(answer.result["observed_value"])
        found.append(_line(bool(answer.success), answer.expectation_config.meta, value, bounds, past))
    found += [_line(None, about, about["value"], [], past) for about in verdict.too_few]
    order = {False: 0, True: 1, None: 2}
    return sorted(found, key=lambda line: (order[line.met], line.feed, line.rule, line.about))


def _line(
    met: bool | None,
    about: Mapping[str, Any],
    value: float,
    bounds: Sequence[tuple[str, float | None]],
    past: Mapping[tuple[str, str, str], tuple[tuple[date, float], ...]],
) -> Line:
    measure = about["measure"]
    earlier = past.get((about["feed"], measure, about["of"]), ())
    return Line(
        met=met,
        rule=about["rule"],
        text_id=about["text_id"],
        text_en=about["text_en"],
        feed=about["feed"],
        measure=measure,
        about=about["of"],
        rows=int(about["rows"]),
        value=_shown(measure, value),
        usual=_shown(measure, about["usual"]),
        limits=" ".join(f"{sign} {_shown(measure, bound)}" for sign, bound in bounds if bound is not None),
        past=tuple((str(day), _shown(measure, then)) for day, then in earlier),
    )


def _counted(lines: list[Line]) -> tuple[int, int]:
    """How many expectations are met, of how many that were judged."""
    return sum(line.met is True for line in lines), sum(line.met is not None for line in lines)


def _by_feed(lines: list[Line]) -> dict[str, list[Line]]:
    feeds = sorted({line.feed for line in lines})
    return {feed: [line for line in lines if line.feed == feed] for feed in feeds}


def _past(history: pl.DataFrame) -> dict[tuple[str, str, str], tuple[tuple[date, float], ...]]:
    """The values of each measure on earlier nights, by feed, measure and what it is about."""
    of = pl.concat_str(["entity", "field", "code"], separator=".", ignore_nulls=True)
    found: dict[tuple[str, str, str], tuple[tuple[date, float], ...]] = {}
    told = history.select("feed", "measure", of.alias("of"), "night", "value")
    told = told.sort("night", maintain_order=True)
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
