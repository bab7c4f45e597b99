"""Letters drawn from a contract, valid ones and ones spoilt in one place; and agreements to change."""

from __future__ import annotations

import copy
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from jendela.letters.agreement import Contract, Field
from jendela.letters.agreement.json_form import collapsed
from jendela.letters.agreement.json_schema import CASE, abbreviated

ROOT = Path(__file__).parents[3]
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
ODD = [
    "", " ", "x", "x" * 61, "a  b", " WIB ", "R999", "2026-02-30", "2026-2-3", "0000-01-01", "20260203",
    "2026-02-03Z", "٣٢١٥", "32.15", "\x01", "\u00a0", "3215\n", "12345678901234567", "surat-phk/9.0", "true",
    0, 1, -1, 12, 11, 10**15, 10**18, 999_999_999_999_999, Decimal("0.29"), Decimal("1.005"),
    Decimal("10.01"), Decimal("999999999999.99"), 0.5, 1.0, True, False, None, [], ["R432"], [{}], {},
    {"code": "R432"}, {"code": "R432", "primary": False}, {"x": 1},
]  # fmt: skip


@st.composite
def valid(draw: Any, contract: Contract) -> dict[str, Any]:
    """A letter that the contract accepts, with any of its optional parts."""
    letter = draw(_object(contract, contract.letter.fields))
    for number, worker in enumerate(letter["workers"], start=1):
        worker["sequence"] = number
    if draw(st.booleans()):
        letter[CASE] = draw(_object(contract, contract.case.fields))
    return letter


@st.composite
def spoilt(draw: Any, contract: Contract) -> dict[str, Any]:
    """A valid letter in which one value was taken away, replaced, or put where none belongs."""
    letter = copy.deepcopy(draw(valid(contract)))
    places = list(_places(letter))
    holder, key = draw(st.sampled_from(places))
    deed = draw(st.sampled_from(["remove", "replace", "replace", "add", "repeat"]))
    if deed == "remove":
        del holder[key]
    elif deed == "replace":
        holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
    elif deed == "add" and isinstance(holder, dict):
        holder["not_agreed"] = 1
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    made: dict[str, Any] = collapsed(letter)
    return made


def _places(data: Any) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


@st.composite
def _object(draw: Any, contract: Contract, fields: tuple[Field, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields:
        if field.inline:
            made |= draw(_object(contract, field.fields))
        elif field.required or draw(st.integers(0, 2)) == 0:
            made[field.name] = draw(_value(contract, field))
    return made


def _value(contract: Contract, field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "object":
        return _object(contract, field.fields)
    if field.kind == "list":
        item: st.SearchStrategy[Any] = _object(contract, field.fields)
        if short := abbreviated(field):
            item = item.map(lambda whole: whole[short] if set(whole) == {short} else whole)
        return st.lists(item, min_size=1, max_size=2)
    if field.fixed is not None:
        return st.just(field.fixed)
    if field.codes and field.enumerated:
        return st.sampled_from(sorted(contract.codes[field.codes].codes))
    if field.pattern is not None:
        return st.from_regex(field.pattern.replace("\\", "\\"), fullmatch=True)
    if field.kind in ("money", "times"):
        sen = st.decimals(field.minimum, field.maximum, places=2).map(
            lambda n: int(n) if n == int(n) else n.normalize()
        )
        return st.integers(field.minimum or 0, field.maximum) | sen
    if field.kind == "count":
        return st.integers(field.minimum, field.maximum)
    if field.kind == "date":
        return st.dates().map(str)
    if field.kind == "yes":
        return st.booleans()
    text = WORDS.map(collapsed).filter(bool)
    return text.filter(lambda one: len(one) <= (field.max_length or 0))


def copy_agreements(folder: Path) -> None:
    """What a contract of the letter is read from, without the seven thousand districts."""
    for name in ("codes", "surat_phk"):
        shutil.copytree(ROOT / "schemas" / name, folder / "schemas" / name)
    districts = folder / "schemas/codes/region_district.csv"
    districts.write_text(
        "".join(districts.read_text(encoding="utf-8").splitlines(keepends=True)[:9]), encoding="utf-8"
    )
    shutil.copy(ROOT / "schemas/messages.csv", folder / "schemas/messages.csv")
