"""Employers as comparable records: numbers, a normalised name with its legal form, and what links two of
them.

An employer is an establishment: head office and branch share NIB, tax number and name, and have an NPP and a
WLKP code each. Source: DOMAIN 2.4 to 2.7 and 3.6 (E13).
"""

from __future__ import annotations

import polars as pl

from jendela.identity.certain import CERTAIN
from jendela.identity.clusters import components

RAW = ("record_id", "npp", "wlkp_code", "nib", "npwp", "employer_name", "region_code")
KEYS = ("npp", "wlkp", "nib", "npwp", "name")
_NUMBERS = KEYS[:4]
_LIKELY = (
    pl.col("name"),
    pl.format("{}|{}", pl.col("name").str.extract(r"^([^|]*)"), pl.col("npwp")),
    pl.format("{}|{}", pl.col("nib"), pl.col("npwp")),
)
_FORMS = "PT|CV|UD|FA|FIRMA|KOP|KOPERASI|YAYASAN|YYS|PERUM|PERSERO|TBK|PERSEROAN TERBATAS|USAHA DAGANG"


def core_name(name: pl.Expr) -> pl.Expr:
    """The name without legal form, branch and punctuation: PT. Maju Jaya Tbk, Cabang Bogor is MAJU JAYA."""
    bare = name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    bare = bare.str.replace(r"\b(?:CABANG|CAB\.|KCP|KANTOR CABANG)\b.*$", "").str.replace_all(
        r"\b([PCU])\.\s?([TVD])\b", "${1}${2}"
    )
    bare = bare.str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars()
    bare = bare.str.replace(rf"^(?:(?:{_FORMS}) )+", "").str.replace(rf"(?: (?:{_FORMS}))+$", "")
    return pl.when(bare != "").then(bare)


def standard_employers(raw: pl.DataFrame) -> pl.DataFrame:
    """`record_id` and the keys of `KEYS` (null: unknown), a row per row of `raw` (text columns of `RAW`).

    `npwp` is the nine digits of the legal entity; `name` is the core name and the regency of the workplace.
    """
    absent = [pl.lit(None, pl.String).alias(name) for name in RAW if name not in raw.columns]
    frame = raw.with_columns(absent).select(pl.col(RAW).cast(pl.String))
    npwp = pl.col("npwp").str.replace_all(r"[^0-9]", "")
    # The sixteen-digit form of a company is a zero and the fifteen old digits.
    npwp = pl.when(npwp.str.len_chars() == 16).then(npwp.str.slice(1)).otherwise(npwp)
    region = pl.col("region_code").str.replace_all(r"[^0-9]", "").str.slice(0, 4)
    return frame.select(
        "record_id",
        _code(pl.col("npp")).alias("npp"),
        _code(pl.col("wlkp_code")).alias("wlkp"),
        _number(pl.col("nib"), 13).alias("nib"),
        pl.when(npwp.str.len_chars() == 15).then(npwp.str.slice(0, 9)).alias("npwp"),
        pl.format("{}|{}", core_name(pl.col("employer_name")).str.slice(0, 70), region).alias("name"),
    )


def employer_edges(standard: pl.DataFrame) -> pl.DataFrame:
    """Links between employer records, with the columns that `clusters.partition` reads.

    Equal NPP or WLKP code is certain. The same name in the same regency or under the same tax number, or NIB
    and tax number both, links only where no number contradicts and neither side has another candidate: a
    branch is not its head office.
    """
    sure = pl.concat([_pairs(standard, "npp"), _pairs(standard, "wlkp")]).unique()
    whole = components(standard["record_id"], sure)
    likely = pl.concat([_pairs(standard.with_columns(key.alias("key")), "key") for key in _LIKELY]).unique()
    likely = likely.join(whole.rename({"record_id": "left_id", "component": "a"}), on="left_id")
    likely = likely.join(whole.rename({"record_id": "right_id", "component": "b"}), on="right_id")
    # What one record of an establishment does not say, another may: numbers are compared establishment by
    # establishment.
    said = (
        standard.join(whole, on="record_id").group_by("component").agg(pl.col(_NUMBERS).drop_nulls().unique())
    )
    likely = likely.filter(pl.col("a") != pl.col("b")).join(said, left_on="a", right_on="component")
    likely = likely.join(said, left_on="b", right_on="component", suffix="_b").filter(*map(_agree, _NUMBERS))
    both_ways = pl.concat(
        [likely.select("a", "b"), likely.select(pl.col("b").alias("a"), pl.col("a").alias("b"))]
    )
    torn = both_ways.group_by("a").agg(pl.col("b").n_unique()).filter(pl.col("b") > 1)["a"]
    likely = likely.filter(~pl.col("a").is_in(torn.implode()), ~pl.col("b").is_in(torn.implode()))
    return pl.concat(
        [
            sure.with_columns(pl.lit(CERTAIN).alias("tier"), pl.lit(1.0).alias("probability")),
            likely.select(
                "left_id", "right_id", pl.lit("likely").alias("tier"), pl.lit(0.95).alias("probability")
            ),
        ]
    ).with_columns(pl.lit("link").alias("zone"))


def employer_keys(standard: pl.DataFrame) -> pl.DataFrame:
    """`record_id, kind, key` of every number and name that a record has."""
    return (
        standard.unpivot(KEYS, index="record_id", variable_name="kind", value_name="key")
        .drop_nulls("key")
        .with_columns(pl.col("key").str.slice(0, 80))
        .sort("record_id", "kind")
    )


def _pairs(standard: pl.DataFrame, key: str) -> pl.DataFrame:
    """`left_id, right_id` of each pair of records with an equal `key`, once."""
    keyed = standard.drop_nulls(key).select(pl.col(key).alias("_key"), "record_id")
    pairs = keyed.join(keyed, on="_key", suffix="_r").filter(pl.col("record_id") < pl.col("record_id_r"))
    return pairs.select(pl.col("record_id").alias("left_id"), pl.col("record_id_r").alias("right_id"))


def _agree(number: str) -> pl.Expr:
    """True unless both sides say the number and have none in common."""
    one, other = pl.col(number), pl.col(f"{number}_b")
    unsaid = (one.list.len() == 0) | (other.list.len() == 0)
    return unsaid | (one.list.set_intersection(other).list.len() > 0)


def _code(text: pl.Expr) -> pl.Expr:
    bare = text.str.to_uppercase().str.replace_all(r"\s", "")
    return pl.when(bare != "").then(bare)


def _number(text: pl.Expr, length: int) -> pl.Expr:
    bare = text.str.replace_all(r"[^0-9]", "")
    return pl.when(bare.str.len_chars() == length).then(bare)
