"""Why a national identifier is, or is no, NIK."""

from __future__ import annotations

import polars as pl

KINDS = (
    "ok",
    "missing",
    "placeholder",
    "scientific",  # 3.17E+15, or eight zeros at the end
    "zeroed",  # serial 0000: the last digit was lost in a spreadsheet
    "short",  # 14 or 15 digits behind a known province
    "long",  # 17 to 19 digits behind a known province
    "family_card",  # the date is one of issue
    "bad_date",
    "bad_age",  # a woman's date that makes nobody of working age
    "bad_region",
    "foreign",  # none of these: an identifier of another kind
)
KIND = pl.Enum(KINDS)
CODE = {kind: code for code, kind in enumerate(KINDS)}
