"""Personal names as comparable tokens: titles, particles, common variants and joined words resolved.

One name is one field, never "first" and "last": half of the people have one word, some have a clan name,
titles come and go with the register. Source: DOMAIN 3.1 to 3.3; the word lists are data in `schemas/names/`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import polars as pl

from jendela.identity.sounds import skeleton, sound, spelling

# Tokens outside the list are taken to be this rare: one bearer in so many people.
RARE_TOKEN = 2000
# Tokens of one name are not independent, and the people of one region and factory share their names: no full
# name counts as rarer than this.
RAREST_NAME = 1e-5
COMMONEST_NAME = 1e-2


@cache
def word_list(name: str) -> pl.DataFrame:
    """The word list `schemas/names/<name>.csv`, all columns as text."""
    return pl.read_csv((files("schemas") / "names" / f"{name}.csv").read_bytes(), infer_schema=False)


@cache
def _titles(position: str) -> str:
    """A pattern of all titles of one position; dots and blanks inside a title are optional."""
    titles = word_list("titles").filter(pl.col("position") == position)["title"].to_list()
    longest_first = sorted(titles, key=len, reverse=True)
    return "|".join(re.escape(title).replace(r"\.", r"\.?\s?").replace(r"\ ", " ") for title in longest_first)


def given_name(raw: pl.Expr) -> pl.Expr:
    """The bearer's own name: upper-case A–Z tokens, without titles, father's name (bin, binti) or alias."""
    name = raw.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    name = name.str.replace_all(r"[’‘'`´ʼ0-9]", "").str.replace(r"\s+(ALIAS|A/N|QQ|D/A)\b.*$", "")
    name = name.str.replace(rf"[,\s]+(?:(?:{_titles('tail')})(?:[.,\s]+|$))+$", "")
    name = name.str.replace_all(r"[^A-Z]+", " ").str.strip_chars()
    name = name.str.replace(rf"^(?:(?:{_titles('lead')}) )+([A-Z]{{3,}}.*)$", "${1}")
    name = name.str.replace(r" (?:BIN|BINTI|BINTE|BTE|BT) .*$", "")
    return name.str.replace(r" (?:BR|BORU) ", " ")


def unify(name: pl.Expr) -> pl.Expr:
    """The tokens of a given name with their common variants made one (Moch. and Mohamad are MUHAMMAD)."""
    # Dutch vowels: Soeharto, Arief, Noor.
    name = name.str.replace_many(["OE", "IE"], ["U", "I"]).str.replace_all(r"\bNOOR", "NUR")
    name = name.str.replace(r"^FX\b", "FRANSISKUS XAVERIUS").str.replace(r"^ST ", "SITI ")
    name = name.str.replace(r"^(?:MD|M) ", "MUHAMMAD ")
    for canonical, variants in word_list("variants").iter_rows():
        name = name.str.replace_all(rf"\b(?:{variants.replace(' ', '|')})\b", canonical)
    # Abdurrahman, Abdulrahman and Abdul Rahman are one; Abdullah is one word.
    name = name.str.replace_all(r"\bABD[UO]L+AH?\b", "ABDULAH")
    name = name.str.replace_all(r"\bABD[UO]([RSNZDTJ])[RSNZDTJ]?([AEIOU][A-Z]{2,})\b", "ABDUL ${1}${2}")
    name = name.str.replace_all(r"\bABDUL([A-Z]{3,})\b", "ABDUL ${1}")
    return name.str.replace_all(r"\b(NUR|SRI|SITI)([B-DF-HJ-NP-TV-Z][A-Z]{3,}|A[A-Z]{4,})\b", "${1} ${2}")


def name_columns(names: pl.Series) -> pl.DataFrame:
    """One row per distinct raw name: what linkage compares and blocks on.

    Columns: `full_name` (as received), `name` (tokens by blanks; null when nothing is left), `tokens`,
    `sound_a`, `sound_u` (aligned lists), `weak` (aligned flags: a token often dropped), `head` (consonants of
    the first token that is not weak), `whole` (consonants of all tokens that are not weak: the same for
    joined words), `tf_name` (the share of people taken to bear the name).
    """
    weak_words = word_list("weak")["token"]
    distinct = names.drop_nulls().unique().rename("full_name").to_frame()
    frame = distinct.with_columns(unify(given_name(pl.col("full_name"))).alias("name"))
    frame = frame.with_columns(pl.when(pl.col("name") != "").then(pl.col("name")).alias("name"))
    frame = frame.with_columns(spelling(pl.col("name")).alias("spelling"))
    frame = frame.with_columns(
        pl.col("name").str.split(" ").alias("tokens"),
        sound(pl.col("spelling"), "A").str.split(" ").alias("sound_a"),
        sound(pl.col("spelling"), "U").str.split(" ").alias("sound_u"),
        skeleton(pl.col("spelling")).str.split(" ").alias("bones"),
    )
    tokens = (
        frame.select("full_name", "tokens", "bones")
        .filter(pl.col("tokens").is_not_null())
        .explode("tokens", "bones")
        .with_columns(pl.col("tokens").is_in(weak_words.implode()).alias("weak"))
        # In a name of nothing but weak tokens, none is.
        .with_columns((pl.col("weak") & ~pl.col("weak").all().over("full_name")).alias("weak"))
        .join(_shares(), left_on="tokens", right_on="token", how="left", maintain_order="left")
    )
    firm = pl.col("bones").filter(~pl.col("weak"))
    by_name = tokens.group_by("full_name", maintain_order=True).agg(
        pl.col("weak"),
        firm.first().alias("head"),
        firm.str.join("").alias("whole"),
        pl.col("share")
        .fill_null(1 / RARE_TOKEN)
        .product()
        .clip(RAREST_NAME, COMMONEST_NAME)
        .alias("tf_name"),
    )
    return frame.drop("spelling", "bones").join(by_name, on="full_name", how="left", maintain_order="left")


@cache
def _shares() -> pl.DataFrame:
    return word_list("frequencies").select("token", pl.col("share").cast(pl.Float64))
