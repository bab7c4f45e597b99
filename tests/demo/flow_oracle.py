"""A hub that cheats, for the flows beside letters and registrations.

It reads the agencies' own books and knows who is who from the truth. What it finds by the readings of the
codes is what was planted, no more and no less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from jendela.demo.tables import key_of
from tests.demo.oracle import amount, dmy, lines, sql

SMILE, CENTRE = "bpjs/smile.sqlite", "kemnaker/pusat.sqlite"
CAP = 5_000_000
GRACE = timedelta(days=30)


def month_of(text: str) -> int:
    """MM-YYYY, YYYYMM or DD-MM-YYYY as a number of months."""
    if len(text) == 6:
        return int(text[:4]) * 12 + int(text[4:])
    return int(text[-4:]) * 12 + int(text[-7:-5])


def slashed(text: str) -> date:
    """D/M/YYYY."""
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


class FlowOracle:
    """The books of BPJS and the ministry without the rows that are to be held."""

    def __init__(self, folder: Path) -> None:
        held = {(row["agency"], row["table"], row["key"]) for row in lines(folder, "rows")}
        person = {
            (row["agency"], row["table"], row["key"]): row["person"] for row in lines(folder, "persons")
        }

        def table(agency: str, file: str, name: str) -> list[dict[str, str]]:
            rows = [{**row, "key": key_of(name, row)} for row in sql(folder, file, name)]
            kept = [row for row in rows if (agency, name, row["key"]) not in held]
            return [{**row, "person": person.get((agency, name, row["key"]), "")} for row in kept]

        self.spells = table("bpjs", SMILE, "TK_KEPESERTAAN")
        self.claims = table("bpjs", SMILE, "KLAIM_JKP")
        self.months = table("bpjs", SMILE, "IURAN_TK")
        self.payments = table("bpjs", SMILE, "BAYAR_MANFAAT")
        self.stops = table("bpjs", SMILE, "HENTI_MANFAAT")
        self.workers = table("kemnaker", CENTRE, "WLKP_TENAGA_KERJA")
        self.firms = table("bpjs", SMILE, "PERUSAHAAN")
        self.establishments = table("kemnaker", CENTRE, "WLKP_PERUSAHAAN")
        self.employers = {row["kode_pendaftaran"]: row["npp"] for row in self.establishments}
        self.seekers = table("kemnaker", CENTRE, "PES_PENDAFTARAN")
        self.reports = table("kemnaker", CENTRE, "PES_AKTIVITAS")
        self.enrolments = {row["no_peserta"]: row for row in table("kemnaker", CENTRE, "SKILLHUB_PESERTA")}
        self.attendance = table("kemnaker", CENTRE, "SKILLHUB_KEHADIRAN")
        self.notices = table("kemnaker", CENTRE, "PES_PEMBERITAHUAN")
        self.reported = {
            row["person"]
            for row in lines(folder, "persons")
            if row["table"] in ("laporan_phk.csv", "berkas_phk")
        }
        self.claimant = {row["NO_KLAIM"]: row["person"] for row in self.claims}
        self.registered = {row["person"]: row for row in self.seekers}
        self.spell_of = {row["key"]: row for row in self.spells}
        self.cash = sorted(
            (row for row in self.payments if row["JNS_MANFAAT"] == "U"),
            key=lambda row: (row["NO_KLAIM"], int(row["BULAN_KE"])),
        )

    def findings(self, night: date) -> Iterator[tuple[str, str]]:
        """Code and key of every case, as the truth names its first side."""
        yield from self._contributions()
        yield from self._payments()
        yield from self._search()
        yield from self._rights()
        yield from self._claims()
        yield from self._registers()
        yield from self._between_registers(night)
        yield from self._employers(night)

    def _contributions(self) -> Iterator[tuple[str, str]]:
        by_spell = defaultdict(list)
        for row in self.months:
            by_spell["|".join(row["key"].split("|")[:3])].append(row)
        for key, rows in by_spell.items():
            spell = self.spell_of[key]
            if spell["SEBAB_NA"] not in ("02", "07"):
                continue
            end = month_of(spell["TGL_NA"])
            months = {month_of(row["BLTH"]): row for row in rows}
            run = 0
            while (end - run) in months and not months[end - run]["TGL_BAYAR"]:
                run += 1
            if run > 3:
                yield "CON-01", key
            if any(number > end for number in months):
                yield "CON-04", key
            for number in range(end - 2, end + 1):
                before, now = months.get(number - 1), months.get(number)
                if before and now and amount(now["UPAH"]) > 1.5 * amount(before["UPAH"]):
                    yield "CON-03", key

    def _payments(self) -> Iterator[tuple[str, str]]:
        accounts = defaultdict(dict)
        spells = {(row["KPJ"], row["NPP"]): row for row in self.spells}
        claims = {row["NO_KLAIM"]: row for row in self.claims}
        for row in self.cash:
            claim = claims[row["NO_KLAIM"]]
            account = row["NO_REKENING"].replace("-", "")
            accounts[row["KD_BANK"], account].setdefault(claim["person"], row["key"])
            words = set(row["ATAS_NAMA"].split()), set(claim["NAMA_PEMOHON"].split())
            if not (words[0] <= words[1] or words[1] <= words[0]):
                yield "PAY-02", row["key"]
            wage = amount(spells[claim["KPJ"], claim["NPP"]]["UPAH"])
            if amount(row["NILAI"]) != round(min(wage, CAP) * 0.6):
                yield "PAY-03", row["key"]
            if int(row["BULAN_KE"]) > 6:
                yield "PAY-04", row["key"]
        for holders in accounts.values():
            if len(holders) > 1:
                yield "PAY-01", min(holders.values())

    def _search(self) -> Iterator[tuple[str, str]]:
        person = {row["no_pendaftaran"]: row["person"] for row in self.seekers}
        by_month = {(person.get(row["no_pendaftaran"]), row["periode"]): row for row in self.reports}
        attended = {
            (person.get(self.enrolments[row["no_peserta"]]["no_pendaftaran"]), month_of(row["bulan"])): row
            for row in self.attendance
        }
        seen: dict[tuple[str, str], str] = {}
        for row in sorted(self.reports, key=lambda row: int(row["id_aktivitas"])):
            for number in row["ref_lamaran"].split(","):
                first = seen.setdefault((row["no_pendaftaran"], number), row["key"])
                if first != row["key"]:
                    yield "MON-02", row["key"]
                    break
            days = [slashed(row[name]) for name in ("bukti_dari", "bukti_sampai")]
            if {f"{day:%Y%m}" for day in days} != {row["periode"]}:
                yield "MON-03", row["key"]
        for row in self.cash:
            who, month = self.claimant[row["NO_KLAIM"]], month_of(row["BLTH_MANFAAT"])
            report = by_month.get((who, f"{(month - 1) // 12}{(month - 1) % 12 + 1:02d}"))
            if int(row["BULAN_KE"]) > 1 and report is None:
                yield "MON-01", row["key"]
            if report is not None and report["hadir_pertemuan"] == "T":
                yield "MON-04", row["key"]
            before = attended.get((who, month - 1))
            if before is not None and int(before["persen_hadir"]) < 80:
                yield "TRN-01", row["key"]
        for row in self.payments:
            if row["JNS_MANFAAT"] == "P":
                mine = [a for a in self.attendance if a["no_peserta"] == row["NO_PESERTA_LATIH"]]
                if not any(int(one["persen_hadir"]) for one in mine):
                    yield "TRN-02", row["key"]

    def _rights(self) -> Iterator[tuple[str, str]]:
        claims = {row["NO_KLAIM"]: row for row in self.claims}
        for row in self.cash:
            claim = claims[row["NO_KLAIM"]]
            hired = [
                spell
                for spell in self.spells
                if spell["person"] == claim["person"]
                and dmy(claim["TGL_PHK"]) < dmy(spell["TGL_MULAI_KERJA"])
                and month_of(spell["TGL_MULAI_KERJA"]) < month_of(row["BLTH_MANFAAT"])
            ]
            if hired:
                yield "PLC-01", row["key"]
        person = {row["no_pendaftaran"]: row["person"] for row in self.seekers}
        acted = {
            row["NO_PEMBERITAHUAN"]: dmy(row["TGL_TINDAKAN"]) for row in self.stops if row["NO_PEMBERITAHUAN"]
        }
        for row in self.notices:
            sent, who = slashed(row["tgl_kirim"]), person[row["no_pendaftaran"]]
            later = [dmy(pay["TGL_BAYAR"]) for pay in self.cash if self.claimant[pay["NO_KLAIM"]] == who]
            later = sorted(day for day in later if day > sent)
            if later and not acted.get(row["key"], date.max) <= later[0]:
                yield "DSQ-01", row["key"]
        for row in self.stops:
            if row["TINDAKAN"] == "H" and not row["NO_PEMBERITAHUAN"]:
                yield "DSQ-02", row["key"]

    def _claims(self) -> Iterator[tuple[str, str]]:
        alive = [row for row in self.claims if row["STATUS_KLAIM"] != "X1"]
        paid = {row["NO_KLAIM"] for row in self.cash}
        first: dict[str, str] = {}
        for row in sorted(alive, key=lambda row: (dmy(row["TGL_PENGAJUAN"]), row["key"])):
            if first.setdefault(row["person"], row["key"]) != row["key"]:
                yield "CLM-02", row["key"]
            ends = [spell for spell in self.spells if spell["person"] == row["person"] and spell["TGL_NA"]]
            near = [s for s in ends if abs((dmy(s["TGL_NA"]) - dmy(row["TGL_PHK"])).days) <= 30]
            if not near:
                yield "CLM-03", row["key"]
            if row["KD_TOLAK"] == "B06" and row["person"] in self.reported:
                yield "CLM-05", row["key"]
            if near and row["NO_KLAIM"] in paid and near[0]["SEBAB_NA"] not in ("02", "07"):
                yield "CLM-06", row["key"]

    def _registers(self) -> Iterator[tuple[str, str]]:
        by_person = defaultdict(list)
        for row in self.spells:
            by_person[row["person"]].append(row)
        for row in self.seekers:
            active = any(spell["STATUS_TK"] == "A" for spell in by_person[row["person"]])
            if row["status"] == "A" and active:
                yield "PES-02", row["key"]
        for rows in by_person.values():
            ordered = sorted(rows, key=lambda row: dmy(row["TGL_MULAI_KERJA"]))
            for one, other in pairwise(ordered):
                if not one["TGL_NA"] or dmy(one["TGL_NA"]) > dmy(other["TGL_MULAI_KERJA"]):
                    yield "WRK-04", other["key"]
        npp = {name: (value or "").replace(" ", "").upper() for name, value in self.employers.items()}
        starts = {(row["person"], row["NPP"], row["URUT_KEPESERTAAN"]): row for row in self.spells}
        for row in self.workers:
            spell = starts.get((row["person"], npp[row["kode_pendaftaran"]], "1"))
            if spell is not None and not spell["TGL_NA"]:
                start = date(*(int(row["tgl_mulai"][a:b]) for a, b in ((0, 4), (4, 6), (6, 8))))
                if abs((dmy(spell["TGL_MULAI_KERJA"]) - start).days) > 30:
                    yield "WRK-03", row["key"]

    def _between_registers(self, night: date) -> Iterator[tuple[str, str]]:
        npp = {name: plain(value) for name, value in self.employers.items()}
        reported = {(row["person"], npp[row["kode_pendaftaran"]]) for row in self.workers}
        for row in self.spells:
            late = dmy(row["TGL_KEPESERTAAN"]) + GRACE < night
            named = row["NPP"] in {plain(value) for value in self.employers.values()}
            if not row["TGL_NA"] and late and named and (row["person"], row["NPP"]) not in reported:
                yield "WRK-02", row["key"]
            dead = row["SEBAB_NA"] == "05" and dmy(row["TGL_NA"]) + GRACE < night
            at_work = [
                one["key"]
                for one in self.workers
                if one["person"] == row["person"] and one["status_kerja"] == "MASIH BEKERJA"
            ]
            if dead and at_work:
                yield "ID-08", row["key"]
        holder = {row["KPJ"]: row["person"] for row in self.spells}
        for row in self.claims:
            if holder[row["KPJ"]] != row["person"]:
                yield "ID-06", row["key"]

    def _employers(self, night: date) -> Iterator[tuple[str, str]]:
        at_bpjs = {row["NPP"] for row in self.firms}
        in_wlkp = {plain(row["npp"]) for row in self.establishments}
        bodies = {row["npwp"][-15:][:9] for row in self.establishments if not row["npp"]}
        owner: dict[str, str] = {}
        for row in self.firms:
            body = row["NPWP"].replace(".", "").replace("-", "")[:9]
            owner.setdefault(body, row["NIB"])
            known = row["NPP"] in in_wlkp or body in bodies
            late = dmy(row["TGL_KEPESERTAAN"]) + GRACE < night
            if row["STATUS_PERUSAHAAN"] == "A" and late and not known:
                yield "EMP-02", row["key"]
            if row["SKALA_USAHA"] in ("03", "04") and row["PRG_JP"] == "N":
                yield "EMP-04", row["key"]
        for row in self.establishments:
            body = row["npwp"][-15:][:9]
            late = packed(row["tgl_lapor"]) + GRACE < night
            if row["status_lapor"] == "AKTIF" and late and row["npp"] and plain(row["npp"]) not in at_bpjs:
                yield "EMP-01", row["key"]
            if owner.get(body) and row["nib"] and row["nib"] != owner[body]:
                yield "EMP-03", row["key"]
            renewed = packed(row["tgl_perpanjangan"])
            if row["status_lapor"] == "AKTIF" and renewed.replace(year=renewed.year + 1) + GRACE < night:
                yield "EMP-06", row["key"]


def plain(npp: str) -> str:
    """An employer's number as BPJS writes it."""
    return (npp or "").replace(" ", "").upper()


def packed(text: str) -> date:
    """YYYYMMDD."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
