"""Data Docs: an office's measures, tonight beside its own past, and nobody in them."""

from __future__ import annotations

import hashlib
import json
import re

import polars as pl

from jendela.contracts.measure_judge import MeasureJudge
from jendela.contracts.measures import load_measures
from jendela.contracts.messages import load_messages
from jendela.validate import data_docs, measures
from jendela.validate.batch_measures import measure
from tests.validate.stories import CODES, CONTRACTS, NIGHT, ROOT, SITI
from tests.validate.test_measures import brought, many

FOLDER = "reports/2026-10-{}/data_docs"


def test_the_page_shows_what_broke_what_is_believed_and_the_nights_before(intake):
    """A third of the rows held after a good night: both values, the limit and the rule, in both languages."""
    brought(intake, 0, many(100))
    brought(intake, 1, many(67, 33))
    page = (intake.hub.state / FOLDER.format(16) / "bpjs.html").read_text()
    broken = next(
        row for row in re.findall(r'<tr class="broken">.*?</tr>', page, re.DOTALL) if "HELD-RISE" in row
    )
    assert "33 %" in broken
    assert "≤ 20 %" in broken
    assert "Far more rows are held" in broken
    assert "Jauh lebih banyak baris ditahan" in broken
    held = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "<b>G-HELD</b>" in row)
    assert '<span title="2026-10-15">0 %</span>' in held  # the night before


def test_a_handful_of_rows_is_shown_and_not_judged(intake):
    """Three held of four: the page says the share, and that four rows say nothing of a batch."""
    brought(intake, 0, many(1, 3))
    page = (intake.hub.state / FOLDER.format(15) / "bpjs.html").read_text()
    assert "0 / 0" in page
    assert "75 %" in page
    assert "Too few rows came tonight" in page
    assert "broken" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_what_was_not_judged_is_not_shown_as_good(intake):
    """An office of which too few rows came has no tick among the offices; one that was judged has."""
    brought(intake, 0, many(1, 3))
    page = (intake.hub.state / FOLDER.format(15) / "index.html").read_text()
    assert '<td class="quiet">·</td>' in page
    assert "✓" not in page
    brought(intake, 1, many(100))
    assert '<td class="good">✓</td>' in (intake.hub.state / FOLDER.format(16) / "index.html").read_text()


def test_the_pages_head_is_of_one_piece(intake):
    """A margin that runs out of the header would show the ground between it and the tables."""
    brought(intake, 0, many(100))
    page = (intake.hub.state / FOLDER.format(15) / "bpjs.html").read_text()
    assert re.search(r"(?<![\w.])header \{ display: flow-root; \}", page)


def test_the_pages_fetch_nothing_and_link_home(intake):
    """No script, no address but those beside them: an auditor opens them on a machine without a network."""
    brought(intake, 0, many(100))
    for name in ("bpjs.html", "index.html"):
        page = (intake.hub.state / FOLDER.format(15) / name).read_text()
        assert "<script" not in page
        assert not re.search(r'(src|href)="[a-z]+:', page)
        assert 'href="../report.html"' in page
        assert "default-src 'none'" in page


def test_nobody_is_in_them(intake):
    """Siti typed her name where the sex belongs; not one of her values is in any file of the Data Docs."""
    frame = many(300).with_columns(sex=pl.lit(SITI["full_name"]))
    brought(intake, 0, many(300))
    brought(intake, 1, frame)
    files = sorted((intake.hub.state / "reports").rglob("data_docs/*"))
    assert len(files) == 6
    for file in files:
        text = file.read_text()
        for field in ("nik", "full_name", "phone", "kpj"):
            assert str(SITI[field]) not in text, (file.name, field)


def test_they_are_in_the_evidence(intake):
    """The receipt has each file's digest, and Great Expectations' own result says what it judged."""
    night = intake.night()
    brought(intake, 0, many(40, 60))
    digests = [one for one in measures.run(intake.hub, night).artefacts if "data_docs" in one.path]
    assert [one.path.rpartition("/")[2] for one in digests] == ["bpjs.html", "bpjs.json", "index.html"]
    for one in digests:
        assert hashlib.sha256((intake.hub.state / one.path).read_bytes()).hexdigest() == one.sha256
    result = json.loads((intake.hub.state / digests[1].path).read_text())
    assert result["statistics"]["unsuccessful_expectations"] == 2
    assert result["meta"]["run_id"]["run_name"] == "2026-10-15"


def test_a_step_that_was_killed_gives_the_same_result_again():
    """Judged twice from the start, as after a kill before the receipt: the clock is not in the result."""
    rules = load_measures(None, CONTRACTS)
    measured = measure("f", {"received": 4}, {"employment": [many(40)]}, CONTRACTS, CODES, rules, NIGHT)
    first, again = (
        json.dumps(data_docs._result(MeasureJudge(rules).judge("bpjs", NIGHT, measured, measured.clear())))
        for _ in range(2)
    )
    assert first == again


def test_the_catalogue_has_what_the_pages_say():
    """And nothing else under `docs`."""
    templates = (ROOT / "jendela/validate/templates").glob("*.html")
    said = {key for file in templates for key in re.findall(r't\("(docs\.[a-z_]+)"', file.read_text())}
    rows = (ROOT / "jendela/report/templates/sections/rows.html").read_text()
    said |= set(re.findall(r't\("(docs\.[a-z_]+)"', rows))
    assert {key for key in load_messages(ROOT).texts if key.startswith("docs.")} == said
