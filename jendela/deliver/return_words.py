"""Returned letters opened and told in words, for those only that are due."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, Table

from jendela.contracts.mapping import Feed
from jendela.contracts.messages import load_messages
from jendela.crypto import unseal_many
from jendela.deliver.returns import LETTER, errors
from jendela.letters.returns import CORRECT, HELD, LINE, Wording, told
from jendela.letters.rules import load_rules
from jendela.privacy import places
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import persons_by_id, versions_by_id
from jendela.store.sealed import HELD_ROW, LETTER_FINDING, PERSON_VERSION
from jendela.store.tables import held_row, letter_finding

TEXT = pl.String()
LETTER_FACTS = ("letter_number", "letter_date", "employer_name")
WORKER = ("nik", "full_name", "kpj")
WHOSE: dict[str, pl.DataType] = dict.fromkeys(("item_key", *LETTER_FACTS, *WORKER, "source_key"), TEXT)
SAID = dict.fromkeys(("message_id", "message_en", "article"), TEXT)
TOLD = pl.Struct({"key": TEXT, "told": pl.List(pl.Struct(SAID))})


def opened(hub: Hub, conn: Connection, items: pl.DataFrame) -> pl.DataFrame:
    """`items` of `returns.desired` with what was sealed: whose letter, as its sender has it, and the text."""
    feeds = {name: hub.agreements.feed(str(name)) for name in items["_feed"].unique()}
    held = items.filter(pl.col("return_kind") == HELD)
    rows = frames.matching(conn, held_row, held.select(held_id="_of"))
    whose, lines, files = (
        [pl.DataFrame(schema=WHOSE)],
        [pl.DataFrame(schema=LINE)],
        [_files(hub, rows, held_row)],
    )
    for (name,), part in rows.group_by(["feed"], maintain_order=True):
        whose.append(_of_feed(hub, feeds[name], part))
        lines.append(_columns(errors(part.select("violations", item_key="record_id")), feeds[name]))
    accepted = items.filter(pl.col("return_kind") == CORRECT)
    for (name,), part in accepted.group_by(["_feed"], maintain_order=True):
        found, said, stands = _of_register(hub, conn, part)
        files.append(stands)
        whose.append(found)
        lines.append(_columns(said, feeds[name]))
    known = pl.concat([_whole(part, WHOSE) for part in whose])
    named = (
        items.drop("source_name")
        .join(pl.concat(files), on="item_key", how="left", maintain_order="left")
        .join(known, on="item_key", how="left", maintain_order="left")
    )
    placed = named.with_columns(
        _mode=pl.col("_feed").replace_strict(
            {name: feed.source.mode for name, feed in feeds.items()}, return_dtype=TEXT
        )
    )
    folder = hub.agreements.folder
    wording = Wording(load_messages(folder), load_rules(folder), hub.agreements.contracts[LETTER])
    texts = told(placed, pl.concat([_whole(part, LINE) for part in lines]), wording)
    return named.join(texts, on="item_key", how="left", maintain_order="left").rename(
        {"letter_date": "letter_date_written"}
    )


def _files(hub: Hub, rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`item_key, source_name`: the files as their office has them."""
    return rows.select(item_key="record_id", source_name=places.opened(hub.keyring, rows, table.name))


def _whole(part: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in part.columns]
    return part.with_columns(missing).select(list(schema))


def _of_feed(hub: Hub, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    """Whose letters held rows are, in the words of their own columns."""
    schema = pl.Struct(dict.fromkeys(feed.source.columns, TEXT))
    plain = unseal_many(hub.keyring, rows["sealed_row"], HELD_ROW).cast(TEXT)
    source = plain.str.json_decode(schema).struct.unnest()
    made = feed.targets[LETTER].fields
    columns = {name: made[name].source for name in (*LETTER_FACTS, *WORKER) if name in made}
    key = [pl.lit(f"{name} = ") + pl.col(name).str.strip_chars() for name in feed.source.key]
    return source.select(
        rows["record_id"].alias("item_key"),
        *(_text(column).alias(name) for name, column in columns.items() if column is not None),
        source_key=pl.concat_str(key, separator=", ", ignore_nulls=True).replace("", None)
        if key
        else pl.lit(None, TEXT),
    )


def _text(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().replace("", None)


def _of_register(
    hub: Hub, conn: Connection, items: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Whose accepted letters are, from the register; from their findings what is wrong, and in which file."""
    keys = items.select(record_id="item_key")
    found = frames.matching(conn, letter_finding, keys, letter_finding.c.seq_to.is_(None))
    version = versions_by_id
    letters = (version.c.entity == LETTER, version.c.seq_to.is_(None))
    clear = frames.matching(conn, version, keys, *letters)
    person = frames.matching(conn, persons_by_id, keys).filter(pl.col("seq_to").is_null())
    names = unseal_many(hub.keyring, person["sealed"], PERSON_VERSION).cast(TEXT)
    sealed = unseal_many(hub.keyring, found["sealed"], LETTER_FINDING).cast(TEXT)
    facts, who = (pl.Struct(dict.fromkeys(fields, TEXT)) for fields in (LETTER_FACTS, WORKER))
    said = found.select("violations", item_key="record_id", _told=sealed.str.json_decode(TOLD)).with_columns(
        source_key=pl.col("_told").struct.field("key")
    )
    whose = (
        said.select("item_key", "source_key")
        .join(_decoded(clear.select("record_id", value="facts"), facts), on="item_key", how="left")
        .join(_decoded(person.select("record_id", value=names), who), on="item_key", how="left")
    )
    return whose, _spoken(said), _files(hub, found, letter_finding)


def _decoded(rows: pl.DataFrame, schema: pl.Struct) -> pl.DataFrame:
    return rows.select(item_key="record_id", value=pl.col("value").str.json_decode(schema)).unnest("value")


def _spoken(said: pl.DataFrame) -> pl.DataFrame:
    """The errors of findings, each with the sentence that was made when it was found."""
    numbered = errors(said.select("item_key", "violations", told=pl.col("_told").struct.field("told")))
    return numbered.unnest("told")


def _columns(lines: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """The lines with `column`, what the sender itself calls the field."""
    pairs = [
        (entity, name, made.source)
        for entity, mapping in feed.targets.items()
        for name, made in mapping.fields.items()
        if made.source is not None
    ]
    known = pl.DataFrame(pairs, dict.fromkeys(("entity", "_leaf", "column"), TEXT), orient="row")
    leaf = (
        pl.col("field")
        .str.split(".")
        .list.last()
        .replace({"reason_codes": "reason_code", "copy_offices": "copy_office"})
    )
    return lines.with_columns(_leaf=leaf).join(
        known, on=["entity", "_leaf"], how="left", maintain_order="left"
    )
