"""Pull, night after night: what changed at an office, once; what failed, by name; nothing lost in between."""

from __future__ import annotations

import json

import pytest

from jendela.crypto import keyed_hash
from jendela.ingest import pull
from jendela.model.errors import UnreachableError
from jendela.store import tables

COLUMNS = ("KPJ", "NAMA", "TGL_UBAH")
JOKO, SRI, BUDI = "12345678901", "12345678902", "12345678904"


def counted(receipt, name="kerja"):
    """A feed's counts that are not zero."""
    return {what: number for what, number in receipt.counts[f"bpjs.{name}"].items() if number}


def names(frame):
    """The names in a changes frame."""
    return frame["NAMA"].to_list()


@pytest.fixture
def kerja(office):
    """A delta feed with Joko and Sri in it."""
    office.sql(
        "CREATE TABLE kerja (KPJ TEXT, NAMA TEXT, TGL_UBAH TIMESTAMP)",
        f"INSERT INTO kerja VALUES ('{JOKO}', 'Joko', '2026-03-01 20:00:00')",
        f"INSERT INTO kerja VALUES ('{SRI}', 'Sri', '2026-03-01 23:00:00')",
    )
    query = "SELECT KPJ, NAMA, TGL_UBAH FROM kerja"
    office.agree("kerja", "delta", COLUMNS, ["KPJ"], query=query, watermark="TGL_UBAH")
    return office


@pytest.fixture
def laporan(office):
    """A snapshot of a CSV export with Joko and Sri in it."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan.csv", options={"delimiter": ";"},
        transport="files",
    )  # fmt: skip
    export(office, f"{JOKO};Joko", f"{SRI};Sri")
    return office


def export(office, *lines):
    """The office exports its list again."""
    (office.folder / "laporan.csv").write_text("\n".join(("KPJ;NAMA", *lines, "")))


def test_only_what_changed_goes_on(kerja):
    """First everything; then Joko's correction and a newcomer; the overlap's rows are unchanged, not lost."""
    assert counted(kerja.pull()) == {"received": 2, "changes": 2}
    kerja.merge("kerja")
    kerja.sql(
        f"UPDATE kerja SET NAMA = 'Joko Susilo', TGL_UBAH = '2026-03-02 10:00:00' WHERE KPJ = '{JOKO}'",
        f"INSERT INTO kerja VALUES ('{BUDI}', 'Budi', '2026-03-02 11:00:00')",
    )
    assert counted(kerja.pull()) == {"received": 3, "changes": 2, "unchanged": 1}
    assert names(kerja.changes("kerja")) == ["Joko Susilo", "Budi"]
    kerja.merge("kerja")
    assert counted(kerja.pull()) == {"received": 2, "unchanged": 2}
    assert kerja.changes("kerja").is_empty()


def test_record_ids_are_those_agreed(kerja):
    """The keyed hash of feed and key, joined by the unit separator: every step computes the same."""
    import polars as pl

    kerja.pull()
    expected = keyed_hash(kerja.hub.keyring, "record", pl.Series([f"bpjs.kerja\x1f{JOKO}"]))
    assert kerja.changes("kerja")["_record_id"].to_list()[0] == expected[0]


def test_a_night_repeated_gives_its_receipt(kerja):
    """The second attempt asks nobody and changes nothing."""
    receipt = kerja.pull()
    kerja.sql("DROP TABLE kerja")
    assert kerja.again() == receipt
    assert len(kerja.rows(tables.batch)) == 1


def test_what_was_landed_is_what_was_sent(kerja):
    """The landing file has every row as text, encrypted; the manifest has the window, columns and digest."""
    receipt = kerja.pull()
    (batch,) = kerja.rows(tables.batch)
    manifest = json.loads(batch["manifest"])
    assert manifest["window"] == {"low": None, "high": "2026-03-01 23:00:00.000001"}
    assert manifest["columns"] == list(COLUMNS)
    assert (batch["state"], batch["rows"], batch["landing"]) == ("landed", 2, receipt.artefacts[0].path)
    assert batch["sha256"] == receipt.artefacts[0].sha256
    assert kerja.hub.artefacts.read_landing(batch["landing"])["NAMA"].to_list() == ["Joko", "Sri"]
    assert b"Joko" not in (kerja.hub.state / batch["landing"]).read_bytes()
    assert "Joko" not in batch["manifest"]


def test_one_bad_feed_never_stops_the_others(kerja):
    """A table is gone: that feed is missing with its reason and remedy; the other is pulled."""
    kerja.agree("iuran", "snapshot", ["KPJ"], ["KPJ"], query="SELECT KPJ FROM iuran")
    receipt = kerja.pull()
    assert counted(receipt) == {"received": 2, "changes": 2}
    (missing,) = receipt.missing
    assert (missing.office, missing.feed, missing.retriable) == ("bpjs", "bpjs.iuran", False)
    assert "'iuran'" in missing.reason
    assert missing.remedy


@pytest.mark.parametrize("odd", ["2026-31-12 10:00:00", "9999-12-31 23:59:59.999999"])
def test_one_odd_time_stamp_ends_no_night(kerja, odd):
    """Of a moment that is none the feed is missing, by name; of the calendar's last its row comes."""
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql(f"UPDATE kerja SET NAMA = 'Joko Susilo', TGL_UBAH = '{odd}' WHERE KPJ = '{JOKO}'")
    receipt = kerja.pull()
    if odd.startswith("9999"):
        assert not receipt.missing
        assert names(kerja.changes("kerja")) == ["Joko Susilo"]
        return
    (missing,) = receipt.missing
    assert "TGL_UBAH" in missing.reason
    assert "TGL_UBAH" in missing.remedy
    assert not missing.retriable


