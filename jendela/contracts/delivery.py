"""A delivery: which fields of which entity one recipient gets, in its own columns, words and formats."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.deliverables import Deliverable, deliverables
from jendela.contracts.entitlements import Entitlement, Entitlements, load_entitlements
from jendela.contracts.file_options import delivery_options, places
from jendela.contracts.quick_yaml import read_quickly
from jendela.contracts.rest_options import RestInboxOptions

ColumnName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]

# Columns of every inbox before the recipient's own: the item a row is about, and the night sequence that says
# which of two rows about the same item is the newer.
ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ITEM, SEQUENCE = "jdl_item", "jdl_seq"
RESERVED = frozenset({*ENVELOPE, ITEM, SEQUENCE, "ack_status", "ack_at", "ack_reason"})
AGREED_CODE = "agreed-code"  # the code itself, of a list that both sides use
FORMATS: Mapping[str, frozenset[str]] = {
    "date": frozenset({"iso", "dd-mm-yyyy", "dd/mm/yyyy", "d/m/yyyy", "yyyymmdd", "tanggal"}),
    "month": frozenset({"iso", "mm-yyyy", "yyyymm"}),
    "money": frozenset({"rupiah", "ribuan", "plain"}),
    "text": frozenset({"text", "upper"}),
    "int": frozenset({"text"}),
}
# All; of the region; letters that BPJS has and the recipient lacks; spells ended or of a job-seeker;
# persons that the recipient has a record of; months that are not paid; referrals
# that ended in work.
SCOPES = frozenset(
    {
        "all",
        "region",
        "lacking",
        "lacking_region",
        "job_seekers",
        "job_seekers_region",
        "known_persons",
        "arrears",
        "placed",
    }
)


class _FieldFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    source: str = Field(alias="from")
    form: str | None = Field(default=None, alias="as")
    codes: dict[str, str | None] | None = None
    max: Annotated[int, Field(ge=1)] | None = None


class _DeliveryFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    delivery: TableName
    entity: str
    recipient: str
    target: TableName
    scope: str = "all"
    purpose: str
    legal_basis: str
    own_keys: Annotated[list[str], Field(min_length=1)]
    options: dict[str, Any] = {}
    fields: dict[ColumnName, _FieldFile]


@dataclass(frozen=True)
class DeliveredField:
    """One column of the recipient: the field it is made from and how it is written.

    `codes` translates a coded value (None: delivered empty); `limit` is the most characters it takes;
    `only_if_copied` fields are filled only in a letter that is copied to the recipient.
    """

    column: str
    source: str
    form: str
    codes: Mapping[str, str | None] | None
    limit: int | None
    worked_out: bool
    only_if_copied: bool


@dataclass(frozen=True)
class DeliverySpec:
    """One delivery to one recipient. `own_keys` are the columns by which the recipient finds its own row.

    `options` say how a file is written, or how a REST inbox is asked; an SQL inbox has no use for them.
    """

    office: str
    delivery: str
    entity: str
    recipient: str
    target: str
    scope: str
    purpose: str
    legal_basis: str
    own_keys: tuple[str, ...]
    fields: tuple[DeliveredField, ...]
    options: Mapping[str, Any]
    entitlement: Entitlement
    version: str

    @property
    def key(self) -> str:
        """Its name among all deliveries: `dinas.3215.hi.letters`."""
        return f"{self.recipient}.{self.delivery}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The inbox columns after delivery_id, verb, night and recipient."""
        return (ITEM, SEQUENCE, *(field.column for field in self.fields))


def recipient_office(recipient: str) -> str:
    """The office that a recipient belongs to: `dinas.3215.hi` is a desk of `dinas_3215`."""
    agency, *rest = recipient.split(".")
    return f"{agency}_{rest[0]}" if agency == "dinas" and rest else agency


def load_deliveries(
    folder: Path,
    contracts: Mapping[str, Any],
    codes: Mapping[str, Any],
    further: Sequence[Path] = (),
    served: Container[str] | None = None,
) -> dict[str, list[DeliverySpec]]:
    """Every delivery in `folder/mappings/*/deliver_*.yaml` and in `further` such folders, by office.

    With `served`, only those of these offices are read.

    Raises:
        AgreementError: a file breaks a rule; the file, its line and the field or column are named.
    """
    entitlements = load_entitlements(folder, contracts, codes)
    loaded: dict[str, list[DeliverySpec]] = {}
    places = [folder / "mappings", *further]
    found = [path for place in places for path in place.glob("*/deliver_*.yaml")]
    found += [path for place in further for path in place.glob("deliver_*.yaml")]
    for path in sorted(found):
        if served is not None and path.parent.name not in served:
            continue
        root = path.parents[2]
        file = read_quickly(path, root)
        transport = _inbox_transport(path.with_name("office.yaml"), root)
        spec = _load(file, path.parent.name, transport, entitlements, contracts, codes)
        siblings = loaded.setdefault(spec.office, [])
        if any(other.key == spec.key for other in siblings):
            raise file.error(["delivery"], spec.delivery, f"is delivered twice to {spec.recipient}.")
        if any(other.target == spec.target for other in siblings):
            raise file.error(["target"], spec.target, "is the target of another delivery to this office.")
        siblings.append(spec)
    return loaded


