"""How the words of employers' names are spelt: abbreviations, old orthography, doubled letters, joined words.

Each function takes an expression of upper-case tokens (A-Z, 0-9) joined by single blanks, or a frame of
distinct names. A spelling is for comparing, never for display.
"""

from __future__ import annotations

from functools import cache
from string import ascii_uppercase

import polars as pl

from jendela.identity.employers.lists import word_list

# One sound each: the orthographies of 1901 and 1947, Arabic and foreign spellings. Y becomes J because the J
# of Djaja is today's Y and that of Djakarta is not.
SOUNDS = (
    (("OE", "TJ", "DJ", "NJ", "SJ"), ("U", "C", "J", "NY", "SY")),
    (("SY", "SH", "KH", "PH", "TH", "DH", "GH", "CK"), ("S", "S", "K", "P", "T", "D", "G", "K")),
    (("F", "V", "Z", "X", "Q", "Y"), ("P", "P", "J", "KS", "K", "J")),
    (tuple(letter * 2 for letter in ascii_uppercase), tuple(ascii_uppercase)),
    (("IJ",), ("J",)),
)
# Of words outside the list, one employer in so many has them, by their length: short ones are initials.
RARE = {4: 2e-5, 5: 5e-6}
RAREST = 2e-6
# The words of one name attract each other: Sumber seeks Rejeki. The product of their shares is damped so.
ATTRACTION = 0.85
ORDINARY = 0.004  # from this share on, a word tells hardly anybody
EDGE = 6  # consonants at either end of a name that a slip at the other end leaves whole


def unify(name: pl.Expr) -> pl.Expr:
    """The tokens with written variants made one (SEJ is SEJAHTERA, RUMAH SAKIT is RS), fillers left out."""
    single, several = _variants()
    padded = pl.concat_str(pl.lit(" "), name.str.replace_all(" ", "  "), pl.lit(" "))
    dropped = word_list("words").filter(pl.col("kind") == "dropped")["word"].to_list()
    for written, canonical in several.items():
        padded = padded.str.replace_all(f" {written.replace(' ', '  ')} ", f" {canonical} ", literal=True)
    padded = padded.str.replace_many(
        [f" {word} " for word in single], [f" {word} " for word in single.values()]
    )
    padded = padded.str.replace_many([f" {word} " for word in dropped], [" "] * len(dropped))
    return padded.str.replace_all(r"\s+", " ").str.strip_chars()


def spelt(name: pl.Expr) -> pl.Expr:
    """The tokens as they sound, vowels kept: Tjahaja Djaja and Cahaya Jaya are one."""
    for written, heard in SOUNDS:
        name = name.str.replace_many(list(written), list(heard))
    return name.str.replace_all(r"I([AUO])", "J${1}")


def name_forms(names: pl.Series) -> pl.DataFrame:
    """One row per distinct name: what is compared and blocked on.

    Columns: `name`; `words` (as spelt, sorted), `known_words` (those on the list), `light` (those often left
    out), `telling` (those that are not ordinary; all where none is), `figures` (tokens with a digit),
    `joined` (as spelt, without blanks), `letters` (its consonants, sorted: the same for joined words and
    another order), `first` and `last` (consonants at either end), `share` (of employers taken to bear the
    name), `rarest` (its least common word).
    """
    frame = names.drop_nulls().unique().sort().rename("name").to_frame()
    frame = frame.with_columns(spelt(pl.col("name")).alias("spelt"))
    words = frame.select("name", word=pl.col("spelt").str.split(" ")).explode("word")
    words = words.join(_shares(), on="word", how="left", maintain_order="left")
    length = pl.col("word").str.len_chars()
    unlisted = pl.when(length <= 4).then(RARE[4]).when(length == 5).then(RARE[5]).otherwise(RAREST)
    words = words.with_columns(pl.col("share").fill_null(unlisted), known=pl.col("share").is_not_null())
    by_name = words.group_by("name", maintain_order=True).agg(
        words=pl.col("word").sort(),
        known_words=pl.col("word").filter("known").sort(),
        light=pl.col("word").filter("light"),
        figures=pl.col("word").filter(pl.col("word").str.contains(r"\d")).sort(),
        share=pl.col("share").product() ** ATTRACTION,
        rare=pl.col("word").filter(pl.col("share") < ORDINARY).unique().sort(),
        rarest=pl.col("word").sort_by("share", "word").first(),
    )
    # The doubled letter of Sumber Rejeki shows only where the two are written apart.
    joined = pl.col("spelt").str.replace_all(" ", "").str.replace_many(list(SOUNDS[3][0]), list(SOUNDS[3][1]))
    bones = _consonants(joined, r"\B[AEIOU]")
    letters = _consonants(joined, "[AEIOU]").str.split("").list.sort().list.join("")
    frame = frame.with_columns(
        joined=joined,
        letters=letters.str.slice(0, 60),
        first=bones.str.slice(0, EDGE),
        last=bones.str.slice(-EDGE),
    )
    found = frame.drop("spelt").join(by_name, on="name", how="left", maintain_order="left")
    telling = pl.when(pl.col("rare").list.len() > 0).then("rare").otherwise("words")
    return found.with_columns(telling=telling).drop("rare")


def word_shares(names: pl.Series) -> pl.DataFrame:
    """`word, share`: how many of these core names have each word, to count the list again from a register."""
    words = names.drop_nulls().to_frame("name").with_row_index("row")
    words = words.select("row", word=pl.col("name").str.split(" ")).explode("word").unique()
    counted = words.group_by("word").agg(share=pl.len() / max(names.len() - names.null_count(), 1))
    return counted.sort("share", "word", descending=[True, False])


def _consonants(joined: pl.Expr, vowels: str) -> pl.Expr:
    """Without these vowels, unless next to nothing is left."""
    bare = joined.str.replace_all(vowels, "")
    return pl.when(bare.str.len_chars() < 4).then(joined).otherwise(bare)


@cache
def _variants() -> tuple[dict[str, str], dict[str, str]]:
    """Single words, and phrases longest first, to their canonical word."""
    pairs = [
        (variant.replace("+", " "), canonical)
        for canonical, variants in word_list("variants").iter_rows()
        for variant in variants.split()
    ]
    phrases = sorted((pair for pair in pairs if " " in pair[0]), key=lambda pair: -len(pair[0]))
    return {written: word for written, word in pairs if " " not in written}, dict(phrases)


@cache
def _shares() -> pl.DataFrame:
    """`word` as spelt, `share`, `light`; of words that sound alike the commonest."""
    listed = word_list("words").filter(pl.col("share").is_not_null())
    heard = listed.select(
        word=spelt(pl.col("word")),
        share=pl.col("share").cast(pl.Float64),
        light=pl.col("kind").eq_missing("light"),
    )
    return heard.sort("share", descending=True).unique("word", keep="first", maintain_order=True)
