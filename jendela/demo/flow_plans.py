"""What is to go wrong in contributions, benefits and services: each plan plants what its code says, and a
twin that looks like it and is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jendela.demo import benefits, contributions, services
from jendela.demo.claims import Claim, Registration
from jendela.demo.contributions import first_of, month_number
from jendela.demo.flow_book import Ended, Late
from jendela.demo.habits import loose, packed, padded, rupiah
from jendela.demo.planted import Place, discrepancy
from jendela.demo.strangers import Stranger, Strangers
from jendela.demo.truth import Discrepancy

DECIDED = date(2026, 4, 14)
"""When the claims of these plans are decided: April is the first month of the benefit."""
HIRED, ENDED = date(2021, 3, 1), DECIDED - timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A stranger with a claim and a registration."""

    stranger: Stranger
    claim: Claim
    registration: Registration


class FlowPlans:
    """Plants `count` defects of each code, open from the night `since` on."""

    def __init__(self, strangers: Strangers, since: date, count: int) -> None:
        self.by, self.pen, self.since, self.count = strangers, strangers.pen, since, count
        self.seed = strangers.world.seed

    def plant(self) -> None:
        """Every code."""
        ways: tuple[Callable[[int], None], ...] = (
            self._arrears, self._wage_jump, self._after_the_end, self._one_account, self._strange_holder,
            self._wrong_amount, self._seven_months, self._without_proof, self._proof_reused,
            self._proof_of_another_month, self._not_at_the_meeting, self._attendance, self._never_attended,
            self._hired, self._not_acted_upon, self._stopped_without_notice, self._claimed_twice,
            self._claim_without_end, self._denied_as_resigned, self._paid_though_excluded,
            self._seeking_at_work, self._start_dates, self._overlap,
        )  # fmt: skip
        for way in ways:
            for place in range(self.count):
                way(place)

    # ---- what the plans share ----
    def _planted(self, code: str, a: Place, b: Place, note: str, mends: Ended | None = None) -> Discrepancy:
        line = discrepancy(code, self.since, a, b, note)
        self.by.world.truth.flows.append(line)
        if mends is not None:
            mends.defect = line
            self.by.flows.endings.append(mends)
        return line

    def _mend(
        self, on: int, agency: str, table: str, where: dict[str, object], values: dict[str, object]
    ) -> Ended:
        nothing = discrepancy("", self.since, ("", "", ""), ("", "", ""), "")
        return Ended(nothing, self.since + timedelta(days=on), agency, table, where, values)

    def _claimant(
        self,
        start: date = HIRED,
        ended: date = ENDED,
        cause: str = "TERMINATION",
        status: str = "ACTIVE",
    ) -> Claimant:
        """Somebody whose claim was granted and who registered, with the contributions before it."""
        one = self.by.worker(start, ended, cause)
        contributions.history(self.pen, one.employment, self.pen.today)
        claim = self.by.claims(one)
        return Claimant(one, claim, self.by.registers(one, claim.filed, status))

    def _beneficiary(self, months: int, without: tuple[int, ...] = ()) -> tuple[Claimant, list[str]]:
        """A claimant with so many months paid, and the reports for them; the keys of the payments."""
        one = self._claimant()
        return one, self._paid(one, range(1, months + 1), without)

    def _paid(self, one: Claimant, orders: range, without: tuple[int, ...] = ()) -> list[str]:
        claim, registration = one.claim, one.registration
        keys = []
        for order in orders:
            month = first_of(benefits.benefit_month(claim, order))
            reported = (month + timedelta(days=32)).replace(day=2)
            if order not in without and reported < self.since:
                self.by.reports(registration, month, order)
            day = benefits.first_payment(claim) if order == 1 else reported + timedelta(days=5)
            keys.append(benefits.pay(self.pen, claim, order, benefits.next_weekday(day)))
        return keys

    # ---- contributions ----
    def _arrears(self, place: int) -> None:
        one = self.by.worker(date(2020, 2, 3), date(2026, 5, 20))
        keys = contributions.history(self.pen, one.employment, self.pen.today, unpaid=5)
        spell = ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key)
        self._planted("CON-01", spell, ("bpjs", "IURAN_TK", keys[-1]), "five months in arrears at the end")
        twin = self.by.worker(date(2020, 2, 3), date(2026, 5, 20))
        contributions.history(self.pen, twin.employment, self.pen.today, unpaid=2 + place % 2)

    def _wage_jump(self, _place: int) -> None:
        one, twin = (self.by.worker(date(2020, 2, 3), date(2026, 6, 22)) for _ in range(2))
        now = one.employment.wage + one.employment.allowance
        low = dict.fromkeys(range(2, 7), round(now * 0.6))
        keys = contributions.history(self.pen, one.employment, self.pen.today, wages=low)
        spell = ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key)
        self._planted("CON-03", spell, ("bpjs", "IURAN_TK", keys[-2]), "two thirds more, two months before")
        earlier = dict.fromkeys(range(5, 7), round((twin.employment.wage + twin.employment.allowance) * 0.6))
        contributions.history(self.pen, twin.employment, self.pen.today, wages=earlier)

    def _after_the_end(self, _place: int) -> None:
        one = self.by.worker(date(2020, 2, 3), date(2026, 4, 21))
        keys = contributions.history(self.pen, one.employment, self.pen.today, after=2)
        spell = ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key)
        self._planted("CON-04", spell, ("bpjs", "IURAN_TK", keys[-1]), "paid for two months after the end")

    # ---- payments ----
    def _one_account(self, _place: int) -> None:
        first, (paid,) = self._beneficiary(1)
        claim, shared = self._claimant().claim, (first.claim.bank, first.claim.account)
        other = benefits.pay(self.pen, claim, 1, benefits.first_payment(claim), account=shared)
        places = (("bpjs", "BAYAR_MANFAAT", paid), ("bpjs", "BAYAR_MANFAAT", other))
        self._planted("PAY-01", *places, "one account, two persons")

    def _strange_holder(self, place: int) -> None:
        for name in ("BUDIONO HADI WIJAYANTO", None):
            one = self._claimant()
            claim, plain = one.claim, one.stranger.plain
            holder = name or f"{'HJ' if plain.sex == 'P' else 'H'} {plain.name}"
            if name and place % 2:
                holder = "KOPERASI SEJAHTERA ABADI"
            key = benefits.pay(self.pen, claim, 1, benefits.first_payment(claim), holder=holder)
            if name:
                held = ("bpjs", "BAYAR_MANFAAT", key), ("bpjs", "KLAIM_JKP", claim.number)
                self._planted("PAY-02", *held, "the account is somebody else's")

    def _wrong_amount(self, place: int) -> None:
        claim = self._claimant().claim
        right = claim.monthly or 0
        wrong = round(right * 45 / 60) if place % 2 == 0 else right + 350_000
        key = benefits.pay(self.pen, claim, 1, benefits.first_payment(claim), amount=wrong)
        mends = self._mend(
            6, "bpjs", "BAYAR_MANFAAT", {"NO_BAYAR": padded(key, 18)}, {"NILAI": rupiah(right)}
        )
        places = (("bpjs", "BAYAR_MANFAAT", key), ("bpjs", "KLAIM_JKP", claim.number))
        self._planted("PAY-03", *places, "the old percentage, or no cap", mends if place == 0 else None)

    def _seven_months(self, _place: int) -> None:
        for months in (7, 6):
            one = self._claimant(date(2020, 6, 1), date(2025, 12, 10))
            keys = self._paid(one, range(1, months + 1))
            if months == 7:
                places = (("bpjs", "BAYAR_MANFAAT", keys[-1]), ("bpjs", "KLAIM_JKP", one.claim.number))
                self._planted("PAY-04", *places, "a seventh month")

    # ---- the search for work ----
    def _without_proof(self, place: int) -> None:
        one, keys = self._beneficiary(3, without=(3,))
        places = (("bpjs", "BAYAR_MANFAAT", keys[-1]), ("kemnaker", "PES_AKTIVITAS", ""))
        line = self._planted("MON-01", *places, "paid without a report")
        if place == 0:
            month = first_of(benefits.benefit_month(one.claim, 3))
            self.by.flows.late.append(Late(line, self.since + timedelta(days=8), one.registration, month, 3))

    def _proof_reused(self, _place: int) -> None:
        one, _ = self._beneficiary(2, without=(1, 2))
        registration = one.registration
        first, activity = self.by.reports(registration, date(2026, 4, 1), 1)
        row = self.pen.rows["kemnaker", "PES_AKTIVITAS"][-1]
        same = {"ref_lamaran": row["ref_lamaran"], "jml_lamaran": activity.applications, "jml_wawancara": 0}
        again, _ = self.by.reports(registration, date(2026, 5, 1), 2, **same)
        places = (("kemnaker", "PES_AKTIVITAS", again), ("kemnaker", "PES_AKTIVITAS", first))
        self._planted("MON-02", *places, "the same applications in two months")

    def _proof_of_another_month(self, _place: int) -> None:
        one, _ = self._beneficiary(2, without=(2,))
        columns: dict[str, object] = {"bukti_dari": loose(date(2026, 3, 27)), "bukti_sampai": "29/4/2026"}
        key, _ = self.by.reports(one.registration, date(2026, 5, 1), 2, **columns)
        places = (
            ("kemnaker", "PES_AKTIVITAS", key),
            ("kemnaker", "PES_PENDAFTARAN", one.registration.number),
        )
        self._planted("MON-03", *places, "proof of March and April for May")

    def _not_at_the_meeting(self, _place: int) -> None:
        for paid in (True, False):
            one, keys = self._beneficiary(1)
            registration = one.registration
            missed: dict[str, object] = {"tgl_pertemuan": "14/5/2026", "hadir_pertemuan": "T"}
            key, _ = self.by.reports(registration, date(2026, 5, 1), 2, **missed)
            if paid:
                keys += self._paid(one, range(2, 3), without=(2,))
                places = (("bpjs", "BAYAR_MANFAAT", keys[-1]), ("kemnaker", "PES_AKTIVITAS", key))
                self._planted("MON-04", *places, "paid though nobody came to the meeting")

    # ---- training ----
    def _attendance(self, place: int) -> None:
        for paid in (True, False):
            one, keys = self._beneficiary(2, without=(2,))
            enrolment = services.enrol(self.pen, one.registration, date(2026, 5, 4), 2)
            self.by.reports(one.registration, date(2026, 5, 1), 2, hadir_pelatihan_persen=65, hasil="2")
            attended = services.attend(self.pen, enrolment, month_number(date(2026, 5, 1)), 65)
            if paid:
                keys += self._paid(one, range(3, 4))
                places = (("bpjs", "BAYAR_MANFAAT", keys[-1]), ("kemnaker", "SKILLHUB_KEHADIRAN", attended))
                self._planted("TRN-01", *places, f"65 % in May, June paid ({place})")

    def _never_attended(self, _place: int) -> None:
        one, _ = self._beneficiary(1)
        claim, registration = one.claim, one.registration
        enrolment = services.enrol(self.pen, registration, date(2026, 5, 4), 2, state="TIDAK HADIR")
        attended = services.attend(self.pen, enrolment, month_number(date(2026, 5, 1)), 0)
        cost = services.cost_of(enrolment, self.seed)
        key = benefits.pay_training(self.pen, claim, enrolment, cost, date(2026, 6, 15))
        places = (("bpjs", "BAYAR_MANFAAT", key), ("kemnaker", "SKILLHUB_KEHADIRAN", attended))
        self._planted("TRN-02", *places, "the cost is paid, nobody came")

    # ---- work found, rights lost ----
    def _hired(self, _place: int) -> None:
        for paid in (True, False):
            one = self._claimant(status="PLACED")
            claim, registration, who = one.claim, one.registration, one.stranger
            keys, start = self._paid(one, range(1, 3)), date(2026, 6, 22)
            firm = next(firm for firm in self.by.firms if firm is not who.employment.employer)
            again = self.by.spell(who.person, who.plain, firm, start)
            services.refer_to_work(self.pen, registration, date(2026, 5, 20), "D", (firm, start))
            if paid:
                keys += self._paid(one, range(4, 5), without=(4,))
                self.by.reports(registration, date(2026, 7, 1), 4)
                places = (("bpjs", "BAYAR_MANFAAT", keys[-1]), ("bpjs", "TK_KEPESERTAAN", again.bpjs_key))
                self._planted("PLC-01", *places, "at work since June, paid for July")
            else:
                notice = services.notify(self.pen, claim, registration, "FOUND_WORK", date(2026, 6, 24))
                benefits.stop(self.pen, claim, "FOUND_WORK", date(2026, 6, 29), notice.number)

    def _not_acted_upon(self, place: int) -> None:
        reason = "REFUSED_SUITABLE_WORK" if place % 2 == 0 else "STOPPED_TRAINING"
        for acted in (False, True):
            one, _ = self._beneficiary(2)
            claim, registration = one.claim, one.registration
            services.refer_to_work(self.pen, registration, date(2026, 6, 1), "T1")
            notice = services.notify(self.pen, claim, registration, reason, date(2026, 6, 16))
            if acted:
                benefits.stop(self.pen, claim, reason, date(2026, 6, 19), notice.number)
                continue
            keys = self._paid(one, range(3, 4))
            told = ("kemnaker", "PES_PEMBERITAHUAN", notice.number)
            self._planted("DSQ-01", told, ("bpjs", "BAYAR_MANFAAT", keys[-1]), "paid on as if nothing was")

    def _stopped_without_notice(self, _place: int) -> None:
        one, _ = self._beneficiary(2)
        key = benefits.stop(self.pen, one.claim, "NOT_AVAILABLE", date(2026, 6, 10), None)
        places = (("bpjs", "HENTI_MANFAAT", key), ("kemnaker", "PES_PEMBERITAHUAN", ""))
        self._planted("DSQ-02", *places, "stopped, and nobody had told BPJS anything")

    # ---- claims ----
    def _claimed_twice(self, place: int) -> None:
        one, _ = self._beneficiary(1)
        first, second = one.claim, self.by.claims(one.stranger, "FILED", after=20)
        mends = self._mend(
            7, "bpjs", "KLAIM_JKP", {"NO_KLAIM": padded(second.number, 20)}, {"STATUS_KLAIM": "X1"}
        )
        places = (("bpjs", "KLAIM_JKP", second.number), ("bpjs", "KLAIM_JKP", first.number))
        self._planted("CLM-02", *places, "a second application", mends if place == 0 else None)

    def _claim_without_end(self, place: int) -> None:
        one = self.by.worker(date(2022, 5, 2), date(2025, 6, 30), "CONTRACT_END")
        claim = self.by.claims(one, "FILED", ended=date(2026, 7, 20))
        self.by.registers(one, claim.filed)
        mends = self._mend(
            8, "bpjs", "KLAIM_JKP", {"NO_KLAIM": padded(claim.number, 20)}, {"STATUS_KLAIM": "X1"}
        )
        places = (("bpjs", "KLAIM_JKP", claim.number), ("bpjs", "TK_KEPESERTAAN", ""))
        self._planted("CLM-03", *places, "no employment ended then", mends if place == 0 else None)

    def _denied_as_resigned(self, place: int) -> None:
        """The worker's end is known to an office as a dismissal; the claim is refused as a resignation."""
        free = [
            made
            for made in self.by.world.terminations
            if made.plan == "in order, no claim"
            and made.report_key
            and made.employment.insured_for_job_loss
            and made.effective < date(2026, 8, 1)
            and not self._spoken_of(made.employment.person.nik)
        ]
        if place >= len(free):
            return
        made = free[place]
        person, card = made.employment.person, self.by.world.cards[made.employment.kpj]
        one = Stranger(person, made.employment, card)
        claim = self.by.claims(one, "REJECTED", "RESIGNED")
        if not any(known.person is person for known in self.by.world.registrations):
            exact = replace(card, nik=person.nik, name=person.name, born=person.born)
            self.by.registers(Stranger(person, made.employment, exact), claim.filed)
        office = made.office or ""
        table = "laporan_phk.csv" if office == "dinas_3215" else "berkas_phk"
        places = (("bpjs", "KLAIM_JKP", claim.number), (office, table, made.report_key))
        self._planted("CLM-05", *places, "refused as resigned, reported as dismissed")

    def _spoken_of(self, nik: str) -> bool:
        return len(self.by.world.niks.get(nik, {})) > 1

    def _paid_though_excluded(self, _place: int) -> None:
        claim = self._claimant(cause="CONTRACT_END").claim
        key = benefits.pay(self.pen, claim, 1, benefits.first_payment(claim))
        places = (("bpjs", "KLAIM_JKP", claim.number), ("bpjs", "BAYAR_MANFAAT", key))
        self._planted("CLM-06", *places, "paid after a fixed term ended as agreed")

    # ---- registers ----
    def _seeking_at_work(self, place: int) -> None:
        one = self.by.worker(date(2023, 1, 9), None)
        registration = self.by.registers(one, date(2026, 7, 13))
        mends = self._mend(
            4, "kemnaker", "PES_PENDAFTARAN", {"no_pendaftaran": registration.number}, {"status": "B"}
        )
        seeker = ("kemnaker", "PES_PENDAFTARAN", registration.number)
        spell = ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key)
        self._planted("PES-02", seeker, spell, "looks for work while at work", mends if place == 0 else None)
        self.by.registers(self.by.worker(date(2023, 1, 9), None), date(2026, 7, 13), "PLACED")

    def _start_dates(self, place: int) -> None:
        for days in (75, 20):
            one = self.by.worker(date(2023, 5, 15), None)
            row = self.pen.rows["kemnaker", "WLKP_TENAGA_KERJA"][-1]
            row["tgl_mulai"] = packed(one.employment.start - timedelta(days=days))
            if days == 20:
                continue
            right: dict[str, object] = {"tgl_mulai": packed(one.employment.start)}
            mends = self._mend(5, "kemnaker", "WLKP_TENAGA_KERJA", {"id_tk": one.employment.id_tk}, right)
            spell = ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key)
            worker = ("kemnaker", "WLKP_TENAGA_KERJA", one.employment.id_tk)
            self._planted("WRK-03", worker, spell, "75 days apart", mends if place == 0 else None)

    def _overlap(self, _place: int) -> None:
        one = self.by.worker(date(2022, 9, 5), None)
        firm = next(firm for firm in self.by.firms if firm is not one.employment.employer)
        second = self.by.spell(one.person, one.plain, firm, date(2025, 2, 3))
        places = (
            ("bpjs", "TK_KEPESERTAAN", second.bpjs_key),
            ("bpjs", "TK_KEPESERTAAN", one.employment.bpjs_key),
        )
        self._planted("WRK-04", *places, "two employments at the same time")