def _load(
    file: AgreementFile,
    office: str,
    transport: str,
    entitlements: Entitlements,
    contracts: Mapping[str, Any],
    codes: Mapping[str, Any],
) -> DeliverySpec:
    raw = file.parse(_DeliveryFile)
    if recipient_office(raw.recipient) != office:
        raise file.error(["recipient"], raw.recipient, f"is not a desk of {office}, whose folder this is.")
    known = deliverables(raw.entity, contracts, codes)
    if known is None:
        raise file.error(["entity"], raw.entity, "is not something that the hub delivers.")
    if raw.scope not in SCOPES:
        raise file.error(["scope"], raw.scope, f"is not one of {', '.join(sorted(SCOPES))}.")
    entitlement = entitlements.of(raw.recipient, raw.entity)
    if entitlement is None:
        raise file.error(["recipient"], raw.recipient, f"has no entitlement to {raw.entity}.")
    for key in ("purpose", "legal_basis"):
        if getattr(raw, key) != getattr(entitlement, key):
            raise file.error([key], key, "differs from the entitlement's: an entitlement is for one purpose.")
    for key in raw.own_keys:
        if key not in raw.fields:
            raise file.error(["own_keys"], key, "is a key of the recipient but no column of this delivery.")
    options = _options(file, raw, transport)
    fields = tuple(_field(file, column, field, known, entitlement) for column, field in raw.fields.items())
    _check_widths(file, fields, places(options))
    used = hashlib.sha256(repr((fields, raw.entity, raw.scope, raw.own_keys)).encode()).hexdigest()
    return DeliverySpec(
        office=office,
        delivery=raw.delivery,
        entity=raw.entity,
        recipient=raw.recipient,
        target=raw.target,
        scope=raw.scope,
        purpose=raw.purpose,
        legal_basis=raw.legal_basis,
        own_keys=tuple(raw.own_keys),
        fields=fields,
        options=options,
        entitlement=entitlement,
        version=used,
    )


def _inbox_transport(path: Path, root: Path) -> str:
    """The transport of an office's inbox; files where its own file does not say, which its loading judges."""
    said = read_quickly(path, root).data if path.is_file() else None
    inbox = said.get("inbox") if isinstance(said, dict) else None
    return str(inbox.get("transport", "files")) if isinstance(inbox, dict) else "files"


def _options(file: AgreementFile, raw: _DeliveryFile, transport: str) -> Mapping[str, Any]:
    if transport == "rest":
        found = file.parse_at(["options"], RestInboxOptions) if raw.options else RestInboxOptions()
        return found.model_dump(exclude_none=True)
    return delivery_options(file, raw.options, [*ENVELOPE, ITEM, SEQUENCE, *raw.fields])


def _field(
    file: AgreementFile,
    column: str,
    raw: _FieldFile,
    known: Mapping[str, Deliverable],
    entitlement: Entitlement,
) -> DeliveredField:
    place = ["fields", column]
    if column.lower() in RESERVED:
        raise file.error(place, column, "is a column that every inbox has already.")
    source = known.get(raw.source)
    if source is None:
        raise file.error([*place, "from"], raw.source, f"is not a field of {entitlement.entity}.")
    if raw.source not in entitlement.visible:
        problem = f"is not granted to {entitlement.recipient} in mappings/entitlements.yaml."
        raise file.error([*place, "from"], raw.source, problem)
    return DeliveredField(
        column=column,
        source=raw.source,
        form=_form(file, place, column, raw, source),
        codes=_translation(file, place, column, raw, source),
        limit=raw.max,
        worked_out=source.worked_out,
        only_if_copied=raw.source in entitlement.if_copied,
    )


def _check_widths(file: AgreementFile, fields: Iterable[DeliveredField], sizes: Mapping[str, int]) -> None:
    # What is longer than its place would be cut, or stop the delivery in the night.
    for field in fields:
        if (size := sizes.get(field.column)) is None:
            continue
        longest = max((len(code) for code in (field.codes or {}).values() if code), default=field.limit or 0)
        if longest > size:
            raise file.error(["fields", field.column], field.column, f"does not fit its {size} places.")
        if field.form in ("text", "upper") and field.codes is None and field.limit is None:
            problem = f"is text of any length: give it a `max` of at most its {size} places."
            raise file.error(["fields", field.column], field.column, problem)


def _form(file: AgreementFile, place: Place, column: str, raw: _FieldFile, source: Deliverable) -> str:
    if source.codes is not None or source.type == "code":
        allowed = {AGREED_CODE, "dotted"} if source.region else {AGREED_CODE}
        if raw.codes is None and raw.form not in allowed:
            problem = f"{source.name} is coded: translate every code, or say `as: {AGREED_CODE}`."
            raise file.error(place, column, problem)
        return raw.form or AGREED_CODE
    form = raw.form or "text"
    allowed = set(FORMATS[source.type])
    if form not in allowed:
        problem = f"{form} cannot write a {source.type}; use one of {', '.join(sorted(allowed))}."
        raise file.error([*place, "as"], column, problem)
    return form


def _translation(
    file: AgreementFile, place: Place, column: str, raw: _FieldFile, source: Deliverable
) -> Mapping[str, str | None] | None:
    if raw.codes is None:
        return None
    if source.codes is None:
        raise file.error([*place, "codes"], column, f"{source.name} is not coded: it needs no translation.")
    if raw.form is not None:
        raise file.error([*place, "as"], column, "a translated code has no format of its own.")
    if missing := sorted(source.codes - set(raw.codes)):
        problem = f"does not translate {', '.join(missing)} of {source.name}."
        raise file.error([*place, "codes"], column, problem)
    if unknown := sorted(set(raw.codes) - source.codes):
        problem = f"translates {', '.join(unknown)}, which {source.name} does not have."
        raise file.error([*place, "codes"], column, problem)
    return dict(raw.codes)
