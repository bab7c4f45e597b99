"""The word lists of the layer, which are data: `schemas/words`, `schemas/names` and `schemas/codes`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl


@cache
def word_list(folder: str, name: str) -> pl.DataFrame:
    """The list `schemas/<folder>/<name>.csv`, all columns as text, an empty field as null."""
    return pl.read_csv((files("schemas") / folder / f"{name}.csv").read_bytes(), infer_schema=False)


@cache
def nothing() -> pl.Series:
    """What people write who have nothing to write, as upper-case letters and digits only ("TIDAKADA")."""
    return word_list("words", "nothing")["text"].str.replace_all("[^A-Z0-9]", "").unique(maintain_order=True)
