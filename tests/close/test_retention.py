"""What is past its time is removed, and only what the ledger says is removed."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
import sqlalchemy as sa

from jendela.close import retention
from jendela.evidence import ledger
from jendela.evidence.commit import commit
from jendela.evidence.verify import verify
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night, Receipt
from jendela.register import quarantine
from jendela.store import tables
from tests.hubs import hub, hub_url, keyring, open_hub, settings

__all__ = ["hub", "hub_url", "keyring", "open_hub", "settings"]

OLD = Night(date(2026, 3, 2), 1, ("bpjs",))
NEWER = Night(date(2026, 3, 3), 2, ("bpjs",))
LATER = Night(date(2026, 6, 1), 3, ("bpjs",))  # 91 days after the first, 90 after the second
ROWS = pl.DataFrame({"NIK": ["3215011705900001"], "NAMA": ["SITI NURHALIZA"]})


def land(hub, night, feed, state):
    """A feed of this night, with its batch in this state and the files of its steps."""
    landed = hub.artefacts.land(night, "bpjs", feed, [ROWS.to_arrow()])
    mapped = hub.artefacts.write(night, "map", f"{feed}.employment", ROWS)
    with hub.begin() as conn:
        values = {
            "batch_id": f"{night.seq}-{feed}", "seq": night.seq, "office": "bpjs", "feed": feed,
            "state": state, "complete": True, "rows": 1, "landing": landed.path, "sha256": landed.sha256,
            "manifest": "{}",
        }  # fmt: skip
        conn.execute(sa.insert(tables.batch).values(values))
        commit(conn, Receipt(night.label, "pull", feed, {}, artefacts=(landed,)))
        commit(conn, Receipt(night.label, "map", feed, {}, artefacts=(mapped,)))
    return hub.state / landed.path, hub.state / mapped.path


def close(hub, night):
    """What a close does about retention."""
    with hub.begin() as conn:
        past = retention.declare(conn, hub, night)
    ledger.export(hub)
    retention.remove(hub.state, past)
    return past


def test_ninety_days(hub):
    """A night of 91 days ago is gone but for what is no longer of people; one of 90 days ago is there."""
    old, newer = land(hub, OLD, "bpjs.tk", "merged"), land(hub, NEWER, "bpjs.tk", "merged")
    counted = hub.artefacts.write(OLD, "identify", "frequencies", pl.DataFrame({"count": [1]}))
    with hub.begin() as conn:
        commit(conn, Receipt(OLD.label, "identify", "", {}, artefacts=(counted,)))
    assert close(hub, LATER) == ["landing/2026-03-02", "nights/2026-03-02/map"]
    assert [file.exists() for file in (*old, *newer)] == [False, False, True, True]
    assert (hub.state / counted.path).exists()
    assert verify(hub.state / "evidence", hub.state).findings == ()
    assert close(hub, LATER) == []


@pytest.mark.parametrize("state", ["halted", "released"])
def test_what_waits_keeps_its_landing(hub, state):
    """However old: it may still be released. Once another batch of the feed was taken it goes."""
    waits, taken = land(hub, OLD, "bpjs.tk", state), land(hub, OLD, "bpjs.klaim", "merged")
    close(hub, LATER)
    assert (waits[0].exists(), taken[0].exists()) == (True, False)
    assert hub.artefacts.read_landing(str(waits[0].relative_to(hub.state))).height == 1
    land(hub, NEWER, "bpjs.tk", "merged")
    assert close(hub, LATER) == ["landing/2026-03-02"]
    assert not waits[0].exists()
    assert verify(hub.state / "evidence", hub.state).findings == ()


def test_a_close_that_is_rolled_back_removes_nothing(hub):
    """And one that was killed after it was logged leaves files that are whole, and goes with the next."""
    landed, _ = land(hub, OLD, "bpjs.tk", "merged")

    def rolled_back():
        with hub.begin() as conn:
            retention.declare(conn, hub, LATER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rolled_back()
    assert landed.exists()
    with hub.begin() as conn:
        retention.declare(conn, hub, LATER)
    ledger.export(hub)
    assert landed.exists()
    assert verify(hub.state / "evidence", hub.state).findings == ()
    assert close(hub, LATER) == ["landing/2026-03-02", "nights/2026-03-02/map"]
    assert not landed.exists()


def test_a_rehearsal_removes_nothing(open_hub):
    """A dry run says nothing in the ledger either."""
    real = open_hub()
    landed, _ = land(real, OLD, "bpjs.tk", "merged")
    with open_hub(dry_run=True) as rehearsed:
        assert close(rehearsed, LATER) == []
    assert landed.exists()


def test_what_is_not_ours_stays(hub):
    """A folder that is no night's: verification tells of it, nobody removes it."""
    strange = hub.state / "landing" / "cadangan"
    strange.mkdir(parents=True)
    (strange / "a.csv").write_text("x", encoding="utf-8")
    land(hub, OLD, "bpjs.tk", "merged")
    close(hub, LATER)
    assert (strange / "a.csv").exists()


