"""How planted defects end: each in its own way, some every working day, never the last of its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jendela.demo import bpjs, planted
from jendela.demo.arrivals import Arrivals
from jendela.demo.clerks import Written
from jendela.demo.habits import padded
from jendela.demo.letters import Termination
from jendela.demo.planted import Place
from jendela.demo.terminations import report_on
from jendela.demo.world import Case, World


class Mending:
    """Mends open cases; `arrivals` writes what it takes."""

    def __init__(self, world: World, arrivals: Arrivals) -> None:
        self.world, self.arrivals, self.pen = world, arrivals, arrivals.pen
        self._ways: dict[str, Callable[[Case], bool]] = {
            "WRK-01": self._unregistered,
            "PHK-02": self._unreported,
            "LET-02": self._copy_missing,
            "PES-01": self._unregistered_seeker,
            "LET-01": self._letters_differ,
            "CLM-04": self._rejected,
            "LET-07": self._unknown_letter,
            "ID-02": self._shared_nik,
        }

    def one_of(self, code: str) -> None:
        """Mends one open case of a code, if another stays open."""
        night = self.arrivals.night
        open_now = [
            case
            for case in self.world.cases
            if case.defect.code == code
            and case.defect.until_night is None
            and case.defect.since_night < night
        ]
        if len(open_now) < 2:
            return
        for case in open_now:
            if self._ways[code](case):
                made = case.termination
                house = self.world.country.house(made.employment.employer.region) if made else None
                by_office = code in ("PHK-02", "LET-02", "LET-07")
                case.defect.until_night = self.arrivals.seen_from(house) if house and by_office else night
                return

    def _unregistered(self, case: Case) -> bool:
        """BPJS registers the worker."""
        if case.employment is None:
            return False
        self.arrivals.register(case.employment)
        return True

    def _unreported(self, case: Case) -> bool:
        """The report comes in, late, with the letter."""
        made, today = case.termination, self.arrivals.today
        if made is None or made.letter is None:
            return False
        house = self.world.country.by_region[made.employment.employer.region]
        number = self.world.desk.receipt(house.region, today)
        made.report = report_on(self.arrivals.rng, made.letter, number, today, "")
        if house.reports:
            if not made.office_keys:
                self._copy(made)
            made.report_key = self.pen.report(house, house.reports, made.report)
        else:
            made.office_keys = self.pen.letters_in_form(house, [made.letter], today, made.report)
            made.report_key = made.office_keys[0]
        # What closes one code opens another: the report was not missing before the last day for it.
        seen = self.arrivals.seen_from(house)
        self.world.truth.discrepancies.append(planted.reported_late(made, seen, house))
        return True

    def _copy(self, made: Termination) -> bool:
        house = self.world.country.by_region[made.employment.employer.region]
        if made.letter is None or house.letters is None:
            return False
        made.office_keys = [self.pen.copy(house, house.letters, made.letter, self.arrivals.today)]
        return True

    def _copy_missing(self, case: Case) -> bool:
        """The copy of the letter arrives at the office."""
        return case.termination is not None and self._copy(case.termination)

    def _unknown_letter(self, case: Case) -> bool:
        """The same, for a letter only BPJS knew."""
        return self._copy_missing(case)

    def _unregistered_seeker(self, case: Case) -> bool:
        """The claimant registers as a job-seeker."""
        if case.employment is None:
            return False
        self.arrivals.registers(case.employment)
        return True

    def _letters_differ(self, case: Case) -> bool:
        """BPJS corrects what it had typed wrongly."""
        made = case.termination
        if made is None or not made.at_bpjs or made.letter is None:
            return False
        right, typed = made.letter, made.at_bpjs[0]
        written = Written("", "", right.effective, "", "L", "")
        whole = bpjs.letter_row(
            replace(right, number=typed.number),
            0,
            "",
            None,
            written,
            right.day,
            bpjs.stamp(right.day, self.arrivals.rng),
        )
        values = {
            name: whole[name]
            for name in (
                "KD_ALASAN",
                "URAIAN_ALASAN",
                "TGL_BERLAKU",
                "UANG_PESANGON",
                "UANG_KOMPENSASI",
                "TOTAL_DITERIMA",
            )
        }
        key: dict[str, object] = {"ID_SURAT": padded(made.bpjs_keys[0], 16)}
        self.arrivals.update("bpjs", "SURAT_KLAIM", key, values)
        return True

    def _rejected(self, case: Case) -> bool:
        """BPJS decides the claim anew."""
        if case.claim is None:
            return False
        case.claim.status, case.claim.rejection, case.claim.decided = "APPROVED", "", self.arrivals.today
        self.arrivals.decided(case.claim)
        return True

    def _shared_nik(self, case: Case) -> bool:
        """The agency corrects the NIK of the record, if the person's others do not carry the wrong one."""
        sides = {
            (case.defect.agency_a, case.defect.table_a, case.defect.key_a),
            (case.defect.agency_b, case.defect.table_b, case.defect.key_b),
        }
        for nik, carriers in self.world.niks.items():
            for number, mentions in carriers.items() if len(carriers) == 2 else ():
                person = self.world.people.all[number - 1]
                alone = len(mentions) == 1 and mentions[0] in sides
                if alone and person.nik != nik and self._corrected(mentions[0], person.nik):
                    del carriers[number]
                    return True
        return False

    def slip(self) -> None:
        """An agency corrects a NIK that is one slip from the person's own, if no other record has it."""
        for number in self._open("ID-01"):
            nik = self.world.people.all[number - 1].nik
            wrong: dict[str, list[Place]] = {}
            for place, (person, written) in self.world.said.items():
                if person == number and written.nik and written.nik != nik:
                    wrong.setdefault(written.nik, []).append(place)
            (typed, places), *others = wrong.items() if wrong else [("", [])]
            alone = not others and len(places) == 1 and len(self.world.niks.get(nik, {})) == 1
            if alone and self._corrected(places[0], nik):
                self.world.niks.get(typed, {}).pop(number, None)
                return

    def cards(self) -> None:
        """BPJS merges the two cards that somebody has: the later is merged into the earlier."""
        for number in self._open("ID-07"):
            mine = [one.kpj for one in self.world.careers.all if one.person.number == number and one.at_bpjs]
            unmerged = [card for card in dict.fromkeys(mine) if not self.world.merged.get(card)]
            if len(unmerged) == 2:
                into, card = unmerged
                self.world.merged[card] = into
                key: dict[str, object] = {"KPJ": padded(card, 13)}
                self.arrivals.update("bpjs", "TK_BIODATA", key, {"KPJ_GABUNG": padded(into, 13)})
                return

    def _open(self, code: str) -> list[int]:
        """The persons of an open case about identity, if another may stay open."""
        found = [person for known, person in self.world.identities if known == code]
        return found if len(found) > 1 else []

    def _corrected(self, record: tuple[str, str, str], nik: str) -> bool:
        _, table, key = record
        if record in self.world.said:
            person, written = self.world.said[record]
            self.world.said[record] = (person, replace(written, nik=nik))
        if table == "TK_BIODATA":
            self.world.cards[key] = replace(self.world.cards[key], nik=nik)
            self.arrivals.update(
                "bpjs", table, {"KPJ": padded(key, 13)}, {"NOMOR_IDENTITAS": padded(nik, 20)}
            )
        elif table == "WLKP_TENAGA_KERJA":
            self.arrivals.update("kemnaker", table, {"id_tk": key}, {"nik": nik})
        return table in ("TK_BIODATA", "WLKP_TENAGA_KERJA")


MENDED_IN_TURN = ("WRK-01", "PHK-02", "LET-02", "PES-01", "LET-01", "CLM-04", "LET-07", "ID-02")


def mend(world: World, arrivals: Arrivals) -> None:
    """Mends WRK-01, ID-01, ID-02 and ID-07 every working day, and two of the other codes in turn."""
    mending = Mending(world, arrivals)
    turn = {MENDED_IN_TURN[(2 * arrivals.workday + place) % len(MENDED_IN_TURN)] for place in range(2)}
    for code in dict.fromkeys(("WRK-01", "ID-02", *sorted(turn))):
        mending.one_of(code)
    mending.slip()
    mending.cards()
