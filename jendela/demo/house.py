"""A labour office as a value: how it writes (hand), what it keeps (books), where they lie (shelf).

An office that the demo gets needs a value of this kind and its folder in `mappings/`, no code elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from jendela.demo.facts import MONEY, Facts
from jendela.demo.tables import Row

Spoil = tuple[str, dict[str, object]]
"""What is wrong, in words for the truth, and the columns that make it so."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How an office writes dates and amounts, and its own words for the codes of each fact.

    `nothing` stands where a fact is unknown; `prose` is what its program does to the reason in words.
    """

    day: Callable[[date], object]
    money: Callable[[int], object]
    words: Mapping[str, Mapping[str, object]]
    nothing: object = ""
    prose: Callable[[str], str] = str

    def write(self, fact: str, value: object) -> object:
        """One fact as this office writes it."""
        if value is None or value == "":
            return self.nothing
        if fact in self.words:
            return self.words[fact][str(value)]
        if isinstance(value, date):
            return self.day(value)
        if fact in MONEY and isinstance(value, int):
            return self.money(value)
        return self.prose(str(value)) if fact == "narrative" else value


@dataclass(frozen=True, slots=True)
class Book:
    """One table or file: its key, and which fact stands in which column.

    `changed` is its change stamp, if it has one. `head` is the book of the papers whose lines this one has.
    `spoils` are the ways in which a row of it is written so that no contract allows it.
    """

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    hand: Hand
    changed: str = ""
    head: Book | None = None
    spoils: tuple[Spoil, ...] = ()

    def row(self, facts: Facts) -> Row:
        """The facts as this book has them."""
        return {column: self.hand.write(fact, facts[fact]) for column, fact in self.columns.items()}

    def key_of(self, row: Row) -> str:
        """The natural key of a row as the truth files write it."""
        return "|".join(str(row[column]).strip() for column in self.key)

    def column(self, fact: str) -> str:
        """The column that has a fact."""
        return next(name for name, one in self.columns.items() if one == fact)


@dataclass
class Work:
    """What happened to one office's books on a day; `workday` counts the working days of the demo so far.

    `updated` and `removed` find rows by their key columns as stored.
    """

    day: date
    workday: int
    added: Mapping[str, list[Row]] = field(default_factory=dict)
    updated: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = field(default_factory=list)
    removed: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def touches(self, table: str) -> bool:
        """Whether a table has news."""
        return bool(
            self.added.get(table)
            or any(name == table for name, _, _ in self.updated)
            or any(name == table for name, _ in self.removed)
        )


class Shelf(Protocol):
    """Where an office's books lie and how they are given out, below its own folder."""

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """The books as they stand on the evening before the first night."""
        ...

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """A day's work."""
        ...

    def url(self, folder: Path) -> str:
        """What the hub's reading connection is given."""
        ...


class Inbox(Protocol):
    """Where Jendela puts what it has for an office."""

    def make(self, folder: Path) -> None:
        """Set it up."""
        ...

    def place(self, folder: Path) -> Path:
        """Where it is on this machine."""
        ...

    def url(self, folder: Path) -> str:
        """What the hub's writing connection is given."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """One labour office that delivers.

    `receipts` is how it numbers the reports it receives, with `n` and `year`, and the number before the
    first; `entries` how it numbers letters in its register, with `n` and `day`. Without `reports` it has
    letters with their receipts in the agreed form instead (`letters` is None too).

    `amends` says that its employers think again about letters. `slow` offices send on every third working
    day what came since. `repeats` are the tables from which a clerk exports a line twice. On the day of
    `fair` forty times as many job-seekers come as on others. `letter_columns` are those by which a delivered
    letter is told from other deliveries: its number, and one that only letters have.
    """

    region: str
    receipts: tuple[str, int]
    shelf: Shelf
    inbox: Inbox
    reports: Book | None = None
    letters: Book | None = None
    seekers: Book | None = None
    entries: str = ""
    place: str = ""
    amends: bool = False
    slow: bool = False
    repeats: tuple[str, ...] = ()
    fair: date | None = None
    letter_columns: tuple[str, str] = ("no_surat", "tgl_berlaku")

    @property
    def agency(self) -> str:
        """The office's id."""
        return f"dinas_{self.region}"

    @property
    def books(self) -> tuple[Book, ...]:
        """All its books, heads before their lines."""
        mine = [book for book in (self.reports, self.letters, self.seekers) if book is not None]
        return tuple(one for book in mine for one in ((book.head, book) if book.head else (book,)))

    @property
    def report_table(self) -> str:
        """What the truth calls the place of its reports."""
        return self.reports.table if self.reports else "berkas_phk"

    @property
    def letter_table(self) -> str:
        """What the truth calls the place of its letters."""
        return self.letters.table if self.letters else "berkas_phk"

    def entry(self, n: int | str, day: date) -> str:
        """The number of the `n`-th letter in its register, or of one numbered in another way."""
        return self.entries.format(n=f"{n:04d}" if isinstance(n, int) else n, day=day)

    def sends_on(self, workday: int) -> bool:
        """Whether what came since is sent on this working day."""
        return not self.slow or workday % 3 == 0
