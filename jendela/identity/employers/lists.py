"""The word lists of employers' names: data in `schemas/names/employer_*.csv` and `schemas/codes/`.

An office that meets a spelling that is missing adds a line there; `rules` then differs, and the next night
judges all employers again.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files

import polars as pl

LISTS = ("forms", "marks", "variants", "words")
# Changes whenever the same input would be judged differently by other code.
CODE = "1"
_KIND_OF_REGENCY = r"^(?:KABUPATEN|KOTA)(?: ADMINISTRASI)? "


@cache
def word_list(name: str) -> pl.DataFrame:
    """The list `schemas/names/employer_<name>.csv`, all columns as text."""
    return pl.read_csv(_bytes("names", f"employer_{name}"), infer_schema=False)


@cache
def rules() -> str:
    """What judges employers: the version of the code and a digest of the lists."""
    lists = [_bytes("names", f"employer_{name}") for name in LISTS]
    lists += [_bytes("codes", "region_regency"), _bytes("codes", "region_alias")]
    return f"{CODE}-{hashlib.sha256(b''.join(lists)).hexdigest()[:12]}"


@cache
def areas() -> pl.DataFrame:
    """`code, area, place`: the regencies of every vintage, with the code of today's area and its bare name.

    Kabupaten and kota of one name are one area: clerks mix them up, and most factories of Kota Bekasi say
    that they are in Bekasi.
    """
    regency = pl.read_csv(_bytes("codes", "region_regency"), infer_schema=False)
    place = pl.col("name").str.to_uppercase().str.replace(_KIND_OF_REGENCY, "")
    known = regency.select("code", place.alias("place"), pl.col("province_code"))
    known = known.with_columns(pl.col("code").min().over("province_code", "place").alias("area"))
    alias = pl.read_csv(_bytes("codes", "region_alias"), infer_schema=False)
    old = alias.select(code="old_code", new="new_code").join(known, left_on="new", right_on="code")
    old = old.filter(~pl.col("code").is_in(known["code"].implode()))
    return pl.concat([known.select("code", "area", "place"), old.select("code", "area", "place")])


@cache
def places() -> str:
    """A pattern of the bare names of all regencies, longest first."""
    return alternatives(areas()["place"].unique().to_list())


def alternatives(written: list[str]) -> str:
    """A pattern of these texts, longest first; a blank stands for any run of blanks."""
    longest_first = sorted(written, key=lambda text: (-len(text), text))
    return "|".join(re.escape(text).replace(r"\ ", r"\s+") for text in longest_first)


def _bytes(folder: str, name: str) -> bytes:
    return (files("schemas") / folder / f"{name}.csv").read_bytes()
