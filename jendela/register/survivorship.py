"""Which record's value is shown for each field of a fact, and why. Pure, over frames.

Order: a letter with a verified signature before a typed copy; then the agreed order of offices; then the
later version; then the smaller record id. The other values are not lost: every record keeps its own version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from jendela.contracts.facts import encode

SHORT = 16  # digits of a record id: enough to tell the few records of one fact apart
ONLY, AGREED, ORDER, LATEST = "only", "agreed", "order", "latest"


def winners(
    entity: str,
    records: pl.DataFrame,
    schema: dict[str, pl.DataType],
    survivorship: Any,
    offices: Mapping[str, Any],
) -> pl.DataFrame:
    """One row per `fact_id` with `facts` and `provenance`, both JSON.

    `records` has `fact_id, record_id, office, seq_from` and the fields of `schema`. Provenance (record ids
    cut to `SHORT` digits) is {field: [record_id, office, rule]}; the rule is `only` (no other record has a
    value), `agreed` (all that have one say the same), `order` (the agreed order decided) or `latest` (the
    later of two of equal rank). Letters also have `_copies`: {record_id: [office, held_at, [fields in which
    this copy differs from what is shown]]}.
    """
    by_order: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for field in schema:
        ranks = survivorship.ranks(entity, field, offices)
        by_order.setdefault(tuple(sorted(ranks.items())), []).append(field)
    shown = records.select("fact_id").unique().sort("fact_id")
    for ranked, fields in by_order.items():
        shown = shown.join(_chosen(records, dict(ranked), fields), on="fact_id", how="left")
    copies = _copies(records, shown, schema) if entity == "termination_letter" else None
    if copies is not None:
        shown = shown.join(copies, on="fact_id", how="left")
    parts = [f"_from_{field}" for field in schema] + (["_copies"] if copies is not None else [])
    return shown.select(
        "fact_id",
        facts=encode(schema, shown.columns),
        provenance=pl.lit("{") + pl.concat_str(parts, separator=",", ignore_nulls=True) + pl.lit("}"),
    )


def _chosen(records: pl.DataFrame, ranks: dict[str, int], fields: Sequence[str]) -> pl.DataFrame:
    """By fact, the winning value of each field and `_from_<field>`, its part of the provenance."""
    signed = pl.lit(value=False)
    if "signature_status" in records.columns:
        signed = (pl.col("signature_status") == "valid").fill_null(value=False)
    ordered = records.with_columns(
        _rank=pl.col("office").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64)
        - signed * 1000
    ).sort("fact_id", "_rank", "seq_from", "record_id", descending=[False, False, True, False])
    wanted = []
    for field in fields:
        given = pl.col(field).is_not_null()
        rank = pl.col("_rank").filter(given)
        wanted += [
            pl.col(field).drop_nulls().first(),
            pl.col("record_id").filter(given).first().str.slice(0, SHORT).alias(f"_record_{field}"),
            pl.col("office").filter(given).first().alias(f"_office_{field}"),
            pl.when(given.sum() == 1)
            .then(pl.lit(ONLY))
            .when(pl.col(field).drop_nulls().n_unique() == 1)
            .then(pl.lit(AGREED))
            .when(rank.first() < rank.slice(1, 1).first())
            .then(pl.lit(ORDER))
            .otherwise(pl.lit(LATEST))
            .alias(f"_rule_{field}"),
        ]
    chosen = ordered.group_by("fact_id", maintain_order=True).agg(wanted)
    return chosen.select(
        "fact_id",
        *fields,
        *(
            pl.format(
                '"' + field + '":["{}","{}","{}"]', f"_record_{field}", f"_office_{field}", f"_rule_{field}"
            ).alias(f"_from_{field}")
            for field in fields
        ),
    )


def _copies(records: pl.DataFrame, shown: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """By fact, every copy of a letter, its holder, and the fields in which it differs from what is shown."""
    fields = [field for field in schema if field not in ("held_at", "held_since")]
    beside = records.join(shown.select("fact_id", *fields), on="fact_id", suffix="_shown").sort("record_id")
    differs = pl.concat_list(
        pl.when(pl.col(field) != pl.col(f"{field}_shown")).then(pl.lit(f'"{field}"')) for field in fields
    ).list.drop_nulls()
    copy = pl.format(
        '"{}":["{}","{}",[{}]]',
        pl.col("record_id").str.slice(0, SHORT),
        "office",
        pl.col("held_at").fill_null(""),
        differs.list.join(","),
    )
    joined = pl.lit('"_copies":{') + pl.col("each").list.join(",") + pl.lit("}")
    each = beside.group_by("fact_id", maintain_order=True).agg(copy.alias("each"))
    return each.select("fact_id", _copies=joined)
