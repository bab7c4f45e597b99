"""Accepted letters become rows of the agencies' own books, marked JENDELA: the next night they come back as
echo."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jendela.demo import balikpapan, bpjs
from jendela.demo.chance import stream
from jendela.demo.changes import Changes
from jendela.demo.habits import dashed, padded
from jendela.demo.house import Book, House
from jendela.demo.inboxes import Received
from jendela.demo.tables import Row, dictionary
from jendela.demo.truth import Mention
from jendela.demo.world import World


def take_over(
    folder: Path, world: World, day: date, letters: list[Received]
) -> tuple[Changes, list[Mention]]:
    """The rows and files the day's accepted letters become, and who they are about."""
    changes, mentions = Changes(day), []
    cards = {employment.kpj: employment.person.number for employment in world.careers.all}
    niks = {person.nik: person.number for person in world.people.all}
    known = _letters_at_bpjs(folder)
    houses = {house.agency: house for house in world.country.houses}
    for place, letter in enumerate(letters):
        if letter.agency == "bpjs":
            told = letter.fields.get("status_verifikasi", "")
            if (letter.fields["kpj"].strip(), letter.fields["no_surat"]) in known or told not in (
                "",
                "HANYA DI DINAS",
            ):
                continue
            row = _at_bpjs(letter, day, place)
            changes.added.setdefault(("bpjs", "SURAT_KLAIM"), []).append(row)
            person = cards.get(letter.fields["kpj"].strip())
            table, key = "SURAT_KLAIM", str(row["ID_SURAT"]).strip()
        elif (house := houses.get(letter.agency)) is None:
            continue  # the ministry keeps no letters of its own
        elif (book := house.letters) is not None:
            row = _in_register(house, book, letter, day, place)
            changes.added.setdefault((letter.agency, book.table), []).append(row)
            person = niks.get(letter.fields[plain(book.column("nik"))])
            table, key = book.table, book.key_of(row)
        else:
            content = _in_form(house, letter, world, day)
            if content is None:
                continue
            name = f"surat_{day:%Y%m%d}_J{place:04d}.xml"
            changes.files.setdefault(letter.agency, {})[name] = content
            person = niks.get(letter.fields["nik"])
            table, key = house.letter_table, f"{letter.fields['no_surat']}|1"
        if person is not None:
            mentions.append(Mention(letter.agency, table, key, person))
    return changes, mentions


def _letters_at_bpjs(folder: Path) -> set[tuple[str, str]]:
    connection = sqlite3.connect(folder / "bpjs" / "smile.sqlite")
    known = {
        (str(kpj).strip(), number)
        for kpj, number in connection.execute("SELECT KPJ, NO_SURAT FROM SURAT_KLAIM")
    }
    connection.close()
    return known


def _at_bpjs(letter: Received, day: date, place: int) -> Row:
    """SURAT_KLAIM: the delivery's columns carry BPJS's own names and writings."""
    row: Row = {}
    for name, (kind, _) in dictionary("bpjs")["SURAT_KLAIM"].items():
        value = letter.fields.get(name.lower()) or None
        width = int(kind[5:-1]) if kind.startswith("CHAR(") else 0
        row[name] = padded(value, width) if width != 10 or name == "NPP" else value
    return {
        **row,
        "ID_SURAT": padded(f"SJ{day:%y%m%d}{place:05d}", 16),
        "ASAL_SURAT": "JENDELA",
        "REF_JENDELA": letter.delivery_id,
        "NO_KLAIM": None,
        "TGL_TERIMA": dashed(day),
        "TGL_UBAH": bpjs.stamp(day, stream(place, "taken over", day)),
    }


def _in_register(house: House, book: Book, letter: Received, day: date, place: int) -> Row:
    """A row of an office's register: the delivery's columns are the register's, without blanks and signs."""
    names = {plain(name): name for name in book.columns}
    row: Row = dict.fromkeys(book.columns, book.hand.nothing)
    row.update({names[field]: value for field, value in letter.fields.items() if field in names and value})
    entry = house.entry(f"J{day:%m%d}{place:04d}", day)
    known = {"entry": entry, "arrived": day, "origin": "JENDELA", "ref": letter.delivery_id}
    row.update({book.column(fact): book.hand.write(fact, value) for fact, value in known.items()})
    if book.changed:
        row[book.changed] = bpjs.stamp(day, stream(place, "taken over", day))
    return row


def plain(column: str) -> str:
    """A column's name as a delivery has it, in lower case: `NO SURAT` is `no_surat`."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _in_form(house: House, letter: Received, world: World, day: date) -> bytes | None:
    """A file in the agreed form; what the delivery does not carry the office adds from its own records."""
    fields: Mapping[str, str] = letter.fields
    employment = next(
        (
            one
            for one in world.careers.all
            if one.person.nik == fields["nik"] and one.employer.npp == fields["npp"]
        ),
        None,
    )
    if employment is None or not fields["nik"]:
        return None
    return balikpapan.handed_on(house, fields, employment, day, letter.delivery_id)
