"""What is to go wrong between the registers: employers and workers whom one body lacks, numbers that are
another's, a report not renewed, somebody dead at work. Beside each a twin that is none, or none yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from jendela.demo import bpjs, kemnaker
from jendela.demo.chance import stream
from jendela.demo.clerks import alike
from jendela.demo.employers import Employer
from jendela.demo.flow_book import Ended
from jendela.demo.habits import packed, padded
from jendela.demo.identifiers import npwp, npwp_dotted
from jendela.demo.planted import Place, discrepancy
from jendela.demo.strangers import REGIONS, Strangers
from jendela.demo.tables import Row
from jendela.demo.truth import Discrepancy

NAMES = (
    "Lembah Kencana Agro", "Pilar Utama Baja", "Citra Rasa Boga", "Bahari Elok Wisata", "Anugerah Tani Subur",
    "Delta Mitra Kimia", "Fajar Insan Garmen", "Gunung Emas Keramik", "Harapan Jati Mebel",
    "Intan Permai Optik", "Kartika Dwi Cetak", "Lentera Nusa Listrik", "Mulia Tirta Farma",
    "Niaga Prima Ban", "Puspa Ragam Kosmetik",
    "Rajawali Sakti Besi", "Surya Makmur Kaca", "Tunas Abadi Karet", "Usaha Bersama Kopi", "Warna Indah Cat",
)  # fmt: skip
LATELY = date(2026, 8, 12)
"""A registration within the days of grace on the first night; they are over on `OPENS`."""
OPENS = date(2026, 9, 12)
ENDED_LATELY, KNOWN_BY = date(2026, 8, 15), date(2026, 9, 15)
"""The same of a death."""


class RegisterPlans:
    """Plants `count` defects of each code, open from the night `since` on."""

    def __init__(self, strangers: Strangers, since: date, count: int) -> None:
        self.by, self.pen, self.since, self.count = strangers, strangers.pen, since, count
        self.rng = stream(strangers.world.seed, "firms of register plans")

    def plant(self) -> None:
        """Every code."""
        ways: tuple[Callable[[int], None], ...] = (
            self._not_at_bpjs, self._not_in_wlkp, self._tax_number_of_another, self._programmes,
            self._renewal, self._worker_not_in_wlkp, self._card_of_another, self._dead_at_work,
        )  # fmt: skip
        for way in ways:
            for place in range(self.count):
                way(place)

    def _planted(self, code: str, a: Place, b: Place, note: str, since: date | None = None) -> Discrepancy:
        line = discrepancy(code, since or self.since, a, b, note)
        self.by.world.truth.flows.append(line)
        return line

    def _mend(self, defect: Discrepancy, on: int, table: tuple[str, str], where: Row, values: Row) -> None:
        day = self.since + timedelta(days=on)
        self.by.flows.endings.append(Ended(defect, day, *table, where, values))

    # ---- employers ----
    def _firm(self, registered: date = date(2015, 6, 1), size: str = "KECIL") -> Employer:
        """An employer without workers, in no book yet."""
        number, rng = self.by.flows.serial("firm"), self.rng
        region = REGIONS[number % len(REGIONS)]
        name = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number // len(NAMES) + 1}")
        firm = Employer(
            number=len(self.by.world.employers) + 1,
            form="PT",
            name=name,
            npp=f"WZ{number:06d}",
            nib=f"8120{rng.randrange(10**6):06d}{number:03d}",
            npwp=npwp(f"{rng.randrange(10**3):03d}{number:03d}", "413", 0),
            wlkp_code=f"{region}0.{registered:%Y%m%d}.{8000 + number:04d}",
            head=None,
            size=size,
            kbli=("H", "52101"),
            kbli_edition="2020",
            region=region,
            street=f"JL. RAYA KAV. {number}",
            postcode=f"{int(region) * 13 % 90000 + 10000}",
            phone=f"+6221{rng.randrange(10**6, 10**7)}",
            clerk_phone=f"+62811{rng.randrange(10**8):08d}",
            signatory="Direksi",
            founded=registered,
            registered=registered,
            weight=0.0,
        )
        self.by.world.employers.append(firm)
        return firm

    def _at_bpjs(self, firm: Employer, **columns: object) -> Place:
        row = {**bpjs.employer_row(firm, self.rng), "NIB": firm.nib, **columns}
        return "bpjs", "PERUSAHAAN", self.pen.put("bpjs", "PERUSAHAAN", row)

    def _in_wlkp(self, firm: Employer, **columns: object) -> Place:
        row = {**kemnaker.employer_row(firm, self.rng), "nib": firm.nib, "npp": firm.npp, **columns}
        return "kemnaker", "WLKP_PERUSAHAAN", self.pen.put("kemnaker", "WLKP_PERUSAHAAN", row)

    def _not_at_bpjs(self, place: int) -> None:
        nowhere = ("bpjs", "PERUSAHAAN", "")
        self._planted("EMP-01", self._in_wlkp(self._firm()), nowhere, "obliged, and not registered")
        self._in_wlkp(self._firm(), status_lapor="TUTUP")
        if place == 0:
            lately = self._in_wlkp(self._firm(LATELY))
            self._planted("EMP-01", lately, nowhere, "the days of grace pass", OPENS)

    def _not_in_wlkp(self, place: int) -> None:
        nowhere = ("kemnaker", "WLKP_PERUSAHAAN", "")
        self._planted("EMP-02", self._at_bpjs(self._firm()), nowhere, "never reported to WLKP")
        self._at_bpjs(self._firm(), STATUS_PERUSAHAAN="T")
        if place == 0:
            lately = self._at_bpjs(self._firm(LATELY))
            self._planted("EMP-02", lately, nowhere, "the days of grace pass", OPENS)

    def _tax_number_of_another(self, place: int) -> None:
        owner, other = self._firm(), self._firm()
        held, _ = self._at_bpjs(owner), self._in_wlkp(owner)
        self._at_bpjs(other)
        wrong = self._in_wlkp(other, npwp=owner.npwp)
        line = self._planted("EMP-03", wrong, held, "the tax number of another employer")
        if place == 0:
            self._mend(line, 9, wrong[:2], {"kode_pendaftaran": other.wlkp_code}, {"npwp": other.npwp})
        branch = replace(
            self._firm(), name=owner.name, nib=owner.nib, npwp=f"{owner.npwp[:12]}007", head=owner
        )
        self._at_bpjs(branch, NPWP=npwp_dotted(branch.npwp))
        self._in_wlkp(branch)

    def _programmes(self, place: int) -> None:
        firm = self._firm(size="MENENGAH" if place % 2 == 0 else "BESAR")
        sized = self._in_wlkp(firm)
        line = self._planted(
            "EMP-04", self._at_bpjs(firm, PRG_JP="N"), sized, "without the pension programme"
        )
        if place == 0:
            self._mend(
                line,
                6,
                ("bpjs", "PERUSAHAAN"),
                {"NPP": padded(firm.npp, 10), "KD_DIVISI": "000"},
                {"PRG_JP": "Y"},
            )

    def _renewal(self, place: int) -> None:
        firm, twin = self._firm(), self._firm()
        self._at_bpjs(firm)
        late = self._in_wlkp(firm, tgl_perpanjangan=packed(date(2025, 3, 3)))
        line = self._planted("EMP-06", late, ("kemnaker", "WLKP_PERUSAHAAN", ""), "renewed in 2025 last")
        if place == 0:
            renewed: Row = {"tgl_perpanjangan": packed(self.since + timedelta(days=5))}
            self._mend(line, 5, late[:2], {"kode_pendaftaran": firm.wlkp_code}, renewed)
        self._at_bpjs(twin)
        self._in_wlkp(twin, tgl_perpanjangan=packed(date(2025, 10, 6)))

    # ---- workers ----
    def _worker_not_in_wlkp(self, place: int) -> None:
        nowhere = ("kemnaker", "WLKP_TENAGA_KERJA", "")
        one = self.by.worker(date(2024, 2, 5), None, in_wlkp=False)
        self._planted("WRK-02", _spell(one.employment.bpjs_key), nowhere, "never reported to WLKP")
        if place == 0:
            lately = self.by.worker(LATELY - timedelta(days=4), None, in_wlkp=False)
            self._planted(
                "WRK-02", _spell(lately.employment.bpjs_key), nowhere, "the days of grace pass", OPENS
            )

    def _card_of_another(self, _place: int) -> None:
        """A claim by one worker under the card number of another, who works on."""
        one = self.by.worker(date(2020, 2, 3), date(2026, 7, 20))
        owner = self.by.worker(date(2023, 4, 3), None)
        # Else a reviewer speaks first; and BPJS takes the sex from the card.
        while alike(owner.person.name, one.person.name) or owner.person.sex != one.person.sex:
            owner = self.by.worker(date(2023, 4, 3), None)
        claim = self.by.claims(one, "FILED")
        self.by.registers(one, claim.filed)
        self.pen.rows["bpjs", "KLAIM_JKP"][-1]["KPJ"] = padded(owner.employment.kpj, 13)
        held = ("bpjs", "KLAIM_JKP", claim.number)
        self._planted("ID-06", held, _spell(owner.employment.bpjs_key), "claimed under another's card")

    def _dead_at_work(self, place: int) -> None:
        """BPJS knows of the death, WLKP has the worker at work."""
        for ended, since in ((date(2026, 6, 10), self.since), (ENDED_LATELY, KNOWN_BY)):
            if since > self.since and place:
                continue
            one = self.by.worker(date(2021, 3, 1), ended, "DEATH")
            row = self.pen.rows["kemnaker", "WLKP_TENAGA_KERJA"][-1]
            row.update(kemnaker.ending(replace(one.employment, ended=None, cause="")))
            worker = ("kemnaker", "WLKP_TENAGA_KERJA", one.employment.id_tk)
            line = self._planted(
                "ID-08", _spell(one.employment.bpjs_key), worker, "at work after the death", since
            )
            if since == self.since and place == 0:
                values = kemnaker.ending(one.employment)
                self._mend(line, 10, worker[:2], {"id_tk": one.employment.id_tk}, values)


def _spell(key: str) -> Place:
    return "bpjs", "TK_KEPESERTAAN", key
