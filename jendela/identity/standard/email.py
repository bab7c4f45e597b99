"""E-mail addresses in one spelling, so that two ways to write one mailbox are equal.

Upper and lower case are one. Google's mail ignores dots and what follows a plus before the @; other providers
do not. Mistyped domains of the large providers are mended, and addresses that forms are filled with are null:
both are data in `schemas/words/mail.csv`.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from jendela.identity.standard.lists import word_list
from jendela.identity.standard.odd import mend

LONGEST = 80
_PART = r"[^@\s,;/<>:()]+"
ADDRESS = rf"{_PART}@{_PART}\.[a-z]{{2,}}"
GOOGLE = "@gmail.com"


def email(raw: pl.Series) -> pl.Series:
    """String per row of `raw`, in its order: the mailbox in lower case, null for fillers and what is none.

    Of several addresses in one field the first counts.
    """
    text = raw.cast(pl.String).alias("email").str.to_lowercase()
    text = mend(text, ~text.str.contains(f"^{ADDRESS}$"), _found)
    mistyped = _domains()
    text = mend(text, text.str.contains(f"@(?:{'|'.join(map(re.escape, mistyped))})$"), _mended)
    text = mend(text, text.str.ends_with(GOOGLE) & text.str.contains(r"[.+].*@"), _without_dots)
    none = text.str.contains(_fillers()) | (text.str.len_bytes() > LONGEST)
    return text.zip_with(~none, pl.Series([None], dtype=pl.String))


@cache
def _domains() -> dict[str, str]:
    """The mistyped domains with what they mean."""
    words = word_list("words", "mail").filter(~pl.col("means").is_in(["nothing", "nowhere"]))
    return dict(zip(words["text"], words["means"], strict=True))


@cache
def _fillers() -> str:
    words = word_list("words", "mail")
    nothing, nowhere = (
        "|".join(re.escape(text) for text in words.filter(pl.col("means") == means)["text"])
        for means in ("nothing", "nowhere")
    )
    return rf"^(?:[._+-]+|[0-9._+-]*(?:{nothing})[0-9._+-]*)@|@(?:{nowhere})$"


def _found(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s+@\s*|@\s+", "@").str.extract(f"({ADDRESS})")


def _mended(text: pl.Expr) -> pl.Expr:
    domain = text.str.extract("@(.*)$").replace(_domains())
    return text.str.extract("^(.*@)") + domain


def _without_dots(text: pl.Expr) -> pl.Expr:
    local = text.str.strip_suffix(GOOGLE).str.replace(r"\+.*$", "").str.replace_all(".", "", literal=True)
    return local + GOOGLE
