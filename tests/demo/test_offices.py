"""Twelve labour offices: each has its own habits, the same every time, and the first night's are as ever."""

from __future__ import annotations

import csv
import hashlib
import shutil
import socket
import sqlite3
import subprocess
from datetime import date
from decimal import Decimal

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from jendela.cli import jendela
from jendela.contracts.agreements import load_agreements
from jendela.demo import served, state
from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.connections import connections, write_connections
from jendela.demo.country import COUNTRIES, country
from jendela.demo.house import Work
from jendela.demo.houses import ambon, bekasi, denpasar, jayapura, manado, medan
from jendela.demo.inboxes import answer_all
from jendela.demo.regions import regions
from jendela.demo.serve import serving
from jendela.demo.shelves.workbooks import Workbook
from jendela.demo.tables import dictionary, typed
from jendela.demo.takeover import plain
from jendela.model.errors import WrongUseError
from tests.demo.oracle import lines, sql
from tests.demo.test_agencies import fingerprint

WORKERS, SEED = 300, 3
TABLES = {
    "bpjs/smile.sqlite": ("PERUSAHAAN", "TK_BIODATA", "TK_KEPESERTAAN", "KLAIM_JKP", "SURAT_KLAIM"),
    "kemnaker/pusat.sqlite": (
        "WLKP_PERUSAHAAN",
        "WLKP_TENAGA_KERJA",
        "SIAPKERJA_AKUN",
        "PES_PENDAFTARAN",
        "PES_AKTIVITAS",
    ),
}
FIRST_NIGHT = "d929e70a3b5a5d1c668792238be4504e291eec77e3aa0fca30523448fc77a1c1"
"""The rows of the first five agencies, 600 workers of seed 5; `OFFICES=all` changes none of them."""


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """All offices on the evening before the first night; nobody changes it."""
    folder = tmp_path_factory.mktemp("twelve")
    write(folder, WORKERS, SEED, "all")
    return folder


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """The same three days later."""
    folder = tmp_path_factory.mktemp("later")
    write(folder, WORKERS, SEED, "all")
    for _ in range(3):
        advance(folder)
    return folder


def of_no_server(folder):
    """Every file by its digest, but those with a port, a password or a key."""
    return {name: digest for name, digest in fingerprint(folder).items() if not name.startswith("servers/")}


def test_the_first_night_is_as_it_was_before_there_were_others(demo):
    """Other offices changed not one row or letter of the five agencies that `make run` writes."""
    total = hashlib.sha256()
    for file, tables in TABLES.items():
        for table in tables:
            total.update(repr([tuple(row.values()) for row in sql(demo, file, table)]).encode())
    for office in ("dinas_3215", "dinas_6471"):
        for file in sorted((demo / office / "keluar").iterdir()):
            total.update(file.name.encode() + file.read_bytes())
    assert total.hexdigest() == FIRST_NIGHT


def test_twelve_offices_are_the_same_for_the_same_seed(later, tmp_path):
    """Databases, workbooks, Parquet, records: byte for byte, after three days too."""
    write(tmp_path, WORKERS, SEED, "all")
    for _ in range(3):
        advance(tmp_path)
    assert of_no_server(tmp_path) == of_no_server(later)


def test_twelve_offices_in_three_zones_of_which_one_is_offline(twelve):
    """Every office is configured, has connections of its own, and something to give."""
    place = country("all")
    assert len(place.offices) == 12
    assert {regions()[name.removeprefix("dinas_")].zone for name in place.offices} == {"WIB", "WITA", "WIT"}
    urls = connections(twelve, place)
    assert len(urls) == 2 * (2 + 12)
    text = (twelve / "jendela.yaml").read_text(encoding="utf-8")
    assert all(name in text for name in place.offices)
    assert not (twelve / "dinas_7371").exists()
    told = {row["agency"] for row in lines(twelve, "persons")}
    assert {house.agency for house in place.houses} <= told


def test_no_two_offices_call_their_columns_alike():
    """Of every two offices' registers of letters most columns are called otherwise."""
    books = [set(house.letters.columns) for house in COUNTRIES["all"].houses if house.letters]
    for place, one in enumerate(books):
        for other in books[place + 1 :]:
            assert len(one & other) <= len(one) // 2


