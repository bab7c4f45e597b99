"""What the values of a column look like: shares and counts, and of the values nothing but codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import polars as pl

from jendela.ingest.transforms import EXPRESSIONS, NOTHING
from jendela.model.describing import SourceColumn
from jendela.model.identifiers import KPJ_FORM, NIB_FORM, NPP_FORM, Nik, Npwp

READERS = (
    "date-iso",
    "date-dmy",
    "date-ymd",
    "date-words",
    "month-my",
    "month-ym",
    "rupiah",
    "rupiah-en",
    "decimal",
    "int",
)
MOST_CODES = 60
LONGEST_CODE = 60
_CLOCK = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}"
_THOUSANDS = r"^\D*\d{1,3}(\.\d{3})+(,|\D*$)"  # no decimal fraction: dots part thousands
_PLACED = (
    r"^\p{L}[\p{L} .']*[,;/]? *\d{1,2}[-/. ][\p{L}\d]+[-/. ]\d{4}$"  # a place and a day: BANDUNG, 12-03-1985
)
_PERSON = re.compile(r"^[^\W\d_]{1,}[^\W\d_.,'’`\- /()]*(?:[ .,'’`\-/()]+[^\W\d_]*)*$")
_COMPANY = r"(?i)\b(PT|CV|UD|FA|TBK|YAYASAN|KOPERASI|INC|LTD|LLC|CORP|GMBH|CO)\b"


@dataclass(frozen=True)
class Profile:
    """One column of a sample. `shares` are of its filled values, by what could read them, from 0 to 1.

    `codes` are its values where they can only be codes: few, short, repeated, and none of them a number that
    people are known by. They are the only values that leave this module.
    """

    rows: int
    filled: int
    distinct: int
    longest: int
    blanks: float
    shares: dict[str, float] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    growing: bool = False

    @property
    def unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.rows > 1 and self.filled == self.rows == self.distinct

    def share(self, *names: str) -> float:
        """The greatest of these shares."""
        return max((self.shares.get(name, 0.0) for name in names), default=0.0)


def profile(column: SourceColumn, values: pl.Series, regions: Collection[str]) -> Profile:
    """The profile of a column of text (null where the source has nothing)."""
    frame = values.alias("v").cast(pl.String).to_frame()
    text = EXPRESSIONS["trim"](pl.col("v"))
    there = frame.select(v=text).drop_nulls()
    blank = there.select(pl.col("v").str.contains(NOTHING)).to_series()
    filled = there.filter(~blank) if blank.any() else there
    zeros = bool((there["v"] == "0").any())
    if filled.is_empty():
        return Profile(values.len(), 0, 0, 0, _mean(blank), codes=column.codes)
    shares = {name: _share(filled, EXPRESSIONS[name](pl.col("v")).is_not_null()) for name in READERS}
    shares |= {
        name: _share(filled, found)
        for name, found in {
            "clock": pl.col("v").str.contains(_CLOCK),
            "kpj": EXPRESSIONS["kpj"](pl.col("v")).str.contains(KPJ_FORM),
            "npp": EXPRESSIONS["npp"](pl.col("v")).str.contains(NPP_FORM),
            "nib": EXPRESSIONS["nib"](pl.col("v")).str.contains(NIB_FORM),
            "kbli": EXPRESSIONS["kbli"](pl.col("v")).str.contains(r"^\d{5}$"),
            "region": EXPRESSIONS["region"](pl.col("v")).is_in(list(regions)),
            "phone": EXPRESSIONS["phone"](pl.col("v")).str.contains(r"^\+62\d{7,12}$"),
            "dialled": pl.col("v").str.contains(r"^[+0-9(][0-9 ()./+\-x]{5,}$"),
            "email": pl.col("v").str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
            "sha256": pl.col("v").str.contains(r"^[0-9a-f]{64}$"),
            "company": pl.col("v").str.contains(_COMPANY),
            "thousands": pl.col("v").str.contains(_THOUSANDS),
            "placed": pl.col("v").str.contains(_PLACED),
            "digits": pl.col("v").str.contains(r"^\d+$"),
        }.items()
    }
    few = filled["v"].unique().head(2000)
    shares["nik"] = _parsed(EXPRESSIONS["nik"], few, _is_nik)
    shares["npwp"] = _parsed(EXPRESSIONS["npwp"], few, lambda text: Npwp.malformed(text) is None)
    shares["person"] = _mean(few.map_elements(_is_person, pl.Boolean))
    found = filled["v"].n_unique()
    longest = int(filled.select(pl.col("v").str.len_chars().max()).item())
    return Profile(
        rows=values.len(),
        filled=filled.height,
        distinct=found,
        longest=longest,
        blanks=_mean(blank),
        shares=shares,
        codes=column.codes or _codes(filled["v"], found, longest, shares, zeros=zeros),
        growing=_growing(values),
    )


def _mean(held: pl.Series) -> float:
    """The share of true values; 0 of none."""
    return float(held.sum()) / max(held.len(), 1)


def _share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.select(condition.fill_null(value=False).mean()).item() or 0.0)


def _parsed(clean: Callable[[pl.Expr], pl.Expr], values: pl.Series, holds: Callable[[str], bool]) -> float:
    cleaned = values.alias("v").to_frame().select(clean(pl.col("v"))).to_series().drop_nulls()
    return sum(holds(value) for value in cleaned) / max(values.len(), 1)


def _is_nik(text: str) -> bool:
    if Nik.malformed(text) is not None:
        return False
    day, month, _ = Nik(text).birth_parts
    return 1 <= day <= 31 and 1 <= month <= 12


def _is_person(text: str) -> bool:
    return bool(_PERSON.match(text)) and len(text) > 1


def _codes(
    values: pl.Series, distinct: int, longest: int, shares: dict[str, float], *, zeros: bool
) -> tuple[str, ...]:
    if distinct > MOST_CODES or longest > LONGEST_CODE or distinct * 2 > values.len():
        return ()
    if max(shares[name] for name in ("nik", "kpj", "email", "npwp")) > 0 or shares["dialled"] > 0.5:
        return ()
    found = set(values.unique())
    # Among numbers that are codes, 0 is one too, and not the word for nothing.
    return tuple(sorted(found | {"0"} if zeros and shares["digits"] == 1 else found))


def _growing(values: pl.Series) -> bool:
    """Whether whole numbers are all different and in the order of the rows, as of a running number."""
    numbers = values.cast(pl.Int64, strict=False)
    return bool(numbers.null_count() == 0 and numbers.len() > 1 and (numbers.diff().drop_nulls() > 0).all())
