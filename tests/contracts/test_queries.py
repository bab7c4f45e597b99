"""The queries that feeds send to an agency, run on tables made from its own dictionary."""

from __future__ import annotations

import sqlite3

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.contracts.dictionary import load_dictionary

AGREEMENTS = load_agreements()
SQL_FEEDS = sorted(
    feed.name
    for office in AGREEMENTS.offices.values()
    if office.transport == "sql"
    for feed in office.feeds.values()
)


@pytest.fixture
def database(request):
    """An empty database of the agency whose feed is asked for, in SQLite."""
    from pathlib import Path

    office = getattr(request, "param", "bpjs")
    root = Path(__file__).parents[2]
    dictionary = load_dictionary(root / "mappings" / office / "dictionary.csv", root)
    tables: dict[str, list[str]] = {}
    for column in dictionary.columns.values():
        tables.setdefault(column.table, []).append(f'"{column.name}" {column.type}')
    conn = sqlite3.connect(":memory:")
    for table, columns in tables.items():
        conn.execute(f'CREATE TABLE "{table}" ({", ".join(columns)})')
    yield conn
    conn.close()


def _put(conn: sqlite3.Connection, table: str, **row: object) -> None:
    marks = ", ".join("?" * len(row))
    conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _ask(conn: sqlite3.Connection, feed: str) -> list[dict[str, object]]:
    cursor = conn.execute(AGREEMENTS.feed(feed).source.query)
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@pytest.mark.parametrize(
    ("database", "feed"), [(feed.split(".")[0], feed) for feed in SQL_FEEDS], indirect=["database"]
)
def test_a_query_gives_the_columns_of_its_feed(database, feed):
    """By name and in order, so that a column renamed in one place only is found here."""
    cursor = database.execute(AGREEMENTS.feed(feed).source.query)
    assert tuple(one[0] for one in cursor.description) == AGREEMENTS.feed(feed).source.columns


KPJ, NPP = "01234567891  ", "JJ012345  "


@pytest.fixture
def siti(database):
    """Siti: one card, two spells with one employer, the second in its division in Karawang."""
    _put(
        database,
        "PERUSAHAAN",
        NPP=NPP,
        KD_DIVISI="000",
        NAMA_PERUSAHAAN="PT MAJU",
        KD_KAB="3171",
        TGL_UBAH="2026-01-01 01:00:00",
    )
    _put(
        database,
        "PERUSAHAAN",
        NPP=NPP,
        KD_DIVISI="002",
        NAMA_PERUSAHAAN="PT MAJU",
        KD_KAB="3215",
        TGL_UBAH="2026-03-01 01:00:00",
    )
    _put(database, "TK_BIODATA", KPJ=KPJ, NAMA_LENGKAP="SITI NUR AISYAH", TGL_UBAH="2026-02-01 01:00:00")
    for order, division in ((1, "000"), (2, "002")):
        _put(
            database,
            "TK_KEPESERTAAN",
            KPJ=KPJ,
            NPP=NPP,
            URUT_KEPESERTAAN=order,
            KD_DIVISI=division,
            TGL_UBAH="2026-01-15 01:00:00",
        )
    return database


def test_a_change_of_the_person_or_the_employer_is_a_change_of_the_spell(siti):
    """One table split in three: the watermark is the greatest of theirs."""
    spells = _ask(siti, "bpjs.tk_kepesertaan")
    assert [(row["KPJ"], row["KD_KAB_PERUSAHAAN"], row["TGL_UBAH"]) for row in spells] == [
        ("01234567891", "3171", "2026-02-01 01:00:00"),
        ("01234567891", "3215", "2026-03-01 01:00:00"),
    ]


def test_a_spell_without_a_card_or_an_employer_still_comes(siti):
    """What the agency lost is not lost twice; its own change is its watermark."""
    _put(siti, "TK_KEPESERTAAN", KPJ="9", NPP="9", URUT_KEPESERTAAN=1, TGL_UBAH="2026-05-01 01:00:00")
    (lost,) = [row for row in _ask(siti, "bpjs.tk_kepesertaan") if row["KPJ"] == "9"]
    assert (lost["NAMA_LENGKAP"], lost["TGL_UBAH"]) == (None, "2026-05-01 01:00:00")


def test_a_claim_and_a_letter_are_of_the_workplace_of_the_last_spell(siti):
    """The competent office depends on it: Karawang, not the head office in Jakarta; and each comes once."""
    _put(siti, "KLAIM_JKP", NO_KLAIM="JKP1  ", KPJ=KPJ, NPP=NPP, TGL_UBAH="2026-04-01 01:00:00")
    _put(siti, "SURAT_KLAIM", ID_SURAT="SK1  ", KPJ=KPJ, NPP=NPP, TGL_UBAH="2026-04-01 01:00:00")
    for feed in ("bpjs.klaim_jkp", "bpjs.surat_klaim"):
        (row,) = _ask(siti, feed)
        assert (row["KD_KAB_PERUSAHAAN"], row["TGL_UBAH"]) == ("3215", "2026-04-01 01:00:00")


def test_a_claim_at_an_employer_without_a_spell_is_of_its_head_office(siti):
    """Division 000 is the whole employer."""
    _put(siti, "KLAIM_JKP", NO_KLAIM="JKP2", KPJ="9", NPP=NPP, TGL_UBAH="2026-04-01 01:00:00")
    (row,) = _ask(siti, "bpjs.klaim_jkp")
    assert row["KD_KAB_PERUSAHAAN"] == "3171"
