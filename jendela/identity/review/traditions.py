"""The naming tradition a name most looks like: coarse, by word list, to see whether any group fares worse.

It is a property of the spelling, not of the person, and it is used for nothing but the audit's groups: no
link depends on it, and it is kept sealed. The words are data, `schemas/names/traditions.csv`: `tradition`,
`part` (first, last or any `word` of the name; `beginning` or `ending` of a word), `points`, `words`. Every
word gives its highest points to each tradition that knows it; the tradition with most points has the name.
Source: DOMAIN 3.3, and common knowledge.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

# Of equal points the more telling tradition first.
TRADITIONS = (
    "balinese",
    "batak",
    "bugis_makassar",
    "eastern",
    "minang",
    "chinese",
    "javanese_sundanese",
    "arabic_modern",
)
OTHER = "other"
_SHORTEST_STEM = 2  # letters that a word must have besides its ending


@cache
def _rules() -> pl.DataFrame:
    """`rank, part, points, text`, one row a word."""
    raw = pl.read_csv((files("schemas") / "names" / "traditions.csv").read_bytes(), infer_schema=False)
    rank = pl.col("tradition").replace_strict({name: at for at, name in enumerate(TRADITIONS)})
    rules = raw.select(
        rank.cast(pl.Int64).alias("rank"),
        "part",
        pl.col("points").cast(pl.Int64),
        pl.col("words").str.split(" ").alias("text"),
    )
    return rules.explode("text")


def traditions(names: pl.Series) -> pl.Series:
    """The tradition of every full name, in order; `other` where no list knows it or there is no name."""
    asked = pl.DataFrame({"name": names.unique()}).drop_nulls()
    words = (
        asked.with_columns(word=pl.col("name").str.to_uppercase().str.extract_all(r"[A-Z]+"))
        .filter(pl.col("word").list.len() > 0)
        .explode("word")
        .with_columns(at=pl.int_range(pl.len()).over("name"), left=pl.len().over("name"))
    )
    first, last = pl.col("at") == 0, pl.col("at") == pl.col("left") - 1
    whole = words.join(_rules(), left_on="word", right_on="text").filter(
        (pl.col("part") == "word")
        | ((pl.col("part") == "first") & first)
        | ((pl.col("part") == "last") & last)
    )
    found = pl.concat([whole.select("name", "at", "rank", "points"), _by_affix(words)])
    best = (
        found.group_by("name", "at", "rank")
        .agg(pl.col("points").max())
        .group_by("name", "rank")
        .agg(pl.col("points").sum())
        .sort("points", "rank", descending=[True, False])
        .unique("name", keep="first", maintain_order=True)
    )
    called = best.select(
        "name", tradition=pl.col("rank").replace_strict(dict(enumerate(TRADITIONS)), return_dtype=pl.String)
    )
    joined = pl.DataFrame({"name": names}).join(called, on="name", how="left", maintain_order="left")
    return joined["tradition"].fill_null(OTHER)


def _by_affix(words: pl.DataFrame) -> pl.DataFrame:
    """`name, at, rank, points` by how words begin and end."""
    affixes = _rules().filter(pl.col("part").is_in(["beginning", "ending"]))
    pairs = words.select("word").unique().join(affixes, how="cross")
    word, text = pl.col("word"), pl.col("text")
    fits = (
        pl.when(pl.col("part") == "ending")
        .then(word.str.ends_with(text))
        .otherwise(word.str.starts_with(text))
    )
    long = word.str.len_chars() >= text.str.len_chars() + _SHORTEST_STEM
    return words.join(pairs.filter(fits & long), on="word").select("name", "at", "rank", "points")
