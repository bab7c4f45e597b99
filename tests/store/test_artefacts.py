"""Artefacts and landing files: encrypted, whole or absent, and bound to their place."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from jendela.crypto import Keyring
from jendela.model.errors import SealBrokenError
from jendela.model.receipt import Night
from jendela.store.artefacts import Artefacts

NIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))
WORKERS = pl.DataFrame(
    {
        "full_name": ["SITI NURHALIZA", None],
        "birth_date": [date(1990, 5, 17), None],
        "wage_reported": [Decimal("4500000.00"), None],
        "reported_at": [datetime(2026, 3, 1, tzinfo=UTC), None],
        "programmes": [["JHT", "JKP"], None],
        "content": [b"<surat_phk/>", None],
    },
    schema_overrides={"wage_reported": pl.Decimal(15, 2), "reported_at": pl.Datetime("us", "UTC")},
)


@pytest.fixture
def artefacts(tmp_path):
    """Artefacts below an empty folder."""
    return Artefacts(tmp_path, Keyring((b"k" * 32,), "the test"))


def test_a_frame_comes_back_as_it_was(artefacts):
    """Types survive, in a frame without rows too."""
    for frame in (WORKERS, WORKERS.clear()):
        artefacts.write(NIGHT, "map", "bpjs.tk.employment", frame)
        assert_frame_equal(artefacts.read(NIGHT, "map", "bpjs.tk.employment"), frame)


def test_the_digest_is_of_the_bytes_on_disk(artefacts, tmp_path):
    """Path, SHA-256 and rows: what the ledger commits to and the auditor can compute."""
    digest = artefacts.write(NIGHT, "map", "bpjs.tk.employment", WORKERS)
    content = (tmp_path / "nights/2026-03-02/map/bpjs.tk.employment.parquet").read_bytes()
    assert digest.path == "nights/2026-03-02/map/bpjs.tk.employment.parquet"
    assert (digest.sha256, digest.rows) == (hashlib.sha256(content).hexdigest(), 2)


def test_nothing_of_a_person_is_on_disk(artefacts, tmp_path):
    """Neither values nor column names can be read without the key."""
    digest = artefacts.write(NIGHT, "map", "bpjs.tk.employment", WORKERS)
    content = (tmp_path / digest.path).read_bytes()
    assert b"NURHALIZA" not in content
    assert b"full_name" not in content
    with pytest.raises(SealBrokenError):
        Artefacts(tmp_path, Keyring((b"z" * 32,), "a thief")).read(NIGHT, "map", "bpjs.tk.employment")


def test_after_a_rotation_old_files_still_open(artefacts, tmp_path):
    """The new key goes before the old one."""
    artefacts.write(NIGHT, "map", "bpjs.tk.employment", WORKERS)
    rotated = Artefacts(tmp_path, Keyring((b"n" * 32, b"k" * 32), "the test"))
    assert_frame_equal(rotated.read(NIGHT, "map", "bpjs.tk.employment"), WORKERS)


def test_a_file_put_in_another_place_does_not_open(artefacts, tmp_path):
    """Yesterday's file under today's name is refused."""
    digest = artefacts.write(NIGHT, "map", "bpjs.tk.employment", WORKERS)
    moved = tmp_path / "nights/2026-03-02/map/bpjs.tk.claim.parquet"
    (tmp_path / digest.path).rename(moved)
    with pytest.raises(SealBrokenError, match=r"bpjs\.tk\.claim"):
        artefacts.read(NIGHT, "map", "bpjs.tk.claim")


def cut(raw):
    """The disk was full."""
    return raw[: len(raw) // 2]


def changed(raw):
    """One bit of the first page is another."""
    return raw[:60] + bytes([raw[60] ^ 1]) + raw[61:]


@pytest.mark.parametrize("damage", [cut, changed, lambda raw: b""], ids=["cut", "changed", "emptied"])
def test_a_damaged_file_is_named(artefacts, tmp_path, damage):
    """Cut short, emptied or changed: the file is named, its content is not."""
    digest = artefacts.write(NIGHT, "map", "bpjs.tk.employment", WORKERS)
    file = tmp_path / digest.path
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(SealBrokenError, match=r"bpjs\.tk\.employment"):
        artefacts.read(NIGHT, "map", "bpjs.tk.employment")


def test_landing_streams_and_survives_a_lost_connection(artefacts, tmp_path):
    """A pull that breaks off leaves no half file; the next attempt lands the whole feed."""

    def tables(broken):
        yield pa.table({"NIK": ["3215011705900001"], "NAMA": ["SITI"]})
        if broken:
            raise ConnectionError("the database went away")
        yield pa.table({"NIK": pa.array([None], pa.string()), "NAMA": ["BUDI"]})

    with pytest.raises(ConnectionError):
        artefacts.land(NIGHT, "bpjs", "bpjs.tk", tables(broken=True))
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    digest = artefacts.land(NIGHT, "bpjs", "bpjs.tk", tables(broken=False))
    assert (digest.path, digest.rows) == ("landing/2026-03-02/bpjs/bpjs.tk.parquet", 2)
    assert artefacts.read_landing(digest.path)["NIK"].to_list() == ["3215011705900001", None]


def test_what_a_killed_attempt_left_is_cleared_away(artefacts, tmp_path):
    """A partial file of a dead process does not stay for ever."""
    left = tmp_path / "nights/2026-03-02/map/.bpjs.tk.parquet.99999999.partial"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"PARE")
    artefacts.write(NIGHT, "map", "bpjs.tk", WORKERS)
    assert not left.exists()


def test_two_attempts_at_once_leave_each_other_alone(artefacts, tmp_path):
    """Two containers that both run as process 7 write two files; whoever is done last has the last word."""
    first = artefacts.writer(NIGHT, "map", "bpjs.tk")
    second = artefacts.writer(NIGHT, "map", "bpjs.tk")
    with first:
        first.add(WORKERS)
        with second:
            second.add(WORKERS.head(1))
        assert artefacts.read(NIGHT, "map", "bpjs.tk").height == 1
    assert first.digest.sha256 == hashlib.sha256((tmp_path / first.digest.path).read_bytes()).hexdigest()
    assert artefacts.read(NIGHT, "map", "bpjs.tk").height == 2
    assert [file.name for file in (tmp_path / "nights/2026-03-02/map").iterdir()] == ["bpjs.tk.parquet"]


def test_of_another_host_only_what_is_long_abandoned_is_cleared_away(artefacts, tmp_path):
    """Its processes cannot be looked at; nobody writes for a day without writing anything."""
    folder = tmp_path / "nights/2026-03-02/map"
    folder.mkdir(parents=True)
    fresh, old = (folder / f".bpjs.tk.parquet.worker-{at}.local.7.100.ab.partial" for at in "12")
    for left in (fresh, old):
        left.write_bytes(b"PARE")
    os.utime(old, (time.time() - 90_000,) * 2)
    artefacts.write(NIGHT, "map", "bpjs.tk", WORKERS)
    assert (fresh.exists(), old.exists()) == (True, False)


def test_a_slice_that_cannot_be_encoded_leaves_nothing_open(artefacts, tmp_path):
    """The error comes out, the file is closed and its thread ends."""

    def write():
        with artefacts.writer(NIGHT, "map", "bpjs.tk") as writer:
            writer.add_table(pa.table({"NIK": ["1"]}))
            writer.add_table(pa.table({"NIK": ["2"], "NAMA": ["SITI"]}))  # is encoded while the block ends

    with pytest.raises(ValueError, match="shorter"):
        write()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("slices")]
    assert not [file for file in Path("/proc/self/fd").iterdir() if ".bpjs.tk." in str(file.resolve())]
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_new_night_s_folders_survive_a_power_cut(artefacts, tmp_path, monkeypatch):
    """Each folder that is made is written down in the one above it."""
    kept, sync = set(), os.fsync

    def noted(descriptor):
        kept.add(Path(f"/proc/self/fd/{descriptor}").resolve())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    artefacts.write(NIGHT, "map", "bpjs.tk", WORKERS)
    assert {
        tmp_path,
        *(tmp_path / name for name in ("nights", "nights/2026-03-02", "nights/2026-03-02/map")),
    } <= kept