def test_medan_writes_records_of_one_length_and_counts_them(twelve):
    """A header, records that begin with D, a trailer with their number; zeros before money."""
    content = (twelve / "dinas_1271" / "keluar" / "PHKSRT.DAT").read_bytes().decode("cp850")
    head, *records, tail, end = content.split("\r\n")
    assert end == ""
    assert {len(line) for line in (head, *records, tail)} == {len(head)}
    assert head.startswith("HPHKSRT.DAT")
    assert {line[0] for line in records} == {"D"}
    assert tail.split() == [f"T{len(records):08d}"]
    widths = medan.HOUSE.shelf.render.widths["PHKSRT.DAT"]
    at = 1 + sum(list(widths.values())[: list(widths).index("GAPOK")])
    assert all(line[at : at + widths["GAPOK"]].isdigit() for line in records)


def test_bekasi_keeps_workbooks_as_people_do(twelve):
    """A title block, a header of two lines of which the first is merged, dates as such, a sum below."""
    sheet = fastexcel.read_excel(twelve / "dinas_3216" / "keluar" / "rekap_phk.xlsx").load_sheet(
        0, header_row=None, dtypes="string"
    )
    rows = sheet.to_polars().rows()
    assert "BEKASI" in rows[0][0]
    assert rows[4][:5] == ("Laporan", None, None, "Perusahaan", None)
    assert rows[5][:5] == ("No. tanda terima", "No. urut", "Tanggal", "Nama", "NPP")
    assert rows[-1][0].startswith("JUMLAH")
    assert len(bekasi.HOUSE.shelf.books(twelve, "rekap_phk.xlsx")) == len(rows) - 7


def test_manado_gives_typed_columns(twelve):
    """Dates are dates and amounts whole numbers, as its dictionary says."""
    schema = pq.read_schema(twelve / "dinas_7171" / "keluar" / "surat.parquet")
    assert str(schema.field("TglPhk").type) == "date32[day]"
    assert str(schema.field("Gapok").type) == "int64"


def test_denpasar_and_ambon_have_dialects_of_their_own(twelve):
    """Bars in Latin-1, tabs in UTF-16 with its mark."""
    bars = (twelve / "dinas_5171" / "keluar" / "letters.txt").read_bytes().decode("iso-8859-1")
    assert bars.splitlines()[0].split("|")[0] == "entry_no"
    assert "Rp " in bars
    (tabs,) = (twelve / "dinas_8171" / "keluar").glob("agenda_surat_*.tsv")
    assert tabs.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    (first, *_) = csv.DictReader(tabs.read_bytes().decode("utf-16").splitlines(), delimiter="\t")
    assert first["NOMOR AGENDA"]


def test_semarang_has_papers_and_their_lines_in_two_tables(twelve):
    """A paper is once in the one, its workers in the other, in types of their own."""
    papers = sql(twelve, "dinas_3374/hubin.sqlite", "tb_lapor")
    workers = sql(twelve, "dinas_3374/hubin.sqlite", "tb_lapor_tk")
    assert {row["no_tt"] for row in papers} == {row["no_tt"] for row in workers}
    assert len({row["no_tt"] for row in papers}) == len(papers)
    assert all(date.fromisoformat(row["tgl_trm"]) for row in papers)


def test_ambon_sends_a_day_s_file_again_under_another_name(tmp_path):
    """Every third working day; and a row that was changed comes once more, in a file of that day."""
    house, shelf = ambon.HOUSE, ambon.HOUSE.shelf
    row = dict.fromkeys(house.reports.columns, "") | {"NO BUKTI LAPOR": "1", "NOMOR URUT": "1"}
    shelf.fill(house, tmp_path, Work(date(2026, 8, 31), 0, {"bukti_lapor.tsv": [row]}))
    change = ("bukti_lapor.tsv", {"NO BUKTI LAPOR": "1"}, {"TANGGAPAN PEKERJA": "B"})
    shelf.apply(house, tmp_path, Work(date(2026, 9, 1), 1, updated=[change]))
    out = tmp_path / "dinas_8171" / "keluar"
    sent, again = out / "bukti_lapor_20260901.tsv", out / "bukti_lapor_20260901_kirim_ulang.tsv"
    assert sent.read_bytes() == again.read_bytes()
    assert sent.read_bytes() != (out / "bukti_lapor_20260831.tsv").read_bytes()


