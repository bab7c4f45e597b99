"""A task that was killed without a receipt: its office is named, nothing is concluded, it is caught up."""

from __future__ import annotations

import json
import os

import pytest

from connectors.letters import LettersConnector
from jendela import catch_up, night
from jendela.demo.advance import advance
from jendela.model.errors import UnfinishedError
from jendela.night import BY_OFFICE
from jendela.store import lease


def without(demo, *lost):
    """A night as Airflow has it when these steps of these offices died: the others go on."""
    with demo.hub() as hub:
        tonight = night.begin(hub, None, (), "airflow", None)
        try:
            for step, scope in night.plan(tonight):
                if (step, scope) not in lost:
                    night.perform(hub, tonight, step, scope)
        finally:
            lease.release(hub, "airflow")
    file = demo.folder / "state" / "reports" / tonight.label / "report.json"
    return json.loads(file.read_text(encoding="utf-8"))


def states(report, office):
    """The states of an office's feeds in the statement."""
    return {line["state"] for line in report["statement"]["lines"] if line["office"] == office}


def test_an_office_whose_pull_died_is_missing_in_every_feed_and_can_be_caught_up(second):
    """Balikpapan's worker ran out of memory: the night says so, and what the office owes is fetched later."""
    advance(second.folder)
    report = without(second, *((step, "dinas_6471") for step in BY_OFFICE))
    with second.hub() as hub:
        feeds = set(hub.agreements.offices["dinas_6471"].feeds)
    assert states(report, "dinas_6471") == {"late"}
    lost = {item["feed"]: item for item in report["missing"] if item["office"] == "dinas_6471"}
    assert set(lost) == feeds
    assert {item["kind"] for item in lost.values()} == {"lost"}
    assert all("jendela catch-up dinas_6471" in item["remedy"] for item in lost.values())
    assert "dinas_6471" in {one["office"] for one in report["statement"]["silent"]}
    assert {one["feed"] for one in report["completeness"] if one["state"] == "missing"} >= feeds
    with second.hub() as hub:
        (outcome,) = catch_up.run(hub, "dinas_6471", "test", os.getpid()).outcomes
    assert not [item for item in outcome.missing if item.office == "dinas_6471"]


def test_a_feed_that_landed_and_was_not_judged_is_told_as_that(second):
    """Karawang's validate died: its news are in no register, and nobody counts the office as complete."""
    advance(second.folder)
    report = without(second, ("validate", "dinas_3215"))
    assert "not_judged" in states(report, "dinas_3215")
    assert "not_judged" in {one["state"] for one in report["completeness"] if one["office"] == "dinas_3215"}
    assert "dinas_3215" in {one["office"] for one in report["statement"]["silent"]}
    pulled = next(r for r in second.run().receipts if r.step == "pull" and r.scope == "dinas_3215")
    assert sum(counts["changes"] for counts in pulled.counts.values()) > 0


def test_a_delivery_that_died_is_named(second):
    """BPJS got nothing tonight: every delivery to it is in the report, with what becomes of it."""
    report = without(second, ("deliver", "bpjs"))
    lost = [item for item in report["missing"] if item["way"] == "delivery" and item["kind"] == "lost"]
    assert {item["office"] for item in lost} == {"bpjs"}


def test_a_night_without_its_merge_is_not_closed(second):
    """Airflow skips the rest and runs close all the same: it refuses, and the night is finished later."""
    advance(second.folder)
    after = ("merge", "identify", "consolidate", "reconcile")
    with pytest.raises(UnfinishedError, match="merge, identify, consolidate, reconcile did not end"):
        without(second, *((step, "") for step in after))
    outcome = second.run()
    assert str(outcome.night.day) == "2026-09-02"
    assert outcome.receipts[-1].step == "close"


@pytest.fixture
def unforeseen(monkeypatch):
    """Balikpapan's letters break the reader in a way that nobody foresaw; the error's text names somebody."""

    def broken(*_):
        raise ValueError("Siti Nurhaliza")

    monkeypatch.setattr(LettersConnector, "documents", broken)


def test_what_nobody_foresaw_at_one_office_does_not_end_the_night(second, unforeseen, caplog):
    """The others' news are merged and delivered; the office is missing, and the log names nobody."""
    advance(second.folder)
    outcome = second.run()
    assert outcome.needs_a_person
    assert outcome.receipts[-1].step == "close"
    assert {item.office for item in outcome.missing if item.lost} == {"dinas_6471"}
    assert "pull of dinas_6471: internal error ValueError at " in caplog.text
    assert "Siti" not in caplog.text
    file = second.folder / "state" / "reports" / outcome.night.label / "report.json"
    report = json.loads(file.read_text(encoding="utf-8"))
    assert states(report, "dinas_6471") == {"late"}


def test_a_catch_up_that_failed_within_holds_no_later_night_up(second, unforeseen):
    """It is closed with its office missing, and the next night begins."""
    advance(second.folder)
    with second.hub() as hub:
        (outcome,) = catch_up.run(hub, "dinas_6471", "test", os.getpid()).outcomes
    assert outcome.needs_a_person
    assert outcome.receipts[-1].step == "close"
    assert second.run().night.supplement == 0
