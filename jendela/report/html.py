"""The HTML edition: one file that opens anywhere, prints, and switches languages by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from jendela.contracts.agreements import Agreements
from jendela.model.balance import DELIVERIES, ROWS
from jendela.report import comparison, pictures
from jendela.report.flow import Stream, flow
from jendela.report.night_report import NightReport
from jendela.report.words import Words

SHOWN = 100  # rows of one group in the page; all of them are in the CSV beside it
SECTIONS = (
    "glance", "completeness", "rows", "held", "discrepancies", "obligations", "deliveries", "letters",
    "returns", "identity", "versions", "evidence",
)  # fmt: skip
VERSION_KINDS = ("contract", "mapping")  # the families that have one version for each member


def page(report: NightReport, agreements: Agreements) -> str:
    """The whole page as text.

    Raises:
        AgreementError: the catalogue lacks a text the page uses.
    """
    words = Words(agreements)
    environment = Environment(
        loader=PackageLoader("jendela.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(number=_number, plain_number=_plain_number)
    environment.globals.update(
        w=words, t=words.t, called=words.called, rule=words.rule, office=words.office,
        bar=lambda counts, colours, label: pictures.stacked(
            counts, colours, label, lambda name: words.spoken(f"count.{name}")
        ),
        outcomes=pictures.OUTCOMES, answers=pictures.ANSWERS, bands=pictures.age_bands,
        lines=comparison.lines, absent=comparison.absent, total=_total,
        row_balance=ROWS, delivery_balance=DELIVERIES, sections=SECTIONS, shown=SHOWN,
    )  # fmt: skip
    return environment.get_template("night.html").render(
        r=report,
        offices=_by_office(report),
        last={item["feed"]: item["last"] for item in report.completeness},
        recipients=_by_recipient(report),
        intake=_intake(report, words),
        answered=_answered(report, words),
        versions=_versions(report.versions),
    )


def _number(value: int) -> Markup:
    """A count with thin spaces between thousands; nothing stands as a quiet dot."""
    return Markup('<span class="quiet">·</span>') if not value else _plain_number(value)


def _plain_number(value: int) -> Markup:
    return escape(f"{value:,}".replace(",", "\u202f"))


def _total(lines: Mapping[str, Mapping[str, int]], name: str) -> int:
    return sum(counts.get(name, 0) for counts in lines.values())


def _by_office(report: NightReport) -> list[dict[str, Any]]:
    """The offices of tonight with their feeds: whether each came, and its counts."""
    found = []
    for office in report.offices:
        feeds = [item for item in report.completeness if item["office"] == office]
        found.append(
            {
                "office": office,
                "feeds": feeds,
                "came": sum(item["state"] in ("came", "empty") for item in feeds),
                "lines": [(item, report.feeds.get(item["feed"])) for item in feeds],
            }
        )
    return found


def _by_recipient(report: NightReport) -> dict[str, dict[str, dict[str, int]]]:
    """The deliveries by recipient; the delivery is what follows the last dot of its name."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for name, counts in report.deliveries.items():
        recipient, _, delivery = name.rpartition(".")
        found.setdefault(recipient, {})[delivery] = counts
    return found


def _intake(report: NightReport, words: Words) -> Markup:
    """From the offices to the outcomes of their rows."""
    streams = []
    for office in report.offices:
        own = [item for item in report.completeness if item["office"] == office]
        came, feeds = any(item["state"] != "missing" for item in own), [item["feed"] for item in own]
        counts = {
            name: sum(report.feeds.get(feed, {}).get(name, 0) for feed in feeds) for name in pictures.OUTCOMES
        }
        streams.append(Stream(words.office_text(office), counts, came))
    return _flow(streams, pictures.OUTCOMES, "flow.intake", words)


def _answered(report: NightReport, words: Words) -> Markup:
    """From the recipients' offices to the answers they gave."""
    counts: dict[str, dict[str, int]] = {}
    for name, answers in report.deliveries.items():
        line = counts.setdefault(words.home(name.rpartition(".")[0]), {})
        for answer in pictures.ANSWERS:
            line[answer] = line.get(answer, 0) + answers.get(answer, 0)
    order = [*report.offices, *(office for office in counts if office not in report.offices)]
    told = [(office, counts[office]) for office in order if any(counts.get(office, {}).values())]
    streams = [Stream(words.office_text(office), line) for office, line in told]
    return _flow(streams, pictures.ANSWERS, "flow.deliveries", words)


def _flow(streams: list[Stream], colours: Mapping[str, str], title: str, words: Words) -> Markup:
    ends = {name: (words.text(f"count.{name}"), colour) for name, colour in colours.items()}
    return flow(streams, ends, words.text(title), words.text("flow.silent"), words.text("flow.others"))


def _versions(versions: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The versions by kind: `contract` and `mapping` have members, each other kind is one version."""
    kinds: dict[str, dict[str, str]] = {}
    for name, value in sorted(versions.items()):
        head, _, rest = name.partition(".")
        if head in VERSION_KINDS:
            kinds.setdefault(head, {})[rest] = value
        elif rest:  # the pull names a mapping by its feed alone
            kinds.setdefault("mapping", {})[name] = value
        else:
            kinds.setdefault(name, {})[""] = value
    single = [(kind, list(members.items())) for kind, members in kinds.items() if kind not in VERSION_KINDS]
    return [
        *sorted(single),
        *((kind, sorted(kinds[kind].items())) for kind in VERSION_KINDS if kind in kinds),
    ]