def test_an_office_that_is_away_is_tried_again_and_then_missing(kerja):
    """Before the last attempt nothing has effect; on it all feeds are missing. The next night catches up."""
    away = kerja.folder / "away"
    (kerja.folder / "office.db").rename(away)
    with pytest.raises(UnreachableError):
        kerja.pull(last_attempt=False)
    assert kerja.rows(tables.receipt) == []
    receipt = pull.run(kerja.hub, kerja.nights[kerja.seq], "bpjs", last_attempt=True)
    assert [(one.feed, one.retriable) for one in receipt.missing] == [("bpjs.kerja", True)]
    assert receipt.counts == {}
    away.rename(kerja.folder / "office.db")
    assert counted(kerja.pull()) == {"received": 2, "changes": 2}


def test_a_connection_nobody_configured_is_missing(kerja):
    """The office's feeds are missing; the message says which variable to set."""
    from jendela.model.errors import WrongUseError

    def resolve(name):
        raise WrongUseError("The connection BPJS is not configured: set JENDELA_CONN_BPJS to its URL.")

    kerja.hub.resolve = resolve
    (missing,) = kerja.pull().missing
    assert "JENDELA_CONN_BPJS" in missing.reason


def test_a_snapshot_tells_by_comparison_what_was_deleted(laporan):
    """Sri is not in the list any more; Joko is unchanged; Budi is new."""
    laporan.pull()
    laporan.merge("laporan")
    sri = laporan.rows(tables.source_row)
    export(laporan, f"{JOKO};Joko", f"{BUDI};Budi")
    assert counted(laporan.pull(), "laporan") == {"received": 2, "changes": 1, "unchanged": 1, "deleted": 1}
    assert laporan.deleted("laporan")[0] in {row["record_id"] for row in sri}
    laporan.merge("laporan")
    export(laporan, f"{JOKO};Joko", f"{BUDI};Budi", f"{SRI};Sri")
    assert counted(laporan.pull(), "laporan") == {"received": 3, "changes": 1, "unchanged": 2}
    assert names(laporan.changes("laporan")) == ["Sri"]


def test_a_list_that_shrank_is_halted_and_believed_by_nobody(laporan):
    """Three of ten are left: nothing goes on, nobody is deleted; the next full list is no news."""
    everybody = [f"{number};Pekerja {number}" for number in range(10)]
    export(laporan, *everybody)
    laporan.pull()
    laporan.merge("laporan")
    export(laporan, *everybody[:3])
    assert counted(laporan.pull(), "laporan") == {"received": 3, "halted": 3}
    batch = laporan.rows(tables.batch, state="halted")[0]
    assert batch["halt_reason"] == "It shrank from 10 rows to 3, by more than 20%."
    assert laporan.changes("laporan").is_empty()
    assert laporan.deleted("laporan") == []
    export(laporan)
    assert counted(laporan.pull(), "laporan") == {}
    assert laporan.rows(tables.batch, state="halted")[1]["halt_reason"].startswith("It is empty")
    export(laporan, *everybody)
    assert counted(laporan.pull(), "laporan") == {"received": 10, "unchanged": 10}


