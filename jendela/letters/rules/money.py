"""Amounts: not below the minimum of the law, sums that agree, multipliers (L-06, L-18, L-19, L-20)."""

from __future__ import annotations

import polars as pl

from jendela.law import Law
from jendela.letters.rules.context import BY_AGREEMENT, FIXED_TERM, LIVE, SEPARATION
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import multiplier, rupiah

ITEMS = (
    "severance_amount",
    "upmk_amount",
    "uph_amount",
    "separation_pay",
    "pkwt_compensation",
    "outstanding_wages",
    "thr",
    "other_amount",
)
"""What `total_gross` is the sum of, less `pension_offset` (PP 35/2021 Pasal 58)."""
LIVING = pl.col(LIVE)
AGREED = pl.col("agreed_below_minimum").fill_null(value=False)
HAIR = 1e-9  # below the precision of a multiplier, above the noise of binary fractions


def checks(law: Law) -> dict[str, Check]:
    """All of them; the minimum amounts are columns of the prepared frame."""
    return _minimum(law) | _sums(law)


def _minimum(law: Law) -> dict[str, Check]:
    """PP 35/2021 Pasal 15-17 and 40-59; what employer paid into a pension may be set off (Pasal 58)."""
    hair = law.readings.letters.sum_tolerance
    severance, upmk = _short_of("severance"), _short_of("upmk")
    together = severance + upmk - _amount("pension_offset").fill_null(0) > hair
    pkwt = (pl.col("pkwt_minimum").cast(pl.Float64) - _amount("pkwt_compensation").fill_null(0)).clip(0)
    short = {
        "severance": (severance > hair) & together,
        "upmk": (upmk > hair) & together,
        "pkwt": (pkwt > hair).fill_null(value=False),
    }
    owed = pl.col(SEPARATION) & ~pl.col(FIXED_TERM) & ~pl.col(BY_AGREEMENT)
    found = {
        f"L-06.{name}": Check(LIVING & broken & ~AGREED, {"minimum": rupiah(pl.col(f"{name}_minimum"))})
        for name, broken in short.items()
    }
    return found | {
        "L-06.agreed": Check(LIVING & AGREED & pl.any_horizontal(short.values())),
        "L-06.separation": Check(LIVING & owed & pl.col("separation_pay").is_null()),
        "L-20.severance": _multiplier("severance"),
        "L-20.upmk": _multiplier("upmk"),
    }


def _short_of(name: str) -> pl.Expr:
    """How much is missing, 0 where nothing is or no minimum is laid down; an amount not stated is none."""
    missing = pl.col(f"{name}_minimum").cast(pl.Float64) - _amount(f"{name}_amount").fill_null(0)
    return missing.clip(0).fill_null(0)


def _multiplier(name: str) -> Check:
    stated, least = pl.col(f"{name}_multiplier").cast(pl.Float64), pl.col(f"{name}_times")
    judged = LIVING & ~AGREED & pl.col(f"{name}_minimum").is_not_null()
    values = {"stated": multiplier(stated), "least": multiplier(least)}
    return Check(judged & (stated < least - HAIR), values)


def _sums(law: Law) -> dict[str, Check]:
    """The totals are those of their parts, to the rupiah."""
    hair = law.readings.letters.sum_tolerance
    parts = pl.sum_horizontal(_amount(name) for name in ITEMS) - _amount("pension_offset").fill_null(0)
    paid = _amount("total_gross") - _amount("tax_withheld").fill_null(0)
    return {
        "L-18": Check((_amount("total_gross") - parts).abs() > hair),
        "L-19": Check((_amount("total_net") - paid).abs() > hair),
    }


def _amount(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)