def hold(hub, held_id, state, closed_seq=None, decided_seq=None):
    """A held row of the first night, of a letter, in this state."""
    values = {
        "held_id": held_id, "feed": "bpjs.tk", "office": "bpjs", "record_id": "ab" * 32, "batch_id": "",
        "seq": 1, "source_name": "#12", "sealed_name": b"sealed", "sealed_row": b"sealed",
        "letter_by_name": "cd" * 32, "letter_by_nik": "ef" * 32,
        "violations": '[{"entity":"","field":"","rule":"F-KEY"}]', "state": state,
        "decided_by": "ani", "decided_why": "salah", "decided_seq": decided_seq, "closed_seq": closed_seq,
    }  # fmt: skip
    with hub.begin() as conn:
        conn.execute(sa.insert(tables.held_row).values(values))


def nights_of(hub, *nights):
    """The nights as the hub's own table has them."""
    with hub.begin() as conn:
        for night in nights:
            told = {"seq": night.seq, "day": night.day, "offices": "[]", "opened_at": hub.clock()}
            conn.execute(sa.insert(tables.night).values(state="closed", **told))


def test_a_held_row_a_year_after_it_was_settled(hub):
    """Its values are gone, and the ledger says how many; what broke and who decided stays. One that waits has
    all, and so has one that was settled a year ago to the day.
    """
    nights_of(hub, OLD, NEWER)
    hold(hub, "11" * 32, "superseded", closed_seq=1)
    hold(hub, "22" * 32, "discarded", decided_seq=1)
    hold(hub, "33" * 32, "held")
    hold(hub, "44" * 32, "released", decided_seq=1)
    hold(hub, "55" * 32, "superseded", decided_seq=1, closed_seq=2)
    year_later = Night(date(2027, 3, 3), 4, ("bpjs",))
    assert close(hub, year_later) == []
    with hub.reading() as conn:
        rows = conn.execute(sa.select(tables.held_row).order_by("held_id")).all()
        said = conn.execute(
            sa.select(tables.ledger_leaf.c.body).where(tables.ledger_leaf.c.kind == "retention")
        )
        bodies = [json.loads(line)["body"] for line in said.scalars()]
    assert [row.sealed_row == tables.EMPTIED for row in rows] == [True, True, False, False, False]
    for row in rows[:2]:
        assert (row.sealed_name, row.letter_by_name, row.letter_by_nik) == (None, None, None)
        assert (row.decided_why, json.loads(row.violations)[0]["rule"]) == ("salah", "F-KEY")
    assert rows[2].sealed_name == b"sealed"
    assert bodies == [{"held_rows": {"emptied": 2, "settled_before": "2026-03-03"}}]
    assert close(hub, year_later) == []
    assert verify(hub.state / "evidence", hub.state).findings == ()


def test_looking_at_an_emptied_row(hub):
    """Says that its time is past, and logs no look at nothing."""
    nights_of(hub, OLD)
    hold(hub, "11" * 32, "superseded", closed_seq=1)
    close(hub, Night(date(2027, 6, 1), 4, ("bpjs",)))
    with pytest.raises(WrongUseError, match="past its time"):
        quarantine.open_row(hub, "1" * 12, "ani", hub.clock())
    with hub.reading() as conn:
        views = conn.execute(sa.select(tables.ledger_leaf.c.kind).where(tables.ledger_leaf.c.kind == "view"))
        assert views.all() == []


def test_a_rehearsal_empties_nothing(open_hub):
    """A dry run would show nothing of it either."""
    real = open_hub()
    nights_of(real, OLD)
    hold(real, "11" * 32, "superseded", closed_seq=1)
    with open_hub(dry_run=True) as rehearsed:
        close(rehearsed, Night(date(2027, 6, 1), 4, ("bpjs",)))
    with real.reading() as conn:
        assert conn.execute(sa.select(tables.held_row.c.sealed_row)).scalar_one() == b"sealed"
