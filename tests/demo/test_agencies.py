"""The demo agencies are what their dictionaries say, and the same every time."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
from lxml import etree

from jendela.demo import balikpapan, karawang
from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.careers import FIRST_NIGHT
from jendela.demo.connections import connections
from jendela.demo.tables import columns, dictionary
from jendela.model.errors import WrongUseError
from tests.demo.conftest import SEED, WORKERS
from tests.demo.oracle import Oracle, lines, sql

DATABASES = {"bpjs": "bpjs/smile.sqlite", "kemnaker": "kemnaker/pusat.sqlite"}
SCHEMA = Path(__file__).parents[2] / "schemas" / "surat_phk.xsd"


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file by its digest; databases by their rows."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if file.suffix == ".sqlite":
            connection = sqlite3.connect(file)
            found[name] = hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
            connection.close()
        elif file.is_file() and name != "connections.env":
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def test_the_same_seed_is_the_same_demo(demo, tmp_path):
    """Rows, files and truth, on the first day and after two more."""
    write(tmp_path, WORKERS, SEED)
    assert fingerprint(tmp_path) == fingerprint(demo)
    other = tmp_path / "other"
    write(other, WORKERS, SEED)
    first = tmp_path / "first"
    write(first, WORKERS, SEED)
    for _ in range(2):
        advance(first)
        advance(other)
    assert fingerprint(first) == fingerprint(other)


def test_another_seed_is_another_demo(demo, tmp_path):
    """Seeds matter."""
    write(tmp_path, WORKERS, SEED + 1)
    assert fingerprint(tmp_path)["truth/persons.csv"] != fingerprint(demo)["truth/persons.csv"]


@pytest.mark.parametrize("agency", DATABASES)
def test_tables_have_the_columns_of_the_dictionary(demo, agency):
    """Names and order, and values in all of them somewhere."""
    for table, described in dictionary(agency).items():
        rows = sql(demo, DATABASES[agency], table)
        assert rows, table
        assert list(rows[0]) == list(described)


def test_codes_in_the_books_are_in_the_dictionary(demo):
    """But for the rows that are there to be held."""
    oracle = Oracle(demo, SEED, WORKERS, FIRST_NIGHT)
    text = (Path(__file__).parents[2] / "mappings" / "bpjs" / "dictionary.csv").read_text(encoding="utf-8")
    known = {tuple(line.split(",")[:2] + line.split(",")[5:6]) for line in text.splitlines()}
    for table, rows, coded in (
        ("TK_KEPESERTAAN", oracle.spells, ("STATUS_KERJA", "SEBAB_NA", "STATUS_TK", "PRG_JKP")),
        ("KLAIM_JKP", oracle.claims, ("STATUS_KLAIM", "KD_TOLAK", "KD_BANK")),
        ("SURAT_KLAIM", oracle.letters, ("JENIS_SURAT", "KD_ALASAN", "ASAL_SURAT")),
    ):
        for column in coded:
            assert {(table, column, row[column]) for row in rows if row[column]} <= known


def test_char_columns_are_padded(demo):
    """A KPJ of eleven digits fills thirteen places, as in the old databases."""
    connection = sqlite3.connect(demo / "bpjs/smile.sqlite")
    lengths = connection.execute("SELECT DISTINCT length(KPJ), length(NPP) FROM TK_KEPESERTAAN").fetchall()
    connection.close()
    assert lengths == [(13, 10)]


def test_nothing_was_written_after_the_last_evening(demo):
    """The change stamps lie before the first night, which starts at 01:00 in Jakarta."""
    for agency, column, table in (
        ("bpjs", "TGL_UBAH", "KLAIM_JKP"),
        ("bpjs", "TGL_UBAH", "TK_KEPESERTAAN"),
        ("kemnaker", "diubah_pada", "PES_PENDAFTARAN"),
        ("kemnaker", "dibuat_pada", "PES_AKTIVITAS"),
    ):
        assert max(row[column] for row in sql(demo, DATABASES[agency], table)) < "2026-08-31 18:00:00"


def test_extracts_are_in_their_encodings(demo):
    """BOM, windows-1252 with a character UTF-8 would not accept, semicolons, CRLF."""
    out = demo / "dinas_3215" / "keluar"
    assert (out / karawang.REPORTS).read_bytes().startswith(b"\xef\xbb\xbf")
    letters = (out / karawang.LETTERS).read_bytes()
    assert b"\x96" in letters
    with pytest.raises(UnicodeDecodeError):
        letters.decode("utf-8")
    header = letters.split(b"\r\n")[0].decode("windows-1252").split(";")
    assert header == columns("dinas_3215", karawang.LETTERS)


def test_xml_letters_keep_the_schema_but_for_the_planted_ones(demo):
    """The files the agreed schema refuses are those the truth names as to be held, whole or for a worker."""
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    held = [row for row in lines(demo, "rows") if row["agency"] == balikpapan.AGENCY]
    refused, files = set(), sorted((demo / "dinas_6471" / "keluar").iterdir())
    for file in files:
        try:
            valid = schema.validate(etree.parse(file))
        except etree.XMLSyntaxError:
            valid = False
        if not valid:
            refused.add(file.name)
    whole = {row["key"] for row in held if row["key"].endswith(".xml")}
    assert whole < refused
    assert len(refused - whole) == sum(row["rule_hint"] == "unknown code: reason" for row in held) > 0
    assert len(files) > 10


def test_the_example_letter_keeps_the_schema():
    """The example in the documentation is a valid letter."""
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.parse(SCHEMA.parents[1] / "docs" / "examples" / "surat_phk.xml"))


def test_one_row_in_two_hundred_is_to_be_held(demo):
    """A few in every feed, with all kinds of reasons."""
    rows = lines(demo, "rows")
    assert {(row["agency"], row["table"]) for row in rows} >= {
        ("bpjs", "TK_KEPESERTAAN"),
        ("bpjs", "KLAIM_JKP"),
        ("bpjs", "SURAT_KLAIM"),
        ("kemnaker", "WLKP_TENAGA_KERJA"),
        ("kemnaker", "PES_PENDAFTARAN"),
        ("kemnaker", "PES_AKTIVITAS"),
        ("dinas_3215", karawang.REPORTS),
        ("dinas_3215", karawang.LETTERS),
        ("dinas_3215", karawang.SEEKERS),
        ("dinas_6471", balikpapan.TABLE),
    }
    hints = {row["rule_hint"].split(":")[0] for row in rows}
    assert hints >= {
        "no plausible NIK",
        "impossible date",
        "end before start",
        "unknown code",
        "malformed XML",
        "wrong number of fields",
    }


def test_connections_name_every_office(demo):
    """Ten connections, absolute, and the offline office too; they hold passwords."""
    assert (demo / "connections.env").stat().st_mode & 0o777 == 0o600
    urls = connections(demo)
    assert len(urls) == 10
    text = (demo / "connections.env").read_text(encoding="utf-8")
    assert all(f"JENDELA_CONN_{name}={url}" in text for name, url in urls.items())
    assert not (demo / "dinas_7371").exists()


def test_a_folder_without_a_demo_says_so(tmp_path):
    """No traceback for somebody who mistyped a folder."""
    with pytest.raises(WrongUseError, match="holds no demo agencies"):
        advance(tmp_path)