def test_jayapura_sends_several_days_at_once(tmp_path):
    """Two days' letters wait and come with the third's; on a Sunday nobody sends."""
    house, shelf = jayapura.HOUSE, jayapura.HOUSE.shelf
    out = tmp_path / "dinas_9171" / "keluar"
    for day, workday in ((1, 1), (2, 2)):
        shelf.apply(house, tmp_path, Work(date(2026, 9, day), workday, files={f"surat_{day}.xml": b"<a/>"}))
    assert not out.exists()
    shelf.apply(house, tmp_path, Work(date(2026, 9, 3), 3, files={"surat_3.xml": b"<a/>"}))
    assert sorted(file.name for file in out.iterdir()) == ["surat_1.xml", "surat_2.xml", "surat_3.xml"]


def test_a_job_fair_brings_forty_times_as_many(later):
    """Bandung on 3 September 2026: eighty at the counter, where two came on the days before."""
    days = [row["tanggal_daftar"] for row in sql(later, "dinas_3273/sidaku.sqlite", "pencari_kerja")]
    assert [days.count(f"2026-09-0{day}") for day in (1, 2, 3)] == [2, 2, 80]


def test_offices_add_what_they_learn_to_papers_they_have(tmp_path):
    """In the first working days some report is revised, in the office's own words for it."""
    write(tmp_path, WORKERS, SEED, "all")
    revised = set()
    for _ in range(9):
        before = {house.agency: reports(tmp_path, house) for house in COUNTRIES["all"].houses}
        advance(tmp_path)
        for house in COUNTRIES["all"].houses:
            now = reports(tmp_path, house)
            changed = [key for key, row in before[house.agency].items() if now.get(key) != row]
            if changed:
                revised.add(house.agency)
    assert len(revised) >= 2


def reports(folder, house):
    """The reports of an office by key, where its program keeps books we can read."""
    shelf = house.shelf
    if house.reports is None or not hasattr(shelf, "books"):
        return {}
    return {house.reports.key_of(row): row for row in shelf.books(folder, house.reports.table)}


def test_every_kind_of_inbox_is_answered_in_its_own_way(tmp_path):
    """Rows of a workbook, of Parquet and of bars are answered beside them, in the delivery's dialect."""
    rows = [{"delivery_id": f"d{n}", "verb": "retract", "night": "2026-09-01"} for n in range(3)]
    frame = pl.DataFrame(rows)
    for house in (bekasi.HOUSE, manado.HOUSE, denpasar.HOUSE):
        inbox = house.inbox.place(tmp_path)
        inbox.mkdir(parents=True)
        file = inbox / f"klaim_2026-09-01_dinas.{house.region}.hi.{house.inbox.ending}"
        if house.inbox.ending == "xlsx":
            frame.write_excel(file)
        elif house.inbox.ending == "parquet":
            frame.write_parquet(file)
        else:
            frame.write_csv(file, separator=house.inbox.delimiter)
    answers = answer_all(tmp_path, date(2026, 9, 1), frozenset(), country("all"))
    answers.write()
    assert answers.accepted + answers.refused == 9
    for house in (bekasi.HOUSE, manado.HOUSE, denpasar.HOUSE):
        (answer,) = house.inbox.place(tmp_path).glob("*.ack.csv")
        told = csv.DictReader(answer.read_text("utf-8").splitlines(), delimiter=house.inbox.delimiter)
        assert [row["delivery_id"] for row in told] == ["d0", "d1", "d2"]


def test_serving_is_for_those_who_need_it(tmp_path):
    """A demo of the first offices needs no server, and says what to do for one that does."""
    write(tmp_path, 300, 1)
    with pytest.raises(WrongUseError, match="--offices all"), serving(tmp_path):
        pass


