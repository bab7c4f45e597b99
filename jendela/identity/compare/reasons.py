"""The grades of a pair as reason codes: what a reviewer, an explanation and a links file say in words.

The words are in the message catalogue, under `reason.<code>`.
"""

from __future__ import annotations

import polars as pl

_NAMES = {6: "same", 5: "spelt", 4: "compatible", 3: "slipped", 2: "partly", 1: "undecided", 0: "different"}
_SAME = {1: "same", 0: "different"}
_SHARED = {3: "same_rare", 2: "same", 1: "same_common", 0: "different"}
CODES: dict[str, dict[int, str]] = {
    "name": _NAMES,
    "nik": {
        9: "same",
        8: "stem",
        7: "slip",
        6: "dated",
        5: "neighbour",
        4: "next_door",
        3: "same_day",
        2: "region",
        1: "different",
    },
    "birth": {5: "same", 4: "by_nik", 3: "slip", 2: "near", 1: "year", 0: "different"},
    "sex": _SAME,
    "mother": _NAMES,
    "phone": _SHARED,
    "email": _SAME,
    "kpj": _SAME,
    "place": _SHARED,
    "residence": {
        8: "address",
        7: "alike",
        6: "crowded",
        5: "rare",
        4: "regency",
        3: "moved_rare",
        2: "moved",
        1: "elsewhere",
        0: "other",
    },
    "employer": _SHARED,
}


def shared_number() -> pl.Expr:
    """The finding of a pair that is apart though it shares a number: `shared_nik`, `shared_kpj`, or null."""
    nik = (pl.col("nik_grade") == max(CODES["nik"])).fill_null(value=False)
    kpj = (pl.col("kpj_grade") == 1).fill_null(value=False)
    return pl.when(nik).then(pl.lit("shared_nik")).when(kpj).then(pl.lit("shared_kpj"))


def reasons(leading: pl.Expr) -> pl.Expr:
    """The JSON list of the reason codes of an evidence row; `leading` comes first where it is not null."""
    codes = [
        pl.col(f"{field}_grade").replace_strict(
            {grade: f"{field}_{code}" for grade, code in grades.items()}, default=None, return_dtype=pl.String
        )
        for field, grades in CODES.items()
    ]
    return pl.format('["{}"]', pl.concat_str(leading, *codes, separator='","', ignore_nulls=True))
