"""Letters as JSON text: read exactly (money is decimal, a name stands once), written exactly, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any, NoReturn

from jendela.letters.agreement.contract import Contract
from jendela.letters.agreement.json_schema import json_schema
from jendela.letters.agreement.versions import contract_of
from jendela.letters.agreement.xml_form import FormError, collapse

# A decimal on its way through a writer that knows only floats. NUL cannot stand in a letter.
_DECIMAL = re.compile(r'"\\u0000(-?[0-9.]+)"')
# The blocks of the one worker in the short form.
ONE = ("worker", "employment", "termination", "compensation")


@dataclass(frozen=True)
class Fault:
    """Where a letter breaks the schema (`workers[0].worker.nik`) and by which keyword; never the value."""

    path: str
    keyword: str


def read_json(content: bytes) -> dict[str, Any]:
    """The letter in UTF-8 JSON: texts with one blank between words, numbers with a point as `Decimal`.

    A letter about one worker may have `worker`, `employment`, `termination` and `compensation` beside
    `employer` instead of in `workers`.

    Raises:
        FormError: not UTF-8, not JSON, not an object, a name given twice, or a number that is none.
    """
    try:
        data = json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise FormError("", "is not UTF-8 text.") from None
    except RecursionError:
        raise FormError("", "is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise FormError("", f"is not JSON: line {error.lineno}, column {error.colno}.") from None
    except FormError:
        raise
    except ValueError:
        raise FormError("", "has a number with too many digits.") from None
    if not isinstance(data, dict):
        raise FormError("", "is not an object.")
    return _several(collapsed(data))


def write_json(document: Mapping[str, Any]) -> bytes:
    """The letter as UTF-8 JSON, indented, in the order of its data; `read_json` gives the same data back."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_decimal)
    return _DECIMAL.sub(r"\1", text).encode("utf-8") + b"\n"


def check(document: Mapping[str, Any], edition: Contract | None = None) -> list[Fault]:
    """Where the letter breaks its JSON Schema, or gives two workers one number; empty if it is as agreed.

    Without `edition` it is the one that the document's `schema_version` names (`UnknownEdition` if none).
    """
    agreed = edition if edition is not None else contract_of(document.get("schema_version"))
    found = [_fault(error) for error in _validator(agreed).iter_errors(_exact(document))]
    return found or list(_twice(agreed, document))


def _twice(agreed: Contract, document: Mapping[str, Any]) -> Iterator[Fault]:
    """A schema cannot say that the items of a list differ in one of their fields."""
    for many in agreed.letter.fields:
        for key in (field.name for field in many.fields if field.unique):
            seen: set[Any] = set()
            for number, item in enumerate(document[many.name]):
                if item[key] in seen:
                    yield Fault(f"{many.name}[{number}].{key}", "unique")
                seen.add(item[key])


def collapsed(data: Any) -> Any:
    """The same data, with one blank between the words of every text, as XML reads it."""
    if isinstance(data, str):
        return collapse(data)
    if isinstance(data, dict):
        return {key: collapsed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [collapsed(value) for value in data]
    return data


def _exact(data: Any) -> Any:
    """The same data with its floats as the decimals they are written as; what is no number is nothing."""
    if isinstance(data, float):
        return Decimal(repr(data)) if isfinite(data) else None
    if isinstance(data, Mapping):
        return {key: _exact(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_exact(value) for value in data]
    return data


def _several(data: dict[str, Any]) -> dict[str, Any]:
    if "workers" in data or "worker" not in data:
        return data
    one = {"sequence": 1, **{key: data[key] for key in ONE if key in data}}
    made: dict[str, Any] = {}
    for key, value in data.items():
        if key == "worker":
            made["workers"] = [one]
        elif key not in ONE:
            made[key] = value
    return made


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormError("", "has a name twice in one object.")
    return found


def _no_number(_: str) -> NoReturn:
    raise FormError("", "has a number that is none (NaN or Infinity).")


def _decimal(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"\0{value:f}"
    raise TypeError("A letter holds texts, numbers, true and false, lists and objects.")


@lru_cache(maxsize=8)
def _validator(agreed: Contract) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json_schema(agreed), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _fault(error: Any) -> Fault:
    """The deepest place that the agreement names: names it does not have are the sender's, and not said."""
    if error.validator == "anyOf":  # of the two ways to be right, the one that was meant
        whole = isinstance(error.instance, Mapping)
        meant = [one for one in error.context if not whole or one.schema_path[0] == 1]
        error = max(meant, key=lambda one: (len(one.absolute_path), one.validator != "type"))
    path = ""
    for step in error.absolute_path:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return Fault(path.lstrip("."), str(error.validator))
