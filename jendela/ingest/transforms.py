"""The transforms of `jendela.contracts.transforms` as polars expressions: text in, a value or null out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from jendela.model.months import MONTH_NUMBER

Step = Callable[[pl.Expr], pl.Expr]
MONEY = pl.Decimal(15, 2)
DIGITS = "^[0-9]+$"
NUMBER = "^[0-9]{2,}$"  # 0 alone is what people write for nothing
LOCAL_PHONE = "^08[0-9]{8,11}$"
FIRST_YEAR, LAST_YEAR = 1900, 2199  # outside, a year was mistyped: 0026, 2062026

NOTHING = r"(?i)^(-+|0|\.|N/?A|NULL|NIHIL|TIDAK ADA|KOSONG|0000-?00-?00( 00:00:00)?|00[-/.]00[-/.]0000)$"
SCIENTIFIC = r"^\d([.,]\d+)?[eE]\+?\d+$"


def _mostly(value: pl.Expr, plain: str, quick: Step, full: Step) -> pl.Expr:
    """The same as `full`, which is only asked about texts that the pattern `plain` does not match.

    On those `quick` must give what `full` gives. Nearly all texts are plain, and to see that takes a fifth of
    the time of replacing nothing in them.
    """

    def act(texts: pl.Series) -> pl.Series:
        odd = (~texts.str.contains(plain)).arg_true()
        frame = texts.to_frame("text")
        made = frame.select(quick(pl.col("text"))).to_series()
        if odd.is_empty():
            return made
        return made.scatter(odd, frame[odd].select(full(pl.col("text"))).to_series())

    return value.map_batches(act, return_dtype=pl.String, is_elementwise=True)


def _as_it_is(value: pl.Expr) -> pl.Expr:
    return value


def _trim(value: pl.Expr) -> pl.Expr:
    return _mostly(value, r"^[!-~]+(?: [!-~]+)*$", _as_it_is, _trim_all)


def _trim_all(value: pl.Expr) -> pl.Expr:
    clean = value.str.replace_all(r"[\s\p{Cc}\p{Cf}]+", " ").str.strip_chars()
    return pl.when(clean != "").then(clean)


def _upper(value: pl.Expr) -> pl.Expr:
    return value.str.to_uppercase()


def _blank(value: pl.Expr) -> pl.Expr:
    return pl.when(~value.str.contains(NOTHING)).then(value)


def _without(value: pl.Expr, characters: str) -> pl.Expr:
    return value.str.replace_all(f"[{characters}]", "")


def _long_number(value: pl.Expr) -> pl.Expr:
    """A number of many digits as people and spreadsheets write it."""
    return _mostly(value, DIGITS, _as_it_is, _long_number_all)


def _long_number_all(value: pl.Expr) -> pl.Expr:
    typed = value.str.strip_chars(" '’`\"=")  # ="3215…": so that Excel keeps its digits
    clean = _without(typed.str.replace(r"^(\d{9,})[.,]0+$", "${1}"), r"\s.\-'’`")
    return pl.when(typed.str.contains(SCIENTIFIC)).then(typed).otherwise(clean)


def _npp(value: pl.Expr) -> pl.Expr:
    return _mostly(value, "^[0-9A-Z]+$", _as_it_is, lambda text: _without(text.str.to_uppercase(), r"\s./\-"))


def _npwp(value: pl.Expr) -> pl.Expr:
    return _without(value, r"\s./\-")


def _kbli(value: pl.Expr) -> pl.Expr:
    return _without(value, r"\s.").str.replace(r"^[A-Za-z](\d)", "${1}")


def _region(value: pl.Expr) -> pl.Expr:
    return _mostly(value, DIGITS, _as_it_is, lambda text: _without(text, r"\s."))


def _phone(value: pl.Expr) -> pl.Expr:
    return _mostly(value, LOCAL_PHONE, _abroad, _phone_all)


def _abroad(value: pl.Expr) -> pl.Expr:
    return "+62" + value.str.slice(1)


def _phone_all(value: pl.Expr) -> pl.Expr:
    typed = _without(value, r"\s().\-")
    local = typed.str.replace(r"^(\+62|0062|62|0)?0?", "")
    readable = typed.str.contains(r"^(\+62|0062|62|0|8)\d+$") & local.str.contains(r"^[1-9]\d{6,11}$")
    return pl.when(readable).then("+62" + local).otherwise(value)


def _email(value: pl.Expr) -> pl.Expr:
    small = r"^[!-@\[-~]+$"  # printable ASCII without capitals
    return _mostly(value, small, _as_it_is, lambda text: _without(text, r"\s").str.to_lowercase())


def _words(value: pl.Expr) -> pl.Expr:
    words = value.str.replace_all(r"[\s,;]+", " ").str.strip_chars().str.split(" ")
    listed = words.list.unique().list.sort().list.join(" ")
    return pl.when(listed != "").then(listed)


def _date(text: pl.Expr) -> pl.Expr:
    """The date of YYYY-M-D text; null where there is no such day."""
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(day.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(day)


def _read(value: pl.Expr, pattern: str, written: str) -> pl.Expr:
    """The stripped text rewritten, where the pattern matches all of it; else null."""
    text = value.str.strip_chars()
    return pl.when(text.str.contains(pattern)).then(text.str.replace(pattern, written))


def _date_dmy(value: pl.Expr) -> pl.Expr:
    return _date(_read(value, r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$", "${3}-${2}-${1}"))


def _date_ymd(value: pl.Expr) -> pl.Expr:
    return _date(_read(value, r"^(\d{4})(\d{2})(\d{2})$", "${1}-${2}-${3}"))


def _date_iso(value: pl.Expr) -> pl.Expr:
    written = r"^(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?$"
    plain = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    return _date(_mostly(value, plain, _as_it_is, lambda text: _read(text, written, "${1}")))


def _date_words(value: pl.Expr) -> pl.Expr:
    pattern = r"^(\d{1,2})\s+([A-Za-z]+)\.?\s+(\d{4})$"
    month = _read(value, pattern, "${2}").str.to_lowercase().replace_strict(MONTH_NUMBER, default=None)
    return _date(
        pl.concat_str(_read(value, pattern, "${3}"), month, _read(value, pattern, "${1}"), separator="-")
    )


def _month_my(value: pl.Expr) -> pl.Expr:
    return _read(value, r"^(0[1-9]|1[0-2])[-/]((?:19|20|21)\d{2})$", "${2}-${1}")


def _month_ym(value: pl.Expr) -> pl.Expr:
    return _read(value, r"^((?:19|20|21)\d{2})-?(0[1-9]|1[0-2])$", "${1}-${2}")


def _bare_amount(value: pl.Expr, point: str) -> pl.Expr:
    bare = value.str.strip_chars().str.replace(r"(?i)^(rp|idr)\.?\s*", "")
    return bare.str.replace(rf"[{point}]-+$", "")


def _rupiah(value: pl.Expr) -> pl.Expr:
    bare = _bare_amount(value, ",")
    amount = _read(bare, r"^(-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,2})?)$", "${1}")
    return (
        amount.str.replace_all(".", "", literal=True)
        .str.replace(",", ".", literal=True)
        .cast(MONEY, strict=False)
    )


def _rupiah_en(value: pl.Expr) -> pl.Expr:
    amount = _read(_bare_amount(value, "."), r"^(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?)$", "${1}")
    return amount.str.replace_all(",", "", literal=True).cast(MONEY, strict=False)


def _decimal(value: pl.Expr) -> pl.Expr:
    written, plain = r"^(-?\d+(?:\.\d{1,2})?)0*$", r"^-?[0-9]+(?:\.[0-9]{1,2})?$"
    amount = _mostly(value, plain, _as_it_is, lambda text: _read(text, written, "${1}"))
    return amount.cast(MONEY, strict=False)


def _int(value: pl.Expr) -> pl.Expr:
    return _read(value, r"^(-?\d+)(?:\.0+)?$", "${1}").cast(pl.Int64, strict=False)


EXPRESSIONS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "trim": _trim,
    "upper": _upper,
    "blank": _blank,
    "nik": _long_number,
    "kpj": _long_number,
    "npp": _npp,
    "npwp": _npwp,
    "nib": _long_number,
    "kbli": _kbli,
    "region": _region,
    "phone": _phone,
    "email": _email,
    "words": _words,
    "date-dmy": _date_dmy,
    "date-ymd": _date_ymd,
    "date-iso": _date_iso,
    "date-words": _date_words,
    "month-my": _month_my,
    "month-ym": _month_ym,
    "rupiah": _rupiah,
    "rupiah-en": _rupiah_en,
    "decimal": _decimal,
    "int": _int,
}
"""The expression of every transform."""

NUMBERS = ("nik", "kpj", "npwp", "nib", "kbli", "region")
UNMOVED = frozenset({"trim", "blank", "upper", *NUMBERS})  # transforms that leave a `NUMBER` as it is


def chained(value: pl.Expr, steps: Sequence[str]) -> pl.Expr:
    """The transforms one after the other. A number that none of them touches is only looked at once."""

    def one_by_one(text: pl.Expr) -> pl.Expr:
        for step in steps:
            text = EXPRESSIONS[step](text)
        return text

    if len(steps) > 1 and UNMOVED.issuperset(steps[:-1]):
        if steps[-1] in NUMBERS:
            return _mostly(value, NUMBER, _as_it_is, one_by_one)
        if steps[-1] == "phone":
            return _mostly(value, LOCAL_PHONE, _abroad, one_by_one)
    return one_by_one(value)
