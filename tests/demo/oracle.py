"""A hub that cheats: it knows who is who from the truth, and reads everything else from the agencies' own
books.

What it finds by the readings of the codes must be what the truth says was planted, no more and no less.
"""

from __future__ import annotations

import csv
import sqlite3
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

from jendela.demo import karawang
from jendela.demo.agencies import opening
from jendela.demo.habits import MONTHS
from jendela.demo.tables import key_of

NS = "{urn:id:jendela:surat-phk:1.0}"
HOLIDAYS = {date(2026, 8, 17), date(2026, 8, 25), date(2026, 3, 19), date(2026, 5, 1), date(2026, 5, 14)}
Row = dict[str, str]


def lines(folder: Path, name: str) -> list[Row]:
    """One truth file."""
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sql(folder: Path, file: str, table: str) -> list[Row]:
    """A table of an agency, values stripped."""
    connection = sqlite3.connect(folder / file)
    connection.row_factory = sqlite3.Row
    rows = [
        {name: "" if row[name] is None else str(row[name]).strip() for name in row.keys()}  # noqa: SIM118
        for row in connection.execute(f"SELECT * FROM {table}")
    ]
    connection.close()
    return rows


def dmy(text: str) -> date:
    """DD-MM-YYYY or DD/MM/YYYY."""
    return datetime.strptime(text.replace("/", "-"), "%d-%m-%Y").date()  # noqa: DTZ007


def words(text: str) -> date:
    """3 September 2026."""
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month), int(day))


def amount(text: str) -> int:
    """Rupiah in any of the agencies' writings."""
    return int(text.replace("Rp", "").replace(".", "").replace(",00", "").strip() or 0)


