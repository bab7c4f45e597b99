"""A feed that brings many times what it usually brings waits for a person, who releases or discards it."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from jendela.ingest import halted
from jendela.model.errors import WrongUseError
from jendela.store import tables
from tests.ingest.nights import counts, pulled


def rows(first, many, day):
    """Rows of a register, changed on this day of March."""
    return [
        f"INSERT INTO kerja VALUES ('{number:011}', 'Pekerja {number}', '2026-03-{day:02} 10:00:00')"
        for number in range(first, first + many)
    ]


@pytest.fixture
def storm(office):
    """Four nights of twenty rows each (and those of the overlap again), then one of six hundred."""
    office.sql("CREATE TABLE kerja (KPJ TEXT, NAMA TEXT, TGL_UBAH TIMESTAMP)")
    office.agree(
        "kerja", "delta", ("KPJ", "NAMA", "TGL_UBAH"), ["KPJ"], watermark="TGL_UBAH",
        query="SELECT KPJ, NAMA, TGL_UBAH FROM kerja",
    )  # fmt: skip
    for night in range(4):
        office.sql(*rows(night * 20, 20, night + 1))
        pulled(office, "kerja")
    office.sql(*rows(1000, 600, 5))
    return office


def test_a_storm_is_landed_and_goes_no_further(storm):
    """All of it is accounted for as halted, the reason says what is usual, and the watermark stays."""
    before = storm.rows(tables.feed_state)[0]["watermark"]
    assert counts(pulled(storm, "kerja"), "kerja") == {"received": 620, "halted": 620}
    assert storm.changes("kerja").is_empty()
    assert storm.rows(tables.feed_state)[0]["watermark"] == before
    (one,) = halted.listed(storm.hub)
    assert (one.feed, one.guard, one.rows, one.state) == ("bpjs.kerja", "storm", 620, "halted")
    assert one.reason == ("It brought 620 rows, and usually brings 40 a night: more than 10 times as many.")
    assert storm.hub.artefacts.read_landing(one.landing).height == 620


def test_what_is_released_is_not_released_again_by_somebody_else(storm):
    """From another terminal: who decided stays who decided; until it is taken minds may change."""
    pulled(storm, "kerja")
    pulled(storm, "kerja")
    halted.decide(storm.hub, "bpjs.kerja", "released", "Ratna", "dipastikan")
    for name in ("bpjs.kerja", "bpjs"):
        with pytest.raises(WrongUseError, match=f"Nothing of {name} waits"):
            halted.decide(storm.hub, name, "released", "Budi", "x")
    waiting = [(one.state, one.decided_by) for one in halted.listed(storm.hub)]
    assert waiting == [("halted", ""), ("released", "Ratna")]
    halted.decide(storm.hub, "bpjs.kerja", "discarded", "Budi", "ternyata baris uji")
    assert halted.listed(storm.hub) == []


def test_a_released_storm_is_taken_as_it_landed(storm):
    """A row is gone at the source by then: what landed is what counts, as released, once."""
    pulled(storm, "kerja")
    (made,) = halted.decide(storm.hub, "bpjs.kerja", "released", "Ratna", "pindah sistem, dipastikan kantor")
    assert (made.state, made.decided_by) == ("released", "Ratna")
    storm.sql("DELETE FROM kerja WHERE KPJ = '00000001599'", *rows(5000, 3, 6))
    taken = counts(pulled(storm, "kerja"), "kerja")
    assert taken == {"released": 620, "changes": 600, "unchanged": 20, "later": 1}
    assert halted.listed(storm.hub) == []
    after = counts(pulled(storm, "kerja"), "kerja")
    assert after == {"received": 602, "changes": 3, "unchanged": 599, "deleted": 1}
    with storm.hub.reading() as conn:
        entry = conn.execute(
            sa.select(tables.ledger_leaf.c.body).where(tables.ledger_leaf.c.kind == "release")
        )
        body = json.loads(entry.scalar_one())["body"]
    assert (body["who"], body["verdict"], body["batches"][0]["rows"]) == ("Ratna", "released", 620)


def test_of_two_who_decide_at_once_one_is_told_so(storm, monkeypatch):
    """What waited when she looked was decided by somebody else before her word was kept."""
    pulled(storm, "kerja")
    read = halted.breaker.read

    def meanwhile(conn, *rest):
        conn.execute(sa.update(tables.batch).values(state="discarded", decided_by="Ani"))
        return read(conn, *rest)

    monkeypatch.setattr(halted.breaker, "read", meanwhile)
    with pytest.raises(WrongUseError, match="Somebody else has just decided"):
        halted.decide(storm.hub, "bpjs", "released", "Ratna", "x")
    with storm.hub.reading() as conn:
        assert (
            conn.execute(
                sa.select(tables.ledger_leaf.c.kind).where(tables.ledger_leaf.c.kind == "release")
            ).all()
            == []
        )


def test_a_discarded_storm_stays_out_but_a_later_version_comes_in(storm):
    """The same rows are no news any more; one that the office corrects is; it is on the list for ever."""
    pulled(storm, "kerja")
    halted.decide(storm.hub, "bpjs.kerja", "discarded", "Ratna", "baris uji, dipastikan kantor")
    storm.sql(
        *rows(5000, 2, 5),
        "UPDATE kerja SET NAMA = 'Siti', TGL_UBAH = '2026-03-06 11:00:00' WHERE KPJ = '00000001001'",
    )
    assert counts(pulled(storm, "kerja"), "kerja") == {"received": 602, "unchanged": 599, "changes": 3}
    assert halted.listed(storm.hub) == []
    (one,) = halted.of(storm.hub, "bpjs")
    assert (one.state, one.decided_why, one.rows) == ("discarded", "baris uji, dipastikan kantor", 620)


def test_only_what_waits_can_be_decided_and_not_without_a_name(storm):
    """A typing mistake, a second decision, a decision of nobody: each is refused, and nothing changes."""
    pulled(storm, "kerja")
    for name, who, words in (
        ("bpjs.kerjaa", "Ratna", "no feed and no office"),
        ("bpjs.kerja", " ", "who takes it and why"),
    ):
        with pytest.raises(WrongUseError, match=words):
            halted.decide(storm.hub, name, "released", who, "x")
    halted.decide(storm.hub, "bpjs", "discarded", "Ratna", "x")
    with pytest.raises(WrongUseError, match=r"Nothing of bpjs\.kerja waits"):
        halted.decide(storm.hub, "bpjs.kerja", "released", "Ratna", "x")


@pytest.mark.parametrize("why", ["NIK 3215011203859001 dipastikan kantor", "lahir 12-03-1985"])
def test_a_reason_has_no_number_and_no_date_of_anybody(storm, why):
    """It stands in the public log for ever: refused, and the batch waits as before."""
    pulled(storm, "kerja")
    with pytest.raises(WrongUseError, match="identifies a person"):
        halted.decide(storm.hub, "bpjs.kerja", "released", "Ratna", why)
    assert [one.waits for one in halted.listed(storm.hub)] == [True]


def test_what_an_absence_left_undone_is_no_storm(storm):
    """Away for a month, it brings a month's rows: thirty times a night's, and believed."""
    for _ in range(30):
        storm.seq += 1
        storm.nights[storm.seq] = storm.nights[4]
    assert counts(pulled(storm, "kerja"), "kerja") == {"received": 620, "changes": 600, "unchanged": 20}


def test_a_storm_that_nobody_decides_waits_on(storm):
    """Night after night it comes again: nobody was away, so no passing night makes it believable."""
    for _ in range(4):
        assert counts(pulled(storm, "kerja"), "kerja") == {"received": 620, "halted": 620}
    assert len([one for one in halted.listed(storm.hub) if one.waits]) == 4
    storm.sql("DELETE FROM kerja WHERE KPJ >= '00000001000'", *rows(80, 20, 5))
    assert counts(pulled(storm, "kerja"), "kerja") == {"received": 40, "changes": 20, "unchanged": 20}


def test_rows_of_a_released_storm_that_are_read_again_are_none(storm):
    """The office writes nothing for days: the overlap brings the six hundred each night, all known."""
    pulled(storm, "kerja")
    halted.decide(storm.hub, "bpjs.kerja", "released", "Ratna", "pindah sistem, dipastikan kantor")
    pulled(storm, "kerja")
    for _ in range(3):
        after = counts(pulled(storm, "kerja"), "kerja")
        assert after["unchanged"] >= 600
        assert "halted" not in after


def test_a_released_shrinking_is_the_new_size(office):
    """Ten, then three: halted; released, three is what the next night is compared with."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan.csv", options={"delimiter": ";"},
        transport="files",
    )  # fmt: skip

    def export(*numbers):
        lines = ["KPJ;NAMA", *(f"{number:011};Pekerja {number}" for number in numbers), ""]
        (office.folder / "laporan.csv").write_text("\n".join(lines))

    export(*range(10))
    pulled(office, "laporan")
    export(0, 1, 2)
    assert counts(pulled(office, "laporan"), "laporan") == {"received": 3, "halted": 3}
    halted.decide(office.hub, "bpjs.laporan", "released", "Ratna", "kantor membersihkan daftarnya")
    taken = counts(pulled(office, "laporan"), "laporan")
    assert taken == {"released": 3, "unchanged": 3, "deleted": 7, "later": 1}
    export(0, 1, 2, 11)
    assert counts(pulled(office, "laporan"), "laporan") == {"received": 4, "unchanged": 3, "changes": 1}


def test_an_extract_that_was_let_grow_is_taken_from_then_on(office):
    """Two offices became one: six hundred rows instead of ten are released once, and come every night."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan.csv", options={"delimiter": ";"},
        transport="files",
    )  # fmt: skip

    def export(many):
        lines = ["KPJ;NAMA", *(f"{number:011};Pekerja {number}" for number in range(many)), ""]
        (office.folder / "laporan.csv").write_text("\n".join(lines))
        return counts(pulled(office, "laporan"), "laporan")

    for many in (10, 11, 12):
        export(many)
    assert export(600) == {"received": 600, "halted": 600}
    assert export(601) == {"received": 601, "halted": 601}
    halted.decide(office.hub, "bpjs.laporan", "released", "Ratna", "dua kantor digabung")
    assert export(602) == {"released": 601, "changes": 589, "unchanged": 12, "later": 1}
    assert export(602) == {"received": 602, "changes": 1, "unchanged": 601}
    assert export(9000) == {"received": 9000, "halted": 9000}
