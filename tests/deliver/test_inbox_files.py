"""The whole step against a folder: files, announcement and answers of an office without a database."""

from __future__ import annotations

import pytest

from connectors.files import FilesConnector


@pytest.fixture
def folder(siti, tmp_path):
    """The office's inbox folder; deliveries go there."""
    made = tmp_path / "masuk"
    made.mkdir()
    siti.hub.connector = lambda transport, office, url: FilesConnector(office, made.as_uri())
    return made


def test_a_file_of_rows_an_announcement_and_an_answer(siti, folder):
    """Semicolons, the office's own header, one file a delivery and night; the answer is a file beside it."""
    receipt = siti.deliver("dinas_3215")
    assert receipt.missing == ()
    name = "kepesertaan_hi_2026-09-01_dinas.3215.hi"
    header, row = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith(
        "delivery_id;verb;night;recipient;jdl_item;jdl_seq;NO_TANDA_TERIMA;NIK;NAMA_PEKERJA"
    )
    assert "SITI NUR AISYAH" in row
    assert (folder / f"{name}.announce.csv").exists()
    assert (folder / "surat_hi_2026-09-01_dinas.3215.hi.csv").exists()  # zero rows is a fact
    delivery_id = row.split(";")[0]
    answer = f"delivery_id;ack_status;ack_at;ack_reason\n{delivery_id};DITOLAK;2026-09-01T09:00:00;A3\n"
    (folder / f"{name}.ack.csv").write_text(answer, encoding="utf-8")
    siti.next_night()
    assert siti.deliver("dinas_3215").counts["dinas.3215.hi.registrations"]["refused"] == 1


def test_a_share_that_is_not_mounted_is_missing(siti, tmp_path):
    """The rows wait in the hub."""
    gone = tmp_path / "file-in-the-way"
    gone.write_text("", encoding="utf-8")
    siti.hub.connector = lambda transport, office, url: FilesConnector(office, (gone / "x").as_uri())
    receipt = siti.deliver("dinas_3215")
    assert len(receipt.missing) == 7
    assert receipt.counts["dinas.3215.hi.registrations"]["pending_after"] == 1