def test_a_port_that_is_taken_is_changed_in_the_connections(twelve, tmp_path):
    """Somebody else listens there: another port is served, and connections.env says which."""
    folder = tmp_path / "demo"
    shutil.copytree(twelve, folder)
    before = served.servers(folder)
    with socket.socket() as other:
        other.bind((served.HOST, before.rest_port))
        other.listen()
        with serving(folder) as told:
            now = served.servers(folder)
            assert now.rest_port != before.rest_port
            assert (now.sftp_port, now.password, now.fingerprint) == (
                before.sftp_port,
                before.password,
                before.fingerprint,
            )
            assert f":{now.rest_port}/" in (folder / "connections.env").read_text(encoding="utf-8")
            assert f":{now.rest_port}/" in " ".join(told)


def test_the_key_and_the_password_are_their_owners_alone(twelve):
    """Nobody else on the machine reads them."""
    for name in ("servers.json", "sftp_host_key"):
        assert (twelve / "servers" / name).stat().st_mode & 0o077 == 0


def test_the_choice_is_remembered_and_another_is_refused(tmp_path):
    """`demo advance` goes on with what was written; a word that is no choice is refused."""
    runner = CliRunner()
    done = runner.invoke(jendela, ["demo", "agencies", str(tmp_path), "--workers", "300", "--offices", "all"])
    assert done.exit_code == 0, done.output
    assert "demo serve" in done.output
    assert state.load(tmp_path).offices == "all"
    assert runner.invoke(jendela, ["demo", "agencies", str(tmp_path), "--offices", "some"]).exit_code == 2
    with pytest.raises(WrongUseError, match="first or all"):
        write(tmp_path, 300, 1, "some")
    # From twelve to the first ones: nothing of the others is left.
    write(tmp_path, 300, 1)
    assert not (tmp_path / "dinas_1271").exists()


def test_inboxes_of_all_offices_are_there(twelve):
    """SQL inboxes from the shipped DDL, folders for files; behind REST the interface makes its own."""
    for name in ("dinas_3273", "dinas_3374"):
        connection = sqlite3.connect(twelve / name / "inbox.sqlite")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        connection.close()
        assert "jdl_announcement" in tables
        assert len(tables) == 8
    for name in ("dinas_1271", "dinas_3216", "dinas_5171", "dinas_7171", "dinas_8171", "dinas_9171"):
        assert (twelve / name / "masuk").is_dir()


def test_bekasi_takes_a_letter_over_as_it_was_delivered():
    """Our amounts have cents, its own have none: the same number in the same cell, and the day goes on."""
    own = dict.fromkeys(dictionary("dinas_3216")["buku_surat.xlsx"], "")
    written = [
        Workbook("dinas_3216")("buku_surat.xlsx", [own | {"Upah / Pokok": amount}])
        for amount in ("6180000", "6180000.00")
    ]
    assert written[0] == written[1]


def test_a_table_of_whole_rupiah_takes_a_letter_over():
    """The same in a database whose amounts are whole numbers; half a rupiah would be an error there."""
    assert typed(sa.Integer(), "6180000.00") == typed(sa.BigInteger(), "6180000") == 6_180_000
    assert typed(sa.Integer(), "0.50") == Decimal("0.50")


def test_a_shell_reads_every_connection(tmp_path):
    """`. connections.env`, as the demo says: an address with & in it was lost, and its office missing."""
    place = country("all")
    write_connections(tmp_path, place)
    said = "set -a; . ./connections.env; env"
    told = subprocess.run(["sh", "-c", said], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    read = dict(line.split("=", 1) for line in told.splitlines() if line.startswith("JENDELA_CONN_"))
    wanted = connections(tmp_path, place)
    assert {name: read.get(f"JENDELA_CONN_{name}") for name in wanted} == wanted


@pytest.mark.parametrize("house", country("all").houses, ids=lambda house: house.agency)
def test_a_letter_is_told_from_every_other_delivery(house):
    """The columns by which an office knows one are in its letters alone: the state of a claim, which has the
    letter's number and the day of the termination too, was taken for one and came back without its reason.
    """
    having = {
        spec.entity
        for spec in load_agreements().offices[house.agency].deliveries.values()
        if {plain(column) for column in spec.columns} >= set(house.letter_columns)
    }
    assert having == {"termination_letter"}
