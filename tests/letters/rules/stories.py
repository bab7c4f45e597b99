"""What breaks each rule, and what comes near and does not: (check, story, changes, broken)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from tests.letters.rules.letter import fixed_term, reason


class Story(NamedTuple):
    """One thing that is different from a sound letter, and whether the check is broken by it."""

    check: str
    name: str
    changes: dict[str, Any]
    broken: bool


def _broken(check: str, name: str, **changes: Any) -> Story:
    return Story(check, name, changes, broken=True)


def _kept(check: str, name: str, **changes: Any) -> Story:
    return Story(check, name, changes, broken=False)


MIKRO = {"enterprise_size": "MIKRO"}
WARNED = ["WARNING_LETTER_1", "WARNING_LETTER_2", "WARNING_LETTER_3"]
SUMMONED = ["SUMMONS_1", "SUMMONS_2"]
ABSENT = reason("R51", first_absence_date=date(2026, 8, 27), attachment_types=SUMMONED)
RESIGNED = reason(
    "R50",
    letter_type="RESIGNATION_STATEMENT",
    initiated_by="WORKER",
    resignation_request_date=date(2026, 8, 25),
)
REASONS = [
    _broken("L-01.unknown", "a code nobody agreed on", **reason("R99")),
    _broken("L-01.unknown", "a second reason nobody agreed on", reason_codes=["R432", "R99"]),
    _kept("L-01.unknown", "two agreed reasons", reason_codes=["R432", "R442"]),
    _broken("L-01.unmapped", "the reason was not mapped", **reason("RUNK")),
    _kept("L-01.unmapped", "a withdrawal need not know it", **reason("RUNK", letter_type="WITHDRAWAL")),
    _broken("L-17", "the day before PP 35/2021", effective_date=date(2021, 2, 1)),
    _kept("L-17", "the first day of PP 35/2021", effective_date=date(2021, 2, 2)),
    _broken("L-02.end_date", "a fixed term without an end", **fixed_term("RPK1", contract_end_date=None)),
    _kept("L-02.end_date", "a permanent contract has none", contract_end_date=None),
    _broken(
        "L-02.at_end",
        "said to have ended, two days early",
        **fixed_term("RPK1", effective_date=date(2026, 12, 29)),
    ),
    _broken("L-02.at_end", "two days late", **fixed_term("RPK1", effective_date=date(2027, 1, 2))),
    _kept("L-02.at_end", "the day after the last one", **fixed_term("RPK1", effective_date=date(2027, 1, 1))),
    _kept("L-02.at_end", "the day before it", **fixed_term("RPK1", effective_date=date(2026, 12, 30))),
    _kept("L-02.early", "a day before its end", **fixed_term("R432", effective_date=date(2026, 12, 30))),
    _broken("L-02.early", "efficiency in mid-term", **fixed_term("R432", effective_date=date(2026, 9, 24))),
    _kept(
        "L-02.early", "ended early by the employer", **fixed_term("RPK3", effective_date=date(2026, 9, 24))
    ),
    _kept("L-02.early", "the worker died", **fixed_term("R57", effective_date=date(2026, 9, 24))),
    _broken("L-02.not_early", "early, on the last day", **fixed_term("RPK3")),
    _kept("L-02.not_early", "early, a day before", **fixed_term("RPK4", effective_date=date(2026, 12, 30))),
    _broken("L-02.permanent", "a permanent contract that ran out", **reason("RPK1")),
    _kept("L-02.permanent", "a fixed term that ran out", **fixed_term("RPK1")),
    _broken("L-21", "another article", reason_article="PP 35/2021 Pasal 47"),
    _broken("L-21", "the other paragraph", reason_article="PP35/2021 Ps.43(1)"),
    _broken("L-21", "the other paragraph, in words", reason_article="Pasal 43 ayat (1) PP 35/2021"),
    _kept("L-21", "without its paragraph", reason_article="Pasal 43 PP Nomor 35/2021"),
    _kept("L-21", "the Manpower Law lists reasons otherwise", reason_article="UU 13/2003 Pasal 154A(1)b"),
    _broken("L-22", "the employer resigned for the worker", **RESIGNED | {"initiated_by": "EMPLOYER"}),
    _kept("L-22", "the worker resigned", **RESIGNED),
    _broken("L-23", "a correction of nothing", letter_type="CORRECTION"),
    _broken("L-23", "a withdrawal of nothing", letter_type="WITHDRAWAL"),
    _kept(
        "L-23",
        "a correction of letter 020",
        letter_type="CORRECTION",
        supersedes_number="020/HRD-PHK/IX/2026",
    ),
    _broken("L-24.none", "no reason at all", reason_code=None, reason_codes=None),
    _kept("L-24.none", "a row of a database, with its one code", reason_codes=None),
    _broken("L-24.primary", "two, none marked", reason_code=None, reason_codes=["R432", "R442"]),
    _kept("L-24.primary", "two, one marked", reason_codes=["R432", "R442"]),
    _broken("L-26.statement", "a statement of death for an efficiency", letter_type="DEATH"),
    _kept("L-26.statement", "a statement of death", **reason("R57", letter_type="DEATH")),
    _kept("L-26.statement", "a correction may be of anything", letter_type="CORRECTION"),
    _broken("L-26.notice", "a notice to somebody who resigned", **RESIGNED | {"letter_type": "PHK_NOTICE"}),
    _kept("L-26.notice", "a notice of an early end", **fixed_term("RPK3", letter_type="PHK_NOTICE")),
    _kept("L-26.notice", "the reason is not known", **reason("RUNK")),
]
NOTICES = [
    _broken("L-03.missing", "no day of delivery", notice_delivered_date=None),
    _kept("L-03.missing", "an urgent breach needs no notice", **reason("R522", notice_delivered_date=None)),
    _kept("L-03.missing", "a withdrawal needs none", letter_type="WITHDRAWAL", notice_delivered_date=None),
    _broken("L-03.short", "thirteen working days", effective_date=date(2026, 9, 22)),
    _kept("L-03.short", "fourteen working days", effective_date=date(2026, 9, 23)),
    _kept(
        "L-03.short",
        "thirteen by five days a week are more by six",
        effective_date=date(2026, 9, 22),
        working_days_per_week=6,
    ),
    _broken("L-03.short", "on probation, six", contract_type="PROBATION", effective_date=date(2026, 9, 11)),
    _kept("L-03.short", "on probation, seven", contract_type="PROBATION", effective_date=date(2026, 9, 14)),
    _broken(
        "L-03.short",
        "Christmas is not a working day",
        notice_delivered_date=date(2026, 12, 7),
        effective_date=date(2026, 12, 25),
    ),
    _kept(
        "L-03.short",
        "Christmas Eve is, though joint leave",
        notice_delivered_date=date(2026, 12, 7),
        effective_date=date(2026, 12, 28),
    ),
    _broken(
        "L-03.short_provisional",
        "over a birthday of the Prophet that is not decided",
        notice_delivered_date=date(2026, 8, 7),
        effective_date=date(2026, 8, 28),
    ),
    _kept(
        "L-03.short_provisional",
        "too short with or without it",
        notice_delivered_date=date(2026, 8, 7),
        effective_date=date(2026, 8, 25),
    ),
    _kept(
        "L-03.short_provisional",
        "long enough with it",
        notice_delivered_date=date(2026, 8, 7),
        effective_date=date(2026, 8, 31),
    ),
    _broken(
        "L-03.open",
        "enough in 2028, whose holidays nobody knows",
        notice_delivered_date=date(2028, 9, 4),
        effective_date=date(2028, 9, 22),
    ),
    _kept(
        "L-03.open",
        "a month to spare",
        notice_delivered_date=date(2028, 9, 4),
        effective_date=date(2028, 10, 31),
    ),
    _kept("L-03.open", "enough in 2026", effective_date=date(2026, 9, 23)),
    _broken("L-07", "two of three warning letters", **reason("R521", attachment_types=WARNED[:2])),
    _broken("L-07", "no attachment at all", **reason("R521", attachment_types=None)),
    _kept("L-07", "all three", **reason("R521", attachment_types=[*WARNED, "NOTICE"])),
    _kept("L-07", "an urgent breach needs none", **reason("R522")),
    _broken("L-08.first_absence", "absent since nobody knows when", **ABSENT | {"first_absence_date": None}),
    _kept("L-08.first_absence", "absent since Thursday", **ABSENT),
    _broken(
        "L-08.short",
        "four working days before the letter",
        **ABSENT | {"first_absence_date": date(2026, 8, 28)},
    ),
    _kept("L-08.short", "five working days before the letter", **ABSENT),
    _broken(
        "L-08.short_provisional",
        "five, if 25 August is worked",
        **ABSENT | {"first_absence_date": date(2026, 8, 20), "letter_date": date(2026, 8, 27)},
    ),
    _kept(
        "L-08.short_provisional",
        "five without it",
        **ABSENT | {"first_absence_date": date(2026, 8, 20), "letter_date": date(2026, 8, 28)},
    ),
    _broken("L-08.summons", "one summons", **ABSENT | {"attachment_types": ["SUMMONS_1"]}),
    _kept("L-08.summons", "both", **ABSENT),
    _broken("L-09.missing", "asked nobody knows when", **RESIGNED | {"resignation_request_date": None}),
    _kept("L-09.missing", "asked in August", **RESIGNED),
    _broken(
        "L-09.short", "asked 29 days before", **RESIGNED | {"resignation_request_date": date(2026, 8, 26)}
    ),
    _kept("L-09.short", "asked 30 days before", **RESIGNED),
]
MONEY = [
    _broken("L-06.severance", "two rupiah too little", severance_amount=44_999_998),
    _broken("L-06.severance", "not stated", severance_amount=None),
    _kept("L-06.severance", "to the rupiah", severance_amount=44_999_999),
    _kept("L-06.severance", "a micro enterprise agrees on it", severance_amount=0, **MIKRO),
    _kept(
        "L-06.severance",
        "the pension fund paid the rest (Pasal 58)",
        severance_amount=40_000_000,
        pension_offset=5_000_000,
    ),
    _broken(
        "L-06.severance", "the pension fund paid less", severance_amount=40_000_000, pension_offset=4_000_000
    ),
    _kept("L-06.severance", "below the minimum, and agreed", severance_amount=0, agreed_below_minimum=True),
    _broken("L-06.upmk", "none, after twelve years", upmk_amount=0),
    _kept("L-06.upmk", "more than the law", upmk_amount=26_000_000),
    _broken("L-06.pkwt", "a year, paid as eleven months", **fixed_term("RPK1", pkwt_compensation=4_583_333)),
    _broken("L-06.pkwt", "not stated", **fixed_term("RPK1", pkwt_compensation=None)),
    _kept("L-06.pkwt", "a year", **fixed_term("RPK1")),
    _kept("L-06.pkwt", "a foreigner", **fixed_term("RPK1", pkwt_compensation=0, citizenship="WNA")),
    _broken(
        "L-06.agreed", "half of it, by agreement", severance_amount=22_500_000, agreed_below_minimum=True
    ),
    _kept("L-06.agreed", "an agreement on the full amount", agreed_below_minimum=True),
    _broken("L-06.separation", "an urgent breach, not a word of uang pisah", **reason("R522")),
    _kept("L-06.separation", "said to be none", **reason("R522", separation_pay=0)),
    _kept("L-06.separation", "not a reason for it"),
    _broken("L-18", "two rupiah off", total_gross=70_000_002),
    _kept("L-18", "a rupiah off", total_gross=70_000_001),
    _kept(
        "L-18",
        "all parts, less what the pension fund paid",
        uph_amount=3,
        separation_pay=4,
        outstanding_wages=5,
        thr=6,
        other_amount=7,
        pkwt_compensation=8,
        pension_offset=33,
    ),
    _broken("L-19", "the tax was forgotten", tax_withheld=3_000_000),
    _kept("L-19", "less the tax", tax_withheld=3_000_000, total_net=67_000_000),
    _broken("L-20.severance", "half, as after losses", severance_multiplier=0.5),
    _kept("L-20.severance", "half, after losses", **reason("R431", severance_multiplier=0.5)),
    _kept("L-20.severance", "twice, which nobody forbids", severance_multiplier=2),
    _broken("L-20.upmk", "half", upmk_multiplier=0.5),
    _kept("L-20.upmk", "none, for one who resigned", **RESIGNED | {"upmk_multiplier": 0}),
]
WORKERS = [
    _broken("L-11.young", "fourteen years old", birth_date=date(2011, 9, 25)),
    _kept("L-11.young", "fifteen on the day", birth_date=date(2011, 9, 24)),
    _broken("L-11.pension", "59 in 2026, dismissed", birth_date=date(1967, 9, 24)),
    _kept("L-11.pension", "58 in 2026", birth_date=date(1967, 9, 25)),
    _kept(
        "L-11.pension",
        "59 and retired",
        **reason("R56", birth_date=date(1967, 9, 24), letter_type="RETIREMENT"),
    ),
    _broken("L-27", "ten years instead of twelve", service_years=10),
    _kept("L-27", "a month less", service_months=6),
    _kept("L-27", "not stated", service_years=None, service_months=None),
    _broken("L-31", "a citizen with a passport number", passport_no="X000001"),
    _kept("L-31", "a foreigner", passport_no="X000001", citizenship="WNA", nik=None),
    _broken("N1", "fifteen digits", nik="321510570889900"),
    _kept("N1", "a foreigner has none", nik=None, citizenship="WNA"),
    _broken("N2", "damaged by a spreadsheet", nik="3275010000000000"),
    _broken("N2", "a filler", nik="1111111111111111"),
    _kept("N2", "not a number at all is N1's", nik="3,27501E+15"),
    _broken("N3", "29 February 1990", nik="3215102902909001"),
    _kept("N3", "29 February 1988", nik="3215102902889001"),
    _broken("N4", "a province that does not exist", nik="9915105708899001"),
    _kept("N4", "Merauke before the province was split", nik="9101105708899001"),
    _broken("N5", "serial nought", nik="3215105708890000"),
    _kept("N5", "serial 9001"),
    _broken("N6", "a man by the number", nik="3215101708899001"),
    _kept("N6", "no sex stated", nik="3215101708899001", sex=None),
    _broken("N7", "born a day later", birth_date=date(1989, 8, 18)),
    _kept("N7", "what is no date is N3's", nik="3215102902909001"),
]
FORMS = [
    _broken("L-12", "the copy goes to the next town", copy_offices=["3273"]),
    _broken("L-12", "no copy", copy_offices=None),
    _kept("L-12", "two copies, one of them to the office", copy_offices=["3273", "3215"]),
    _kept("L-12", "who resigned needs no copy (DESIGN 8)", **RESIGNED | {"copy_offices": None}),
    _kept("L-12", "nor does a fixed term that ended", **fixed_term("RPK1", copy_offices=None)),
    _broken("L-25.reason_narrative", "a notice that does not say why", reason_narrative=None),
    _kept(
        "L-25.reason_narrative",
        "a confirmation refers to it",
        reason_narrative=None,
        letter_type="PHK_CONFIRMATION",
    ),
    _broken("L-25.nik", "a citizen without NIK", nik=None),
    _kept("L-25.nik", "a foreigner", nik=None, citizenship="WNA"),
    _broken("L-25.kpj", "no participant number", kpj=None),
    _kept("L-25.kpj", "a withdrawal need not repeat it", kpj=None, letter_type="WITHDRAWAL"),
    _broken("L-25.wlkp_code", "a copy for the office, no WLKP code", wlkp_code=None),
    _kept("L-25.wlkp_code", "no copy is owed", **RESIGNED | {"wlkp_code": None}),
    _broken("L-25.union_name", "a union without a name", union_exists=True),
    _kept("L-25.union_name", "a union with its name", union_exists=True, union_name="SPN MAJU JAYA"),
    _broken("L-28.start", "ended before it began", start_date=date(2026, 9, 25)),
    _kept("L-28.start", "a day of work", start_date=date(2026, 9, 24)),
    _broken(
        "L-28.contract_end",
        "a term that ends before it begins",
        **fixed_term("RPK1", contract_end_date=date(2025, 12, 31)),
    ),
    _kept("L-28.contract_end", "a term of a year", **fixed_term("RPK1")),
    _broken("L-28.last_working", "worked on after the end", last_working_date=date(2026, 9, 25)),
    _kept("L-28.last_working", "worked to the end", last_working_date=date(2026, 9, 24)),
    _broken("L-28.notice", "delivered before it was written", letter_date=date(2026, 9, 4)),
    _kept(
        "L-28.notice",
        "a confirmation tells of a notice that was",
        letter_date=date(2026, 9, 24),
        letter_type="PHK_CONFIRMATION",
    ),
    _broken("L-28.birth", "born on the first day of work", birth_date=date(2014, 2, 3)),
    _kept("L-28.birth", "born before"),
    _broken("L-30", "a mass lay-off of none", mass_layoff_id="PHK-1", mass_layoff_count=0),
    _kept("L-30", "one of two hundred", mass_layoff_id="PHK-1", mass_layoff_count=200),
]
REQUIRED = (
    *("letter_type", "letter_number", "letter_date", "employer_name", "full_name"),
    *("npp", "employer_address", "workplace_region", "enterprise_size", "birth_date", "citizenship"),
    *("address", "contract_type", "start_date", "initiated_by", "effective_date"),
)
for _name in REQUIRED:
    FORMS.append(_broken(f"L-25.{_name}", "left out", **{_name: None}))
    FORMS.append(_kept(f"L-25.{_name}", "stated"))
DOCUMENT = [*REASONS, *NOTICES, *MONEY, *WORKERS, *FORMS]

REJECTED = {"worker_response": "REJECTED", "evidence_kind": "E2b", "pb_date": date(2026, 9, 24)}
BEFORE_MK = {"effective_date": date(2024, 10, 30), "pb_date": date(2024, 12, 1)}
RECONCILE = [
    _broken("L-04.evidence", "rejected, and called accepted", worker_response="REJECTED"),
    _kept("L-04.evidence", "rejected and settled", **REJECTED),
    _kept("L-04.evidence", "nothing known of the proof", worker_response="REJECTED", evidence_kind=None),
    _broken("L-04.date", "ended a day before the settlement", **REJECTED | {"pb_date": date(2026, 9, 25)}),
    _broken(
        "L-04.date",
        "ended before the decision was final",
        **REJECTED | {"evidence_kind": "E3", "inkracht_date": date(2027, 3, 1)},
    ),
    _kept("L-04.date", "ended on the day of the settlement", **REJECTED),
    _kept("L-04.date", "the day before MK 168: the older reading", **REJECTED | BEFORE_MK),
    _broken(
        "L-04.date", "the day of MK 168", **REJECTED | BEFORE_MK | {"effective_date": date(2024, 10, 31)}
    ),
    _broken("L-04.undated", "a settlement without a date", **REJECTED | {"pb_date": None}),
    _kept("L-04.undated", "a settlement with one", **REJECTED),
    _broken(
        "L-04.late",
        "rejected on the eighth working day",
        **REJECTED | {"worker_response_date": date(2026, 9, 15)},
    ),
    _kept("L-04.late", "rejected on the seventh", **REJECTED | {"worker_response_date": date(2026, 9, 14)}),
    _broken("L-05.acknowledged", "E1, and the worker said nothing", worker_response="NO_RESPONSE"),
    _kept(
        "L-05.acknowledged",
        "E1, and the worker signed for it",
        worker_response="NO_RESPONSE",
        worker_acknowledged_date=date(2026, 9, 3),
    ),
    _broken("L-05.receipt", "E1 without the number of the receipt", report_receipt_no=None),
    _broken("L-05.receipt", "E1 without the office", office_code=None),
    _kept("L-05.receipt", "no proof is claimed", report_receipt_no=None, evidence_kind="NONE_YET"),
    _broken("L-05.order", "received a day before it was written", report_receipt_date=date(2026, 9, 2)),
    _kept("L-05.order", "received on the day", report_receipt_date=date(2026, 9, 3)),
    _broken("L-10", "more than 5 % below BPJS", last_wage_reported_bpjs=4_749_999),
    _kept("L-10", "5 % exactly", last_wage_reported_bpjs=4_750_000),
    _kept("L-10", "nothing known at BPJS", sipp_wage=None),
    _broken("L-15", "a day after six months", claim_filed_date=date(2027, 3, 25)),
    _kept("L-15", "on the last day of six months", claim_filed_date=date(2027, 3, 24)),
    _broken(
        "L-15",
        "three months, by the law of 6 February 2025",
        effective_date=date(2025, 2, 6),
        claim_filed_date=date(2025, 5, 7),
    ),
    _kept(
        "L-15",
        "six, by the law of 7 February 2025",
        effective_date=date(2025, 2, 7),
        claim_filed_date=date(2025, 5, 8),
    ),
    _broken("L-16", "on the eighth working day", sipp_deactivated_date=date(2026, 10, 6)),
    _kept("L-16", "on the seventh working day", sipp_deactivated_date=date(2026, 10, 5)),
    _kept("L-16", "not deactivated yet: that is PHK-01's", sipp_deactivated_date=None),
]
# Judged on several letters or with another law: told in test_several.py.
TOLD_ELSEWHERE = {"L-01.invalid", "L-13", "L-14", "L-29"}
