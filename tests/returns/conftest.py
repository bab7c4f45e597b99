"""Whole nights over two agencies in memory: BPJS with Siti's claim, Karawang with the list of its letters."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jendela import night
from jendela.contracts.agreements import load_agreements
from jendela.crypto.keyring import Keyring
from jendela.model.config import Settings
from jendela.model.errors import UnreachableError
from jendela.model.ports import Document
from jendela.store import frames
from jendela.store.hub import Hub
from tests.register.conftest import postgres_url  # noqa: F401  a schema of its own

ROOT = Path(__file__).parents[2]
FIRST = date(2026, 10, 5)
OFFICES = ("bpjs", "dinas_3215", "dinas_6471")
LETTERS, CLAIMS, SPELLS = "dinas_3215.surat_tembusan", "bpjs.klaim_jkp", "bpjs.tk_kepesertaan"
ACK = ("delivery_id", "ack_status", "ack_at", "ack_reason")
NIK = "3215105708899001"
SPELL = {
    "KPJ": "01234567891", "NPP": "JJ012345", "URUT_KEPESERTAAN": "1", "KD_DIVISI": "000",
    "JENIS_IDENTITAS": "1", "NOMOR_IDENTITAS": NIK, "NAMA_LENGKAP": "SITI NUR AISYAH",
    "TGL_LAHIR": "17-08-1989", "JENIS_KELAMIN": "2", "KEWARGANEGARAAN": "1",
    "NAMA_PERUSAHAAN": "PT MAJU JAYA TEKSTIL", "KD_KAB_PERUSAHAAN": "3215",
    "TGL_KEPESERTAAN": "10-02-2014", "TGL_MULAI_KERJA": "03-02-2014", "STATUS_KERJA": "T", "UPAH": "5000000",
    "PRG_JHT": "Y", "PRG_JKK": "Y", "PRG_JKM": "Y", "PRG_JP": "N", "PRG_JKP": "Y", "SEBAB_NA": "02",
    "TGL_NA": "24-09-2026", "TGL_LAPOR_NA": "25-09-2026", "TGL_UBAH": "2026-10-04 10:00:00",
}  # fmt: skip
CLAIM = {
    "NO_KLAIM": "JKP-1", "KPJ": "01234567891", "NPP": "JJ012345", "NOMOR_IDENTITAS": NIK,
    "NAMA_PEMOHON": "SITI NUR AISYAH", "TGL_LAHIR": "17-08-1989", "JENIS_KELAMIN": "2",
    "NAMA_PERUSAHAAN": "PT MAJU JAYA TEKSTIL", "KD_KAB_PERUSAHAAN": "3215", "TGL_PENGAJUAN": "01-10-2026",
    "TGL_PHK": "24-09-2026", "NO_SURAT_PHK": "021/HRD-PHK/IX/2026", "STATUS_KLAIM": "P1",
    "TGL_UBAH": "2026-10-04 10:00:00",
}  # fmt: skip
LETTER = {
    "NO AGENDA": "117/AGD/2026", "TGL AGENDA": "4 September 2026", "ASAL": "PERUSAHAAN",
    "NO SURAT": "021/HRD-PHK/IX/2026", "TGL SURAT": "3 September 2026", "PERIHAL": "PEMBERITAHUAN PHK",
    "NAMA PERUSAHAAN": "PT MAJU JAYA TEKSTIL", "NPP": "JJ012345", "NAMA PEKERJA": "SITI NUR AISYAH",
    "NIK": NIK, "KPJ": "01234567891", "TGL LAHIR": "17 Agustus 1989", "L/P": "P", "STATUS KERJA": "PKWTT",
    "MULAI KERJA": "3 Februari 2014", "ALASAN": "EFISIENSI CEGAH RUGI", "URAIAN": "Efisiensi",
    "TGL PEMBERITAHUAN": "3 September 2026", "TGL BERLAKU": "24 September 2026",
}  # fmt: skip
COPY = {  # the same letter as it came with the claim
    "ID_SURAT": "S-1", "ASAL_SURAT": "PESERTA", "JENIS_SURAT": "01", "NO_SURAT": "021/HRD-PHK/IX/2026",
    "TGL_SURAT": "03-09-2026", "KPJ": "01234567891", "NOMOR_IDENTITAS": NIK, "NAMA_TK": "SITI NUR AISYAH",
    "TGL_LAHIR": "17-08-1989", "JENIS_KELAMIN": "2", "NPP": "JJ012345",
    "NAMA_PERUSAHAAN": "PT MAJU JAYA TEKSTIL", "KD_KAB_PERUSAHAAN": "3215", "STATUS_KERJA": "T",
    "TGL_MULAI_KERJA": "03-02-2014", "KD_ALASAN": "43-2", "URAIAN_ALASAN": "Efisiensi",
    "TGL_PEMBERITAHUAN": "03-09-2026", "TGL_BERLAKU": "24-09-2026", "TGL_TERIMA": "01-10-2026",
    "TGL_UBAH": "2026-10-04 10:00:00",
}  # fmt: skip


class Agency:
    """One agency in memory: its rows by feed, and an inbox that keeps one row of each delivery id."""

    def __init__(self, office):
        self.office, self.feeds, self.inbox, self.away = office, {}, {}, False
        self.files = {}

    def _rows(self, source):
        listed = source.mode == "snapshot"
        rows = [
            {**{name: row.get(name) for name in source.columns}}
            | ({"_row": at, "_name": f"{source.feed.split('.')[1]}.csv"} if listed else {})
            for at, row in enumerate(self.feeds.get(source.feed, []), 1)
        ]
        schema = dict.fromkeys(source.columns, pl.String())
        return pl.DataFrame(rows, schema | ({"_row": pl.Int64(), "_name": pl.String()} if listed else {}))

    def pull(self, source, window):
        """Everything, as these agencies are small."""
        yield self._rows(source).to_arrow()

    def documents(self, source, seen):
        """The letters dropped as files: {name: bytes}."""
        for name, content in sorted(self.files.items()):
            if (name, hashlib.sha256(content).hexdigest()) not in seen:
                yield Document(name, content)

    def keys(self, source):
        """The keys of all rows."""
        return self._rows(source).select(source.key).to_arrow()

    def high_watermark(self, source):
        """The greatest of its rows."""
        return self._rows(source)[source.watermark].max() if source.watermark else None

    def deliver(self, outgoing, rows):
        """Keep the rows that are new."""
        self._knock(outgoing)
        new = [row for row in pl.DataFrame(rows).to_dicts() if row["delivery_id"] not in self.inbox]
        self.inbox |= {row["delivery_id"]: {**row, "target": outgoing.target} for row in new}
        return len(new)

    def announce(self, outgoing, night, rows):
        """Heard."""
        self._knock(outgoing)

    def acknowledgements(self, outgoing, delivery_ids):
        """Everything is accepted the day after."""
        self._knock(outgoing)
        found = [(key, "DITERIMA", "2026-10-06", None) for key in delivery_ids if key in self.inbox]
        return pl.DataFrame(found, dict.fromkeys(ACK, pl.String()), orient="row").to_arrow()

    def returns(self):
        """The rows of its inbox of returned letters, in order of arrival."""
        return [row for row in self.inbox.values() if row["target"].endswith("surat_kembali")]

    def _knock(self, outgoing):
        if self.away:
            raise UnreachableError(self.office, outgoing.delivery, "The server does not answer.", "Wait.")


class World:
    """The hub, two agencies, and the agreements as they are tonight."""

    def __init__(self, folder, url=""):
        self.agencies = {office: Agency(office) for office in OFFICES}
        self.agencies["bpjs"].feeds = {SPELLS: [SPELL], CLAIMS: [CLAIM]}
        self.agencies["dinas_3215"].feeds = {LETTERS: [dict(LETTER)]}
        self.folder, self.url, self.agreements = folder, url, None

    @property
    def letters(self):
        """The list of letters at Karawang, to be changed by its clerk."""
        return self.agencies["dinas_3215"].feeds[LETTERS]

    @property
    def returned(self):
        """What Karawang finds in its inbox."""
        return self.agencies["dinas_3215"].returns()

    def hub(self):
        """The hub, opened."""
        return Hub.open(
            settings=Settings(
                state=self.folder / "state", hub_url=self.url, first_night=FIRST, offices=OFFICES,
                agreements=self.agreements,
            ),
            agreements=load_agreements(self.agreements),
            keyring=Keyring((bytes(32),), "test"),
            connector=lambda transport, office, url: self.agencies[office],
            resolve=lambda name: name,
        )  # fmt: skip

    def run(self):
        """One night; its outcome."""
        with self.hub() as hub:
            return night.run(hub, None, (), "test", os.getpid())

    def agree(self, file, old, new):
        """The agreements from now on: in one file, other words."""
        if self.agreements is None:
            self.agreements = self.folder / "agreements"
            for part in ("schemas", "mappings"):
                shutil.copytree(ROOT / part, self.agreements / part)
        path = self.agreements / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def table(self, table):
        """A whole table."""
        with self.hub() as hub, hub.reading() as conn:
            return frames.read(conn, table)


@pytest.fixture
def world(tmp_path):
    """Before the first night."""
    return World(tmp_path)
