"""What the plans amount to: the discrepancies and obligations a correct hub finds, and no others."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

from jendela.demo.careers import Employment
from jendela.demo.claims import Claim
from jendela.demo.house import House
from jendela.demo.letters import Termination
from jendela.demo.truth import BadRow, Discrepancy, Obligation
from jendela.demo.world import World

Place = tuple[str, str, str]
"""Agency, table, natural key; an empty key is a record that is missing there."""


def discrepancy(code: str, since: date, a: Place, b: Place, note: str) -> Discrepancy:
    """A planted defect, open from `since` on."""
    return Discrepancy(code, since, None, *a, *b, note)


def spell(employment: Employment) -> Place:
    """The spell at BPJS."""
    return "bpjs", "TK_KEPESERTAAN", employment.bpjs_key


def eighth_weekday(after: date) -> date:
    """The eighth working day after a day of late August to late December 2026, when no weekday is a
    holiday."""
    day, left = after, 8
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def of_termination(
    termination: Termination, claim: Claim | None, claim_key: str, since: date, house: House | None
) -> list[Discrepancy]:
    """The defect a termination's plan planted, first seen on the night `since` (PHK-02 in its own time).

    `house` is the competent office, if it delivers.
    """
    plan, office = termination.plan, termination.office or ""
    reports, letters = (house.report_table, house.letter_table) if house else ("", "")
    ended, held = spell(termination.employment), ("bpjs", "KLAIM_JKP", claim_key)
    if plan.startswith("PHK-02"):
        opens = max(since, eighth_weekday(termination.effective)) if "pending" in plan else since
        return [discrepancy("PHK-02", opens, ended, (office, reports, ""), plan)]
    if plan.startswith("LET-01"):
        return [
            discrepancy("LET-01", since, (office, letters, ours), ("bpjs", "SURAT_KLAIM", theirs), plan)
            for ours in termination.office_keys
            for theirs in termination.bpjs_keys
        ]
    if plan == "LET-02":
        return [
            discrepancy(
                "LET-02", since, (office, reports, termination.report_key), (office, letters, ""), plan
            )
        ]
    if plan == "LET-07":
        return [
            discrepancy(
                "LET-07", since, ("bpjs", "SURAT_KLAIM", key), (office, letters, ""), f"claim {claim_key}"
            )
            for key in termination.bpjs_keys
        ]
    if plan == "PES-01" and claim is not None:
        return [discrepancy("PES-01", since, held, ("kemnaker", "PES_PENDAFTARAN", ""), plan)]
    if plan == "CLM-04" and claim is not None:
        return [discrepancy("CLM-04", since, held, (office, reports, termination.report_key), plan)]
    return []


def reported_late(termination: Termination, since: date, house: House) -> Discrepancy:
    """PHK-03: the report that ends PHK-02 comes after the last day for it."""
    place = (house.agency, house.report_table, termination.report_key)
    return discrepancy("PHK-03", since, place, spell(termination.employment), "the report ends PHK-02, late")


def unregistered(employment: Employment, since: date) -> Discrepancy:
    """WRK-01: the worker WLKP has and BPJS has not under this employer."""
    worker = ("kemnaker", "WLKP_TENAGA_KERJA", employment.id_tk)
    return discrepancy(
        "WRK-01", since, worker, ("bpjs", "TK_KEPESERTAAN", ""), f"employer {employment.employer.npp}"
    )


def backwards(employment: Employment) -> list[BadRow]:
    """An employment that ended before it began: the rows of it that no contract allows."""
    spell_row = BadRow("bpjs", "TK_KEPESERTAAN", employment.bpjs_key, "end before start")
    worker = BadRow("kemnaker", "WLKP_TENAGA_KERJA", employment.id_tk, "end before start")
    return [*([spell_row] if employment.at_bpjs else []), *([worker] if employment.at_wlkp else [])]


def shared_niks(world: World, since: date) -> list[Discrepancy]:
    """ID-02: one for each pair of persons records of whom carry the same NIK, and who were not such a pair
    before."""
    found = []
    for carriers in world.niks.values():
        if len(carriers) < 2:
            continue
        for (one, first), (other, second) in combinations(sorted(carriers.items()), 2):
            if (one, other) not in world.shared:
                world.shared.add((one, other))
                found.append(discrepancy("ID-02", since, first[0], second[0], "one NIK, two persons"))
    return found


def obligation(employment: Employment, since: date, letter_key: str) -> Obligation:
    """A resignation: the employer owes BPJS a statement, and has given it if `letter_key` is not empty."""
    until = since if letter_key else None
    return Obligation("bpjs", "TK_KEPESERTAAN", employment.bpjs_key, since, until, letter_key)
