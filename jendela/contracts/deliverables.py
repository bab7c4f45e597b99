"""What the hub can deliver: the fields of the contracts and those that it works out, with their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jendela.contracts.odcs import PERSON_BLOCK


@dataclass(frozen=True)
class Deliverable:
    """One field that may be delivered: `type` as in the contracts, `codes` its values if it is coded.

    `worked_out` fields are the hub's own findings: no agency reports them, so they never come back as echo.
    """

    name: str
    type: str
    codes: frozenset[str] | None = None
    worked_out: bool = False
    region: bool = False


def _found(name: str, kind: str, *codes: str) -> Deliverable:
    return Deliverable(name, kind, frozenset(codes) or None, worked_out=True)


RECEIPT = (_found("report_receipt_no", "text"), _found("report_receipt_date", "date"))
JOB_SEEKER = (_found("pes_registration_no", "text"), _found("pes_ak1_number", "text"))
EMPLOYER = (_found("wlkp_code", "text"),)
VERIFICATION = _found(
    "verification",
    "code",
    "VERIFIED",
    "DIFFERS",
    "NOT_HELD_BY_BPJS",
    "UNKNOWN_TO_OFFICE",
    "OFFICE_SILENT",
    "OFFICE_NOT_CONNECTED",
    "NOT_REQUIRED_BY_HI",
)
LETTER_STATE = _found(
    "letter_state",
    "code",
    "NOT_REQUIRED_BY_HI",
    "RECEIVED",
    "NOT_SENT",
    "OFFICE_SILENT",
    "OFFICE_NOT_CONNECTED",
    "CAUSE_UNCLEAR",
)
HOLDER = _found("holder_office", "text")

# What each kind of delivery carries beside its contract's fields.
WORKED_OUT: Mapping[str, tuple[Deliverable, ...]] = MappingProxyType(
    {
        "employment": (*RECEIPT, *JOB_SEEKER),
        "termination_letter": (*RECEIPT, VERIFICATION, HOLDER, _found("differing_fields", "text")),
        "claim": (*RECEIPT, *JOB_SEEKER, *EMPLOYER),
        "pes_registration": (),
        "pes_activity": (),
        "contribution": (*EMPLOYER, _found("employer_name", "text"), _found("workplace_region", "text")),
        "benefit_payment": JOB_SEEKER,
        "disqualification_notice": JOB_SEEKER,
        "referral": (),
        "training_attendance": (),
        "dispute": (),
        "settlement_agreement": (_found("npp", "text"),),
        "letter_status": (
            *RECEIPT,
            LETTER_STATE,
            HOLDER,
            _found("letter_number", "text"),
            _found("obligation_state", "code", "OPEN", "OVERDUE", "MET", "LAPSED"),
            _found("obligation_opened", "date"),
            _found("obligation_due", "date"),
            _found("obligation_age_days", "int"),
        ),
        "letter_return": (
            _found("return_kind", "code", "HELD", "CORRECT"),
            _found("source_name", "text"),
            _found("source_line", "int"),
            _found("source_key", "text"),
            _found("letter_date_written", "text"),
            _found("rules", "text"),
            _found("rule_count", "int"),
            _found("text_id", "text"),
            _found("text_en", "text"),
            _found("legal_source", "text"),
            _found("returned_date", "date"),
            _found("mend_by_date", "date"),
        ),
    }
)
# The contract whose fields a delivery's items start from.
CONTRACT_OF: Mapping[str, str] = MappingProxyType(
    {name: name for name in WORKED_OUT}
    | {"letter_status": "employment", "letter_return": "termination_letter"}
)


def deliverables(
    entity: str, contracts: Mapping[str, Any], codes: Mapping[str, Any]
) -> dict[str, Deliverable] | None:
    """The fields that a delivery of `entity` may carry, by name; None if there is no such delivery."""
    if entity not in WORKED_OUT:
        return None
    fields = {item.name: item for item in _of_contract(contracts[CONTRACT_OF[entity]], codes)}
    referred = [field.refers_to for field in contracts[CONTRACT_OF[entity]].fields if field.refers_to]
    if referred:  # its person is that of the record it refers to
        person = {item.name: item for item in _of_contract(contracts[referred[0]], codes)}
        fields |= {name: person[name] for name in PERSON_BLOCK}
    return {**{item.name: item for item in WORKED_OUT[entity]}, **fields}


def _of_contract(contract: Any, codes: Mapping[str, Any]) -> list[Deliverable]:
    return [
        Deliverable(
            field.name,
            field.type,
            frozenset(codes[field.codes].codes) if field.codes else None,
            region=field.codes == "region",
        )
        for field in contract.fields
    ]
