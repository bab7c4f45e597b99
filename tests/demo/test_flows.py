"""The deck's other flows in the demo: a cheating hub finds what was planted, days bring news."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.careers import FIRST_NIGHT
from tests.demo.flow_oracle import FlowOracle
from tests.demo.oracle import lines, sql

CODES = {
    "CON-01", "CON-03", "CON-04", "PAY-01", "PAY-02", "PAY-03", "PAY-04", "MON-01", "MON-02", "MON-03",
    "MON-04", "TRN-01", "TRN-02", "PLC-01", "DSQ-01", "DSQ-02", "CLM-02", "CLM-03", "CLM-05", "CLM-06",
    "PES-02", "WRK-02", "WRK-03", "WRK-04", "EMP-01", "EMP-02", "EMP-03", "EMP-04", "EMP-06", "ID-06",
    "ID-08",
}  # fmt: skip


def planted(folder: Path, night: date) -> set[tuple[str, str]]:
    """What the truth says is open on a night."""
    return {
        (row["code"], row["key_a"])
        for row in lines(folder, "flows")
        if row["since_night"] <= str(night) and (not row["until_night"] or str(night) < row["until_night"])
    }


@pytest.mark.parametrize(("workers", "seed"), [(300, 1), (600, 5), (2000, 4)])
def test_all_found_none_invented(tmp_path, workers, seed):
    """On the first night the books hold every planted case of 31 codes and no other."""
    write(tmp_path, workers, seed)
    wanted = planted(tmp_path, FIRST_NIGHT)
    assert {code for code, _ in wanted} == CODES
    assert set(FlowOracle(tmp_path).findings(FIRST_NIGHT)) == wanted


def test_a_month_passes_and_the_truth_keeps_up(own_demo):
    """Thirty days: reports, payments, posted periods, notices, a dispute that ends, corrections."""
    changed: Counter[str] = Counter()
    for _ in range(30):
        summary = advance(own_demo)
        changed.update(summary.changed)
        assert set(FlowOracle(own_demo).findings(summary.night)) == planted(own_demo, summary.night), (
            summary.night
        )
    for table in ("IURAN_TK", "BAYAR_MANFAAT", "HENTI_MANFAAT"):
        assert changed[f"bpjs.{table}"], table
    for table in (
        "PES_PEMBERITAHUAN",
        "EPHI_PERSELISIHAN",
        "EPHI_PB",
        "KARIRHUB_RUJUKAN",
        "SKILLHUB_KEHADIRAN",
    ):
        assert changed[f"kemnaker.{table}"], table
    mended = {row["code"] for row in lines(own_demo, "flows") if row["until_night"]}
    assert mended >= {
        "PES-02",
        "WRK-03",
        "CLM-02",
        "CLM-03",
        "PAY-03",
        "MON-01",
        "EMP-03",
        "EMP-04",
        "EMP-06",
        "ID-08",
    }
    assert any(row["since_night"] > str(FIRST_NIGHT) for row in lines(own_demo, "flows"))
    court = [row for row in sql(own_demo, "kemnaker/pusat.sqlite", "EPHI_PB") if row["no_akta"]]
    assert any(row["tgl_pb"] >= "20260901" for row in court)


def test_one_letter_dismisses_many(own_demo):
    """On the seventh day an employer in Balikpapan lays off by one letter: one file, many workers."""
    for _ in range(7):
        advance(own_demo)
    files = sorted((own_demo / "dinas_6471" / "keluar").glob("surat_20260907_*.xml"))
    assert max(file.read_bytes().count(b"<pekerja ") for file in files) > 5


def test_contributions_are_asked_for_only_where_they_matter(demo):
    """The books have months of people who work on or resigned; the feed asks for none of them."""
    connection = sqlite3.connect(demo / "bpjs" / "smile.sqlite")
    query = load_agreements().feed("bpjs.iuran_tk").source.query
    asked = {tuple(str(part).strip() for part in row[:3]) for row in connection.execute(query)}
    connection.close()
    claimed = {(row["KPJ"], row["NPP"]) for row in sql(demo, "bpjs/smile.sqlite", "KLAIM_JKP")}
    spells = {
        (row["KPJ"], row["NPP"], row["URUT_KEPESERTAAN"]): row
        for row in sql(demo, "bpjs/smile.sqlite", "TK_KEPESERTAAN")
    }
    for key in asked:
        assert spells[key]["SEBAB_NA"] in ("02", "07") or key[:2] in claimed, key
    kept = {
        (row["KPJ"], row["NPP"], row["URUT_KEPESERTAAN"])
        for row in sql(demo, "bpjs/smile.sqlite", "IURAN_TK")
    }
    assert kept - asked


def test_the_same_seed_gives_the_same_flows(tmp_path):
    """Row for row, also after a day."""
    for name in ("one", "other"):
        write(tmp_path / name, 300, 9)
        advance(tmp_path / name)
    for file, table in (("bpjs/smile.sqlite", "BAYAR_MANFAAT"), ("bpjs/smile.sqlite", "IURAN_TK"),
                        ("kemnaker/pusat.sqlite", "KARIRHUB_RUJUKAN")):  # fmt: skip
        assert sql(tmp_path / "one", file, table) == sql(tmp_path / "other", file, table)
    assert lines(tmp_path / "one", "flows") == lines(tmp_path / "other", "flows")


def test_every_key_in_the_truth_is_in_the_books(demo):
    """A truth that names rows nobody has would be no truth."""
    oracle = FlowOracle(demo)
    books = {
        "TK_KEPESERTAAN": oracle.spells, "KLAIM_JKP": oracle.claims, "IURAN_TK": oracle.months,
        "BAYAR_MANFAAT": oracle.payments, "HENTI_MANFAAT": oracle.stops, "PES_PENDAFTARAN": oracle.seekers,
        "PES_AKTIVITAS": oracle.reports, "SKILLHUB_KEHADIRAN": oracle.attendance,
        "PES_PEMBERITAHUAN": oracle.notices, "WLKP_TENAGA_KERJA": oracle.workers,
        "PERUSAHAAN": oracle.firms, "WLKP_PERUSAHAAN": oracle.establishments,
    }  # fmt: skip
    for row in lines(demo, "flows"):
        for side in "ab":
            table, key = row[f"table_{side}"], row[f"key_{side}"]
            if key and table in books:
                assert key in {known["key"] for known in books[table]}, row
