"""The page and the catalogue: what the page says is in it, and it holds nothing that nobody says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from jendela.contracts import messages
from jendela.law import load_law
from jendela.model.receipt import Night
from jendela.night import plan
from jendela.report import html, words
from jendela.validate.measures import STEP as MEASURES
from jendela.validate.measures import UNJUDGED
from tests.report.conftest import agreements, sample, silent

ROOT = Path(__file__).parents[2]
LEAVES = ("receipt", "decision", "release", "view", "erasure", "retention")  # jendela/evidence/ledger.py
# Families that other readers are told: test_words.py in tests/identity/review and tests/identity/explain,
# test_data_docs.py in tests/validate, tests/onboard.
ELSEWHERE = (
    "agreement.",
    "docs.",
    "explain.",
    "intake.",
    "letter.",
    "letter_findings.",
    "onboard.",
    "reason.",
    "render.",
    "return.",
    "review.",
    "signature.",
    "train.",
)
VERSIONS = (
    "agreements",
    "contract",
    "mapping",
    "law",
    "letter_rules",
    "readings",
    "measures",
    "model",
    "standardisation",
    "discrepancies",
)


class Heard(dict):
    """A catalogue that remembers which of its texts were asked for."""

    def __init__(self, texts):
        super().__init__(texts)
        self.asked = set()

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        """As a family asks: with something else to say."""
        self.asked.add(key)
        return super().get(key, default)


def families():
    """The keys of all members that the agreements and the steps have tonight."""
    with (ROOT / "schemas" / "discrepancies.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    agreed = agreements()
    deliveries = [spec for office in agreed.offices.values() for spec in office.deliveries.values()]
    resignation = load_law(None).readings.resignation_statement
    rules = re.findall(r"^\| `([A-Z0-9-]+)` \|", (ROOT / "docs/reference/rules.md").read_text(), re.MULTILINE)
    steps = {step for step, _ in plan(Night(None, 1, ("bpjs",)))} - {"close"}
    members = {
        "rule": rules,
        "severity": [*{row["severity"] for row in found}, "info"],
        "owner": [*{row["owner"] for row in found}, resignation.owner],
        "delivery": [spec.delivery for spec in deliveries],
        "unit": [name.rsplit(".", 1)[1] for name in agreed.recipients if "." in name],
        "entity": [*agreed.contracts, "shared_nik", "person"],
        "kind": ["resignation_statement"],
        "step": steps,
        "version": VERSIONS,
        "leaf": LEAVES,
        "missing.halted": ["shrink", "storm", "ahead", MEASURES, UNJUDGED],
        "value": ["hidden"],
    }
    return {f"{family}.{name}" for family, names in members.items() for name in names}


def test_the_page_and_the_catalogue_hold_the_same_texts(monkeypatch):
    """Every text that is used exists, and none stands there unused."""
    real = messages.load_messages(agreements().folder)
    heard = Heard(real.texts)
    monkeypatch.setattr(words, "load_messages", lambda folder: messages.Messages(heard))
    broken = sample()
    broken.balanced = False
    broken.night = "2026-09-03-s1"
    for report in (sample(), broken, silent()):
        html.page(report, agreements())
    used = heard.asked | families()
    assert sorted(families() - set(real.texts)) == [], "has no words"
    ours = {key for key in real.texts if not key.startswith(ELSEWHERE)}
    assert sorted(ours - used) == [], "is never said"


def test_labels_that_stand_in_the_style_sheet_cannot_end_it():
    """The heads of columns are repeated by CSS on narrow screens: no quote, no bracket, no backslash."""
    heads = (
        "office",
        "reason",
        "remedy",
        "last",
        "field",
        "feed",
        "place",
        "since",
        "number",
        "owner",
        "due",
        "side_a",
        "side_b",
        "state",
    )
    texts = messages.load_messages(agreements().folder).texts
    for name in heads:
        assert not re.search(r'["\'\\<>&]', texts[f"report.{name}"].id + texts[f"report.{name}"].en)


def test_an_office_of_tomorrow_is_shown_by_its_own_names():
    """A delivery, an owner, a recipient that the catalogue does not know yet is named, not refused."""
    report = sample()
    report.offices.append("dinas_9171")
    report.deliveries["dinas.9171.training.courses"] = {"due": 1, "pending_after": 1}
    report.discrepancies[0].rows[0]["owner"] = "inspection"
    page = html.page(report, agreements())
    assert "dinas.9171.training" in page
    assert "courses" in page
    assert "inspection" in page
