"""What must hold for a feed before one row of it is read: contract, mapping, dictionary and codes agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from jendela.contracts.agreement_file import AgreementFile, Place
from jendela.contracts.dictionary import Dictionary
from jendela.contracts.feed_references import REACHING, check_reaching
from jendela.contracts.file_options import check_feed as check_files
from jendela.contracts.mapping import ConditionFile, FeedFile, FieldFile, MapFile
from jendela.contracts.rest_options import check_feed as check_rest
from jendela.contracts.transforms import TRANSFORMS

# What the hub itself says of a letter when it lands: no dictionary has them.
LANDED_COLUMNS = ("document_sha256", "signature_status", "dropped_date")
GIVES = {"text": "text", "code": "text", "date": "date", "month": "month", "money": "money", "int": "int"}

Origins = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Agreed:
    """What a feed's file is judged by. `contracts` and `codes` are those of `jendela.contracts`."""

    transport: str
    contracts: Mapping[str, Any]
    codes: Mapping[str, Any]
    dictionary: Dictionary


def check(file: AgreementFile, raw: FeedFile, agreed: Agreed) -> Origins:
    """The dictionary columns behind each source column, if everything agrees.

    Raises:
        AgreementError: something does not; file, line and field are named.
    """
    _check_source(file, raw, agreed.transport)
    origins = _origins(file, raw, agreed)
    _check_keys(file, raw, origins, agreed.dictionary)
    for entity, made in raw.maps.items():
        if entity not in agreed.contracts:
            known = ", ".join(sorted(agreed.contracts))
            raise file.error(["maps", entity], entity, f"is not an entity; there are {known}.")
        _check_entity(file, entity, made, origins, agreed)
    _check_used(file, raw, origins)
    return origins


def _check_source(file: AgreementFile, raw: FeedFile, transport: str) -> None:
    wanted, other = ("query", "path") if transport == "sql" else ("path", "query")
    if getattr(raw, wanted) is None:
        raise file.error([], wanted, f"is missing: a feed of transport {transport} needs it.")
    if getattr(raw, other) is not None:
        raise file.error([other], other, f"has no meaning for transport {transport}: remove it.")
    if raw.mode in ("delta", "append") and raw.watermark is None:
        raise file.error(["mode"], "watermark", f"is missing: a feed in mode {raw.mode} needs one.")
    if raw.mode in ("snapshot", "drop") and raw.watermark is not None:
        raise file.error(["watermark"], "watermark", f"has no meaning in mode {raw.mode}: remove it.")
    if transport == "rest":
        check_rest(file, raw)
    if transport in ("files", "letters"):
        check_files(file, raw, transport)


def _origins(file: AgreementFile, raw: FeedFile, agreed: Agreed) -> Origins:
    """Each source column with the dictionary columns it is made of."""
    dictionary = agreed.dictionary
    table = dictionary.table_of(raw.feed.split(".")[1])
    named: dict[str, list[str]] = {}
    if isinstance(raw.columns, list):
        for position, column in enumerate(raw.columns):
            if column in named:
                raise file.error(["columns", position], column, "is named twice in columns.")
            named[column] = [f"{table}.{column}"]
    else:
        named = {c: [origin] if isinstance(origin, str) else origin for c, origin in raw.columns.items()}
    letters = agreed.transport == "letters" or (agreed.transport == "rest" and raw.mode == "drop")
    origins: Origins = {}
    for position, (column, sources) in enumerate(named.items()):
        if letters and column in LANDED_COLUMNS:
            origins[column] = ()
            continue
        place: Place = ["columns", position if isinstance(raw.columns, list) else column]
        found = {f"{t}.{c}": (t, c) for t, c in dictionary.columns}
        for source in sources:
            if source not in found:
                raise file.error(place, column, f"{source} is not in {dictionary.name}.")
        origins[column] = tuple(found[source] for source in sources)
    return origins


def _check_keys(file: AgreementFile, raw: FeedFile, origins: Origins, dictionary: Dictionary) -> None:
    if not raw.key:
        raise file.error(["key"], "key", "is missing: name the columns that identify a row.")
    for position, column in enumerate(raw.key):
        if column not in origins:
            raise file.error(["key", position], column, "is a key column but not in columns.")
    if raw.watermark is None:
        return
    if raw.watermark not in origins:
        raise file.error(["watermark"], raw.watermark, "is the watermark but not in columns.")
    for origin in origins[raw.watermark]:
        if dictionary.columns[origin].is_text:
            where = f"{origin[0]}.{origin[1]} is {dictionary.columns[origin].type}"
            raise file.error(
                ["watermark"],
                raw.watermark,
                f"cannot be a watermark: {where}, and text does not sort by time.",
            )


def _check_entity(file: AgreementFile, entity: str, made: MapFile, origins: Origins, agreed: Agreed) -> None:
    fields = {field.name: field for field in agreed.contracts[entity].fields}
    for section in ("fields", "absent"):
        for name in getattr(made, section):
            if name not in fields:
                raise file.error(
                    ["maps", entity, section, name], name, f"is not in the contract of {entity}."
                )
    for name, reason in made.absent.items():
        place = ["maps", entity, "absent", name]
        if name in made.fields:
            raise file.error(place, name, "is both mapped and absent.")
        if fields[name].required:
            raise file.error(place, name, f"is required by the contract of {entity}: it cannot be absent.")
        if not reason.strip():
            raise file.error(place, name, "is absent without a reason: say why there is no source.")
    for name in fields:
        if name not in made.fields and name not in made.absent:
            raise file.error(
                ["maps", entity, "fields"], name, "is neither mapped nor under absent with a reason."
            )
    for key in ("where", "independent_when"):
        if (condition := getattr(made, key)) is not None:
            _check_condition(file, ["maps", entity, key], condition, origins, agreed.dictionary)
    for name, field in made.fields.items():
        _check_field(file, ["maps", entity, "fields", name], field, fields[name], origins, agreed)


