"""The frame of letters: one row a worker, in which every form of a letter ends and which the rules judge.

The names are those of the contract, `schemas/surat_phk/1.0/surat_phk.odcs.yaml`. Repeated elements are
lists; of several reasons the primary one is also by itself.
"""

from __future__ import annotations

import polars as pl

MONEY = pl.Decimal(17, 2)
_TEXT, _TEXTS, _DATE, _YES = pl.String(), pl.List(pl.String()), pl.Date(), pl.Boolean()
_COUNT, _TIMES = pl.Int64(), pl.Decimal(5, 2)

DOCUMENT: dict[str, pl.DataType] = {
    "schema_version": _TEXT,
    "letter_type": _TEXT,
    "letter_number": _TEXT,
    "letter_date": _DATE,
    "letter_place": _TEXT,
    "issue_zone": _TEXT,
    "supersedes_number": _TEXT,
    "supersedes_date": _DATE,
    "language": _TEXT,
    "stamp_present": _YES,
    "attachment_types": _TEXTS,
    "copy_offices": _TEXTS,
}
EMPLOYER: dict[str, pl.DataType] = {
    "employer_name": _TEXT,
    "legal_form": _TEXT,
    "npp": _TEXT,
    "npp_division": _TEXT,
    "bpjs_certificate_no": _TEXT,
    "nib": _TEXT,
    "npwp": _TEXT,
    "wlkp_code": _TEXT,
    "kbli_scheme": _TEXT,
    "kbli_code": _TEXT,
    "enterprise_size": _TEXT,
    "employer_address": _TEXT,
    "employer_region": _TEXT,
    "employer_postal_code": _TEXT,
    "workplace_region": _TEXT,
    "union_exists": _YES,
    "union_name": _TEXT,
    "signatory_name": _TEXT,
    "signatory_position": _TEXT,
    "contact_phone": _TEXT,
    "contact_email": _TEXT,
}
WORKER: dict[str, pl.DataType] = {
    "nik": _TEXT,
    "passport_no": _TEXT,
    "full_name": _TEXT,
    "kpj": _TEXT,
    "birth_date": _DATE,
    "birth_place": _TEXT,
    "sex": _TEXT,
    "mother_maiden_name": _TEXT,
    "citizenship": _TEXT,
    "address": _TEXT,
    "residence_region": _TEXT,
    "postal_code": _TEXT,
    "ktp_address": _TEXT,
    "ktp_region": _TEXT,
    "ktp_postal_code": _TEXT,
    "phone": _TEXT,
    "email": _TEXT,
    "education_level": _TEXT,
    "occupation_scheme": _TEXT,
    "occupation_code": _TEXT,
    "occupation_text": _TEXT,
    "disability": _TEXT,
}
EMPLOYMENT: dict[str, pl.DataType] = {
    "contract_type": _TEXT,
    "contract_number": _TEXT,
    "start_date": _DATE,
    "contract_end_date": _DATE,
    "service_years": _COUNT,
    "service_months": _COUNT,
    "last_position": _TEXT,
    "department": _TEXT,
    "last_wage_basic": MONEY,
    "fixed_allowance": MONEY,
    "variable_allowance": MONEY,
    "last_wage_reported_bpjs": MONEY,
    "wage_period": _TEXT,
    "last_working_date": _DATE,
}
TERMINATION: dict[str, pl.DataType] = {
    "reason_codes": _TEXTS,
    "reason_code": _TEXT,
    "reason_narrative": _TEXT,
    "reason_article": _TEXT,
    "initiated_by": _TEXT,
    "notice_delivered_date": _DATE,
    "notice_delivery_method": _TEXT,
    "effective_date": _DATE,
    "first_absence_date": _DATE,
    "resignation_request_date": _DATE,
    "worker_acknowledged_date": _DATE,
    "mass_layoff_id": _TEXT,
    "mass_layoff_count": _COUNT,
}
COMPENSATION: dict[str, pl.DataType] = {
    "severance_amount": MONEY,
    "severance_multiplier": _TIMES,
    "upmk_amount": MONEY,
    "upmk_multiplier": _TIMES,
    "uph_amount": MONEY,
    "separation_pay": MONEY,
    "pkwt_compensation": MONEY,
    "outstanding_wages": MONEY,
    "thr": MONEY,
    "other_amount": MONEY,
    "pension_offset": MONEY,
    "total_gross": MONEY,
    "tax_withheld": MONEY,
    "total_net": MONEY,
    "payment_date": _DATE,
    "payment_method": _TEXT,
    "agreed_below_minimum": _YES,
}
# Which file a worker stands in, and the worker's place in it, from 1.
PLACE: dict[str, pl.DataType] = {"file": _TEXT, "index": _COUNT}
SECTIONS = {
    "document": DOCUMENT,
    "employer": EMPLOYER,
    "worker": WORKER,
    "employment": EMPLOYMENT,
    "termination": TERMINATION,
    "compensation": COMPENSATION,
}
LETTERS: dict[str, pl.DataType] = (
    PLACE | DOCUMENT | EMPLOYER | WORKER | EMPLOYMENT | TERMINATION | COMPENSATION
)

# What is said of a letter, a line each, by form, contract or rules. `index` is null of a whole file.
VIOLATIONS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "index": pl.Int64(),
    "rule": pl.String(),
    "severity": pl.String(),
    "field": pl.String(),
    "message_id": pl.String(),
    "message_en": pl.String(),
    "article": pl.String(),
}
