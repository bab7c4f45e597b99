"""What employers are found by, and how many bear each: numbers, and names within an area.

A key that too many bear finds nobody: it is tamed, and counted. How many that are depends on the records
alone, never on the order in which they came.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.employers.spelling import name_forms

NUMBERS = ("npp", "wlkp", "nib", "npwp")
# Kinds by which records of one establishment meet; `core` counts the bearers of a name in the whole country.
BLOCKS = ("place", "first", "last", "legal", "nib", "npwp")
# Kinds by which establishments are one legal entity.
OF_ENTITY = ("npwp", "nib", "firm")
# Employers of an area, and of the country, that neither side's register has in the right place: one in five.
IN_AREA, IN_COUNTRY = 600, 180_000
LARGEST_BLOCK = 60
# Establishments of one legal entity that may be compared across the country.
FEW_SITES = 4
# Different names under one number: beyond, it is a filler, or the tax consultant's.
# A name so rare that in the whole country nobody else is expected to bear it.
UNIQUE = 0.05
MANY_OWNERS = 50
MANY_NAMES = {"npp": 3, "wlkp": 3, "nib": 5, "npwp": 5}


def employer_keys(standard: pl.DataFrame) -> pl.DataFrame:
    """`kind, key, record_id, bearer`: every key that a row of the standard frame has, once.

    `npp`, `wlkp`, `nib`, `npwp` are numbers; `legal` is NPWP or NIB within an area; `core` a name in the
    whole country, `place` within an area, `first` and `last` either end of it there; `firm` a name that
    hardly two legal entities of one form bear. `bearer` is what sets the bearers of one key apart: for a
    number the rarest word of the name, for `core` and `firm` the legal entity or, where no number tells, the
    area; empty elsewhere.
    """
    if standard.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("kind", "key", "record_id", "bearer"), pl.String))
    # One plan of many small selections: done one by one they cost a night more than what they select.
    named = _named(standard).lazy()
    owner = pl.coalesce("npwp", "nib", "area", pl.lit(""))
    area = pl.col("area")
    numbers = [_keys(named, kind, pl.col(kind), pl.col("rarest").fill_null("")) for kind in NUMBERS]
    names = [
        _keys(named, "core", pl.col("letters"), owner),
        _keys(named, "place", _within(pl.col("letters"), area)),
        _keys(named, "first", _within(pl.col("first"), area)),
        _keys(named, "last", _within(pl.col("last"), area)),
        _keys(
            named,
            "firm",
            pl.when(pl.col("country") <= UNIQUE).then(_within(pl.col("letters"), pl.col("form"))),
            owner,
        ),
        *(_keys(named, "legal", _within(pl.col(number), area)) for number in ("npwp", "nib")),
    ]
    found = pl.concat([*numbers, *names]).unique(
        ["kind", "key", "record_id"], keep="first", maintain_order=True
    )
    return found.sort("kind", "key", "record_id").collect()


def tally(keys: pl.DataFrame) -> pl.DataFrame:
    """`kind, key, rows, bearers` of keys as `employer_keys` gives them."""
    return keys.group_by("kind", "key").agg(rows=pl.len(), bearers=pl.col("bearer").n_unique())


def finding(counts: pl.DataFrame) -> pl.DataFrame:
    """The tallied keys by which records may meet, `kind, key`: numbers that are somebody's, small blocks."""
    most = pl.col("kind").replace_strict(
        {"nib": FEW_SITES, "npwp": FEW_SITES}, default=LARGEST_BLOCK, return_dtype=pl.Int64
    )
    few_owners = (pl.col("kind") == "firm") & (pl.col("bearers") <= MANY_OWNERS)
    usable = pl.col("kind").is_in(("npp", "wlkp")) | few_owners | (pl.col("rows") <= most)
    return counts.filter(usable & ~overused() & (pl.col("kind") != "core")).select("kind", "key")


def uniting(counts: pl.DataFrame) -> pl.DataFrame:
    """The tallied keys by which establishments are one legal entity, `kind, key`."""
    few = (pl.col("kind") != "firm") | (pl.col("bearers") <= MANY_OWNERS)
    return counts.filter(pl.col("kind").is_in(OF_ENTITY) & few & ~overused()).select("kind", "key")


def overused() -> pl.Expr:
    """True for a number under which too many different names stand."""
    most = pl.col("kind").replace_strict(MANY_NAMES, default=None, return_dtype=pl.Int64)
    return (pl.col("bearers") > most).fill_null(value=False)


def trusted(standard: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """The standard frame without the numbers that too many names bear: they are no evidence."""
    bad = counts.filter(overused())
    for kind in NUMBERS:
        numbers = bad.filter(pl.col("kind") == kind)["key"]
        if numbers.len():
            kept = pl.when(~pl.col(kind).is_in(numbers.implode())).then(kind)
            standard = standard.with_columns(kept.alias(kind))
    return standard


def names_of(standard: pl.DataFrame) -> pl.DataFrame:
    """`record_id, name`: the name of each row and the other one it bears."""
    both = [standard.select("record_id", "name"), standard.select("record_id", name="other_name")]
    return pl.concat(both).drop_nulls("name").unique(maintain_order=True)


def _named(standard: pl.DataFrame) -> pl.DataFrame:
    names = names_of(standard)
    forms = name_forms(names["name"]).select(
        "name",
        "letters",
        "first",
        "last",
        rarest=pl.col("rarest").str.slice(0, 80),
        country=pl.col("share") * IN_COUNTRY,
    )
    names = names.join(forms, on="name", maintain_order="left").drop("name")
    rest = standard.select("record_id", *NUMBERS, "area", "form")
    return rest.join(names, on="record_id", how="left", maintain_order="left")


def _keys(named: pl.LazyFrame, kind: str, key: pl.Expr, bearer: pl.Expr | None = None) -> pl.LazyFrame:
    columns = {"kind": pl.lit(kind), "key": key, "record_id": pl.col("record_id")}
    columns["bearer"] = pl.lit("") if bearer is None else bearer
    return named.select(**columns).drop_nulls("key")


def _within(text: pl.Expr, area: pl.Expr) -> pl.Expr:
    return pl.format("{}|{}", text, area)
