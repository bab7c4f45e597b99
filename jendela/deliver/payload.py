"""The rows of a delivery: the due persons opened, written in the recipient's words, hashed and sealed."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from jendela.contracts.delivery import ITEM, SEQUENCE, DeliverySpec
from jendela.crypto import keyed_hash, seal_many, unseal_many
from jendela.deliver.changes import RETRACT
from jendela.deliver.known import Known
from jendela.model.receipt import Night
from jendela.privacy.rendering import canonical_text, render
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import persons_by_id
from jendela.store.sealed import DELIVERY, PERSON_VERSION
from jendela.store.tables import delivery

NIGHT = "night"


def with_basis(hub: Hub, spec: DeliverySpec, items: pl.DataFrame, known: Known) -> pl.DataFrame:
    """`items` with `basis_hash`: equal as long as nothing changed that their content is made from."""
    versions = pl.concat(copies.select("record_id", "version_seq") for copies in known.copies.values())
    versions = versions.group_by("record_id").agg(pl.col("version_seq").max())
    clear = render(canonical_text(items), spec).select(
        pl.struct(pl.all()).struct.json_encode().alias("_clear")
    )
    made_of = (
        items.join(versions, left_on="_person", right_on="record_id", how="left", maintain_order="left")
        .rename({"version_seq_right": "_person_version"})
        .join(versions, left_on="_own", right_on="record_id", how="left", maintain_order="left")
        .rename({"version_seq_right": "_own_version"})
        .with_columns(clear.to_series())
        .select(
            pl.concat_str(
                pl.lit(spec.version),
                *(
                    pl.col(name).cast(pl.String).fill_null("")
                    for name in ("_clear", "_person", "_person_version", "_own", "_own_version", "_copied")
                ),
                separator="\x1f",
            )
        )
    )
    return items.with_columns(_hashed(hub, "basis", made_of.to_series()).alias("basis_hash"))


def opened(hub: Hub, conn: Connection, spec: DeliverySpec, items: pl.DataFrame) -> pl.DataFrame:
    """`items` with those identifying fields that the delivery carries, opened for these items only.

    The recipient's own participant number comes from its own record where it has one.
    """
    identifying = {
        name for contract in hub.agreements.contracts.values() for name in contract.identifying
    } & {field.source for field in spec.fields}
    persons = _persons(hub, conn, items["_person"], sorted(identifying))
    named = items.join(persons, left_on="_person", right_on="record_id", how="left", maintain_order="left")
    if "kpj" in identifying:
        own = _persons(hub, conn, items["_own"], ["kpj"]).rename({"kpj": "_own_kpj"})
        named = (
            named.join(own, left_on="_own", right_on="record_id", how="left", maintain_order="left")
            .with_columns(pl.coalesce("_own_kpj", "kpj").alias("kpj"))
            .drop("_own_kpj")
        )
    return named


def with_content(hub: Hub, spec: DeliverySpec, items: pl.DataFrame) -> pl.DataFrame:
    """Opened `items` as `item_key, basis_hash, record_id, content_hash` and the recipient's own columns."""
    own = render(canonical_text(items), spec)
    content = own.select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return pl.concat(
        [
            items.select("item_key", "basis_hash", pl.col("_record").alias("record_id")),
            _hashed(hub, "content", content).alias("content_hash").to_frame(),
            own,
        ],
        how="horizontal",
    )


def taken_back(hub: Hub, conn: Connection, spec: DeliverySpec, retracts: pl.DataFrame) -> pl.DataFrame:
    """What is sent to take items back: the recipient's own keys as it last had them, and nothing else."""
    sent = frames.matching(conn, delivery, retracts.select("delivery_id"))
    rows = unsealed(hub, spec, sent)
    blank = [pl.lit(None, pl.String).alias(f.column) for f in spec.fields if f.column not in spec.own_keys]
    keys = rows.select(*spec.own_keys).select(pl.struct(pl.all()).struct.json_encode())
    content = pl.lit(RETRACT) + keys.to_series()
    return rows.select("item_key", "record_id", *spec.own_keys).with_columns(
        _hashed(hub, "content", rows.select(content).to_series()).alias("content_hash"),
        _hashed(hub, "basis", rows["delivery_id"]).alias("basis_hash"),
        *blank,
    )


def due_rows(hub: Hub, night: Night, spec: DeliverySpec, verb: str, content: pl.DataFrame) -> pl.DataFrame:
    """Rows of table `delivery`, pending, for the content of upserts or retracts."""
    parts = [spec.recipient, spec.delivery, verb, str(night.seq)]
    identity = content.select(
        pl.concat_str(*map(pl.lit, parts), "item_key", "content_hash", separator="\x1f")
    )
    named = content.with_columns(
        _hashed(hub, f"item:{spec.recipient}", content["item_key"]).alias(ITEM),
        pl.lit(f"{night.seq:08}").alias(SEQUENCE),
        pl.lit(night.day.isoformat()).alias(NIGHT),
    )
    row = named.select(pl.struct(NIGHT, *spec.columns).struct.json_encode()).to_series()
    return content.select(
        _hashed(hub, "delivery", identity.to_series()).alias("delivery_id"),
        pl.lit(spec.recipient).alias("recipient"),
        pl.lit(spec.office).alias("office"),
        pl.lit(spec.delivery).alias("delivery"),
        "item_key",
        pl.lit(verb).alias("verb"),
        "content_hash",
        "basis_hash",
        "record_id",
        seal_many(hub.keyring, row, DELIVERY).alias("sealed"),
        pl.lit(night.seq, dtype=pl.Int64).alias("seq"),
        pl.lit("pending").alias("state"),
        pl.lit(0, dtype=pl.Int64).alias("attempts"),
    )


def unsealed(hub: Hub, spec: DeliverySpec, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of table `delivery` with night and own columns opened; a column agreed since then is null."""
    plain = unseal_many(hub.keyring, rows["sealed"], DELIVERY).cast(pl.String)
    schema = pl.Struct(dict.fromkeys((NIGHT, *spec.columns), pl.String))
    values = plain.str.json_decode(schema).struct.unnest()
    return pl.concat([rows.drop("sealed"), values], how="horizontal")


def _hashed(hub: Hub, purpose: str, values: pl.Series) -> pl.Series:
    """`keyed_hash`, which takes as long for no value as for a thousand."""
    return keyed_hash(hub.keyring, purpose, values) if len(values) else values.cast(pl.String)


def _persons(hub: Hub, conn: Connection, records: pl.Series, fields: list[str]) -> pl.DataFrame:
    """`record_id` and the identifying fields asked for, of the current version of these records."""
    keys = records.drop_nulls().unique().alias("record_id").to_frame()
    found = frames.matching(conn, persons_by_id, keys, persons_by_id.c.seq_to.is_(None))
    plain = unseal_many(hub.keyring, found["sealed"], PERSON_VERSION).cast(pl.String)
    schema = pl.Struct(dict.fromkeys(fields, pl.String))
    values = plain.str.json_decode(schema).struct.unnest()
    return pl.concat([found.select("record_id"), values], how="horizontal")
