"""Letter files in a drop folder, night after night: who is held, what is signed, what came mended."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from jendela.contracts.agreements import load_agreements
from jendela.ingest.canonical import map_rows
from jendela.ingest.drops import received_at
from jendela.ingest.released import form_field
from jendela.letters.columns import COLUMNS
from jendela.letters.signing import sign
from jendela.model.config import load_settings
from jendela.store import frames, tables
from tests.ingest.conftest import FIRST, Office
from tests.letters.intake.layoff import EXAMPLE, letter, worker
from tests.letters.signing.conftest import authority

KEY = ("surat/nomor_surat", "pekerja/@urut")
SIGNED = datetime.fromisoformat("2026-03-01T10:00:00+08:00")
BAD = worker(2).replace(b"<nik>64", b"<nik>")


@pytest.fixture
def folder(office) -> Office:
    """An office that drops letters."""
    office.agree("surat", "drop", COLUMNS, KEY, path="*.xml", transport="letters")
    return office


@pytest.fixture(scope="module")
def root():
    """A small authority."""
    return authority("Otoritas Uji")


@pytest.fixture(scope="module")
def signed(root) -> bytes:
    """Siti's letter, signed by Rahmat for PT Borneo Mitra Karya."""
    rahmat = root.issue("Rahmat Hidayat")
    return sign(EXAMPLE, rahmat.key, rahmat.chain, SIGNED)


@pytest.fixture
def anchors(tmp_path):
    """An empty folder of the authorities that the hub trusts."""
    home = tmp_path / "otoritas"
    home.mkdir()
    return home


def believe(office: Office, home: Path, holder: Any) -> None:
    """The hub believes this authority, and no other."""
    (home / "akar.pem").write_bytes(holder.certificate.public_bytes(Encoding.PEM))
    trusting(office, home)


def counted(receipt):
    """The feed's counts that are not zero."""
    return {what: number for what, number in receipt.counts["bpjs.surat"].items() if number}


def told(office: Office) -> list[dict]:
    """What the manifest of tonight's batch says of its files."""
    manifest = json.loads(office.rows(tables.batch, seq=office.seq)[0]["manifest"])
    return manifest["files"]


def statuses(office: Office) -> dict[str, str]:
    """What tonight's news says of the signatures, by file."""
    return dict(office.changes("surat").select("_name", "signature_status").iter_rows())


def trusting(office: Office, home) -> None:
    """The hub believes the authorities in this folder."""
    office.hub.settings = office.hub.settings.model_copy(update={"trust": home})


def test_one_wrong_worker_of_a_lay_off_is_one_held_row(folder):
    """The others go on; the place is in the manifest, and no value is."""
    (folder.folder / "massal.xml").write_bytes(letter(worker(1), BAD, worker(3)))
    (folder.folder / "rusak.xml").write_bytes(letter(worker(1), worker(2)).replace(b"BM012345", b"BM"))
    assert counted(folder.pull()) == {"received": 4, "changes": 4}
    changes = folder.changes("surat").sort("_name", "_row")
    assert changes.select("_name", "_row", "_problem", "_field").rows() == [
        ("massal.xml", 1, None, None),
        ("massal.xml", 2, "F-XSD", "pekerja/nik"),
        ("massal.xml", 3, None, None),
        ("rusak.xml", None, "F-XSD", None),
    ]
    whole, broken = sorted(told(folder), key=lambda one: bool(one["problem"]))
    (said,) = whole["workers"]
    assert said["row"] == 2
    assert said["problem"].startswith("F-XSD: berkas_phk/pekerja[2]/nik does not have the agreed form")
    assert broken["problem"].startswith("F-XSD: berkas_phk/pengusaha/npp ")
    assert not any(secret in json.dumps(told(folder)) for secret in ("BUDI", "710557", "massal"))


@pytest.mark.parametrize("mended", ["massal.xml", "massal-2.xml"])
def test_the_mended_file_is_the_same_record(folder, mended):
    """Under its old name or another: the worker's key could be read, so that what waits is replaced."""
    (folder.folder / "massal.xml").write_bytes(letter(worker(1), BAD))
    folder.pull()
    first = folder.changes("surat")
    folder.merge("surat", outcome="held")
    (folder.folder / mended).write_bytes(letter(worker(1), worker(2)))
    folder.pull()
    again = folder.changes("surat")
    assert again["_problem"].null_count() == 2
    assert set(again["_record_id"]) == set(first["_record_id"])
    folder.merge("surat")
    # It lies there, and is not received again.
    assert counted(folder.pull()) == {}


