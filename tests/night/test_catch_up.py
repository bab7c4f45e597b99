"""An office that was away is caught up beside the night: repeatable, resumable, balanced, in the ledger."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from jendela import catch_up, night
from jendela.cli import jendela
from jendela.demo.advance import advance
from jendela.evidence.verify import verify
from jendela.model.errors import NightBusyError, UnreachableError, WrongUseError
from jendela.store import lease, nights, tables
from jendela.store.records import versions_by_id
from tests.night import content, killed
from tests.night.conftest import move
from tests.night.test_nights import files


def caught(demo, office="bpjs", **options):
    """The office is caught up; what became of it."""
    with demo.hub() as hub:
        return catch_up.run(hub, office, "test", os.getpid(), **options)


def test_what_an_office_owes_is_taken_beside_the_closed_night(second):
    """A day passed at BPJS: its news reach register and inboxes now, and the night stays as it was."""
    before = files(second.folder / "state")
    advance(second.folder)
    (outcome,) = caught(second).outcomes
    assert (outcome.night.label, outcome.night.seq) == ("2026-09-01-s1", 2)
    accepted = sum(
        counts.get("accepted", 0)
        for one in outcome.receipts
        if one.step == "merge"
        for counts in one.counts.values()
    )
    assert accepted > 0
    state = second.folder / "state"
    after = files(state)
    kept = {path: sha for path, sha in before.items() if not path.startswith("evidence/")}
    assert {path: after[path] for path in kept} == kept
    assert (state / "reports" / "2026-09-01-s1" / "report.html").is_file()
    assert verify(state / "evidence", state).findings == ()
    closed = outcome.receipts[-1]
    assert closed.step == "close"
    assert {name.split(".")[0] for name in closed.counts if name.startswith("feed:")} == {"feed:bpjs"}
    said = json.loads((state / "reports" / "2026-09-01-s1" / "report.json").read_text(encoding="utf-8"))
    assert {line["office"] for line in said["statement"]["lines"]} == set(second.settings.offices)


def test_the_next_night_goes_on_from_there(second):
    """What the supplement took is no news to the night after it, whose number follows."""
    advance(second.folder)
    caught(second)
    outcome = second.run()
    assert (outcome.night.day, outcome.night.seq) == (date(2026, 9, 2), 3)
    pulled = next(one for one in outcome.receipts if one.step == "pull" and one.scope == "bpjs")
    assert sum(counts["changes"] for counts in pulled.counts.values()) == 0


def test_caught_up_and_then_a_night_is_the_register_of_one_night(second, tmp_path):
    """By way of a supplement or not, each record says the same.

    But for what the other agency tells of its own accord and word for word after the supplement delivered it:
    nobody can know that it is no echo, and an echo corroborates nothing.
    """
    advance(second.folder)
    straight = move(second.folder, tmp_path / "straight")
    straight.run()
    caught(second)
    second.run()
    said = []
    for demo in (straight, second):
        with demo.hub() as hub:
            echoes = {
                row["record_id"]
                for row in content.rows(hub, tables.source_row)
                if row["outcome"] == "echo" and row["feed"].startswith("kemnaker.")
            }
            current = {
                (row["record_id"], row["entity"], row["facts"])
                for row in content.rows(hub, versions_by_id)
                if row["seq_to"] is None
            }
            said.append(current)
    assert not said[1] - said[0]
    assert {record for record, _, _ in said[0] - said[1]} <= echoes
    assert len(said[0] - said[1]) < 10


def test_an_office_that_does_not_answer_is_not_begun(second):
    """Exit code 3; no number is used up, no lease kept, and nothing of the state changes."""
    before = files(second.folder / "state")
    with pytest.raises(UnreachableError):
        caught(second, "dinas_7371")
    assert files(second.folder / "state") == before
    shown = CliRunner().invoke(jendela, ["catch-up", "dinas_7371"], env=second.environ)
    assert isinstance(shown.exception, UnreachableError)
    assert shown.exception.exit_code == 3
    assert second.run().night.seq == 2


def test_the_command_says_what_was_due_and_what_came(second):
    """Exit code 1, for something needs a person; the label of the supplement is in the title."""
    advance(second.folder)
    shown = CliRunner().invoke(jendela, ["catch-up", "bpjs"], env=second.environ, standalone_mode=False)
    assert shown.return_value in (0, 1)
    assert "Due tonight and come: 4 of 5 offices" in shown.output
    assert "2026-09-01-s1" in shown.output


def test_a_night_under_way_is_not_disturbed(second):
    """Its lease is respected; and a night that was left open comes first."""
    with second.hub() as hub:
        lease.acquire(hub, second.settings.first_night, "other", os.getpid())
        with pytest.raises(NightBusyError):
            catch_up.run(hub, "bpjs", "mine", os.getpid())
        lease.release(hub, "other")
        night.begin(hub, None, (), "other", os.getpid())
        lease.release(hub, "other")
        with pytest.raises(WrongUseError, match="still open"):
            catch_up.run(hub, "bpjs", "mine", os.getpid())


def test_before_the_first_night_there_is_nothing_to_supplement(demo):
    """Wrong use, said in words."""
    with pytest.raises(WrongUseError, match="no night yet"):
        caught(demo)


@pytest.mark.slow
def test_killed_half_way_and_called_again_it_is_as_if_nothing_had_happened(second, tmp_path):
    """SIGKILL after the merge, in a process of its own; the second call finishes the same supplement."""
    advance(second.folder)
    undisturbed = move(second.folder, tmp_path / "undisturbed")
    caught(undisturbed)
    with undisturbed.hub() as hub:
        expected = content.register(hub)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(killed.IMPORTED)
    for boundary in (3, 11):
        process = processes.Process(
            target=killed.catch_up_attempt, args=(str(second.config), second.environ, "bpjs", boundary)
        )
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL
    (outcome,) = caught(second).outcomes
    assert outcome.night.label == "2026-09-01-s1"
    with second.hub() as hub:
        found = content.register(hub)
        with hub.reading() as conn:
            assert conn.execute(sa.select(sa.func.count()).select_from(tables.night)).scalar_one() == 2
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert content.inboxes(second.folder) == content.inboxes(undisturbed.folder)


def test_a_supplement_left_open_is_finished_by_the_next_night(second):
    """Nobody called again: the night at 01:00 first ends what was begun, then opens itself."""
    advance(second.folder)
    with second.hub() as hub:
        opened = nights.open_supplement(hub, "bpjs")
        assert (opened.label, opened.main_seq) == ("2026-09-01-s1", 1)
        with pytest.raises(WrongUseError, match="jendela catch-up bpjs"):
            nights.open_supplement(hub, "kemnaker")
    outcome = second.run()
    assert (outcome.night.label, outcome.night.seq) == ("2026-09-02", 3)
    with second.hub() as hub:
        assert nights.left_open(hub) is None
