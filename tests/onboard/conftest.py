"""Sources of our own making that differ in style, as a new office brings them; and how they are proposed."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from jendela.contracts.codes import load_codes
from jendela.contracts.messages import load_messages
from jendela.contracts.odcs import load_contracts
from jendela.onboard.draft import Answers
from jendela.onboard.names import Names
from jendela.onboard.propose import Wanted, propose
from jendela.onboard.read import describer, read_source
from jendela.onboard.wording import Wording
from jendela.onboard.words import load_vocabulary
from tests.onboard.hidden import ROOT

CONTRACTS, CODES, VOCABULARY = load_contracts(ROOT), load_codes(ROOT), load_vocabulary(ROOT)
WORDS = {lang: Wording(load_messages(ROOT), lang) for lang in ("id", "en")}

# A payroll system bought abroad: camel case, English, the name in two parts, lists of codes beside.
PAYROLL = """
CREATE TABLE JobStatus (statusId INTEGER PRIMARY KEY, label VARCHAR(30));
INSERT INTO JobStatus VALUES (1,'Permanent'),(2,'Fixed term'),(7,'Zero hours');
CREATE TABLE LeavingReason (id INTEGER PRIMARY KEY, label VARCHAR(40));
INSERT INTO LeavingReason VALUES (1,'Resigned'),(2,'Dismissed'),(3,'Retirement');
CREATE TABLE Worker (workerId INTEGER PRIMARY KEY, firstName VARCHAR(30), lastName VARCHAR(30),
  nationalId VARCHAR(20), dateOfBirth DATE, gender CHAR(1),
  mobilePhone VARCHAR(20), hireDate DATE, leaveDate DATE,
  leavingReason INTEGER REFERENCES LeavingReason(id), employmentStatus INTEGER REFERENCES JobStatus(statusId),
  monthlyWage DECIMAL(12,2), employerNumber VARCHAR(10), lastModified TIMESTAMP NOT NULL);
"""
# A clerk's own tables: abbreviations, no keys declared between them, dates as text, and a NIK that is none.
CLERK = """
CREATE TABLE MST_PRSH (KD_PRSH VARCHAR(8) PRIMARY KEY, NM_PRSH VARCHAR(60), NPP VARCHAR(10),
  TELP VARCHAR(20));
CREATE TABLE MST_KARY (ID_KARY INTEGER PRIMARY KEY, NIK VARCHAR(12), NO_KTP VARCHAR(20),
  NM_LENGKAP VARCHAR(60),
  TGL_LHR VARCHAR(10), JK VARCHAR(1), TGL_MASUK VARCHAR(10), TGL_KELUAR VARCHAR(10), KD_PRSH VARCHAR(8),
  GAJI_POKOK VARCHAR(20), TGL_UBAH VARCHAR(19));
"""
NAMES = ("Budi Santoso", "Siti Aminah", "Joko Susilo", "Sri Wahyuni", "Rahmat Hidayat", "Dewi Lestari")
SECRET = ("Santoso", "Aminah", "Wahyuni", "Hidayat", "Lestari", "3215010", "0812345")


def nik(number: int) -> str:
    """A NIK of good structure."""
    day = number % 28 + 1 + (40 if number % 2 else 0)
    return f"321501{day:02}{number % 12 + 1:02}{60 + number % 40}{number + 1:04}"


def payroll(path: Path, rows: int = 60) -> str:
    """The payroll's database; its URL."""
    with sqlite3.connect(path) as conn:
        conn.executescript(PAYROLL)
        for i in range(rows):
            first, last = NAMES[i % 6].split()
            left = i % 10 == 0
            conn.execute(
                "INSERT INTO Worker VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (i + 1, first, last, nik(i), f"19{60 + i % 40}-0{i % 9 + 1}-11",
                 "FM"[i % 2 == 0], f"0812345{i:05}",
                 f"2020-0{i % 9 + 1}-01", "2026-03-31" if left else None, i % 3 + 1 if left else None,
                 (1, 2, 7)[i % 3], 4_500_000 + i, f"JK{i % 3:06}", f"2026-05-{i % 28 + 1:02} 08:00:00"),
            )  # fmt: skip
    conn.close()
    return f"sqlite:///{path}"


def clerk(path: Path, rows: int = 60) -> str:
    """The clerk's database; its URL."""
    with sqlite3.connect(path) as conn:
        conn.executescript(CLERK)
        for i in range(4):
            conn.execute(
                "INSERT INTO MST_PRSH VALUES (?,?,?,?)",
                (f"P{i}", f"PT MAJU {'ABCD'[i]}", f"JK{i:06}", "0215550000"),
            )
        for i in range(rows):
            conn.execute(
                "INSERT INTO MST_KARY VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (i + 1, f"2015{i:04}", nik(i), NAMES[i % 6].upper(),
                 f"{i % 28 + 1:02}-0{i % 9 + 1}-19{60 + i % 40}",
                 "LP"[i % 2], f"01-0{i % 9 + 1}-2020", "31-03-2026" if i % 10 == 0 else None, f"P{i % 4}",
                 f"Rp 4.500.{i:03},00", "01-01-2026 08:00"),
            )  # fmt: skip
    conn.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def names():
    """Names read with the shipped words."""
    return Names(VOCABULARY)


def drafts_of(url, transport="sql", answers=None, **wanted):
    """What is proposed of a source."""
    source = read_source(describer(transport, "baru", url), 500, None)
    return propose(
        source, CONTRACTS, CODES, VOCABULARY, Wanted("baru", "dinas", **wanted), answers or Answers()
    )


@pytest.fixture
def clean_environment(monkeypatch):
    """No `JENDELA_*` of the machine's own."""
    for name in [name for name in os.environ if name.startswith("JENDELA_")]:
        monkeypatch.delenv(name)
    return monkeypatch