def test_two_workers_with_one_number_are_two_records(folder):
    """The second cannot take the first one's place."""
    twice = worker(2).replace(b'urut="2"', b'urut="1"')
    (folder.folder / "massal.xml").write_bytes(letter(worker(1), twice))
    assert counted(folder.pull()) == {"received": 2, "changes": 2}
    changes = folder.changes("surat")
    assert changes["_record_id"].n_unique() == 2
    assert changes.filter(pl.col("_problem") == "F-XSD")["pekerja/nama_lengkap"].to_list() == ["BUDI SANTOSO"]


def test_a_held_worker_that_is_released_is_still_held(folder):
    """Only another file mends it; the field that is wrong stays known."""
    (folder.folder / "massal.xml").write_bytes(letter(worker(1), BAD))
    folder.pull()
    (held,) = folder.changes("surat").filter(pl.col("_problem").is_not_null()).to_dicts()
    folder.merge("surat", outcome="held")
    row = {name: held[name] for name in COLUMNS}
    folder.release("surat", held["_record_id"], row, rule="F-XSD")
    folder.pull()
    (again,) = folder.changes("surat").to_dicts()
    assert (again["_released"], again["_problem"]) == (True, "F-XSD")
    told = '[{"entity":"termination_letter","field":"nik","rule":"F-XSD"}]'
    said = pl.DataFrame({"violations": [told, '[{"entity":"","field":"","rule":"F-XSD"}]']})
    assert said.select(form_field(pl.col("violations"))).to_series().to_list() == [
        "termination_letter.nik",
        None,
    ]


def test_the_held_row_names_the_canonical_field(folder):
    """So that the sender is told which one in the sender's own words; the first entity of the feed has it."""
    feed = load_agreements().feed("dinas_6471.berkas_phk")
    contracts = load_agreements().contracts
    (folder.folder / "massal.xml").write_bytes(letter(worker(1), BAD, worker(3)))
    folder.pull()
    mapped = map_rows(folder.changes("surat"), feed, contracts)
    assert mapped.problems.select("_row", "_name", "entity", "field", "rule").rows() == [
        (2, "massal.xml", "termination_letter", "nik", "F-XSD")
    ]
    assert mapped.entities["termination_letter"]["_row"].sort().to_list() == [1, 3]
    held = folder.changes("surat").filter(pl.col("_problem").is_not_null())
    later = map_rows(held.with_columns(_field=pl.lit("termination_letter.nik")), feed, contracts)
    assert later.problems.drop("_record_id").equals(mapped.problems.drop("_record_id"))


def test_signatures_are_judged_when_letters_come(folder, root, signed, anchors):
    """By the authorities of the configuration: none, valid, invalid; nobody is held for it."""
    other = signed.replace(b"AISYAH", b"AISIYAH").replace(b"021/HRD", b"022/HRD")
    plain = EXAMPLE.replace(b"021/HRD", b"023/HRD")
    for name, content in (("a.xml", signed), ("b.xml", other), ("c.xml", plain)):
        (folder.folder / name).write_bytes(content)
    believe(folder, anchors, root)
    assert counted(folder.pull()) == {"received": 3, "changes": 3}
    assert statuses(folder) == {"a.xml": "valid", "b.xml": "invalid", "c.xml": "none"}
    assert folder.changes("surat")["_problem"].null_count() == 3
    by_digest = {one["sha256"]: one.get("signature") for one in told(folder)}
    assert by_digest == {
        sha256(signed).hexdigest(): {"status": "valid", "reason": None},
        sha256(other).hexdigest(): {"status": "invalid", "reason": "signature.changed"},
        sha256(plain).hexdigest(): None,
    }
    # An authority of the same name is another one.
    believe(folder, anchors, authority("Otoritas Uji"))
    folder.pull()
    assert statuses(folder) == {"a.xml": "invalid", "b.xml": "invalid", "c.xml": "none"}