def _check_condition(
    file: AgreementFile, place: Place, condition: ConditionFile, origins: Origins, dictionary: Dictionary
) -> None:
    _check_column(file, [*place, "column"], condition.column, origins)
    given = [key for key in ("among", "not_among", "present") if getattr(condition, key) not in (None, False)]
    if len(given) != 1:
        raise file.error(place, str(place[-1]), "needs exactly one of in, not_in and present: true.")
    known = _codes_of(condition.column, origins, dictionary)
    for code in (condition.among or []) + (condition.not_among or []):
        if known and code not in known:
            raise file.error(place, condition.column, f"{code!r} is not a code of this column.")


def _check_field(
    file: AgreementFile, place: Place, field: FieldFile, contract: Any, origins: Origins, agreed: Agreed
) -> None:
    name = str(place[-1])
    makers = [key for key in ("source", "value", "flags", *REACHING) if getattr(field, key) not in (None, [])]
    if len(makers) != 1:
        raise file.error(place, name, "needs exactly one of from, value, flags, refers, keyed and alike.")
    if field.when is not None:
        _check_condition(file, [*place, "when"], field.when, origins, agreed.dictionary)
    canonical = _canonical(file, place, name, contract, agreed.codes)
    if makers[0] in REACHING or contract.refers_to:
        check_reaching(file, place, field, contract)
        for column in (*field.key, *field.alike):
            _check_column(file, place, column, origins)
        return
    if field.value is not None:
        if canonical is not None and field.value not in canonical:
            raise file.error(place, name, f"{field.value!r} is not in the code list {contract.codes}.")
        if field.via or field.codes or GIVES[contract.type] != "text":
            raise file.error(place, name, "a constant is text, without via and codes.")
        return
    if field.flags is not None:
        if field.yes is None or field.no is None or field.via or field.codes:
            raise file.error(place, name, "flags need yes and no, and neither via nor codes.")
        for column in field.flags:
            _check_column(file, [*place, "flags"], column, origins)
            for code in _codes_of(column, origins, agreed.dictionary):
                if code not in (field.yes, field.no):
                    raise file.error([*place, "flags"], name, f"{column} may also hold {code!r}.")
        return
    source = str(field.source)
    _check_column(file, [*place, "from"], source, origins)
    gives = _check_via(file, place, field)
    if gives != GIVES[contract.type]:
        raise file.error(place, name, f"is {contract.type} in the contract, but this mapping gives {gives}.")
    _check_codes(file, place, field, _codes_of(source, origins, agreed.dictionary), canonical, contract)


def _check_via(file: AgreementFile, place: Place, field: FieldFile) -> str:
    """What the chain of transforms gives."""
    gives = "text"
    for position, step in enumerate(field.via):
        if step not in TRANSFORMS:
            raise file.error(
                [*place, "via", position], str(place[-1]), f"there is no transform {step!r} to go via."
            )
        if gives != "text":
            raise file.error([*place, "via", position], str(place[-1]), f"{step} must come before {gives}.")
        gives = TRANSFORMS[step].gives
    return gives


def _check_codes(
    file: AgreementFile,
    place: Place,
    field: FieldFile,
    known: Collection[str],
    canonical: Collection[str] | None,
    contract: Any,
) -> None:
    name = str(place[-1])
    if field.codes is None:
        if canonical is None:
            return
        for code in known:
            if code not in canonical:
                raise file.error(
                    place, name, f"code {code!r} of {field.source} is not translated to {contract.codes}."
                )
        return
    if canonical is None:
        raise file.error([*place, "codes"], name, "has no code list in the contract: remove codes.")
    for code in known:
        if code not in field.codes:
            raise file.error([*place, "codes"], name, f"code {code!r} of {field.source} is not translated.")
    for code, target in field.codes.items():
        if known and code not in known:
            raise file.error([*place, "codes", code], name, f"{code!r} is not a code of {field.source}.")
        if target not in canonical:
            raise file.error(
                [*place, "codes", code], name, f"{target!r} is not in the code list {contract.codes}."
            )


def _canonical(
    file: AgreementFile, place: Place, name: str, contract: Any, codes: Mapping[str, Any]
) -> Collection[str] | None:
    """The canonical codes of a contract field; None where it is not coded."""
    if not contract.codes:
        return None
    if contract.codes not in codes:
        raise file.error(place, name, f"the contract names the code list {contract.codes}, which is missing.")
    found: Collection[str] = codes[contract.codes].codes
    return found


def _codes_of(column: str, origins: Origins, dictionary: Dictionary) -> list[str]:
    return [code for origin in origins.get(column, ()) for code in dictionary.columns[origin].codes]


def _check_column(file: AgreementFile, place: Place, column: str, origins: Origins) -> None:
    if column not in origins:
        raise file.error(place, column, "is used by this mapping but not in columns.")


def _check_used(file: AgreementFile, raw: FeedFile, origins: Origins) -> None:
    """Nothing is asked of an agency that no mapping uses (UU 27/2022 Pasal 27: limited to the purpose)."""
    used = {*raw.key, raw.watermark}
    for made in raw.maps.values():
        conditions = [made.where, made.independent_when, *(field.when for field in made.fields.values())]
        used |= {condition.column for condition in conditions if condition is not None}
        for field in made.fields.values():
            used |= {field.source, *(field.flags or {}), *field.key, *field.alike}
    for position, column in enumerate(origins):
        if column not in used:
            place: Place = ["columns", position if isinstance(raw.columns, list) else column]
            raise file.error(place, column, "is asked for but no mapping uses it: leave it with the agency.")