def test_an_emptied_table_is_halted(kerja):
    """A delta table without any row, where there were some: a mistake until somebody says otherwise."""
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql("DELETE FROM kerja")
    kerja.pull()
    assert kerja.rows(tables.batch, state="halted")[0]["halt_reason"].startswith("It is empty")


def test_a_broken_row_does_not_delete_its_own_record(laporan):
    """Sri's name got a semicolon: the row is held, and her record stays until the office repairs it."""
    laporan.pull()
    laporan.merge("laporan")
    export(laporan, f"{JOKO};Joko", f"{SRI};Sri; S.H.")
    assert counted(laporan.pull(), "laporan") == {"received": 2, "changes": 1, "unchanged": 1}
    (broken,) = laporan.changes("laporan").to_dicts()
    assert (broken["_problem"], broken["_row"], broken["_name"]) == ("F-FIELDS", 3, "laporan.csv")
    assert json.loads(broken["_fields"]) == [SRI, "Sri", " S.H."]
    laporan.merge("laporan", outcome="held")
    assert counted(laporan.pull(), "laporan") == {"received": 2, "unchanged": 2}


def test_a_row_without_a_key_is_flagged_and_never_dropped(laporan):
    """Two rows without KPJ: two different problems, the same two every night."""
    export(laporan, f"{JOKO};Joko", ";Tanpa Nama", "  ;Siti", ";Tanpa Nama")
    assert counted(laporan.pull(), "laporan") == {"received": 4, "changes": 3, "duplicate": 1}
    assert laporan.changes("laporan")["_problem"].to_list() == [None, "F-KEY", "F-KEY"]
    laporan.merge("laporan")
    assert counted(laporan.pull(), "laporan") == {"received": 4, "unchanged": 3, "duplicate": 1}


def test_appended_rows_come_once(office):
    """A log with ever greater ids: each night only what was added."""
    office.sql(
        "CREATE TABLE log (ID INTEGER PRIMARY KEY, NAMA TEXT)", "INSERT INTO log VALUES (1, 'a'), (2, 'b')"
    )
    office.agree("log", "append", ("ID", "NAMA"), ["ID"], query="SELECT ID, NAMA FROM log", watermark="ID")
    assert counted(office.pull(), "log") == {"received": 2, "changes": 2}
    office.merge("log")
    office.sql("INSERT INTO log VALUES (11, 'c')")
    assert counted(office.pull(), "log") == {"received": 1, "changes": 1}
    office.merge("log")
    assert counted(office.pull(), "log") == {}


def test_a_sweep_finds_what_a_delta_cannot_show(kerja):
    """A deleted row leaves no trace in a delta: every third night the keys are compared."""
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql(f"DELETE FROM kerja WHERE KPJ = '{JOKO}'")
    for _ in range(2):
        assert "deleted" not in counted(kerja.pull())
        kerja.merge("kerja")
    assert counted(kerja.pull()) == {"received": 1, "unchanged": 1, "deleted": 1}
    kerja.merge("kerja")
    assert [row["deleted_seq"] for row in kerja.rows(tables.source_row) if row["deleted_seq"]] == [4]


def test_a_sweep_finds_what_no_window_ever_brought(kerja):
    """Budi was entered with a stamp of last year: the sweep sees his key, the next night asks for all."""
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql(f"INSERT INTO kerja VALUES ('{BUDI}', 'Budi', '2025-01-01 00:00:00')")
    for _ in range(2):
        assert "changes" not in counted(kerja.pull())
        kerja.merge("kerja")
    assert counted(kerja.pull())["missed"] == 1
    kerja.merge("kerja")
    assert counted(kerja.pull()) == {"received": 3, "changes": 1, "unchanged": 2}
    assert names(kerja.changes("kerja")) == ["Budi"]