class Oracle:
    """The agencies' books without the rows that are to be held, and who each row is about."""

    def __init__(self, folder: Path, seed: int, workers: int, night: date) -> None:
        self.folder, self.night = folder, night
        self.held = {(row["agency"], row["table"], row["key"]) for row in lines(folder, "rows")}
        self.person = {
            (row["agency"], row["table"], row["key"]): int(row["person"]) for row in lines(folder, "persons")
        }
        world, _ = opening(seed, workers)
        self.region = {employer.npp: employer.region for employer in world.employers}
        self.npp = {employer.wlkp_code: employer.npp for employer in world.employers}
        self.cards = self._sql("bpjs/smile.sqlite", "bpjs", "TK_BIODATA")
        self.spells = self._sql("bpjs/smile.sqlite", "bpjs", "TK_KEPESERTAAN")
        self.claims = self._sql("bpjs/smile.sqlite", "bpjs", "KLAIM_JKP")
        self.letters = [
            row
            for row in self._sql("bpjs/smile.sqlite", "bpjs", "SURAT_KLAIM")
            if row["ASAL_SURAT"] != "JENDELA"
        ]
        self.workers = self._sql("kemnaker/pusat.sqlite", "kemnaker", "WLKP_TENAGA_KERJA")
        self.accounts = self._sql("kemnaker/pusat.sqlite", "kemnaker", "SIAPKERJA_AKUN")
        self.seekers = self._csv(karawang.SEEKERS)
        self.reports = [
            {
                "person": row["person"],
                "office": "3215",
                "key": row["key"],
                "received": dmy(row["TGL TERIMA"]),
                "ended": dmy(row["TGL PHK"]),
            }
            for row in self._csv(karawang.REPORTS)
        ]
        self.copies = [
            {
                "person": row["person"],
                "office": "3215",
                "key": row["key"],
                "number": row["NO SURAT"],
                "arrived": words(row["TGL AGENDA"]),
                "kind": row["PERIHAL"],
                "old": row["SURAT DIGANTI"],
                "facts": (_reason(row["ALASAN"]), words(row["TGL BERLAKU"]), amount(row["TOTAL"])),
            }
            for row in self._csv(karawang.LETTERS)
            if row["ASAL"] != "JENDELA"
        ]
        self.niks = self._niks()
        self._xml()

    def _keep(self, agency: str, table: str, rows: list[Row]) -> list[Row]:
        found = []
        books = {book.table: book for book in karawang.HOUSE.books}
        for row in rows:
            if "" in row:
                continue
            key = books[table].key_of(row) if table in books else key_of(table, row)
            if (agency, table, key) not in self.held:
                found.append({**row, "key": key, "person": self.person[agency, table, key]})
        return found

    def _sql(self, file: str, agency: str, table: str) -> list[Row]:
        return self._keep(agency, table, sql(self.folder, file, table))

    def _csv(self, table: str) -> list[Row]:
        unique = {str(row): row for row in karawang.read(self.folder / "dinas_3215" / "keluar", table)}
        return self._keep("dinas_3215", table, list(unique.values()))

    def _xml(self) -> None:
        letters, reports = {}, {}
        for file in sorted((self.folder / "dinas_6471" / "keluar").glob("*.xml")):
            try:
                root = ET.fromstring(file.read_bytes())  # noqa: S314 -- we wrote it
            except ET.ParseError:
                continue
            if ("dinas_6471", "berkas_phk", file.name) in self.held:
                continue
            dropped = datetime.strptime(file.name[6:14], "%Y%m%d").date()  # noqa: DTZ007
            number = root.findtext(f"{NS}surat/{NS}nomor_surat")
            if root.findtext(f"{NS}surat/{NS}asal") == "JENDELA":
                continue
            for worker in root.iter(f"{NS}pekerja"):
                key = f"{number}|{worker.get('urut')}"
                if ("dinas_6471", "berkas_phk", key) in self.held:
                    continue
                person = self.person["dinas_6471", "berkas_phk", key]
                ended = worker.find(f"{NS}pengakhiran")
                letters[key] = {
                    "person": person,
                    "office": "6471",
                    "key": key,
                    "number": number,
                    "arrived": min(dropped, letters.get(key, {}).get("arrived", dropped)),
                    "kind": root.findtext(f"{NS}surat/{NS}jenis_surat"),
                    "old": root.findtext(f"{NS}surat/{NS}nomor_surat_diganti"),
                    "facts": (
                        ended.findtext(f"{NS}kode_alasan"),
                        date.fromisoformat(ended.findtext(f"{NS}tanggal_berlaku")),
                        amount(worker.findtext(f"{NS}kompensasi/{NS}total_neto")),
                    ),
                }
                self.niks[worker.findtext(f"{NS}nik") or ""].add(person)
                received = root.findtext(f"{NS}penerimaan/{NS}tanggal_terima")
                if received:
                    reports[key] = {
                        "person": person,
                        "office": "6471",
                        "key": key,
                        "received": date.fromisoformat(received),
                        "ended": letters[key]["facts"][1],
                    }
        self.copies += letters.values()
        self.reports += reports.values()

    def _niks(self) -> dict[str, set[int]]:
        carriers = defaultdict(set)
        for rows, column in (
            (self.cards, "NOMOR_IDENTITAS"),
            (self.claims, "NOMOR_IDENTITAS"),
            (self.letters, "NOMOR_IDENTITAS"),
            (self.workers, "nik"),
            (self.accounts, "nik"),
            (self.seekers, "NIK"),
            (self._csv(karawang.REPORTS), "NIK"),
            (self._csv(karawang.LETTERS), "NIK"),
        ):
            for row in rows:
                if len(row[column]) == 16 and row[column].isdigit():
                    carriers[row[column]].add(row["person"])
        return carriers

    def office(self, npp: str) -> str | None:
        """The region of the competent office, if it delivers."""
        region = self.region[npp]
        return region if region in ("3215", "6471") else None

    def findings(self) -> Iterator[tuple[str, str]]:
        """Code and key of every discrepancy open tonight (for ID-02 the pair of persons)."""
        yield from self._workers()
        yield from self._terminations()
        yield from self._claims()
        for nik, persons in self.niks.items():
            if nik:
                for pair in combinations(sorted(persons), 2):
                    yield "ID-02", str(pair)

    def _workers(self) -> Iterator[tuple[str, str]]:
        at_bpjs = {(row["person"], row["NPP"]) for row in self.spells}
        for row in self.workers:
            reported = datetime.strptime(row["tgl_lapor"], "%Y%m%d").date()  # noqa: DTZ007
            due = row["status_kerja"] == "MASIH BEKERJA" and (self.night - reported).days > 30
            if due and (row["person"], self.npp[row["kode_pendaftaran"]]) not in at_bpjs:
                yield "WRK-01", row["key"]

    def _terminations(self) -> Iterator[tuple[str, str]]:
        for row in self.spells:
            if row["SEBAB_NA"] in ("02", "07") and (office := self.office(row["NPP"])):
                reported = any(
                    report["person"] == row["person"] and report["office"] == office
                    for report in self.reports
                )
                if not reported and _eighth_working_day(dmy(row["TGL_NA"])) <= self.night:
                    yield "PHK-02", row["key"]
        for copy in self.copies:
            for letter in self.letters:
                if letter["person"] == copy["person"] and letter["JENIS_SURAT"] == "01":
                    theirs = (
                        _reason(letter["KD_ALASAN"]),
                        dmy(letter["TGL_BERLAKU"]),
                        amount(letter["TOTAL_DITERIMA"]),
                    )
                    if theirs != copy["facts"] and copy["old"] != letter["NO_SURAT"]:
                        yield "LET-01", copy["key"]
        named = [row["person"] for row in self.letters if row["JENIS_SURAT"] != "03"]
        holders = {copy["person"] for copy in self.copies} | set(named)
        for report in self.reports:
            if report["person"] not in holders:
                yield "LET-02", report["key"]
            if _eighth_working_day(report["ended"]) <= report["received"]:
                yield "PHK-03", report["key"]

    def _claims(self) -> Iterator[tuple[str, str]]:
        registered = {row["person"] for row in [*self.accounts, *self.seekers]}
        alive = {row["NO_KLAIM"] for row in self.claims if row["STATUS_KLAIM"] != "X1"}
        for row in self.claims:
            if row["STATUS_KLAIM"] != "X1" and row["person"] not in registered:
                yield "PES-01", row["key"]
            if row["KD_TOLAK"] == "B01" and (office := self.office(row["NPP"])):
                decided = dmy(row["TGL_KEPUTUSAN"])
                held = [report["received"] for report in self.reports if report["person"] == row["person"]]
                held += [copy["arrived"] for copy in self.copies if copy["person"] == row["person"]]
                if office and any(day <= decided for day in held):
                    yield "CLM-04", row["key"]
        known = {(copy["office"], copy["number"]) for copy in self.copies}
        for row in self.letters:
            office = self.office(row["NPP"])
            claimed = row["JENIS_SURAT"] == "01" and row["NO_KLAIM"] in alive
            if claimed and office and (office, row["NO_SURAT"]) not in known:
                yield "LET-07", row["key"]


def _reason(text: str) -> str:
    ours = {name: code for code, name in karawang.REASONS.items()}
    articles = {"43-1": "R431", "43-2": "R432", "44-1": "R441", "44-2": "R442", "52-1": "R521", "K-3": "RPK3"}
    return ours.get(text) or articles.get(text) or text


def _eighth_working_day(day: date) -> date:
    left = 8
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in HOLIDAYS
    return day
