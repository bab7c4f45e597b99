"""An invented letter that breaks no rule, and the case that follows it; stories change one thing of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from jendela.law.severance import WEEK
from jendela.letters.rules.cases import JOINED

SOUND: dict[str, Any] = {
    "file": "surat.xml",
    "index": 1,
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD-PHK/IX/2026",
    "letter_date": date(2026, 9, 3),
    "copy_offices": ["3215"],
    "attachment_types": ["NON_REJECTION"],
    "employer_name": "PT MAJU JAYA TEKSTIL",
    "npp": "JJ012345",
    "wlkp_code": "32150.20190312.0004",
    "enterprise_size": "BESAR",
    "employer_address": "JL. INDUSTRI NO. 1",
    "workplace_region": "3215",
    "union_exists": False,
    "nik": "3215105708899001",
    "full_name": "SITI NUR AISYAH",
    "kpj": "01234567891",
    "birth_date": date(1989, 8, 17),
    "sex": "P",
    "citizenship": "WNI",
    "address": "JL. MELATI NO. 7",
    "contract_type": "PKWTT",
    "start_date": date(2014, 2, 3),
    "service_years": 12,
    "service_months": 7,
    "last_wage_basic": 4_800_000,
    "fixed_allowance": 200_000,
    "last_wage_reported_bpjs": 5_000_000,
    "wage_period": "MONTHLY",
    "last_working_date": date(2026, 9, 23),
    "reason_codes": ["R432"],
    "reason_code": "R432",
    "reason_narrative": "Efisiensi untuk mencegah kerugian.",
    "reason_article": "PP35/2021 Ps.43(2)",
    "initiated_by": "EMPLOYER",
    "notice_delivered_date": date(2026, 9, 3),
    "effective_date": date(2026, 9, 24),
    "severance_amount": 45_000_000,
    "severance_multiplier": 1,
    "upmk_amount": 25_000_000,
    "upmk_multiplier": 1,
    "total_gross": 70_000_000,
    "total_net": 70_000_000,
    # what the case, SIPP and the claim add
    "worker_response": "NOT_REJECTED",
    "worker_response_date": date(2026, 9, 7),
    "evidence_kind": "E1",
    "report_receipt_no": "560/1234/Disnaker",
    "report_receipt_date": date(2026, 9, 28),
    "office_code": "3215",
    "sipp_wage": 5_000_000,
    "sipp_deactivated_date": date(2026, 10, 2),
    "claim_filed_date": date(2026, 10, 5),
}
SCHEMA = JOINED | {WEEK: pl.Int64()}


def reason(code: str, **changes: Any) -> dict[str, Any]:
    """Another reason, with its article left out."""
    return {"reason_code": code, "reason_codes": [code], "reason_article": None} | changes


def unpaid(**changes: Any) -> dict[str, Any]:
    """No amount at all."""
    money = ("severance_amount", "severance_multiplier", "upmk_amount", "upmk_multiplier")
    return dict.fromkeys((*money, "total_gross", "total_net"), 0) | changes


def fixed_term(code: str, **changes: Any) -> dict[str, Any]:
    """A contract for 2026 that ends as agreed, with its compensation paid."""
    term = {
        "letter_type": "PKWT_END_STATEMENT",
        "contract_type": "PKWT",
        "initiated_by": "CONTRACT_END",
        "start_date": date(2026, 1, 1),
        "contract_end_date": date(2026, 12, 31),
        "effective_date": date(2026, 12, 31),
        "service_years": 1,
        "service_months": 0,
        "pkwt_compensation": 5_000_000,
    }
    sums = {"total_gross": 5_000_000, "total_net": 5_000_000}
    return reason(code) | unpaid() | term | sums | changes


def frame(*letters: dict[str, Any]) -> pl.DataFrame:
    """Sound letters, each with its changes; numbered within the file where they do not say otherwise."""
    rows = [SOUND | {"index": place} | changes for place, changes in enumerate(letters, start=1)]
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