def test_without_authorities_no_signature_is_valid(folder, signed):
    """And one that nobody can vouch for is not the same as none."""
    (folder.folder / "a.xml").write_bytes(signed)
    folder.pull()
    assert statuses(folder) == {"a.xml": "invalid"}
    assert told(folder)[0]["signature"] == {"status": "invalid", "reason": "signature.no_trust"}


def test_a_spoilt_folder_of_authorities_keeps_the_letters_for_later(folder, root, signed, anchors):
    """The feed is missing tonight, and says why; no letter is judged wrongly for good."""
    (folder.folder / "a.xml").write_bytes(signed)
    (anchors / "akar.pem").write_text("bukan sertifikat")
    trusting(folder, anchors)
    receipt = folder.pull()
    (missing,) = receipt.missing
    assert receipt.counts == {}
    assert "akar.pem" in missing.reason
    assert "trust" in missing.remedy
    believe(folder, anchors, root)
    folder.pull()
    assert statuses(folder) == {"a.xml": "valid"}


def test_the_time_of_receipt_is_the_nights(folder, root, anchors):
    """A letter signed the day after was not received that night, unless the night is made up for later."""
    rahmat = root.issue("Rahmat Hidayat")
    tomorrow = datetime.combine(FIRST + timedelta(days=1), time(9), ZoneInfo("Asia/Makassar"))
    (folder.folder / "a.xml").write_bytes(sign(EXAMPLE, rahmat.key, rahmat.chain, tomorrow))
    believe(folder, anchors, root)
    opened = {"seq": 1, "day": FIRST, "state": "open", "offices": "[]"}
    with folder.hub.begin() as conn:
        early = datetime.combine(FIRST, time(1), ZoneInfo("Asia/Jakarta")).astimezone(UTC)
        frames.load(conn, tables.night, pl.DataFrame([opened | {"opened_at": early}]))
    folder.pull()
    assert statuses(folder) == {"a.xml": "invalid"}
    assert told(folder)[0]["signature"]["reason"] == "signature.future"
    night = folder.nights[1]
    assert received_at(folder.hub, night, "bpjs").isoformat() == "2026-03-02T23:59:59+07:00"
    late = datetime(2026, 3, 5, 2, tzinfo=UTC)
    with folder.hub.begin() as conn:
        conn.execute(tables.night.update().values(opened_at=late))
    assert received_at(folder.hub, night, "bpjs") == late


def test_of_a_mass_lay_off_every_worker_has_the_files_signature(folder, root, anchors):
    """One signature covers all; one wrong worker does not take it from the others."""
    rahmat = root.issue("Rahmat Hidayat")
    content = sign(letter(worker(1), BAD, worker(3)), rahmat.key, rahmat.chain, SIGNED)
    (folder.folder / "massal.xml").write_bytes(content)
    believe(folder, anchors, root)
    assert counted(folder.pull()) == {"received": 3, "changes": 3}
    told_of = folder.changes("surat").sort("_row").select("signature_status", "_problem").rows()
    assert told_of == [("valid", None), ("valid", "F-XSD"), ("valid", None)]


def test_the_folder_of_authorities_is_configured(tmp_path):
    """By a key of the file, from where the file is, or by the environment."""
    file = tmp_path / "jendela.yaml"
    text = "state: state\nfirst_night: 2026-03-02\noffices: [bpjs]\n"
    file.write_text(text, encoding="utf-8")
    assert load_settings(file, {}).trust is None
    file.write_text(f"{text}trust: otoritas\n", encoding="utf-8")
    assert load_settings(file, {}).trust == tmp_path / "otoritas"
    assert load_settings(file, {"JENDELA_TRUST": "/lain"}).trust == Path("/lain")


def test_the_same_letter_under_another_name_is_a_repeated_file(folder):
    """Sent again as a copy: its workers are duplicates by file, counted and not read a second time."""
    (folder.folder / "surat_20260301.xml").write_bytes(EXAMPLE)
    first = folder.pull().counts["bpjs.surat"]
    folder.merge("surat")
    (folder.folder / "salinan.xml").write_bytes(EXAMPLE)
    second = folder.pull().counts["bpjs.surat"]
    assert first["changes"] == first["received"] > 0
    assert second["duplicate"] == second["received"] == first["received"]
    assert (second["repeated_files"], second["changes"]) == (1, 0)
