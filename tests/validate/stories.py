"""Canonical rows for the stories: one sound row per entity, and how to say what is different in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from jendela.contracts.codes import load_codes
from jendela.contracts.odcs import load_contracts

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)
CODES = load_codes(ROOT)
NIGHT = date(2026, 10, 15)

SITI = {
    "nik": "3215105708899001",
    "full_name": "SITI NUR AISYAH",
    "birth_date": date(1989, 8, 17),
    "sex": "P",
    "phone": "+6281290001234",
    "residence_region": "321510",
    "kpj": "01234567891",
}
SOUND: dict[str, dict[str, Any]] = {
    "employer": {"employer_name": "PT MAJU JAYA TEKSTIL", "npp": "JJ012345", "npwp": "0741234561091000"},
    "employment": {
        **SITI,
        "npp": "JJ012345",
        "start_date": date(2014, 2, 3),
        "wage_reported": Decimal("5000000.00"),
        "registered_date": date(2014, 2, 10),
    },
    "termination_letter": {
        **SITI,
        "letter_type": "PHK_NOTICE",
        "letter_number": "021/HRD-PHK/IX/2026",
        "letter_date": date(2026, 9, 3),
        "employer_name": "PT MAJU JAYA TEKSTIL",
        "workplace_region": "3215",
        "citizenship": "WNI",
        "start_date": date(2014, 2, 3),
        "reason_code": "R432",
        "effective_date": date(2026, 9, 24),
        "total_gross": Decimal("73000000.00"),
        "total_net": Decimal("70000000.00"),
        "held_at": "OFFICE",
    },
    "termination_case": {
        **SITI,
        "office_code": "3215",
        "effective_date": date(2026, 9, 24),
        "report_received_date": date(2026, 9, 28),
    },
    "pes_registration": {
        **SITI,
        "registration_no": "PK-2026-0001234",
        "registered_date": date(2026, 10, 5),
        "status": "ACTIVE",
    },
    "pes_activity": {"registration_no": "PK-2026-0001234", "activity_month": "2026-10", "applications": 5},
    "contribution": {
        "spell_record": "ab" * 32,
        "npp": "JJ012345",
        "contribution_month": "2026-08",
        "wage": Decimal("5000000.00"),
        "programmes": "JHT JKK JKM JKP JP",
        "state": "POSTED",
        "posted_date": date(2026, 9, 15),
        "paid_date": date(2026, 9, 12),
    },
    "benefit_payment": {
        "claim_record": "ab" * 32,
        "claim_number": "JKP-2026-0000123",
        "payment_number": "BM260900000001",
        "kind": "CASH",
        "month_number": 1,
        "benefit_month": "2026-09",
        "state": "PAID",
        "paid_date": date(2026, 9, 30),
        "amount": Decimal("3000000.00"),
    },
    "referral": {
        "referral_number": "RJK2026000001",
        "registration_no": "PK-2026-0001234",
        "kind": "WORK",
        "referred_date": date(2026, 10, 6),
        "outcome": "HIRED",
        "outcome_date": date(2026, 10, 12),
    },
    "training_attendance": {
        "training_number": "PLT2026000001",
        "registration_no": "PK-2026-0001234",
        "attendance_month": "2026-09",
        "attendance_percent": 85,
    },
    "disqualification_notice": {
        "notice_number": "PBT202600001",
        "registration_no": "PK-2026-0001234",
        "reason": "REFUSED_SUITABLE_WORK",
        "sent_date": date(2026, 10, 12),
        "answer_by_date": date(2026, 10, 19),
    },
    "dispute": {
        **SITI,
        "dispute_number": "567/0001/PPHI/2026",
        "kind": "TERMINATION",
        "stage": "MEDIATION",
        "recorded_date": date(2026, 10, 1),
        "mediation_date": date(2026, 10, 2),
        "result": "OPEN",
    },
    "settlement_agreement": {
        "dispute_record": "ab" * 32,
        "settlement_number": "12/PB/MJT/2026",
        "dispute_number": "567/0001/PPHI/2026",
        "settled_date": date(2026, 10, 9),
        "agreed_amount": Decimal("60000000.00"),
    },
    "claim": {**SITI, "claim_number": "JKP-2026-0000123", "filed_date": date(2026, 10, 8), "status": "FILED"},
}


def rows(entity: str, *differences: dict[str, Any], independent: bool = False) -> pl.DataFrame:
    """As many sound rows as there are differences, each with its own; record ids r0, r1 …"""
    contract = CONTRACTS[entity]
    values = [{**dict.fromkeys(contract.schema), **SOUND[entity], **difference} for difference in differences]
    places = [
        {
            "_row": number,
            "_name": "a.csv",
            "_record_id": f"r{number}",
            "_row_hash": f"h{number}",
            "_independent": independent,
        }
        for number in range(len(values))
    ]
    schema = {
        "_row": pl.Int64,
        "_name": pl.String,
        "_record_id": pl.String,
        "_row_hash": pl.String,
        **contract.schema,
        "_independent": pl.Boolean,
    }
    return pl.DataFrame(
        [{**place, **value} for place, value in zip(places, values, strict=True)], schema=schema
    )
