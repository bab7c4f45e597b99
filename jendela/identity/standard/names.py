"""Personal names as comparable tokens: titles, particles, common variants and joined words resolved.

One name is one field, never "first" and "last": half of the people have one word, some have a clan name,
titles come and go with the register. Source: DOMAIN 3.1 to 3.3; the word lists are data in `schemas/names/`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import polars as pl

from jendela.identity.standard.lists import nothing
from jendela.identity.standard.odd import mend


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


_PARTICLES = "BIN|BINTI|BINTE|BTE|BT|BR|BORU|ALIAS|ALS|AKA|QQ|A N|D A|D H"
_ALIAS = r"\s+(ALIAS|ALS|AKA|QQ|[AD]/[ANH])\b.*$"
# Letters that carry their mark inside.
_MARKED = {"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Þ": "TH", "Æ": "AE", "Œ": "E"}
# Digits that are read, and typed, for letters: inside a word they are no number of anything.
_LOOKS_LIKE = {"0": "O", "1": "I", "5": "S", "8": "B"}
# A filler of fewer letters may be a name.
_SHORTEST_FILLER = 3


@cache
def _filler() -> str:
    """What is written where there is no name, with blanks anywhere."""
    fillers = (text for text in nothing() if len(text) >= _SHORTEST_FILLER)
    return f"^(?:{'|'.join(' ?'.join(text) for text in fillers)})$"


@cache
def _special() -> str:
    """What a cleaned name may hold that more than its words must be looked at for."""
    titles = rf"^(?:{_titles('lead')}) |^F X | (?:{_titles('tail')})$"
    return rf"{titles}| (?:{_PARTICLES})(?: |$)|{_filler()}"


def given_names(raw: pl.Series) -> pl.Series:
    """The bearer's own name: upper-case A–Z tokens, without titles, father's name (bin, binti) or alias.

    Null where nothing is left. Only names that hold a title, a particle, a comma, a digit or a letter beyond
    A–Z take the slow way.
    """
    upper = raw.rename("raw").str.to_uppercase()
    plain = mend(upper, upper.str.contains("[^A-Z ]|  |^ | $"), _letters_alone)
    frame = pl.DataFrame({"raw": upper, "plain": plain})
    odd = pl.col("raw").str.contains(r"[^A-Z .]") | pl.col("plain").str.contains(_special())
    frame = frame.with_columns(odd.fill_null(value=False).alias("odd"))
    slow = frame.filter("odd").select(given_name(pl.col("raw")).alias("name"))["name"]
    name = frame["plain"].scatter(frame["odd"].arg_true(), slow) if len(slow) else frame["plain"]
    return name.to_frame("name").select(pl.when(pl.col("name") != "").then(pl.col("name")))["name"]


def _letters_alone(name: pl.Expr) -> pl.Expr:
    return name.str.replace_all("[^A-Z]+", " ").str.strip_chars(" ")


def given_name(raw: pl.Expr) -> pl.Expr:
    """The same as an expression over any name: the slow way; empty where nothing is left."""
    name = raw.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    name = name.str.replace_many(_MARKED).str.replace_all(r"[()\[\]]", " ")
    for digit, letter in _LOOKS_LIKE.items():
        name = name.str.replace_all(f"([A-Z]){digit}([A-Z])", f"${{1}}{letter}${{2}}")
    name = name.str.replace_all(r"^[^A-Z]+|[’‘'`´ʼ0-9]", "").str.replace(_ALIAS, "").str.replace(r"^N/A$", "")
    name = name.str.replace(rf"[,\s]+(?:(?:{_titles('tail')})(?:[.,\s]+|$))+$", "")
    name = name.str.replace_all(r"[^A-Z]+", " ").str.strip_chars()
    # H. M. Yusuf: what follows may begin with initials, but must have a word.
    name = name.str.replace(rf"^(?:(?:{_titles('lead')}) )+((?:[A-Z]{{1,2}} )*[A-Z]{{3,}}.*)$", "${1}")
    name = name.str.replace(r" (?:BIN|BINTI|BINTE|BTE|BT) .*$", "")
    name = name.str.replace(r" (?:BR|BORU) ", " ").str.replace(r"^F X ", "FX ")
    return name.str.replace(_filler(), "")


@cache
def leading() -> dict[str, str]:
    """Short forms that in the first place of several words are a convention: M is Muhammad, ST Siti."""
    return dict(word_list("leading").select("token", "canonical").iter_rows())


def unify(token: pl.Expr) -> pl.Expr:
    """A token with its common variants made one (MOCH and MOHAMAD are MUHAMMAD); several where it joins words
    that are written apart elsewhere (ABDURRAHMAN, NURHAYATI, SRIWAHYUNI), parted by blanks.
    """
    # Dutch vowels: Soeharto, Arief, Noor.
    token = token.str.replace_many(["OE", "IE"], ["U", "I"]).str.replace(r"^NOOR", "NUR")
    variants = {
        variant: canonical
        for canonical, listed in word_list("variants").iter_rows()
        for variant in listed.split(" ")
    }
    token = token.replace(variants)
    # Abdurrahman, Abdulrahman and Abdul Rahman are one; Abdullah is one word.
    token = token.str.replace(r"^ABD[UO]L+[AO]H?$", "ABDULAH")
    token = token.str.replace(r"^ABD[UO]([RSNZDTJ])[RSNZDTJ]?(Y?[AEIOU][A-Z]{2,})$", "ABDUL ${1}${2}")
    token = token.str.replace(r"^ABDUL([A-Z]{3,})$", "ABDUL ${1}")
    # Nurohman is Nur Rohman.
    token = token.str.replace(r"^NUR(O(?:H|CH|KH)MA[NT]|A(?:H|CH|KH)MAN)$", "NUR R${1}")
    joined = "([B-DF-HJ-NP-TV-Z][A-Z]{3,}|A[A-Z]{4,})$"
    token = token.str.replace(rf"^(NUR|SRI|SITI){joined}", "${1} ${2}")
    return token.str.replace(rf"^(SITI|SRI) NUR{joined}", "${1} NUR ${2}")
