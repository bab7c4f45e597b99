"""The closed dictionary of rules that a contract may name: each says of every row whether it holds.

Pure polars: true where the rule holds, false where it is broken, null where it cannot be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from jendela.contracts.luhn import luhn
from jendela.model.identifiers import FEMALE_DAY_OFFSET, NIK_FORM

Params = Mapping[str, Any]
MADE = "#"  # in the name of a column that `made_once` makes
EARLIEST_BIRTH = date(1900, 1, 1)
DECEASED = (
    r"(?i)(?:^|[\s(,])(?:alm|almh|almarhum|almarhumah)(?:[\s.,)]|$)"  # put beside the names of the dead
)
# What stands where nobody wrote a name; `Na` alone is a name, and `-` has no letter.
UNSAID = r"(?i)^[\s\p{P}\p{S}]*(?:N/A|NULL|NIHIL|TIDAK ADA|KOSONG|TANPA NAMA)[\s\p{P}\p{S}]*$"


@dataclass(frozen=True)
class Situation:
    """What a rule may know besides the row: the night, and the region codes of every vintage."""

    night: date
    regions: frozenset[str]


@dataclass(frozen=True)
class RuleKind:
    """One rule of the dictionary: the type of `field` it judges, its further parameters, its expression.

    `fields` are parameters that name one more field, with its type (`same`: that of `field`). `of_value`: it
    asks of a value that is there, and of nothing else, so that what repeats itself is judged once.
    `of_number`: it takes the parameter `made`, see `made_once`.
    """

    build: Callable[[Params, Situation], pl.Expr]
    judges: tuple[str, ...] = ()
    fields: Mapping[str, str] | None = None
    options: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    of_value: bool = False
    of_number: bool = False


def _present(name: str) -> pl.Expr:
    return pl.col(name).is_not_null()


def _holds(conditions: Mapping[str, list[str]]) -> pl.Expr:
    """True where every named field has one of its values; an empty field has none of them."""
    return pl.all_horizontal(
        pl.lit(True),
        *(pl.col(name).is_in(list(values)).fill_null(False) for name, values in conditions.items()),
    )


def _any_of(p: Params, _: Situation) -> pl.Expr:
    return pl.any_horizontal(*(_present(name) for name in (p["field"], *p["others"])))


def _order(p: Params, _: Situation) -> pl.Expr:
    ordered = pl.col(p["after"]) <= pl.col(p["field"])
    return pl.when(_holds(p["when"])).then(ordered) if "when" in p else ordered


def _not_after_night(p: Params, situation: Situation) -> pl.Expr:
    return pl.col(p["field"]) <= situation.night + timedelta(days=int(p["grace_days"]))


def _within_days(p: Params, _: Situation) -> pl.Expr:
    return (pl.col(p["field"]) - pl.col(p["of"])).dt.total_days().abs() <= int(p["days"])


def _birth_possible(p: Params, situation: Situation) -> pl.Expr:
    return pl.col(p["field"]).is_between(EARLIEST_BIRTH, situation.night)


def _npwp_check_digit(p: Params, _: Situation) -> pl.Expr:
    """Luhn over the nine digits of the legal entity; a resident's NIK in its place has no check digit."""
    number = pl.col(p["field"])
    entity = pl.when(number.str.len_chars() == 15).then(number).otherwise(number.str.slice(1))
    company = number.str.contains("^(?:[0-9]{15}|0[0-9]{15})$")
    return pl.when(company).then(luhn(entity.str.slice(0, 9), 9))


def _once(p: Params, what: str, made: pl.Expr) -> pl.Expr:
    """What several rules ask of a NIK: of a column that is there already where `p` says so, else made here.

    Polars finds out once what expressions have in common, but not what their common parts have.
    """
    return pl.col(f"{p['field']}{MADE}{what}") if p.get("made") else made


def made_once(field: str) -> list[list[pl.Expr]]:
    """The columns that rules `of_number` of a field ask for when `made` is true, stage by stage."""
    p: Params = {"field": field, "made": True}
    stages = [
        {"number": _number(p)},
        {str(start): _part(p, start) for start in (6, 8, 10)},
        {"sound": _sound(p), "dated": _dated(p)},
    ]
    return [[made.alias(f"{field}{MADE}{what}") for what, made in stage.items()] for stage in stages]


def _plausible(p: Params, rule: pl.Expr) -> pl.Expr:
    """Only a well-formed number can be suspicious."""
    return pl.when(_once(p, "sound", _sound(p))).then(rule)


def _sound(p: Params) -> pl.Expr:
    return pl.col(p["field"]).str.contains(NIK_FORM) & ~_nik_is_placeholder(p)


def _nik_number(p: Params) -> pl.Expr:
    """Sixteen digits as a number: its parts are then found by dividing, not by cutting and reading each."""
    return _once(p, "number", _number(p))


