"""The page: whole in itself, both languages, Splink's chart, nothing of what the records say unless asked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from jendela.contracts.messages import load_messages
from jendela.identity.explain.explained import Explained, values_of
from jendela.identity.explain.page import page
from jendela.identity.judge.contributions import STRANGER
from tests.identity.explain.people import PAIRS, ROWS, judged, raw

MESSAGES = load_messages()


class Parts(HTMLParser):
    """What a browser would fetch, the charts, and the text between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.charts: list[dict[str, Any]] = []
        self.text = ""
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag loads, and which script it opens."""
        named = dict(attrs)
        self.fetched += [str(named[name]) for name in ("src", "href", "action") if name in named]
        if tag in ("script", "style"):
            self._script = named.get("type") or tag

    def handle_endtag(self, tag: str) -> None:
        """A script is over."""
        if tag in ("script", "style"):
            self._script = ""

    def handle_data(self, data: str) -> None:
        """A chart, or text."""
        if self._script == "application/json":
            self.charts.append(json.loads(data))
        elif not self._script:
            self.text += data


@pytest.fixture(scope="module")
def explained() -> Explained:
    """The people of the test."""
    found, fit = judged()
    return Explained(fit, tuple(found))


@pytest.fixture(scope="module")
def html(explained: Explained) -> str:
    """Their page."""
    return page(explained, MESSAGES, 20)


def read(html: str) -> Parts:
    """The page as a browser takes it apart."""
    parts = Parts()
    parts.feed(html)
    return parts


def test_it_needs_no_network(html: str) -> None:
    """No link, no picture, no script from elsewhere; the browser is told to fetch nothing."""
    assert read(html).fetched == []
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert "vegaEmbed(place" in html
    assert len(html) > 800_000, "the libraries are in it"


def test_it_says_everything_in_both_languages(html: str) -> None:
    """Verdicts, fields, effects, and the note of a shared number."""
    text = read(html).text
    for said in (
        "Satu orang", "One person", "Perlu ditinjau", "For review", "Dua orang", "Two people",
        "Nomor identitas", "Identity number", "kali lebih mungkin", "times likelier",
        "Dua orang dengan satu nomor identitas", "Two people with one identity number",
    ):  # fmt: skip
        assert said in text, said
    for left, right in PAIRS:
        assert left in text
        assert right in text


def test_it_holds_nothing_of_what_the_records_say(html: str) -> None:
    """Not in a table, a chart or a tooltip."""
    for row in ROWS:
        for value in row[1:]:
            assert not value or len(value) < 5 or value not in html


def test_with_values_it_shows_them_and_says_so(explained: Explained) -> None:
    """In clear, escaped."""
    rows = {row["record_id"]: values_of(row) for row in raw().iter_rows(named=True)}
    rows["siti-1"]["name"] = "SITI <b>NUR</b>"
    shown = page(replace(explained, values=rows), MESSAGES, 20)
    text = read(shown).text
    assert "3273014507900001" in text
    assert "SITI <b>NUR</b>" in text
    assert "<b>NUR</b>" not in shown
    assert "memuat data pribadi" in text


def test_the_charts_are_splinks_and_end_at_the_weight(explained: Explained, html: str) -> None:
    """Of each pair and language: against a stranger, and against the likeliest other explanation."""
    charts = iter(read(html).charts)
    for account in explained.own:
        for final, prior in (("Akhir", "Awal"), ("Result", "Before")):
            for other in dict.fromkeys((STRANGER, account.against)):
                chart = next(charts)
                assert chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
                bars = chart["data"]["values"]
                assert bars[0]["column_name"] == prior
                assert bars[-1]["column_name"] == final
                total = account.totals[STRANGER] if other == STRANGER else account.weight
                assert bars[-1]["log2_bayes_factor"] == pytest.approx(total, abs=1e-6)
                assert sum(bar["log2_bayes_factor"] for bar in bars[:-1]) == pytest.approx(total, abs=1e-6)
                spec = json.dumps({name: part for name, part in chart.items() if name != "data"})
                assert not re.search(r"Final score|[\"']Prior[\"']|sql_condition", spec)
    assert next(charts, None) is None


def test_it_shows_at_most_so_many_pairs(explained: Explained) -> None:
    """And says how many more there are."""
    parts = read(page(explained, MESSAGES, 2))
    assert "3 more pairs are not shown" in parts.text
    assert "agus" not in parts.text
