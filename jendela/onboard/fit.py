"""Whether values can be those of a field: how well, through which transforms, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jendela.contracts.codes import CodeList
from jendela.contracts.odcs import Field
from jendela.model.describing import BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, TIMESTAMP, SourceColumn
from jendela.onboard.draft import Reason
from jendela.onboard.profile import Profile
from jendela.onboard.translate import translated
from jendela.onboard.words import Vocabulary

DATES = ("date-iso", "date-dmy", "date-ymd", "date-words")
MONTHS = ("month-ym", "month-my")
# Values that say by themselves what they are, whatever their column is called.
SPEAKING = {"nik": 0.85, "email": 0.75}
CLEANED = {"nik", "kpj", "npp", "nib", "npwp", "kbli", "phone", "email"}


@dataclass(frozen=True)
class Fit:
    """`score` is None where the sample has no value; then the transform may be `guessed`.

    `whole_day`: the query must cut the time off.
    """

    score: float | None
    via: tuple[str, ...]
    reasons: tuple[Reason, ...]
    codes: Mapping[str, str] | None = None
    asked: tuple[str, ...] = ()
    whole_day: bool = False
    guessed: bool = False


def fit(
    value: str,
    field: Field,
    column: SourceColumn,
    seen: Profile,
    code_list: CodeList | None,
    vocabulary: Vocabulary,
    labels: Mapping[str, str],
) -> Fit:
    """The fit of a column (declared so, looking so) to a field whose values are of the kind `value`."""
    start = ("trim", "blank") if seen.blanks > 0 else ("trim",)
    if field.type == "code" and value not in ("region",):
        return _coded(start, field, seen, code_list, vocabulary, labels)
    if seen.filled == 0:
        unread = field.type in ("date", "month", "money") and column.kind not in (DATE, TIMESTAMP, DECIMAL)
        via = _guess(value, field, column, start)
        return Fit(None, via, (Reason("why.empty"),), guessed=unread)
    match field.type:
        case "date":
            return _dated(start, column, seen)
        case "month":
            return _best(start, MONTHS, seen)
        case "money":
            return _best(start, _amounts(column, seen), seen)
        case "int":
            return _best(start, ("int",), seen)
    return _texts(value, start, column, seen, field)


def _coded(
    start: tuple[str, ...],
    field: Field,
    seen: Profile,
    known: CodeList | None,
    vocabulary: Vocabulary,
    labels: Mapping[str, str],
) -> Fit:
    codes = tuple(dict.fromkeys((*seen.codes, *labels)))
    if not codes or known is None:
        reason = (
            Reason("why.empty") if seen.filled == 0 else Reason("why.not_codes", {"distinct": seen.distinct})
        )
        return Fit(None if seen.filled == 0 else 0.1, start, (reason,))
    via = ("trim",) if "0" in codes else start
    if all(code == code.upper() for code in codes if not code.isdigit()) and not all(map(str.isdigit, codes)):
        via = (*via, "upper")
    found, surest = translated(codes, known, vocabulary, labels)
    done = len(found) / len(codes)
    score = 0.45 + 0.55 * done * surest
    if not done and not all(code.isdigit() or len(code) <= 2 for code in codes):
        score = 0.2  # words, and none of them is one of ours
    asked = tuple(code for code in codes if code not in found)
    key = "why.codes_custom" if done and surest < 1 else "why.codes"
    reason = Reason(key, {"done": len(found), "all": len(codes), "list": str(field.codes)})
    return Fit(score, via, (reason,), codes=found, asked=asked)


def _dated(start: tuple[str, ...], column: SourceColumn, seen: Profile) -> Fit:
    if column.kind in (DATE, TIMESTAMP) or seen.share("clock") > 0.5:
        if seen.share("clock") > seen.share("date-iso"):
            return Fit(
                0.9, ("trim", "date-iso"), (_shared("clock", seen.share("clock"), seen),), whole_day=True
            )
        return Fit(
            seen.share("date-iso"), ("trim", "date-iso"), (_shared("date-iso", seen.share("date-iso"), seen),)
        )
    if column.kind in (INTEGER, DECIMAL, BOOLEAN) and seen.share("date-ymd") < 0.9:
        return Fit(0.0, start, (Reason("why.not_date"),))
    return _best(start, DATES, seen)


def _amounts(column: SourceColumn, seen: Profile) -> tuple[str, ...]:
    """How amounts may be read, first what is likelier: in text, `950.000` is no 950 and three decimals."""
    if column.kind == TEXT and seen.share("thousands") > 0:
        return ("rupiah", "rupiah-en", "decimal")
    return ("decimal", "rupiah", "rupiah-en")


def _best(start: tuple[str, ...], names: tuple[str, ...], seen: Profile) -> Fit:
    best = max(names, key=lambda name: (seen.share(name), -names.index(name)))
    share = seen.share(best)
    return Fit(share, (*start, best), (_shared(best, share, seen),))


def _texts(value: str, start: tuple[str, ...], column: SourceColumn, seen: Profile, field: Field) -> Fit:
    share = {
        "name": seen.share("person"),
        "company": max(seen.share("person"), seen.share("company")),
        "phone": max(seen.share("phone"), 0.6 * seen.share("dialled")),
        "text": 0.75,
        "address": 0.75,
        "short": 0.75 if seen.longest <= 5 else 0.2,
    }.get(value, seen.share(value))
    if value in ("name", "company") and (
        seen.share("email", "digits") > 0.5 or column.kind in (INTEGER, DATE, TIMESTAMP)
    ):
        share = 0.0
    if value in ("text", "address", "short") and column.kind in (DATE, TIMESTAMP):
        share = 0.0
    if field.pattern == "^[0-9]{4}$" and seen.longest > 5 and value == "region":
        share = min(share, 0.4)  # a district where a regency is meant
    via = (*start, value) if value in CLEANED or value == "region" else start
    return Fit(
        share, via, (_shared(value, share, seen),) if value not in ("text", "address", "short") else ()
    )


def _guess(value: str, field: Field, column: SourceColumn, start: tuple[str, ...]) -> tuple[str, ...]:
    """The transforms for a column that the sample shows no value of, by its declared type."""
    if field.type == "date":
        return ("trim", "date-iso") if column.kind in (DATE, TIMESTAMP) else ("trim", "blank", "date-dmy")
    if field.type == "month":
        return ("trim", "month-ym")
    if field.type in ("money", "int"):
        return ("trim", "decimal" if field.type == "money" else "int")
    return (*start, value) if value in CLEANED or value == "region" else start


def _shared(name: str, share: float, seen: Profile) -> Reason:
    return Reason(f"why.value.{name}", {"percent": round(100 * share), "filled": seen.filled})
