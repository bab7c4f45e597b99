"""National identity numbers: what can be somebody's NIK, and what else can still be compared.

Rules, of DOMAIN 2.1 (a NIK is permanent and need not agree with a birth date corrected later):

- N1: 16 digits, after blanks, dots, dashes, apostrophes and a spreadsheet's trailing `.0` are removed.
- N2: no filler (one group of one, two or four digits repeated, 1234…), nor eight zeros at the end.
- N3: the six digits of the date are a day of the calendar, 40 added for women.
- N4: the province is one of any vintage. Whether the regency is known too is told, never demanded.
- N5: the serial is not 0000. A spreadsheet keeps 15 digits and makes 0001 … 0009 of it.
- N6: the day tells the sex (`nik_sex`), N7 the birth date (`nik_birth`): for comparison, never a refusal.
- N8: the birth date makes an age from 14 to under 100 on the day of judgement.

A family-card number has the day of issue where a NIK has the birth date, so it mostly breaks N8.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.identity.standard import nik_digits
from jendela.identity.standard.damaged_id import read_damaged
from jendela.identity.standard.nik_kinds import CODE, KIND, KINDS

WRONG = [CODE[kind] for kind in ("bad_region", "bad_date", "bad_age", "family_card")]


def national_id(raw: pl.Series, as_of: date) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Args:
        raw: national identifiers as received; NIK, any other country's, fillers, null.
        as_of: the day on which ages are judged.

    Columns:
        nik: Int64, the number where it can be somebody's NIK (N1 to N5, N8), else null.
        nik_head: Int64, its first 15 digits where the last is 0 and a spreadsheet may have put it there
            (also where the serial became 0000 and `nik` is null), else null.
        nik_birth: Int32, days since 1970-01-01 of the birth date in `nik`.
        nik_sex: Int8, 1 man, 2 woman, by `nik`.
        nik_region: Int32, the district of first registration as in `nik`, 6 digits, of its own vintage.
        nik_region_known: Boolean, its regency is in a list of some vintage. Numbers of other countries that
            happen to pass as a NIK mostly fail here.
        nik_kind: Enum of `KINDS`, why there is no `nik`; never null.
        nik_stub: Int64, the leading digits that survived scientific notation; the last is rounded.
        nik_stub_digits: Int8, how many these are.
        other_id: String, upper-case letters and digits of what is no NIK but can still be an identifier
            (a foreign number, a NIK with a digit too few, too many or wrong); null for fillers, for kinds
            `scientific` and `zeroed`, and where `nik` is set.
    """
    text = raw.cast(pl.String).alias("text")
    number = text.cast(pl.Int64, strict=False)
    # A sign takes a digit's place, so that a signed number of 16 characters is smaller.
    clean = ((text.str.len_bytes() == 16) & (number >= 10**15)).fill_null(value=False)
    odd = (~clean & text.is_not_null()).arg_true()
    damaged = read_damaged(text.gather(odd))
    # `scatter` writes into its own series: `number` is ours.
    rows = pl.DataFrame({"number": number.alias("number").scatter(odd, damaged["number"])})
    rows = _judged(rows, as_of)
    settled = damaged.select(pl.coalesce("kind", rows["kind"].gather(odd))).to_series()
    rows = rows.with_columns(rows["kind"].scatter(odd, settled))
    return _columns(rows).with_columns(_others(rows, odd, damaged))


def _others(rows: pl.DataFrame, odd: pl.Series, damaged: pl.DataFrame) -> list[pl.Series]:
    """`other_id`, `nik_stub`, `nik_stub_digits`: of the odd texts, and of 16 digits that are no NIK."""
    empty = [pl.repeat(None, rows.height, dtype=dtype, eager=True) for dtype in damaged.schema.values()]
    columns = dict(zip(damaged.columns, empty, strict=True))
    wrong = rows["kind"].is_in(WRONG).arg_true()
    cut = (rows["number"].is_not_null() & (rows["kind"] == CODE["scientific"])).arg_true()
    stub = rows["number"].gather(cut).cast(pl.String).str.strip_chars_end("0")
    return [
        columns["other"]
        .scatter(odd, damaged["other"])
        .scatter(wrong, rows["number"].gather(wrong).cast(pl.String))
        .alias("other_id"),
        columns["stub"].scatter(odd, damaged["stub"]).scatter(cut, stub.cast(pl.Int64)).alias("nik_stub"),
        columns["stub_digits"]
        .scatter(odd, damaged["stub_digits"])
        .scatter(cut, stub.str.len_bytes().cast(pl.Int8))
        .alias("nik_stub_digits"),
    ]


def _judged(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The numbers with their birth date and their kind, a code of `KINDS`."""
    number = pl.col("number")
    table = nik_digits.dates(as_of)
    parts = rows.select((number // 10**4 % 10**6).alias("date"), (number // 10**14).alias("province"))
    rows = rows.with_columns(
        table["birth"].gather(parts["date"]),
        table["real"].gather(parts["date"]),
        table["issued"].gather(parts["date"]),
        nik_digits.provinces().gather(parts["province"]).alias("province"),
    )
    kind = (
        pl.when(number.is_null())
        .then(CODE["missing"])
        .when((number % 1_0001_0001_0001 == 0) | (number < 10**12) | (number == 1234_5678_9012_3456))
        .then(CODE["placeholder"])
        .when(number % 10**8 == 0)
        .then(CODE["scientific"])
        .when(~pl.col("province"))
        .then(CODE["bad_region"])
        .when(~pl.col("real"))
        .then(CODE["bad_date"])
        .when(pl.col("issued"))
        .then(CODE["family_card"])
        .when(pl.col("birth").is_null())
        .then(CODE["bad_age"])
        .when(number % 10**4 == 0)
        .then(CODE["zeroed"])
        .otherwise(CODE["ok"])
    )
    return rows.select("number", "birth", kind.cast(pl.UInt8).alias("kind"))


def _columns(rows: pl.DataFrame) -> pl.DataFrame:
    number, kind = pl.col("number"), pl.col("kind")
    good = kind == CODE["ok"]
    zeroed = (good | (kind == CODE["zeroed"])) & (number % 10 == 0)
    nik = pl.when(good).then(number)
    found = rows.select(
        nik.alias("nik"),
        pl.when(zeroed).then(number // 10).alias("nik_head"),
        pl.when(good).then("birth").alias("nik_birth"),
        pl.when(good).then(1 + (number // 10**8 % 100 > nik_digits.WOMAN).cast(pl.Int8)).alias("nik_sex"),
        (nik // 10**10).cast(pl.Int32).alias("nik_region"),
    )
    regency = found.select(pl.col("nik_region") // 100).to_series()
    return found.with_columns(
        nik_digits.regencies().gather(regency).alias("nik_region_known"),
        pl.Series(KINDS, dtype=KIND).gather(rows["kind"]).alias("nik_kind"),
    )
