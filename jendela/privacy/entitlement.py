"""What is left of a frame of canonical values when only what one recipient is entitled to is kept."""

from __future__ import annotations

import polars as pl

from jendela.contracts.entitlements import Entitlement

COPIED = "_copied"


def entitled(frame: pl.DataFrame, entitlement: Entitlement) -> pl.DataFrame:
    """`frame` with the recipient's fields only; columns that begin with `_` are the hub's own and stay.

    Where `_copied` is not true, the fields granted only in a copied letter are null.
    """
    kept = [name for name in frame.columns if name.startswith("_") or name in entitlement.visible]
    guarded = [name for name in kept if name in entitlement.if_copied]
    copied = pl.col(COPIED).fill_null(False) if COPIED in frame.columns else pl.lit(False)
    return frame.select(kept).with_columns(pl.when(copied).then(pl.col(name)).alias(name) for name in guarded)
