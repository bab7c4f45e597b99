"""The demo agencies as records of the register, read straight from their books, and the truth about who is
who.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

Record = tuple[str, str, dict[str, str | None]]

SEX = {"1": "L", "2": "P", "LAKI-LAKI": "L", "PEREMPUAN": "P"}
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
AGREED = "{urn:id:jendela:surat-phk:1.0}"


def truth(demo: Path) -> dict[str, str]:
    """Who each record is, by `agency|table|key`."""
    with (demo / "truth" / "persons.csv").open(encoding="utf-8") as lines:
        return {
            f"{row['agency']}|{row['table']}|{row['key']}": row["person"] for row in csv.DictReader(lines)
        }


def records(demo: Path) -> Iterator[Record]:
    """Every record as `(record_id, entity, canonical fields)`; of two rows with one key the first."""
    seen = set()
    for record in chain(
        _bpjs(demo / "bpjs" / "smile.sqlite"),
        _kemnaker(demo / "kemnaker" / "pusat.sqlite"),
        _karawang(demo / "dinas_3215" / "keluar"),
        _balikpapan(demo / "dinas_6471" / "keluar"),
    ):
        if record[0] not in seen:
            seen.add(record[0])
            yield record


def iso(text: str | None) -> str | None:
    """A date as any of the agencies writes it."""
    text = (text or "").strip()
    if parts := re.fullmatch(r"(\d+) (\w+) (\d{4})", text):
        return f"{parts[3]}-{MONTHS.index(parts[2]) + 1:02d}-{int(parts[1]):02d}"
    for form in ("%d-%m-%Y", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _rows(database: Path, query: str) -> Iterator[dict[str, str | None]]:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    for row in connection.execute(query):
        yield {name: str(value).strip() if value is not None else None for name, value in dict(row).items()}
    connection.close()


def _bpjs(database: Path) -> Iterator[Record]:
    for row in _rows(database, "SELECT * FROM PERUSAHAAN"):
        fields = {"npp": row["NPP"], "nib": row["NIB"], "npwp": row["NPWP"]}
        fields |= {"employer_name": row["NAMA_PERUSAHAAN"], "region_code": row["KD_KAB"]}
        yield f"bpjs|PERUSAHAAN|{row['NPP']}|{row['KD_DIVISI']}", "employer", fields
    card = "b.KPJ = s.KPJ"
    for row in _rows(database, f"SELECT b.*, s.* FROM TK_KEPESERTAAN s JOIN TK_BIODATA b ON {card}"):
        key = f"bpjs|TK_KEPESERTAAN|{row['KPJ']}|{row['NPP']}|{row['URUT_KEPESERTAAN']}"
        yield key, "employment", {**_card(row), "npp": row["NPP"], "start_date": iso(row["TGL_MULAI_KERJA"])}
    # The claimant says who he is; the card under which he claims, the rest.
    told = "s.NO_KLAIM, s.NPP, s.KPJ, s.NOMOR_IDENTITAS, s.NAMA_PEMOHON AS NAMA_LENGKAP, s.TGL_LAHIR"
    told += ", b.TEMPAT_LAHIR, b.JENIS_KELAMIN, b.NAMA_IBU_KANDUNG, b.NO_HP"
    for row in _rows(database, f"SELECT {told} FROM KLAIM_JKP s JOIN TK_BIODATA b ON {card}"):
        yield f"bpjs|KLAIM_JKP|{row['NO_KLAIM']}", "claim", {**_card(row), "npp": row["NPP"]}
    for row in _rows(database, "SELECT * FROM SURAT_KLAIM"):
        fields = {
            "nik": row["NOMOR_IDENTITAS"],
            "full_name": row["NAMA_TK"],
            "birth_date": iso(row["TGL_LAHIR"]),
            "sex": SEX[row["JENIS_KELAMIN"] or ""],
            "kpj": row["KPJ"],
            "npp": row["NPP"],
            "start_date": iso(row["TGL_MULAI_KERJA"]),
        }
        yield f"bpjs|SURAT_KLAIM|{row['ID_SURAT']}", "termination_letter", fields


def _card(row: dict[str, str | None]) -> dict[str, str | None]:
    return {
        "nik": row["NOMOR_IDENTITAS"],
        "full_name": row["NAMA_LENGKAP"],
        "birth_date": iso(row["TGL_LAHIR"]),
        "birth_place": row["TEMPAT_LAHIR"],
        "sex": SEX.get(row["JENIS_KELAMIN"] or ""),
        "mother_maiden_name": row["NAMA_IBU_KANDUNG"],
        "phone": row["NO_HP"],
        "kpj": row["KPJ"],
    }


def _kemnaker(database: Path) -> Iterator[Record]:
    for row in _rows(database, "SELECT * FROM WLKP_PERUSAHAAN"):
        fields = {"npp": row["npp"], "nib": row["nib"], "npwp": row["npwp"]}
        fields |= {"wlkp_code": row["kode_pendaftaran"], "employer_name": row["nama_perusahaan"]}
        key = f"kemnaker|WLKP_PERUSAHAAN|{row['kode_pendaftaran']}"
        yield key, "employer", {**fields, "region_code": (row["kode_wilayah"] or "").replace(".", "")}
    for row in _rows(database, "SELECT * FROM WLKP_TENAGA_KERJA"):
        fields = {
            "nik": row["nik"],
            "full_name": row["nama"],
            "birth_date": iso(row["tgl_lahir"]),
            "birth_place": row["tempat_lahir"],
            "sex": row["jk"],
            "wlkp_code": row["kode_pendaftaran"],
            "start_date": iso(row["tgl_mulai"]),
        }
        yield f"kemnaker|WLKP_TENAGA_KERJA|{row['id_tk']}", "employment", fields
    for row in _rows(database, "SELECT * FROM SIAPKERJA_AKUN"):
        fields = {
            "nik": row["nik"],
            "full_name": row["nama_lengkap"],
            "birth_date": iso(row["tgl_lahir"]),
            "birth_place": row["tempat_lahir"],
            "sex": SEX.get(row["jenis_kelamin"] or ""),
            "mother_maiden_name": row["nama_ibu_kandung"],
            "phone": row["no_hp"],
        }
        yield f"kemnaker|SIAPKERJA_AKUN|{row['id_akun']}", "pes_registration", fields


def _karawang(folder: Path) -> Iterator[Record]:
    for name, encoding, keys, entity in (
        ("laporan_phk.csv", "utf-8-sig", ("NO TANDA TERIMA", "NO URUT"), "termination_case"),
        ("surat_tembusan.csv", "windows-1252", ("NO AGENDA",), "termination_letter"),
        ("pencari_kerja.csv", "utf-8-sig", ("NO AK1",), "pes_registration"),
    ):
        with (folder / name).open(encoding=encoding, newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                fields = {
                    "nik": row["NIK"],
                    "full_name": row.get("NAMA PEKERJA") or row.get("NAMA"),
                    "birth_date": iso(row["TGL LAHIR"]),
                    "birth_place": row.get("TEMPAT LAHIR"),
                    "sex": row["L/P"],
                    "mother_maiden_name": row.get("NAMA IBU"),
                    "phone": row.get("NO HP"),
                    "kpj": row.get("KPJ"),
                    "npp": row.get("NPP"),
                    "wlkp_code": row.get("KODE WLKP"),
                    "employer_name": row.get("NAMA PERUSAHAAN"),
                    "workplace_region": "3215" if "NPP" in row else None,
                    "start_date": iso(row.get("MULAI KERJA")),
                }
                key = "|".join(row[column] for column in keys)
                yield f"dinas_3215|{name}|{key}", entity, {k: v or None for k, v in fields.items()}


def _balikpapan(folder: Path) -> Iterator[Record]:
    for file in sorted(folder.glob("*.xml")):
        try:
            root = ElementTree.parse(file).getroot()  # noqa: S314 - our own files
        except ElementTree.ParseError:
            continue
        number = root.findtext(f"{AGREED}surat/{AGREED}nomor_surat")
        employer = root.find(f"{AGREED}pengusaha")
        for worker in root.iter(f"{AGREED}pekerja"):

            def said(name: str, node: ElementTree.Element = worker) -> str | None:
                return node.findtext(f".//{AGREED}{name}")

            assert employer is not None
            fields = {
                "nik": said("nik"),
                "full_name": said("nama_lengkap"),
                "birth_date": iso(said("tanggal_lahir")),
                "birth_place": said("tempat_lahir"),
                "sex": said("jenis_kelamin"),
                "phone": said("telepon"),
                "kpj": said("kpj"),
                "npp": said("npp", employer),
                "wlkp_code": said("kode_wlkp", employer),
                "employer_name": said("nama_pengusaha", employer),
                "workplace_region": said("wilayah_kerja", employer),
                "start_date": iso(said("tanggal_mulai")),
            }
            yield f"dinas_6471|berkas_phk|{number}|{worker.get('urut')}", "termination_letter", fields
