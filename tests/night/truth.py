"""What was planted in the demo, in the hub's terms: records by their natural keys, persons by number."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import polars as pl
from sqlalchemy import select

from jendela.store import tables

Key = tuple[str, str, str]  # agency, table in lower case without ending, natural key


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """One truth file."""
    with (folder / "truth" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row: dict[str, str], side: str = "") -> Key:
    """The record that a truth row names."""
    table = row[f"table{side}"].lower().partition(".")[0]
    return (row[f"agency{side}"], table, row[f"key{side}"])


def records(hub) -> dict[str, Key]:
    """Every record that ever went beyond pull, by its id."""
    found: dict[str, Key] = {}
    for path in sorted(hub.state.glob("nights/*/pull/*.changes.parquet")):
        feed = path.name.removesuffix(".changes.parquet")
        office, table = feed.split(".", 1)
        source = hub.agreements.feed(feed).source
        frame = hub.artefacts._get(str(path.relative_to(hub.state)))
        if frame.is_empty():
            continue
        keys = frame.select(
            "_record_id",
            "_name",
            key=pl.concat_str([pl.col(name).str.strip_chars() for name in source.key], separator="|"),
        )
        for record, name, key in keys.iter_rows():
            found[record] = (office, table, key or name or "")
    return found


def discrepancies(hub, *, state: str = "open") -> list[tuple[str, frozenset[str]]]:
    """The code and source records of every discrepancy in that state."""
    table = tables.discrepancy
    with hub.reading() as conn:
        rows = conn.execute(select(table.c.code, table.c.records).where(table.c.state == state)).all()
    return [(row.code, frozenset(json.loads(row.records))) for row in rows]


def agreed() -> set[str]:
    """The codes that the rules look for."""
    text = (files("schemas") / "discrepancies.csv").read_text(encoding="utf-8")
    return {row["code"] for row in csv.DictReader(text.splitlines())}


def expected(folder: Path, night: str) -> list[dict[str, str]]:
    """The planted discrepancies of an agreed code that are open at the end of that night."""
    codes = agreed()
    return [
        row
        for name in ("discrepancies.csv", "flows.csv", "identities.csv")
        for row in read(folder, name)
        if row["code"] in codes
        and row["since_night"] <= night
        and (not row["until_night"] or night < row["until_night"])
    ]


def compare(hub, folder: Path, night: str) -> dict[str, tuple[list[dict[str, str]], list[frozenset[Key]]]]:
    """By code: what was planted and not found, and what was found and not planted."""
    known = records(hub)
    people = {key_of(row): row["person"] for row in read(folder, "persons.csv")}
    found: dict[str, list[frozenset[Key]]] = {}
    for code, ids in discrepancies(hub):
        found.setdefault(code, []).append(frozenset(known.get(record, ("?", "?", record)) for record in ids))
    planted: dict[str, list[dict[str, str]]] = {}
    for row in expected(folder, night):
        planted.setdefault(row["code"], []).append(row)
    result = {}
    for code in sorted({*found, *planted}):
        match = _same_people(people) if code.startswith("ID-") else _same_records
        missed = [
            row for row in planted.get(code, []) if not any(match(row, keys) for keys in found.get(code, []))
        ]
        invented = [
            keys for keys in found.get(code, []) if not any(match(row, keys) for row in planted.get(code, []))
        ]
        result[code] = (missed, invented)
    return result


def _same_records(row: dict[str, str], keys: Iterable[Key]) -> bool:
    return key_of(row, "_a") in keys


def _same_people(people: dict[Key, str]):
    def match(row: dict[str, str], keys: Iterable[Key]) -> bool:
        wanted = {people.get(key_of(row, "_a")), people.get(key_of(row, "_b"))}
        return wanted == {people.get(key) for key in keys}

    return match
