"""How Indonesian name tokens sound: equivalence keys over old spelling, Arabic transliteration and dialect.

A key is for comparing and blocking, never for display. Source: the orthographies of 1901, 1947 and 1972, and
the transliteration habits of DOMAIN 3.2. Each function takes an expression of upper-case A–Z tokens joined by
single blanks and keeps their number and order.
"""

from __future__ import annotations

from string import ascii_uppercase

import polars as pl

DOUBLES = [letter * 2 for letter in ascii_uppercase]
SINGLES = list(ascii_uppercase)
# Old digraphs and transliterations that write one sound. J is not turned into Y before a vowel is known to
# follow: Joko stays apart from Yoko only in spelling, so both end as J.
DIGRAPHS = {
    "DJ": "J",
    "TJ": "C",
    "SJ": "S",
    "SY": "S",
    "SH": "S",
    "KH": "K",
    "CH": "K",
    "GH": "G",
    "PH": "P",
    "TH": "T",
    "DH": "D",
    "DZ": "J",
    "TS": "S",
}
LETTERS = {"X": "KS", "Q": "K", "F": "P", "V": "P", "Z": "J", "Y": "J", "W": "U"}


def _replace(tokens: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return tokens.str.replace_many(list(table), list(table.values()))


def _single(tokens: pl.Expr) -> pl.Expr:
    """Each run of one letter as that letter (twice, because the pairs of a run of three overlap)."""
    return tokens.str.replace_many(DOUBLES, SINGLES).str.replace_many(DOUBLES, SINGLES)


def spelling(tokens: pl.Expr) -> pl.Expr:
    """The tokens with old digraphs, transliterations and doubled letters made one; vowels kept."""
    folded = tokens.str.replace_many(["OE"], ["U"]).str.replace_all(
        r"([A-Z])[KC]H", "${1}H"
    )  # aCHmad, raCHmah: the H falls silent below
    # SY is one sound before a vowel (Syarif), not in Desy and Sylvia.
    folded = folded.str.replace_all(r"SY(\b|[B-DF-HJ-NP-TV-XZ])", "SI${1}")
    folded = _replace(_replace(folded, DIGRAPHS), LETTERS)
    folded = _single(folded.str.replace_all(r"\BH", ""))
    folded = folded.str.replace_all(r"I?J([AIUEO])", "J${1}").str.replace_all(r"I([AUEO])", "J${1}")
    # A Y between consonants or at the end is a vowel: Nurylah, Desy.
    folded = folded.str.replace_all(r"([^AIUEO ])J\b", "${1}I").str.replace_all(
        r"([^AIUEO ])J([^AIUEO ])", "${1}I${2}"
    )
    return folded.str.replace_all(r"[DT]\b", "T")


def sound(tokens: pl.Expr, vowel_o: str) -> pl.Expr:
    """The phonetic key of tokens already in `spelling`, with O heard as `vowel_o`.

    Javanese swaps A and O (Wibawa, Wibowo), Arabic names O and U (Sofyan, Supian): two tokens sound alike
    when either key agrees. A final A or U is one sound, as Prasetya and Prasetyo show.
    """
    folded = tokens.str.replace_all("E", "I", literal=True).str.replace_all("O", vowel_o, literal=True)
    return _single(folded.str.replace_all(r"[AU]\b", "A"))


def skeleton(tokens: pl.Expr) -> pl.Expr:
    """The consonants of tokens in `spelling`, behind the class of a leading vowel; for blocking only.

    It is the same for every pair that either `sound` key unites, and for inserted vowels (Slamet, Selamet).
    """
    folded = tokens.str.replace_all(r"\b[AUO]", "1").str.replace_all(r"\b[EI]", "2")
    return _single(folded.str.replace_all(r"[AIUEO]", ""))
