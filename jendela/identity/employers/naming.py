"""An employer's name taken apart: its core, another name it bears, its legal form, and which of its sites.

`PT. MAJU JAYA TEKSTIL (PERSERO) Tbk, Cabang Bogor` is the core `MAJU JAYA TEKSTIL`, the form PT, a branch, at
`BOGOR`. Source: DOMAIN 3.6 (E13); the word lists are data, see `lists`.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from jendela.identity.employers.lists import alternatives, places, word_list
from jendela.identity.employers.spelling import unify

PARTS = ("name", "other_name", "form", "site", "site_place", "site_number")
_QUOTES = r"[’‘'`´ʼ\"“”]"
_REGENCY = r"(?:KAB |KABUPATEN |KOTA )?"


def core_name(name: pl.Expr) -> pl.Expr:
    """The name without legal form, site, other name and punctuation; null where nothing is left."""
    return _words(_without_site(_without_lead(_segments(_alone(_plain(name))))))


def name_parts(names: pl.Series) -> pl.DataFrame:
    """One row per distinct name as written, in column `employer_name`; text columns of `PARTS`.

    `name` is the core, `other_name` that of "d/h" (formerly) or "t/a" (trading as); `form` is the family of
    legal forms within which names are compared (null: not said, or it says nothing); `site` is `head` or
    `branch`, `site_place` and `site_number` what is said of it.
    """
    frame = names.drop_nulls().unique().sort().rename("employer_name").to_frame()
    if frame.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("employer_name", *PARTS), pl.String))
    frame = frame.with_columns(plain=_plain(pl.col("employer_name")))
    frame = frame.with_columns(said=_segments(_alone(pl.col("plain"))))
    frame = frame.with_columns(bare=_without_lead(pl.col("said")))
    found = [pl.col("bare").str.extract_groups(pattern) for pattern in _sites()]
    mark, rest = (pl.coalesce(groups.struct.field(place) for groups in found) for place in ("2", "3"))
    named = pl.col("bare").str.extract(rf"[|,] ?{_REGENCY}({places()})$")
    rest = unify(rest.str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars())
    name = _words(_without_site(pl.col("bare")))
    other = _words(_without_site(_without_lead(_segments(_other(pl.col("plain"))))))
    return frame.select(
        "employer_name",
        name=name,
        other_name=pl.when(other != name).then(other),
        form=_form(pl.col("said")),
        site=mark.str.replace_all(r"\s+", " ").replace_strict(_kinds(), default=None, return_dtype=pl.String),
        site_place=_place(pl.coalesce(rest, named)),
        site_number=rest.str.extract(r"(?:^| )(?:NO )?0*(\d+|[A-Z])(?: |$)"),
    )


def _plain(raw: pl.Expr) -> pl.Expr:
    """Upper case without marks, quotes and the dots of abbreviated forms and initials."""
    text = raw.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    text = text.str.replace_all("&AMP;", "&", literal=True).str.replace_all(_QUOTES, "")
    text = text.str.replace_all(r"[&+]", " DAN ").str.replace_all(r"\s+", " ").str.strip_chars()
    for first, second in _two_letter_forms():
        text = text.str.replace_all(rf"\b{first}\. ?{second}\b\.?", f"{first}{second} ")
        text = text.str.replace(rf"^{first} {second} ", f"{first}{second} ")
        text = text.str.replace(rf"([ ,]){first} {second}$", f"${{1}}{first}{second}")
    # A.B.C. is ABC; a lone initial stays a word.
    text = text.str.replace_all(r"\b([A-Z])\. ?([A-Z])\. ?([A-Z])\b\.?", "${1}${2}${3}")
    return text.str.replace_all(r"\b([A-Z])\. ?([A-Z])\b\.?", "${1}${2}")


def _alone(plain: pl.Expr) -> pl.Expr:
    """Without the other name and without those on whose behalf the employer acts."""
    alone = plain.str.replace(_aside("former", "trade", "behalf"), "${1}")
    # PT Ex Libris: a form alone is no name.
    return (
        pl.when(_without_lead(alone.str.replace_all(r"[^A-Z0-9]+", " ")) == "").then(plain).otherwise(alone)
    )


def _other(plain: pl.Expr) -> pl.Expr:
    return plain.str.extract(_aside("former", "trade"), 2)


def _segments(text: pl.Expr) -> pl.Expr:
    """Words and figures; a bar where a bracket or a dash parts them, commas kept."""
    text = text.str.replace_all(r"[()\[\]{};]| [-–—]+ ?|[-–—]+ |\s*[-–—]$", " | ")
    text = text.str.replace_all(r"(\d)\.(\d)", "${1}${2}").str.replace_all(r"[^A-Z0-9|,]+", " ")
    text = text.str.replace_all(rf"\b(?:{_written('note')})\b", "")
    return text.str.replace_all(r"\s*,\s*", ", ").str.replace_all(r"\s+", " ").str.strip_chars(" ,|")


def _without_lead(text: pl.Expr) -> pl.Expr:
    return text.str.replace(rf"^(?:(?:{_forms('any', 'end')})\b[ |,]*)+", "")


def _without_site(bare: pl.Expr) -> pl.Expr:
    for pattern in _sites():
        bare = bare.str.replace(pattern, "${1}")
    return bare.str.replace(rf"[|,] ?{_REGENCY}(?:{places()})$", "")


def _words(text: pl.Expr) -> pl.Expr:
    """The first segment that is not a form, in canonical words; initials joined."""
    text = text.str.replace_all(rf"\b(?:{_forms('any')})\b", " ")
    text = text.str.replace_all(r"(?:[|,] *)+$|^(?: *[|,])+", "").str.strip_chars()
    text = text.str.replace(rf"(?:^|[ |,])(?:(?:{_forms('any', 'end')})[ |,]*)+$", "")
    text = text.str.replace(r"\|.*$", "").str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars()
    text = text.str.replace_all(r"\b([A-Z]) ([A-Z]) ([A-Z])\b", "${1}${2}${3}")
    text = unify(text.str.replace_all(r"\b([A-Z]) ([A-Z])\b", "${1}${2}"))
    return pl.when(text != "").then(text)


def _form(said: pl.Expr) -> pl.Expr:
    written = pl.coalesce(
        said.str.extract(rf"^({_forms('any', 'end')})\b"),
        said.str.extract(rf"\b({_forms('any')})\b"),
        said.str.extract(rf"[ |,]({_forms('any', 'end')})$"),
    )
    return form_family(written.str.replace_all(r"\s+", " "))


def form_family(written: pl.Expr) -> pl.Expr:
    """The family of a legal form as written or as a code of `legal_form`; null where it says nothing."""
    listed = word_list("forms").select("written", "family").drop_nulls()
    return written.replace_strict(listed["written"], listed["family"], default=None, return_dtype=pl.String)


def _place(rest: pl.Expr) -> pl.Expr:
    place = rest.str.replace_all(r"\b(?:KAB|KABUPATEN|KOTA|KODYA|DI|NO|\w*\d\w*|[A-Z])\b", " ")
    place = place.str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(place != "").then(place)


@cache
def _sites() -> tuple[str, str, str]:
    """Patterns with three groups: what stands before the mark, the mark, the rest.

    A weak mark is also an ordinary word of names (GUDANG GARAM): it counts behind a dash or bracket, or
    before a number or a place.
    """
    weak = _written("head-weak", "branch-weak")
    where = rf"(?:NO )?(?:\d+|[A-Z])\b[^|]*|{_REGENCY}(?:{places()})\b[^|]*"
    return (
        rf"^([A-Z0-9].*?)[ |,]+({_written('head', 'branch')})\b[ |]*([^|]*)(?:\|.*)?$",
        rf"^([A-Z0-9].*?)[|,] ?({weak})\b ?([^|]*)(?:\|.*)?$",
        rf"^([A-Z0-9].*?) ({weak}) ({where})(?:\|.*)?$",
    )


@cache
def _kinds() -> dict[str, str]:
    return {mark: kind.removesuffix("-weak") for mark, kind, _ in word_list("marks").iter_rows()}


@cache
def _written(*kinds: str) -> str:
    return alternatives(word_list("marks").filter(pl.col("kind").is_in(kinds))["written"].to_list())


@cache
def _aside(*kinds: str) -> str:
    """Groups: the name proper, which is more than a form, and the name behind the mark."""
    lead = rf"(?:(?:{_forms('any', 'end')})\b[ .,]*)*"
    return rf"^({lead}[A-Z0-9].*?)[ (,|-]+(?:{_written(*kinds)})[ .:,]+(.*)$"


@cache
def _forms(*where: str) -> str:
    return alternatives(word_list("forms").filter(pl.col("place").is_in(where))["written"].to_list())


@cache
def _two_letter_forms() -> list[tuple[str, str]]:
    return [(form[0], form[1]) for form in word_list("forms")["written"] if re.fullmatch("[A-Z]{2}", form)]
