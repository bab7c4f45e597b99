"""How our own deliveries are known again: a row equal, field by field, to what we last delivered is no news.

Both sides are compared in the recipient's own words: what it took over from us may have lost decimals or
letters on the way (a coarser code, a name cut at 40 characters), and rendering both loses the same.
"""

from __future__ import annotations

import polars as pl

from jendela.contracts.delivery import DeliverySpec
from jendela.crypto import keyed_hash
from jendela.privacy.entitlement import COPIED
from jendela.privacy.rendering import canonical_text, render
from jendela.store.hub import Hub

SEPARATOR = "\x1f"
# Made by the hub about its own copy of a letter, not said by the office that hands it back.
HUB_MADE = frozenset({"document_sha256", "signature_status", "held_at", "held_since"})
# An office that must fill an amount writes zero where we sent none.
NO_AMOUNT = r"^(RP )?0([.,]00)?$"


def comparable(hub: Hub, office: str, entity: str) -> tuple[DeliverySpec, list[str]] | None:
    """The delivery of `entity` to `office` that says most, and those of its columns that come back mapped.

    None if nothing of that entity is delivered there, or nothing comes back. Only the fullest delivery is
    compared: equality over fewer fields would take an office's own news for an echo.
    """
    parties = hub.agreements.offices[office]
    mapped = [
        {name for name, made in feed.targets[entity].fields.items() if made.value is None}
        for feed in parties.feeds.values()
        if entity in feed.targets
    ]
    if not mapped:
        return None
    back = set.intersection(*mapped) - HUB_MADE
    found = [
        (spec, [field.column for field in spec.fields if not field.worked_out and field.source in back])
        for spec in parties.deliveries.values()
        if spec.entity == entity
    ]
    best = max(found, key=lambda item: (len(item[1]), item[0].key), default=None)
    return best if best and best[1] else None


def echo_hash(hub: Hub, office: str, entity: str, frame: pl.DataFrame) -> pl.Series:
    """A keyed hash of each row, over just those fields of `entity` that `office` is sent and that come back.

    `frame` has canonical fields, typed or as text. Null for every row where nothing can come back. Without
    `_copied` every letter counts as copied to the office: it is the office's own.
    """
    known = comparable(hub, office, entity)
    if known is None or frame.is_empty():
        return pl.Series("echo_hash", [None] * frame.height, dtype=pl.String)
    spec, columns = known
    if COPIED not in frame.columns:
        frame = frame.with_columns(pl.lit(True).alias(COPIED))
    own = render(canonical_text(frame), spec).select(
        pl.col(column)
        .str.to_uppercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .str.replace(NO_AMOUNT, "")
        .fill_null("")
        for column in columns
    )
    text = own.select(pl.concat_str([pl.lit(f"{office}{SEPARATOR}{entity}"), *columns], separator=SEPARATOR))
    return keyed_hash(hub.keyring, "echo", text.to_series()).alias("echo_hash")