def test_a_batch_that_never_reached_the_register_is_asked_for_again(kerja):
    """The judges halted it after the watermark had moved: the next night reads from where it began."""
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql(f"INSERT INTO kerja VALUES ('{BUDI}', 'Budi', '2026-03-02 05:00:00')")
    assert counted(kerja.pull())["changes"] == 1
    kerja.sql("INSERT INTO kerja VALUES ('12345678905', 'Ani', '2026-03-05 05:00:00')")
    kerja.pull()
    assert names(kerja.changes("kerja")) == ["Budi", "Ani"]


def test_a_timestamp_touched_every_night_is_no_change(kerja):
    """This office stamps all its rows each night; the mapping says that this is no news."""
    feed = kerja.feeds["bpjs.kerja"]
    feed.source.options["ignore_in_hash"] = True
    kerja.pull()
    kerja.merge("kerja")
    kerja.sql("UPDATE kerja SET TGL_UBAH = '2026-03-03 00:00:00'")
    assert counted(kerja.pull()) == {"received": 2, "unchanged": 2}


def test_a_released_row_goes_on_with_tonights(kerja):
    """A person released Joko's held row: it is judged again beside what was pulled tonight."""
    kerja.pull()
    kerja.merge("kerja", outcome="held")
    joko = kerja.changes("kerja").row(0, named=True)
    kerja.release("kerja", joko["_record_id"], {name: joko[name] for name in COLUMNS})
    assert counted(kerja.pull()) == {"received": 1, "released": 1, "changes": 1, "unchanged": 1}
    (again,) = kerja.changes("kerja").to_dicts()
    assert again == joko | {"_released": True, "_row": 7, "_name": "f.csv"}


def test_a_row_that_broke_stays_broken_when_it_is_released(laporan):
    """Releasing cannot guess where its fields belong: it is flagged again, as the same record."""
    export(laporan, f"{JOKO};Joko", f"{SRI};Sri; S.H.")
    laporan.pull()
    laporan.merge("laporan", outcome="held")
    broken = laporan.changes("laporan").filter(_problem="F-FIELDS").row(0, named=True)
    laporan.release("laporan", broken["_record_id"], {"KPJ": SRI, "NAMA": "Sri"}, rule="F-FIELDS")
    laporan.pull()
    (again,) = laporan.changes("laporan").to_dicts()
    assert (again["_record_id"], again["_problem"]) == (broken["_record_id"], "F-FIELDS")


def test_a_dry_run_leaves_nothing(kerja):
    """A rehearsal pulls and classifies; no batch, watermark, receipt or landing file remains."""
    from jendela.model.receipt import Night
    from jendela.store.hub import Hub

    hub = kerja.hub
    with Hub.open(
        settings=hub.settings, agreements=hub.agreements, keyring=hub.keyring, connector=hub.connector,
        resolve=hub.resolve, dry_run=True,
    ) as rehearsal:  # fmt: skip
        receipt = pull.run(rehearsal, Night(hub.settings.first_night, 1, ("bpjs",), dry_run=True), "bpjs")
        assert counted(receipt) == {"received": 2, "changes": 2}
    for table in (tables.batch, tables.feed_state, tables.receipt):
        assert kerja.rows(table) == []
    assert not list(hub.state.glob("landing/**/*.parquet"))


def test_letters_are_landed_as_their_bytes(office):
    """A bomb and an empty file: each is one flagged row, landed, and not taken again once it is held."""
    columns = ("surat/nomor_surat", "pekerja/nik", "document_sha256")
    office.agree("surat", "drop", columns, columns[:2], path="*.xml", transport="letters")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><berkas_phk>&a;</berkas_phk>'
    for name, text in (("bom.xml", bomb), ("kosong.xml", ""), ("bukan.xml", "<surat/>")):
        (office.folder / name).write_text(text)
    assert counted(office.pull(), "surat") == {"received": 3, "changes": 3}
    changes = office.changes("surat")
    assert set(changes["_name"]) == {"bom.xml", "kosong.xml", "bukan.xml"}
    assert changes["_problem"].null_count() == 0
    (batch,) = office.rows(tables.batch)
    landed = office.hub.artefacts.read_landing(batch["landing"])
    assert bomb.encode() in landed["content"].to_list()
    # Until the register has them, they are asked for again: a night that broke off loses no letter.
    assert counted(office.pull(), "surat")["received"] == 3
    office.merge("surat", outcome="held")
    assert counted(office.pull(), "surat") == {}
