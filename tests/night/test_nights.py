"""Nights as their operator meets them: repeated, rehearsed, contended, quiet; and what lies on the disk."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from datetime import date

import pytest

from jendela import night
from jendela.demo.advance import advance
from jendela.evidence.verify import verify
from jendela.model.errors import NightBusyError, WrongUseError
from jendela.store import lease, nights
from tests.night import content


def files(folder):
    """Every file below a folder with its digest."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("hub.sqlite")
    }


def test_a_night_without_news_carries_nothing_beyond_pull(second):
    """No day has passed: everything is unchanged, nothing is judged, nothing new is due."""
    outcome = second.run()
    pulled = [counts for r in outcome.receipts if r.step == "pull" for counts in r.counts.values()]
    assert sum(counts.get("changes", 0) for counts in pulled) == 0
    assert sum(counts.get("unchanged", 0) for counts in pulled) > 0
    due = {
        name: c["due"]
        for r in outcome.receipts
        if r.step == "deliver"
        for name, c in r.counts.items()
        if c.get("due")
    }
    assert due == {}


def test_a_closed_night_asked_for_again_is_not_done_again(second):
    """The same receipts come back, and not a byte of the state changes."""
    before = files(second.folder / "state")
    outcome = second.run(day=second.settings.first_night)
    assert outcome.night.seq == 1
    assert files(second.folder / "state") == before


def test_a_dry_run_changes_nothing_anywhere(second):
    """No watermark, register, delivery, file or log entry; yet it says what would have happened."""
    advance(second.folder)
    with second.hub() as hub:
        register = content.register(hub)
    before, inboxes = files(second.folder), content.inboxes(second.folder)
    outcome = second.run(dry_run=True)
    assert any(c.get("accepted") for r in outcome.receipts if r.step == "validate" for c in r.counts.values())
    assert files(second.folder) == before
    assert content.inboxes(second.folder) == inboxes
    with second.hub() as hub:
        assert content.register(hub) == register


def test_a_second_start_says_who_holds_the_night_and_stops(second):
    """A living process holds it: this one. Another token is refused, and the night is not touched."""
    with second.hub() as hub:
        opened = night.begin(hub, None, (), "first", os.getpid())
        with pytest.raises(NightBusyError, match=f"process {os.getpid()}"):
            night.run(hub, None, (), "second", os.getpid())
        lease.release(hub, "first")
    assert second.run().night == opened


def test_a_run_that_is_refused_has_opened_nothing(second, caplog):
    """By hand for BPJS alone, while another run ends: refused; the next night is of all offices."""
    with second.hub() as hub:
        lease.acquire(hub, second.settings.first_night, "scheduled", None)
        with pytest.raises(NightBusyError):
            night.begin(hub, None, ("bpjs",), "by hand", os.getpid())
        lease.release(hub, "scheduled")
        opened = night.begin(hub, None, (), "scheduled again", os.getpid())
    assert (opened.seq, opened.offices) == (2, second.settings.offices)
    assert [one.message for one in caplog.records if one.name.startswith("jendela")] == []


def test_an_open_night_says_that_it_goes_on_with_its_own_offices(second, caplog):
    """It was begun for BPJS; asked for again without a list it stays that, and the operator is told."""
    with second.hub() as hub:
        night.begin(hub, None, ("bpjs",), "mine", os.getpid())
        caplog.clear()
        assert night.begin(hub, None, (), "mine", os.getpid()).offices == ("bpjs",)
    (said,) = caplog.messages
    assert said.startswith(
        "The night of 2026-09-02 was opened with bpjs, and goes on with them; asked for were"
    )


def test_a_day_that_is_refused_keeps_no_lease(second):
    """Nights are not opened backwards; whoever asked does not hold up the next run."""
    with second.hub() as hub:
        with pytest.raises(WrongUseError, match="backwards"):
            night.begin(hub, date(2026, 8, 1), (), "mine", None)
        lease.acquire(hub, second.settings.first_night, "other", os.getpid())


def test_an_open_night_names_the_office_that_the_configuration_lost(second):
    """Its folder was taken away while the night was open: said by name, and nobody's lease is left behind."""
    with second.hub() as hub:
        nights.open_night(hub, None, ("bpjs", "pabrik"))
        with pytest.raises(
            WrongUseError, match="opened with pabrik, of which the configuration says nothing"
        ):
            night.begin(hub, None, (), "mine", None)
        lease.acquire(hub, second.settings.first_night, "other", os.getpid())


def test_an_office_that_is_not_configured_is_refused(second):
    """A typing mistake in --office is wrong use, not an empty night."""
    with second.hub() as hub, pytest.raises(WrongUseError, match="dinas_9999"):
        night.run(hub, None, ("dinas_9999",), "x", os.getpid())


def test_the_evidence_of_two_nights_verifies_and_a_changed_byte_does_not(second):
    """One byte in a landing file, a delivery or a report is found and the file is named."""
    advance(second.folder)
    second.run()
    state = second.folder / "state"
    assert verify(state / "evidence", state).findings == ()
    chosen = [
        next(iter(sorted(state.glob("landing/*/bpjs/*.parquet")))),
        next(iter(sorted(state.glob("nights/*/deliver/*letters*.parquet")))),
        next(iter(sorted(state.glob("reports/*/report.html")))),
    ]
    for file in chosen:
        sound = file.read_bytes()
        middle = len(sound) // 2
        file.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
        findings = verify(state / "evidence", state).findings
        assert [finding for finding in findings if file.name in str(finding)], file.name
        file.write_bytes(sound)
    log = state / "evidence" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"received":', b'"recieved":', 1))
    assert verify(state / "evidence").findings


def test_nobody_is_named_on_the_disk(second):
    """No NIK, name or mother's name of any BPJS participant is in clear in any file of the hub's state."""
    with sqlite3.connect(second.folder / "bpjs" / "smile.sqlite") as conn:
        rows = conn.execute(
            "SELECT NOMOR_IDENTITAS, NAMA_LENGKAP, NAMA_IBU_KANDUNG FROM TK_BIODATA"
        ).fetchall()
    numbers = {nik.strip() for nik, _, _ in rows if nik and len(nik.strip()) == 16}
    names = {
        name.strip()
        for row in rows
        for name in row[1:]
        if name and " " in name.strip() and len(name.strip()) > 12
    }
    assert len(numbers) > 100
    assert len(names) > 100
    wanted = [value.encode() for value in sorted(numbers | names)]
    for path in sorted((second.folder / "state").rglob("*")):
        if path.is_file():
            held = path.read_bytes()
            found = sum(value in held for value in wanted)
            assert found == 0, (path.name, found)
