"""What is read of an agency before anything is agreed: its description, samples, its own dictionary."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl

from jendela.contracts.dictionary import HEADER
from jendela.model.describing import Describer, SourceTable
from jendela.model.errors import AgreementError, WrongUseError
from jendela.onboard.propose import Source

GROUP = "jendela.describers"


def describer(transport: str, office: str, url: str) -> Describer:
    """The describer of a transport.

    Raises:
        WrongUseError: the transport cannot describe itself; those that can are named.
    """
    found = {point.name: point for point in entry_points(group=GROUP)}
    if transport not in found:
        known = ", ".join(sorted(found))
        raise WrongUseError(
            f"A source of transport {transport!r} cannot describe itself; {known} can. "
            "Write its mapping by hand: docs/reference/mapping.md."
        )
    made: Describer = found[transport].load()(office, url)
    return made


def describes(transport: str) -> bool:
    """Whether a transport can describe itself."""
    return any(point.name == transport for point in entry_points(group=GROUP))


def read_source(
    described: Describer, rows: int, dictionary: Path | None, watch: Callable[[str], None] = lambda _: None
) -> Source:
    """The source as it describes itself, samples of at most `rows` rows read when they are needed.

    `dictionary` is the agency's own, in the form of `dictionary.csv`: what its columns mean, and its codes.

    Raises:
        AgreementError: the dictionary has another header.
    """
    tables = described.tables()
    meanings, labels = _meanings(dictionary) if dictionary is not None else ({}, {})
    if meanings:
        tables = [_commented(table, meanings) for table in tables]
    held: dict[str, pl.DataFrame] = {}

    def samples(table: SourceTable) -> pl.DataFrame:
        if table.name not in held:
            watch(table.name)
            frame = pl.from_arrow(described.sample(table, rows))
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
            held[table.name] = frame
        return held[table.name]

    return Source(tables, samples, described.together, described.day_of, labels)


def _commented(table: SourceTable, meanings: Mapping[tuple[str, str], str]) -> SourceTable:
    columns = tuple(
        replace(column, comment=meanings.get((table.name.lower(), column.name.lower()), column.comment))
        for column in table.columns
    )
    return replace(table, columns=columns)


def _meanings(
    path: Path,
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], dict[str, str]]]:
    meanings: dict[tuple[str, str], str] = {}
    labels: dict[tuple[str, str], dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != HEADER:
            raise AgreementError(path.name, 1, "header", f"must be {','.join(HEADER)}.")
        for row in reader:
            place = (row["table"], row["column"])
            if row["code"]:
                labels.setdefault(place, {})[row["code"]] = row["code_meaning_id"]
            else:
                meanings[place[0].lower(), place[1].lower()] = row["meaning_en"]
    return meanings, labels
