"""The agencies read what Jendela has put into their inboxes, answer, and take letters over into their own
books."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from jendela.demo.chance import share
from jendela.demo.connections import INBOXES
from jendela.demo.country import FIRST, Country
from jendela.demo.shelves.inboxes import FolderInbox

REFUSALS = ("K01", "K02", "K07")
"""The agencies' own codes: key unknown, already settled, unreadable field."""


@dataclass(frozen=True, slots=True)
class Received:
    """A letter an agency has accepted: the delivery's columns in lower case, blanks for underscores at the
    Dinas."""

    agency: str
    delivery_id: str
    fields: dict[str, str]


Mark = tuple[str, str, str, str | None]
"""delivery_id, ack_status, ack_at, ack_reason."""
_ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")


@dataclass
class Answers:
    """What the agencies answer on a day, until `write` only in their minds: by inbox database and table, or
    by file."""

    accepted: int = 0
    refused: int = 0
    letters: list[Received] = field(default_factory=list)
    in_tables: dict[tuple[Path, str], list[Mark]] = field(default_factory=dict)
    in_files: dict[tuple[Path, FolderInbox], list[Mark]] = field(default_factory=dict)

    def write(self) -> None:
        """Puts the answers where Jendela looks for them."""
        for (database, table), marks in self.in_tables.items():
            connection = sqlite3.connect(database)
            with connection:
                connection.executemany(
                    f"UPDATE {table} SET ack_status = ?2, ack_at = ?3, ack_reason = ?4 "
                    "WHERE delivery_id = ?1",
                    marks,
                )
            connection.close()
        for (file, inbox), marks in self.in_files.items():
            _append(file, inbox, marks)


def verdict(delivery_id: str) -> tuple[str, str | None]:
    """ACCEPTED, or for one in fifty REFUSED with a code: always the same for the same delivery."""
    chance = share(delivery_id, "verdict")
    if chance < 0.02:
        return "REFUSED", REFUSALS[int(chance * 50 * len(REFUSALS)) % len(REFUSALS)]
    return "ACCEPTED", None


def answer_all(folder: Path, day: date, silent: frozenset[str], place: Country = FIRST) -> Answers:
    """What every agency but the silent ones answers to what is unanswered in its inbox.

    What was answered on this day already, before it was broken off, is answered again, in the same words.
    """
    answers = Answers()
    at = datetime.combine(day, time(7, 30)).isoformat(timespec="seconds") + "Z"
    marks = {house.agency: house.letter_columns for house in place.houses}
    inboxes = {**INBOXES, **{house.agency: house.inbox for house in place.houses}}
    for agency, inbox in inboxes.items():
        if agency in silent:
            continue
        told = marks.get(agency, ("no_surat", "tgl_berlaku"))
        if isinstance(inbox, FolderInbox):
            _answer_files(inbox, folder, at, answers, told)
        elif inbox.place(folder).is_file():
            _answer_tables(agency, inbox.place(folder), at, answers, told)
    answers.letters.sort(key=lambda letter: (letter.agency, letter.delivery_id))
    return answers


def _answer_tables(agency: str, database: Path, at: str, answers: Answers, told: tuple[str, str]) -> None:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in sorted(names):
        if not name.startswith("jdl_") or name == "jdl_announcement":
            continue
        waiting = connection.execute(
            f"SELECT * FROM {name} WHERE ack_status IS NULL OR ack_at = ? ORDER BY delivery_id", [at]
        )
        for row in waiting.fetchall():
            fields = {column: "" if row[column] is None else str(row[column]) for column in row.keys()}  # noqa: SIM118
            mark = _judge(agency, fields, at, answers, told)
            answers.in_tables.setdefault((database, name), []).append(mark)
    connection.close()


def _answer_files(inbox: FolderInbox, folder: Path, at: str, answers: Answers, told: tuple[str, str]) -> None:
    place = inbox.place(folder)
    for file in sorted(place.glob(f"*.{inbox.ending}")) if place.is_dir() else []:
        if file.name.endswith((".ack.csv", ".announce.csv")):
            continue
        answer = file.with_name(f"{file.stem}.ack.csv")
        done = {line["delivery_id"] for line in _answered(answer, inbox) if line["ack_at"] != at}
        for fields in _lines(file, inbox):
            if fields["delivery_id"] not in done:
                mark = _judge(inbox.agency, fields, at, answers, told)
                answers.in_files.setdefault((answer, inbox), []).append(mark)


def _judge(agency: str, fields: dict[str, str], at: str, answers: Answers, told: tuple[str, str]) -> Mark:
    status, reason = verdict(fields["delivery_id"])
    if status == "REFUSED":
        answers.refused += 1
    else:
        answers.accepted += 1
        number, only_letters = told
        is_letter = number in fields and only_letters in fields
        if is_letter and fields.get("verb", "upsert") == "upsert" and fields[number]:
            answers.letters.append(Received(agency, fields["delivery_id"], fields))
    return fields["delivery_id"], status, at, reason


def _lines(file: Path, inbox: FolderInbox) -> Iterator[dict[str, str]]:
    """The rows of a file, column names in lower case."""
    if file.suffix != ".csv":
        yield from _lines_of_table(file)
        return
    text = file.read_bytes().decode(inbox.encoding, errors="replace").removeprefix("\ufeff")
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=inbox.delimiter):
        yield {str(name).lower(): value or "" for name, value in row.items()}


def _answered(file: Path, inbox: FolderInbox) -> list[dict[str, str]]:
    """The lines of an answer file, none where there is none yet."""
    return list(_lines(file, inbox)) if file.is_file() else []


def _lines_of_table(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a workbook or a Parquet file, as text."""
    import polars as pl

    if file.suffix == ".parquet":
        frame = pl.read_parquet(file)
    else:
        frame = pl.read_excel(file, infer_schema_length=0)
    for row in frame.cast(pl.String).iter_rows(named=True):
        yield {name.lower(): value or "" for name, value in row.items()}


def _append(file: Path, inbox: FolderInbox, marks: list[Mark]) -> None:
    """Adds answers to an answer file, which appears whole."""
    there = _answered(file, inbox)
    known = {line["delivery_id"] for line in there}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=inbox.delimiter, lineterminator="\n")
    writer.writerow(_ANSWER)
    writer.writerows([[line[name] for name in _ANSWER] for line in there])
    writer.writerows([(*mark[:3], mark[3] or "") for mark in marks if mark[0] not in known])
    half = file.with_name(f".{file.name}.part")
    half.write_text(out.getvalue(), encoding=inbox.encoding)
    half.replace(file)
