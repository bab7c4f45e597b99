"""Whatever an office sends: the feed is named with a remedy, the rest goes on, the next night catches up."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jendela.demo import sabotage
from jendela.demo.advance import advance
from jendela.store import tables
from tests.night import truth

BROKEN = [
    ("bpjs", "column_renamed", "bpjs.tk_kepesertaan"),
    ("kemnaker", "column_gone", "kemnaker.wlkp_tenaga_kerja"),
    ("dinas_3215", "column_renamed", "dinas_3215.laporan_phk"),
    ("dinas_3215", "truncated_file", "dinas_3215.laporan_phk"),
    ("dinas_3215", "wrong_encoding", "dinas_3215.laporan_phk"),
    ("bpjs", "office_vanishes", "bpjs.tk_kepesertaan"),
]


@pytest.mark.parametrize(("office", "fault", "feed"), BROKEN, ids=[f"{o}-{f}" for o, f, _ in BROKEN])
def test_a_broken_feed_is_named_and_the_next_night_catches_up(second, office, fault, feed):
    """Missing tonight with reason and remedy; nothing is taken for deleted; mended, nothing is lost."""
    advance(second.folder)
    sabotage.apply(second.folder, office, fault)
    outcome = second.run()
    missing = {item.feed: item for item in outcome.missing}
    assert feed in missing
    assert missing[feed].reason
    assert missing[feed].remedy
    others = {item.office for item in outcome.missing} - {office, "dinas_7371"}
    assert not others
    assert outcome.receipts[-1].step == "close"
    assert f"feed:{feed}" not in outcome.receipts[-1].counts
    sabotage.mend(second.folder, office)
    advance(second.folder)
    night = str(second.run().night.day)
    with second.hub() as hub:
        compared = truth.compare(hub, second.folder, night)
    assert {code: pair for code, pair in compared.items() if pair != ([], [])} == {}


@pytest.mark.parametrize("office", ["kemnaker", "dinas_3215"])
def test_an_empty_table_halts_its_feed_and_deletes_nothing(second, office):
    """A complete snapshot without a row is a fact that nobody believes without looking."""
    advance(second.folder)
    sabotage.apply(second.folder, office, "empty_table")
    outcome = second.run()
    with second.hub() as hub, hub.reading() as conn:
        halted = conn.execute(
            select(tables.batch.c.feed, tables.batch.c.halt_reason).where(tables.batch.c.state == "halted")
        ).all()
        gone = conn.execute(
            select(tables.source_row.c.feed).where(tables.source_row.c.deleted_seq == 2)
        ).scalars()
        emptied = {row.feed for row in halted if row.feed.startswith(office)}
        assert emptied
        assert not emptied & set(gone)
    assert all(row.halt_reason for row in halted)
    assert outcome.needs_a_person


def test_an_xml_bomb_is_one_held_row(second):
    """Refused in bounded time; the file is held by its name, the office's other letters go on."""
    sabotage.apply(second.folder, "dinas_6471", "xml_bomb")
    outcome = second.run()
    (validated,) = (r for r in outcome.receipts if r.step == "validate" and r.scope == "dinas_6471")
    assert validated.counts["dinas_6471.berkas_phk"]["held"] >= 1
    assert not [item for item in outcome.missing if item.office == "dinas_6471"]


def test_a_half_written_letter_is_left_alone(second):
    """It is not received tonight, and not held: the office has not finished it."""
    sabotage.apply(second.folder, "dinas_6471", "half_written")
    outcome = second.run()
    (pulled,) = (r for r in outcome.receipts if r.step == "pull" and r.scope == "dinas_6471")
    assert pulled.counts["dinas_6471.berkas_phk"]["received"] == 0
