"""Blocking keys: two mentions are worth comparing when they share one. Each finds pairs that others miss.

A key is a 64-bit hash of standard values, the same on every machine; the hub stores it only as a keyed hash.
Source: DOMAIN 3.7 (5), and the errors of 3.6 that each key survives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np
import numpy.typing as npt

from jendela.identity.standard.frame import Standard
from jendela.identity.standard.hashing import Longs, hashed_once, mix
from jendela.identity.standard.tokens import NONE, WIDTH, Ints

Rows = npt.NDArray[np.int64]
Key = tuple[str, Longs, Rows]
# Consonants at either end of a name of one word that a slip at the other end leaves whole.
END = 2


def keys(standard: Standard) -> Iterator[Key]:
    """`kind, keys, rows` for each kind of key; a row may have several keys of a kind, or none.

    nik        the NIK without its last digit, which spreadsheets zero
    number     an identifier that is no NIK
    kpj, phone, email
    birth      birth date (day and month in either order) with the consonants of one word of the name; of a
               name of one word its first or last two as well: a slip in it
    household  birth date with the mother's name: a name written quite otherwise
    half       birth date with either half of a number that is no NIK: a slip in it
    home       birth date with the address: a name written quite otherwise
    mother     the whole name with the mother's: no number and a wrong or missing birth date
    year       the whole name with the birth year
    date       the whole name with day, month and one digit of the year
    region, address   the whole name with one of these
    """
    yield _one("nik", _whole_number(standard, "nik_stem"))
    for name, kind in (("other_id", "number"), ("kpj", "kpj"), ("phone", "phone"), ("email", "email")):
        yield _one(kind, _whole_number(standard, name))
    yield _words(standard)
    whole = _of_names(standard.names.whole, standard.name)
    mother = _of_names(standard.mothers.whole, standard.mother)
    yield _one("household", _both(_whole_number(standard, "birth_key"), mother))
    yield _one("mother", _both(whole, mother))
    yield _halves(standard)
    yield _one("home", _both(_whole_number(standard, "birth_key"), _whole_number(standard, "address")))
    year, month, day = (_whole_number(standard, name) for name in ("year", "month", "day"))
    yield _one("year", _both(whole, year))
    yield _joined("date", (_both(whole, _dated(year, month, day, part)) for part in (_units, _tens)))
    for kind in ("region", "address"):
        yield _one(kind, _both(whole, _whole_number(standard, kind)))


def foreign_keys(standard: Standard) -> Iterator[Key]:
    """The same for registers without the NIK, where fewer keys are left when a birth date is wrong.

    street   birth date with a word of the address: another name, or one mistyped
    corner   a word of the name with two words of the address: another birth date
    """
    bits = _whole_number(standard, "address_bits")
    said = np.arange(64, dtype=np.uint64)
    rows, word = np.nonzero((bits[:, None] >> said) & np.uint64(1))
    birth = _whole_number(standard, "birth_key")
    known = birth[rows] != 0
    yield "street", mix(birth[rows[known]], said[word[known]] + np.uint64(1)), rows[known]
    words = list(_firm_words(standard))
    bones, of_name = (np.concatenate(part) for part in zip(*words, strict=True))
    yield _corners(bits, bones, of_name)


def _corners(bits: Longs, bones: Longs, of_name: Rows) -> Key:
    """Each word of a name with each two words of the address."""
    said = np.arange(64, dtype=np.uint64)
    first, second = np.triu_indices(64, k=1)
    found: list[tuple[Longs, Rows]] = []
    for one, other in zip(said[first], said[second], strict=True):
        both = (np.uint64(1) << one) | (np.uint64(1) << other)
        here = np.flatnonzero((bits[of_name] & both) == both)
        found.append((mix(bones[here], one * np.uint64(64) + other + np.uint64(1)), of_name[here]))
    return "corner", np.concatenate([key for key, _ in found]), np.concatenate([rows for _, rows in found])


def _whole_number(standard: Standard, name: str) -> Longs:
    return standard.column(name).astype(np.uint64)


def _one(kind: str, key: Longs) -> Key:
    """The rows that have a key: 0 is none."""
    rows = np.flatnonzero(key)
    return kind, key[rows], rows


def _joined(kind: str, parts: Iterator[Longs]) -> Key:
    """The keys of several parts, one after the other."""
    found = [_one(kind, part)[1:] for part in parts]
    return kind, np.concatenate([key for key, _ in found]), np.concatenate([rows for _, rows in found])


def _dated(year: Longs, month: Longs, day: Longs, digit: Callable[[Longs], Longs]) -> Longs:
    date = (digit(year) * np.uint64(16) + month) * np.uint64(32) + day
    return np.where(year != 0, date, np.uint64(0))


def _units(year: Longs) -> Longs:
    return year % np.uint64(10) + np.uint64(1)


def _tens(year: Longs) -> Longs:
    return year // np.uint64(10) + np.uint64(100)


def _both(one: Longs, other: Longs) -> Longs:
    """A key of two parts, 0 where either is missing."""
    return np.where((one != 0) & (other != 0), mix(one, other), np.uint64(0))


def _halves(standard: Standard) -> Key:
    birth = _whole_number(standard, "birth_key")
    text = standard.fields["other_text"]
    rows = np.flatnonzero((birth != 0) & text.is_not_null().to_numpy())
    text = text.gather(rows)
    middle = text.str.len_chars() // 2
    halves = [hashed_once(half).to_numpy() for half in (text.str.slice(0, middle), text.str.slice(middle))]
    return "half", np.concatenate([mix(birth[rows], half) for half in halves]), np.tile(rows, 2)


def _of_names(value: Longs, code: Ints) -> Longs:
    return np.append(value, np.uint64(0))[code]


def _firm_words(standard: Standard) -> Iterator[tuple[Longs, Rows]]:
    """The consonants of the first firm word of each name, and whose name it is; of the second; and so on."""
    names = standard.names
    table = np.append(names.bones, np.uint64(0))[np.where(names.weak, NONE, names.words)]
    for place in range(WIDTH):
        bones = _of_names(table[:, place], standard.name)
        rows = np.flatnonzero(bones)
        yield bones[rows], rows


def _ends(standard: Standard) -> Iterator[tuple[Longs, Rows]]:
    """Of names of one firm word its first consonants, and whose they are; and its last ones.

    In the name of several words another one survives a slip.
    """
    names = standard.names
    firm = np.where(names.weak, NONE, names.words)
    alone = np.where((firm != NONE).sum(axis=1) == 1, firm.max(axis=1), NONE)
    bones = names.tokens["skeleton"]
    long = (bones.str.len_bytes() > END).to_numpy()
    for end in ("^" + bones.str.head(END), bones.str.tail(END) + "$"):
        table = np.where(long, hashed_once(end).to_numpy(), np.uint64(0))
        found = _of_names(np.append(table, np.uint64(0))[alone], standard.name)
        rows = np.flatnonzero(found)
        yield found[rows], rows


def _words(standard: Standard) -> Key:
    """The birth date (the stated one, and the NIK's where it is another) with each firm word of the name."""
    dates = [_whole_number(standard, birth) for birth in ("birth_key", "nik_birth_key")]
    found = []
    for bones, rows in chain(_firm_words(standard), _ends(standard)):
        for date in dates:
            dated = date[rows] != 0
            found.append((mix(date[rows[dated]], bones[dated]), rows[dated]))
    return "birth", np.concatenate([key for key, _ in found]), np.concatenate([rows for _, rows in found])