def _number(p: Params) -> pl.Expr:
    return pl.col(p["field"]).cast(pl.Int64, strict=False)


def _nik_is_placeholder(p: Params) -> pl.Expr:
    """What `NIK_PLACEHOLDER` says, of sixteen digits: 0000…, …00000000, 1234567890123456, one digit alone."""
    number = _nik_number(p)
    return (
        (number < 10**12)
        | (number % 10**8 == 0)
        | (number == 1_234_567_890_123_456)
        | (number % 1_111_111_111_111_111 == 0)
    )


def _nik_part(p: Params, start: int) -> pl.Expr:
    return _once(p, str(start), _part(p, start))


def _part(p: Params, start: int) -> pl.Expr:
    scale: int = 10 ** (14 - start)
    return _nik_number(p) // scale % 100


def _nik_day(p: Params) -> pl.Expr:
    day = _nik_part(p, 6)
    return pl.when(day > FEMALE_DAY_OFFSET).then(day - FEMALE_DAY_OFFSET).otherwise(day)


def _nik_is_dated(p: Params) -> pl.Expr:
    return _once(p, "dated", _dated(p))


def _dated(p: Params) -> pl.Expr:
    """A calendar date in 19YY or 20YY: a leap day needs a year divisible by four in either."""
    month, year = _nik_part(p, 8), _nik_part(p, 10)
    short, leap = pl.lit(28, pl.Int64), (year % 4 == 0).cast(pl.Int64)
    longest = (
        pl.when(month.is_in([4, 6, 9, 11])).then(pl.lit(30, pl.Int64)).when(month == 2).then(short + leap)
    ).otherwise(pl.lit(31, pl.Int64))
    return month.is_between(1, 12) & _nik_day(p).is_between(1, longest)


def _nik_sex(p: Params, _: Situation) -> pl.Expr:
    encoded = pl.when(_nik_part(p, 6) > FEMALE_DAY_OFFSET).then(pl.lit("P")).otherwise(pl.lit("L"))
    return _plausible(p, encoded == pl.col(p["sex"]))


def _nik_birth_date(p: Params, _: Situation) -> pl.Expr:
    born = pl.col(p["birth_date"])
    same = (
        (_nik_day(p) == born.dt.day())
        & (_nik_part(p, 8) == born.dt.month())
        & (_nik_part(p, 10) == born.dt.year() % 100)
    )
    return _plausible(p, pl.when(_nik_is_dated(p)).then(same))


_TEXT = ("text",)
_DATE = ("date",)
RULES: Mapping[str, RuleKind] = {
    "given": RuleKind(lambda p, _: _present(p["field"])),
    "any_of": RuleKind(_any_of, options=("others",)),
    "required_when": RuleKind(lambda p, _: _present(p["field"]) | ~_holds(p["when"]), options=("when",)),
    "required_unless": RuleKind(lambda p, _: _present(p["field"]) | _holds(p["unless"]), options=("unless",)),
    "order": RuleKind(_order, _DATE, {"after": "same"}, optional=("when",)),
    "not_after_night": RuleKind(_not_after_night, _DATE, options=("grace_days",)),
    "within_days": RuleKind(_within_days, _DATE, {"of": "same"}, ("days",)),
    "birth_possible": RuleKind(_birth_possible, _DATE),
    "not_above": RuleKind(
        lambda p, _: pl.col(p["field"]) <= pl.col(p["limit"]), ("money", "int"), {"limit": "same"}
    ),
    "npwp_check_digit": RuleKind(_npwp_check_digit, _TEXT, of_value=True),
    "nik_not_placeholder": RuleKind(
        lambda p, _: pl.when(pl.col(p["field"]).str.contains(NIK_FORM)).then(~_nik_is_placeholder(p)),
        _TEXT,
        of_value=True,
        of_number=True,
    ),
    "name_said": RuleKind(
        lambda p, _: pl.col(p["field"]).str.contains(r"\p{L}") & ~pl.col(p["field"]).str.contains(UNSAID),
        _TEXT,
        of_value=True,
    ),
    "not_deceased": RuleKind(lambda p, _: ~pl.col(p["field"]).str.contains(DECEASED), _TEXT, of_value=True),
    "nik_date": RuleKind(lambda p, _: _plausible(p, _nik_is_dated(p)), _TEXT, of_number=True),
    "nik_region": RuleKind(
        lambda p, s: _plausible(p, pl.col(p["field"]).str.slice(0, 4).is_in(list(s.regions))),
        _TEXT,
        of_number=True,
    ),
    "nik_serial": RuleKind(lambda p, _: _plausible(p, _nik_number(p) % 10_000 != 0), _TEXT, of_number=True),
    "nik_sex": RuleKind(_nik_sex, _TEXT, {"sex": "code"}, of_number=True),
    "nik_birth_date": RuleKind(_nik_birth_date, _TEXT, {"birth_date": "date"}, of_number=True),
}
