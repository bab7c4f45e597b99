"""A batch halted on the night of a key sweep: who releases it releases what the sweep found, no more."""

from __future__ import annotations

import pytest

from jendela.close import retention
from jendela.ingest import halted
from jendela.model.receipt import Night
from jendela.store import tables
from jendela.store.artefacts import gone_path
from tests.ingest.nights import counts, pulled
from tests.ingest.test_storm import rows

COLUMNS = ("KPJ", "NAMA", "TGL_UBAH")


@pytest.fixture
def swept(office):
    """Three nights of forty workers; the fourth reads all keys, as every third."""
    office.sql("CREATE TABLE kerja (KPJ TEXT, NAMA TEXT, TGL_UBAH TIMESTAMP)", *rows(0, 40, 1))
    query = f"SELECT {', '.join(COLUMNS)} FROM kerja"
    office.agree("kerja", "delta", COLUMNS, ["KPJ"], watermark="TGL_UBAH", query=query)
    for night in range(3):
        office.sql(*rows(100 + night, 1, night + 1))
        pulled(office, "kerja")
    return office


def test_a_released_shrinking_takes_what_its_sweep_found(swept):
    """Twelve of 43 were deleted. Nobody else is gone, though what landed are only the rows of its window."""
    swept.sql("DELETE FROM kerja WHERE KPJ < '00000000012'")
    assert counts(pulled(swept, "kerja"), "kerja")["halted"] > 0
    (one,) = halted.listed(swept.hub)
    assert (one.guard, one.reason) == ("shrink", "It shrank from 43 rows to 31, by more than 20%.")
    halted.decide(swept.hub, "bpjs.kerja", "released", "Ratna", "benar, perusahaan pindah")
    assert counts(pulled(swept, "kerja"), "kerja")["deleted"] == 12
    assert len(swept.deleted("kerja")) == 12
    after = counts(pulled(swept, "kerja"), "kerja")  # sweeps, and finds nothing more
    assert "deleted" not in after
    assert halted.listed(swept.hub) == []
    alive = swept.rows(tables.source_row, deleted_seq=None)
    assert len(alive) == 31


def test_what_was_deleted_after_it_landed_waits_for_the_next_sweep(swept):
    """The decision was about what she saw: four more are found by the next sweep itself."""
    swept.sql("DELETE FROM kerja WHERE KPJ < '00000000012'")
    pulled(swept, "kerja")
    halted.decide(swept.hub, "bpjs.kerja", "released", "Ratna", "benar")
    swept.sql("DELETE FROM kerja WHERE KPJ < '00000000016'")
    assert counts(pulled(swept, "kerja"), "kerja")["deleted"] == 12
    assert counts(pulled(swept, "kerja"), "kerja")["deleted"] == 4


def test_a_storm_released_while_a_sweep_is_due_deletes_nobody(swept):
    """It came the night before the sweep: the landing has no keys, and nobody is gone for that."""
    pulled(swept, "kerja")
    pulled(swept, "kerja")
    swept.sql(*rows(1000, 600, 4))
    assert counts(pulled(swept, "kerja"), "kerja")["halted"] >= 600
    assert halted.listed(swept.hub)[0].guard == "storm"
    halted.decide(swept.hub, "bpjs.kerja", "released", "Ratna", "cabang baru")
    taken = counts(pulled(swept, "kerja"), "kerja")
    assert "deleted" not in taken
    assert taken["changes"] >= 600
    assert "deleted" not in counts(pulled(swept, "kerja"), "kerja")


def test_what_its_sweep_found_is_kept_as_long_as_what_landed(swept):
    """While the batch waits; the ledger never says that it was removed."""
    swept.sql("DELETE FROM kerja WHERE KPJ < '00000000012'")
    pulled(swept, "kerja")
    (one,) = halted.listed(swept.hub)
    later = Night(swept.nights[swept.seq].day.replace(year=2027), 9, ("bpjs",))
    with swept.hub.begin() as conn:
        retention.remove(swept.hub.state, retention.declare(conn, swept.hub, later))
    for path in (one.landing, gone_path(one.landing)):
        assert (swept.hub.state / path).exists()
    halted.decide(swept.hub, "bpjs.kerja", "released", "Ratna", "benar")
    assert counts(pulled(swept, "kerja"), "kerja")["deleted"] == 12


@pytest.fixture
def lost(swept):
    """A released batch whose landing somebody removed; another feed of the office beside it."""
    swept.sql("CREATE TABLE lain (KPJ TEXT, NAMA TEXT, TGL_UBAH TIMESTAMP)")
    swept.sql("DELETE FROM kerja WHERE KPJ < '00000000012'")
    pulled(swept, "kerja")
    query = f"SELECT {', '.join(COLUMNS)} FROM lain"
    swept.agree("lain", "delta", COLUMNS, ["KPJ"], watermark="TGL_UBAH", query=query)
    (one,) = halted.listed(swept.hub)
    halted.decide(swept.hub, "bpjs.kerja", "released", "Ratna", "benar")
    (swept.hub.state / one.landing).unlink()
    return swept


def test_a_lost_landing_ends_no_night(lost):
    """The source is asked again, the guard looks anew, and the others go on."""
    receipt = pulled(lost, "kerja", "lain")
    assert (receipt.missing, counts(receipt, "kerja")["halted"] > 0) == ((), True)
    halted.decide(lost.hub, "bpjs.kerja", "released", "Ratna", "benar")
    assert counts(pulled(lost, "kerja", "lain"), "kerja")["deleted"] == 12


def test_of_a_lost_batch_that_is_discarded_nothing_is_known(lost):
    """Its rows are asked for again: those who come back are news."""
    halted.decide(lost.hub, "bpjs.kerja", "discarded", "Ratna", "berkas hilang")
    lost.sql("DELETE FROM kerja", *rows(0, 40, 3))
    assert counts(pulled(lost, "kerja", "lain"), "kerja")["changes"] == 40
