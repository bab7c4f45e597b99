"""Sex as a number, 1 man and 2 woman, from words and codes; the words are data in `schemas/words/sex.csv`.

Three codes mean what the rest of their register makes of them:

- `P` is *perempuan*, a woman, beside `L`; in a register of `P` and `W` it is *pria*, a man.
- `M` is *male* beside `F`, and a man beside `W`; otherwise it stays null.
- `1` and `2` are man and woman (ISO/IEC 5218, as is 0 or 9 for unknown). In a register that has 0 but no 2,
  0 and 1 are somebody's own code, and stay null.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.standard.distinct import by_distinct
from jendela.identity.standard.lists import word_list


def sex(raw: pl.Series) -> pl.Series:
    """Int8 per row of `raw`, in its order: 1 man, 2 woman, null where not told or not certain.

    `raw` is a whole column of one register: its other codes decide what `P`, `M` and `1` mean.
    """
    return by_distinct(raw, _read)["sex"]


def _read(texts: pl.Series) -> pl.DataFrame:
    code = texts.str.to_uppercase().str.strip_suffix(".0").str.replace_all("[^A-Z0-9]", "")
    used = set(code.drop_nulls())
    words = word_list("words", "sex")
    meaning = dict(zip(words["text"], words["sex"].cast(pl.Int8), strict=True))
    meaning["P"] = 1 if "W" in used and "L" not in used else 2
    if {"F", "W"} & used:
        meaning["M"] = 1
    if "0" not in used or "2" in used:
        meaning |= {"1": 1, "2": 2, "01": 1, "02": 2}
    read = code.replace_strict(meaning, default=None, return_dtype=pl.Int8)
    return read.alias("sex").to_frame()
