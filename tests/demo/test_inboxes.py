"""The agencies answer, refuse, stay silent, and take accepted letters over as their own."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

from lxml import etree

from jendela.demo import karawang
from jendela.demo.advance import advance
from jendela.demo.inboxes import verdict
from tests.demo.oracle import lines, sql

NIGHT = "2026-09-01"


def put_table(folder: Path, agency: str, table: str, rows: list[dict[str, str]]) -> None:
    """What the hub does with an SQL inbox."""
    connection = sqlite3.connect(folder / agency / "inbox.sqlite")
    with connection:
        for row in rows:
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
    connection.close()


def put_file(folder: Path, office: str, name: str, rows: list[dict[str, str]]) -> Path:
    """What it does with a folder."""
    file = folder / office / "masuk" / name
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return file


def accepted_id() -> str:
    """A delivery the agencies accept."""
    return next(f"d{n}" for n in range(100) if verdict(f"d{n}")[0] == "ACCEPTED")


def test_a_letter_bpjs_lacked_becomes_its_own_row(own_demo):
    """Acknowledged, and in SURAT_KLAIM as from Jendela with the delivery's id."""
    copy = next(
        row
        for row in karawang.read(own_demo / "dinas_3215" / "keluar", karawang.LETTERS)
        if row.get("NIK")
        and row["PERIHAL"] == "PEMBERITAHUAN PHK"
        and row["NO SURAT"]
        not in {one["NO_SURAT"] for one in sql(own_demo, "bpjs/smile.sqlite", "SURAT_KLAIM")}
    )
    put_table(
        own_demo,
        "bpjs",
        "jdl_surat",
        [
            {
                "delivery_id": accepted_id(),
                "verb": "upsert",
                "night": NIGHT,
                "recipient": "bpjs",
                "jdl_item": "i",
                "jdl_seq": "1",
                "kpj": copy["KPJ"],
                "npp": copy["NPP"],
                "no_surat": copy["NO SURAT"],
                "jenis_surat": "01",
                "tgl_berlaku": "01-08-2026",
                "kd_alasan": "43-2",
                "status_verifikasi": "HANYA DI DINAS",
            }
        ],
    )
    summary = advance(own_demo)
    (row,) = [
        row for row in sql(own_demo, "bpjs/smile.sqlite", "SURAT_KLAIM") if row["ASAL_SURAT"] == "JENDELA"
    ]
    assert (row["REF_JENDELA"], row["NO_SURAT"], row["KPJ"]) == (accepted_id(), copy["NO SURAT"], copy["KPJ"])
    assert summary.taken_over == 1
    (answer,) = sql(own_demo, "bpjs/inbox.sqlite", "jdl_surat")
    assert (answer["ack_status"], answer["ack_at"][:10]) == ("ACCEPTED", NIGHT)
    assert ("bpjs", row["ID_SURAT"]) in {(one["agency"], one["key"]) for one in lines(own_demo, "persons")}


def letter_for(folder: Path, office: str, region: str, day: str) -> dict[str, str]:
    """A letter of that region only BPJS has, in the office's own writing of dates."""
    old = next(
        row
        for row in sql(folder, "bpjs/smile.sqlite", "SURAT_KLAIM")
        if row["JENIS_SURAT"] == "04" and row["NOMOR_IDENTITAS"][:4].isdigit() and row["STATUS_KERJA"] == "K"
    )
    return {
        "delivery_id": accepted_id(),
        "verb": "upsert",
        "night": NIGHT,
        "recipient": f"dinas.{region}.hi",
        "NIK": old["NOMOR_IDENTITAS"],
        "NO_SURAT": old["NO_SURAT"],
        "TGL_SURAT": day,
        "PERIHAL": "PKWT_END_STATEMENT",
        "NAMA_PERUSAHAAN": old["NAMA_PERUSAHAAN"],
        "NPP": old["NPP"],
        "NAMA_PEKERJA": old["NAMA_TK"],
        "TGL_LAHIR": day,
        "L_P": "L",
        "STATUS_KERJA": "PKWT",
        "MULAI_KERJA": day,
        "AKHIR_KONTRAK": day,
        "ALASAN": "RPK1",
        "URAIAN": "Habis",
        "TGL_BERLAKU": day,
        "UPAH_POKOK": "1",
        "TUNJ_TETAP": "0",
        "TOTAL": "0",
    }


def test_karawang_answers_in_a_file_and_registers_the_letter(own_demo):
    """`<name>.ack.csv`, and a row of the register marked JENDELA."""
    file = put_file(
        own_demo,
        "dinas_3215",
        "surat_hi_2026-09-01_dinas.3215.hi.csv",
        [letter_for(own_demo, "dinas_3215", "3215", "1 Juli 2026")],
    )
    advance(own_demo)
    with file.with_name(f"{file.stem}.ack.csv").open(encoding="utf-8", newline="") as answers:
        (answer,) = csv.DictReader(answers, delimiter=";")
    assert answer["ack_status"] == "ACCEPTED"
    register = karawang.read(own_demo / "dinas_3215" / "keluar", karawang.LETTERS)
    (row,) = [row for row in register if row.get("ASAL") == "JENDELA"]
    assert (row["REF"], row["TGL BERLAKU"]) == (accepted_id(), "1 Juli 2026")


def test_balikpapan_is_silent_on_the_first_day_only(own_demo):
    """No answer on day one; on day two the answer, and the letter as a valid file that names its origin."""
    fields = {
        name.lower() if name.isupper() else name: value
        for name, value in letter_for(own_demo, "dinas_6471", "6471", "2026-07-01").items()
    }
    file = put_file(own_demo, "dinas_6471", "surat_hi_2026-09-01_dinas.6471.hi.csv", [fields])
    assert advance(own_demo).silent == ("dinas_6471",)
    answer = file.with_name(f"{file.stem}.ack.csv")
    assert not answer.exists()
    assert advance(own_demo).silent == ()
    assert answer.exists()
    schema = etree.XMLSchema(etree.parse(Path(__file__).parents[2] / "schemas" / "surat_phk.xsd"))
    (dropped,) = (own_demo / "dinas_6471" / "keluar").glob("surat_20260902_J*.xml")
    document = etree.parse(dropped)
    schema.assertValid(document)
    assert document.findtext(".//{*}asal") == "JENDELA"


def test_some_are_refused_with_a_code_of_the_agency():
    """One in fifty, always the same ones."""
    verdicts = [verdict(f"delivery {n}") for n in range(5000)]
    refused = [reason for status, reason in verdicts if status == "REFUSED"]
    assert 50 < len(refused) < 150
    assert set(refused) == {"K01", "K02", "K07"}


def test_an_answer_is_given_once(own_demo):
    """A second day does not answer again."""
    rows = [{"delivery_id": f"x{n}", "verb": "upsert", "night": NIGHT} for n in range(300)]
    file = put_file(own_demo, "dinas_3215", "klaim_hi_2026-09-01_dinas.3215.hi.csv", rows)
    first = advance(own_demo)
    assert (first.accepted + first.refused, first.refused > 0) == (300, True)
    content = file.with_name(f"{file.stem}.ack.csv").read_text(encoding="utf-8")
    assert advance(own_demo).accepted == 0
    assert file.with_name(f"{file.stem}.ack.csv").read_text(encoding="utf-8") == content
